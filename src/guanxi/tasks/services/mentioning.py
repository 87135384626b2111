"""Telling the people whom a text names."""

from guanxi.core.actor import Actor
from guanxi.core.records import RecordRef
from guanxi.tasks.mentions import mentioned
from guanxi.tasks.services.following import may_see
from guanxi.tasks.services.notifications import notify


def tell_mentioned(
    *, actor: Actor, text: str, about: RecordRef, before: str = "", instead: RecordRef | None = None
) -> list[str]:
    """Tell those whom a text names with @ and a text before it did not; the names of those who may not see the record.

    `instead`: what those are told of who see that, but not the record itself (the customer of a task).
    """
    known = {user.pk for user in mentioned(before)} if before else set()
    people = [user for user in mentioned(text) if user.pk not in known]
    told: set[int] = set()
    for reference in (about, instead):
        if reference is None:
            continue
        seeing = [user.pk for user in people if user.pk not in told and may_see(user, reference)]
        notify(user_ids=seeing, sort="mention", by=actor.user_id, about=reference)
        told.update(seeing)
    return [user.display_name for user in people if user.pk not in told]
