"""Figures of service as the page shows them: each with its definition, its interval, and the way to its cases."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy

from guanxi.core.models import User
from guanxi.customers.choices import Tier
from guanxi.insight.desk_figures.measuring import ALL, Backlog, Duration, Figures, Share
from guanxi.service.choices import OPEN_STATES, CaseState, CaseType
from guanxi.service.facts import DIMENSIONS
from guanxi.service.lists import AGES, age_words, queue_choices
from guanxi.service.public import CHANNEL_LABELS

# All but cases that were closed elsewhere.
OWN_STATES = ",".join(state for state in CaseState if state != CaseState.CLOSED_ELSEWHERE)
OPEN = ",".join(OPEN_STATES)
BY = {
    "owner": gettext_lazy("Who answers for it"),
    "queue": gettext_lazy("Queue"),
    "tier": gettext_lazy("Tier"),
    "channel": gettext_lazy("Channel"),
    "type": gettext_lazy("Type"),
}
PLACES = dict(zip(BY, range(len(DIMENSIONS)), strict=True))
DEFINITIONS: dict[str, str | Promise] = {
    "opened": gettext_lazy("Cases opened in the period; cases that were closed elsewhere count nowhere on this page."),
    "first_answer": gettext_lazy(
        "From the customer's first word to our first answer by a person, around the clock, of cases opened in the "
        "period. The middle value; below it where nine of ten are answered, and the 95 % interval of the middle by "
        "order statistics."
    ),
    "solution": gettext_lazy(
        "From the opening to the last solution, around the clock, of cases solved in the period. The middle value, nine "
        "of ten, and the 95 % interval of the middle by order statistics."
    ),
    "kept": gettext_lazy(
        "Of the cases of which a clock ended in the period, those of which every such clock was kept. 95 % interval: "
        "Wilson."
    ),
    "at_once": gettext_lazy(
        "Of the cases solved in the period that we answered, those in which the customer did not speak again after our "
        "first answer and that were not opened again. 95 % interval: Wilson."
    ),
    "reopened": gettext_lazy(
        "Of the cases solved in the period, those that had been opened again. 95 % interval: Wilson."
    ),
    "backlog": gettext_lazy(
        "Cases in which something is still to be done now, whatever the period; middle age and oldest, and how many are "
        "how old."
    ),
}
HEADS: tuple[tuple[str, str | Promise], ...] = (
    ("opened", pgettext_lazy("figures", "Opened")),
    ("first_answer", gettext_lazy("First answer")),
    ("solution", gettext_lazy("Solution time")),
    ("kept", gettext_lazy("Promises of time kept")),
    ("at_once", gettext_lazy("Settled by one answer")),
    ("reopened", gettext_lazy("Opened again")),
    ("backlog", gettext_lazy("Still to be done")),
)


@dataclass(frozen=True)
class Part:
    """One number, or some that tell of the same cases, how many cases those are, and where they are listed."""

    text: str
    count: int = 0
    url: str = ""
    # It goes on with what stands before it.
    is_joined: bool = False


@dataclass(frozen=True)
class Cell:
    """One figure: what stands, and what stands below it."""

    main: Part
    below: tuple[Part, ...] = ()
    # What the column says; where a window is too narrow for columns it stands above the figure.
    head: str | Promise = ""


@dataclass(frozen=True)
class Row:
    """One group."""

    label: str
    cells: tuple[Cell, ...]
    is_all: bool = False


def rows_of(figures: Mapping[Any, Figures], *, by: str, since: date, until: date) -> list[Row]:
    """All first, then each group, the one with most cases first."""
    labels = _labels(by, figures)
    found = [_row(figures[ALL], _("All"), "", since, until, by, is_all=True)]
    others = [(key, one) for key, one in figures.items() if key is not ALL]
    others.sort(key=lambda pair: (-pair[1].opened, -pair[1].backlog.count, str(labels.get(pair[0], ""))))
    for key, one in others:
        known = "-" if key in (None, "") else str(key)
        found.append(_row(one, labels.get(key, _("none")), known, since, until, by))
    return found


def _row(one: Figures, label: str, key: str, since: date, until: date, by: str, *, is_all: bool = False) -> Row:
    """The cells of one group."""
    period = f"{since.isoformat()}..{until.isoformat()}"
    own = {} if is_all else {by: key}

    def part(text: str, count: int, **asked: str) -> Part:
        """A number with the way to its cases."""
        where = f"{reverse('service:cases')}?{urlencode({**own, 'state': OWN_STATES, **asked})}"
        return Part(text, count, where if count else "")

    cells = (
        Cell(part(str(one.opened), one.opened, opened=period)),
        _duration(one.first_answer, lambda text: part(text, one.answered, opened=period, answered="yes")),
        _duration(one.solution, lambda text: part(text, one.solved, solved=period)),
        _share(
            one.kept,
            lambda text: part(text, one.kept.count, kept=period),
            lambda text: part(text, one.kept.of, ended=period),
        ),
        _share(
            one.at_once,
            lambda text: part(text, one.at_once.count, solved=period, one_contact="yes"),
            lambda text: part(text, one.at_once.of, solved=period, answered="yes"),
        ),
        _share(
            one.reopened,
            lambda text: part(text, one.reopened.count, solved=period, reopened="yes"),
            lambda text: part(text, one.reopened.of, solved=period),
        ),
        _backlog(one.backlog, lambda text, count, **asked: part(text, count, state=OPEN, **asked)),
    )
    heads = (head for _key, head in HEADS)
    return Row(label, tuple(replace(cell, head=head) for cell, head in zip(cells, heads, strict=True)), is_all)


def _duration(one: Duration | None, part: Callable[[str], Part]) -> Cell:
    """The middle, and below it its interval and where nine of ten are; all of the same cases."""
    if one is None:
        return Cell(Part("–"))
    below = [part(_("9 of 10: %(p90)s") % {"p90": span(one.p90)})]
    if one.low is not None and one.high is not None:
        below.insert(0, part(f"{span(one.low)} – {span(one.high)}"))
    return Cell(part(span(one.median)), (*below, part(_cases(one.count))))


def _share(one: Share, counted: Callable[[str], Part], whole: Callable[[str], Part]) -> Cell:
    """The share in per cent; below it how many, of how many, and its interval."""
    if one.ratio is None:
        return Cell(Part("–"))
    interval = whole(f"{one.low:.0%} – {one.high:.0%}")
    return Cell(
        whole(f"{one.ratio:.1%}"), (counted(str(one.count)), replace(whole(f"/ {one.of}"), is_joined=True), interval)
    )


def _backlog(one: Backlog, part: Callable[..., Part]) -> Cell:
    """How much waits; below it the middle age, the oldest, and how many of each age."""
    if one.median is None or one.oldest is None:
        return Cell(part("0", 0))
    ages = zip(AGES.items(), one.ages, strict=True)
    return Cell(
        part(str(one.count), one.count),
        (
            part(_("middle %(age)s") % {"age": span(one.median)}, one.count),
            part(_("oldest %(age)s") % {"age": span(one.oldest)}, one.count, sort="opened"),
            *(part(f"{age_words(*bounds)}: {count}", count, age=key) for (key, bounds), count in ages if count),
        ),
    )


def _cases(count: int) -> str:
    """How many cases it was measured of."""
    return ngettext("%(count)s case", "%(count)s cases", count) % {"count": count}


def span(seconds: float | None) -> str:
    """A span of time in words short enough for a table."""
    if seconds is None:
        return "–"
    minutes = seconds / 60
    if minutes < 1:
        return _("%(count)s s") % {"count": round(seconds)}
    if minutes < 60:
        return _("%(count)s min") % {"count": round(minutes)}
    if minutes < 48 * 60:
        return _("%(hours)s h %(minutes)s min") % {"hours": int(minutes // 60), "minutes": round(minutes % 60)}
    return _("%(count)s days") % {"count": f"{minutes / 1440:.1f}"}


def _labels(by: str, figures: Mapping[Any, Figures]) -> dict[Any, str]:
    """What the groups are called."""
    if by == "owner":
        numbers = [key for key in figures if isinstance(key, int)]
        return {user.pk: user.display_name for user in User.objects.filter(pk__in=numbers)}
    if by == "queue":
        return dict(queue_choices())
    known = {"tier": Tier.choices, "channel": CHANNEL_LABELS, "type": CaseType.choices}[by]
    return {key: str(label) for key, label in known}
