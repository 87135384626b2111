"""Every page that links reach from the home page, in both languages: it answers, obeys the content security policy,
holds no inline style or script, loads nothing from elsewhere, and asks the database no more than it has to."""

import json
import re
from pathlib import Path

import httpx
import pytest
from django.test import Client

from guanxi.core.actor import system_actor
from guanxi.demo.seeding.services import seed_base
from tests.crawling import crawl, policy_problems
from tests.installation import Server
from tests.visitors import LANGUAGES, Visitor

BASELINE = Path(__file__).with_name("query_counts.json")
CHINESE = re.compile(r"[\u4e00-\u9fff]")


@pytest.fixture
def base(db: None) -> None:
    """A few customers with orders."""
    seed_base(actor=system_actor(), customers=12, orders_per_customer=3, seed=1, say=lambda text: None)


@pytest.mark.usefixtures("base")
@pytest.mark.parametrize(
    "language", [pytest.param(one, marks=() if one == "zh" else pytest.mark.full) for one in LANGUAGES]
)
def test_every_page_answers_within_the_policy(language: str) -> None:
    seen = crawl(Visitor(language=language), language=language)
    assert not seen.problems, "\n".join(seen.problems)
    assert len(seen.visited) > 15, f"only {sorted(seen.visited)} were reached"
    assert all(asset.startswith("/") for asset in seen.assets), seen.assets


@pytest.mark.usefixtures("base")
def test_pages_take_no_more_statements_than_the_baseline_however_many_rows(pytestconfig: pytest.Config) -> None:
    """With --update-baselines the file is written anew: look at what changed before you commit it."""
    visitor = Visitor()
    visited = crawl(visitor, language="en").visited
    few = {address: visitor.count(address) for addresses in visited.values() for address in addresses}
    counts = {kind: max(few[address] for address in addresses) for kind, addresses in sorted(visited.items())}
    if pytestconfig.getoption("--update-baselines"):
        BASELINE.write_text(json.dumps(counts, indent=1) + "\n")
    baseline = json.loads(BASELINE.read_text())
    worse = [
        f"{kind}: {baseline[kind]} -> {count}" for kind, count in counts.items() if count > baseline.get(kind, count)
    ]
    assert not worse, "more statements than the baseline:\n" + "\n".join(worse)
    new = sorted(counts.keys() - baseline.keys())
    assert not new, "pages without a baseline (pytest --update-baselines):\n" + "\n".join(new)
    seed_base(actor=system_actor(), customers=60, orders_per_customer=3, seed=2, say=lambda text: None)
    many = {address: visitor.count(address) for address in few}
    grown = [f"{address}: {few[address]} -> {many[address]}" for address in few if many[address] > few[address] + 2]
    assert not grown, "more statements for more rows:\n" + "\n".join(grown)


@pytest.mark.full
@pytest.mark.parametrize("language", LANGUAGES)
def test_the_served_demo_company_answers_within_the_policy(demo_guanxi: Server, language: str) -> None:
    with httpx.Client(base_url=demo_guanxi.url, headers={"Accept-Language": LANGUAGES[language]}, timeout=30) as client:
        page = client.get("/accounts/login/")
        token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page.text)
        assert token
        form = {"csrfmiddlewaretoken": token[1], "login": demo_guanxi.owner["name"]}
        form["password"] = demo_guanxi.owner["password"]
        entered = client.post("/accounts/login/", data=form, headers={"Referer": str(page.url)})
        assert entered.status_code == 302
        seen = crawl(client.get, language=language)
        seen.problems += [f"{asset} is missing" for asset in seen.assets if client.get(asset).status_code != 200]
    assert not seen.problems, "\n".join(seen.problems)
    assert len(seen.visited) > 15, f"only {sorted(seen.visited)} were reached"


def test_answers_without_a_page_carry_the_policy_too(client: Client, db: None) -> None:
    for path in (
        "/accounts/login/",
        "/no-such-page/",
        "/api/v1/health",
        "/api/v1/customers",
        "/static/no-such-file.js",
    ):
        assert policy_problems(client.get(path).headers) == [], path


@pytest.mark.django_db
def test_errors_are_pages_in_the_readers_language() -> None:
    answer = Visitor(language="zh")("/no-such-page/")
    assert answer.status_code == 404
    assert CHINESE.search(answer.text)
    assert "Traceback" not in answer.text
