"""What rights cost, measured inside one process: the same requests with the caller's rights and with none to check.

Run by script/bench_peers.py in the environment of the installation to measure: `python -m script.bench_rights` prints
the share of a request that rights take; `phones N` and `token` print what the comparison asks with. The switch that
leaves rights out is a function put in the place of another in this process: the product has none.
"""

import io
import json
import os
import random
import statistics
import sys
import time
from typing import Any

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "guanxi.project.settings")

import django

django.setup()

from dataclasses import replace  # noqa: E402

from guanxi.core import ids  # noqa: E402
from guanxi.core.actor import console_actor, system_actor  # noqa: E402
from guanxi.core.errors import InvalidInput  # noqa: E402
from guanxi.core.models import Department, Role, RolePermission, User  # noqa: E402
from guanxi.customers.identifiers import normalise  # noqa: E402
from guanxi.customers.models import ContactPoint, Customer  # noqa: E402
from guanxi.integration import gate  # noqa: E402
from guanxi.integration.authentication import caller_of, keep_callers  # noqa: E402
from guanxi.integration.public import create_token  # noqa: E402
from guanxi.project.pages import PageHandler  # noqa: E402

TIMES, ROUNDS = 300, 7


def phones(most: int) -> list[str]:
    """Telephone numbers of customers that hold in the numbering plan."""
    found = []
    for value in (
        ContactPoint.objects.filter(kind="phone").order_by("-pk").values_list("normalised", flat=True)[: most * 3]
    ):
        try:
            found.append(normalise("phone", value))
        except InvalidInput:
            continue
    return found[:most]


def token(role: str = "manager", name: str = "bench-peers") -> str:
    """A fresh token of a user with a role."""
    user, _made = User.objects.get_or_create(username=name, defaults={"role": Role.objects.get(key=role)})
    return create_token(actor=console_actor(), user=user, scope="read")[1]


def narrow_token() -> str:
    """A token of somebody who sees their department and what is below it: half of a bench's customers."""
    department, _made = Department.objects.get_or_create(name="Bench")
    Department.objects.filter(pk=department.pk).update(path=f"/{department.pk}/")
    role, _made = Role.objects.get_or_create(key="bench-narrow", defaults={"name_en": "Bench", "name_zh": "Bench"})
    RolePermission.objects.get_or_create(role=role, kind="customer", action="view", defaults={"scope": "department"})
    key = token("bench-narrow", "bench-narrow")
    User.objects.filter(username="bench-narrow").update(department=department)
    if not Customer.objects.filter(department=department).exists():
        for first in range(0, 1_000_000, 50_000):
            rows = Customer.everything.filter(pk__gt=first, pk__lte=first + 50_000)
            rows.extra(where=["id %% 2 = 0"]).update(department=department)
        from django.db import connection

        with connection.cursor() as cursor:
            cursor.execute("VACUUM ANALYZE customers_customer")
    return key


def seconds(handler: PageHandler, paths: list[tuple[str, str]], key: str) -> float:
    """How long the requests take one after the other."""
    headers = [(b"host", b"localhost"), (b"authorization", f"Bearer {key}".encode())]
    started = time.perf_counter()
    for path, query in paths:
        scope: dict[str, Any] = {
            "type": "http", "method": "GET", "path": path, "raw_path": path.encode(), "query_string": query.encode(),
            "headers": headers, "http_version": "1.1", "client": ("127.0.0.1", 1), "server": ("localhost", 80),
            "scheme": "http",
        }  # fmt: skip
        answer = handler._answer(scope, io.BytesIO())
        if answer.status != 200:
            raise SystemExit(f"{path}: {answer.status} {answer.body[:200]!r}")
    return time.perf_counter() - started


def main() -> dict[str, float]:
    """The share of a request that rights take, by question."""
    key = narrow_token()
    keep_callers()
    time.sleep(1)
    handler = PageHandler()
    everything = replace(caller_of(key), actor=system_actor("api"))  # type: ignore[type-var]
    lot = random.Random(7)
    mine = list(Customer.objects.filter(department__name="Bench").order_by("pk").values_list("pk", flat=True)[:20_000])
    known = phones(2_000)
    questions: dict[str, list[tuple[str, str]]] = {
        "fifty, filtered and sorted": [("/api/v1/customers", "limit=50&status=active&sort=name")] * TIMES,
        "read one": [(f"/api/v1/customers/{ids.public_id('cus', lot.choice(mine))}", "") for _n in range(TIMES)],
        "look up a phone number": [
            ("/api/v1/customers/lookup", f"phone=%2B{lot.choice(known).removeprefix('+')}") for _n in range(TIMES)
        ],
    }
    found = {}
    for question, paths in questions.items():
        shares = []
        for _round in range(ROUNDS):
            gate.caller_of = caller_of
            with_rights = seconds(handler, paths, key)
            gate.caller_of = lambda *_given: everything
            shares.append(1 - seconds(handler, paths, key) / with_rights)
        found[question] = max(0.0, statistics.median(shares))
    return found


if __name__ == "__main__":
    words = sys.argv[1:]
    answer: Any = phones(int(words[1])) if words[:1] == ["phones"] else token() if words == ["token"] else main()
    sys.stdout.write(json.dumps(answer) + "\n")
    sys.stdout.flush()
    os._exit(0)
