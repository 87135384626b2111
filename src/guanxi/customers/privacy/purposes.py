"""Purposes of use and the texts that people are shown."""

import re
from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db.models import Max
from django.utils.translation import gettext as _

from guanxi.core import access, changes, clock
from guanxi.core.actor import Actor
from guanxi.core.compiled import CompiledRecords
from guanxi.core.errors import Conflict, InvalidInput, NotFound
from guanxi.customers.choices import LegalBasis
from guanxi.customers.models import Notice, Purpose

MARKETING, PROFILING, SENSITIVE, ABROAD, MINORS = "marketing", "profiling", "sensitive", "transfer_abroad", "minors"
_KEY = re.compile(r"[a-z][a-z0-9_]{1,39}")
LONGEST_TEXT = 20_000


_PURPOSES = CompiledRecords(Purpose, Purpose.objects.all)


def in_use(on: date | None = None) -> list[Purpose]:
    """The purposes in use on a day, in the company's order."""
    day = on or clock.today()
    return [
        row
        for row in _PURPOSES.all()
        if (row.valid_from is None or row.valid_from <= day) and (row.valid_until is None or day <= row.valid_until)
    ]


def purpose_with(key: str) -> Purpose:
    """The purpose of a key."""
    found: Purpose | None = Purpose.objects.filter(key=key).first()
    if found is None:
        raise NotFound(_("There is no purpose “%(key)s”.") % {"key": key[:40]}, column="purpose")
    return found


def notice_in_force(purpose: Purpose, on: date | None = None) -> Notice | None:
    """The text that is shown on a day."""
    rows = Notice.objects.filter(purpose=purpose, valid_from__lte=on or clock.today())
    found: Notice | None = rows.order_by("-valid_from", "-version").first()
    return found


def save_purpose(*, actor: Actor, values: Mapping[str, Any], purpose_id: int | None = None) -> Purpose:
    """A new purpose, or changes of one; the key of a purpose that stands stays."""
    access.require(actor, "privacy", "manage")
    names = {name: str(values.get(name, "")).strip()[:120] for name in ("name_en", "name_zh")}
    for name, text in names.items():
        if not text:
            raise InvalidInput(_("A name is needed in both languages."), column=name)
    if values.get("basis") not in LegalBasis.values:
        raise InvalidInput(_("Choose what allows this use."), column="basis")
    since, until = values.get("valid_from"), values.get("valid_until")
    if since and until and until < since:
        raise InvalidInput(_("The end lies before the beginning."), column="valid_until")
    days = values.get("valid_days")
    if days is not None and not 0 < days <= 36_500:
        raise InvalidInput(_("A number of days from 1 to 36500 is needed."), column="valid_days")
    kept = {
        **names,
        "basis": values["basis"],
        "needs_separate": bool(values.get("needs_separate")),
        "valid_days": days,
        "valid_from": since,
        "valid_until": until,
    }
    with changes.operation(actor=actor, name="privacy.save_purpose") as op:
        if purpose_id is not None:
            row: Purpose | None = Purpose.objects.select_for_update().filter(pk=purpose_id).first()
            if row is None:
                raise NotFound(_("There is no such record, or it is not open to you."))
            op.update(row, **kept)
            return row
        key = str(values.get("key", "")).strip()
        if not _KEY.fullmatch(key):
            raise InvalidInput(
                _("A key has 2 to 40 small letters, digits or _ and begins with a letter."), column="key"
            )
        if Purpose.objects.filter(key=key).exists():
            raise Conflict(_("There is a purpose with this key already."), column="key")
        made: Purpose = op.create(Purpose(key=key, **kept))
        return made


def add_notice(*, actor: Actor, purpose_id: int, text_en: str, text_zh: str, valid_from: date) -> Notice:
    """A new version of the text; the versions before stay as they were shown."""
    access.require(actor, "privacy", "manage")
    if not text_en.strip() and not text_zh.strip():
        raise InvalidInput(_("A text is needed."), column="text_zh")
    if max(len(text_en), len(text_zh)) > LONGEST_TEXT:
        raise InvalidInput(_("At most %(limit)s characters can be kept here.") % {"limit": LONGEST_TEXT})
    with changes.operation(actor=actor, name="privacy.add_notice") as op:
        purpose = Purpose.objects.select_for_update().filter(pk=purpose_id).first()
        if purpose is None:
            raise NotFound(_("There is no such record, or it is not open to you."))
        last = Notice.objects.filter(purpose=purpose).aggregate(last=Max("version"))["last"] or 0
        made: Notice = op.create(
            Notice(
                purpose=purpose,
                version=last + 1,
                text_en=text_en.strip(),
                text_zh=text_zh.strip(),
                valid_from=valid_from,
                created_at=clock.now(),
            )
        )
        return made


def listed() -> list[dict[str, Any]]:
    """Every purpose with the text that is shown now."""
    return [{"row": row, "notice": notice_in_force(row)} for row in Purpose.objects.all()]


def purpose_number(purpose_id: int) -> Purpose:
    """One purpose by its number."""
    found: Purpose | None = Purpose.objects.filter(pk=purpose_id).first()
    if found is None:
        raise NotFound(_("There is no such record, or it is not open to you."))
    return found


def values_of(row: Purpose) -> dict[str, Any]:
    """What a form about a purpose begins with."""
    names = ("key", "name_en", "name_zh", "basis", "needs_separate", "valid_days", "valid_from", "valid_until")
    return {name: getattr(row, name) for name in names}
