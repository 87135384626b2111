"""Bringing the demo company: through the same imports and services as any user, each step once."""

from collections.abc import Callable
from contextlib import nullcontext
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from guanxi.core import clock, events, locks, parameters
from guanxi.core.actor import Actor, actor_of, system_actor
from guanxi.core.models import CustomField
from guanxi.customers.choices import Tier
from guanxi.customers.models import Customer
from guanxi.customers.services.bulk_changes import bulk_update_customers
from guanxi.customers.services.core_cards import save_core_card
from guanxi.customers.services.customers import create_customer, update_customer
from guanxi.customers.services.own_fields import add_field
from guanxi.customers.services.profiles import update_profile
from guanxi.customers.services.relations import relate
from guanxi.customers.services.visits import add_note, record_visit
from guanxi.demo import stories, users
from guanxi.demo.desk.bringing import ARRANGED, bring_desk
from guanxi.demo.numbers import SOURCE, customers_by_external_id
from guanxi.importing.public import run_import
from guanxi.importing.services import ImportRequest
from guanxi.ui.models import SavedView
from guanxi.ui.services import create_view

DATA = Path(__file__).parent / "data"
DONE = "demo.steps_done"
parameters.declare(DONE, _("Steps of the demo company that are done"))
LOCK = "demo:set-up"

Say = Callable[[str], None]


def install(*, say: Say = lambda _text: None) -> bool:
    """Bring the demo company, or what of it is still missing; whether there was anything to do.

    A step and the mark that it is done are written together; imports find what they brought before.
    """
    done = set(parameters.get(DONE, []))
    if done >= set(STEPS):
        return False
    with locks.hold(LOCK):
        # What stands before anybody is at the desk was brought before: the history of a customer begins with it.
        before = clock.now() - ARRANGED - timedelta(days=1)
        users.make_organisation(system_actor())
        users.bring_accounts(system_actor())
        actor = actor_of(users.known_users()["owner"], means="system")
        for name, (sentence, step, is_import) in STEPS.items():
            if name in done:
                continue
            say(sentence)
            with (
                nullcontext() if name == "desk" else clock.at(before),
                nullcontext() if is_import else transaction.atomic(),
            ):
                step(actor)
                _mark(name)
        events.deliver_pending()
    return True


def _mark(name: str) -> None:
    """Note that a step is done."""
    parameters.change(actor=system_actor(), key=DONE, value=[*parameters.get(DONE, []), name])


def _make_fields(actor: Actor) -> None:
    """Add the demo company's own fields to customers."""
    for position, values in enumerate(stories.CUSTOM_FIELDS):
        if not CustomField.objects.filter(kind="customer", key=values["key"]).exists():
            add_field(actor=actor, values={**values, "position": position})


def _import_customers(actor: Actor) -> None:
    """Bring the invented names and contacts."""
    run_import(actor=actor, request=ImportRequest("customers", DATA / "customers.csv", source=SOURCE))


def _import_orders(actor: Actor) -> None:
    """Bring the real invoices."""
    run_import(actor=actor, request=ImportRequest("orders", DATA / "online_retail.parquet", mapping=SOURCE))


def _give_owners(actor: Actor) -> None:
    """Let the manager answer for the best customers and the two desks for the others, by the script of their names."""
    people = users.known_users()
    mine = Customer.objects.filter(external_ids__source=SOURCE)
    best = Q(standing__tier__in=(Tier.VIP, Tier.MAJOR))
    latin = Q(name__regex=r"^[ -~]+$")
    for condition, username in ((best, "manager"), (~best & ~latin, "agent"), (~best & latin, "agent2")):
        user = people[username]
        values = {"owner": user.pk, "department": user.department_id}
        bulk_update_customers(actor=actor, queryset=mine.filter(condition), values=values)


def _tell_stories(actor: Actor) -> None:
    """Write relations, archives, tags, cards, visits and notes."""
    known = customers_by_external_id()
    for subject, kind, target, values in stories.RELATIONS:
        relate(actor=actor, subject_id=known[subject], object_id=known[target], kind=kind, values=values)
    for number, values in stories.PROFILES.items():
        update_profile(actor=actor, customer_id=known[number], values=values)
    for number, tags in stories.TAGS.items():
        update_customer(actor=actor, customer_id=known[number], values={"tags": tags})
    manager = actor_of(users.known_users()["manager"], means="system")
    for number, values in stories.CORE_CARDS.items():
        save_core_card(actor=manager, customer_id=known[number], values=values)
    for number, values in stories.VISITS:
        record_visit(actor=manager, customer_id=known[number], values=_dated(values))
    for number, text, is_pinned in stories.NOTES:
        add_note(actor=manager, customer_id=known[number], text=text, is_pinned=is_pinned)


def _enter_twice(_actor: Actor) -> None:
    """Have the desks enter some customers once more, so that there is something to find and to merge."""
    people = users.known_users()
    for username, _number, values, point in stories.TWICE:
        user = people[username]
        create_customer(
            actor=actor_of(user, means="system"),
            values={**values, "owner": user.pk, "department": user.department_id, "note": stories.TWICE_NOTE},
            contact_points=[point],
        )


def _dated(values: dict[str, Any]) -> dict[str, Any]:
    """Return a visit with its moment in the company's time zone."""
    moment = datetime.fromisoformat(values["visited_at"])
    return {**values, "visited_at": timezone.make_aware(moment)}


def _keep_views(actor: Actor) -> None:
    """Keep views of the list of customers for everybody."""
    for name, state in stories.VIEWS:
        if not SavedView.objects.filter(list_key="customers", owner_id=actor.user_id, name=name).exists():
            create_view(actor=actor, list_key="customers", name=name, state=state, is_shared=True)


STEPS: dict[str, tuple[str, Callable[[Actor], None], bool]] = {
    "fields": ("fields of its own", _make_fields, False),
    "customers": ("customers with invented names and contacts", _import_customers, True),
    "orders": ("invoices of thirteen months (Online Retail, UCI 352, CC BY 4.0)", _import_orders, True),
    "owners": ("who answers for whom", _give_owners, False),
    "stories": ("relations, archives, cards, visits", _tell_stories, False),
    "twice": ("some customers on record twice", _enter_twice, False),
    "views": ("views of lists", _keep_views, False),
    "desk": ("months of talk at its front desk", bring_desk, False),
}


def is_installed() -> bool:
    """Whether this installation holds the whole demo company."""
    return set(parameters.get(DONE, [])) >= set(STEPS)
