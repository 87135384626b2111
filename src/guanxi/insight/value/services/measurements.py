"""Recomputing standings: one measurement at a time, written only when something has changed."""

import logging
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager, nullcontext
from dataclasses import asdict
from datetime import date, timedelta
from typing import Any

from django.conf import settings
from django.db import connection, transaction
from django.utils.translation import gettext_lazy as _

from guanxi.commerce import facts
from guanxi.core import changes, clock, locks, parameters
from guanxi.core.actor import system_actor
from guanxi.core.errors import Busy, InvalidInput
from guanxi.core.money import reporting_currency
from guanxi.customers.public import record_standings
from guanxi.insight.models import StandingRun
from guanxi.insight.value import reading
from guanxi.insight.value.digests import digest_of
from guanxi.insight.value.measuring import METHOD, figures, measure
from guanxi.insight.value.queries import latest_run
from guanxi.insight.value.rows import standing_rows
from guanxi.insight.value.services import earlier

logger = logging.getLogger("guanxi.value")

LOCK = "insight:standings"
LONGEST_WAIT_SECONDS = 600.0
EPOCH = date(1970, 1, 1)
WRONG_DAY = _("Choose a day after the first order on record and before the last one.")
CURRENCY, GUESS = "reporting_currency", "reporting_currency_of_first_orders"
parameters.declare(GUESS, _("Reporting currency taken from the first orders"))


def bring_standings_up_to_date(*, reason: str) -> StandingRun | None:
    """Measure the value of every customer from the orders in force; None when there are none.

    Waits while another process measures. When nothing has changed since the last measurement it stands. Not to be
    called in a transaction (on SQLite other writers would wait for all of it).
    """
    with _turn():
        return _recompute(reason)


def check_earlier_date(day: date) -> reading.Span:
    """What is on record, if the day lies within it; else InvalidInput."""
    span = reading.read_span(reporting_currency())
    if span is None or not span.first <= day < span.last:
        raise InvalidInput(WRONG_DAY, column="day")
    return span


def add_earlier_date(*, day: date) -> None:
    """Work out the tiers as of the end of an earlier day, for movements from or to it."""
    with _turn():
        span = check_earlier_date(day)
        earlier.measure_days(span, [day], reason=earlier.ASKED)


@contextmanager
def _turn() -> Iterator[None]:
    """Wait until no other process measures, and keep others waiting for the block."""
    deadline = time.monotonic() + LONGEST_WAIT_SECONDS
    pause = 0.05
    with ExitStack() as stack:
        while True:
            try:
                stack.enter_context(locks.hold(LOCK))
                break
            except Busy:
                if time.monotonic() > deadline:
                    raise
            time.sleep(pause)
            pause = min(pause * 1.5, 1.0)
        yield


def _recompute(reason: str) -> StandingRun | None:
    """Read, compare with the last measurement, measure, write."""
    started = time.monotonic()
    latest = latest_run()
    span = reading.read_span(_settled_currency())
    if span is None:
        return _measure_nothing(latest, reason) if latest and latest.customer_count else latest
    base = reading.read_base(span)
    columns = (base.ids, base.net, base.orders, base.purchases, base.first, base.last, base.margin)
    digest = digest_of(columns, METHOD, span)
    if latest and latest.digest == digest:
        return latest
    run = StandingRun(
        kind=StandingRun.Kind.UNFINISHED,
        as_of=span.last + timedelta(days=1),
        method=METHOD,
        digest=digest,
        reason=reason,
        computed_at=clock.now(),
        seconds=0.0,
        **_of_span(span),
    )
    if base.ids.size:
        measured = measure(base, (run.as_of - EPOCH).days)
        run.parameters = measured.parameters()
        run.level_basis = measured.level_basis
        run.customer_count = int(base.ids.size)
        run.net_revenue_minor = int(base.net.sum())
        run.figures = figures(measured)
        _record(run, standing_rows(measured), started)
    else:
        _record(run, (), started)
    earlier.refresh(span)
    earlier.keep_movements(run)
    logger.debug("value: %d customers measured in %.1f s (%s)", run.customer_count, run.seconds, reason)
    return run


def _settled_currency() -> str:
    """The reporting currency; where nobody has set it, that of the first orders brought in, kept from then on.

    A currency that was only taken from the first orders is given up when no order in it is left.
    """
    guess = parameters.get(GUESS)
    if settings.CONFIG.currency or parameters.get(CURRENCY) != guess:
        return reporting_currency()
    if guess and facts.orders_on_record(guess)["orders"]:
        return str(guess)
    first = facts.first_currency()
    if first and first != guess:
        with changes.operation(actor=system_actor(), name="value.settle_currency") as op:
            parameters.put(op, CURRENCY, first)
            parameters.put(op, GUESS, first)
    return first or reporting_currency()


def _record(run: StandingRun, rows: Iterable[Sequence[Any]], started: float) -> None:
    """Write the standings, and the run as finished once they all stand."""
    with transaction.atomic() if connection.vendor == "postgresql" else nullcontext():
        StandingRun.objects.filter(kind=StandingRun.Kind.UNFINISHED).delete()
        run.save()
        run.movement_count = record_standings(
            rows,
            currency=run.currency,
            as_of=run.as_of,
            period_from=run.period_from,
            period_to=run.period_to,
            method=run.method,
            run=run.pk,
        )
        run.kind = StandingRun.Kind.CURRENT
        run.seconds = round(time.monotonic() - started, 2)
        run.save(update_fields=["kind", "movement_count", "seconds"])


def _measure_nothing(latest: StandingRun, reason: str) -> StandingRun:
    """All orders are gone: blank every standing, on the date of the last measurement."""
    run = StandingRun(
        kind=StandingRun.Kind.UNFINISHED,
        as_of=latest.as_of,
        period_from=latest.period_from,
        period_to=latest.period_to,
        currency=latest.currency,
        method=METHOD,
        digest="",
        reason=reason,
        computed_at=clock.now(),
        seconds=0.0,
    )
    _record(run, (), time.monotonic())
    earlier.forget_all()
    return run


def _of_span(span: reading.Span) -> dict[str, Any]:
    """The columns of a run that tell what it covers."""
    return {
        "period_from": span.first,
        "period_to": span.last,
        "currency": span.currency,
        "order_count": span.order_count,
        "unidentified_count": span.unidentified_count,
        "unidentified_minor": span.unidentified_minor,
        "left_out": [asdict(entry) for entry in span.left_out],
    }
