"""The rule that every company starts with, and acts of rules on cases: by the same services as everybody."""

from typing import Any

import pytest

from guanxi.conversations.choices import MessageClass
from guanxi.core import events
from guanxi.core.actor import system_actor
from guanxi.service import closing
from guanxi.service.choices import CaseState
from guanxi.service.models import Case
from guanxi.workflow.models import Firing, Rule
from guanxi.workflow.public import ensure_rule

pytestmark = pytest.mark.django_db


def test_a_message_that_needs_an_answer_opens_a_case_by_rule(hear: Any) -> None:
    """On by default; what wants no answer opens none; switched off it opens none."""
    hear("My kettle leaks", subject="Kettle")
    hear("Away", "away@example.org", message_class=MessageClass.OUT_OF_OFFICE)
    events.deliver_pending()
    assert list(Case.objects.values_list("subject", flat=True)) == ["Kettle"]
    Rule.objects.filter(key="service.open_case").update(is_active=False)
    hear("Another", "bob@example.org")
    events.deliver_pending()
    assert Case.objects.count() == 1


def test_a_rule_cannot_close_what_must_not_close(hear: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Closing by rule asks the same demands and the log says why it failed."""
    monkeypatch.setattr(closing.demands, "_items", {"t": (1, lambda case: ["Cause is missing."])})
    actions = [{"action": "case.state", "via": "", "parameters": {"state": "closed"}}]
    ensure_rule(actor=system_actor(), key="t", values={"name": "close", "trigger": "case.opened", "actions": actions})
    hear("My kettle leaks")
    events.deliver_pending()
    assert Case.objects.get().state == CaseState.NEW
    firing = Firing.objects.get(rule__key="t")
    assert firing.outcome == "failed"
    assert "Cause is missing." in str(firing.why)
