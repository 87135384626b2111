"""What erasing one person costs in a large base; `python -m guanxi.project.bench.erasing PEOPLE` erases so many.

It runs in the environment of an installation made for measuring and prints JSON.
"""

import json
import os
import random
import statistics
import sys
import time

from guanxi.project.bench.figures import Figure
from guanxi.project.bench.installation import Installation
from guanxi.project.bench.wanted import Wanted

PEOPLE = 20


def measure(wanted: Wanted, installation: Installation) -> list[Figure]:
    """Erase some people of a large base, one after the other."""
    seconds = installation.python("guanxi.project.bench.erasing", PEOPLE)
    what = f"among {wanted.customers:,} customers, PostgreSQL"
    more = {"people": len(seconds), "longest": f"{max(seconds) * 1000:,.0f} ms"}
    return [Figure(f"erasing one person {what}, median", round(statistics.median(seconds) * 1000, 1), "ms", more=more)]


def erase(people: int) -> list[float]:
    """Erase people of all ages of the base, each as if somebody had asked for it; the seconds of each."""
    from guanxi.core import jobs
    from guanxi.core.actor import system_actor
    from guanxi.customers.choices import CustomerKind, WorkState
    from guanxi.customers.models import Customer
    from guanxi.customers.privacy.erasing import requesting

    actor, lot = system_actor(), random.Random(5)
    found: list[float] = []
    newest = Customer.objects.order_by("-pk").values_list("pk", flat=True)[0]
    while len(found) < people:
        beyond = Customer.objects.filter(kind=CustomerKind.PERSON, pk__gte=lot.randint(1, newest), erased_at=None)
        person = beyond.order_by("pk")[0]
        began = time.perf_counter()
        erasure = requesting.request_erasure(
            actor=actor, customer_id=person.pk, typed=person.public_id, reason="bench", requested_by="person"
        )
        jobs.run_pending()
        found.append(time.perf_counter() - began)
        erasure.refresh_from_db()
        if erasure.state != WorkState.DONE:
            raise RuntimeError(erasure.error)
    return found


def main(words: list[str]) -> None:
    """Erase and tell."""
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "guanxi.project.settings")
    django.setup()
    sys.stdout.write(json.dumps(erase(int(words[0]))) + "\n")


if __name__ == "__main__":
    main(sys.argv[1:])
