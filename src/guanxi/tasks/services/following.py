"""Following records, and telling those who do."""

from collections.abc import Iterable

from django.db import transaction
from django.db.models import Exists
from django.utils.translation import gettext as _

from guanxi.core import clock, records
from guanxi.core.actor import Actor, actor_of
from guanxi.core.errors import InvalidInput, NotFound
from guanxi.core.models import User
from guanxi.core.records import RecordRef
from guanxi.tasks.about import subjects
from guanxi.tasks.models import Follow
from guanxi.tasks.services.notifications import notify

MOST_FOLLOWED = 2_000


def follow(*, actor: Actor, about: RecordRef) -> bool:
    """Be told what becomes of a record; whether that is new. Only of records that are open to the actor."""
    if actor.user_id is None or actor.is_read_only or about.kind not in records.kinds:
        raise NotFound(_("There is no such record, or it is not open to you."))
    if about not in subjects(actor, [about]):
        raise NotFound(_("There is no such record, or it is not open to you."))
    if Follow.objects.filter(user=actor.user_id).count() >= MOST_FOLLOWED:
        raise InvalidInput(_("You follow %(count)s records already; leave some first.") % {"count": MOST_FOLLOWED})
    with transaction.atomic():
        _row, is_new = Follow.objects.get_or_create(
            user_id=actor.user_id, about_kind=about.kind, about_id=about.id, defaults={"at": clock.now()}
        )
    return is_new


def unfollow(*, actor: Actor, about: RecordRef) -> bool:
    """Be told no more; whether one was."""
    if actor.user_id is None or actor.is_read_only:
        raise NotFound(_("There is no such record, or it is not open to you."))
    gone, _each = Follow.objects.filter(user=actor.user_id, about_kind=about.kind, about_id=about.id).delete()
    return bool(gone)


def tell_followers(*, about: RecordRef, by: int | None, what: str, fields: Iterable[str] = ()) -> int:
    """Tell those who follow a record and may see it at this moment."""
    ids = list(Follow.objects.filter(about_kind=about.kind, about_id=about.id).values_list("user_id", flat=True))
    open_to = [user.pk for user in User.objects.filter(pk__in=ids, is_active=True) if may_see(user, about)]
    data = {"what": what, "fields": sorted(fields)[:20]}
    return notify(user_ids=open_to, sort="followed", by=by, about=about, data=data, gathers=True)


def tell_followers_together(*, kind: str, among: Exists, by: int | None, what: str) -> int:
    """Tell each follower once how many of the records that they follow, and may see, were changed together.

    The statements grow with the followers, never with the records.
    """
    followed: dict[int, list[RecordRef]] = {}
    rows = (
        Follow.objects.filter(among, about_kind=kind).exclude(user=by)
        if by
        else Follow.objects.filter(among, about_kind=kind)
    )
    for user_id, number in rows.values_list("user_id", "about_id"):
        followed.setdefault(user_id, []).append(RecordRef(kind, number))
    told = 0
    for user in User.objects.filter(pk__in=followed, is_active=True).order_by("pk"):
        seen = list(subjects(actor_of(user, means="notification"), followed[user.pk]))
        if seen:
            about = seen[0] if len(seen) == 1 else None
            told += notify(
                user_ids=[user.pk], sort="followed", by=by, about=about, data={"what": what, "many": len(seen)}
            )
    return told


def may_see(user: User, about: RecordRef) -> bool:
    """Whether a user may see a record at this moment."""
    return about in subjects(actor_of(user, means="notification"), [about])
