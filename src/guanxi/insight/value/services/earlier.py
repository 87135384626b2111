"""Tiers at earlier dates: measured from the orders up to a day, kept so that movements can be listed."""

import time
from collections.abc import Sequence
from datetime import date, timedelta

import numpy as np
from django.db import transaction
from numpy.typing import NDArray

from guanxi.core import clock
from guanxi.core.columns import insert_table
from guanxi.insight.models import PastTier, StandingRun
from guanxi.insight.value import movement
from guanxi.insight.value.digests import digest_of
from guanxi.insight.value.measuring import METHOD, class_figures, concentration
from guanxi.insight.value.past import quarter_ends
from guanxi.insight.value.reading import EarlierBase, Span, read_earlier
from guanxi_methods.value import CustomerPyramid

QUARTER, ASKED = "quarter end", "asked for"


def refresh(span: Span) -> None:
    """Bring the earlier dates up to date: the last quarter ends, and those that somebody asked for."""
    past = StandingRun.objects.filter(kind=StandingRun.Kind.PAST)
    past.exclude(period_to__gte=span.first, period_to__lt=span.last).delete()
    asked = set(past.filter(reason=ASKED).values_list("period_to", flat=True))
    quarters = set(quarter_ends(span.first, span.last))
    past.exclude(reason=ASKED).exclude(period_to__in=quarters).delete()
    measure_days(span, sorted(quarters - asked), reason=QUARTER)
    measure_days(span, sorted(asked), reason=ASKED)


def forget_all() -> None:
    """Drop every earlier date."""
    StandingRun.objects.filter(kind=StandingRun.Kind.PAST).delete()


def measure_days(span: Span, days: Sequence[date], *, reason: str) -> None:
    """Measure the tiers at the end of some days, where anything up to then has changed."""
    started = time.monotonic()
    for day, base in read_earlier(span, days):
        found = StandingRun.objects.filter(kind=StandingRun.Kind.PAST, period_to=day)
        digest = digest_of((base.ids, base.net, base.orders, base.last), METHOD, span.currency, day)
        if not found.filter(digest=digest).exists():
            with transaction.atomic():
                found.delete()
                _keep(span, day, base, digest, reason, started)
        started = time.monotonic()


def _keep(span: Span, day: date, base: EarlierBase, digest: str, reason: str, started: float) -> None:
    """Write one earlier measurement and the tiers above small."""
    run = StandingRun(
        kind=StandingRun.Kind.PAST,
        as_of=day + timedelta(days=1),
        period_from=span.first,
        period_to=day,
        currency=span.currency,
        order_count=int(base.orders.sum()),
        customer_count=int(base.ids.size),
        net_revenue_minor=int(base.net.sum()),
        method=METHOD,
        digest=digest,
        reason=reason,
        computed_at=clock.now(),
        seconds=round(time.monotonic() - started, 2),
    )
    if not base.ids.size:
        run.save()
        return
    pyramid = CustomerPyramid().fit(base.net, last=base.last, ids=base.ids)
    run.parameters = {"pyramid": {"shares": list(pyramid.shares), "names": list(pyramid.names)}}
    run.figures = {"pyramid": class_figures(pyramid, base.net, "tier"), "concentration": concentration(base.net)}
    run.save()
    above_small = np.flatnonzero(pyramid.codes_ < len(pyramid.names) - 1)
    _write_tiers(run.pk, base.ids[above_small], np.asarray(pyramid.names)[pyramid.codes_[above_small]])


def _write_tiers(run_id: int, customer_ids: NDArray[np.int64], tiers: NDArray[np.str_]) -> None:
    """Write the tiers above small of one earlier measurement."""
    import pyarrow as pa  # takes 0.2 s to load, and most processes never measure

    runs = np.full(customer_ids.size, run_id, dtype=np.int64)
    insert_table(PastTier, pa.table({"run_id": runs, "customer_id": customer_ids, "tier": tiers}))


def keep_movements(run: StandingRun) -> None:
    """Count the movements from every earlier date to a new measurement, so that its page need not."""
    now = movement.read_now()
    for earlier in StandingRun.objects.filter(kind=StandingRun.Kind.PAST):
        cells = movement.count_movements(earlier, run, now).tolist()
        earlier.figures["moved"] = {"to": run.pk, "cells": cells}
        earlier.save(update_fields=["figures"])
