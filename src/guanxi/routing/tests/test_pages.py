"""Pages of queues and presence over HTTP: seen, taken, set up, refused."""

import pytest
from django.test import Client

from guanxi.core.models import User
from guanxi.routing import queries
from guanxi.routing.models import AgentPresence, Capacity, PresenceReason, Queue, QueueMember, WorkItem
from guanxi.routing.tests.test_work import enter, person, queue, settle

pytestmark = pytest.mark.django_db


def browser(user: User, language: str = "en") -> Client:
    """Somebody's browser."""
    client = Client(headers={"accept-language": language})
    client.force_login(user)
    return client


def queue_form(queue: Queue | None = None, **values: object) -> dict[str, object]:
    """What a browser sends."""
    usual = {"name": "Complaints", "code": "complaints", "order": "5", "is_active": "on", "strategy": "least_load"}
    seconds = dict.fromkeys(("accept_seconds", "preferred_seconds", "level_seconds", "overflow_seconds"), "0")
    return {**usual, **seconds, **values}


def test_a_queue_is_set_up_and_worked_in() -> None:
    """Made with its members; one comes online, is given a chat, sees why; another takes what waits."""
    boss, ann, ben = person("boss", "owner"), person("ann"), person("ben")
    owner, hers, his = browser(boss), browser(ann), browser(ben, "zh-hans")
    assert his.get("/presence/sign").content == b""
    made = owner.post("/settings/queues/new", queue_form(level_1=[ann.pk], level_2=[ben.pk], paused=[ben.pk]))
    assert made.status_code == 302, made.content.decode()
    desk = Queue.objects.get(code="complaints")
    assert list(QueueMember.objects.order_by("level").values_list("user", "level", "is_active")) == [
        (ann.pk, 1, True),
        (ben.pk, 2, False),
    ]
    assert "Complaints" in owner.get("/settings/queues/").content.decode()
    assert "0/6" in hers.get("/presence/sign").content.decode()
    reason = PresenceReason.objects.create(state="break", name_en="Lunch", name_zh="午餐")
    assert "Lunch" in hers.get("/presence/menu").content.decode()
    hers.post("/presence/choose", {"choice": f"break.{reason.pk}"}, headers={"hx-request": "true"})
    assert AgentPresence.objects.get().reason == reason
    assert hers.post("/presence/choose", {"choice": "asleep"}).status_code == 422
    item, second = enter(1, queue_id=desk.pk), enter(2, queue_id=desk.pk, priority=4)
    settle()
    hers.post("/presence/choose", {"choice": "online"})
    settle()
    assert set(WorkItem.objects.values_list("assignee", flat=True)) == {ann.pk}
    page = hers.get(f"/queues/{desk.public_id}/").content.decode()
    assert "The only one who was free." in page
    assert "4/6" in hers.get("/presence/sign").content.decode()
    third = enter(3, queue_id=desk.pk)
    assert his.post(f"/work-items/{third.public_id}/take").status_code == 302
    third.refresh_from_db()
    assert third.assignee_id == ben.pk
    assert "0" in his.get("/queues/").content.decode()
    assert (item.pk, second.pk) != (third.pk, third.pk)


def test_what_is_wrong_is_said_and_nothing_is_lost() -> None:
    """A taken name, a circle, an unknown person, a queue that is needed."""
    boss = person("boss", "owner")
    client = browser(boss)
    first = queue(code="first")
    second = queue(code="second", overflow=first)
    address = f"/settings/queues/{first.public_id}/"
    for values, words in (
        ({"name": "Second", "code": "first"}, "There is already a queue"),
        ({"overflow": second.pk}, "in a circle"),
        ({"level_1": [10**9]}, "Select a valid choice"),
        ({"level_1": [boss.pk], "level_2": [boss.pk]}, "on an earlier level"),
        ({"accept_seconds": "-3"}, "greater than or equal to 0"),
        ({"strategy": "dice"}, "Select a valid choice"),
    ):
        answer = client.post(address, queue_form(**{"name": "First", "code": "first", **values}))
        assert answer.status_code == 422
        assert words in answer.content.decode()
    enter(1, queue_id=first.pk)
    answer = client.post(address, {**queue_form(name="First", code="first"), "is_active": ""})
    assert "Move or end it first" in answer.content.decode()
    assert client.post(f"/settings/queues/{second.public_id}/remove").status_code == 302
    assert not Queue.objects.filter(pk=second.pk).exists()


def test_capacity_and_reasons_are_set() -> None:
    """For everybody, for one, and the company's own words."""
    client = browser(person("boss", "owner"))
    ann = person("ann")
    page = client.get("/settings/presence/").content.decode()
    assert "Telephone" in page
    sent = {"total": "8", "away_minutes": "4", "offline_minutes": "20"}
    for key in queries.rules()["weights"]:
        sent |= {f"weights_{key}": "2", f"most_{key}": "4", f"gone_{key}": "keep"}
    assert client.post("/settings/presence/", sent).status_code == 302
    assert (queries.usual_limits().total, queries.rules()["away_minutes"]) == (8, 4)
    refused = client.post("/settings/presence/", {**sent, "weights_chat": "9"})
    assert "would never be given" in refused.content.decode()
    assert client.post(f"/settings/presence/capacity/{ann.pk}", {"total": "3", "most_chat": "1"}).status_code == 302
    assert queries.limits_of([ann.pk])[ann.pk].most["chat"] == 1
    assert client.post(f"/settings/presence/capacity/{ann.pk}", {"total": ""}).status_code == 302
    assert not Capacity.objects.exists()
    reason = {"state": "busy", "name_en": "Training", "name_zh": "培训", "order": "1", "is_active": "on"}
    assert client.post("/settings/presence/reasons/new", reason).status_code == 302
    row = PresenceReason.objects.get()
    assert client.post(f"/settings/presence/reasons/{row.pk}", {**reason, "name_en": " "}).status_code == 422
    assert client.post(f"/settings/presence/reasons/{row.pk}/remove").status_code == 302
    assert not PresenceReason.objects.exists()


def test_agents_do_not_set_up_and_see_their_own_queues_only() -> None:
    """What is not theirs is not there."""
    ann, eve = person("ann"), person("eve")
    mine, other = queue(code="mine"), queue(code="other")
    QueueMember.objects.create(queue=mine, user=ann)
    item = enter(1, queue_id=mine.pk)
    hers, strange = browser(ann), browser(eve)
    page = hers.get("/queues/").content.decode()
    assert ("Mine" in page, "Other" in page) == (True, False)
    assert hers.get(f"/queues/{other.public_id}/").status_code == 404
    for address in ("/settings/queues/", "/settings/queues/new", "/settings/presence/"):
        assert hers.get(address).status_code == 404
    assert strange.get(f"/queues/{mine.public_id}/").status_code == 404
    assert strange.post(f"/work-items/{item.public_id}/take").status_code == 404
    assert strange.post(f"/queues/{mine.public_id}/take").status_code == 404
    item.refresh_from_db()
    assert item.state == "waiting"
    hers.post(f"/queues/{mine.public_id}/membership", {"act": "pause"})
    assert not QueueMember.objects.get().is_active
    assert "Give me work again" in hers.get(f"/queues/{mine.public_id}/").content.decode()
