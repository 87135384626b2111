"""How long each kind is kept: what the company has set, the usual period otherwise, and the least that the law asks."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from guanxi.core import access, changes, clock, parameters
from guanxi.core.actor import Actor
from guanxi.core.errors import InvalidInput, NotFound
from guanxi.core.leases import database_now
from guanxi.core.retention import Kind, kinds
from guanxi.customers.choices import RetentionState
from guanxi.customers.models import LegalParameter, RetentionRule, RetentionRun
from guanxi.customers.privacy import legal

DAYS_OF_YEAR = 365.25
LONGEST_DAYS = 36_500
NOTICE_DAYS = 7
LONGEST_NOTICE = 90
LONGEST_BASIS = 300
# A log kept for so long or less is looked at every hour.
SHORT_DAYS = 2
YEARS = "_years"
FAMILY = "privacy.retention"
PARTS = {
    "days": gettext_lazy("days kept"),
    "is_automatic": gettext_lazy("ends by itself"),
    "notice_days": gettext_lazy("days of notice"),
    "basis": gettext_lazy("reason for the period"),
}
# Runs that a new rule makes void.
OPEN_TO_CHANGE = (RetentionState.COUNTING, RetentionState.PREVIEWED, RetentionState.ANNOUNCED)


@dataclass(frozen=True)
class Rule:
    """What holds for a kind."""

    key: str
    kind: Kind
    days: int | None
    is_automatic: bool
    notice_days: int = NOTICE_DAYS
    basis: str = ""
    set_at: datetime | None = None
    set_by_name: str = ""


@dataclass(frozen=True)
class Minimum:
    """The least that a parameter of the law asks, as a number of days and as the latest moment that may go today."""

    key: str
    value: int
    unit: str
    days: int
    before: datetime
    source: str
    valid_from: date

    def sentence(self) -> str:
        """What the law asks, in words."""
        told = {"count": self.value, "days": self.days, "source": self.source}
        if self.unit == "days":
            text = ngettext("at least %(count)d day", "at least %(count)d days", self.value)
        else:
            text = ngettext(
                "at least %(count)d year (%(days)d days)", "at least %(count)d years (%(days)d days)", self.value
            )
        return text % told


def kind_of(key: str) -> Kind:
    """A kind by its key."""
    found = kinds.get(key)
    if found is None:
        raise NotFound(_("There is no such kind of data."))
    return found


def rule_of(key: str) -> Rule:
    """What holds for a kind today."""
    return _rule(key, kind_of(key), RetentionRule.objects.filter(pk=key).first())


def all_rules() -> list[Rule]:
    """What holds for every kind, in the order of the page."""
    rows = RetentionRule.objects.in_bulk()
    return [_rule(key, kind, rows.get(key)) for key, kind in kinds.items()]


def _rule(key: str, kind: Kind, row: RetentionRule | None) -> Rule:
    """The company's own rule, else the usual one."""
    if row is None:
        return Rule(key, kind, kind.days, is_automatic=kind.is_log and kind.days is not None)
    return Rule(
        key, kind, row.days, row.is_automatic, row.notice_days, row.basis, row.set_at, row.set_by_name
    )  # fmt: skip


def label_of(name: str) -> str | None:
    """What a part of a rule is called in the history: `notes.days`."""
    key, _dot, part = name.rpartition(".")
    kind = kinds.get(key)
    return f"{kind.label}: {PARTS[part]}" if kind is not None and part in PARTS else None


parameters.families.add(FAMILY, label_of)


def safe_now() -> datetime:
    """The earlier one of our clock and the database's: of two that differ, the one that ends less."""
    return min(clock.now(), database_now())


def years_as_days(years: int) -> int:
    """A number of days that is never shorter than these years."""
    return -int(-years * DAYS_OF_YEAR // 1)


def minimums(kind: Kind, now: datetime | None = None) -> list[Minimum]:
    """What the law asks of a kind at least; InvalidInput where a parameter is missing."""
    moment = now or safe_now()
    return [_minimum(key, kind, moment) for key in kind.minimums]


def _minimum(key: str, kind: Kind, now: datetime) -> Minimum:
    """One parameter as a least period."""
    today = now.astimezone(clock.company_zone()).date()
    value = legal.number(key, today)
    row = LegalParameter.objects.filter(key=key, valid_from__lte=today).order_by("-valid_from").first()
    source, since = (row.source, row.valid_from) if row is not None else ("", today)
    if not key.endswith(YEARS):
        return Minimum(key, value, "days", value, now - timedelta(days=value), source, since)
    years = value + 1 if kind.is_counted_by_year else value
    begin = date(max(1, today.year - value), 1, 1) if kind.is_counted_by_year else years_before(today, value)
    before = datetime.combine(begin, time.min, clock.company_zone())
    return Minimum(key, value, "years", years_as_days(years), before, source, since)


def years_before(day: date, years: int) -> date:
    """The same day some years ago; the day before for 29 February."""
    year = max(1, day.year - years)
    try:
        return day.replace(year=year)
    except ValueError:
        return day.replace(year=year, day=28)


def cutoff(kind: Kind, days: int) -> datetime:
    """Data of before this moment is past its period: by the rule, and by the law where that asks for longer."""
    now = safe_now()
    return min([now - timedelta(days=days), *(one.before for one in minimums(kind, now))])


def check_days(kind: Kind, days: int) -> None:
    """Raise InvalidInput when a period cannot be or is shorter than the law asks."""
    if not 0 < days <= LONGEST_DAYS:
        raise InvalidInput(
            _("Between 1 and %(most)d days can be set.") % {"most": LONGEST_DAYS},
            column="period",
        )
    for one in minimums(kind):
        if days < one.days:
            told = {"what": one.sentence(), "name": legal.NAMES.get(one.key, one.key), "source": one.source}
            text = _("The law asks for longer, %(what)s: %(name)s, %(source)s.") % told
            raise InvalidInput(text, column="period")


def set_rule(
    *, actor: Actor, key: str, days: int | None, is_automatic: bool, notice_days: int = NOTICE_DAYS, basis: str = ""
) -> Rule:
    """Set how long a kind is kept; None keeps it until somebody sets a period. Previews made before are void."""
    access.require(actor, "privacy", "manage")
    kind = kind_of(key)
    if days is not None:
        check_days(kind, days)
    elif is_automatic:
        raise InvalidInput(_("Without a period nothing can end by itself."), column="period")
    if not 1 <= notice_days <= LONGEST_NOTICE:
        raise InvalidInput(
            _("Between 1 and %(most)d days of notice can be set.") % {"most": LONGEST_NOTICE}, column="notice_days"
        )
    words = basis.strip()
    if len(words) > LONGEST_BASIS or "\x00" in words:
        raise InvalidInput(_("The reason is too long or cannot be stored."), column="basis")
    values = {
        "days": days,
        "is_automatic": is_automatic,
        "notice_days": notice_days,
        "basis": words,
        "set_at": clock.now(),
        "set_by_name": actor.name[:150],
    }
    with changes.operation(actor=actor, name="privacy.set_retention") as op:
        row = RetentionRule.objects.select_for_update().filter(pk=key).first()
        before = changes.snapshot(row) if row is not None else {}
        row = row or RetentionRule(kind=key)
        for name, value in values.items():
            setattr(row, name, value)
        row.save()  # house: writes: journaled below, under the name of the kind
        for name in PARTS:
            if before.get(name) != values[name]:
                op.record(
                    kind="parameter",
                    record_id=0,
                    field=f"{FAMILY}.{key}.{name}",
                    before=before.get(name),
                    after=values[name],
                )
        for run in RetentionRun.objects.select_for_update().filter(kind=key, state__in=OPEN_TO_CHANGE):
            op.update(run, state=RetentionState.STOPPED, ended_at=clock.now())
    return rule_of(key)
