"""A day at the desk in a real browser, in both languages: by keyboard, two people at once, the network gone, narrow."""

import json
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import pytest

from tests.browsing import enter
from tests.installation import Server, end_group

pytestmark = pytest.mark.full

# The world outside: a program beside the server that lets somebody write.
OUTSIDE = """
import json, sys, django
django.setup()
from guanxi.conversations import public
from guanxi.conversations.matching import Contact
from guanxi.conversations.models import Channel
from guanxi.conversations.services.macros import create_macro
from guanxi.core import clock
from guanxi.core.actor import actor_of
from guanxi.core.models import User
channel = Channel.objects.create(kind="webhook", name="Connector", address="https://connector.invalid/", created_at=clock.now())
texts = {"en": "Dear {{customer.name}}, it is on its way.", "zh-hans": "{{customer.name}}，您好：已在途中。"}
create_macro(actor=actor_of(User.objects.get(username="ben")), values={"name": "mine alone", "texts": texts})
owner = actor_of(User.objects.filter(role__key="owner").first())
create_macro(actor=owner, values={"name": "On its way 在途", "audience": "all", "texts": texts})
create_macro(actor=owner, values={"name": "Press 加急", "audience": "all", "actions": [["case.priority", "1"]]})
print("ready", flush=True)
for line in sys.stdin:
    given = json.loads(line)
    contact = Contact("email", given["address"], given["name"])
    heard = public.receive(public.Inbound(channel=channel, contact=contact, text=given["text"], subject=given["subject"],
        message_id=given["id"], in_reply_to=given.get("answers", ""), language=given.get("language", "en")))
    print(json.dumps(heard.conversation.public_id), flush=True)
"""


class Outside:
    """Drives that program."""

    def __init__(self, server: Server) -> None:
        """Start it on the installation of a server."""
        environment = server.installation.environment | {"DJANGO_SETTINGS_MODULE": "guanxi.project.settings"}
        pipe = subprocess.PIPE
        command = [sys.executable, "-c", OUTSIDE]
        self.process = subprocess.Popen(
            command, env=environment, stdin=pipe, stdout=pipe, text=True, start_new_session=True
        )
        assert self.process.stdout is not None
        assert self.process.stdout.readline().strip() == "ready"

    def writes(self, text: str, **given: str) -> str:
        """Somebody writes; the conversation's id."""
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write(json.dumps({"text": text, "subject": "", **given}) + "\n")
        self.process.stdin.flush()
        return str(json.loads(self.process.stdout.readline()))


@pytest.fixture(scope="module")
def ben(live_guanxi: Server) -> dict[str, str]:
    """A colleague."""
    made = live_guanxi.json("user", "create", "ben", "--role", "agent", "--display-name", "Ben Hart")
    return {"name": "ben", "password": made["password"]}


@pytest.fixture(scope="module")
def outside(live_guanxi: Server, ben: dict[str, str]) -> Iterator[Outside]:
    """The world."""
    world = Outside(live_guanxi)
    yield world
    end_group(world.process)


def holds(page: Any, text: str) -> None:
    """Wait until a text stands in the composer."""
    page.wait_for_function("text => document.querySelector('#desk-composer textarea').value.includes(text)", arg=text)


@pytest.mark.parametrize(("language", "name"), [("en-GB", "Julia Brandt"), ("zh-CN", "王小明")])
def test_a_conversation_from_the_first_word_to_the_last(
    language: str, name: str, live_guanxi: Server, ben: dict[str, str], outside: Outside, open_page: Any
) -> None:
    """It appears, is taken, drafted, answered, taken back, answered again, fails, goes on, is noted and done."""
    words = {
        "en-GB": ("Draft kept", "Not delivered", "Ben Hart is writing", "The network is gone", "Done", "Met", "Urgent"),
        "zh-CN": ("草稿已保存", "未送达", "Ben Hart正在输入", "网络中断", "已完成", "按时达成", "紧急"),
    }[language]
    kept, failed, writing, gone, done, met, urgent = words
    who = {
        "address": f"j{len(name)}@brandt.example",
        "name": name,
        "language": "en" if language == "en-GB" else "zh-hans",
    }
    page = open_page(live_guanxi, "/desk/?view=unassigned", language=language, width=1440)
    page.wait_for_timeout(1200)  # the stream is open
    conversation = outside.writes("Where is my parcel?", subject="Parcel", id=f"<1-{name}@x>", **who)
    row = page.locator(f'.desk-row[data-id="{conversation}"]')
    row.wait_for()
    assert "is-unread" in (row.get_attribute("class") or "")
    row.focus()
    page.keyboard.press("Enter")
    page.wait_for_url(lambda url: f"/desk/{conversation}/" in url)
    page.wait_for_selector(f'.desk-tab[data-id="{conversation}"]')
    page.wait_for_selector(f'.desk-row[data-id="{conversation}"]:not(.is-unread)')
    page.locator("#desk-side h2 a").filter(has_text=name).wait_for()
    page.keyboard.press("Escape")
    page.keyboard.press("t")
    page.locator(".desk-entry.is-event").filter(has_text=live_guanxi.owner["name"]).first.wait_for()

    # What is begun is there after a reload.
    page.keyboard.press("r")
    page.keyboard.type("One moment.")
    page.locator("#desk-saved").filter(has_text=kept).wait_for()
    page.reload()
    holds(page, "One moment.")

    # What only sets is set without a word.
    text = page.locator("#desk-composer textarea")
    text.fill("")
    text.press_sequentially("/press", delay=20)
    page.locator(".desk-macros [role=option]").first.wait_for()
    page.keyboard.press("Enter")
    page.locator("#desk-sets li").wait_for()
    page.keyboard.press("Control+Enter")
    page.locator("#desk-card-case").filter(has_text=urgent).wait_for()
    assert not page.locator("#desk-sets li").count()

    # A prepared answer by a slash, sent, taken back, sent.
    text.press_sequentially("/onway", delay=20)
    page.locator(".desk-macros [role=option]").first.wait_for()
    assert page.locator(".desk-macros [role=option]").count() == 1
    page.keyboard.press("Enter")
    holds(page, name)
    page.keyboard.press("Control+Enter")
    page.locator(".desk-entry.is-out").filter(has_text=name).wait_for()
    page.locator("#desk-card-case").filter(has_text=met).wait_for(timeout=7_000)
    page.locator(".toast-undo").click()
    page.locator(".desk-entry.is-out").wait_for(state="detached")
    page.locator("#desk-card-case").filter(has_text=met).wait_for(state="detached", timeout=7_000)
    holds(page, name)
    page.keyboard.press("Control+Enter")
    page.locator(".desk-entry.is-out").filter(has_text=failed).wait_for(timeout=30_000)
    assert page.locator(".desk-entry.is-out [data-desk-post*=try-again]").count() == 1

    # The other side answers; a colleague looks in and writes.
    outside.writes("Thank you!", id=f"<2-{name}@x>", answers=f"<1-{name}@x>", **who)
    page.locator(".desk-entry.is-in").filter(has_text="Thank you!").wait_for(timeout=5_000)
    other = open_page(live_guanxi, "/", language=language, sign_in=False)
    enter(other, live_guanxi, ben)
    other.goto(f"/desk/{conversation}/")
    page.locator(".here-person").filter(has_text="Ben Hart").wait_for()
    other.keyboard.press("n")
    other.keyboard.type("I ask the warehouse.")
    page.locator("#desk-typing").filter(has_text=writing).wait_for()
    other.keyboard.press("Control+Enter")
    page.locator(".desk-entry.is-note").filter(has_text="I ask the warehouse.").wait_for(timeout=5_000)
    other.close()

    # The network goes: it is said, and nothing is lost.
    page.locator("#desk-composer textarea").click()
    page.context.set_offline(True)
    page.keyboard.type("Written in the dark")
    page.locator("#desk-offline").filter(has_text=gone).wait_for()
    page.keyboard.press("Control+Enter")
    page.locator("#desk-error:visible").wait_for()
    assert text.input_value() == "Written in the dark"
    page.context.set_offline(False)
    page.locator("#desk-saved").filter(has_text=kept).wait_for()
    page.watch.forget("ERR_INTERNET_DISCONNECTED")
    page.keyboard.press("Escape")
    page.keyboard.press("e")
    page.locator("#desk-head .badge-gx").filter(has_text=done).wait_for()

    narrow = open_page(live_guanxi, "/desk/?view=done", language=language, width=390, height=844)
    narrow.locator(f'.desk-row[data-id="{conversation}"]').click()
    narrow.locator("#desk-thread").wait_for()
    assert not narrow.locator("#desk-left").is_visible()
    wide = narrow.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert wide <= 0
    narrow.go_back()
    narrow.locator(f'.desk-row[data-id="{conversation}"]').wait_for()
