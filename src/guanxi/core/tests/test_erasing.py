"""Values of the journal can go for good; what was done stays, and an undo that needs them says why it cannot be."""

import pytest

from guanxi.core import changes, sealing, whereabouts
from guanxi.core.actor import console_actor, system_actor
from guanxi.core.errors import Conflict
from guanxi.core.models import Change, Operation, Team
from guanxi.core.models.seals import SealedChange, SealedOperation

pytestmark = pytest.mark.django_db


def renamed() -> tuple[Team, int]:
    """A team whose name was changed, and the operation."""
    with changes.operation(actor=system_actor(), name="test.create") as op:
        team = op.create(Team(name="North"))
    with changes.operation(actor=system_actor(), name="test.rename", reason="moved house") as op:
        op.update(team, name="South")
    return team, op.id


def erase(op_id: int) -> int:
    """Take away what an operation wrote down; the operation that did."""
    with changes.operation(actor=system_actor(), name="test.erase") as op:
        numbers = Change.objects.filter(operation_id=op_id).values_list("pk", flat=True)
        changes.erase_values(op=op, change_ids=numbers, operation_ids=[op_id])
    return op.id


def test_values_go_and_what_was_done_stays() -> None:
    """Who and what remain; before, after and reason are gone, and the erasure is itself in the journal."""
    team, op_id = renamed()
    erasing = erase(op_id)
    change, operation = Change.objects.get(operation_id=op_id), Operation.objects.get(pk=op_id)
    assert (change.kind, change.record_id, change.field) == ("team", team.pk, "name")
    assert (change.before, change.after, operation.reason, operation.actor_name) == (None, None, "", "")
    assert change.erased_at is not None
    assert operation.erased_at is not None
    rows = Change.objects.filter(operation_id=erasing).values_list("act", "kind", "record_id")
    assert sorted(rows) == [("erase", "change", change.pk), ("erase", "operation", op_id)]


def test_an_undo_that_needs_erased_values_is_refused_and_an_erasure_is_not_undone() -> None:
    """Each with its reason; the record stays as it is."""
    team, op_id = renamed()
    erasing = erase(op_id)
    with pytest.raises(Conflict, match="erased"):
        changes.undo_operation(actor=system_actor(), operation_id=op_id)
    with pytest.raises(Conflict, match="erasure"):
        changes.undo_operation(actor=system_actor(), operation_id=erasing)
    team.refresh_from_db()
    assert team.name == "South"


def test_an_erasure_takes_the_salts_too() -> None:
    """What is left cannot be guessed: only the digest of salt and values together stays."""
    _team, op_id = renamed()
    sealing.seal_now()
    change = Change.objects.get(operation_id=op_id)
    digest = bytes(SealedChange.objects.get(pk=change.pk).digest)
    erase(op_id)
    sealed = SealedChange.objects.get(pk=change.pk)
    assert sealed.salt is None
    assert sealed.values_digest is not None
    assert bytes(sealed.digest) == digest
    assert SealedOperation.objects.get(pk=op_id).salt is None


def test_an_operation_says_where_it_came_from() -> None:
    """User and host at the console, the job in a worker."""
    with changes.operation(actor=console_actor(), name="test.look") as op:
        assert "@" in op.row.address
    with whereabouts.in_job("guanxi.core.jobs.tidy"), changes.operation(actor=system_actor(), name="test.look") as op:
        assert op.row.address == "tidy"
