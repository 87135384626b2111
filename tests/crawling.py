"""Following the links of the product, and what each page must keep to."""

import re
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Protocol
from urllib.parse import urljoin, urlsplit

# Pages of one kind differ by the ids and values in their address: this many of each kind are enough.
SAMPLES = 2
# A list takes filters, sorts and layouts in any combination: this many of them are enough.
COMBINATIONS = 6
PAGES_AT_MOST = 320
# Following these would end the session, change something or download a whole archive.
NOT_FOLLOWED = re.compile(r"/(logout|export|download|language|live)\b")
IDENTIFIER = re.compile(r"/(?:[a-z]{2,5}_[0-9A-Za-z]+|\d+)(?=/|$)")
HX_METHODS = {"hx-get", "hx-post", "hx-put", "hx-patch", "hx-delete"}


class Answer(Protocol):
    """What a fetch must give."""

    status_code: int
    headers: Mapping[str, str]
    text: str


class Page(HTMLParser):
    """What matters of a page: its links and assets, and what the policy would refuse."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.links: list[str] = []
        self.assets: list[str] = []
        self.acts: list[tuple[str, str]] = []
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
        self.acts += [(name[3:], values[name] or "") for name in HX_METHODS & values.keys()]
        if tag == "form":
            self.acts.append(((values.get("method") or "get").lower(), values.get("action") or ""))
        if tag == "link" and values.get("rel") != "canonical":
            self.assets.append(values.get("href") or "")
        elif tag in {"script", "img"} and values.get("src"):
            self.assets.append(values["src"] or "")
        self.refused += [f"<{tag} {name}>" for name in values if name == "style" or name.startswith(("on", "hx-on"))]
        if tag == "style" or (tag == "script" and "src" not in values and values.get("type") != "application/json"):
            self.refused.append(f"inline <{tag}>")


@dataclass
class Crawl:
    """What a crawl saw."""

    visited: dict[str, list[str]] = field(default_factory=dict)
    assets: set[str] = field(default_factory=set)
    # What the pages offer beyond links: (method, address).
    acts: set[tuple[str, str]] = field(default_factory=set)
    problems: list[str] = field(default_factory=list)


def kind_of(address: str) -> str:
    """The address with its ids and values left out."""
    parts = urlsplit(address)
    names = sorted({pair.partition("=")[0] for pair in parts.query.split("&") if pair})
    return IDENTIFIER.sub("/*", parts.path) + ("?" + "&".join(names) if names else "")


def policy_problems(headers: Mapping[str, str]) -> list[str]:
    """What is wrong with the content security policy of an answer."""
    policy = headers.get("content-security-policy", "")
    if not policy:
        return ["no content security policy"]
    wrong = [word for word in policy.replace(";", " ").split() if word in {"http:", "https:", "*"} or "unsafe" in word]
    wrong += [name for name in ("default-src", "object-src", "base-uri", "frame-ancestors") if name not in policy]
    return [f"content security policy: {word}" for word in wrong]


def crawl(fetch: Callable[[str], Answer], *, language: str) -> Crawl:
    """Follow the links from the home page, checking each page."""
    result, queue, seen = Crawl(), deque(["/"]), {"/"}
    while queue and sum(map(len, result.visited.values())) < PAGES_AT_MOST:
        address = queue.popleft()
        kind = kind_of(address)
        path = kind.partition("?")[0]
        if kind not in result.visited and sum(k.startswith(f"{path}?") for k in result.visited) >= COMBINATIONS:
            continue
        if len(result.visited.get(kind, ())) >= SAMPLES:
            continue
        result.visited.setdefault(kind, []).append(address)
        answer = fetch(address)
        result.problems += [f"{address}: {problem}" for problem in policy_problems(answer.headers)]
        if answer.status_code in {301, 302}:
            targets = [answer.headers["location"]]
        elif answer.status_code != 200:
            result.problems.append(f"{address}: status {answer.status_code}")
            continue
        elif not answer.headers.get("content-type", "").startswith("text/html"):
            continue
        else:
            page = Page(answer.text)
            result.problems += [f"{address}: {problem}" for problem in page.refused]
            if page.language and not page.language.lower().startswith(language):
                result.problems.append(f"{address}: in the language {page.language}")
            result.assets |= {urljoin(address, link) for link in page.assets if not link.startswith("data:")}
            result.acts |= {(method, urljoin(address, target)) for method, target in page.acts}
            targets = page.links
        for link in targets:
            target = urljoin(address, link).partition("#")[0]
            if target.startswith("/") and target not in seen and not NOT_FOLLOWED.search(target):
                seen.add(target)
                queue.append(target)
    return result
