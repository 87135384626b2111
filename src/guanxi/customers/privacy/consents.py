"""What customers said about the use of their data: recorded, never overwritten; the latest word counts."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils import timezone

from guanxi.core import changes, clock, events
from guanxi.core.actor import Actor
from guanxi.core.compiled import CompiledRecords
from guanxi.core.errors import InvalidInput
from guanxi.core.sentences import gettext as _
from guanxi.customers.choices import ConsentChannel, ConsentState, LegalBasis
from guanxi.customers.events import ConsentRecorded
from guanxi.customers.models import Consent, Customer, Merge, Notice, Purpose
from guanxi.customers.privacy import purposes
from guanxi.files.public import Received, store

SOONEST = date(1970, 1, 1)
# The stricter of two words said at one moment counts.
_STRICTNESS = {ConsentState.GIVEN: 0, ConsentState.REFUSED: 1, ConsentState.WITHDRAWN: 2}


@dataclass(frozen=True)
class Standing:
    """What holds for one customer, purpose and channel: whether the use is allowed, why, and by which word."""

    purpose: Purpose
    channel: str
    is_allowed: bool
    reason: str
    consent: Consent | None = None


def record_consent(
    *,
    actor: Actor,
    customer_id: int,
    purpose: str,
    state: str,
    channels: Sequence[str] = ("",),
    at: datetime | None = None,
    expires_on: date | None = None,
    is_separate: bool = False,
    notice_id: int | None = None,
    evidence: str = "",
    source: str = "",
    file: tuple[str, Received] | None = None,
) -> list[Consent]:
    """Write down what a customer said about a purpose, one row for each channel; rows before stay as they are."""
    with transaction.atomic():
        customer = Customer.objects.get_visible(actor, "change", pk=customer_id)
        about = purposes.purpose_with(purpose)
        said_at = at or clock.now()
        check_word(state, channels, said_at, expires_on)
        if state == ConsentState.GIVEN:
            if about.needs_separate and not is_separate:
                raise InvalidInput(
                    _("This purpose needs separate consent: say that it was given separately."), column="is_separate"
                )
            if not evidence.strip() and file is None:
                raise InvalidInput(_("Say how the consent can be proved, or add a file."), column="evidence")
            if expires_on is None and about.valid_days:
                expires_on = timezone.localdate(said_at) + timedelta(days=about.valid_days)
        else:
            expires_on = None
        shown = _notice(about, notice_id, said_at)
        made: list[Consent] = []
        with changes.operation(actor=actor, name="customers.record_consent") as op:
            for channel in dict.fromkeys(channels):
                made.append(
                    op.create(
                        Consent(
                            customer=customer,
                            purpose=about,
                            channel=channel,
                            state=state,
                            at=said_at,
                            expires_on=expires_on,
                            is_separate=is_separate,
                            notice=shown,
                            evidence=_text(evidence, "evidence", 5_000),
                            source=_text(source, "source", 120),
                            by_id=actor.user_id,
                            by_name=actor.name[:150],
                            means=actor.means,
                            created_at=clock.now(),
                            first_customer_id=customer.pk,
                        )
                    )
                )
            if file is not None:
                # Each word has its proof; the content lies on the disk once and goes with the last of them.
                name, received = file
                for row in made:
                    store(actor=actor, name=name, source=received, record_kind="consent", record_id=row.pk)
            events.publish(ConsentRecorded(customer_id=customer.pk, purpose=about.key, state=state))
        return made


def withdraw(*, actor: Actor, consent_id: int, evidence: str = "", source: str = "") -> list[Consent]:
    """Take back what one row allows, for its purpose and channel: a row more, from now on."""
    row = consent_to_change(actor, consent_id)
    return record_consent(
        actor=actor,
        customer_id=row.customer_id,
        purpose=row.purpose.key,
        state=ConsentState.WITHDRAWN,
        channels=[row.channel],
        evidence=evidence,
        source=source,
    )


def consent_to_change(actor: Actor, consent_id: int) -> Consent:
    """One word of a customer whom the actor may change."""
    rows = Consent.objects.select_related("customer", "purpose")
    found: Consent = rows.get_visible(actor, "change", pk=consent_id)
    return found


_HISTORY = CompiledRecords(
    Consent,
    lambda number: Consent.objects.filter(customer=number).order_by("-at", "-id"),
    int,
    related=("purpose", "notice"),
)


def history(customer_id: int) -> list[Consent]:
    """Every word of a customer, the latest first."""
    return _HISTORY.all(customer_id)


def standing(
    customer_id: int,
    purpose: Purpose,
    channel: str = "",
    at: datetime | None = None,
    rows: Iterable[Consent] | None = None,
) -> Standing:
    """What holds at a moment; a word about one channel and one about all of them count alike: the latest one."""
    moment = at or clock.now()
    day = timezone.localdate(moment)
    if (purpose.valid_from and day < purpose.valid_from) or (purpose.valid_until and day > purpose.valid_until):
        return Standing(purpose, channel, False, _("The company does not use data for this purpose any more."))
    if rows is None:
        rows = Consent.objects.filter(customer=customer_id, purpose=purpose, channel__in={channel, ""}, at__lte=moment)
    deciding = deciding_word(customer_id, purpose, channel, rows, moment)
    if deciding is None:
        if purpose.basis == LegalBasis.CONSENT or purpose.needs_separate:
            return Standing(purpose, channel, False, _("There is no consent on record."))
        basis = _("Allowed without consent: %(basis)s.") % {"basis": LegalBasis(purpose.basis).label}
        return Standing(purpose, channel, True, basis)
    refusal = _refusal(purpose, deciding, day)
    reason = refusal or _("Consent given on %(day)s.") % {"day": timezone.localdate(deciding.at).isoformat()}
    return Standing(purpose, channel, not refusal, reason, deciding)


def deciding_word(
    customer_id: int, purpose: Purpose, channel: str, rows: Iterable[Consent], at: datetime | None = None
) -> Consent | None:
    """The one of a customer's words that decides about a purpose and a channel at a moment."""
    moment = at or clock.now()
    said = [row for row in rows if row.purpose_id == purpose.pk and row.channel in {channel, ""} and row.at <= moment]
    return _stricter(customer_id, said)


def _refusal(purpose: Purpose, said: Consent, day: date) -> str:
    """Why a word does not allow the use on a day; '' when it does."""
    on = {"day": timezone.localdate(said.at).isoformat()}
    if said.state == ConsentState.REFUSED:
        return _("Refused on %(day)s.") % on
    if said.state == ConsentState.WITHDRAWN:
        return _("Withdrawn on %(day)s.") % on
    if said.expires_on and day > said.expires_on:
        return _("The consent ended on %(day)s.") % {"day": said.expires_on.isoformat()}
    if purpose.needs_separate and not said.is_separate:
        return _("The consent was not given separately.")
    return ""


def _last(rows: Iterable[Consent]) -> Consent:
    """The latest word; of several said at one moment the stricter."""
    return max(rows, key=lambda row: (row.at, _STRICTNESS[ConsentState(row.state)], row.pk))


def _stricter(customer_id: int, said: Sequence[Consent]) -> Consent | None:
    """The word that decides: the latest; of records that were merged the stricter one, until something new was said."""
    by_record: dict[int, list[Consent]] = {}
    for row in said:
        by_record.setdefault(row.first_customer_id, []).append(row)
    lasts = {number: _last(rows) for number, rows in by_record.items()}
    if len(lasts) < 2:
        return next(iter(lasts.values()), None)
    own = lasts.pop(customer_id, None)
    if own is not None:
        merged = merged_at(lasts)
        # What comes in later, from a file or by hand, but was said before is nothing new.
        lasts = {n: r for n, r in lasts.items() if n not in merged or own.created_at <= merged[n] or own.at <= r.at}
    candidates = [*lasts.values(), *([own] if own is not None else [])]
    return max(candidates, key=lambda row: (row.state != ConsentState.GIVEN, row.at, row.pk))


def merged_at(customer_ids: Iterable[int]) -> dict[int, datetime]:
    """When customers were absorbed, by customer."""
    rows = Merge.objects.filter(absorbed__in=customer_ids, undone_at__isnull=True)
    return dict(rows.values_list("absorbed_id", "at"))


def may_contact(customer_id: int, channel: str, purpose: str, at: datetime | None = None) -> tuple[bool, str]:
    """Whether a customer may be reached this way for this purpose, and why (not), in the reader's language."""
    if channel and channel not in ConsentChannel.values:
        raise InvalidInput(_("There is no channel “%(channel)s”.") % {"channel": channel[:40]}, column="channel")
    customer = Customer.objects.filter(pk=customer_id).values("erased_at").first()
    if customer is None:
        return False, _("There is no such record, or it is not open to you.")
    if customer["erased_at"]:
        return False, _("This person was erased.")
    found = standing(customer_id, purposes.purpose_with(purpose), channel, at)
    return found.is_allowed, found.reason


def may_use(customer_id: int, purpose: str, at: datetime | None = None) -> tuple[bool, str]:
    """Whether a customer's data may be used for a purpose that reaches nobody: profiling, transfer, sensitive data."""
    return may_contact(customer_id, "", purpose, at)


def overview(customer_id: int, at: datetime | None = None) -> list[list[Standing]]:
    """For each purpose in use what holds in general, and for each channel about which something else was said."""
    rows = history(customer_id)
    found = []
    for purpose in purposes.in_use():
        mine = [row for row in rows if row.purpose_id == purpose.pk]
        channels = ["", *sorted({row.channel for row in mine if row.channel})]
        found.append([standing(customer_id, purpose, channel, at, mine) for channel in channels])
    return found


def check_word(state: str, channels: Sequence[str], at: datetime, expires_on: date | None) -> None:
    """Raise InvalidInput naming what cannot be."""
    if state not in ConsentState.values:
        raise InvalidInput(_("“%(value)s” is not one of the choices.") % {"value": str(state)[:40]}, column="state")
    if not channels or any(channel and channel not in ConsentChannel.values for channel in channels):
        raise InvalidInput(_("Choose one or more channels, or all of them."), column="channels")
    if at > clock.now() + timedelta(minutes=5):
        raise InvalidInput(_("This day has not come yet."), column="at")
    if timezone.localdate(at) < SOONEST:
        raise InvalidInput(_("This day lies too far back."), column="at")
    if expires_on is not None and expires_on < timezone.localdate(at):
        raise InvalidInput(_("The end lies before the beginning."), column="expires_on")


def _notice(purpose: Purpose, notice_id: int | None, at: datetime) -> Notice | None:
    """The text that was shown: the one named, else the one in force that day."""
    if notice_id is None:
        return purposes.notice_in_force(purpose, timezone.localdate(at))
    found: Notice | None = Notice.objects.filter(pk=notice_id, purpose=purpose).first()
    if found is None:
        raise InvalidInput(_("This text does not belong to the purpose."), column="notice")
    return found


def _text(text: str, column: str, limit: int) -> str:
    """A text within its limit."""
    plain = text.replace("\x00", "").strip()
    if len(plain) > limit:
        raise InvalidInput(_("At most %(limit)s characters can be kept here.") % {"limit": limit}, column=column)
    return plain
