"""Seals: whatever another hand does to the sealed journal is found and named; an erasure is not mistaken for that."""

import json
import threading
from datetime import timedelta

import pytest
from django.db import connection, connections
from django.utils import timezone

from guanxi.core import changes, clock, sealing
from guanxi.core.actor import system_actor
from guanxi.core.errors import InvalidInput
from guanxi.core.models import Change, Operation, Team
from guanxi.core.models.seals import Seal, SealedChange, SealedOperation
from guanxi.core.registry import Registry
from guanxi.core.sealing import anchors, making
from guanxi.core.sealing.findings import Fault
from guanxi.core.sealing.verifying import verify

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _own_anchor(settings, tmp_path):
    """The machine's own anchor lies in a folder of the test."""
    settings.DATA_DIR = tmp_path


def sql(statement: str, *values: object) -> None:
    """What somebody with the database's password does."""
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        assert cursor.rowcount


def write(count: int, name: str = "team") -> list[int]:
    """Some operations, each of a creation and a change."""
    made = []
    for number in range(count):
        with changes.operation(actor=system_actor(name="王小明"), name="test.write", reason="测试") as op:
            team = op.create(Team(name=f"{name} {number}"))
            op.update(team, name=f"{name} {number} 二")
        made.append(op.id)
    return made


def sealed(monkeypatch, count: int = 6) -> list[int]:
    """Some sealed operations in three batches."""
    made = write(count)
    monkeypatch.setattr(making, "BATCH", count // 3 * 2)
    assert sealing.seal_now() >= 3
    assert verify().is_whole
    return made


def found(**options) -> list[tuple[str, str, int]]:
    """What verification finds."""
    return [(f.fault, f.table, f.id) for f in verify(**options).findings]


def test_an_untouched_history_verifies_and_its_seals_cover_every_row(monkeypatch):
    made = sealed(monkeypatch)
    report = verify()
    assert (report.operations, report.changes, report.unsealed, report.found) == (len(made), 2 * len(made), 0, 0)
    assert set(SealedOperation.objects.values_list("pk", flat=True)) == set(made)
    write(1, "later")
    assert verify().unsealed == 3
    assert sealing.seal_now() == 1
    assert verify().unsealed == 0
    assert sealing.seal_now() == 0


def test_a_changed_value_is_found(monkeypatch):
    made = sealed(monkeypatch)
    change = Change.objects.filter(operation_id=made[1], act="update").get()
    sql("UPDATE core_change SET after = %s WHERE id = %s", json.dumps("another"), change.pk)
    report = verify()
    assert [(f.fault, f.table, f.id) for f in report.findings] == [(Fault.VALUE, "change", change.pk)]
    assert f"update team {change.record_id} name" in str(report.findings[0])


@pytest.mark.parametrize(
    ("column", "value", "fault"),
    [
        ("at", "2020-01-01 00:00:00", Fault.NAMES),
        ("means", "api", Fault.NAMES),
        ("name", "test.other", Fault.NAMES),
        ("actor_name", "Somebody", Fault.VALUE),
        ("reason", "", Fault.VALUE),
        ("address", "203.0.113.9", Fault.VALUE),
        ("undone_at", "2026-01-01 00:00:00", Fault.UNDONE),
        ("erased_at", "2026-01-01 00:00:00", Fault.ERASED),
    ],
)
def test_who_when_and_why_changed_by_hand_is_found(monkeypatch, column, value, fault):
    made = sealed(monkeypatch)
    sql(f"UPDATE core_operation SET {column} = %s WHERE id = %s", value, made[2])
    assert found() == [(fault, "operation", made[2])]


@pytest.mark.parametrize("column", ["record_id", "operation_id", "customer_id"])
def test_a_change_hung_onto_another_record_is_found(monkeypatch, column):
    made = sealed(monkeypatch)
    change = Change.objects.filter(operation_id=made[3]).first()
    sql(f"UPDATE core_change SET {column} = %s WHERE id = %s", made[0], change.pk)
    put_in = [(Fault.ADDED, "operation", made[0])] if column == "operation_id" else []
    assert found() == [*put_in, (Fault.NAMES, "change", change.pk)]


def test_a_removed_row_is_found(monkeypatch):
    made = sealed(monkeypatch)
    change = Change.objects.filter(operation_id=made[0]).first()
    sql("DELETE FROM core_change WHERE id = %s", change.pk)
    assert found() == [(Fault.REMOVED, "change", change.pk)]


def test_a_row_removed_together_with_its_digest_is_found_in_its_batch(monkeypatch):
    made = sealed(monkeypatch)
    change = Change.objects.filter(operation_id=made[0]).first()
    sql("DELETE FROM core_change WHERE id = %s", change.pk)
    sql("DELETE FROM core_sealedchange WHERE row_id = %s", change.pk)
    assert found() == [(Fault.BATCH, "seal", 1)]


def test_a_row_put_in_between_is_found(monkeypatch):
    made = sealed(monkeypatch)
    lower = min(made) - 1
    sql(
        "INSERT INTO core_operation (id, name, actor_name, means, at) VALUES (%s, 'test.forged', 'x', 'web', %s)",
        lower,
        timezone.now(),
    )
    assert found() == [(Fault.INSERTED, "operation", lower)]


PUT_IN = (
    "INSERT INTO core_change (operation_id, kind, record_id, act, field, before, after)"
    " VALUES (%s, 'team', 1, 'update', 'name', '\"a\"', '\"b\"')"
)


def test_a_change_put_into_an_earlier_operation_is_found_before_and_after_it_is_sealed(monkeypatch):
    made = sealed(monkeypatch)
    sql(PUT_IN, made[1])
    assert found() == [(Fault.ADDED, "operation", made[1])]
    assert sealing.seal_now() == 1
    assert found() == [(Fault.ADDED, "operation", made[1])]
    sql("UPDATE core_sealedoperation SET change_count = 3 WHERE row_id = %s", made[1])
    assert (Fault.NAMES, "operation", made[1]) in found()
    sql("UPDATE core_sealedoperation SET change_count = NULL WHERE row_id = %s", made[1])
    assert found() == [(Fault.NAMES, "operation", made[1])]


def test_an_operation_in_parts_goes_on_after_it_was_sealed_and_no_other_does(monkeypatch):
    kept = Registry("operations in parts")
    kept.add("test.long", "test.long")
    monkeypatch.setattr(making, "in_parts", kept)
    monkeypatch.setattr(sealing, "in_parts", kept)
    rows = []
    for name in ("test.long", "test.short"):
        with changes.operation(actor=system_actor(), name=name) as op:
            op.create(Team(name=name))
            rows.append(op.row)
    sealing.seal_now()
    more = changes.going_on(rows[0])
    more.create(Team(name="more"))
    more.flush()
    sealing.seal_now()
    assert found() == []
    with pytest.raises(RuntimeError, match=r"test\.short"):
        changes.going_on(rows[1])


def test_what_was_sealed_before_changes_were_counted_still_verifies(monkeypatch):
    with monkeypatch.context() as before:
        before.setattr(making, "_final_count", lambda _row, _counts: None)
        made = sealed(monkeypatch)
    write(2, "later")
    sealing.seal_now()
    assert found() == []
    assert SealedOperation.objects.filter(change_count=None).count() == len(made)


def test_a_digest_made_to_fit_is_found_by_its_batch(monkeypatch):
    made = sealed(monkeypatch)
    sql("UPDATE core_operation SET means = 'api' WHERE id = %s", made[5])
    names = Operation.objects.filter(pk=made[5]).values_list(*making.PARTS[Operation][0]).get()
    row = SealedOperation.objects.get(pk=made[5])
    forged = making.row_digest(names, bytes(row.values_digest), row.change_count)
    SealedOperation.objects.filter(pk=made[5]).update(digest=forged)
    assert [fault for fault, _table, _id in found()] == [Fault.BATCH]


def test_a_removed_seal_is_found(monkeypatch):
    sealed(monkeypatch)
    sql("DELETE FROM core_seal WHERE number = 2")
    assert found() == [(Fault.BATCH_REMOVED, "seal", 2)]


def test_the_end_cut_off_is_found_by_an_anchor_kept_elsewhere(monkeypatch, tmp_path):
    sealed(monkeypatch)
    kept = anchors.newest()
    assert kept is not None
    cut = Seal.objects.order_by("-number")[1]
    Seal.objects.filter(number__gt=cut.number).delete()
    assert {fault for fault, _table, _id in found()} == {Fault.CUT}
    # Cut off cleanly, nothing inside the database tells: what was kept elsewhere does.
    SealedChange.objects.filter(pk__gt=cut.changes_to).delete()
    SealedOperation.objects.filter(pk__gt=cut.operations_to).delete()
    Change.objects.filter(pk__gt=cut.changes_to).delete()
    Operation.objects.filter(pk__gt=cut.operations_to).delete()
    assert found() == []
    assert found(anchors=[kept]) == [(Fault.CUT, "seal", kept.number)]
    assert anchors.kept_here() == [kept], "the worker keeps one beside the database by itself"


def test_a_history_written_anew_is_found_by_an_anchor(monkeypatch):
    made = sealed(monkeypatch)
    kept = anchors.newest()
    Seal.objects.all().delete()
    SealedChange.objects.all().delete()
    SealedOperation.objects.all().delete()
    sql("UPDATE core_operation SET actor_name = 'Somebody' WHERE id = %s", made[0])
    sealing.seal_now()
    assert found() == []
    assert [fault for fault, _table, _id in found(anchors=[kept])] == [Fault.REWRITTEN]


def test_an_erasure_by_the_rules_leaves_a_chain_that_verifies(monkeypatch):
    made = sealed(monkeypatch)
    numbers = list(Change.objects.filter(operation_id=made[1]).values_list("pk", flat=True))
    with changes.operation(actor=system_actor(), name="test.erase") as op:
        assert changes.erase_values(op=op, change_ids=numbers, operation_ids=[made[1]]) == 3
    write(1, "after")
    report = verify()
    assert (report.is_whole, report.erased) == (True, 3)
    sealing.seal_now()
    assert verify().is_whole
    # Erased rows are watched like others.
    sql("UPDATE core_change SET after = %s WHERE id = %s", json.dumps("put back"), numbers[0])
    assert found() == [(Fault.VALUE, "change", numbers[0])]


def test_rows_erased_before_they_were_sealed_verify_too():
    (number,) = write(1)
    with changes.operation(actor=system_actor(), name="test.erase") as op:
        changes.erase_values(op=op, change_ids=Change.objects.filter(operation_id=number).values_list("pk", flat=True))
    sealing.seal_now()
    assert (verify().is_whole, verify().erased) == (True, 2)


def test_an_erasure_by_hand_is_found(monkeypatch):
    made = sealed(monkeypatch)
    change = Change.objects.filter(operation_id=made[4], act="update").get()
    sql("UPDATE core_change SET before = NULL, after = NULL, erased_at = %s WHERE id = %s", timezone.now(), change.pk)
    SealedChange.objects.filter(pk=change.pk).update(salt=None)
    assert found() == [(Fault.ERASED, "change", change.pk)]


def test_an_undo_is_no_tampering(monkeypatch):
    made = sealed(monkeypatch)
    changes.undo_operation(actor=system_actor(), operation_id=made[-1])
    sealing.seal_now()
    assert verify().is_whole


def test_values_of_every_kind_read_the_same_after_sealing():
    with changes.operation(actor=system_actor(), name="test.values") as op:
        for value in (0.1, 1e20, 3.0, -0.0, 2**60, '王\n\u2028\\"', {"b": [1, {"ä": None}], "a": 1.50}, [], True):
            op.record(kind="team", record_id=1, field="x", before=value, after=None)
    sealing.seal_now()
    assert verify().is_whole


def test_a_clock_set_back_is_told_and_breaks_nothing(monkeypatch):
    write(2)
    past = clock.now() - timedelta(hours=3)
    monkeypatch.setattr(clock, "now", lambda: past)
    write(2, "earlier")
    sealing.seal_now()
    report = verify()
    assert (report.is_whole, report.jumps) == (True, 2)


def test_anchors_are_read_from_a_file_or_refused(tmp_path, monkeypatch):
    sealed(monkeypatch)
    file = tmp_path / "anchors"
    kept = anchors.newest()
    anchors.add(file, kept)
    anchors.add(file, kept)
    assert anchors.read(file) == [kept, kept]
    for wrong in ("", "no json", '{"seal": 1}', '{"seal": true, "digest": "00"}', '{"seal": 1, "digest": "zz"}', "[]"):
        file.write_text(wrong)
        with pytest.raises(InvalidInput):
            anchors.read(file)
    with pytest.raises(InvalidInput):
        anchors.read(tmp_path / "nowhere")


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif("connection.vendor != 'postgresql'", reason="SQLite has one writer at a time")
def test_a_transaction_that_commits_late_is_waited_for():
    """A number drawn early and committed late is sealed in its place, not left out or taken for forged."""
    drawn, go_on = threading.Event(), threading.Event()

    def slow() -> None:
        try:
            with changes.operation(actor=system_actor(), name="test.slow") as op:
                op.create(Team(name="slow"))
                drawn.set()
                go_on.wait(20)
        finally:
            connections.close_all()

    thread = threading.Thread(target=slow)
    thread.start()
    assert drawn.wait(20)
    write(1, "quick")
    assert sealing.seal_now(patience=0.2) == 0
    go_on.set()
    thread.join(20)
    assert sealing.seal_now() == 1
    report = verify()
    assert (report.operations, report.unsealed, report.is_whole) == (2, 0, True)
