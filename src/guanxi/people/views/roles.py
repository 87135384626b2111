"""Roles: what each may do and see, made, copied, changed and removed."""

from collections.abc import Mapping

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from guanxi.core import masking
from guanxi.core.access import require
from guanxi.core.actor import Act, Actor
from guanxi.core.errors import GuanxiError
from guanxi.core.models import Role
from guanxi.core.models.people import Scope, Visibility
from guanxi.core.seeing_as import may_look
from guanxi.people import queries
from guanxi.people import roles as services
from guanxi.people.right_words import ACTIONS, action_word, kind_word
from guanxi.people.role_form import RoleForm
from guanxi.people.role_grid import guarded_fields, rows
from guanxi.people.signing_in.confirming import confirmed_recently, confirmed_to_write
from guanxi.ui import forms, toasts
from guanxi.ui.together import held, in_turn


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
@in_turn
def role_edit(request: HttpRequest, role_id: int | None = None) -> HttpResponse:
    """A role's names, its rights by kind and act, and the fields it does not see in full."""
    actor = _actor(request)
    require(actor, "role", "manage")
    role = services.role_with(actor, role_id) if role_id is not None else None
    if role is not None:
        held(request, role)
    form = RoleForm(request.POST if request.method == "POST" else None, role=role)
    if (news := forms.meet(request, form)) is not None:
        return news
    permissions, fields = form.permissions(), form.hidden_fields_by_role()
    error, status = "", forms.status_of(form)
    if request.method == "POST" and not form.meeting.asked:
        name_en, name_zh = form.names()
        try:
            saved = services.save_role(
                actor=actor, role_id=role_id, name_en=name_en, name_zh=name_zh, permissions=permissions, fields=fields,
                requires_mfa=form.requires_factor(),
            )  # fmt: skip
        except GuanxiError as refused:
            error, status = str(refused), 422
        else:
            toasts.message(request, gettext("The role “%(name)s” is saved.") % {"name": queries.role_name(saved)})
            return forms.done(request, f"{reverse('people:roles')}#role-{saved.key}")
    context = {
        "role": role,
        "form": form,
        "title": queries.role_name(role) if role else gettext("New role"),
        "names": form.names(),
        "requires_mfa": form.requires_factor(),
        "error": error,
        "actions": [action_word(action) for action in ACTIONS],
        "rows": rows(permissions),
        "scopes": Scope.choices,
        "visibilities": Visibility.choices,
        "guarded": guarded_fields(fields, form.own_fields),
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
