"""What the tests of retention share: old notes, rules, previews, runs."""

from datetime import timedelta

from guanxi.core import changes, clock
from guanxi.core.actor import system_actor
from guanxi.customers.models import Customer, Note
from guanxi.customers.privacy.retention import previewing, requesting, rules, running

NOTE_DAYS = 400


def ago(days):
    """A moment some days back, a little off midnight."""
    return clock.now() - timedelta(days=days)


def note(customer, days, text="x"):
    """A note of some days ago."""
    with changes.operation(actor=system_actor(), name="customers.add_note") as op:
        return op.create(Note(customer=customer, author_name="li", at=ago(days), text=text))


def set_days(owner, key, days=NOTE_DAYS, **more):
    """Set a rule."""
    return rules.set_rule(actor=owner, key=key, days=days, is_automatic=more.pop("is_automatic", False), **more)


def previewed(owner, key):
    """A preview, counted."""
    return previewing.count(previewing.order(actor=owner, key=key))


def end(owner, run):
    """Confirm a preview and do it."""
    requesting.confirm(actor=owner, run_id=run.pk, typed=str(run.expected_count))
    while running.go_on(run.pk):
        pass
    run.refresh_from_db()
    return run


def lone(customer, days=2000):
    """A customer entered long ago."""
    Customer.everything.filter(pk=customer.pk).update(created_at=ago(days))
    return customer


def small_steps(self):
    """Two rows at a time, without a rest."""
    self.has_one_writer = False
    self.size = self.smallest = self.largest = 2
    self.target_seconds, self.pause_seconds, self._ended = 1.0, 0.0, 0.0
