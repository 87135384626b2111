"""Live updates: tickets for those who may listen, messages when the transaction commits, a stream that keeps going."""

import asyncio
import json
from urllib.parse import quote

import pytest
from asgiref.sync import sync_to_async
from django.core import signing
from django.db import connections, transaction

from guanxi.core import changes, live
from guanxi.core.actor import actor_of, system_actor
from guanxi.core.live import stream, tickets, topics
from guanxi.core.models import Role, User


@pytest.fixture(autouse=True)
def two_topics():
    """Two topics: one for all, one for those whose id is the key."""
    live.register("weather", may_listen=lambda actor, key: True)
    live.register("diary", may_listen=lambda actor, key: str(actor.user_id) == key)
    yield
    for name in {"weather", "diary", "rush"} & set(topics.topics._items):
        del topics.topics._items[name]


@pytest.fixture
def user(db):
    """Somebody who can sign in."""
    return User.objects.create_user("listener", "a long password", role=Role.objects.get(key="agent"))


def test_a_ticket_names_only_what_the_user_may_listen_to(client, user):
    asked = f"weather,diary:{user.pk},diary:{user.pk + 1},unknown,weather:x'y"
    assert client.get("/live/ticket", {"topics": asked}).status_code == 401
    client.force_login(user)
    answer = client.get("/live/ticket", {"topics": asked}).json()
    assert answer["topics"] == ["weather", f"diary:{user.pk}"]
    mark = live.mark_of(client.session.session_key)
    assert tickets.read(answer["ticket"]) == tickets.Ticket(user.pk, ("weather", f"diary:{user.pk}"), mark)


def test_a_forged_ticket_and_a_late_one_are_worth_nothing(monkeypatch):
    good = tickets.sign(tickets.Ticket(1, ("weather",)))
    assert tickets.read(good) is not None
    assert tickets.read(good + "x") is None
    assert tickets.read("") is None
    monkeypatch.setattr(tickets, "SECONDS", -1)
    assert tickets.read(good) is None
    assert tickets.read(signing.dumps([1, ["weather"]], salt="something else")) is None


@pytest.mark.django_db
@pytest.mark.parametrize("topic", ["Weather", "weather:", "weather: x", "", "a" * 60])
def test_a_misspelt_topic_is_an_error_of_the_sender(topic):
    with pytest.raises(ValueError, match="no live topic"):
        live.notify(topic)


@transaction.atomic
def notify_and_fail(data):
    """A transaction that fails after telling."""
    live.notify("weather", data)
    raise ZeroDivisionError


class Browser:
    """One browser at `/live`, without a server in between."""

    def __init__(self, app, listens, user_id=1, session=""):
        """Open the stream."""
        self.sent = asyncio.Queue()
        self.leaving = asyncio.Event()
        ticket = quote(tickets.sign(tickets.Ticket(user_id, listens, session)))
        scope = {"type": "http", "method": "GET", "path": "/live", "query_string": f"ticket={ticket}".encode()}
        self.task = asyncio.ensure_future(app(scope, self.receive, self.sent.put))

    async def receive(self):
        """Nothing, until the browser leaves."""
        await self.leaving.wait()
        return {"type": "http.disconnect"}

    async def part(self):
        """The next part of the stream."""
        message = await asyncio.wait_for(self.sent.get(), 5)
        return message.get("body", message)

    async def leave(self):
        """Close the stream."""
        self.leaving.set()
        await asyncio.wait_for(self.task, 5)


def run(story):
    """Run a story in a loop of its own; its database connections are closed afterwards."""

    async def telling():
        try:
            await story()
        finally:
            await sync_to_async(connections.close_all)()

    asyncio.run(telling())


@pytest.mark.django_db(transaction=True)
def test_messages_reach_those_who_listen_once_the_transaction_commits():
    async def story():
        app = stream.LiveApp()
        browser, other = Browser(app, ("weather", "diary:1")), Browser(app, ("diary:2",))
        for one in (browser, other):
            assert (await one.part())["status"] == 200
            assert b"event: hello" in await one.part()

        def act():
            with pytest.raises(ZeroDivisionError):
                notify_and_fail({"id": 1})
            with transaction.atomic():
                live.notify("weather", {"id": 2})
                live.notify("diary:1", {"page": 3})
                live.notify("elsewhere")

        await sync_to_async(act)()
        got = b""
        while b"page" not in got:
            got += await browser.part()
        messages = [json.loads(line[5:]) for line in got.decode().splitlines() if line.startswith("data:")]
        assert messages == [{"topic": "weather", "id": 2}, {"topic": "diary:1", "page": 3}]
        assert other.sent.empty()
        await browser.leave()
        await other.leave()
        assert app.hub.source is None, "nobody listens, so nobody polls"

    run(story)


@pytest.mark.django_db(transaction=True)
def test_a_stream_shows_life_renews_itself_and_ends_with_the_process(monkeypatch):
    monkeypatch.setattr(stream, "KEEP_ALIVE_SECONDS", 0.05)

    async def story():
        app = stream.LiveApp()
        browser = Browser(app, ("weather",))
        await browser.part()
        await browser.part()
        assert await browser.part() == b": keep-alive\n\n"
        app.close()
        await asyncio.wait_for(browser.task, 5)
        monkeypatch.setattr(stream, "LONGEST_SECONDS", 0.0)
        short = Browser(stream.LiveApp(), ("weather",))
        await short.part()
        await short.part()
        assert b"event: renew" in await short.part()
        await asyncio.wait_for(short.task, 5)

    run(story)


@pytest.mark.django_db(transaction=True)
def test_streams_ask_anew_when_rights_change_or_a_session_ends(client):
    user = User.objects.create_user("listener", "a long password", role=Role.objects.get(key="agent"))
    client.force_login(user)

    async def story():
        app = stream.LiveApp()

        async def opened(number, session=""):
            browser = Browser(app, ("weather",), number, session)
            await browser.part()
            assert b"event: hello" in await browser.part()
            return browser

        def change_role():
            with changes.operation(actor=system_actor(), name="test.role") as op:
                op.update(user, role=Role.objects.get(key="analyst"))

        other = await opened(user.pk + 1)
        mark = live.mark_of(client.session.session_key)
        for act in (change_role, client.logout):
            browser = await opened(user.pk, mark)
            await sync_to_async(act)()
            assert b"event: renew" in await browser.part()
            await asyncio.wait_for(browser.task, 5)
        # Everybody else hears of the session's end, by a mark, and of nothing else.
        assert f'event: left\ndata: {{"left": "{mark}"}}\n\n'.encode() in await other.part()
        assert other.sent.empty()
        await other.leave()

    run(story)


@pytest.mark.django_db(transaction=True)
def test_the_journal_tells_the_pages_of_what_it_changed(user):
    async def story():
        app = stream.LiveApp()
        browser = Browser(app, (f"user:{user.pk}",), user.pk + 1)
        await browser.part()
        await browser.part()

        def rename():
            with changes.operation(actor=system_actor(), name="test.rename") as op:
                op.update(user, name="新名字")

        await sync_to_async(rename)()
        assert f'"topic":"user:{user.pk}"'.encode() in await browser.part()
        await browser.leave()

    run(story)


def test_a_browser_that_reads_too_slowly_is_told_that_it_missed_something():
    async def story():
        listener = stream.Listener(tickets.Ticket(1, ("weather",)))
        for number in range(stream._QUEUE + 5):
            listener.offer(b"%d" % number)
        assert listener.frames[0] == stream._MISSED
        assert len(listener.frames) == 5

    run(story)


@pytest.mark.django_db(transaction=True)
def test_an_open_stream_takes_further_topics_of_its_own_user(user):
    """What is told after the commit reaches it; it says what it took; another's stream takes nothing."""

    async def story():
        app = stream.LiveApp()
        browser = Browser(app, (f"user:{user.pk}",), user.pk)
        await browser.part()
        key = json.loads((await browser.part()).split(b"data: ")[1])["stream"]
        actor = await sync_to_async(actor_of)(user)

        def open_another(key, then):
            with transaction.atomic():
                live.listen_further(actor, key, [f"user:{user.pk}", "weather:7", "closed:1"])
            live.notify("weather:7", {"then": then})

        for stream_key, then in (("other", 1), (key, 2)):
            await sync_to_async(open_another)(stream_key, then)
        heard = b""
        while b'"then":2' not in heard:
            heard += await browser.part()
        assert b"closed" not in heard
        assert b'"then":1' not in heard
        listening = json.loads(heard.split(b"event: listening\ndata: ")[1].split(b"\n")[0])
        assert "weather:7" in listening["topics"]
        await browser.leave()

    run(story)


def test_what_happens_often_is_told_at_its_pace():
    """The first message goes at once, equal ones of the pause once when it is over."""

    async def story():
        live.register("rush", may_listen=lambda actor, key: True, pause=0.2)
        hub = stream.Hub()
        listener = stream.Listener(tickets.Ticket(1, ("rush",)))
        hub.by_topic["rush"].add(listener)
        for _time in range(4):
            hub.dispatch([("rush", {}), ("rush", {"n": 1})])
        assert len(listener.frames) == 1
        await asyncio.sleep(0.7)
        assert len(listener.frames) == 3
        assert len(set(listener.frames)) == 2

    run(story)


def test_without_a_ticket_there_is_no_stream():
    async def story():
        sent = []

        async def send(message):
            sent.append(message)

        await stream.LiveApp()({"type": "http", "query_string": b"ticket=nonsense"}, None, send)
        assert sent[0]["status"] == 403

    run(story)


def test_visitors_of_other_sites_never_shut_colleagues_out(monkeypatch):
    """A visitor has eight streams at most, all visitors together some; a colleague's stream is opened beside them."""
    monkeypatch.setattr(stream, "MOST_VISITORS", 10)
    hub = stream.Hub()

    def fill(ticket, count):
        listeners = [stream.Listener(ticket) for _n in range(count)]
        hub.listeners.update(listeners)
        hub.by_topic[ticket.topics[0]].update(listeners)

    one, other = (tickets.Ticket(0, (f"chat:{n}",), origin="https://shop.example") for n in (1, 2))
    fill(one, 7)
    assert not hub.is_full(one)
    fill(one, 1)
    assert hub.is_full(one)
    assert not hub.is_full(other)
    fill(other, 2)
    assert hub.is_full(tickets.Ticket(0, ("chat:3",)))
    assert not hub.is_full(tickets.Ticket(1, ("weather",)))
    assert tickets.read(tickets.sign(one)) == one
