"""What tasks do when something happened to a record that people follow, or to the installation."""

from django.db.models import Exists, OuterRef, Q

from guanxi.core import outbound
from guanxi.core.changes import LOOK
from guanxi.core.checkup.events import TroubleBegan
from guanxi.core.checkup.examining import keepers
from guanxi.core.compiled import Compiled
from guanxi.core.events import Event, subscribe
from guanxi.core.models import Change, Operation
from guanxi.core.outbound import OutboundEvent
from guanxi.core.records import RecordRef
from guanxi.tasks.models import Follow
from guanxi.tasks.services.following import tell_followers, tell_followers_together
from guanxi.tasks.services.notifications import notify

_ANYBODY = Compiled(lambda: Follow.objects.values_list("pk")[:1])


def tell(outbound_event: OutboundEvent, event: Event) -> None:
    """Tell those who follow the records that an event is about."""
    if not _ANYBODY.rows():
        return
    together: set[tuple[int, str]] = set()
    for told in outbound_event.tell(event):
        if told.operation_id is not None:
            together.add((told.operation_id, told.many_of))
        if not told.kind or told.record_id is None:
            continue
        about = RecordRef(told.kind, told.record_id)
        if Follow.objects.filter(about_kind=about.kind, about_id=about.id).exists():
            fields = told.data.get("fields", ())
            tell_followers(about=about, by=_latest_hand(about), what=outbound_event.key, fields=fields)
    for operation_id, kind in sorted(together):
        _tell_of_many(operation_id, kind, outbound_event.key)


def _tell_of_many(operation_id: int, kind: str, what: str) -> None:
    """Tell each follower once of what an operation, or its undo, changed of the records that they follow."""
    hands = Operation.objects.filter(Q(pk=operation_id) | Q(undoes=operation_id)).order_by("-pk")
    hand = hands.first()
    if hand is None:
        return
    rows = Change.objects.filter(operation=hand).exclude(act=LOOK)
    own = (
        {"customer_id": OuterRef("about_id")}
        if kind == "customer"
        else {"kind": kind, "record_id": OuterRef("about_id")}
    )
    tell_followers_together(kind=kind, among=Exists(rows.filter(**own)), by=hand.actor_id, what=what)


@subscribe(TroubleBegan)
def tell_of_trouble(event: TroubleBegan) -> None:
    """Tell those who look after the installation that something is wrong with it."""
    notify(user_ids=keepers(), sort="trouble", by=None, data={"check": event.check})


def _latest_hand(about: RecordRef) -> int | None:
    """Who changed the record last; what belongs to a customer counts as the customer."""
    rows = Change.objects.exclude(act=LOOK)
    own = {"customer_id": about.id} if about.kind == "customer" else {"kind": about.kind, "record_id": about.id}
    found = rows.filter(**own).order_by("-id").values_list("operation__actor_id", flat=True).first()
    return int(found) if found is not None else None


outbound.listen(tell)
