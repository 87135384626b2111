"""The widget in a real browser, on a page of another origin with a strict policy of its own; a colleague answers."""

import json
import re
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from guanxi.conversations.adapters.chat import identity
from tests.installation import Server, end_group

pytestmark = pytest.mark.full

# A colleague: a program beside the server that does what it reads and prints what came of it.
COLLEAGUE = """
import json, sys, django
django.setup()
from guanxi.conversations import public
from guanxi.conversations.models import Conversation, Message
from guanxi.core.actor import actor_of
from guanxi.core.models import User
from guanxi.core.models.calendars import WorkingCalendar
ann = actor_of(User.objects.get(username="ann"))
print("ready", flush=True)
for line in sys.stdin:
    act, text = json.loads(line)
    conversation = Conversation.objects.order_by("-pk").first()
    if act == "say":
        public.send_message(actor=ann, conversation_id=conversation.pk, outgoing=public.Outgoing(text))
    elif act == "type":
        public.tell_typing(actor=ann, conversation_id=conversation.pk)
    elif act == "read":
        public.mark_read(actor=ann, conversation_id=conversation.pk)
    elif act == "close":
        WorkingCalendar.objects.create(name="Never", zone="UTC", is_default=True)
    elif act == "open":
        WorkingCalendar.objects.all().delete()
    rows = Message.objects.order_by("at", "id")
    print(json.dumps([[m.text, m.author_name, m.delivery, m.conversation_id] for m in rows]), flush=True)
"""


class Colleague:
    """Drives that program."""

    def __init__(self, server: Server) -> None:
        """Start it as a user of the installation."""
        server.run("user", "create", "ann", "--role", "agent")
        environment = server.installation.environment | {"DJANGO_SETTINGS_MODULE": "guanxi.project.settings"}
        self.process = subprocess.Popen(
            [sys.executable, "-c", COLLEAGUE],
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )
        assert self.process.stdout is not None
        assert self.process.stdout.readline() == "ready\n"

    def do(self, act: str, text: str = "") -> list[list[Any]]:
        """One act; every message as it stands after it."""
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write(json.dumps([act, text]) + "\n")
        self.process.stdin.flush()
        found: list[list[Any]] = json.loads(self.process.stdout.readline())
        return found


@pytest.fixture(scope="module")
def colleague(live_guanxi: Server) -> Iterator[Colleague]:
    """Ann, who answers."""
    made = Colleague(live_guanxi)
    yield made
    end_group(made.process)


@pytest.fixture(scope="module")
def site() -> Iterator[ThreadingHTTPServer]:
    """A site of somebody else; `site.page` is what it shows and `site.policy` its content policy."""

    class Handler(BaseHTTPRequestHandler):
        """Shows the page."""

        def do_GET(self) -> None:
            """One page for every address."""
            body = self.server.page.encode()  # type: ignore[attr-defined]
            self.send_response(200)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.send_header("Content-Security-Policy", self.server.policy)  # type: ignore[attr-defined]
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_args: Any) -> None:
            """Nothing to say."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield server
    server.shutdown()


def origin_of(site: ThreadingHTTPServer) -> str:
    """The origin of the site: another host name and another port than ours."""
    return f"http://127.0.0.1:{site.server_address[1]}"


@pytest.fixture
def chat(open_page: Any, live_guanxi: Server, site: ThreadingHTTPServer) -> Any:
    """The settings page of a chat that was set up on screen; the site shows the line that it gives."""
    page = open_page(live_guanxi, "/settings/channels/chat/new")
    page.fill("[name=name]", f"Shop {id(page)}")
    page.fill("[name=origins]", origin_of(site))
    page.fill("[name=title_en]", "Tea house")
    page.fill("[name=title_zh]", "茶馆")
    page.fill("[name=greeting_en]", "How can we help?")
    page.fill("[name=greeting_zh]", "请问有什么可以帮您？")
    page.select_option("[name=colour]", "#5f2aa5")
    # The preview shows it at once.
    assert page.locator("[data-chat-preview] h2").inner_text() == "Tea house"
    page.click("button[type=submit].btn-primary")
    line = page.locator("[data-chat-line]").inner_text()
    site.policy = (  # type: ignore[attr-defined]
        f"default-src 'none'; script-src {live_guanxi.url}; connect-src {live_guanxi.url}; img-src {live_guanxi.url}"
    )
    site.page = f'<!doctype html><html lang="en"><title>Teas</title><body><h1>Teas</h1>{line}</body></html>'  # type: ignore[attr-defined]
    return page


class Visit:
    """One page of the site in one browser profile."""

    def __init__(self, browser: Any, site: ThreadingHTTPServer, *, context: Any = None, **options: Any) -> None:
        """Open the site; everything that the browser complains about is kept."""
        self.context = context or browser.new_context(**options)
        self.context.set_default_timeout(15_000)
        self.page = self.context.new_page()
        self.problems: list[str] = []
        self.page.on("console", lambda said: self.problems.append(said.text) if said.type == "error" else None)
        self.page.on("pageerror", lambda error: self.problems.append(str(error)))
        self.page.on("dialog", lambda dialog: self.problems.append(f"a script spoke: {dialog.message}"))
        self.page.goto(origin_of(site))
        self.widget = self.page.locator("guanxi-chat")

    def open(self) -> None:
        """Open the chat."""
        self.widget.locator(".launch").click()
        self.widget.locator("textarea").wait_for()

    def say(self, text: str) -> None:
        """Write and send."""
        self.widget.locator("textarea").fill(text)
        self.widget.locator("textarea").press("Enter")

    def expect(self, selector: str, text: str) -> None:
        """Wait until something of the widget says this."""
        self.widget.locator(selector, has_text=re.compile(re.escape(text))).last.wait_for()

    def texts(self) -> list[str]:
        """What was said, as it stands on the screen."""
        found: list[str] = self.widget.locator(".one .text").all_inner_texts()
        return found


def test_a_talk_on_another_site(browser: Any, chat: Any, site: ThreadingHTTPServer, colleague: Colleague) -> None:
    """Both ways within a second, signs of writing and reading, script stays text, history stays, no cookie anywhere."""
    visit = Visit(browser, site, locale="en-GB")
    visit.open()
    assert visit.widget.locator("h2").inner_text() == "Tea house"
    visit.say("Where is my tea?")
    visit.expect(".mine .mark", "Sent")
    bad = "<img src=x onerror=alert(1)><script>alert(2)</script> https://example.org/a?b=1."
    visit.say(bad)
    visit.expect(".mine .text", "<script>alert(2)</script>")
    assert visit.widget.locator(".text img, .text script").count() == 0
    assert visit.widget.locator(".text a").get_attribute("href") == "https://example.org/a?b=1"
    colleague.do("type")
    visit.expect(".typing", "is writing")
    colleague.do("read")
    visit.expect(".mine .mark", "Read")
    visit.page.evaluate("window.began = performance.now()")
    colleague.do("say", "It left <b>today</b>.")
    visit.expect(".one .text", "It left <b>today</b>.")
    assert visit.page.evaluate("performance.now() - window.began") < 2500
    visit.page.wait_for_timeout(600)
    assert colleague.do("look")[-1][2] == "read"
    # A picture by the button.
    picture = {"name": "tea<b>.png", "mimeType": "image/png", "buffer": PICTURE}
    visit.widget.locator("input[type=file]").set_input_files(picture)
    visit.widget.locator(".file img").wait_for()
    assert visit.context.cookies() == []
    # Another visit of the same browser, an answer waiting.
    visit.page.close()
    colleague.do("say", "Anything else?")
    again = Visit(browser, site, context=visit.context)
    again.expect(".count", "1")
    again.open()
    again.expect(".text", "Anything else?")
    assert again.texts() == ["Where is my tea?", bad, "It left <b>today</b>.", "Anything else?"]
    again.page.keyboard.press("Escape")
    again.widget.locator(".panel").wait_for(state="hidden")
    assert not visit.problems + again.problems
    visit.context.close()


PICTURE = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010806000000"
    "1f15c4890000000d49444154789c6360f8cf500f00038101800c6b0ded0000000049454e44ae426082"
)


def test_a_lost_network_loses_nothing(browser: Any, chat: Any, site: ThreadingHTTPServer, colleague: Colleague) -> None:
    """What is written without a connection is kept over a visit, sent in order once it is back, each once."""
    visit = Visit(browser, site, locale="zh-CN")
    site.page = site.page.replace('lang="en"', 'lang="zh-CN"')  # type: ignore[attr-defined]
    visit.page.reload()
    visit.open()
    assert visit.widget.locator("h2").inner_text() == "茶馆"
    visit.say("第一条")
    visit.expect(".mine .mark", "已发送")
    visit.context.set_offline(True)
    visit.say("第二条")
    visit.say("第三条")
    visit.expect(".bar", "连接已断开")
    visit.expect(".mine .mark", "发送中")
    visit.context.set_offline(False)
    visit.page.reload()
    visit.open()
    visit.widget.locator(".mine .mark", has_text="已发送").nth(2).wait_for()
    assert visit.texts()[-3:] == ["第一条", "第二条", "第三条"]
    told = [text for text, *_rest in colleague.do("say", "都收到了。")]
    assert [text for text in told if text.startswith("第")] == ["第一条", "第二条", "第三条"]
    visit.expect(".text", "都收到了。")
    visit.context.close()


def test_without_a_stream_it_asks_now_and_then(
    browser: Any, chat: Any, site: ThreadingHTTPServer, colleague: Colleague
) -> None:
    """Where a proxy lets no stream through, answers come all the same; a server that was away is asked again."""
    context = browser.new_context()
    context.route("**/live?*", lambda route: route.abort())
    context.route("**/setup?*", lambda route: route.fulfill(status=503), times=1)
    visit = Visit(browser, site, context=context)
    visit.open()
    visit.say("Anybody there?")
    visit.expect(".mine .mark", "Sent")
    colleague.do("say", "Yes, without a stream.")
    visit.expect(".text", "Yes, without a stream.")
    visit.context.close()


def test_narrow_dark_and_by_keyboard(browser: Any, chat: Any, site: ThreadingHTTPServer) -> None:
    """390 px: the whole screen and no more; everything has a name; what is typed before the server answers is said."""
    context = browser.new_context(viewport={"width": 390, "height": 800}, color_scheme="dark")
    context.set_default_timeout(15_000)
    held: list[Any] = []
    context.route("**/session", lambda route: held.append(route))
    visit = Visit(browser, site, context=context)
    visit.widget.locator(".launch").focus()
    visit.page.keyboard.press("Enter")
    visit.widget.locator("textarea").wait_for()
    box = visit.widget.locator(".panel").bounding_box()
    assert (box["x"], box["width"]) == (0, 390)
    assert visit.page.evaluate("document.documentElement.scrollWidth") <= 390
    nameless = visit.widget.locator("button:visible, textarea:visible").evaluate_all(
        "all => all.filter((one) => !(one.getAttribute('aria-label') || one.textContent.trim())).length"
    )
    assert nameless == 0
    ground = visit.widget.locator(".panel").evaluate("one => getComputedStyle(one).backgroundColor")
    assert ground == "rgb(22, 32, 30)"
    visit.page.keyboard.type("Hello")
    visit.page.keyboard.press("Enter")
    visit.expect(".mine .text", "Hello")
    visit.expect(".mine .mark", "Sending")
    held[0].continue_()
    visit.expect(".mine .mark", "Sent")
    assert visit.texts() == ["Hello"]
    visit.context.close()


def test_a_site_that_is_not_named_shows_nothing(browser: Any, chat: Any, site: ThreadingHTTPServer) -> None:
    """The widget stays away and says why, where the site's developer reads it."""
    chat.fill("[name=origins]", "https://elsewhere.example")
    chat.click("button[type=submit].btn-primary")
    context = browser.new_context()
    page = context.new_page()
    said: list[str] = []
    page.on("console", lambda one: said.append(one.text))
    with page.expect_console_message(lambda one: "may not show this chat" in one.text):
        page.goto(origin_of(site))
    assert page.locator("guanxi-chat").count() == 0
    context.close()


def test_who_is_signed_in_on_the_site_is_known_there(
    browser: Any, chat: Any, site: ThreadingHTTPServer, colleague: Colleague
) -> None:
    """By a token: what was said before stays, another device has it too; signed out, and with a forged one, nothing shows."""
    chat.click("text=Make a key")
    key = chat.locator("[data-chat-key]").inner_text()
    now = int(time.time())
    token = identity.sign(key, {"sub": "4711", "name": "Bo Li", "iat": now, "exp": now + 600})
    visit = Visit(browser, site)
    visit.open()
    visit.say("As nobody known")
    visit.expect(".mine .mark", "Sent")
    visit.page.evaluate("(token) => GuanxiChat.identify(token)", token)
    visit.say("As Bo")
    visit.widget.locator(".mine .mark", has_text="Sent").nth(1).wait_for()
    assert colleague.do("look")[-1][:2] == ["As Bo", "Bo Li"]
    plain = site.page  # type: ignore[attr-defined]
    site.page = plain.replace(" async>", f' async data-identity="{token}">')  # type: ignore[attr-defined]
    phone = Visit(browser, site)
    phone.open()
    phone.expect(".mine .text", "As nobody known")
    assert not visit.problems + phone.problems
    phone.page.evaluate("GuanxiChat.identify(null)")
    phone.widget.locator(".mine").first.wait_for(state="detached")
    site.page = plain.replace(" async>", f' async data-identity="{token[:-3]}abc">')  # type: ignore[attr-defined]
    stranger = Visit(browser, site)
    stranger.open()
    stranger.say("Who am I?")
    stranger.expect(".mine .mark", "Sent")
    assert stranger.texts() == ["Who am I?"]
    for one in (visit, phone, stranger):
        one.context.close()


def test_outside_hours_a_message_and_an_address_are_taken(
    browser: Any, chat: Any, site: ThreadingHTTPServer, colleague: Colleague
) -> None:
    """Nobody there: it says so, wants to know how to answer, and takes the message."""
    colleague.do("close")
    # Each process asks anew in some seconds.
    setup = f"{chat.url.split('/settings')[0]}/chat/{chat.url.rstrip('/').split('/')[-1]}/setup"
    while chat.request.get(setup, headers={"Origin": origin_of(site)}).json()["online"]:
        time.sleep(0.3)
    visit = Visit(browser, site)
    visit.open()
    visit.expect(".bar", "Nobody is here at the moment")
    visit.say("Call me <b>back</b>")
    visit.expect(".wrong", "Write your name.")
    visit.widget.locator("[name=name]").fill("Bo <script>alert(1)</script>")
    visit.widget.locator("[name=email]").fill("nobody")
    visit.widget.locator("textarea").press("Enter")
    visit.expect(".wrong", "This is no mail address.")
    visit.widget.locator("[name=email]").fill("bo@example.org")
    # The network is gone just then, and the page is left: name and address wait with the message.
    visit.context.set_offline(True)
    visit.widget.locator("textarea").press("Enter")
    visit.expect(".mine .mark", "Sending")
    visit.problems = [told for told in visit.problems if "ERR_INTERNET_DISCONNECTED" not in told]
    visit.context.set_offline(False)
    visit.page.reload()
    visit.open()
    visit.expect(".bar", "Your message is with us")
    assert colleague.do("look")[-1][:2] == ["Call me <b>back</b>", "Bo <script>alert(1)</script>"]
    assert not visit.problems
    colleague.do("open")
    visit.context.close()
