"""What a person may do: on the page of a user, and for oneself."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from guanxi.core.models.people import Visibility
from guanxi.people import may_do, queries
from guanxi.people.may_do import MayDo
from guanxi.people.right_words import ACTIONS, action_word, kind_word


@login_required
@require_GET
@never_cache
def my_rights(request: HttpRequest) -> HttpResponse:
    """What whoever asks may do; while looking as another, what is left of the other's rights."""
    told = may_do.of_actor(request.actor, request.user)  # type: ignore[attr-defined, arg-type]
    return render(request, "people/rights.html", _context(told))


@login_required
@require_GET
@never_cache
def user_rights(request: HttpRequest, user_id: int) -> HttpResponse:
    """What a user may do, as a tab of their page."""
    found = queries.user(request.actor, user_id)  # type: ignore[attr-defined]
    return render(request, "people/parts/rights.html", _context(may_do.of_user(found)))


def _context(told: MayDo) -> dict[str, Any]:
    """What the tables show."""
    return {
        "told": told,
        "notes": list(may_do.notes(told)),
        "acts": [action_word(action) for action in ACTIONS],
        "rows": [
            {
                "kind": kind_word(kind),
                "cells": [rights.get(action) for action in ACTIONS],
                "further": [(action_word(a), right) for a, right in rights.items() if a not in ACTIONS],
            }
            for kind, rights in told.by_kind()
        ],
        "absent": [(may_do.standing_words(one), one.reason, may_do.added_by(one, told)) for one in told.standing_in],
        "owned": [(kind_word(kind), what) for kind, what in told.owned],
        "fields": [(kind_word(kind), label, Visibility(how).label) for kind, _name, label, how in told.fields],
    }
