"""Beginning and ending to look with the rights of another role or person: who may, and what the journal says of it."""

from django.utils import timezone
from django.utils.translation import gettext

from guanxi.core import changes, clock
from guanxi.core.actor import Actor
from guanxi.core.errors import InvalidInput, NotFound
from guanxi.core.seeing_as import LONGEST, PERSON, ROLE, Chosen, looking_as, may_look, may_look_as_people


def look_as_role(*, actor: Actor, role_id: int) -> Chosen:
    """Begin to look as somebody of a role would; written down."""
    if not may_look(actor):
        raise NotFound(gettext("There is no such role."))
    return _begun(actor, ROLE, role_id, gettext("There is no such role."))


def look_as_user(*, actor: Actor, user_id: int) -> Chosen:
    """Begin to look as a person does; written down."""
    if not may_look(actor):
        raise NotFound(gettext("There is no such user."))
    if user_id == actor.user_id:
        raise InvalidInput(gettext("You look as yourself already."))
    if not may_look_as_people(actor):
        raise InvalidInput(gettext("Only those who see all records look as a person. Look with the role instead."))
    return _begun(actor, PERSON, user_id, gettext("This person may not sign in."))


def _begun(actor: Actor, kind: str, number: int, missing: str) -> Chosen:
    """What the session is to hold, once it stands in the journal."""
    now = clock.now()
    chosen = Chosen(kind, number, now, now + LONGEST)
    seen = looking_as(actor, chosen)
    if seen is None or seen.looker is None:
        raise NotFound(missing)
    _write(actor, "people.see_as", chosen, f"{seen.looker.seen_as}: {_span(chosen.began_at, chosen.until)}")
    return chosen


def note_end(*, actor: Actor, chosen: Chosen) -> None:
    """Write down that a look is over; `actor` is the looker with their own rights."""
    ended = max(chosen.began_at, min(clock.now(), chosen.until))
    _write(actor, "people.see_as_ended", chosen, _span(chosen.began_at, ended))


def _write(actor: Actor, name: str, chosen: Chosen, reason: str) -> None:
    """One row of the journal, and of the access log."""
    with changes.operation(actor=actor, name=name, reason=reason) as op:
        op.record(kind=chosen.kind, record_id=chosen.number, field="", before=None, after=None, act=changes.LOOK)


def _span(begin: object, end: object) -> str:
    """From when to when."""
    first, last = (timezone.localtime(moment) for moment in (begin, end))  # type: ignore[arg-type]
    return f"{first:%Y-%m-%d %H:%M} – {last:%H:%M}"
