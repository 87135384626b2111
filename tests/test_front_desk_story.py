"""The story of the front desk in a real browser, in both languages, with real mail servers and a running installation.

Somebody writes a mail, then a chat, then a form, is one customer with one conversation, complains, is answered, told and
asked. Every clock is compared with a count by hand; the complaint's file holds what was said.
"""

import email
import email.policy
import io
import os
import re
import time
from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from email.message import EmailMessage
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from pypdf import PdfReader

from guanxi.conversations.adapters.chat import identity
from tests.browsing import enter
from tests.front_desk import reckoning
from tests.front_desk.company import NAMES, PASSWORD, Company
from tests.front_desk.site import Site
from tests.front_desk.words import WORDS
from tests.installation import Server
from tests.mail_servers import PASSWORD as MAIL_PASSWORD
from tests.mail_servers import MailServers

pytestmark = [pytest.mark.full, pytest.mark.timeout(300)]
US, KEY, ZONE = "support@example.com", "gxc_" + "k" * 43, "Asia/Shanghai"


@pytest.fixture(scope="module")
def site() -> Iterator[Site]:
    """A site of somebody else."""
    made = Site()
    yield made
    made.stop()


@pytest.fixture(scope="module")
def company(live_guanxi: Server, mail_servers: MailServers, site: Site) -> Iterator[Company]:
    """People, hours, limits and channels; the site shows the chat and the form."""
    for address in (US, *(told["address"] for told in WORDS.values())):
        mail_servers.empty(address)
    made = Company(live_guanxi)
    mailbox = {
        "kind": "email", "address": US, "settings": mail_servers.settings(), "secrets": {"imap_password": MAIL_PASSWORD},
    }  # fmt: skip
    shown = made.ask("make", password=PASSWORD, names=NAMES, mailbox=mailbox, origin=site.origin, key=KEY)
    site.show(live_guanxi.url, shown["chat"], shown["form"])
    made.founded = date.fromisoformat(shown["today"])
    yield made
    made.stop()


class Person:
    """Somebody of the company at their own browser."""

    def __init__(self, open_page: Callable[..., Any], server: Server, name: str, language: str, **look: Any) -> None:
        """Sign in."""
        self.page = open_page(server, "/accounts/login/", language=language, sign_in=False, width=1440, **look)
        self.language = language
        enter(self.page, server, {"name": name, "password": PASSWORD})

    def keep(self, name: str) -> None:
        """Keep pictures, wide and narrow in the dark, where somebody wants to look at the pages."""
        if folder := os.environ.get("GUANXI_SCREENSHOTS"):
            shot = Path(folder) / f"{name}-{self.language[:2]}"
            self.page.screenshot(path=f"{shot}.png")
            self.page.set_viewport_size({"width": 390, "height": 844})
            self.page.emulate_media(color_scheme="dark")
            self.page.wait_for_timeout(400)
            self.page.screenshot(path=f"{shot}-narrow.png")
            self.page.set_viewport_size({"width": 1440, "height": 900})
            self.page.emulate_media(color_scheme="light")

    def goes_to(self, address: str) -> None:
        """Open a page."""
        self.page.goto(address)

    def takes(self, act: str, **fields: str) -> None:
        """Do one act on a complaint: open its dialog, fill it in, send it."""
        page = self.page
        page.locator(f'[data-dialog$="/complaint/{act}"]').first.click()
        dialog = page.locator("dialog[open], .modal.show").last
        form = dialog.locator("form").last
        form.wait_for()
        for name, value in fields.items():
            fill(form, name, value)
        self.keep(f"dialog-{act}")
        form.locator("[type=submit]").last.click()
        dialog.wait_for(state="detached")

    def answers(self, text: str, then: str = "open") -> None:
        """Write an answer at the desk and send it."""
        page = self.page
        page.locator("#desk-composer textarea").fill(text)
        if then == "open":
            page.locator("#desk-send").click()
        else:
            page.locator(".desk-send details.menu summary").click()
            page.locator(f'.desk-send [data-then="{then}"]').click()
        page.locator(".desk-entry.is-out", has_text=text).wait_for()

    def writes_by(self, channel: str) -> None:
        """Wait until an answer goes where the customer was heard of last."""
        chosen = "one => document.querySelector('#desk-composer [name=channel]').selectedOptions[0].text.includes(one)"
        self.page.wait_for_function(chosen, arg=channel)

    def sees(self, selector: str, text: str = "") -> Any:
        """Wait until something stands on the page."""
        found = self.page.locator(selector, has_text=text) if text else self.page.locator(selector)
        found.first.wait_for()
        return found.first

    def settles(self, words: dict[str, Any], said: str) -> None:
        """Open the conversation that may be somebody's, and say with one click that it is."""
        row = self.sees(".desk-row", words["name"] if "@" not in said else said)
        row.click()
        self.sees("#desk-entries .desk-entry.is-in", said)
        self.sees(".desk-maybe", words["maybe"])
        self.keep(f"maybe-{len(said)}")
        self.page.locator('.desk-maybe [data-desk-act="settle"]').first.click()


def fill(form: Any, name: str, value: str) -> None:
    """Fill one field, whatever it is."""
    field = form.locator(f'[name="{name}"]')
    kind = field.first.evaluate("one => one.type")
    if kind == "file":
        field.set_input_files({"name": value, "mimeType": "text/plain", "buffer": b"seal: none"})
    elif kind == "radio":
        form.locator(f'[name="{name}"][value="{value}"]').check()
    elif kind.startswith("select"):
        field.evaluate(
            "(one, text) => { const o = [...one.options].find((o) => o.value === text || o.text.includes(text));"
            " if (!o) throw new Error(`no choice ${text}`); if (one.tomselect) one.tomselect.setValue(o.value);"
            " else { one.value = o.value; one.dispatchEvent(new Event('change', { bubbles: true })); } }",
            value,
        )
    else:
        field.fill(value)


class Customer:
    """Somebody outside: by mail, at a browser on the site."""

    def __init__(self, words: dict[str, Any], mail_servers: MailServers, browser: Any, site: Site) -> None:
        """Nothing said yet."""
        self.words, self.servers, self.site = words, mail_servers, site
        self.context = browser.new_context(locale=words["language"])
        self.context.set_default_timeout(15_000)
        self.problems: list[str] = []
        self.got: list[EmailMessage] = []

    def writes(self, text: str, answers: EmailMessage | None = None) -> None:
        """A mail to the company, new or in answer to one of theirs."""
        made = EmailMessage()
        made["From"] = f"{self.words['name']} <{self.words['address']}>"
        made["To"] = US
        made["Subject"] = self.words["subject"] if answers is None else f"Re: {self.words['subject']}"
        made["Message-ID"] = f"<{time.time_ns()}@example.net>"
        if answers is not None:
            made["In-Reply-To"] = made["References"] = answers["Message-ID"]
        made.set_content(text if answers is None else f"{text}\n\nOn Monday the desk wrote:\n> {answers['Subject']}\n")
        self.servers.deliver(made.as_bytes(), sender=self.words["address"], to=US)

    def receives(self, count: int) -> EmailMessage:
        """The last of so many mails in their mailbox."""
        raws = self.servers.mails_of(self.words["address"], count=count, seconds=40)
        self.got = [email.message_from_bytes(raw, policy=email.policy.default) for raw in raws]  # type: ignore[misc]
        assert len(self.got) == count
        return self.got[-1]

    def visits(self, path: str) -> Any:
        """A page of the site; everything that the browser complains about is kept."""
        page = self.context.new_page()
        page.on("console", lambda said: self.problems.append(said.text) if said.type == "error" else None)
        page.on("pageerror", lambda error: self.problems.append(str(error)))
        page.goto(f"{self.site.origin}/{self.words['lang']}/{path}")
        return page


def sign(words: dict[str, Any]) -> str:
    """What the site's server vouches for."""
    now = int(time.time())
    return identity.sign(
        KEY, {"sub": "4711", "name": words["name"], "email": words["address"], "iat": now, "exp": now + 600}
    )


@pytest.mark.parametrize("language", ["en-GB", "zh-CN"])
def test_from_the_first_mail_to_the_last_word(
    language: str,
    live_guanxi: Server,
    open_page: Callable[..., Any],
    browser: Any,
    mail_servers: MailServers,
    site: Site,
    company: Company,
) -> None:
    """In English the desk says whose the chat is, in Chinese the site vouches for it; the rest is the same."""
    words = WORDS[language]
    lena = Person(open_page, live_guanxi, "lena", language)
    kim = Customer(words, mail_servers, browser, site)

    # A mail: a case with its clocks.
    lena.goes_to("/desk/?view=open")
    kim.writes(words["mail"])
    lena.sees(".desk-row", words["name"]).click()
    lena.sees("#desk-entries", words["mail"])
    lena.keep("1-mail")
    conversation = re.search(r"cnv_\w+", lena.page.url)[0]  # type: ignore[index]
    lena.answers(words["answer"], then="waiting")

    # A chat on the site, by somebody who says who they are or whom the site vouches for.
    page = kim.visits("chat")
    widget = page.locator("guanxi-chat")
    widget.locator(".launch").click()
    widget.locator("textarea").wait_for()
    if words["lang"] == "en":
        widget.locator("[name=name]").fill(words["name"])
        widget.locator("[name=email]").fill(words["address"])
    else:
        page.evaluate("(token) => GuanxiChat.identify(token)", sign(words))
        widget.locator("[name=name]").wait_for(state="hidden")
    widget.locator("textarea").fill(words["chat"])
    widget.locator("textarea").press("Enter")
    if words["lang"] == "en":
        lena.goes_to("/desk/?view=unassigned")
        lena.settles(words, words["chat"])
        lena.page.wait_for_url(lambda url: conversation in url)
    lena.sees("#desk-entries .desk-entry.is-in", words["chat"])
    lena.writes_by("Chat")
    lena.answers(words["chat_answer"])
    widget.locator(".one .text", has_text=words["chat_answer"]).wait_for()
    page.close()

    # The form; an address in it proves nothing.
    page = kim.visits("form")
    form = page.frame_locator("iframe")
    for name, value in (("name", words["name"]), ("email", words["address"]), ("text", words["form"])):
        form.locator(f"[name={name}]").fill(value)
    page.wait_for_timeout(2_100)
    form.locator("button.btn-primary").click()
    form.locator("form").wait_for(state="detached")
    page.close()
    lena.goes_to("/desk/?view=unassigned")
    lena.settles(words, words["form"])
    lena.page.wait_for_url(lambda url: conversation in url)
    lena.sees("#desk-entries .desk-entry.is-in", words["form"])
    told = company.ask("tell", conversation=conversation, language=words["language"])
    assert (len(told["customers"]), told["open_conversations"]) == (1, 1)
    assert told["channels"] == ["email", "email", "chat", "chat", "form"]
    assert not kim.problems

    # It becomes a complaint at the desk; answered.
    lena.writes_by("Support")
    lena.answers(words["apology"])
    lena.keep("2-desk")
    lena.sees("form.desk-complaint button").click()
    lena.page.wait_for_url("**/complaint")
    case = re.search(r"cas_\w+", lena.page.url)[0]  # type: ignore[index]
    lena.keep("3-complaint")
    six_steps(lena, open_page, live_guanxi, words, case)
    asked_at_the_end(lena, kim, words, case, conversation)

    told = company.ask("tell", conversation=conversation, language=words["language"])
    clocks_are_right(told, company.founded)
    shown_everywhere(lena, told, words, case)
    kim.context.close()


def six_steps(lena: Person, open_page: Callable[..., Any], server: Server, words: dict[str, Any], case: str) -> None:
    """Recorded, investigated, settled after an objection, planned with an approval, told, carried out."""
    lena.takes("record", words=f"{words['mail']}\n{words['form']}", wanted=words["remedy"])
    lena.takes("next")
    lena.takes("evidence", sort="statement", said_by="Ben", text=words["statement"], file="note.txt")
    lena.takes("next")
    lena.takes("unit", unit="Fitters")
    paul = Person(open_page, server, "paul", lena.language)
    paul.goes_to(f"/cases/{case}/complaint")
    paul.takes("object", reasons=words["objection"])
    mira = Person(open_page, server, "mira", lena.language)
    mira.goes_to(f"/cases/{case}/complaint")
    mira.keep("4-objection")
    mira.takes("decide", decision="dismissed", answer=words["decision"])
    lena.goes_to(f"/cases/{case}/complaint")
    lena.takes("next")
    lena.takes("remedy", kind=words["kind"], amount="250", text=words["remedy"])
    lena.keep("5-planned")
    mira.goes_to("/approvals/")
    mira.sees(".approval-lines", "250")
    mira.keep("6-approval")
    mira.page.locator('.approval-word button[value="approve"]').first.click()
    mira.page.locator(".approval-word").wait_for(state="detached")
    lena.goes_to(f"/cases/{case}/complaint")
    lena.takes("tell", words=words["told"])
    lena.takes("next")
    lena.keep("7-carry-out")
    lena.takes("finish")
    lena.takes("responsibility", responsibility=words["responsibility"])
    lena.takes("next")


def asked_at_the_end(lena: Person, kim: Customer, words: dict[str, Any], case: str, conversation: str) -> None:
    """Too early to close; summed up; asked by mail, answered by mail, closed."""
    lena.goes_to(f"/cases/{case}/")
    lena.page.locator('form[action*="to=closed"] button').first.click()
    lena.page.wait_for_url("**/complaint")
    lena.keep("8-refused")
    said = lena.sees("body", words["refused"]).inner_text()
    assert words["unconfirmed"] in said
    first, second = words["whys"]
    lena.takes("sum_up", cause=words["cause"], why_1=first, why_2=second, prevention=words["prevention"])
    lena.goes_to(f"/desk/{conversation}/")
    lena.answers(words["ask"], then="waiting")
    told = kim.receives(4)
    assert words["ask"] in told.get_content()
    assert any(words["told"] in one.get_content() for one in kim.got)
    kim.writes(words["thanks"], answers=told)
    lena.sees("#desk-entries .desk-entry.is-in", words["thanks"])
    lena.goes_to(f"/cases/{case}/complaint")
    lena.takes("last_word", outcome="confirmed")
    lena.takes("next")
    lena.goes_to(f"/cases/{case}/")
    lena.page.locator('form[action*="to=closed"] button').first.click()
    lena.sees('form[action*="to=open"] button')
    lena.keep("9-closed")


def clocks_are_right(told: dict[str, Any], today: date) -> None:
    """Every clock as counted second by second from what is on record, by the hours of a company made on that day."""
    at = datetime.fromisoformat
    saturday = today + timedelta(days=(5 - today.weekday()) % 7 or 7)
    windows = ((8 * 60 + 30, 12 * 60), (13 * 60, 17 * 60 + 30))
    hours = reckoning.Hours(ZoneInfo(ZONE), windows, today + timedelta(days=1), saturday)
    case = told["case"]
    assert (case["type"], case["state"]) == ("complaint", "closed")
    ended = at(case["solved"])
    states = [(at(moment), state) for moment, state in case["states"]]
    said = [(at(moment), way, matters) for moment, way, matters in told["said"]]
    pauses = reckoning.pauses(states, said)
    counted = reckoning.waits(said, ended)
    counted.append(reckoning.Counted("solution", 1, at(case["opened"]), ended))
    clocks = {(one["sort"], one["number"]): one for one in told["clocks"]}
    assert set(clocks) == {(one.sort, one.number) for one in counted}
    for one in counted:
        clock = clocks[one.sort, one.number]
        assert at(clock["started"]) == one.started.replace(microsecond=0)
        assert at(clock["ended"]) == one.ended.replace(microsecond=0)
        stopped = pauses if one.sort == "solution" else []
        assert at(clock["due"]) == reckoning.due(one.started, clock["amount"], clock["unit"], hours, stopped)
        assert clock["used"] == reckoning.used(one.started, one.ended, hours, stopped)
        assert one.ended <= at(clock["due"])
        assert clock["state"] == ("met" if one.has_come else "stopped")


def shown_everywhere(lena: Person, told: dict[str, Any], words: dict[str, Any], case: str) -> None:
    """The clocks' page, the customer's timeline, the file in both languages."""
    lena.goes_to(f"/cases/{case}/?tab=clocks")
    for clock in told["clocks"]:
        lena.sees(".clock-facts", clock["due_words"])
    lena.keep("10-clocks")
    for language in ("en", "zh-hans"):
        answer = lena.page.request.get(f"/cases/{case}/complaint/file.pdf?language={language}")
        text = "".join(page.extract_text() for page in PdfReader(io.BytesIO(answer.body())).pages)
        plain = re.sub(r"\s", "", text)
        for part in ("mail", "form", "statement", "objection", "decision", "told", "thanks", "prevention"):
            assert re.sub(r"\s", "", words[part]) in plain
    lena.goes_to(f"/cases/{case}/")
    address = lena.sees('main a[href*="/customers/"]').get_attribute("href")
    lena.goes_to(f"{address}?tab=activity")
    lena.sees(".stream", words["thanks"])
    lena.keep("11-customer")
    lena.sees('.kind-filter a[href*="kind=message"]').click()
    for part in ("mail", "answer", "chat", "chat_answer", "form", "apology", "told", "ask", "thanks"):
        lena.sees(".stream", words[part])
    lena.page.locator('.kind-filter a[href*="kind=case"]').click()
    lena.sees(f'.stream a[href*="{case}"]')
