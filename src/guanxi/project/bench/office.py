"""An office at work: people at their screens at once, each acting every few seconds, told of what the others change."""

import asyncio
import random
import re
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from urllib.parse import quote

from guanxi.core import ids
from guanxi.project.bench.browser import Browser, parts
from guanxi.project.bench.figures import Figure, Report
from guanxi.project.bench.installation import Installation, profile_of
from guanxi.project.bench.wanted import WARM_UP_SECONDS, Say, Wanted

ACTS = {"list": 25, "read": 35, "search": 20, "edit": 20}
LISTS = ("/customers/", "/customers/?sort=-name", "/customers/?status=active&sort=name", "/customers/?sort=-created_at")
CITIES = ("上海", "北京", "广州", "深圳", "杭州", "London", "Leeds", "Hamburg")
SURNAMES, GIVEN = "王李张刘陈杨黄赵吴周", "伟芳娜敏静丽强磊军洋"
# Every fifth record opened is one of these: people meet there, and see what the others change.
SHARED, SHARED_EVERY = 5, 5
RECORD = re.compile(r'<article class="record"[^>]*data-id="(\d+)"')
LIST_TOPIC = "list:customer"
# How long a page waits for more news before it asks, in seconds.
LIST_PAUSE, RECORD_PAUSE = 0.8, 0.3
CHOICE = "_choice_value"
OPENED = re.compile(r'(?:data-opened|name="_opened" value)="([^"]*)"')
# What the aim is said of.
PEOPLE, EVERY_SECONDS, AT_LEAST_SECONDS = 60, 3.0, 60.0


@dataclass
class Found:
    """What was measured: how long each act took until everything it shows was there, in seconds, by kind."""

    acts: dict[str, list[float]] = field(default_factory=dict)
    requests: list[float] = field(default_factory=list)
    news: list[float] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)

    @property
    def times(self) -> list[float]:
        """All acts."""
        return [seconds for found in self.acts.values() for seconds in found]


def p95(seconds: list[float]) -> float:
    """The 95th percentile in milliseconds; 0 for nothing."""
    return 1000 * sorted(seconds)[min(len(seconds) - 1, int(len(seconds) * 0.95))] if seconds else 0.0


def measure(wanted: Wanted, installation: Installation, report: Report, say: Say) -> None:
    """Let an office work on the large base: everybody signed in, with a live page open, acting every few seconds."""
    with installation.served() as port:
        people = installation.python("guanxi.project.bench.people", wanted.people)
        cookies = [installation.signed_in(port, one["name"], one["password"]) for one in people]

        def worked(seconds: float) -> Found:
            """What was found while they worked for that long."""
            return work(port, cookies, customers=wanted.customers, every=EVERY_SECONDS, seconds=seconds)

        worked(WARM_UP_SECONDS)
        found = worked(max(AT_LEAST_SECONDS, wanted.seconds))
    more: dict[str, object] = {"acts": f"{len(found.times):,}", "requests": f"{len(found.requests):,}"}
    more |= {f"{kind}_p95": f"{p95(times):.0f} ms" for kind, times in sorted(found.acts.items())}
    more |= {"request_p95": f"{p95(found.requests):.0f} ms"}
    more |= {"news_on_other_screens_p95": f"{p95(found.news):.0f} ms", "news": f"{len(found.news):,}"}
    if found.errors:
        more |= {"errors": len(found.errors), "first_error": found.errors[0]}
    what = f"{wanted.people} people at once, each acting every {EVERY_SECONDS:g} s, p95 of an act until all is there"
    figure = Figure(what, round(p95(found.times), 1), "ms", 300 if wanted.people == PEOPLE else None, more=more)
    if figure.is_met is False:
        figure.profile = "\n\n".join(
            profile_of(installation, path)
            for path in (
                "/customers/",
                f"/customers/{ids.public_id('cus', 1)}/",
                "/search/hits?q=" + quote(SURNAMES[0]),
            )
        )
    report.figures.append(figure)
    say(f"  {figure.what}: {figure.value} ms")


def work(port: int, cookies: list[str], *, customers: int, every: float, seconds: float) -> Found:
    """Let everybody with a cookie work for a while; each acts once every `every` seconds, not all at the same moment."""
    return asyncio.run(_Office(port, customers, every, seconds).work(cookies))


class _Office:
    """One office."""

    def __init__(self, port: int, customers: int, every: float, seconds: float) -> None:
        """Keep what is to be done; nothing was changed yet."""
        self.port = port
        self.customers = customers
        self.every = every
        self.seconds = seconds
        self.found = Found()
        self.saved_at: dict[str, tuple[float, Browser]] = {}
        self.reading: set[asyncio.Task[None]] = set()
        # Whose open list was drawn again already: no list is for six seconds after it was.
        self.renewed: set[Browser] = set()

    async def work(self, cookies: list[str]) -> Found:
        """Everybody works to the end."""
        people = [_Person(self, Browser(self.port, one, self.heard), number) for number, one in enumerate(cookies)]
        begin = time.perf_counter()
        pause = self.every / max(len(people), 1)
        await asyncio.gather(*(person.work(begin + number * pause) for number, person in enumerate(people)))
        await asyncio.gather(*self.reading)
        for person in people:
            person.browser.close()
            self.found.errors += person.browser.errors
            self.found.requests += [took for _kind, took in person.browser.times]
        return self.found

    def heard(self, browser: Browser, news: dict[str, object]) -> None:
        """Note how long news of a change took to somebody else's screen, and have that screen ask for what is new."""
        if "here" in news:
            return
        topic = str(news.get("topic"))
        saved = self.saved_at.get(topic)
        if saved is not None and saved[1] is not browser:
            self.found.news.append(time.perf_counter() - saved[0])
        elif topic != LIST_TOPIC or browser in self.renewed:
            return
        self.renewed.add(browser)
        renewing = asyncio.ensure_future(self._renew(browser, browser.address, is_list=topic == LIST_TOPIC))
        self.reading.add(renewing)
        renewing.add_done_callback(self.reading.discard)

    async def _renew(self, browser: Browser, address: str, *, is_list: bool) -> None:
        """Ask for the open page again and for the parts that follow the news, as the page's script does."""
        await asyncio.sleep(LIST_PAUSE if is_list else RECORD_PAUSE)
        if browser.address != address:
            return
        await browser.ask("news", address)
        if not is_list:
            await asyncio.gather(*(browser.ask("news", one) for one in parts(browser.page, "live")))


class _Person:
    """Somebody at work."""

    def __init__(self, office: _Office, browser: Browser, number: int) -> None:
        """At a desk; each does different things, the same in every run."""
        self.office = office
        self.browser = browser
        self.lot = random.Random(number)
        self.record = ""
        self.does: dict[str, Callable[[], object]] = {
            "list": self.list, "read": self.read, "search": self.search, "edit": self.edit,
        }  # fmt: skip

    async def work(self, at: float) -> None:
        """Act at each of one's moments; one who is kept waiting acts at once and then keeps one's pace."""
        until = at + self.office.seconds
        while at < until:
            await asyncio.sleep(max(0.0, at - time.perf_counter()))
            (kind,) = self.lot.choices(list(ACTS), list(ACTS.values()))
            if kind == "edit" and not self.record:
                kind = "read"
            started = time.perf_counter()
            await self.does[kind]()  # type: ignore[misc]
            self.office.found.acts.setdefault(kind, []).append(time.perf_counter() - started)
            at = max(at + self.office.every, time.perf_counter())

    async def list(self) -> None:
        """Open a list."""
        self.record = ""
        self.office.renewed.discard(self.browser)
        await self.browser.open("list", self.lot.choice(LISTS))

    async def read(self) -> None:
        """Open a record, and say that one has it open."""
        most = self.office.customers
        number = self.lot.randint(1, min(SHARED, most) if self.lot.randrange(SHARED_EVERY) == 0 else most)
        page = await self.browser.open("read", f"/customers/{ids.public_id('cus', number)}/")
        found = RECORD.search(page)
        self.record = found[1] if found else ""
        if self.record:
            await self.browser.ask("here", f"/ui/here/customer/{self.record}", {"heard": "", "is_first": "1"})

    async def search(self) -> None:
        """Type two characters."""
        text = self.lot.choice(SURNAMES)
        await self.browser.ask("search", f"/search/hits?q={quote(text)}")
        await self.browser.ask("search", f"/search/hits?q={quote(text + self.lot.choice(GIVEN))}")

    async def edit(self) -> None:
        """Change a field of the open record where it stands; everybody who has it open is told."""
        address = f"/ui/edit/customer/{self.record}/city"
        drawn = await self.browser.ask("edit", address)
        opened = OPENED.search(drawn)
        self.office.saved_at[f"customer:{self.record}"] = (time.perf_counter(), self.browser)
        form = {"value": self.lot.choice(CITIES), "_opened": opened[1] if opened else ""}
        answer = await self.browser.ask("edit", address, form)
        if CHOICE in answer:
            asked = OPENED.search(answer)
            await self.browser.ask("edit", address, form | {CHOICE: "mine", "_opened": asked[1] if asked else ""})
