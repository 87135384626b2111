"""Writing macros: prepared answers and notes, and what they set."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from guanxi.conversations.choices import Audience
from guanxi.conversations.desk.filling import unknown_fields
from guanxi.conversations.desk.registries import macro_actions
from guanxi.conversations.models import Macro
from guanxi.core import access, changes, clock
from guanxi.core.actor import Actor
from guanxi.core.errors import InvalidInput
from guanxi.core.models import Team, TeamMember

LANGUAGES = ("en", "zh-hans")
TEXT_LIMIT = 20_000
MOST_ACTIONS = 20
FIELDS = frozenset({"name", "audience", "team", "texts", "is_note", "actions", "is_active"})


def create_macro(*, actor: Actor, values: Mapping[str, Any]) -> Macro:
    """Write a macro; one's own unless another audience is named."""
    access.require(actor, "macro", "create")
    clean = _cleaned(actor, None, values)
    if not clean.get("name"):
        raise InvalidInput(_("Give the macro a name."), column="name")
    with changes.operation(actor=actor, name="conversations.create_macro") as op:
        made: Macro = op.create(Macro(owner_id=actor.user_id, created_at=clock.now(), **clean))
    return made


def update_macro(*, actor: Actor, macro_id: int, values: Mapping[str, Any]) -> int | None:
    """Change a macro; the operation's number, None when nothing differs."""
    with transaction.atomic():
        Macro.objects.get_visible(actor, "change", pk=macro_id)
        row = Macro.objects.select_for_update().get(pk=macro_id)
        with changes.operation(actor=actor, name="conversations.update_macro") as op:
            if not op.update(row, **_cleaned(actor, row, values)):
                op.row.delete()
                return None
        return op.id


def delete_macro(*, actor: Actor, macro_id: int) -> int:
    """Remove a macro; what was written with it stays. The operation's number."""
    with transaction.atomic():
        row = Macro.objects.get_visible(actor, "delete", pk=macro_id)
        with changes.operation(actor=actor, name="conversations.delete_macro") as op:
            op.delete(row)
        return op.id


def count_use(macro_id: int) -> None:
    """Count that a macro was used."""
    Macro.objects.filter(pk=macro_id).update(  # house: writes: a count, derived from what was done
        use_count=F("use_count") + 1, used_at=clock.now()
    )


def _cleaned(actor: Actor, row: Macro | None, given: Mapping[str, Any]) -> dict[str, Any]:
    """Values as they are stored; InvalidInput names the field that cannot be used."""
    unknown = sorted(set(given) - FIELDS)
    if unknown:
        raise InvalidInput(_("A macro has no field “%(field)s”.") % {"field": unknown[0][:40]}, column=unknown[0])
    clean: dict[str, Any] = {name: bool(given[name]) for name in ("is_note", "is_active") if name in given}
    if "name" in given:
        clean["name"] = " ".join(str(given["name"] or "").replace("\x00", "").split())
        if not clean["name"] or len(clean["name"]) > 80:
            raise InvalidInput(_("Give the macro a name of at most 80 characters."), column="name")
    if "texts" in given:
        clean["texts"] = _texts(given["texts"])
    if "actions" in given:
        clean["actions"] = _actions(given["actions"])
    texts = clean.get("texts", row.texts if row else {})
    is_touched = row is None or bool({"texts", "actions"} & set(clean))
    if is_touched and not texts and not clean.get("actions", row.actions if row else []):
        raise InvalidInput(_("A macro has a text, or sets something, or both."), column="text_en")
    if "audience" in given or "team" in given or row is None:
        clean.update(_audience(actor, row, given))
    return clean


def _texts(given: Any) -> dict[str, str]:
    """The texts by language."""
    found: dict[str, str] = {}
    for language, text in dict(given or {}).items():
        plain = str(text or "").replace("\x00", "").replace("\r\n", "\n").strip()
        column = f"text_{language[:2]}"
        if language not in LANGUAGES or len(plain) > TEXT_LIMIT:
            raise InvalidInput(_("A text has at most %(limit)s characters.") % {"limit": TEXT_LIMIT}, column=column)
        wrong = unknown_fields(plain)
        if wrong:
            raise InvalidInput(_("There is no field “%(field)s”.") % {"field": wrong[0][:60]}, column=column)
        if plain:
            found[language] = plain
    return found


def _actions(given: Any) -> list[list[str]]:
    """What it sets, each thing once."""
    found: dict[str, str] = {}
    for pair in list(given or [])[:MOST_ACTIONS]:
        key, value = (str(part) for part in pair)
        if key not in macro_actions or not value or len(value) > 200:
            raise InvalidInput(_("This cannot be set by a macro."), column="actions")
        found[key] = value
    return [[key, value] for key, value in found.items()]


def _audience(actor: Actor, row: Macro | None, given: Mapping[str, Any]) -> dict[str, Any]:
    """For whom it is: what others use too is written by those whose role reaches that far, or for one's own team."""
    audience = given.get("audience", row.audience if row else Audience.PERSONAL)
    if audience not in Audience.values:
        raise InvalidInput(_("Choose for whom the macro is."), column="audience")
    if audience != Audience.TEAM:
        if audience == Audience.ALL and actor.scope("macro", "change") != "all":
            raise InvalidInput(_("Your role writes macros for yourself and your teams only."), column="audience")
        return {"audience": audience, "team": None}
    team = given.get("team", row.team if row else None)
    number = team.pk if isinstance(team, Team) else team
    found = Team.objects.filter(pk=number).first() if number else None
    is_in = TeamMember.objects.filter(team=number or 0, user__in=sorted(actor.person_ids)).exists()
    if found is None or not (is_in or actor.scope("macro", "change") == "all"):
        raise InvalidInput(_("Choose a team that you are in."), column="team")
    return {"audience": audience, "team": found}
