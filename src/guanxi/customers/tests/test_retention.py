"""Retention: what is past its period ends, exactly as previewed, and nothing else does."""

from datetime import timedelta

import pytest

from guanxi.core import changes, clock, personal_data
from guanxi.core.errors import Conflict, GuanxiError, InvalidInput
from guanxi.core.models import Change, Operation
from guanxi.core.retention import kinds
from guanxi.core.sealing import seal_now
from guanxi.core.sealing.verifying import verify
from guanxi.customers.models import Customer, Hold, Note, RetentionRun, VisitRecord
from guanxi.customers.privacy import holds
from guanxi.customers.privacy.retention import previewing, requesting, running, scheduling
from guanxi.customers.tests.retaining import NOTE_DAYS, ago, end, lone, note, previewed, set_days, small_steps


@pytest.mark.django_db
def test_every_kind_that_a_statement_names_is_there_and_ends_what_names_it():
    named = {}
    for statement in personal_data.statements:
        for key in statement.retention.split():
            named.setdefault(key, set()).add(statement.label)
    assert set(named) - set(kinds.keys()) == set()
    for key, kind in kinds.items():
        labels = {part.model_label for part in kind.parts}
        assert named.get(key, set()) & labels, f"no statement says that {key} ends its rows"
        for part in kind.parts:
            for path in part.customer.split():
                part.model._base_manager.filter(holds.held(path)).exists()
            assert not part.rows(ago(36_500)).exists()


def test_what_is_older_goes_and_what_is_younger_stays(owner, enter):
    made = enter("韩梅梅")
    old, edge, young = note(made, NOTE_DAYS + 30), note(made, NOTE_DAYS + 1), note(made, NOTE_DAYS - 1)
    set_days(owner, "notes")
    run = previewed(owner, "notes")
    assert (run.state, run.expected_count, run.parts["customers.Note"]["all"]) == ("previewed", 2, 3)
    assert Note.objects.count() == 3, "a preview ends nothing"
    end(owner, run)
    assert (run.state, run.count, run.counts["customers.Note"]) == ("done", 2, 2)
    assert list(Note.objects.values_list("pk", flat=True)) == [young.pk]
    left = Change.objects.filter(kind="note", record_id__in=[old.pk, edge.pk]).exclude(act="erase")
    assert {(row.before, row.after) for row in left} == {(None, None)}
    assert Operation.objects.filter(name="privacy.end_data", actor_id=owner.user_id).exists()


def test_nothing_under_a_hold_goes_nor_of_who_was_merged_with_them(owner, enter):
    held, free, absorbed = enter("甲"), enter("乙"), enter("丙")
    for one in (held, free, absorbed):
        note(one, 900)
    Customer.everything.filter(pk=absorbed.pk).update(merged_into=held.pk)
    hold = holds.set_hold(actor=owner, customer_id=held.pk, reason="诉讼 12")
    set_days(owner, "notes")
    run = previewed(owner, "notes")
    assert (run.expected_count, run.held_count) == (1, 2)
    end(owner, run)
    assert set(Note.objects.values_list("customer_id", flat=True)) == {held.pk, absorbed.pk}
    holds.release_hold(actor=owner, hold_id=hold.pk, reason="settled")
    assert end(owner, previewed(owner, "notes")).count == 2


def test_a_hold_on_the_absorbed_one_holds_the_survivor(owner, enter):
    survivor, absorbed = enter("甲"), enter("丙")
    note(survivor, 900)
    Customer.everything.filter(pk=absorbed.pk).update(merged_into=survivor.pk)
    Hold.objects.create(customer=absorbed, reason="x", set_at=clock.now(), set_by_name="x")
    set_days(owner, "notes")
    assert previewed(owner, "notes").expected_count == 0


def test_a_hold_set_after_the_preview_counts(owner, enter):
    one, two = enter("甲"), enter("乙")
    note(one, 900)
    note(two, 900)
    set_days(owner, "notes")
    run = previewed(owner, "notes")
    holds.set_hold(actor=owner, customer_id=one.pk, reason="x")
    assert end(owner, run).count == 1
    assert Note.objects.get().customer_id == one.pk


def test_what_came_after_the_preview_waits_for_the_next_one(owner, enter):
    made = enter("韩梅梅")
    note(made, 900)
    set_days(owner, "notes")
    run = previewed(owner, "notes")
    late = note(made, 900)
    assert end(owner, run).count == run.expected_count == 1
    assert Note.objects.get().pk == late.pk


@pytest.mark.parametrize("kills", [1, 2, 3, 5])
def test_killed_and_gone_on_with_it_comes_to_the_same(owner, enter, monkeypatch, kills):
    made = enter("韩梅梅")
    for number in range(9):
        note(made, 900, str(number))
    note(made, 3)
    set_days(owner, "notes")
    run = previewed(owner, "notes")
    requesting.confirm(actor=owner, run_id=run.pk, typed="9")
    monkeypatch.setattr("guanxi.importing.engine.pace.Pace.__init__", small_steps)
    real, killed = running._end, []

    def dies(part, row, numbers):
        """Do the batch and die before it is committed."""
        real(part, row, numbers)
        if len(killed) < kills:
            killed.append(1)
            raise RuntimeError("killed")

    monkeypatch.setattr(running, "_end", dies)
    for _kill in range(kills):
        with pytest.raises(RuntimeError):
            while running.go_on(run.pk):
                pass
    while running.go_on(run.pk):
        pass
    run.refresh_from_db()
    assert (run.state, run.count, run.counts["customers.Note"]) == ("done", 9, 9)
    assert Note.objects.count() == 1
    assert not running.go_on(run.pk), "doing it once more does nothing"


def test_a_run_begins_only_from_a_fresh_preview_of_the_same_rule(owner, enter):
    made = enter("韩梅梅")
    note(made, 900)
    set_days(owner, "notes")
    run = previewed(owner, "notes")

    def refused(match, typed="1"):
        with pytest.raises((Conflict, InvalidInput), match=match):
            requesting.confirm(actor=owner, run_id=run.pk, typed=typed)

    refused("number of rows", "2")
    refused("number of rows", "")
    RetentionRun.objects.filter(pk=run.pk).update(previewed_at=clock.now() - timedelta(hours=25))
    refused("older than 24 hours")
    RetentionRun.objects.filter(pk=run.pk).update(previewed_at=clock.now() + timedelta(days=3))
    refused("clock was changed")
    RetentionRun.objects.filter(pk=run.pk).update(previewed_at=clock.now())
    newer = previewed(owner, "notes")
    refused("newer preview")
    set_days(owner, "notes", 500)
    newer.refresh_from_db()
    assert newer.state == "stopped", "a new rule makes previews void"
    run = newer
    refused("cannot begin")
    assert Note.objects.count() == 1


def test_a_clock_set_back_ends_nothing_early_and_breaks_nothing(owner, enter, monkeypatch):
    made = enter("韩梅梅")
    note(made, 390)
    note(made, 900)
    set_days(owner, "notes")
    real = clock.now
    ahead = timedelta(days=30)
    for place in ("guanxi.core.clock.now", "guanxi.customers.privacy.retention.rules.database_now"):
        monkeypatch.setattr(place, lambda: real() + ahead)
    run = previewed(owner, "notes")
    assert run.expected_count == 2, "by the wrong clock both are past their period"
    for place in ("guanxi.core.clock.now", "guanxi.customers.privacy.retention.rules.database_now"):
        monkeypatch.setattr(place, real)
    with pytest.raises(Conflict):
        requesting.confirm(actor=owner, run_id=run.pk, typed="2")
    RetentionRun.objects.filter(pk=run.pk).update(previewed_at=real())
    with pytest.raises(Conflict, match="clock was set back"):
        requesting.confirm(actor=owner, run_id=run.pk, typed="2")
    # Confirmed by the wrong clock, set right before the worker came to it.
    RetentionRun.objects.filter(pk=run.pk).update(
        state="waiting", operation=Operation.objects.latest("pk"), confirmed_at=real()
    )
    assert not running.go_on(run.pk)
    run.refresh_from_db()
    assert run.state == "failed"
    assert "clock was set back" in run.error
    assert Note.objects.count() == 2
    monkeypatch.setattr("guanxi.core.clock.now", lambda: real() - timedelta(days=5000))
    assert list(scheduling.begun_tonight()) == []
    assert list(scheduling.due_now()) == []


def test_of_two_clocks_that_differ_the_earlier_counts(owner, enter, monkeypatch):
    made = enter("韩梅梅")
    note(made, 390)
    set_days(owner, "notes")
    real = clock.now()
    monkeypatch.setattr("guanxi.customers.privacy.retention.rules.database_now", lambda: real)
    monkeypatch.setattr("guanxi.core.clock.now", lambda: real + timedelta(days=4000))
    assert previewed(owner, "notes").expected_count == 0


def test_customers_without_activity_are_erased_with_a_certificate(owner, enter):
    gone = lone(enter("甲", contact_points=[{"kind": "phone", "value": "13912345678"}]))
    busy, visited, new, firm = lone(enter("乙")), lone(enter("丙")), enter("丁"), lone(enter("戊", kind="organisation"))
    held = lone(enter("己"))
    note(busy, 10)
    note(gone, 1900)
    VisitRecord.objects.create(customer=visited, kind="out", purpose="x", visited_at=ago(30), created_at=ago(30))
    holds.set_hold(actor=owner, customer_id=held.pk, reason="x")
    set_days(owner, "inactive_people", 1200)
    run = previewed(owner, "inactive_people")
    assert (run.expected_count, run.held_count) == (1, 1)
    end(owner, run)
    assert (run.state, run.count, run.left_count) == ("done", 1, 0)
    erasure = run.erasures.get()
    assert (erasure.state, erasure.customer_id, erasure.requested_by) == ("done", gone.pk, "company")
    assert erasure.identifiers.exists()
    gone.refresh_from_db()
    assert gone.erased_at is not None
    standing = Customer.objects.filter(erased_at__isnull=True).values_list("pk", flat=True)
    assert set(standing) == {busy.pk, visited.pk, new.pk, firm.pk, held.pk}


def test_whoever_is_active_again_before_the_run_stays(owner, enter):
    one, two = lone(enter("甲")), lone(enter("乙"))
    set_days(owner, "inactive_people", 1200)
    run = previewed(owner, "inactive_people")
    assert run.expected_count == 2
    note(one, 0)
    end(owner, run)
    one.refresh_from_db()
    two.refresh_from_db()
    assert (one.erased_at, run.count) == (None, 1)
    assert two.erased_at is not None


def test_people_erased_half_way_are_gone_on_with(owner, enter, monkeypatch):
    people = [lone(enter(name)) for name in ("甲", "乙", "丙")]
    for one in people:
        note(one, 1900)
    set_days(owner, "inactive_people", 1200)
    run = previewed(owner, "inactive_people")
    requesting.confirm(actor=owner, run_id=run.pk, typed="3")
    left = 0

    def dies():
        nonlocal left
        left -= 1
        if left == 0:
            raise RuntimeError("killed")

    monkeypatch.setattr("guanxi.core.jobs.check", dies)
    for looks in (2, 3, 5):  # so many times it may look whether it goes on
        left = looks
        with pytest.raises(RuntimeError):
            running.go_on(run.pk)
    while running.go_on(run.pk):
        pass
    run.refresh_from_db()
    assert (run.state, run.count, run.erasures.count()) == ("done", 3, 3)
    assert not Customer.objects.filter(erased_at__isnull=True).exists()


def test_values_of_the_journal_go_and_the_history_still_verifies(owner, enter):
    made = enter("韩梅梅", city="苏州")
    Operation.objects.update(at=ago(900))
    young = note(made, 3)
    seal_now()
    set_days(owner, "journal_values", 800)
    run = previewed(owner, "journal_values")
    expected = run.expected_count
    assert expected >= 1
    end(owner, run)
    assert run.count == expected
    assert not [row for row in Change.objects.filter(kind="customer", record_id=made.pk) if row.after]
    assert Change.objects.get(kind="note", record_id=young.pk).after["text"] == "x"
    seal_now()
    assert verify().is_whole
    first = Operation.objects.filter(name="customers.create_customer").first()
    with pytest.raises((Conflict, GuanxiError)):
        changes.undo_operation(actor=owner, operation_id=Operation.objects.get(name="privacy.end_data").pk)
    assert first is not None
    assert previewed(owner, "journal_values").expected_count == 0


def test_two_runs_of_a_kind_are_never_in_hand_together(owner, enter):
    note(enter("韩梅梅"), 900)
    set_days(owner, "notes")
    run = previewed(owner, "notes")
    requesting.confirm(actor=owner, run_id=run.pk, typed="1")
    with pytest.raises(Conflict):
        previewing.order(actor=owner, key="notes")
    with pytest.raises(Conflict):
        requesting.confirm(actor=owner, run_id=run.pk, typed="1")
