"""Notifications: who is told, who is not, what is read, what is mailed, and the calendar feed."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from email.policy import default
from typing import Any
from zoneinfo import ZoneInfo

import icalendar
import pytest
from aiosmtpd.controller import Controller
from django.conf import settings as django_settings
from django.test import Client

from guanxi.core import changes, clock, records
from guanxi.core.actor import actor_of
from guanxi.core.config import MailServer
from guanxi.core.erasing import Person, erasers
from guanxi.core.errors import InvalidInput, NotFound
from guanxi.core.models import User
from guanxi.core.records import RecordRef
from guanxi.tasks import feeds, jobs
from guanxi.tasks.mentions import mentioned
from guanxi.tasks.models import CalendarFeed, Notification, NotificationChoice, Task
from guanxi.tasks.services import following
from guanxi.tasks.services import tasks as acts
from guanxi.tasks.services.notifications import choose, mark_read, notify
from guanxi.tasks.tests.test_tasks import acting, person, told
from tests.postgres import free_port

pytestmark = pytest.mark.django_db


class Letters:
    """What a mail server was handed."""

    def __init__(self) -> None:
        """Nothing yet."""
        self.mails: list[Any] = []

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:
        """Take one mail."""
        self.mails.append(message_from_bytes(envelope.content, policy=default))
        return "250 OK"


@pytest.fixture
def letters(settings: Any) -> Iterator[Letters]:
    """A mail server on this machine that keeps what it is handed."""
    handler = Letters()
    port = free_port()
    controller = Controller(handler, hostname="127.0.0.1", port=port)
    controller.start()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", port
    settings.EMAIL_USE_TLS = settings.EMAIL_USE_SSL = False
    server = MailServer("127.0.0.1", port, "", "", "none")
    settings.CONFIG = replace(django_settings.CONFIG, mail=server, address="https://crm.example.com")
    yield handler
    controller.stop()


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("@wang please", ["wang"]),
        ("请@王芳跟进", ["wang"]),
        ("请＠王芳跟进，@李雷也看一下", ["wang", "li"]),
        ("@王芳芳", ["wangff"]),
        ("mail wang@example.com", []),
        ("@nobody", []),
        ("@gone", []),
        ("@WANG @wang", ["wang"]),
    ],
)
def test_people_are_found_in_a_text(text: str, names: list[str]) -> None:
    """With or without a space after the name; the longest name counts; addresses are no mentions."""
    for username, name in (("wang", "王芳"), ("li", "李雷"), ("wangff", "王芳芳"), ("gone", "Gone")):
        row = person(username)
        row.name = name
        row.is_active = username != "gone"
        row.save()
    assert [user.username for user in mentioned(text)] == names


def test_what_one_does_not_want_to_hear_is_not_told() -> None:
    """By sort; a sort that there is not is refused."""
    ann, bob = acting("ann"), acting("bob")
    choose(actor=bob, muted=["task.assigned"], digest="off")
    acts.create_task(actor=ann, values={"title": "x", "assignee": bob.user_id})
    assert told(bob) == []
    with pytest.raises(InvalidInput):
        choose(actor=bob, muted=["no.such"], digest="off")


def test_changes_of_one_record_are_one_notification_while_it_is_unread() -> None:
    """Read, it is a new one."""
    ann, bob = acting("ann", "owner"), acting("bob", "owner")
    about = RecordRef("task", acts.create_task(actor=ann, values={"title": "x"}).pk)
    following.follow(actor=bob, about=about)
    for _number in range(3):
        following.tell_followers(about=about, by=ann.user_id, what="task.changed")
    assert Notification.objects.filter(user=bob.user_id).values_list("count", flat=True).get() == 3
    mark_read(actor=bob)
    following.tell_followers(about=about, by=ann.user_id, what="task.changed")
    assert told(bob) == ["followed", "followed"]


def test_only_what_is_open_can_be_followed_and_only_while_it_is() -> None:
    """A follower who may no longer see the record hears nothing of it."""
    ann, eve = acting("ann"), acting("eve")
    task = acts.create_task(actor=ann, values={"title": "x"})
    about = RecordRef("task", task.pk)
    with pytest.raises(NotFound):
        following.follow(actor=eve, about=about)
    acts.update_task(actor=ann, task_id=task.pk, values={"assignee": eve.user_id})
    following.follow(actor=eve, about=about)
    acts.update_task(actor=ann, task_id=task.pk, values={"assignee": ann.user_id})
    following.tell_followers(about=about, by=None, what="task.changed")
    assert "followed" not in told(eve)


def test_nobody_reads_or_marks_what_is_anothers(client: Client) -> None:
    """By page or by service."""
    ann, eve = person("ann"), person("eve")
    notify(user_ids=[ann.pk], sort="mention", by=None)
    row = Notification.objects.get()
    assert mark_read(actor=actor_of(eve), notification_ids=[row.pk]) == 0
    client.force_login(eve)
    client.post("/notifications/read", {"notification": row.pk})
    assert "mentioned" not in client.get("/notifications/").content.decode()
    row.refresh_from_db()
    assert row.read_at is None


def test_the_bell_counts_what_is_unread(client: Client) -> None:
    """And leads to what it is about."""
    ann, bob = person("ann"), acting("bob")
    client.force_login(ann)
    assert "bell-count" not in client.get("/notifications/bell").content.decode()
    task = acts.create_task(actor=bob, values={"title": "Call them", "assignee": ann.pk})
    assert '<span class="bell-count" aria-hidden="true">1</span>' in client.get("/notifications/bell").content.decode()
    assert "Bob gave you a task: Call them" in client.get("/notifications/newest").content.decode()
    row = Notification.objects.get()
    answer = client.post("/notifications/read", {"notification": row.pk, "next": f"/tasks/{task.public_id}/"})
    assert answer.headers["Location"] == f"/tasks/{task.public_id}/"
    assert client.post("/notifications/read", {"next": "https://evil.example"}).headers["Location"] == "/notifications/"
    assert "bell-count" not in client.get("/notifications/bell").content.decode()


def test_what_is_unread_is_mailed_once(letters: Letters) -> None:
    """In the person's language, with links, marked so that no machine answers it."""
    bob = acting("bob")
    ann = person("ann")
    User.objects.filter(pk=ann.pk).update(email="ann@example.com", language="zh-hans")
    NotificationChoice.objects.create(user=ann, digest="hour")
    acts.create_task(actor=bob, values={"title": "寄样品", "assignee": ann.pk, "due_at": clock.now()})
    assert jobs.mail.call() == 1
    [mail] = letters.mails
    assert mail["To"] == "ann@example.com"
    assert mail["Auto-Submitted"] == "auto-generated"
    body = mail.get_content()
    assert "寄样品" in body
    assert "https://crm.example.com/tasks/" in body
    assert jobs.mail.call() == 0


def test_nobody_is_mailed_who_does_not_want_it_or_has_read_it(letters: Letters) -> None:
    """Nor who may no longer sign in."""
    bob = acting("bob")
    for name, digest in (("off", "off"), ("read", "hour"), ("gone", "hour"), ("nothing", "hour")):
        row = person(name)
        User.objects.filter(pk=row.pk).update(email=f"{name}@example.com")
        NotificationChoice.objects.create(user=row, digest=digest)
        if name != "nothing":
            acts.create_task(actor=bob, values={"title": "x", "assignee": row.pk})
    mark_read(actor=actor_of(User.objects.get(username="read")))
    User.objects.filter(username="gone").update(is_active=False)
    assert jobs.mail.call() == 0
    assert not letters.mails


def test_a_mail_server_that_is_away_loses_nothing(letters: Letters, settings: Any) -> None:
    """It is mailed at the next turn."""
    bob, ann = acting("bob"), person("ann")
    User.objects.filter(pk=ann.pk).update(email="ann@example.com")
    NotificationChoice.objects.create(user=ann, digest="hour")
    acts.create_task(actor=bob, values={"title": "x", "assignee": ann.pk})
    port, settings.EMAIL_PORT = settings.EMAIL_PORT, 1
    assert jobs.mail.call() == 0
    settings.EMAIL_PORT = port
    assert jobs.mail.call() == 1


def test_the_calendar_feed(client: Client) -> None:
    """Read by whoever has the address, by nobody with another one, and no more once it is closed."""
    ann = person("ann")
    User.objects.filter(pk=ann.pk).update(timezone="Asia/Shanghai")
    actor = actor_of(ann)
    due = clock.now() + timedelta(days=1)
    acts.create_task(
        actor=actor, values={"title": "拜访; 王先生, \n x", "due_at": due, "remind_at": due - timedelta(hours=1)}
    )
    acts.create_task(actor=actor, values={"title": "All day", "due_at": due, "is_all_day": True})
    acts.create_task(actor=actor, values={"title": "No date"})
    acts.create_task(actor=acting("bob"), values={"title": "Of another", "due_at": due})
    secret = feeds.open_feed(actor=actor)
    assert secret not in str(CalendarFeed.objects.values().get())
    answer = client.get(f"/calendar/{secret}.ics")
    assert answer.headers["Content-Type"].startswith("text/calendar")
    entries = icalendar.Calendar.from_ical(answer.content).walk("VEVENT")
    titles = {str(entry["SUMMARY"]): entry for entry in entries}
    assert set(titles) == {"拜访; 王先生, x", "All day"}
    assert titles["拜访; 王先生, x"].walk("VALARM")
    assert not hasattr(titles["All day"]["DTSTART"].dt, "hour")
    assert client.get(f"/calendar/{secret[:-1]}x.ics").status_code == 404
    fresh = feeds.open_feed(actor=actor, with_titles=False)
    assert client.get(f"/calendar/{secret}.ics").status_code == 404
    assert "王先生" not in client.get(f"/calendar/{fresh}.ics").content.decode()
    User.objects.filter(pk=ann.pk).update(is_active=False)
    assert client.get(f"/calendar/{fresh}.ics").status_code == 404
    User.objects.filter(pk=ann.pk).update(is_active=True)
    feeds.close_feed(actor=actor)
    assert client.get(f"/calendar/{fresh}.ics").status_code == 404


def test_the_feed_is_a_calendar_by_the_letter_whatever_the_zone(client: Client) -> None:
    """Every line within 75 octets, ended by CRLF; a moment is the same moment in every zone, over the change of clocks."""
    ann = person("ann")
    actor = actor_of(ann)
    due = datetime(2027, 10, 31, 2, 30, tzinfo=ZoneInfo("Europe/Berlin"), fold=1)  # the second one of that night
    title = "拜访王先生，讨论明年的供货合同与价格表，并带上样品、目录和报价单 " * 3
    acts.create_task(actor=actor, values={"title": title.strip(), "due_at": due, "remind_at": due - timedelta(days=1)})
    acts.create_task(actor=actor, values={"title": "Day", "due_at": due.replace(hour=23), "is_all_day": True})
    secret = feeds.open_feed(actor=actor)
    for zone in ("Europe/Berlin", "America/St_Johns", "Asia/Kathmandu", ""):
        User.objects.filter(pk=ann.pk).update(timezone=zone)
        content = client.get(f"/calendar/{secret}.ics").content
        lines = content.split(b"\r\n")
        assert lines[-1] == b""
        assert all(len(line) <= 75 and b"\n" not in line for line in lines)
        calendar = icalendar.Calendar.from_ical(content)
        assert (str(calendar["VERSION"]), bool(calendar["PRODID"])) == ("2.0", True)
        entry, day = sorted(calendar.walk("VEVENT"), key=lambda found: -len(found["SUMMARY"]))
        assert str(entry["SUMMARY"]) == title.strip()
        assert entry["DTSTART"].dt == due.astimezone(UTC)
        assert "TZID" not in entry["DTSTART"].params
        assert entry["DTEND"].dt - entry["DTSTART"].dt == timedelta(minutes=30)
        assert not isinstance(day["DTSTART"].dt, datetime)
        assert day["DTEND"].dt - day["DTSTART"].dt == timedelta(days=1)
        uids = {str(found["UID"]) for found in calendar.walk("VEVENT")}
        assert len(uids) == 2
        assert b"REFRESH-INTERVAL;VALUE=DURATION:PT30M" in lines
        reminded = (due - timedelta(days=1)).astimezone(UTC)
        assert f"TRIGGER;VALUE=DATE-TIME:{reminded:%Y%m%dT%H%M%SZ}".encode() in lines
        assert not calendar.errors
        assert all(not found.errors for found in calendar.walk())


def test_calendars_drop_the_words_of_a_task_about_somebody_erased(client: Client) -> None:
    """The emptied entry is newer than the one that they keep."""
    actor, now = acting("ann"), clock.now()
    acts.create_task(actor=actor, values={"title": "拜访王秀英", "due_at": now})
    number = records.kinds["customer"].model._base_manager.create(name="王秀英", created_at=now, updated_at=now).pk
    Task.objects.update(
        about_kind="customer", about_id=number, created_at=now - timedelta(days=9), updated_at=now - timedelta(days=2)
    )
    secret = feeds.open_feed(actor=actor)

    def entry() -> Any:
        content = client.get(f"/calendar/{secret}.ics").content
        return icalendar.Calendar.from_ical(content).walk("VEVENT")[0]

    before = entry()
    with changes.operation(actor=actor, name="customers.erase") as op:
        assert erasers["tasks.about"].erase(op, Person((number,), "王秀英", ())) == 1
    after = entry()
    assert "拜访" not in str(after["SUMMARY"])
    for name in ("DTSTAMP", "LAST-MODIFIED"):
        assert after[name].dt > before[name].dt
    assert int(after["SEQUENCE"]) > int(before["SEQUENCE"])


def test_the_page_of_choices(client: Client) -> None:
    """What is not ticked is not told; the address of the calendar is shown once."""
    ann = person("ann")
    client.force_login(ann)
    client.post("/settings/notifications", {"heard": ["mention"], "digest": "off"})
    choice = NotificationChoice.objects.get()
    assert "task.assigned" in choice.muted
    assert "mention" not in choice.muted
    page = client.post("/settings/notifications/feed", {"act": "open", "titles": "on"}).content.decode()
    address = page.split("data-feed>")[1].split("<")[0]
    assert client.get("/" + address.split("/", 3)[3]).status_code == 200
    assert address not in client.get("/settings/notifications").content.decode()


def test_tasks_seen_by_a_stranger(client: Client) -> None:
    """Nothing at all."""
    task = acts.create_task(actor=acting("ann"), values={"title": "x"})
    for path in (
        "/tasks/",
        f"/tasks/{task.public_id}/",
        "/notifications/",
        "/notifications/bell",
        "/notifications/people",
    ):
        assert client.get(path).status_code == 302
    assert client.post(f"/tasks/{task.public_id}/act", {"act": "done"}).status_code == 302
    assert Task.objects.get().state == "open"
