"""Every page that can be reached by links from the home page, in both languages: it answers, obeys the content
security policy, holds no inline style or script, and links to nothing elsewhere."""

import re
from collections import deque
from html.parser import HTMLParser
from urllib.parse import urljoin, urlsplit

import httpx
import pytest

from tests.installation import Server

LANGUAGES = {"en": "en", "zh": "zh-CN"}
# Pages of one kind differ by the ids in their address: this many of each kind are enough.
SAMPLES = 2
PAGES_AT_MOST = 150
# Following these would end the session, change something or download a whole archive.
NOT_FOLLOWED = re.compile(r"/(logout|export|download|language|live)\b")
CHINESE = re.compile(r"[\u4e00-\u9fff]")


class Page(HTMLParser):
    """What matters of a page: its links and assets, and what the policy would refuse."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.links: list[str] = []
        self.assets: list[str] = []
        self.refused: list[str] = []
        self.language = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Collect addresses and inline code."""
        values = dict(attrs)
        if tag == "html":
            self.language = values.get("lang") or ""
        if tag == "a" and values.get("href"):
            self.links.append(values["href"] or "")
        if tag == "link" and values.get("rel") != "canonical":
            self.assets.append(values.get("href") or "")
        elif tag in {"script", "img"} and values.get("src"):
            self.assets.append(values["src"] or "")
        self.refused += [f"<{tag} {name}>" for name in values if name == "style" or name.startswith(("on", "hx-on"))]
        if tag == "style" or (tag == "script" and "src" not in values and values.get("type") != "application/json"):
            self.refused.append(f"inline <{tag}>")


def kind_of(address: str) -> str:
    """The address with its ids and values left out."""
    parts = urlsplit(address)
    path = re.sub(r"/[a-z]{2,5}_[0-9A-Za-z]+|/\d+", "/*", parts.path)
    return path + "?" + "&".join(sorted(pair.partition("=")[0] for pair in parts.query.split("&")))


def sign_in(server: Server, language: str) -> httpx.Client:
    """A client with a session of the server's owner."""
    client = httpx.Client(
        base_url=server.url, headers={"Accept-Language": LANGUAGES[language]}, follow_redirects=True, timeout=30
    )
    page = client.get("/accounts/login/")
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page.text)
    assert token
    form = {"csrfmiddlewaretoken": token[1], "login": server.owner["name"], "password": server.owner["password"]}
    answer = client.post("/accounts/login/", data=form, headers={"Referer": f"{server.url}/accounts/login/"})
    assert answer.status_code == 200
    assert "/login" not in answer.url.path
    return client


def check_policy(answer: httpx.Response) -> list[str]:
    """What is wrong with the content security policy of an answer."""
    policy = answer.headers.get("content-security-policy", "")
    if not policy:
        return ["no content security policy"]
    wrong = [word for word in ("unsafe-inline", "unsafe-eval", "http:", "https:", "*") if word in policy.split()]
    wrong += [word for word in ("'unsafe-inline'", "'unsafe-eval'") if word in policy]
    wrong += [name for name in ("default-src", "object-src", "base-uri", "frame-ancestors") if name not in policy]
    return [f"content security policy: {word}" for word in wrong]


def crawl(server: Server, client: httpx.Client, language: str) -> tuple[list[str], list[str]]:
    """Follow the links from the home page; the addresses seen and the problems found."""
    queue, seen, assets, problems = deque(["/"]), {"/"}, set(), []
    visits: dict[str, int] = {}
    while queue and len(seen) <= PAGES_AT_MOST * 10 and sum(visits.values()) < PAGES_AT_MOST:
        address = queue.popleft()
        kind = kind_of(address)
        if visits.get(kind, 0) >= SAMPLES:
            continue
        visits[kind] = visits.get(kind, 0) + 1
        answer = client.get(address)
        problems += [f"{address}: {problem}" for problem in check_policy(answer)]
        if answer.status_code != 200:
            problems.append(f"{address}: status {answer.status_code}")
            continue
        if not answer.headers.get("content-type", "").startswith("text/html"):
            continue
        page = Page(answer.text)
        problems += [f"{address}: {problem}" for problem in page.refused]
        if page.language and not page.language.lower().startswith(language):
            problems.append(f"{address}: in the language {page.language}")
        for link in page.assets:
            assets.add(urljoin(f"{server.url}{address}", link))
        for link in page.links:
            target = urljoin(str(answer.url), link).partition("#")[0]
            if target.startswith(f"{server.url}/") and not NOT_FOLLOWED.search(target):
                path = target.removeprefix(server.url)
                if path not in seen:
                    seen.add(path)
                    queue.append(path)
    for asset in sorted(assets):
        if asset.startswith("data:"):
            continue
        if not asset.startswith(f"{server.url}/"):
            problems.append(f"an asset from elsewhere: {asset}")
        elif client.get(asset).status_code != 200:
            problems.append(f"an asset is missing: {asset}")
    return sorted(visits), problems


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_page_answers_within_the_policy(demo_guanxi: Server, language: str) -> None:
    with sign_in(demo_guanxi, language) as client:
        kinds, problems = crawl(demo_guanxi, client, language)
    assert not problems, "\n".join(problems)
    assert len(kinds) > 15, f"only {kinds} were reached"


def test_answers_without_a_page_carry_the_policy_too(live_guanxi: Server) -> None:
    for path in (
        "/accounts/login/",
        "/no-such-page/",
        "/api/v1/health",
        "/api/v1/customers",
        "/static/no-such-file.js",
    ):
        assert check_policy(httpx.get(live_guanxi.url + path)) == [], path


def test_errors_are_pages_in_the_readers_language(live_guanxi: Server) -> None:
    with sign_in(live_guanxi, "zh") as client:
        answer = client.get("/no-such-page/")
    assert answer.status_code == 404
    assert CHINESE.search(answer.text)
    assert "Traceback" not in answer.text
