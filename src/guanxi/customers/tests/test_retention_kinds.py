"""Retention: what becomes of each kind of data at its end."""

from datetime import timedelta

import pytest

from guanxi.core import changes, clock
from guanxi.core.actor import system_actor
from guanxi.core.errors import Conflict
from guanxi.core.models import Change, Operation
from guanxi.core.sealing import seal_now
from guanxi.core.sealing.verifying import verify
from guanxi.customers.models import CoreCard, CoreCardReading, DataRequest, Hold
from guanxi.customers.privacy.retention import requesting, running
from guanxi.customers.tests.retaining import ago, end, previewed, set_days, small_steps
from guanxi.importing.engine.folders import folder_of
from guanxi.importing.models import Import, ImportUpdate
from guanxi.importing.services.files import undo_import
from guanxi.ui.models import BulkRun


def look(customer, days):
    """Somebody saw a number in full some days ago."""
    with changes.operation(actor=system_actor(), name="customers.reveal", reason="Rückruf") as op:
        op.record(kind="customer", record_id=customer.pk, field="tax_id", before=None, after=None, act=changes.LOOK)
    Operation.objects.filter(pk=op.id).update(at=ago(days), address="203.0.113.9")
    return op.id


def test_the_access_log_forgets_who_looked_and_keeps_that_somebody_did(owner, enter):
    made, held = enter("甲"), enter("乙")
    old, young, kept = look(made, 500), look(made, 300), look(held, 500)
    card = CoreCard.objects.create(
        customer=made, keeper_id=owner.user_id, reviewed_on=clock.today(), created_at=clock.now()
    )
    for days in (500, 300):
        CoreCardReading.objects.create(card=card, user_name="li", at=ago(days), means="web")
    Hold.objects.create(customer=held, reason="x", set_at=clock.now(), set_by_name="x")
    seal_now()
    set_days(owner, "access_log", 400)
    run = previewed(owner, "access_log")
    assert (run.expected_count, run.held_count) == (2, 1)
    assert end(owner, run).counts == {"customers.CoreCardReading": 1, "core.Operation": 1}
    assert CoreCardReading.objects.count() == 1
    gone = Operation.objects.get(pk=old)
    assert (gone.actor_name, gone.address, gone.reason) == ("", "", "")
    assert all(Operation.objects.get(pk=number).address for number in (young, kept))
    assert Change.objects.filter(operation=old, act=changes.LOOK).exists()
    seal_now()
    assert verify().is_whole


def test_words_of_closed_requests_go_and_the_request_stays(owner, enter):
    made = enter("甲")

    def ask(days):
        """A request closed some days ago; None: open."""
        day = clock.today() - timedelta(days=900)
        closed = None if days is None else ago(days)
        return DataRequest.objects.create(
            customer=made, kind="access", asked_by="甲", note="来信", answer="已答复", received_on=day, due_on=day,
            created_at=ago(900), closed_at=closed, state="open" if closed is None else "done",
        )  # fmt: skip

    old, young, unanswered = ask(500), ask(10), ask(None)
    set_days(owner, "data_requests", 400)
    assert end(owner, previewed(owner, "data_requests")).count == 1
    old.refresh_from_db()
    assert (old.asked_by, old.note, old.answer, old.state) == ("", "", "", "done")
    for one in (young, unanswered):
        one.refresh_from_db()
        assert one.note == "来信"
    assert previewed(owner, "data_requests").expected_count == 0


def test_bulk_acts_forget_what_was_chosen(owner):
    for days in (200, 100):
        BulkRun.objects.create(
            list_key="customers", action="assign", query="q=甲", given="乙", user_id=owner.user_id, rows_total=1,
            asked_at=ago(days), ended_at=ago(days), state="done",
        )  # fmt: skip
    assert end(owner, previewed(owner, "bulk_runs")).count == 1
    assert sorted(BulkRun.objects.values_list("query", flat=True)) == ["", "q=甲"]


def brought_in(days, state="in_force", **more):
    """An import of some days ago with a file of refused rows."""
    run = Import.objects.create(
        target="customers", source="shop", file_name="a.csv", state=state, created_at=ago(days),
        committed_at=ago(days), corrections={"3": {"0": "甲"}}, **more,
    )  # fmt: skip
    folder_of(run.pk).refused.write_text("甲")
    return run


def test_files_brought_in_go_and_that_they_were_stays(owner):
    old, young, draft, busy = brought_in(500), brought_in(5), brought_in(500, "checked"), brought_in(500, "writing")
    set_days(owner, "import_files", 400)
    assert end(owner, previewed(owner, "import_files")).count == 2
    for run in (old, draft):
        run.refresh_from_db()
        assert run.corrections == {}
        assert not folder_of(run.pk).refused.exists()
    assert (old.state, draft.state) == ("in_force", "failed")
    assert "no longer kept" in draft.error_text
    for run in (young, busy):
        run.refresh_from_db()
        assert folder_of(run.pk).refused.exists()
        assert run.corrections
    assert previewed(owner, "import_files").expected_count == 0


def test_an_import_whose_values_went_is_not_undone_as_a_whole(owner, enter):
    made, held = enter("甲"), enter("乙")
    Hold.objects.create(customer=held, reason="x", set_at=clock.now(), set_by_name="x")
    run = brought_in(500)
    for one in (made, held):
        ImportUpdate.objects.create(
            import_run=run, kind="customer", record_id=one.pk, field="city", before="苏州", after="杭州"
        )
    set_days(owner, "import_values", 400)
    found = previewed(owner, "import_values")
    assert (found.expected_count, found.held_count) == (1, 1)
    assert end(owner, found).count == 1
    assert ImportUpdate.objects.get().record_id == held.pk
    with pytest.raises(Conflict, match="no longer kept"):
        undo_import(actor=owner, import_id=run.pk)


def test_a_run_that_is_stopped_half_way_leaves_the_rest(owner, monkeypatch):
    for days in (500, 600, 700, 800, 900):
        BulkRun.objects.create(
            list_key="customers", action="assign", query="q", user_id=owner.user_id, rows_total=1,
            asked_at=ago(days), ended_at=ago(days), state="done",
        )  # fmt: skip
    run = previewed(owner, "bulk_runs")
    requesting.confirm(actor=owner, run_id=run.pk, typed="5")
    monkeypatch.setattr("guanxi.importing.engine.pace.Pace.__init__", small_steps)
    assert running.go_on(run.pk, slice_seconds=0.0), "one batch, and there is more"
    requesting.stop(actor=owner, run_id=run.pk)
    assert not running.go_on(run.pk)
    run.refresh_from_db()
    assert (run.state, run.count) == ("stopped", 2)
    assert BulkRun.objects.filter(query="q").count() == 3
