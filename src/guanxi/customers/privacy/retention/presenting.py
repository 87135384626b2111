"""What the pages and the command show of rules and runs."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db.models import F
from django.utils import timezone
from django.utils.dateparse import parse_date, parse_datetime
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from guanxi.core import masking
from guanxi.core.access import policy_or_none
from guanxi.core.actor import Actor
from guanxi.core.backup import schedule
from guanxi.core.errors import GuanxiError
from guanxi.core.retention import Ending, Group, activities
from guanxi.customers.choices import RetentionState
from guanxi.customers.models import Customer, RetentionRun
from guanxi.customers.privacy import holdings, legal
from guanxi.customers.privacy.erasing.certificates import name_of
from guanxi.customers.privacy.retention import previewing, requesting, rules
from guanxi.customers.privacy.retention.rules import Rule

GROUPS = {
    Group.CUSTOMERS: gettext_lazy("Customers and what is known of them"),
    Group.HISTORY: gettext_lazy("History and files"),
    Group.LOGS: gettext_lazy("Technical logs"),
}
ENDINGS = {
    Ending.ERASE: gettext_lazy("The person is erased"),
    Ending.DELETE: gettext_lazy("Deleted"),
    Ending.STRIP: gettext_lazy("Values removed"),
}
SHOWN = 20
LISTED = 50
BUSY = (RetentionState.COUNTING, RetentionState.WAITING, RetentionState.RUNNING)
TONES = {
    RetentionState.DONE: "success",
    RetentionState.FAILED: "danger",
    RetentionState.ANNOUNCED: "warning",
    RetentionState.PREVIEWED: "info",
    RetentionState.STOPPED: "neutral",
}


def period(days: int | None) -> str:
    """A period in words: whole years as years."""
    if days is None:
        return _("no period set")
    years = round(days / rules.DAYS_OF_YEAR)
    if years and days in (rules.years_as_days(years), years * 365):
        return ngettext("%(count)d year", "%(count)d years", years) % {"count": years}
    return ngettext("%(count)d day", "%(count)d days", days) % {"count": days}


@dataclass(frozen=True)
class Line:
    """One kind on the page of all kinds."""

    rule: Rule
    period: str
    ending: str
    how: str
    last: RetentionRun | None
    tone: str
    next: str
    due_on: date | None


def overview() -> list[tuple[str, list[Line]]]:
    """Every kind with its rule, its last run and its next one, in groups."""
    newest: dict[str, RetentionRun] = {}
    for run in RetentionRun.objects.order_by("-pk")[:500]:
        newest.setdefault(run.kind, run)
    grouped: dict[Group, list[Line]] = {group: [] for group in GROUPS}
    for rule in rules.all_rules():
        last = newest.get(rule.key)
        grouped[rule.kind.group].append(
            Line(
                rule,
                period(rule.days),
                str(ENDINGS[rule.kind.ending]),
                how(rule),
                last,
                tone(last) if last else "neutral",
                next_run(rule, last),
                timezone.localtime(last.due_at).date() if last and _is_announced(last) and last.due_at else None,
            )
        )
    return [(str(GROUPS[group]), lines) for group, lines in grouped.items() if lines]


def how(rule: Rule) -> str:
    """How runs of a kind begin."""
    if rule.days is None:
        return _("never")
    if not rule.is_automatic:
        return _("when somebody confirms a preview")
    if rule.kind.is_log:
        return _("every night") if rule.days > rules.SHORT_DAYS else _("every hour")
    text = ngettext(
        "by itself, %(count)d day after a notice", "by itself, %(count)d days after a notice", rule.notice_days
    )
    return text % {"count": rule.notice_days}


def _is_announced(run: RetentionRun) -> bool:
    """Whether a run waits for its day."""
    return run.state == RetentionState.ANNOUNCED


def next_run(rule: Rule, last: RetentionRun | None) -> str:
    """When the next run is, in words."""
    if last is not None and last.state in BUSY:
        return _("now")
    if rule.days is None or not rule.is_automatic:
        return "–"
    return _("tonight, if anything is past its period") if rule.kind.is_log else _("announced when anything is past it")


def tone(run: RetentionRun) -> str:
    """The colour of a state."""
    return TONES.get(RetentionState(run.state), "info")


def elsewhere() -> list[tuple[str, str]]:
    """What ends by itself by other rules than these."""
    kept = schedule.load()
    told = {"daily": kept.keep_daily, "weekly": kept.keep_weekly, "monthly": kept.keep_monthly}
    backups = _("the newest of %(daily)d days, %(weekly)d weeks and %(monthly)d months") % told
    return [
        (_("Backups"), backups if kept.is_on else _("made by hand: whoever keeps them sees to it")),
        (_("Sessions"), _("when they end")),
        (_("Work done, events told"), _("a week, two weeks; as numbers only")),
        (_("Backups from before an erasure"), _("erase again when restored, by the list of erasures")),
    ]


@dataclass
class Part:
    """What a preview found of one model."""

    name: str
    count: int
    held: int
    stays: int
    oldest: date | None
    newest: date | None


@dataclass
class Shown:
    """One run as its page shows it."""

    run: RetentionRun
    rule: Rule
    label: str
    ending: str
    period: str
    tone: str
    parts: list[Part]
    ended: list[tuple[str, int]]
    stays: list[tuple[str, str]]
    legal: list[str]
    sample: list[tuple[str, date | None, str]] = field(default_factory=list)
    hidden: int = 0
    refusal: str = ""


def shown(actor: Actor, run: RetentionRun) -> Shown:
    """A run with what its preview found, a sample that the actor may see, and why it could not begin now."""
    rule = rules.rule_of(run.kind)
    found = Shown(
        run=run,
        rule=rule,
        label=str(rule.kind.label),
        ending=str(ENDINGS[rule.kind.ending]),
        period=period(run.days),
        tone=tone(run),
        parts=[_part(label, told) for label, told in run.parts.items()],
        ended=[(name_of(label), count) for label, count in run.counts.items()],
        stays=_stays(rule),
        legal=[_law(one) for one in run.legal],
    )
    if run.state in (RetentionState.PREVIEWED, RetentionState.ANNOUNCED):
        found.sample, found.hidden = sample(actor, run)
        try:
            requesting.refuse_stale(run)
        except GuanxiError as error:
            found.refusal = str(error)
    return found


def _part(label: str, told: dict[str, Any]) -> Part:
    """One model of a preview."""
    stays = told["all"] - told["count"] - told["held"]
    return Part(name_of(label), told["count"], told["held"], stays, _moment(told["oldest"]), _moment(told["newest"]))


def _moment(text: str | None) -> date | None:
    """A moment or day that the preview wrote down."""
    if not text:
        return None
    parsed: datetime | None = parse_datetime(text)
    return timezone.localtime(parsed).date() if parsed is not None else parse_date(text)


def _law(one: dict[str, Any]) -> str:
    """A parameter of the law that stood when the preview was made."""
    return f"{legal.NAMES.get(one['key'], one['key'])}: {one['value']} ({one['valid_from']})"


def _stays(rule: Rule) -> list[tuple[str, str]]:
    """What stays of each person who is erased, and why."""
    if rule.kind.ending != Ending.ERASE:
        return []
    kept = [one for one in holdings.statements() if str(one.kept_because)]
    return [(name_of(one.label), str(one.kept_because)) for one in kept]


def sample(actor: Actor, run: RetentionRun) -> tuple[list[tuple[str, date | None, str]], int]:
    """Twenty of the rows that a preview found and the actor may see (title, day, address); how many were passed over."""
    kind = rules.kind_of(run.kind)
    lines: list[tuple[str, date | None, str]] = []
    hidden = 0
    for part in kind.parts:
        numbers = [number for label, number in run.sample if label == part.model_label]
        rows = part.rows(run.before).filter(pk__in=numbers)  # what tells the age may be worked out by these
        policy = policy_or_none(part.model)
        seen = policy.filter(rows, actor, _action(part.model_label)) if policy is not None else rows
        open_ones = list(seen.annotate(_aged_at=F(part.at)).order_by("pk")[: SHOWN - len(lines)])
        hidden += len(numbers) - (len(open_ones) if len(open_ones) < SHOWN else seen.count())
        last = _last_activities([row.pk for row in open_ones]) if kind.ending == Ending.ERASE else {}
        lines += [_line(actor, row, last) for row in open_ones]
    return lines, hidden


def _action(label: str) -> str:
    """The act by which rows of a model are open; packs have one of their own."""
    return "pack" if label == "customers.Pack" else "view"


def _line(actor: Actor, row: Any, last: dict[int, Any]) -> tuple[str, date | None, str]:
    """One row of a sample: only a customer has a name here, other rows their number."""
    moment = last.get(row.pk, row._aged_at)
    day = timezone.localtime(moment).date() if isinstance(moment, datetime) else moment
    if isinstance(row, Customer):
        name = masking.shown(actor, "customer", "name", row.name) or row.public_id
        return str(name), day, row.get_absolute_url()
    return f"{capfirst(str(row._meta.verbose_name))} {row.pk}", day, ""


def _last_activities(numbers: Iterable[int]) -> dict[int, Any]:
    """The day of the last activity of some customers."""
    wanted = list(numbers)
    found: dict[int, Any] = {}
    for activity in activities:
        for number, moment in activity.latest(wanted).items():
            day = timezone.localtime(moment).date() if isinstance(moment, datetime) else moment
            found[number] = max(found.get(number, day), day)
    return found


def what_counts() -> list[str]:
    """What is activity of a customer, in words."""
    return [_("the last contact noted on the record"), *(str(activity.label) for activity in activities)]


def runs_open(actor: Actor, key: str = "") -> list[RetentionRun]:
    """The latest runs, of one kind where asked."""
    rows = RetentionRun.objects.visible_to(actor)
    return list((rows.filter(kind=key) if key else rows)[:LISTED])


def run_open(actor: Actor, run_id: int) -> RetentionRun:
    """One run, for those who see what is done about personal data."""
    found: RetentionRun = RetentionRun.objects.get_visible(actor, pk=run_id)
    return found


def fresh_hours() -> int:
    """For how many hours a preview can be confirmed."""
    return int(previewing.FRESH_FOR.total_seconds() // 3600)
