"""The journal: every write is in it, and what it says can be taken back."""

import contextlib

import pytest

from guanxi.core import changes
from guanxi.core.actor import Actor, actor_of, system_actor
from guanxi.core.errors import Conflict, NotFound
from guanxi.core.models import Change, CustomField, Department, Operation, Role, RolePermission, Team, User

pytestmark = pytest.mark.django_db


def _field(**values: object) -> CustomField:
    """A record to write about."""
    return CustomField(kind="customer", label_en="Size", label_zh="规模", type="text", **values)


def test_an_update_is_journalled_field_by_field_and_undone() -> None:
    """Before, after, who; and back again."""
    actor = system_actor()
    with changes.operation(actor=actor, name="test.create") as op:
        record = op.create(_field(key="size"))
    with changes.operation(actor=actor, name="test.update") as op:
        assert op.update(record, label_en="Scale", label_zh="规模") == ["label_en"]
    change = Change.objects.get(operation_id=op.id)
    assert (change.field, change.before, change.after, change.record_id) == ("label_en", "Size", "Scale", record.pk)

    changes.undo_operation(actor=actor, operation_id=op.id)
    record.refresh_from_db()
    assert record.label_en == "Size"
    with pytest.raises(Conflict):
        changes.undo_operation(actor=actor, operation_id=op.id)


def test_undo_of_a_deletion_brings_the_row_back_as_it_was() -> None:
    """Same id, same values."""
    actor = system_actor()
    with changes.operation(actor=actor, name="test.create") as op:
        record = op.create(_field(key="size", choices=["a", "b"], position=3))
    with changes.operation(actor=actor, name="test.delete") as gone:
        op_id, pk = gone.id, record.pk
        gone.delete(record)
    assert not CustomField.objects.filter(pk=pk).exists()
    changes.undo_operation(actor=actor, operation_id=op_id)
    back = CustomField.objects.get(pk=pk)
    assert (back.key, back.choices, back.position) == ("size", ["a", "b"], 3)


def test_undo_is_refused_when_somebody_changed_it_since() -> None:
    """It says who."""
    first, second = system_actor(name="Mei"), system_actor(name="Tom")
    with changes.operation(actor=first, name="test.create") as op:
        team = op.create(Team(name="North"))
    with changes.operation(actor=first, name="test.rename") as rename:
        rename.update(team, name="South")
    with changes.operation(actor=second, name="test.rename") as again:
        again.update(team, name="East")
    with pytest.raises(Conflict, match="Tom"):
        changes.undo_operation(actor=first, operation_id=rename.id)


def test_nothing_is_journalled_when_the_block_fails() -> None:
    """Writes and journal fall together."""
    with pytest.raises(ZeroDivisionError), changes.operation(actor=system_actor(), name="test.fail") as op:
        op.create(_field(key="size"))
        raise ZeroDivisionError
    assert not CustomField.objects.exists()
    assert not Operation.objects.exists()


def test_a_stranger_cannot_undo() -> None:
    """Missing and forbidden look the same."""
    with changes.operation(actor=system_actor(), name="test.create") as op:
        op.create(Team(name="North"))
    with pytest.raises(NotFound):
        changes.undo_operation(actor=Actor(user_id=7, name="x", means="web"), operation_id=op.id)
    assert Team.objects.exists()


def test_the_right_to_undo_reaches_as_far_as_its_scope() -> None:
    """Own, team, department and below, all: what people there did, and nothing of anybody else."""
    head, elsewhere = (Department.objects.create(name=name, path=f"/{name}/") for name in ("Sales", "Service"))
    branch = Department.objects.create(name="North", parent=head, path="/Sales/North/")
    role = Role.objects.create(key="mender", name_en="Mender", name_zh="修正")
    right = RolePermission.objects.create(role=role, kind="operation", action="undo", scope="own")
    places = {"mender": head, "mate": elsewhere, "colleague": head, "below": branch, "stranger": elsewhere}
    people = {
        name: User.objects.create_user(name, "moon-over-the-harbour", role=role, department=place)
        for name, place in places.items()
    }
    team = Team.objects.create(name="East")
    team.members.set([people["mender"], people["mate"]])

    def taken_back() -> set[str]:
        """Whose work the mender can undo."""
        actor, done = actor_of(User.objects.get(username="mender")), set()
        for name, person in people.items():
            with changes.operation(actor=actor_of(person), name="test.create") as op:
                op.create(_field(key=f"{right.scope}_{name}"))
            with contextlib.suppress(NotFound):
                changes.undo_operation(actor=actor, operation_id=op.id)
                done.add(name)
            assert CustomField.objects.filter(key=f"{right.scope}_{name}").exists() is (name not in done)
        return done

    expected = {
        "own": {"mender"},
        "team": {"mender", "mate"},
        "department": {"mender", "colleague", "below"},
        "all": set(people),
    }
    for scope, reached in expected.items():
        right.scope = scope
        right.save()
        assert taken_back() == reached, scope
