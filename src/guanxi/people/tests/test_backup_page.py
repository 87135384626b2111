"""The page of backups: for those who may manage them, with the schedule and one at a click."""

import pytest
from django.test import Client

from guanxi.core.backup import schedule
from guanxi.core.models import Role, User
from guanxi.core.models.jobs import Job

pytestmark = pytest.mark.django_db
FORM = {"is_on": "on", "at": "03:15", "folder": "", "keep_daily": "5", "keep_weekly": "1", "keep_monthly": "0"}


@pytest.fixture(autouse=True)
def _own_folder(settings, tmp_path) -> None:
    """A data folder of the test's own."""
    settings.DATA_DIR = tmp_path


def entered(client: Client, role: str) -> Client:
    """Sign somebody of a role in."""
    client.force_login(User.objects.create(username=role, role=Role.objects.get(key=role)))
    return client


def test_the_owner_sets_the_schedule_and_has_one_made(client: Client) -> None:
    page = entered(client, "owner")
    assert "There is no backup yet" in page.get("/settings/backups").content.decode()
    assert page.post("/settings/backups", FORM).status_code == 302
    assert schedule.load() == schedule.Schedule(
        is_on=True, at="03:15", keep_daily=5, keep_weekly=1, keep_monthly=0, is_rehearsed=False
    )
    assert page.post("/settings/backups/now").status_code == 302
    assert Job.objects.filter(task="guanxi.core.backup.jobs.make_backup").count() == 1


@pytest.mark.parametrize("wrong", [{"at": "late"}, {"keep_daily": "-1"}, {"public_key": "x"}, {"folder": "a/b"}])
def test_a_wrong_schedule_is_refused_on_the_page(client: Client, wrong: dict[str, str]) -> None:
    response = entered(client, "owner").post("/settings/backups", {**FORM, **wrong})
    assert response.status_code == 422
    assert schedule.load() == schedule.Schedule()


def test_others_do_not_see_it(client: Client) -> None:
    page = entered(client, "manager")
    assert page.get("/settings/backups").status_code == 404
    assert page.post("/settings/backups/now").status_code == 404
    assert not Job.objects.filter(task="guanxi.core.backup.jobs.make_backup").exists()
