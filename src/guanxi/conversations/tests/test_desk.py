"""The desk over HTTP: every act and every refusal."""

import html
import json
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import translation

from guanxi.conversations.choices import ConversationState, DeliveryState
from guanxi.conversations.models import Conversation, DeskTab, DeskView, Draft, Message, Seen
from guanxi.conversations.public import Outgoing, assign_conversation, send_message, write_note
from guanxi.conversations.services.channels import create_channel
from guanxi.conversations.services.desk import MOST_TABS
from guanxi.conversations.telling import conversation_details
from guanxi.core import clock, live
from guanxi.core.actor import actor_of, system_actor
from guanxi.core.live import further
from guanxi.core.models import Role, RoleField, RolePermission, User
from guanxi.integration.public import create_token
from guanxi.tasks.models import Notification

pytestmark = pytest.mark.django_db


@pytest.fixture
def agent(db: None) -> User:
    """Whoever works at the desk."""
    return User.objects.create_user("ann", password="x", role=Role.objects.get(key="agent"), name="Ann Lee")


@pytest.fixture
def narrow(db: None) -> User:
    """Somebody whose role sees only what is their own."""
    role = Role.objects.create(key="narrow", name_en="Narrow", name_zh="窄")
    for action in ("view", "change"):
        RolePermission.objects.create(role=role, kind="conversation", action=action, scope="own")
    return User.objects.create_user("nan", password="x", role=role, name="Nan")


@pytest.fixture
def outsider(db: None) -> User:
    """Somebody whose role has nothing to do with conversations."""
    role = Role.objects.create(key="outside", name_en="Outside", name_zh="外")
    return User.objects.create_user("out", password="x", role=role, name="Out")


@pytest.fixture
def at_desk(agent: User, client: Client) -> Client:
    """The agent's browser."""
    client.force_login(agent)
    return client


def url(row: Conversation, name: str = "") -> str:
    """An address of a conversation."""
    return f"/desk/{row.public_id}/{name}"


def test_the_page_shows_list_thread_and_composer(at_desk: Client, agent: User, hear: Any, outlet: Any) -> None:
    """One address gives all three, and so does opening it from the page; the list comes alone when asked for."""
    row = hear("Where is <b>it</b>? https://example.org", subject="Parcel").conversation
    page = at_desk.get(url(row) + "?view=open").content.decode()
    assert "Where is &lt;b&gt;it&lt;/b&gt;?" in page
    assert 'href="https://example.org"' in page
    assert 'id="desk-composer"' in page
    assert f'data-id="{row.public_id}"' in page
    opened = at_desk.post(url(row, "open")).content.decode()
    assert "<html" not in opened
    for expected in ('id="desk-thread"', 'id="desk-composer"', 'id="desk-tabs"', "Ann"):
        assert expected in opened
    listed = at_desk.get("/desk/?view=open", headers={"GX-Part": "list"}).content.decode()
    assert "<html" not in listed
    assert "Parcel" in listed
    assert at_desk.get("/desk/").status_code == 200
    with translation.override("zh-hans"):
        at_desk.cookies["guanxi_language"] = "zh-hans"
        assert "工作台" in at_desk.get("/desk/").content.decode()


def test_an_empty_desk_of_a_company_without_channels_leads_to_setting_one_up(client: Client, at_desk: Client) -> None:
    """Whoever may is led there; with a channel, or something to read, the desk says how to begin."""
    owner = User.objects.create_user("olga", password="x", role=Role.objects.get(key="owner"))
    where = reverse("conversations:channels")
    assert f'btn btn-primary" href="{where}"' not in at_desk.get("/desk/").content.decode()
    client.force_login(owner)
    assert f'btn btn-primary" href="{where}"' in client.get("/desk/").content.decode()
    create_channel(actor=system_actor(), kind="form", name="Site")
    assert f'btn btn-primary" href="{where}"' not in client.get("/desk/").content.decode()


def test_views_hold_what_they_say_and_are_counted(at_desk: Client, agent: User, hear: Any) -> None:
    """Mine, unassigned, waiting, done; the list goes on page by page."""
    rows = [hear(f"text {n}", f"p{n}@example.org", name=f"P{n}", subject=f"S{n}").conversation for n in range(45)]
    assign_conversation(actor=actor_of(agent), conversation_id=rows[0].pk, user_id=agent.pk)
    told = at_desk.post("/desk/news", {"parts": "list", "view": "open"}).content.decode()
    counts = json.loads(html.unescape(told.split('data-counts="')[1].split('"')[0]))
    assert told.count("data-number=") == 40
    assert (counts["mine"], counts["unassigned"], counts["open"]) == ("1", "44", "45")
    assert "done" not in counts
    first = at_desk.get("/desk/?view=unassigned", headers={"GX-Part": "list"}).content.decode()
    assert first.count("data-number=") == 40
    following = first.split('data-desk-more="')[1].split('"')[0].replace("&amp;", "&")
    more = at_desk.get(f"/desk/rows?{following}").content.decode()
    assert more.count("data-number=") == 4
    assert at_desk.get("/desk/rows?view=open&after=nonsense").status_code == 422
    at_desk.post(url(rows[0], "act"), {"act": "done"})
    done = at_desk.get("/desk/?view=done", headers={"GX-Part": "list"}).content.decode()
    assert rows[0].public_id in done


def test_an_answer_goes_with_what_follows_it_and_is_taken_back_whole(
    at_desk: Client, agent: User, hear: Any, outlet: Any
) -> None:
    """Send and done: answered, assigned, finished; taken back: a draft, nobody's, open, waiting as before."""
    heard = hear("Where is it?")
    row = heard.conversation
    told = at_desk.post(url(row, "send"), {"text": "Here.", "then": "done", "key": "k1"}).json()
    again = at_desk.post(url(row, "send"), {"text": "Here.", "then": "done", "key": "k1"}).json()
    assert again["message"] == told["message"]
    assert told["held"] > 0
    row.refresh_from_db()
    assert (row.state, row.assignee_id, row.waiting_since) == (ConversationState.DONE, agent.pk, None)
    assert Message.objects.filter(conversation=row, direction="out").count() == 1
    taken = at_desk.post(told["undo"], headers={"HX-Request": "true"})
    assert taken.status_code == 204
    assert "gx:desk-taken-back" in taken.headers["HX-Trigger"]
    row.refresh_from_db()
    assert (row.state, row.assignee_id) == (ConversationState.OPEN, None)
    assert row.waiting_since == heard.message.at
    assert at_desk.get(url(row, "drafts")).json()["drafts"]["reply"]["text"] == "Here."


def test_what_is_begun_after_an_answer_survives_its_taking_back(
    at_desk: Client, agent: User, hear: Any, outlet: Any
) -> None:
    """The answer comes before what was begun since, and brings its files back."""
    row = hear("Where is it?").conversation
    file = at_desk.post("/desk/upload", {"file": _file("a.txt")}).json()
    told = at_desk.post(url(row, "send"), {"text": "First", "files": file["id"]}).json()
    at_desk.post(url(row, "draft"), {"kind": "reply", "text": "Second"})
    at_desk.post(told["undo"])
    draft = at_desk.get(url(row, "drafts")).json()["drafts"]["reply"]
    assert draft["text"] == "First\n\nSecond"
    assert [one["name"] for one in draft["details"]["files"]] == ["a.txt"]


def test_bad_answers_are_refused_with_a_sentence_and_lose_nothing(
    at_desk: Client, agent: User, hear: Any, outlet: Any
) -> None:
    """Empty, with an open field, by a channel that is not there, with somebody else's file, unknown settings."""
    row = hear("Where is it?").conversation
    for given in (
        {"text": " "},
        {"text": "Dear {{customer.name}}"},
        {"text": "x", "channel": "chn_0009x"},
        {"text": "x", "files": "fil_0009x"},
        {"text": "x", "then": "nowhere"},
        {"text": "x", "actions": '[["no.such", "1"]]'},
        {"text": "x", "actions": "{"},
        {"text": "x", "actions": '[["assignee", "999999"]]'},
    ):
        answer = at_desk.post(url(row, "send"), given, headers={"HX-Request": "true"})
        assert answer.status_code in {404, 422}, given
        assert json.loads(answer.headers["HX-Trigger"])["gx:toast"]["text"]
    assert not Message.objects.filter(direction="out").exists()
    row.refresh_from_db()
    assert row.assignee_id is None


def test_notes_drafts_and_files(at_desk: Client, agent: User, hear: Any, outlet: Any) -> None:
    """A note tells who is named; a draft is kept; a file is kept, discarded, or too large."""
    row = hear("Where is it?").conversation
    ben = User.objects.create_user("ben", password="x", role=Role.objects.get(key="agent"), name="Ben")
    told = at_desk.post(url(row, "note"), {"text": "@ben please look", "key": "n1"}).json()
    assert at_desk.post(url(row, "note"), {"text": "@ben please look", "key": "n1"}).json() == told
    assert Notification.objects.get(user=ben).about_id == row.pk
    other = Client()
    other.force_login(ben)
    assert row.public_id in other.get("/desk/?view=mentions").content.decode()
    other.post(url(row, "seen"))
    assert Notification.objects.get(user=ben).read_at is not None
    details = {"to": "x@example.org", "files": [], "junk": "no"}
    at_desk.post(url(row, "draft"), {"kind": "reply", "text": "Dear", "details": json.dumps(details)})
    assert Draft.objects.get().details == {"to": "x@example.org", "files": [], "actions": []}
    assert "reply" not in other.get(url(row, "drafts")).json()["drafts"]
    assert at_desk.post(url(row, "draft"), {"kind": "poem", "text": "x"}).status_code == 422
    kept = at_desk.post("/desk/upload", {"file": _file("a.txt")}).json()
    assert other.post("/desk/upload/discard", {"file": kept["id"]}).status_code == 404
    assert at_desk.post("/desk/upload/discard", {"file": kept["id"]}).status_code == 204
    assert at_desk.post("/desk/upload", {"file": _file("b.txt", b"")}).status_code == 422
    assert at_desk.post("/desk/upload").status_code == 422


def test_acts_are_done_and_undone(at_desk: Client, agent: User, hear: Any) -> None:
    """Take, give, finish, open again, rename, language; each once, each with Undo."""
    row = hear("Where is it?", subject="Parcel").conversation
    for act, value, field, wanted in (
        ("take", "", "assignee_id", agent.pk),
        ("assign", "", "assignee_id", None),
        ("assign", str(agent.pk), "assignee_id", agent.pk),
        ("language", "zh-hans", "language", "zh-hans"),
        ("subject", "Other", "subject", "Other"),
        ("done", "", "state", "done"),
        ("reopen", "", "state", "open"),
    ):
        answer = at_desk.post(url(row, "act"), {"act": act, "value": value})
        assert answer.status_code == 204, act
        assert json.loads(answer.headers["HX-Trigger"])["gx:toast"]["undo"], act
        row.refresh_from_db()
        assert getattr(row, field) == wanted, act
    undo = json.loads(at_desk.post(url(row, "act"), {"act": "done"}).headers["HX-Trigger"])["gx:toast"]["undo"]
    at_desk.post(undo, headers={"HX-Request": "true"})
    row.refresh_from_db()
    assert row.state == "open"
    for act, value in (("fly", ""), ("assign", "zero"), ("assign", "424242"), ("language", "xx"), ("settle", "cus_x")):
        assert at_desk.post(url(row, "act"), {"act": act, "value": value}).status_code == 422, act
    words = at_desk.get(url(row)).content.decode()
    assert "Ann Lee took it" in words
    assert "Ann Lee finished the conversation" in words


def test_who_may_not_gets_nothing(narrow: User, outsider: User, agent: User, hear: Any, client: Client) -> None:
    """Others' conversations look missing; without the right there is no desk; anonymous is led to sign in."""
    row = hear("Where is it?").conversation
    message = row.messages.get()
    reads = ["", "earlier?before=" + message.public_id, "drafts", "assignees", "merge", "subject"]
    writes = ["act", "open", "seen", "draft", "send", "note", "macro"]
    asked = {"parts": "thread,side,list,tabs", "open": row.public_id, "view": "open", "watched": "1"}
    for name in reads:
        assert client.get(url(row, name)).status_code == 302, name
    client.force_login(narrow)
    for name in reads:
        assert client.get(url(row, name)).status_code == 404, name
    for name in writes:
        assert client.post(url(row, name), {"act": "done", "text": "x", "kind": "note"}).status_code == 404, name
    for name in ("html", "forward", "split"):
        assert client.get(f"/desk/message/{message.public_id}/{name}").status_code == 404, name
    assert row.public_id not in client.get("/desk/?view=open").content.decode()
    assert "Where is it?" not in (news := client.post("/desk/news", asked).content.decode())
    assert row.public_id not in news
    client.force_login(outsider)
    assert client.get("/desk/").status_code == 404
    assert client.post("/desk/news", asked).status_code == 404
    assert client.get(url(row)).status_code == 404
    row.refresh_from_db()
    assert (row.state, row.message_count) == ("open", 1)
    assert not Draft.objects.exists()


def test_what_is_given_out_of_ones_sight_is_given(narrow: User, agent: User, hear: Any, client: Client) -> None:
    """Whoever sees only their own gives one away: it is done, and no longer theirs to see."""
    row = hear("Where is it?").conversation
    assign_conversation(actor=system_actor(), conversation_id=row.pk, user_id=narrow.pk)
    client.force_login(narrow)
    given = {"act": "assign", "value": agent.pk, "parts": "thread,side,list", "open": row.public_id}
    answer = client.post(url(row, "act"), given)
    assert (answer.status_code, "Where is it?" in answer.content.decode()) == (200, False)
    row.refresh_from_db()
    assert row.assignee_id == agent.pk
    assert client.get(url(row)).status_code == 404


def test_tabs_views_and_read_marks_are_ones_own(at_desk: Client, agent: User, hear: Any) -> None:
    """Opened ones are tabs in their order, at most so many; a view is kept and dropped; unread again."""
    rows = [hear("x", f"p{n}@example.org", name=f"P{n}").conversation for n in range(MOST_TABS + 1)]
    for row in rows:
        at_desk.post(url(row, "seen"))
    assert DeskTab.objects.filter(user=agent).count() == MOST_TABS
    order = [rows[5].public_id, rows[3].public_id]
    at_desk.post("/desk/tabs/order", {"order": ",".join(order)})
    first = list(DeskTab.objects.filter(user=agent).order_by("position").values_list("conversation", flat=True)[:2])
    assert first == [rows[5].pk, rows[3].pk]
    at_desk.post("/desk/tabs/close", {"conversation": rows[5].public_id})
    assert rows[5].public_id not in at_desk.post("/desk/news", {"parts": "tabs"}).content.decode()
    at_desk.post(url(rows[3], "seen"), {"unread": "1"})
    assert not Seen.objects.filter(conversation=rows[3], user=agent).exists()
    at_desk.post("/desk/views/keep", {"name": "Cups", "view": "open", "q": "cups"})
    kept = DeskView.objects.get()
    assert "Cups" in at_desk.get("/desk/").content.decode()
    assert at_desk.post("/desk/views/keep", {"name": " "}).status_code == 422
    assert at_desk.post(f"/desk/views/{kept.pk}/drop").status_code == 204
    assert at_desk.post(f"/desk/views/{kept.pk}/drop").status_code == 404


def test_news_tell_what_is_new_and_how_far_what_was_sent_has_come(
    at_desk: Client, agent: User, hear: Any, outlet: Any
) -> None:
    """Entries after one, and those asked for again."""
    heard = hear("One", message_id="<a@x>")
    row = heard.conversation
    sent = send_message(actor=actor_of(agent), conversation_id=row.pk, outgoing=Outgoing("Two"))
    asked = {"parts": "thread", "open": row.public_id}
    news = at_desk.post("/desk/news", {**asked, "after": heard.message.public_id}).content.decode()
    assert "Two" in news
    assert ">One<" not in news
    Message.objects.filter(pk=sent.pk).update(delivery=DeliveryState.FAILED, error="refused", error_detail="550 no")
    news = at_desk.post("/desk/news", {**asked, "after": sent.public_id, "again": sent.public_id}).content.decode()
    assert "Not delivered" in news
    assert "550 no" in news
    assert at_desk.post(f"/desk/message/{sent.public_id}/try-again").status_code == 204
    sent.refresh_from_db()
    assert sent.delivery == DeliveryState.QUEUED
    assert at_desk.post(f"/desk/message/{sent.public_id}/try-again").status_code == 409
    assert at_desk.post(f"/desk/message/{sent.public_id}/take-back").status_code == 409


def test_an_act_brings_along_what_is_new_and_its_page_is_not_told_of_it(
    at_desk: Client, agent: User, hear: Any, outlet: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its entry, the case and the row come with the answer; whoever else looks hears by which page it was done."""
    heard = hear("One", message_id="<a@x>")
    row = heard.conversation
    told: list[tuple[str, dict[str, Any]]] = []
    monkeypatch.setattr(live, "notify", lambda topic, data=None: told.append((topic, dict(data or {}))))
    along = {"parts": "thread,side,list", "open": row.public_id, "after": heard.message.public_id, "view": "open"}
    answer = at_desk.post(url(row, "send"), {"text": "Two", "key": "k", **along}, headers={"GX-Page": "abc123"}).json()
    for expected in (">Two<", 'id="desk-side-news"', 'id="desk-rows-news"', 'id="desk-head"'):
        assert expected in answer["news"]
    assert {data.get("page") for topic, data in told if topic == f"conversation:{row.pk}"} == {"abc123"}
    assert at_desk.post(url(row, "note"), {"text": "x"}).json()["news"] == ""
    done = at_desk.post(url(row, "act"), {"act": "done", **along})
    assert (done.status_code, 'id="desk-news"' in done.content.decode()) == (200, True)
    assert "gx:desk" not in json.loads(done.headers["HX-Trigger"])


def test_what_comes_while_somebody_looks_is_read(at_desk: Client, agent: User, hear: Any) -> None:
    """New entries on a page that somebody looks at count as read; on one that nobody looks at they do not."""
    first = hear("One", message_id="<a@x>")
    row = first.conversation
    at_desk.post(url(row, "open"))
    second = hear("Two", message_id="<b@x>", references=["<a@x>"])
    assert second.conversation == row
    asked = {"parts": "thread", "open": row.public_id, "after": first.message.public_id}
    seen = Seen.objects.get(conversation=row, user=agent)
    at_desk.post("/desk/news", asked)
    assert Seen.objects.get(pk=seen.pk).at == seen.at
    at_desk.post("/desk/news", {**asked, "watched": "1"})
    assert Seen.objects.get(pk=seen.pk).at > second.message.at
    at_desk.post("/desk/news", {**asked, "after": second.message.public_id, "watched": "1"})


def test_opening_tells_who_comes_and_goes_and_the_stream_what_it_is_to_hear(
    at_desk: Client, agent: User, hear: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One request: those at the old one hear that one left, those at the new one who is there, the stream goes on."""
    old, new = (hear("x", f"p{n}@example.org", name=f"P{n}").conversation for n in range(2))
    told: list[tuple[str, dict[str, Any]]] = []
    for place in (live, further):
        monkeypatch.setattr(place, "notify", lambda topic, data=None: told.append((topic, dict(data or {}))))
    at_desk.post(url(new, "open"), {"left": old.public_id}, headers={"GX-Stream": "key1"})
    here = {topic: data for topic, data in told if "here" in data}
    assert here[f"conversation:{old.pk}"]["has_left"]
    assert here[f"conversation:{new.pk}"]["is_first"]
    assert ("further", {"stream": "key1", "user": agent.pk, "topics": f"conversation:{new.pk}"}) in told


def test_earlier_entries_come_on_demand(at_desk: Client, agent: User, hear: Any) -> None:
    """A long thread is read page by page."""
    row = hear("Begin").conversation
    actor = actor_of(agent)
    for n in range(42):
        write_note(actor=actor, conversation_id=row.pk, text=f"note {n}")
    page = at_desk.get(url(row)).content.decode()
    assert ">Begin<" not in page
    before = page.split('data-desk-earlier="')[1].split('"')[0]
    assert ">Begin<" in at_desk.get(url(row, "earlier"), {"before": before}).content.decode()


def test_a_clock_is_shown_by_its_tone(at_desk: Client, hear: Any) -> None:
    """Late is red, soon is amber."""
    now = clock.now()
    late, soon = (hear("x", f"{n}@example.org", name=n).conversation for n in ("late", "soon"))
    Conversation.objects.filter(pk=late.pk).update(due_at=now - timedelta(hours=2))
    Conversation.objects.filter(pk=soon.pk).update(due_at=now + timedelta(minutes=9))
    page = at_desk.get("/desk/?view=open", headers={"GX-Part": "list"}).content.decode()
    assert "tone-danger" in page.split(f'data-id="{late.public_id}"')[1].split("</li>")[0]
    assert "tone-warning" in page.split(f'data-id="{soon.public_id}"')[1].split("</li>")[0]


def _file(name: str, content: bytes = b"content") -> Any:
    """An upload."""
    from django.core.files.uploadedfile import SimpleUploadedFile

    return SimpleUploadedFile(name, content)


def test_who_sees_addresses_masked_sees_them_masked_everywhere(
    narrow: User, hear: Any, outlet: Any, client: Client
) -> None:
    """In the list, in the thread, in the composer, when passed on, in search; an answer goes all the same."""
    RoleField.objects.create(role=narrow.role, kind="contactpoint", field="value", visibility="masked")
    row = hear(
        "Hello", name="", to=["box@ours.example", "zoe.quill@example.org"], address="zoe.quill@example.org"
    ).conversation
    message = row.messages.get()
    Conversation.objects.filter(pk=row.pk).update(assignee=narrow, contact_name="")
    client.force_login(narrow)
    pages = [
        "/desk/?view=open", url(row), url(row, "news"), url(row, "drafts"),
        f"/desk/message/{message.public_id}/forward",
    ]  # fmt: skip
    for address in pages:
        assert "zoe.quill@example.org" not in client.get(address).content.decode(), address
    assert row.public_id not in client.get("/desk/?view=open&q=zoe.quill@example.org").content.decode()
    assert client.post(url(row, "send"), {"text": "Hello"}).status_code == 200
    assert Message.objects.get(direction="out").to == ["zoe.quill@example.org"]


@pytest.mark.parametrize("name", ["", "Zoe.QUILL@example.org", "'zoe.quill@EXAMPLE.org' <zoe.quill@example.org>"])
def test_an_address_in_the_place_of_a_name_is_masked_like_addresses(
    narrow: User, hear: Any, client: Client, name: str
) -> None:
    """By programs, in webhooks, search, the journal and the customer's own name; who sees addresses sees it."""
    role = narrow.role
    RoleField.objects.create(role=role, kind="contactpoint", field="value", visibility="masked")
    for kind in ("conversation", "customer"):
        RolePermission.objects.update_or_create(role=role, kind=kind, action="view", defaults={"scope": "all"})
    row = hear("Hello", name=name, address="zoe.quill@example.org").conversation
    Conversation.objects.filter(pk=row.pk).update(assignee=narrow)
    _token, key = create_token(actor=system_actor(), user=narrow, scope="read", per_minute=0)
    places = ["conversations", f"conversations/{row.public_id}", f"conversations/{row.public_id}/messages"]
    places += [f"customers/{row.customer.public_id}", "customers", "search?q=Hello"]
    told = [client.get(f"/api/v1/{one}", headers={"Authorization": f"Bearer {key}"}).content.decode() for one in places]
    client.force_login(narrow)
    told += [client.get(one).content.decode() for one in ("/desk/?view=open", url(row), "/customers/")]
    told += [str(conversation_details(actor_of(narrow), row.pk)), str(Conversation.objects.get(pk=row.pk))]
    for place, text in zip([*places, "desk", "thread", "customers", "webhook", "title"], told, strict=True):
        assert "zoe.quill@example.org" not in text.casefold(), place
        assert text, place
    seen = conversation_details(system_actor(), row.pk)
    assert seen is not None
    assert seen["contact_name"] == "zoe.quill@example.org"


def test_a_name_beside_an_address_stays(hear: Any) -> None:
    assert hear("Hi", name="Zoe Quill (zoe@example.org)").conversation.contact_name == "Zoe Quill"
    assert hear("Hi", "b@example.org", name="王小明").conversation.contact_name == "王小明"
    assert hear("Hi", "c@example.org", name="+86 138 1234 5678").conversation.contact_name == ""
    assert hear("Hi", "d@example.org", name="95588").conversation.contact_name == "95588"
