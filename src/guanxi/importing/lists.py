"""The list of imports."""

from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from guanxi.core import money
from guanxi.core.actor import Actor
from guanxi.core.ids import public_id
from guanxi.importing.choices import ImportState
from guanxi.importing.models import Import
from guanxi.importing.targets import targets
from guanxi.ui import cells, filters, lists
from guanxi.ui.html import badge, escape
from guanxi.ui.tables import Column, Table

TONES = {
    ImportState.DRAFT: "neutral",
    ImportState.CHECKING: "info",
    ImportState.CHECKED: "accent",
    ImportState.WRITING: "info",
    ImportState.IN_FORCE: "success",
    ImportState.FAILED: "danger",
    ImportState.UNDOING: "warning",
    ImportState.UNDONE: "neutral",
}


def import_url(import_id: int) -> str:
    """The page of an import."""
    return reverse("importing:show", args=[public_id("imp", import_id)])


def state_badge(state: str) -> str:
    """Where an import stands, in its colour."""
    return badge(ImportState(state).label, TONES[ImportState(state)])


def target_label(key: str) -> str:
    """What a kind of import is called."""
    target = targets.get(key)
    return str(target.label) if target else key


def _file_cell(row: cells.Row, context: cells.Context) -> str:
    """The file, leading to the import."""
    return f'<a href="{context.url(row["id"])}">{escape(row["file_name"])}</a>'


def _amount_cell(row: cells.Row, context: cells.Context) -> str:
    """The amount of the rows stored, where the target has one."""
    target = targets.get(row["target"])
    if target is None or not target.has_money:
        return cells.NOTHING
    return escape(money.format_money(row["amount_minor"], row["currency"], context.language))


def _target_choices() -> list[tuple[str, Any]]:
    """The kinds of import."""
    return [(target.key, target.label) for target in targets]


def _queryset(actor: Actor) -> QuerySet[Any]:
    """The imports that the actor may see."""
    return Import.objects.visible_to(actor)


TABLE = Table(
    columns=[
        Column("file_name", _("File"), ("file_name",), _file_cell, sort="file_name", fixed=True),
        Column("target", _("Kind"), ("target",), lambda row, context: escape(target_label(row["target"])), group=True),
        Column("state", _("State"), ("state",), lambda row, context: state_badge(row["state"]), group=True,
               choices=tuple(ImportState.choices)),
        Column("rows_stored", _("Rows stored"), ("rows_stored",), cells.number("rows_stored"), sort="rows_stored", align="end"),
        Column("rows_refused", _("Rows refused"), ("rows_refused",), cells.number("rows_refused"), sort="rows_refused", align="end"),
        Column("amount", _("Amount"), ("amount_minor", "currency", "target"), _amount_cell, align="end", currency="currency",
               value=lambda row: money.from_minor(row["amount_minor"], row["currency"] or "XXX")),
        Column("source", _("Source"), ("source",), cells.text("source"), sort="source"),
        Column("by", _("By"), ("by_name",), cells.text("by_name"), sort="by_name"),
        Column("created_at", _("Started"), ("created_at",), cells.moment("created_at"), sort="created_at"),
    ],
    default_sort="-created_at",
)  # fmt: skip
PAGE = lists.register(
    lists.ListPage(
        key="imports",
        kind="import",
        title=_("Imports"),
        icon="upload",
        queryset=_queryset,
        table=TABLE,
        filters=[
            filters.Text("file_name", _("File"), "file_name"),
            filters.Choice("state", _("State"), "state", choices=ImportState.choices),
            filters.Choice(
                "target", _("Kind"), "target", choices=[("orders", _("Orders")), ("customers", _("Customers"))]
            ),
            filters.Text("source", _("Source"), "source"),
            filters.Date("created_at", _("Started"), "created_at"),
        ],
        url_name="importing:list",
        record_url=import_url,
        create_url_name="importing:start",
        create_label=_("Import a file"),
        empty=lists.Empty(
            _("Nothing was imported yet"),
            _("Bring in your order file: customers, products and orders follow from it, and each can be taken back."),
            _("Import a file"),
            "importing:start",
        ),
    )
)
