"""One after the other: whoever saves a record reads it after everybody who saved it before."""

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar

from django.db import models, transaction
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from guanxi.core.errors import NotFound
from guanxi.core.holding import hold_rows
from guanxi.core.turns import take_turn
from guanxi.ui.together.who import Setting

Record = TypeVar("Record", bound=models.Model)
_HELD = "held_record"


def in_turn(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Make what a sent form reads, compares and writes one transaction."""

    @wraps(view)
    def in_one(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Reading a form needs no transaction."""
        if request.method != "POST":
            return view(request, *args, **kwargs)
        with transaction.atomic():
            return view(request, *args, **kwargs)

    return in_one


def held(request: HttpRequest, record: Record, *, under: models.Model | None = None) -> Record:
    """The record that a form is about; when the form is sent, locked against other writers and read anew.

    `under`: what the services lock for this record (the customer of a contact point), so that all lock the same.
    """
    setattr(request, _HELD, record)
    if request.method == "POST":
        if under is not None:
            _lock(under)
        _lock(record, only_read=under is not None)
        record.refresh_from_db()
    return record


def held_setting(request: HttpRequest, setting: Setting) -> None:
    """The same for a form that shows no record: call it before the values that stand are read."""
    setattr(request, _HELD, setting)
    if request.method == "POST":
        take_turn(setting.name)


def held_record(request: HttpRequest) -> models.Model | Setting | None:
    """What the request's form is about."""
    return getattr(request, _HELD, None)


def _lock(record: models.Model, *, only_read: bool = False) -> None:
    """Wait for other writers of a row; NotFound when it has gone meanwhile."""
    rows = type(record)._base_manager.filter(pk=record.pk)
    if not only_read:
        hold_rows(type(record), [record.pk])
        rows = rows.select_for_update(of=("self",), no_key=True)
    if rows.values_list("pk", flat=True).first() is None:
        raise NotFound(_("There is no such record, or it is not open to you."))
