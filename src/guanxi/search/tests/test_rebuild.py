"""`guanxi search rebuild` makes the index what it should be: from any state, cut short and run again, while people work."""

import json
import subprocess
import sys
import textwrap
from typing import Any

import pytest

from tests.installation import Installation

pytestmark = pytest.mark.full
COUNT, GHOSTS, OUTDATED = 6000, 700, 300
SPOILT = COUNT // 2 + OUTDATED + GHOSTS
BEGIN = """
import django, json, sys, time
django.setup()
from guanxi.core import clock
from guanxi.core.actor import system_actor
from guanxi.customers.models import Customer
from guanxi.customers.services.customers import create_customer, update_customer
from guanxi.search import services
from guanxi.search.models import SearchEntry
numbers = list(Customer.objects.order_by("pk").values_list("pk", flat=True))
"""
# Entries that are missing, outdated, or of nobody.
SPOIL = f"""
kept = SearchEntry.objects.filter(kind="customer")
kept.filter(record_id__in=numbers[:{COUNT // 2}]).delete()
old = numbers[{COUNT // 2}:{COUNT // 2 + OUTDATED}]
kept.filter(record_id__in=old).update(title="old", tokens="+customer old")
SearchEntry.objects.bulk_create(
    SearchEntry(kind="customer", record_id=numbers[-1] + 10**6 + number, title="ghost", tokens="+customer ghost",
                updated_at=clock.now())
    for number in range({GHOSTS})
)
"""
STATE = """
entries = list(SearchEntry.objects.filter(kind="customer").values_list("record_id", flat=True))
behind = services.is_behind("customer", {*numbers, *entries})
print(json.dumps({"behind": len(behind), "entries": len(entries), "customers": len(numbers)}))
"""
# Enters and changes customers all over the base until the file is gone.
WORK = """
from pathlib import Path
count = place = 0
while Path(sys.argv[1]).exists():
    place = (place + 1237) % len(numbers)
    update_customer(actor=system_actor(), customer_id=numbers[place], values={"name": f"Changed {count}"})
    create_customer(actor=system_actor(), values={"name": f"New {count}", "kind": "person"})
    count += 1
print(json.dumps({"count": count}))
"""

# Starts the command and ends it by force as soon as it has written something.
KILL = """
import subprocess
process = subprocess.Popen([sys.executable, "-m", "guanxi", "search", "rebuild", "customer"])
first = SearchEntry.objects.filter(kind="customer", record_id__in=numbers[:500])
while not first.exists():
    time.sleep(0.002)
process.kill()
print(json.dumps({"ended_with": process.wait()}))
"""


def python(guanxi: Installation, code: str, *args: object) -> subprocess.Popen[str]:
    """Start a piece of code on an installation."""
    environment = guanxi.environment | {"DJANGO_SETTINGS_MODULE": "guanxi.project.settings"}
    words = [sys.executable, "-c", BEGIN + textwrap.dedent(code), *map(str, args)]
    return subprocess.Popen(words, env=environment, stdout=subprocess.PIPE, text=True, start_new_session=True)


def told(process: subprocess.Popen[str]) -> Any:
    """What it printed, once it ended well."""
    out, _err = process.communicate(timeout=120)
    assert process.returncode == 0
    return json.loads(out or "null")


def state(guanxi: Installation) -> dict[str, int]:
    """How many entries there are, and how many are not as they should be."""
    return told(python(guanxi, STATE))


@pytest.fixture
def spoilt(guanxi: Installation) -> Installation:
    """A base whose index is in disorder."""
    guanxi.run("seed", "--customers", COUNT, "--orders-per-customer", 0)
    told(python(guanxi, SPOIL))
    assert state(guanxi)["behind"] == SPOILT
    return guanxi


def test_an_index_in_any_state_is_made_right(spoilt: Installation) -> None:
    assert spoilt.json("search", "rebuild", "customer") == {"changed": {"customer": SPOILT}}
    after = state(spoilt)
    assert (after["behind"], after["entries"]) == (0, after["customers"])
    assert "customer: 0 " in spoilt.run("search", "rebuild").out
    assert "planet" in spoilt.run("search", "rebuild", "planet", expect=1).err


def test_cut_short_half_way_and_run_again(spoilt: Installation) -> None:
    assert told(python(spoilt, KILL)) == {"ended_with": -9}
    assert 0 < state(spoilt)["behind"] < SPOILT
    spoilt.run("search", "rebuild", "customer")
    after = state(spoilt)
    assert (after["behind"], after["entries"]) == (0, after["customers"])


def test_while_customers_are_entered_and_changed(spoilt: Installation, tmp_path) -> None:
    sign = tmp_path / "working"
    sign.touch()
    worker = python(spoilt, WORK, sign)
    try:
        spoilt.run("search", "rebuild", "customer")
    finally:
        sign.unlink()
    assert told(worker)["count"] > 0
    after = state(spoilt)
    assert (after["behind"], after["entries"]) == (0, after["customers"])
