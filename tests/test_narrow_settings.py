"""Settings on a telephone, with something in them: nothing slides sideways, nothing lies over something else."""

from collections.abc import Callable
from itertools import pairwise
from typing import Any

import pytest

from tests.installation import Server

pytestmark = pytest.mark.full
WIDER = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
# How far a label reaches beyond its button, and a button beyond the card that it stands in.
BEYOND = """() => Math.max(0, ...[...document.querySelectorAll('.menu-foot .btn')].flatMap((button) => {
  const [inner, outer] = [button.querySelector('span') || button, button].map((e) => e.getBoundingClientRect());
  return [inner.right - outer.right, outer.right - button.closest('.settings-card').getBoundingClientRect().right];
}))"""


def test_what_settings_hold_fits_a_telephone(live_guanxi: Server, open_page: Callable[..., Any]) -> None:
    owner = live_guanxi.owner["name"]
    for number in range(2):
        scopes = ("--scope", "customers:read", "--scope", "customers:write")
        label = f"The program of the shop at the harbour {number}"
        live_guanxi.run("token", "create", "--user", owner, *scopes, "--label", label, "--days", 30)
    page = open_page(live_guanxi, "/settings/tokens", language="zh-CN", width=390)
    assert page.locator(".token-list > li").count() == 2
    assert page.evaluate(WIDER) <= 1
    assert "a.m." not in page.inner_text("main")
    assert "p.m." not in page.inner_text("main")
    page.goto("/settings/sign-in-rules")
    assert page.locator(".menu-foot .btn").count() == 3
    assert page.evaluate(BEYOND) <= 1
    page.goto("/settings/security")
    page.wait_for_selector(".sign-in-list li")
    assert page.evaluate(WIDER) <= 1
    cut = "e => [...e.querySelectorAll('*')].some(x => x.getBoundingClientRect().right > e.getBoundingClientRect().right + 1)"
    assert not page.locator("#history").evaluate(cut)


def test_kinds_of_a_list_stand_apart_and_show_the_one_that_is_seen(
    live_guanxi: Server, open_page: Callable[..., Any]
) -> None:
    page = open_page(live_guanxi, "/settings/privacy/requests", width=390)
    kinds = page.locator("nav.kind-filter > a")
    assert kinds.count() > 1
    boxes = [kinds.nth(number).bounding_box() for number in range(kinds.count())]
    for left, right in pairwise(boxes):
        assert right["x"] - left["x"] - left["width"] >= 4 or right["y"] > left["y"]
    weight = "e => getComputedStyle(e).fontWeight"
    current, other = (
        page.locator("nav.kind-filter > a[aria-current]"),
        page.locator("nav.kind-filter > a:not([aria-current])"),
    )
    assert current.evaluate(weight) != other.first.evaluate(weight)
