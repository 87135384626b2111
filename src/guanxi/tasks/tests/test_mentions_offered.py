"""People offered while one types @: found by name and pinyin, only those who may see the record, told of it then."""

import pytest
from django.test import Client

from guanxi.core.actor import actor_of
from guanxi.core.models import Role, RolePermission, User
from guanxi.core.records import RecordRef
from guanxi.tasks import offering
from guanxi.tasks.models import Notification
from guanxi.tasks.services import tasks


@pytest.fixture
def people(db):
    """Some people, two of one name; those of the role `alone` see only their own tasks."""
    manager = Role.objects.get(key="manager")
    alone = Role.objects.create(key="alone", name_en="Alone", name_zh="独")
    RolePermission.objects.create(role=alone, kind="task", action="view", scope="own")
    made = {}
    for user, name, role in (
        ("lw", "李伟", manager), ("lw2", "李伟", manager), ("zhx", "张晓", manager), ("lv", "吕布", alone),
        ("anna", "Anna Lund", manager), ("shan", "单雄信", alone), ("off", "李未", manager),
    ):  # fmt: skip
        made[user] = User.objects.create_user(user, "secret-enough", role=role, name=name, is_active=user != "off")
    return made


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("李", ["lw", "lw2"]), ("liwei", ["lw", "lw2"]), ("liw", ["lw", "lw2"]), ("lwei", ["lw", "lw2"]),
        ("LIWEI", ["lw", "lw2"]), ("zhangx", ["zhx"]), ("zx", ["zhx"]), ("lvbu", ["lv"]), ("shan", ["shan"]),
        ("danx", ["shan"]), ("lund", ["anna"]), ("anna", ["anna"]), ("nobody", []), ("%", []), ("_", []),
    ],
)  # fmt: skip
def test_found_as_people_write(people, text, names):
    found = [person["user"] for person in offering.offered(actor_of(people["anna"]), text)]
    assert found == names


def test_a_shared_name_is_told_apart_by_the_sign_in_name(people):
    marks = {person["user"]: person["mark"] for person in offering.offered(actor_of(people["anna"]), "")}
    assert (marks["lw"], marks["lw2"], marks["zhx"], marks["anna"]) == ("lw", "lw2", "张晓", "anna")


def test_only_who_may_see_the_record_is_offered_and_only_to_those_who_see_it(people):
    task = tasks.create_task(actor=actor_of(people["anna"]), values={"title": "call"})
    about = RecordRef("task", task.pk)
    users = {person["user"] for person in offering.offered(actor_of(people["anna"]), "", about)}
    assert "anna" in users
    assert not users & {"lv", "shan"}
    assert offering.offered(actor_of(people["lv"]), "", about) == []
    web = Client()
    web.force_login(people["lv"])
    for named in (task.public_id, "tsk_zzzzzzz", "xyz_1", "' OR 1=1"):
        assert web.get("/notifications/people", {"q": "", "about": named}).json() == {"items": []}


def test_who_is_named_in_a_task_is_told_once(people):
    anna = actor_of(people["anna"])
    task = tasks.create_task(actor=anna, values={"title": "call", "note": "@张晓 look"})
    told = Notification.objects.filter(sort="mention")
    assert [row.user.username for row in told] == ["zhx"]
    tasks.update_task(actor=anna, task_id=task.pk, values={"note": "@张晓 look again, @lw2 too"})
    assert sorted(told.values_list("user__username", flat=True)) == ["lw2", "zhx"]
