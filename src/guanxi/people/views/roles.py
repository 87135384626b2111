"""Roles: what each may do and see, made, copied, changed and removed."""

from collections.abc import Mapping
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from guanxi.core import masking, records
from guanxi.core.access import require
from guanxi.core.actor import Act, Actor
from guanxi.core.acts import acts
from guanxi.core.errors import GuanxiError
from guanxi.core.models import Role
from guanxi.core.models.people import Scope, Visibility
from guanxi.core.seeing_as import may_look
from guanxi.people import queries
from guanxi.people import roles as services
from guanxi.people.signing_in.confirming import confirmed_recently, confirmed_to_write
from guanxi.ui import forms, toasts

ACTIONS = ("view", "create", "change", "delete", "export", "import", "undo", "manage", "share")


def _actor(request: HttpRequest) -> Actor:
    """Who asks."""
    return request.actor  # type: ignore[attr-defined]


@login_required
@require_GET
def roles(request: HttpRequest) -> HttpResponse:
    """The roles, what each may do, and how far."""
    actor = _actor(request)
    require(actor, "role", "manage")
    own = {(one.kind, f"{masking.OWN}{one.key}"): one.label for one in services.own_fields()}
    found = [
        {
            "role": role,
            "name": queries.role_name(role),
            "rows": _permission_rows(role),
            "users": role.user_count,  # type: ignore[attr-defined]
            "fields": _field_words(role, own),
            "why_kept": services.why_kept(role),
            "is_fixed": role.key == services.OWNER,
        }
        for role in queries.roles_with_users(actor)
    ]
    context = {"roles": found, "actions": [action_word(a) for a in ACTIONS], "may_look": may_look(actor)}
    return render(request, "people/roles.html", context)


@login_required
@require_http_methods(["GET", "POST"])
@confirmed_to_write
def role_edit(request: HttpRequest, role_id: int | None = None) -> HttpResponse:
    """A role's names, its rights by kind and act, and the fields it does not see in full."""
    actor = _actor(request)
    require(actor, "role", "manage")
    role = services.role_with(actor, role_id) if role_id is not None else None
    error, status = "", 200
    held = services.permissions_of(role) if role else {}
    fields = services.fields_of(role) if role else {}
    names = (role.name_en, role.name_zh) if role else ("", "")
    requires_mfa = role.requires_mfa if role else False
    if request.method == "POST":
        held, fields = _given(request.POST, "may"), _given(request.POST, "sees")
        names = (request.POST.get("name_en", ""), request.POST.get("name_zh", ""))
        requires_mfa = bool(request.POST.get("requires_mfa"))
        try:
            saved = services.save_role(
                actor=actor, role_id=role_id, name_en=names[0], name_zh=names[1], permissions=held, fields=fields,
                requires_mfa=requires_mfa,
            )  # fmt: skip
        except GuanxiError as refused:
            error, status = str(refused), 422
        else:
            toasts.message(request, gettext("The role “%(name)s” is saved.") % {"name": queries.role_name(saved)})
            return forms.done(request, f"{reverse('people:roles')}#role-{saved.key}")
    context = {
        "role": role,
        "title": queries.role_name(role) if role else gettext("New role"),
        "names": names,
        "requires_mfa": requires_mfa,
        "error": error,
        "actions": [action_word(action) for action in ACTIONS],
        "rows": _grid(held),
        "scopes": Scope.choices,
        "visibilities": Visibility.choices,
        "guarded": _field_groups(fields),
        "is_fixed": role is not None and role.key == services.OWNER,
    }
    return render(request, "people/role.html", context, status=status)


@login_required
@require_POST
@confirmed_recently
def role_copy(request: HttpRequest, role_id: int) -> HttpResponse:
    """Another role with the same rights, to be shaped."""
    made = services.copy_role(actor=_actor(request), role_id=role_id)
    return forms.done(request, reverse("people:role", args=[made.pk]))


@login_required
@require_POST
@confirmed_recently
def role_remove(request: HttpRequest, role_id: int) -> HttpResponse:
    """Remove a role that nobody holds."""
    number = services.remove_role(actor=_actor(request), role_id=role_id)
    toasts.message(request, gettext("The role is removed."), number)
    return forms.done(request, reverse("people:roles"))


def _given(data: Mapping[str, Any], start: str) -> dict[Act, str]:
    """The choices of a form: `may:customer:view` and the like."""
    found = {}
    for name, value in data.items():
        parts = name.split(":")
        if len(parts) == 3 and parts[0] == start and value:
            found[(parts[1], parts[2])] = str(value)
    return found


def _kinds(held: Mapping[Act, str]) -> list[str]:
    """Every kind that a role may have rights on: all that are registered, those named so far, and everything."""
    known = {*records.kinds.keys(), *KNOWN, *(act.kind for act in acts), *(kind for kind, _action in held)} - {"*"}
    return ["*", *sorted(known, key=kind_word)]


def _grid(held: Mapping[Act, str]) -> list[dict[str, Any]]:
    """A row for each kind, a cell for each act, and one for the acts of its own."""
    return [
        {
            "kind": kind,
            "label": kind_word(kind),
            "cells": [_cell(held, kind, action) for action in ACTIONS],
            "further": [_cell(held, kind, action) for action in _further(kind, held)],
        }
        for kind in _kinds(held)
    ]


def _cell(held: Mapping[Act, str], kind: str, action: str) -> dict[str, str]:
    """One act on one kind, as a form has it."""
    word = action_word(action)
    return {
        "name": f"may:{kind}:{action}",
        "label": f"{kind_word(kind)}: {word}",
        "word": word,
        "value": held.get((kind, action), ""),
    }


def _further(kind: str, held: Mapping[Act, str]) -> list[str]:
    """The acts of a kind of its own: those that are known, and those that the role has been given."""
    known = [act.action for act in acts if act.kind == kind]
    given = sorted(action for of, action in held if of == kind and action not in ACTIONS and action not in known)
    return [*known, *given]


def _field_groups(fields: Mapping[Act, str]) -> list[dict[str, Any]]:
    """The guarded fields by kind."""
    groups: dict[str, list[dict[str, Any]]] = {}
    for one in masking.guarded:
        cell = {
            "name": f"sees:{one.kind}:{one.field}",
            "label": one.label,
            "value": fields.get((one.kind, one.field), ""),
        }
        groups.setdefault(one.kind, []).append(cell)
    for own in services.own_fields():
        name = f"{masking.OWN}{own.key}"
        cell = {"name": f"sees:{own.kind}:{name}", "label": own.label, "value": fields.get((own.kind, name), "")}
        groups.setdefault(own.kind, []).append(cell)
    return [
        {
            "label": kind_word(kind),
            "fields": cells,
            "is_open": kind in {"contactpoint", "customer"} or any(c["value"] for c in cells),
        }
        for kind, cells in groups.items()
    ]


def _field_words(role: Role, own: Mapping[Act, str]) -> list[str]:
    """Which fields a role does not see in full, in words."""
    words = dict(Visibility.choices)
    found = []
    for (kind, field), seen in services.fields_of(role).items():
        one = masking.guarded.get(f"{kind}.{field}")
        label = one.label if one is not None else own.get((kind, field))
        if label is not None:
            found.append(f"{label}: {words[seen]}")
    return found


def _permission_rows(role: Role) -> list[dict[str, object]]:
    """What a role may do, a row for each kind of record."""
    rows: dict[str, dict[str, str]] = {}
    for permission in role.permissions.all():
        rows.setdefault(permission.kind, {})[permission.action] = permission.get_scope_display()
    return [
        {
            "kind": kind_word(kind),
            "cells": [cells.get(action) or cells.get("*", "") for action in ACTIONS],
            "further": [f"{action_word(action)}: {scope}" for action, scope in cells.items() if action not in ACTIONS],
        }
        for kind, cells in sorted(rows.items())
    ]


KNOWN = (
    "user",
    "role",
    "view",
    "value",
    "order",
    "product",
    "customer",
    "import",
    "mapping",
    "calendar",
    "token",
    "backup",
    "health",
)


def kind_word(kind: str) -> str:
    """A kind of record in words."""
    if kind == "*":
        return gettext("Everything")
    known = {
        "user": gettext("Users"),
        "role": gettext("Roles"),
        "view": gettext("Saved views"),
        "value": gettext("Customer value"),
        "contactpoint": gettext("Contact points"),
        "personprofile": gettext("Archive of persons"),
        "organisationprofile": gettext("Archive of organisations"),
        "token": gettext("API tokens"),
        "calendar": gettext("Working calendars"),
        "mapping": gettext("Mappings"),
        "import": gettext("Imports"),
        "history": gettext("History"),
        "operation": gettext("Operations"),
        "backup": gettext("Backups"),
        "health": gettext("Health"),
        "core_card": gettext("Core-customer cards"),
        "privacy": gettext("Personal data"),
        "team": gettext("Teams"),
        "department": gettext("Departments"),
    }
    return str(records.kinds[kind].label_plural) if kind in records.kinds else known.get(kind, kind)


def action_word(action: str) -> str:
    """An act in words."""
    known = {
        "view": gettext("view"),
        "create": gettext("create"),
        "change": gettext("change"),
        "delete": gettext("delete"),
        "export": gettext("export"),
        "import": gettext("import"),
        "undo": gettext("undo"),
        "manage": gettext("manage"),
        "share": gettext("share"),
        "*": gettext("every act"),
    }
    own = next((act.label for act in acts if act.action == action), action)
    return known.get(action) or str(own)
