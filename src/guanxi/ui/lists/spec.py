"""What a list is: the declaration a module makes."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.functional import Promise

from guanxi.core import custom_fields
from guanxi.core.actor import SHOWN, Actor
from guanxi.core.live import changed
from guanxi.core.masking import sees_own
from guanxi.core.models import CustomField
from guanxi.core.registry import Registry
from guanxi.ui.filters import Filter, custom_filters
from guanxi.ui.tables import Column, Table, custom_columns, open_to

Words = str | Promise


# As the value of a filter of a standard view: whoever looks at the list.
ME = "me"


@dataclass(frozen=True)
class StandardView:
    """A view that comes with the list; a filter that says ME narrows it to what is the reader's own."""

    key: str
    label: Words
    filters: Mapping[str, str] = field(default_factory=dict)
    sort: str = ""
    columns: tuple[str, ...] = ()
    group: str = ""
    layout: str = "table"


@dataclass(frozen=True)
class Outcome:
    """What a bulk action did; with an operation it can be undone."""

    message: Words
    operation_id: int | None = None
    url: str = ""
    # How many rows differed, where not all did.
    count: int | None = None


@dataclass(frozen=True)
class BulkAction:
    """An act on all selected rows: `run(*, actor, queryset, count, data)` gives an Outcome.

    Above the limit a job runs it over chunks of the rows, each of them an operation. `writes(data)` names the fields of
    the journal that it writes, as (kind, field), all fields for "": where somebody else changed one of them since the
    list was drawn, the person is asked first.
    """

    key: str
    label: Words
    run: Callable[..., Outcome]
    icon: str = "zap"
    form: type[forms.Form] | None = None
    permission: tuple[str, str] | None = None
    is_dangerous: bool = False
    confirm: Words = ""
    limit: int = 20_000
    writes: Callable[[dict[str, Any]], Sequence[tuple[str, str]]] | None = None


@dataclass(frozen=True)
class Empty:
    """What an empty list teaches: one sentence and one button."""

    title: Words
    text: Words = ""
    button: Words = ""
    url_name: str = ""
    icon: str = "inbox"


@dataclass(frozen=True)
class ListPage:
    """One list of records of one kind."""

    key: str
    kind: str
    title: Words
    # Depends on the actor alone: for lists without filters its SQL is kept.
    queryset: Callable[[Actor], QuerySet[Any]]
    table: Table
    url_name: str
    icon: str = "list"
    filters: Sequence[Filter] = ()
    views: Sequence[StandardView] = ()
    record_url: Callable[[int], str] | None = None
    peek: Callable[[HttpRequest, int], str] | None = None
    search: Callable[[QuerySet[Any], str, Actor], QuerySet[Any]] | None = None
    search_hint: Words = ""
    bulk_actions: Sequence[BulkAction] = ()
    create_url_name: str = ""
    create_label: Words = ""
    has_custom_fields: bool = False
    board_by: Sequence[str] = ()
    empty: Empty | None = None
    currency: Callable[[], str] | None = None
    can_export: bool = True
    # All that is known of rows as a file that another installation takes in: `whole_file(actor, rows)` gives the names
    # of its columns and its rows.
    whole_file: Callable[[Actor, QuerySet[Any]], tuple[Sequence[str], Iterable[Sequence[Any]]]] | None = None
    # Who may open the list, where seeing single records is not enough.
    permission: tuple[str, str] | None = None
    actions_template: str = ""
    back_url_name: str = ""
    back_label: Words = ""
    page_size: int = 50

    def definitions(self) -> list[CustomField]:
        """The custom fields that appear in this list."""
        return custom_fields.definitions(self.kind) if self.has_custom_fields else []

    def columns(self, actor: Actor, definitions: Sequence[CustomField]) -> dict[str, Column]:
        """Every column the actor may show, custom fields among them."""
        own = [*self.table.columns, *custom_columns(definitions)]
        return {column.key: column for column in open_to(own, actor)}

    def all_filters(self, actor: Actor, definitions: Sequence[CustomField]) -> dict[str, Filter]:
        """Every filter the actor may use, custom fields among them."""
        seen = [d for d in definitions if sees_own(actor, d.kind, d.key) == SHOWN]
        own = [*self.filters, *custom_filters(seen)]
        return {f.key: f for f in own if f.is_open_to(actor)}

    def actions_for(self, actor: Actor) -> list[BulkAction]:
        """The bulk actions the actor may run."""
        if actor.is_read_only:
            return []
        return [a for a in self.bulk_actions if a.permission is None or actor.scope(*a.permission) is not None]


pages: Registry[ListPage] = Registry("lists")


def may_listen(actor: Actor, kind: str) -> bool:
    """Who may open a list of a kind hears that something of it changed."""
    return any(page.kind == kind and _is_open(page, actor) for page in pages)


def _is_open(page: ListPage, actor: Actor) -> bool:
    """Whether the actor may open a list."""
    return actor.scope(*(page.permission or (page.kind, "view"))) is not None


def register(page: ListPage) -> ListPage:
    """Register a list; its endpoints answer from then on, and its pages hear of changes."""
    changed.listed.add(page.kind)
    return pages.add(page.key, page)
