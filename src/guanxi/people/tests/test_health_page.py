"""The page of health: what is wrong first, for those who look after the installation, and whom it tells."""

from datetime import timedelta

import pytest
from django.test import Client

from guanxi.core import clock, events, jobs
from guanxi.core.actor import system_actor
from guanxi.core.backup import runs
from guanxi.core.backup.errors import BackupError
from guanxi.core.backup.keys import Locks
from guanxi.core.checkup import checks, standing
from guanxi.core.models import Role, User
from guanxi.core.models.checkups import CheckResult
from guanxi.core.models.jobs import Job

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _own_folder(settings, tmp_path) -> None:
    """A data folder of the test's own."""
    settings.DATA_DIR = tmp_path


def user(role: str, name: str = "") -> User:
    """Somebody of a role."""
    return User.objects.create(username=name or role, role=Role.objects.get(key=role))


def entered(client: Client, who: User) -> Client:
    """Sign somebody in."""
    client.force_login(who)
    return client


def test_the_page_says_what_is_wrong_why_and_what_to_do(client: Client) -> None:
    owner = user("owner")
    User.objects.filter(pk=owner.pk).update(date_joined=clock.now() - timedelta(days=30))
    page = entered(client, owner).get("/settings/health").content.decode()
    assert page.index("There is no backup yet.") < page.index("There is room on the disk")
    assert "everything is gone" in page
    assert "/settings/backups" in page
    assert "Something needs to be put right now." in page
    assert "Wholeness of the database" in page[page.index("Not looked at yet") :]


def test_what_takes_long_is_shown_with_its_time_and_looked_at_by_a_worker(client: Client) -> None:
    page = entered(client, user("owner"))
    assert page.post("/settings/health/look").status_code == 302
    waiting = Job.objects.filter(task="guanxi.core.checkup.jobs.look_at").values_list("queue", flat=True)
    assert set(waiting) == {"long", "outside"}
    jobs.run_pending("long")
    text = page.get("/settings/health").content.decode()
    assert "The database is whole." in text
    assert "looked at" in text


def test_others_do_not_see_it(client: Client) -> None:
    page = entered(client, user("manager"))
    assert page.get("/settings/health").status_code == 404
    assert page.post("/settings/health/look").status_code == 404
    assert not Job.objects.filter(task__startswith="guanxi.core.checkup").exists()


def test_a_backup_that_fails_is_told_to_the_owners_once(client: Client, tmp_path) -> None:
    owner, other = user("owner"), user("agent")
    for _night in range(2):
        with pytest.raises(BackupError):
            runs.back_up(tmp_path / "gone" / "a.guanxi", actor=system_actor(), locks_on=Locks())
    events.deliver_pending()
    page = entered(client, owner).get("/notifications/").content.decode()
    assert page.count("Something needs to be put right: Backups") == 1
    assert "/settings/health" in page
    assert "put right: Backups" not in entered(client, other).get("/notifications/").content.decode()
    assert CheckResult.objects.get(check_key="backups").level == "problem"


def test_nothing_is_told_twice_while_it_stays() -> None:
    owner = user("owner")
    User.objects.filter(pk=owner.pk).update(date_joined=clock.now() - timedelta(days=30))
    for _look in range(3):
        standing.look(checks["backups"])
    assert events.deliver_pending() == 1
