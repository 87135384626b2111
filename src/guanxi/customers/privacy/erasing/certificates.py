"""What the proof of an erasure says, in the language of whoever reads it."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.utils.text import capfirst
from django.utils.translation import gettext as _

from guanxi.core import ids, personal_data, sentences
from guanxi.core.actor import Actor
from guanxi.core.erasing import Mention, erasers
from guanxi.core.models import Change
from guanxi.core.personal_data import Statement
from guanxi.customers.models import Erasure
from guanxi.customers.privacy.erasing.previewing import Preview

LISTED = 500


def erasure_open(actor: Actor, erasure_id: int) -> Erasure:
    """One erasure, for those who see what is done about personal data."""
    found: Erasure = Erasure.objects.get_visible(actor, pk=erasure_id)
    return found


def erasures_open(actor: Actor) -> list[Erasure]:
    """The latest erasures."""
    return list(Erasure.objects.visible_to(actor)[:LISTED])


def number(erasure: Erasure) -> str:
    """The number of the empty record."""
    return ids.public_id("cus", erasure.customer_id)


@dataclass(frozen=True)
class Kept:
    """Rows that stay: how many, why and until when."""

    what: str
    count: int
    why: str
    until: str


def lines(erasure: Erasure) -> list[tuple[str, int]]:
    """What went or was emptied, with counts."""
    return [(name_of(key), count) for key, count in erasure.counts.items()]


def name_of(key: str) -> str:
    """The rows of a model, or what a module keeps beside its rows, in words."""
    if key == Change._meta.label:
        return _("Values in the journal")
    statement, eraser = personal_data.statements.get(key), erasers.get(key)
    return capfirst(
        str(statement.model._meta.verbose_name_plural) if statement else str(eraser.label) if eraser else key
    )


def hold(seen: Preview) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """What an erasure keeps of its preview: what stays, and who else speaks of the person; in no language."""
    kept = [{"label": one.label, "count": count, "until": sentences.kept(until)} for one, count, until in seen.kept]
    told = [{"what": sentences.kept(m.what), "title": m.title, "url": m.url, "label": m.label} for m in seen.mentions]
    return kept, told


def kept_rows(erasure: Erasure) -> list[Kept]:
    """What stays, and why."""
    return [_held_row(row) for row in erasure.kept]


def _held_row(row: dict[str, Any]) -> Kept:
    """One kind of row that stays; older erasures held finished sentences."""
    statement = personal_data.statements.get(row.get("label", ""))
    if statement is None:
        return Kept(
            row.get("what", row.get("label", "")), row["count"], row.get("why", ""), _told(row.get("until", ""))
        )
    return kept_row(statement, row["count"], _told(row["until"]))


def kept_row(statement: Statement, count: int, until: str) -> Kept:
    """Rows that stay by their model's statement."""
    return Kept(name_of(statement.label), count, str(statement.kept_because), until)


def mentions(erasure: Erasure) -> list[Mention]:
    """Texts of others that name the person."""
    return named(Mention(_told(m["what"]), m["title"], m["url"], m.get("label", "")) for m in erasure.mentions)


def named(found: Iterable[Mention]) -> list[Mention]:
    """Mentions whose records are named by their kind where they have no better name."""
    return [Mention(one.what, f"{_kind(one.label)} {one.title}".strip(), one.url) for one in found]


def _kind(label: str) -> str:
    """What one record of a model is called; '' for no model."""
    statement = personal_data.statements.get(label) if label else None
    return capfirst(str(statement.model._meta.verbose_name)) if statement else ""


def _told(held: Any) -> str:
    """A kept sentence in the reader's language; older rows held it finished."""
    return sentences.told(held) if isinstance(held, dict) else str(held)
