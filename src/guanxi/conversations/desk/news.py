"""What an open page of the desk asks anew: all that may have changed in one answer, each part as the page has it.

A page names the parts (`thread`, `side`, `list`, `tabs`), what it shows of them, and whether somebody looks at it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.template.loader import render_to_string

from guanxi.conversations import queries
from guanxi.conversations.desk import composing, listing, presenting, thread
from guanxi.conversations.desk.listing import DeskState
from guanxi.conversations.desk.registries import views_for
from guanxi.conversations.desk.rows import draw_rows
from guanxi.conversations.models import Conversation
from guanxi.conversations.services.desk import mark_seen_so_far
from guanxi.core import ids
from guanxi.core.actor import Actor

PARTS = frozenset({"thread", "side", "list", "tabs"})
MOST_AGAIN = 40


@dataclass(frozen=True)
class Asked:
    """What a page asks for, and what it has of the open conversation: its last entry, entries that are not settled."""

    parts: frozenset[str]
    conversation: str
    after: str
    again: tuple[str, ...]
    usual: str
    is_watched: bool
    state: DeskState

    @classmethod
    def of(cls, given: Mapping[str, str]) -> "Asked":
        """What a page sends along."""
        return cls(
            parts=PARTS.intersection(given.get("parts", "").split(",")),
            conversation=given.get("open", ""),
            after=given.get("after", ""),
            again=tuple(given.get("again", "").split(",")[:MOST_AGAIN]),
            usual=given.get("usual", ""),
            is_watched=given.get("watched", "") == "1",
            state=DeskState.of({**given, "after": ""}),
        )


def draw(request: HttpRequest, actor: Actor, asked: Asked) -> str:
    """The parts as the page takes them in; what is not open to the actor (any more) is left out, and that the open one is."""
    context: dict[str, Any] = {}
    row = queries.conversation_or_none(actor, asked.conversation)
    if row is None and asked.conversation:
        context["is_gone"] = True
    if row is not None and "thread" in asked.parts:
        context.update(_thread(request, actor, row, asked))
    if row is not None and "side" in asked.parts:
        context.update(side=presenting.side(request, actor, row), conversation=row)
    if "list" in asked.parts:
        views = views_for(actor)
        page = listing.page_of(actor, asked.state, views)
        number = row.pk if row is not None else ids.parse("cnv", asked.conversation)
        context.update(rows_of(actor, page, number), counts=listing.counts_shown(actor, views))
    if "tabs" in asked.parts:
        context.update(tabs=presenting.tabs(actor, row), has_tabs=True)
    return render_to_string("conversations/desk_news.html", context, request)


def rows_of(actor: Actor, page: listing.Page, current: int | None) -> dict[str, Any]:
    """The rows of a page of the list, and where the next ones begin."""
    return {
        "next_query": page.state.query(after=page.following) if page.following else "",
        "rows_html": draw_rows(actor, list(page.rows), page.state, current),
        "has_rows": True,
    }


def _thread(request: HttpRequest, actor: Actor, row: Conversation, asked: Asked) -> dict[str, Any]:
    """New entries, those asked for again, the head, and by which way an answer goes where that has changed."""
    after = queries.place_of_message(row, asked.after)
    again = [number for key in asked.again if (number := ids.parse("msg", key)) is not None]
    found = thread.read(actor, row, after=after, again=again)
    said = [one for one in found.entries if one.message is not None and (after is None or one.at > after)]
    others = [one for one in said if one.message is not None and one.message.author_id != actor.user_id]
    if asked.is_watched and others:
        mark_seen_so_far(actor=actor, conversation=row, has_notes=any(one.look == "note" for one in others))
    context = {"thread": found, "is_news": True, **presenting.conversation(request, actor, row)}
    is_heard = any(entry.look == "in" for entry in found.entries)
    if context["can_change"] and is_heard and ids.parse("chn", asked.usual) != row.channel_id:
        # The customer came by another channel than an answer would go by on that page: it goes there.
        context["composer"] = composing.composer(actor, row)
    return context
