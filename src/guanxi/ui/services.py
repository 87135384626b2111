"""What people keep about their screens: saved views, language, theme."""

from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import Max
from django.utils.translation import gettext

from guanxi.core import changes
from guanxi.core.actor import Actor
from guanxi.core.errors import Forbidden, InvalidInput, NotFound
from guanxi.core.models import User
from guanxi.ui.models import SavedView

THEMES = ("system", "light", "dark")


def _checked_name(actor: Actor, list_key: str, name: str, except_id: int | None = None) -> str:
    """A name for a view that the person has not used yet."""
    name = " ".join(name.replace("\x00", "").split())
    if not name or len(name) > 80:
        raise InvalidInput(gettext("Give the view a name of at most 80 characters."), column="name")
    same = SavedView.objects.filter(list_key=list_key, owner_id=actor.user_id, name=name)
    if (same if except_id is None else same.exclude(pk=except_id)).exists():
        raise InvalidInput(gettext("You already have a view called “%(name)s”.") % {"name": name}, column="name")
    return name


def create_view(*, actor: Actor, list_key: str, name: str, state: str, is_shared: bool) -> SavedView:
    """Keep the state of a list as a view."""
    if actor.user_id is None:
        raise Forbidden(gettext("Only a person who is signed in keeps views."))
    name = _checked_name(actor, list_key, name)
    _check_sharing(actor, is_shared)
    last = SavedView.objects.filter(list_key=list_key).aggregate(last=Max("position"))["last"] or 0
    view = SavedView(
        list_key=list_key, name=name, state=state, is_shared=is_shared, owner_id=actor.user_id, position=last + 1
    )
    with changes.operation(actor=actor, name="ui.create_view") as op:
        op.create(view)
    return view


def update_view(
    *, actor: Actor, view_id: int, state: str | None = None, name: str | None = None, is_shared: bool | None = None
) -> int:
    """Change one's own view; the operation's number."""
    view = own_view(actor, view_id)
    values: dict[str, object] = {}
    if state is not None:
        values["state"] = state
    if name is not None:
        values["name"] = _checked_name(actor, view.list_key, name, view.pk)
    if is_shared is not None:
        _check_sharing(actor, is_shared and not view.is_shared)
        values["is_shared"] = is_shared
    with changes.operation(actor=actor, name="ui.update_view") as op:
        op.update(view, **values)
    return op.id


def delete_view(*, actor: Actor, view_id: int) -> int:
    """Throw one's own view away; the operation's number."""
    view = own_view(actor, view_id)
    with changes.operation(actor=actor, name="ui.delete_view") as op:
        op.delete(view)
    return op.id


def own_view(actor: Actor, view_id: int) -> SavedView:
    """A view of this person, or NotFound."""
    found = SavedView.objects.filter(pk=view_id, owner_id=actor.user_id).first()
    if found is None:
        raise NotFound(gettext("There is no such view of yours."))
    return found


def _check_sharing(actor: Actor, wants: bool) -> None:
    """Sharing needs a right of its own."""
    if wants and actor.scope("view", "share") is None:
        raise Forbidden(gettext("Your role does not allow you to share views."))


def set_preferences(*, actor: Actor, **given: str) -> None:
    """Keep the language, theme or time zone of the person who acts."""
    if actor.user_id is None:
        return
    languages = dict(settings.LANGUAGES)
    if given.get("language", "") not in {"", *languages}:
        raise InvalidInput(gettext("There is no such language."), column="language")
    if given.get("theme", "") not in {"", *THEMES}:
        raise InvalidInput(gettext("There is no such theme."), column="theme")
    if given.get("timezone"):
        _check_zone(given["timezone"])
    with changes.operation(actor=actor, name="ui.set_preferences") as op:
        op.update(User.objects.get(pk=actor.user_id), **given)


def _check_zone(name: str) -> None:
    """The time zone exists."""
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        raise InvalidInput(
            gettext("There is no time zone “%(name)s”.") % {"name": name[:60]}, column="timezone"
        ) from None


def note_export(*, actor: Actor, what: str, is_masked: bool) -> None:
    """Keep in the journal that somebody took a list as a file, and whether it was masked: a look, no change."""
    name = "ui.export_masked" if is_masked else "ui.export_in_full"
    with changes.operation(actor=actor, name=name) as op:
        op.record(kind="export", record_id=0, field=what, before=None, after=None, act=changes.LOOK)
