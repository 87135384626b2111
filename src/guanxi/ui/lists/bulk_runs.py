"""Acts on more rows than a request should hold: a job goes through them by key, a chunk and an operation at a time.

A chunk, its operation and the note how far the run has come are one transaction: a worker that dies loses nothing and
does nothing twice. Rights are those of the moment in which a chunk is written. Undo takes the operations back, the
last one first.
"""

import time
from collections.abc import Mapping
from typing import Any

from django.db import connection, transaction
from django.db.models import Max
from django.http import QueryDict
from django.utils import translation
from django.utils.translation import gettext as _

from guanxi.core import access, changes, clock, jobs, live
from guanxi.core.actor import Actor, actor_of
from guanxi.core.errors import Conflict, GuanxiError, InvalidInput, NotFound
from guanxi.ui.lists.meanwhile import Meanwhile, hold
from guanxi.ui.lists.spec import BulkAction, pages
from guanxi.ui.lists.state import Scene, read_state
from guanxi.ui.models import BulkRun
from guanxi.ui.models.bulk_runs import BulkState
from guanxi.ui.toasts import undone

CHUNK, SQLITE_CHUNK = 4_000, 500
SQLITE_PAUSE_SECONDS = 0.1
BUSY = (BulkState.WAITING, BulkState.RUNNING, BulkState.UNDOING)


class BulkRunPolicy(access.Policy):
    """A run is seen by who asked for it."""

    kind = "bulk_run"

    def filter(self, queryset: Any, actor: Actor, action: str) -> Any:
        """Only the actor's own."""
        return queryset.filter(user=actor.private_id) if actor.private_id is not None else queryset.none()


def start_run(*, actor: Actor, scene: Scene, action: BulkAction, given: Mapping[str, list[str]], count: int) -> BulkRun:
    """Have a job do an act on every row of a list's state."""
    if actor.user_id is None:
        raise InvalidInput(_("Only a person who is signed in starts this."))
    kept = QueryDict(mutable=True)
    for name, values in given.items():
        if name not in {"csrfmiddlewaretoken", "ids", "all", "count"}:
            kept.setlist(name, values)
    with transaction.atomic():
        run = BulkRun.objects.create(
            list_key=scene.page.key,
            action=action.key,
            query=scene.state.canonical(),
            given=kept.urlencode(),
            user_id=actor.user_id,
            rows_total=count,
            last_id=scene.narrowed().order_by().aggregate(last=Max("pk"))["last"],
            asked_at=clock.now(),
        )
        do_run.enqueue(run.pk)
    return run


def run_of(actor: Actor, number: int) -> BulkRun:
    """One of the actor's runs."""
    found = (
        BulkRunPolicy().filter(BulkRun.objects.select_related("user__role"), actor, "view").filter(pk=number).first()
    )
    if found is None:
        raise NotFound(_("There is no such record, or it is not open to you."))
    return found


def ask_undo(*, actor: Actor, number: int) -> BulkRun:
    """Have a job take back what a run did."""
    with transaction.atomic():
        run = run_of(actor, number)
        claimed = BulkRun.objects.filter(pk=run.pk, state__in=(BulkState.DONE, BulkState.FAILED))
        if not run.operations or not claimed.update(state=BulkState.UNDOING, error=""):
            raise Conflict(_("There is nothing here to undo."))
        undo_run.enqueue(run.pk)
    return run


@jobs.task(queue_name="long")
def do_run(number: int) -> None:
    """Go through the rows from where the run stands."""
    run = BulkRun.objects.select_related("user__role").get(pk=number)
    if run.state not in (BulkState.WAITING, BulkState.RUNNING):
        return
    try:
        while _do_chunk(run):
            _breathe()
    except GuanxiError as refused:
        _end(run, BulkState.FAILED, str(refused))
    else:
        _end(run, BulkState.DONE)


@jobs.task(queue_name="long")
def undo_run(number: int) -> None:
    """Take back the operations that can be, the last first; those overtaken by later changes stay and are told."""
    run = BulkRun.objects.select_related("user__role").get(pk=number)
    if run.state != BulkState.UNDOING:
        return
    actor = actor_of(run.user)
    kept: list[int] = []
    refusal = ""
    left: tuple[str, ...] = ()
    while run.operations:
        operation_id = run.operations.pop()
        try:
            with transaction.atomic():
                left += changes.undo_operation(actor=actor, operation_id=operation_id).kept_by
                BulkRun.objects.filter(pk=run.pk).update(operations=[*run.operations, *kept])
        except GuanxiError as refused:
            kept.insert(0, operation_id)
            refusal = str(refused)
        _tell(run)
        _breathe()
    run.operations = kept
    _end(run, BulkState.FAILED if kept else BulkState.UNDONE, refusal or (undone(left) if left else ""))


def _breathe() -> None:
    """Let others write, and stop here when the worker must."""
    if connection.vendor == "sqlite":
        time.sleep(SQLITE_PAUSE_SECONDS)
    jobs.check()


def _scene_and_action(run: BulkRun, actor: Actor) -> tuple[Scene, BulkAction]:
    """The list as the actor sees it now, and the action if it is still open."""
    page = pages.get(run.list_key)
    if page is None or not run.user.is_active:
        raise NotFound(_("There is no such list."))
    for action in page.actions_for(actor):
        if action.key == run.action:
            return read_state(page, actor, QueryDict(run.query)), action
    raise NotFound(_("There is no such action, or it is not open to you."))


def _do_chunk(run: BulkRun) -> bool:
    """Act on the next rows; whether there were any."""
    actor = actor_of(run.user)
    scene, action = _scene_and_action(run, actor)
    size = SQLITE_CHUNK if connection.vendor == "sqlite" else CHUNK
    with transaction.atomic(), translation.override(run.user.language or None):
        ahead = scene.narrowed().filter(pk__gt=run.first_id, pk__lte=run.last_id or 0).order_by("pk")
        numbers = list(ahead.values_list("pk", flat=True)[:size])
        if not numbers:
            return False
        given = QueryDict(run.given)
        form = action.form(given) if action.form is not None else None
        if form is not None and not form.is_valid():
            raise InvalidInput(" ".join(str(text) for texts in form.errors.values() for text in texts))
        data = form.cleaned_data if form is not None else {}
        meanwhile = Meanwhile(actor=actor, kind=scene.page.kind, action=action, values=data, data=given)
        rows = scene.page.queryset(actor).filter(pk__in=numbers)
        left: list[int] = []
        if meanwhile.is_told:
            hold(rows)
            left = list(meanwhile.left(rows).order_by().values_list("pk", flat=True))
            rows = rows.exclude(pk__in=left)
        outcome = action.run(actor=actor, queryset=rows, count=len(numbers) - len(left), data=data)
        run.state, run.first_id = BulkState.RUNNING, numbers[-1]
        run.rows_done += len(numbers)
        run.rows_left += len(left)
        run.rows_changed += len(numbers) - len(left) if outcome.count is None else outcome.count
        if outcome.operation_id:
            run.operations.append(outcome.operation_id)
        run.save(update_fields=["state", "first_id", "rows_done", "rows_changed", "rows_left", "operations"])
        _tell(run)
    return True


def _end(run: BulkRun, state: BulkState, error: str = "") -> None:
    """Note how it ended."""
    run.state, run.error, run.ended_at = state, error, clock.now()
    with transaction.atomic():
        run.save(update_fields=["state", "error", "ended_at", "operations"])
        _tell(run)


def _tell(run: BulkRun) -> None:
    """Tell the page of the run."""
    live.notify(f"bulk_run:{run.pk}")


def may_listen(actor: Actor, key: str) -> bool:
    """Who asked for a run hears of it."""
    return key.isdigit() and BulkRunPolicy().filter(BulkRun.objects.filter(pk=int(key)), actor, "view").exists()
