"""What begins by itself: logs every night, other kinds after a notice, and what was left lying."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from guanxi.core import changes, clock
from guanxi.core.actor import actor_of, system_actor
from guanxi.core.errors import GuanxiError
from guanxi.core.models import User
from guanxi.core.records import RecordRef
from guanxi.customers.choices import RetentionState
from guanxi.customers.models import RetentionRun
from guanxi.customers.privacy.retention import previewing, requesting, rules
from guanxi.customers.privacy.retention.rules import Rule
from guanxi.tasks.public import notify

# An automatic kind is announced at most so often.
ANNOUNCED_EVERY = timedelta(days=30)


def begun_tonight() -> Iterator[RetentionRun]:
    """New runs of every automatic kind whose turn it is."""
    for rule in rules.all_rules():
        if rule.is_automatic and rule.days is not None:
            run = _begin(rule)
            if run is not None:
                yield run


def begun_this_hour() -> Iterator[RetentionRun]:
    """New runs of logs that are kept a day or two."""
    for rule in rules.all_rules():
        if rule.kind.is_log and rule.is_automatic and rule.days is not None and rule.days <= rules.SHORT_DAYS:
            run = _begin(rule)
            if run is not None:
                yield run


def _begin(rule: Rule) -> RetentionRun | None:
    """A new run of a kind, None when there is nothing to do or it cannot be."""
    if rule.days is None:
        return None
    now = clock.now()
    if RetentionRun.objects.filter(kind=rule.key, state__in=previewing.IN_HAND).exists():
        return None
    if not rule.kind.is_log and _was_announced(rule.key, rule.days, now - ANNOUNCED_EVERY):
        return None
    try:
        before = rules.cutoff(rule.kind, rule.days)
        if not any(part.rows(before).exists() for part in rule.kind.parts):
            return None
        due_at = now if rule.kind.is_log else now + timedelta(days=rule.notice_days)
        return previewing.begin(actor=system_actor("job"), key=rule.key, due_at=due_at)
    except GuanxiError:
        # The law asks for more than the rule says by now: the page of the kind tells so.
        return None


def _was_announced(key: str, days: int, since: datetime) -> bool:
    """Whether an automatic run was announced of late and the period is the same."""
    return RetentionRun.objects.filter(kind=key, due_at__isnull=False, asked_at__gte=since, days=days).exists()


def counted(run: RetentionRun) -> bool:
    """What becomes of a run that is counted; whether it begins at once."""
    if run.due_at is None or run.state != RetentionState.PREVIEWED:
        return False
    with transaction.atomic():
        row: RetentionRun = RetentionRun.objects.select_for_update().get(pk=run.pk)
        is_log = rules.kind_of(row.kind).is_log
        if not row.expected_count:
            _set(row, RetentionState.DONE, ended_at=clock.now())
            return False
        if not is_log:
            _set(row, RetentionState.ANNOUNCED)
            _tell_people(row)
            return False
        _go(row)
        return True


def due_now() -> Iterator[RetentionRun]:
    """Announced runs whose day has come; begun and counted ones whose job was lost are for the caller to see to."""
    for run in RetentionRun.objects.filter(state=RetentionState.ANNOUNCED, due_at__lte=clock.now()).order_by("pk"):
        with transaction.atomic():
            row = RetentionRun.objects.select_for_update().filter(pk=run.pk, state=RetentionState.ANNOUNCED).first()
            if row is None:
                continue
            try:
                requesting.refuse_stale(row)
            except GuanxiError as error:
                _set(row, RetentionState.FAILED, ended_at=clock.now(), error=str(error)[:500])
                continue
            _go(row)
            yield row


def _go(run: RetentionRun) -> None:
    """Let a run begin without anybody's word, by the rule that somebody has set."""
    rule = rules.rule_of(run.kind)
    with changes.operation(actor=system_actor("job"), name="privacy.end_data") as op:
        op.update(
            run,
            state=RetentionState.WAITING,
            confirmed_at=clock.now(),
            confirmed_by_name=(_("by the rule of %(who)s") % {"who": rule.set_by_name} if rule.set_by_name else "")[
                :150
            ],
            operation=op.row,
        )


def _set(run: RetentionRun, state: RetentionState, **values: object) -> None:
    """Note a new state."""
    with changes.operation(actor=system_actor("job"), name="privacy.preview_retention") as op:
        op.update(run, state=state, **values)
    previewing.tell(run)


def _tell_people(run: RetentionRun) -> None:
    """Tell those who settle what becomes of personal data that a run is announced."""
    people = [user.pk for user in User.objects.filter(is_active=True) if actor_of(user).can("privacy", "manage")]
    day = run.due_at.date().isoformat() if run.due_at else ""
    notify(
        user_ids=people,
        sort="privacy.retention",
        by=None,
        about=RecordRef("retentionrun", run.pk),
        data={"kind": run.kind, "count": run.expected_count, "day": day},
    )
