"""What people decide about runs: to begin one from its preview, and to stop one."""

from django.db import transaction
from django.utils import formats
from django.utils.translation import gettext as _

from guanxi.core import access, changes, clock
from guanxi.core.actor import Actor
from guanxi.core.errors import Conflict, Forbidden, InvalidInput
from guanxi.core.retention import Ending, Kind
from guanxi.customers.choices import RetentionState
from guanxi.customers.models import RetentionRun
from guanxi.customers.privacy.retention import previewing, rules

CAN_STOP = (
    RetentionState.COUNTING,
    RetentionState.PREVIEWED,
    RetentionState.ANNOUNCED,
    RetentionState.WAITING,
    RetentionState.RUNNING,
)


def may_end(actor: Actor, kind: Kind) -> bool:
    """Whether the actor may confirm a run; erasing people also needs the right to erase every customer."""
    if not actor.can("privacy", "manage"):
        return False
    return kind.ending != Ending.ERASE or actor.scope("customer", "erase") == "all"


def confirm(*, actor: Actor, run_id: int, typed: str) -> RetentionRun:
    """Let a run begin from its preview; `typed` repeats how many rows it ends. The caller enqueues the job."""
    access.require(actor, "privacy", "manage")
    with transaction.atomic():
        run: RetentionRun = RetentionRun.objects.select_for_update().get_visible(actor, "manage", pk=run_id)
        kind = rules.kind_of(run.kind)
        if not may_end(actor, kind):
            raise Forbidden(_("Your role does not allow this."))
        refuse_stale(run)
        if typed.strip().replace(",", "").replace(" ", "") != str(run.expected_count):
            raise InvalidInput(
                _("Type the number of rows to confirm: %(count)s.") % {"count": run.expected_count}, column="typed"
            )
        with changes.operation(actor=actor, name="privacy.end_data") as op:
            op.update(
                run,
                state=RetentionState.WAITING,
                confirmed_at=clock.now(),
                confirmed_by_name=actor.name[:150],
                operation=op.row,
            )
        previewing.tell(run)
    return run


def refuse_stale(run: RetentionRun) -> None:
    """Raise Conflict when nobody could say any more that the preview shows what would end."""
    if run.state not in (RetentionState.PREVIEWED, RetentionState.ANNOUNCED) or run.previewed_at is None:
        raise Conflict(_("This run cannot begin: it is %(state)s.") % {"state": run.get_state_display()})
    age = clock.now() - run.previewed_at
    is_announced = run.state == RetentionState.ANNOUNCED
    if not is_announced and not -previewing.FRESH_FOR / 24 <= age <= previewing.FRESH_FOR:
        hours = int(previewing.FRESH_FOR.total_seconds() // 3600)
        raise Conflict(
            _("The preview is older than %(hours)d hours, or the clock was changed. Make a new one.") % {"hours": hours}
        )
    if RetentionRun.objects.filter(kind=run.kind, pk__gt=run.pk).exists():
        raise Conflict(_("There is a newer preview of this kind."))
    rule = rules.rule_of(run.kind)
    if rule.days != run.days:
        raise Conflict(_("The period was changed since the preview. Make a new one."))
    if not run.expected_count:
        raise Conflict(_("Nothing is past its period."))
    refuse_early(run)


def refuse_early(run: RetentionRun) -> None:
    """Raise Conflict when by the clocks and the law of now the run would end younger data than it may."""
    allowed = rules.cutoff(rules.kind_of(run.kind), run.days)
    if run.before > allowed:
        told = {"day": formats.date_format(allowed.astimezone(clock.company_zone()), "Y-m-d")}
        raise Conflict(
            _("The clock was set back, or the law asks for longer by now: only data of before %(day)s may end.") % told
        )


def stop(*, actor: Actor, run_id: int) -> RetentionRun:
    """Stop a run, begun or not; what has ended stays so."""
    access.require(actor, "privacy", "manage")
    with transaction.atomic():
        run: RetentionRun = RetentionRun.objects.select_for_update().get_visible(actor, "manage", pk=run_id)
        if run.state not in CAN_STOP:
            raise Conflict(_("This run is over."))
        with changes.operation(actor=actor, name="privacy.stop_retention") as op:
            op.update(run, state=RetentionState.STOPPED, ended_at=clock.now())
        previewing.tell(run)
    return run
