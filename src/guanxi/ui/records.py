"""The frame of a record's page: sticky head, facts at the left, tabs in the middle, cards at the right."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from guanxi.core.actor import Actor
from guanxi.core.registry import Registry
from guanxi.ui import editing, panels
from guanxi.ui.cells import NOTHING, Context
from guanxi.ui.html import escape, icon, safe
from guanxi.ui.menu import Permission, is_open

Words = str | Promise


@dataclass(frozen=True)
class Chip:
    """A sign in the head: tier, health, open promises."""

    label: Words
    tone: str = "neutral"
    title: Words = ""
    url: str = ""
    caption: Words = ""


@dataclass(frozen=True)
class Action:
    """A quick act on the record."""

    label: Words
    icon: str = "zap"
    url: str = ""
    shortcut: str = ""
    method: str = "get"
    is_modal: bool = False
    is_primary: bool = False
    is_dangerous: bool = False
    permission: Permission = None
    confirm: Words = ""


@dataclass(frozen=True)
class Fact:
    """One fact: a field that can be changed in place (`edit`), or HTML of its own."""

    label: Words
    edit: str = ""
    html: str = ""
    title: Words = ""


@dataclass(frozen=True)
class Facts:
    """A section of facts; long ones may start closed."""

    label: Words
    facts: Sequence[Fact]
    is_open: bool = True
    key: str = ""


@dataclass(frozen=True)
class Tab:
    """A tab: HTML at once, or an address fetched when opened."""

    key: str
    label: Words
    html: str = ""
    url: str = ""
    count: int | None = None


# Tabs that stand on the page of every record: `tab(actor, kind, record id)`, None where it is not for the reader.
common_tabs: Registry[Callable[[Actor, str, int], Tab | None]] = Registry("tabs of every record")


@dataclass(frozen=True)
class RecordPage:
    """Everything the page of one record shows."""

    kind: str
    record_id: int
    title: Words
    record: Any = None
    subtitle: Words = ""
    initials: str = ""
    icon: str = ""
    back_url: str = ""
    back_label: Words = ""
    chips: Sequence[Chip] = ()
    actions: Sequence[Action] = ()
    more_actions: Sequence[Action] = ()
    facts: Sequence[Facts] = ()
    tabs: Sequence[Tab] = ()
    live_topic: str = ""
    # Where a field that the reader sees masked is shown in full, by its kind and name; None where nowhere.
    reveal: Callable[[str, str], str] | None = None
    extra: dict[str, Any] = field(default_factory=dict)


def render_record(request: HttpRequest, page: RecordPage, template: str = "ui/record.html") -> HttpResponse:
    """The page of a record; `?tab=` names the open tab."""
    actor = request.actor  # type: ignore[attr-defined]
    common = [tab(actor, page.kind, page.record_id) for tab in common_tabs]
    page = replace(page, tabs=[*page.tabs, *(tab for tab in common if tab is not None)])
    keys = [tab.key for tab in page.tabs]
    current = request.GET.get("tab", "")
    cards = [_card(panel, request, page.record_id) for panel in panels.panels_for(page.kind, actor)]
    context = {
        "page": page,
        "current_tab": current if current in keys else (keys[0] if keys else ""),
        "facts": _draw_facts(page, actor),
        "cards": [card for card in cards if not card["panel"].is_wide],
        "wide_cards": [card for card in cards if card["panel"].is_wide],
        "has_later_cards": any(not card["panel"].is_eager for card in cards),
        "actions": [a for a in page.actions if is_open(a.permission, actor)],
        "more_actions": [a for a in page.more_actions if is_open(a.permission, actor)],
        **page.extra,
    }
    response = render(request, template, context)
    response["Cache-Control"] = "no-store"
    return response


def _draw_facts(page: RecordPage, actor: Any) -> list[dict[str, Any]]:
    """The sections of facts, each fact drawn, those open to the actor marked as editable."""
    context = Context(actor=actor)
    declared = editing.kinds.get(page.kind)
    fields = declared.every_field() if declared is not None else {}
    drawn = []
    for section in page.facts:
        rows = []
        for fact in section.facts:
            item = fields.get(fact.edit)
            shown = fact.html
            if item is not None and not shown and page.record is not None:
                shown = item.draw(page.record, context)
            if item is not None and item.is_hidden(actor):
                continue
            if item is not None and item.guard and page.reveal and not fact.html and item.is_masked(page.record, actor):
                shown = f"{shown} {eye(page.reveal(*item.guard))}"
            can_edit = item is not None and editing.is_open(page.kind, fact.edit, actor)
            rows.append({"fact": fact, "html": safe(shown or NOTHING), "edit": fact.edit if can_edit else ""})
        drawn.append({"section": section, "rows": rows})
    return drawn


def eye(url: str) -> str:
    """The way to a value in full, beside its masked form."""
    hint, where = escape(_("Show in full (the look is logged)")), escape(url)
    return f'<a class="icon-button" href="{where}" data-dialog="{where}" title="{hint}" aria-label="{hint}">{icon("eye")}</a>'


def _card(panel: panels.Panel, request: HttpRequest, record_id: int) -> dict[str, Any]:
    """A card's frame; its body is fetched after the page stands, unless it is eager."""
    actor = request.actor  # type: ignore[attr-defined]
    return {
        "panel": panel,
        "add_url": panel.add_url(record_id) if panel.add_url and is_open(panel.add_permission, actor) else "",
        "all_url": panel.all_url(record_id) if panel.all_url else "",
        "html": safe(panel.render(request, record_id)) if panel.is_eager else "",
    }
