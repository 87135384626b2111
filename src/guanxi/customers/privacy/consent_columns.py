"""Consent in files: a group of columns for each purpose and channel, which imports read and exports write.

`consent_marketing_sms_state` says what the customer said, the columns beside it when, until when, where and how it can
be proved; `all` stands for every channel. A file carries what holds; the words before it stay where they were said.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import pgettext_lazy

from guanxi.core import masking
from guanxi.core.actor import Actor
from guanxi.core.errors import InvalidInput
from guanxi.core.sentences import gettext as _
from guanxi.core.sentences import of
from guanxi.customers.choices import ConsentChannel, ConsentState
from guanxi.customers.models import Consent, Purpose
from guanxi.customers.privacy import consents
from guanxi.importing.choices import ValueKind
from guanxi.importing.models import Import
from guanxi.importing.targets import Field, RowBatch

ALL = "all"
PATTERN = "consent_PURPOSE_CHANNEL_{state,date,until,separate,source,evidence}"
STATES = {
    **dict.fromkeys(
        ("given", "yes", "y", "true", "1", "granted", "opt-in", "opted in", "subscribed", "同意", "已同意", "是", "已订阅"),
        ConsentState.GIVEN.value,
    ),
    **dict.fromkeys(("refused", "no", "n", "false", "0", "declined", "拒绝", "已拒绝", "不同意", "否"), ConsentState.REFUSED.value),
    **dict.fromkeys(
        ("withdrawn", "revoked", "opt-out", "opted out", "unsubscribed", "撤回", "已撤回", "退订", "已退订"),
        ConsentState.WITHDRAWN.value,
    ),
}  # fmt: skip
YES_NO = {
    **dict.fromkeys(("yes", "y", "true", "1", "是"), "yes"),
    **dict.fromkeys(("no", "n", "false", "0", "否"), "no"),
}
_LABELS: dict[str, Promise] = {
    "state": pgettext_lazy("consent", "what was said"),
    "date": pgettext_lazy("consent", "said on"),
    "until": pgettext_lazy("consent", "lasts until"),
    "separate": pgettext_lazy("consent", "given separately"),
    "source": pgettext_lazy("consent", "where it was said"),
    "evidence": pgettext_lazy("consent", "proof"),
}
PARTS = tuple(_LABELS)
_KINDS = {"state": ValueKind.CHOICE, "date": ValueKind.MOMENT, "until": ValueKind.DATE, "separate": ValueKind.CHOICE}
_CHOICES = {"state": STATES, "separate": YES_NO}
_LIMITS = {"source": 120, "evidence": 5_000}
# What the service calls the columns that it finds fault with.
_COLUMNS = {"at": "date", "expires_on": "until", "is_separate": "separate", "state": "state", "evidence": "evidence"}
_NAME = re.compile(rf"consent_([a-z][a-z0-9_]*)_({'|'.join((ALL, *ConsentChannel.values))})_({'|'.join(PARTS)})")


@dataclass(frozen=True)
class Group:
    """The columns about one purpose and one channel ('' for all of them)."""

    purpose: Purpose
    channel: str

    @property
    def key(self) -> str:
        """What the names of its columns begin with."""
        return f"consent_{self.purpose.key}_{self.channel or ALL}"

    @property
    def label(self) -> str:
        """Its name for people."""
        channel = ConsentChannel(self.channel).label if self.channel else _("every channel")
        return _("Consent: %(purpose)s, %(channel)s") % {"purpose": self.purpose, "channel": channel}

    def names(self) -> list[str]:
        """The names of its columns."""
        return [f"{self.key}_{part}" for part in PARTS]

    def field(self, part: str) -> Field:
        """One of its columns as an import knows it."""
        return Field(
            f"{self.key}_{part}",
            f"{self.label}: {_LABELS[part]}",
            _KINDS.get(part, ValueKind.TEXT),
            max_length=_LIMITS.get(part, 200),
            has_lines=part == "evidence",
            choices=_CHOICES.get(part, {}),
            group=self.key,
            group_label=self.label,
            short_label=_LABELS[part],
        )


def groups() -> list[Group]:
    """Every purpose with every channel."""
    channels = ("", *ConsentChannel.values)
    return [Group(purpose, channel) for purpose in Purpose.objects.all() for channel in channels]


def fields() -> list[Field]:
    """Every column about consent that a file may have."""
    return [group.field(part) for group in groups() for part in PARTS]


def unknown_purposes(columns: Iterable[str]) -> list[str]:
    """The purposes that columns of a file name and that this installation does not have."""
    named = {found[1] for name in columns if (found := _NAME.fullmatch(name.strip()))}
    return sorted(named - set(Purpose.objects.values_list("key", flat=True))) if named else []


def derive(batch: RowBatch, run: Import) -> list[list[dict[str, Any]] | None]:
    """What each row says about consent, checked; rows that say what cannot be are refused."""
    found: list[list[dict[str, Any]] | None] = [None] * len(batch)
    if not any(key.startswith("consent_") for key in batch.values):
        return found
    zone = ZoneInfo(run.timezone)
    for group in groups():
        columns = {part: batch.column(f"{group.key}_{part}") for part in PARTS if f"{group.key}_{part}" in batch.values}
        for index in range(len(batch)) if columns else ():
            told = {part: column[index] for part, column in columns.items()}
            if index in batch.refusals or all(value is None for value in told.values()):
                continue
            try:
                word = _word(group, told, run.created_at, zone)
            except InvalidInput as error:
                part = _COLUMNS.get(error.column or "", "state")
                batch.refuse(index, f"{group.key}_{part if part in columns else 'state'}", of(error))
            else:
                found[index] = [*(found[index] or []), word]
    return found


def _word(group: Group, told: Mapping[str, Any], read_at: datetime, zone: ZoneInfo) -> dict[str, Any]:
    """One word as a row tells it; InvalidInput says what is wrong with it."""
    state, evidence = told.get("state"), told.get("evidence") or ""
    if state is None:
        raise InvalidInput(_("say what the customer said: given, refused or withdrawn"), column="state")
    is_given = state == ConsentState.GIVEN
    at = told.get("date") or read_at
    if is_given and told.get("date") is None:
        raise InvalidInput(_("say on which day the consent was given"), column="at")
    until = told.get("until") if is_given else None
    consents.check_word(state, [group.channel], at, until)
    if is_given and group.purpose.needs_separate and told.get("separate") != "yes":
        raise InvalidInput(
            _("this purpose needs separate consent: say that it was given separately"), column="is_separate"
        )
    if is_given and not evidence.strip():
        raise InvalidInput(_("say how the consent can be proved"), column="evidence")
    if is_given and until is None and group.purpose.valid_days:
        until = timezone.localdate(at) + timedelta(days=group.purpose.valid_days)
    return {
        "purpose": group.purpose.pk,
        "channel": group.channel,
        "state": state,
        "at": (at if is_given else _until_the_end_of_the_day(at, read_at, zone)).isoformat(),
        "until": until.isoformat() if until else None,
        "separate": told.get("separate") == "yes",
        "source": told.get("source") or "",
        "evidence": evidence,
    }


def _until_the_end_of_the_day(at: datetime, read_at: datetime, zone: ZoneInfo) -> datetime:
    """A no of which only the day is known counts for all of it, so that no yes of that day comes after it."""
    local = at.astimezone(zone)
    if (local.hour, local.minute, local.second, local.microsecond) != (0, 0, 0, 0):
        return at
    return min(local.replace(hour=23, minute=59, second=59).astimezone(at.tzinfo), max(at, read_at))


def to_the_second(state: str, at: datetime) -> datetime:
    """A moment as files have it: a no is rounded up, a yes down, so that a file never turns their order."""
    whole = at.replace(microsecond=0)
    return whole if whole == at or state == ConsentState.GIVEN else whole + timedelta(seconds=1)


def on_record() -> list[Group]:
    """The purposes and channels about which anything was said."""
    said = set(Consent.objects.order_by().values_list("purpose_id", "channel").distinct())
    return [group for group in groups() if (group.purpose.pk, group.channel) in said]


def deciding(numbers: Sequence[int], wanted: Sequence[Group]) -> dict[tuple[int, str], Consent]:
    """For customers, by customer and group, the word that decides, where anything was said about the very channel."""
    if not wanted:
        return {}
    by_customer: dict[int, list[Consent]] = {}
    for row in Consent.objects.filter(customer__in=numbers).order_by("pk"):
        by_customer.setdefault(row.customer_id, []).append(row)
    found = {}
    for customer, rows in by_customer.items():
        told = {(row.purpose_id, row.channel) for row in rows}
        for group in wanted:
            if (group.purpose.pk, group.channel) in told:
                word = consents.deciding_word(customer, group.purpose, group.channel, rows)
                if word is not None:
                    found[customer, group.key] = word
    return found


def cells(actor: Actor, said: Consent | None) -> Iterator[str | date | None]:
    """A word as a file has it, in the order of the columns."""
    if said is None:
        yield from [None] * len(PARTS)
        return
    yield said.state
    yield to_the_second(said.state, said.at)
    yield said.expires_on
    yield "yes" if said.is_separate else "no"
    yield masking.shown(actor, "consent", "source", said.source)
    yield masking.shown(actor, "consent", "evidence", said.evidence)
