"""The list of the desk: which conversations, in which order, page by page by key; and how many each view holds."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Left
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from guanxi.conversations import queries
from guanxi.conversations.choices import ConversationState, MessageKind
from guanxi.conversations.desk.icons import icon_of
from guanxi.conversations.desk.registries import Sign, View, desk_views, row_signs, view_sources
from guanxi.conversations.models import Conversation, DeskView, Draft, Message, Seen
from guanxi.core import ids
from guanxi.core.actor import Actor
from guanxi.core.errors import InvalidInput
from guanxi.routing.public import Queue
from guanxi.search.public import search
from guanxi.tasks.models import Notification
from guanxi.ui import keyset
from guanxi.ui.keyset import SortKey

PAGE = 40
MOST_COUNTED = 999
MOST_FOUND = 200
MOST_CHANNELS = 40
SNIPPET = 160
FIRST_VIEW = "mine"
_no_place = _("This place in the list is no longer valid. Open the list again.")
NEWEST = (SortKey("last_message_at", is_descending=True), SortKey("pk", is_descending=True))
ORDERS: dict[str, tuple[SortKey, ...]] = {
    "newest": NEWEST,
    "oldest": (SortKey("last_message_at"), SortKey("pk")),
    "waiting": (SortKey("waiting_since", is_nullable=True), SortKey("pk")),
    "due": (SortKey("due_at", is_nullable=True), SortKey("pk")),
}
ORDER_WORDS = {
    "newest": pgettext_lazy("order of conversations", "Newest first"),
    "oldest": pgettext_lazy("order of conversations", "Oldest first"),
    "waiting": pgettext_lazy("order of conversations", "Waiting longest"),
    "due": pgettext_lazy("order of conversations", "Due first"),
}
FIELDS = [
    "id", "subject", "state", "match", "contact_name", "contact_value", "channel_kind", "customer_id",
    "customer__name", "customer__standing__tier", "assignee_id", "assignee__name", "assignee__username",
    "last_message_at", "waiting_since", "due_at", "message_count",
]  # fmt: skip


@dataclass(frozen=True)
class DeskState:
    """Which list is open: a view, what is looked for in it, its order, and where its page begins."""

    view: str = ""
    text: str = ""
    order: str = ""
    after: str = ""

    @classmethod
    def of(cls, given: Mapping[str, str]) -> "DeskState":
        """The state that an address names."""
        order = given.get("sort", "")
        return cls(
            view=given.get("view", "")[:60],
            text=" ".join(given.get("q", "").replace("\x00", "").split())[:200],
            order=order if order in ORDERS else "",
            after=given.get("after", "")[:400],
        )

    def query(self, **changed: str) -> str:
        """The state as the query of an address, '' for the plain desk."""
        now = replace(self, **changed)
        pairs = {"view": now.view, "q": now.text, "sort": now.order, "after": now.after}
        return urlencode({name: value for name, value in pairs.items() if value})


@dataclass(frozen=True)
class Row:
    """One conversation as the list shows it."""

    values: Mapping[str, Any]
    snippet: str
    is_unread: bool
    has_draft: bool
    signs: Sequence[Sign]

    def __getitem__(self, name: str) -> Any:
        """One column."""
        return self.values[name]


@dataclass(frozen=True)
class Page:
    """Some rows of a list, and where the next ones begin ('' at the end)."""

    view: View
    state: DeskState
    rows: Sequence[Row]
    following: str


def _open(queryset: QuerySet[Any]) -> QuerySet[Any]:
    """Those in which something is still to be said."""
    return queryset.filter(state=ConversationState.OPEN)


def _mentions(queryset: QuerySet[Any], actor: Actor) -> QuerySet[Any]:
    """Those in which a colleague named the actor."""
    told = Notification.objects.filter(user=actor.private_id, sort="mention", about_kind="conversation")
    return queryset.filter(pk__in=told.values("about_id"))


desk_views.add(
    "mine",
    View("mine", _("Mine"), "user-check", lambda rows, actor: _open(rows).filter(assignee=actor.user_id)),
    order=10,
)
desk_views.add(
    "unassigned",
    View("unassigned", _("Unassigned"), "inbox", lambda rows, actor: _open(rows).filter(assignee__isnull=True)),
    order=20,
)
desk_views.add(
    "waiting",
    View(
        "waiting",
        pgettext_lazy("view of the desk", "Waiting"),
        "clock",
        lambda rows, actor: _open(rows).filter(waiting_since__isnull=False),
        order="waiting",
    ),
    order=30,
)
desk_views.add("open", View("open", _("All open"), "messages", lambda rows, actor: _open(rows)), order=40)
desk_views.add("mentions", View("mentions", _("Mentions"), "at", _mentions), order=50)
desk_views.add(
    "done",
    View(
        "done",
        pgettext_lazy("view of the desk", "Done"),
        "circle-check",
        lambda rows, actor: rows.filter(state=ConversationState.DONE),
        orders=("newest", "oldest"),
        is_counted=False,
    ),
    order=60,
)


def _of_channel(number: int) -> Any:
    """The narrowing to one channel."""
    return lambda rows, actor: _open(rows).filter(channel=number)


def channel_views(actor: Actor) -> Iterator[View]:
    """One view for each channel in use, where there is more than one."""
    rows = queries.channel_names_at_desk(actor)[:MOST_CHANNELS]
    for number, name, kind in rows if len(rows) > 1 else ():
        yield View(f"channel-{number}", name, icon_of(kind), _of_channel(number), group="channels")


view_sources.add("channels", channel_views)


def _of_queue(number: int) -> Any:
    """The narrowing to one queue."""
    return lambda rows, actor: _open(rows).filter(queue=number)


def queue_views(actor: Actor) -> Iterator[View]:
    """One view for each queue that is open to the actor, where there is more than one."""
    rows = Queue.objects.visible_to(actor).filter(is_active=True).order_by("order", "name").values_list("pk", "name")
    found = list(rows[:MOST_CHANNELS])
    for number, name in found if len(found) > 1 else ():
        yield View(f"queue-{number}", name, "layers", _of_queue(number), group="queues")


view_sources.add("queues", queue_views, order=50)


def page_of(actor: Actor, state: DeskState, views: Mapping[str, View], limit: int = PAGE) -> Page:
    """One page of a list, as far as the actor may see; `views` are those that are open to them."""
    view = views.get(state.view) or desk_views[FIRST_VIEW]
    rows = narrowed(actor, view, state.text)
    if state.order not in view.orders:
        state = replace(state, order="")
    keys = list(ORDERS[state.order or view.order])
    after = _typed(keys, keyset.decode(state.after, len(keys)))
    # First which ones, then what the list shows of them: joined before it is sorted, thousands of customers are read.
    places = keyset.fetch(rows, keys, ["id"], after, limit + 1)
    following = keyset.encode(keyset.place(places[limit - 1], keys)) if len(places) > limit else ""
    numbers = [place["id"] for place in places[:limit]]
    found = {row["id"]: row for row in _shown(actor, Conversation.objects.visible_to(actor).filter(pk__in=numbers))}
    return Page(view, state, dressed(actor, [found[number] for number in numbers if number in found]), following)


def _typed(keys: Sequence[SortKey], place: list[Any] | None) -> list[Any] | None:
    """A place as the database compares it: moments are texts in an address."""
    if place is None:
        return None
    try:
        moment = None if place[0] is None else datetime.fromisoformat(str(place[0]))
    except ValueError as error:
        raise InvalidInput(_no_place) from error
    if moment is not None and moment.tzinfo is None:
        raise InvalidInput(_no_place)
    return [moment, *place[1:]]


def narrowed(actor: Actor, view: View, text: str = "") -> QuerySet[Any]:
    """The conversations of a view that the actor may see, and in which a text is found."""
    rows = view.narrow(Conversation.objects.visible_to(actor).filter(merged_into__isnull=True), actor)
    if not text:
        return rows
    number = ids.parse("cnv", text)
    if number is not None:
        return rows.filter(pk=number)
    found = search(actor=actor, text=text, only=("conversation", "customer"), limit=MOST_FOUND)
    numbers = [hit.record_id for hit in found if hit.kind == "conversation"]
    customers = [hit.record_id for hit in found if hit.kind == "customer"]
    return rows.filter(Q(pk__in=numbers) | Q(customer__in=customers))


def _shown(actor: Actor, rows: QuerySet[Any]) -> QuerySet[Any]:
    """What the list shows of a few conversations, in one statement: the last words, up to where they were read, drafts too."""
    said = Message.objects.filter(conversation=OuterRef("pk")).exclude(kind=MessageKind.EVENT).order_by("-at", "-id")
    seen = Seen.objects.filter(user=actor.user_id, conversation=OuterRef("pk")).values("at")
    begun = Draft.objects.filter(user=actor.private_id, conversation=OuterRef("pk"))
    return rows.annotate(
        snippet=Subquery(said.annotate(begun=Left("new_text", SNIPPET)).values("begun")[:1]),
        read_at=Subquery(seen[:1]),
        has_draft=Exists(begun),
    ).values(*FIELDS, "snippet", "read_at", "has_draft")


def dressed(actor: Actor, found: Sequence[Mapping[str, Any]]) -> list[Row]:
    """Rows with the signs of higher floors."""
    numbers = [values["id"] for values in found]
    if not numbers:
        return []
    signs: dict[int, list[Sign]] = {}
    for source in row_signs:
        for number, badges in source(actor, numbers).items():
            signs.setdefault(number, []).extend(badges)
    return [
        Row(
            values=values,
            snippet=values["snippet"] or "",
            is_unread=values["read_at"] is None or values["read_at"] < values["last_message_at"],
            has_draft=values["has_draft"],
            signs=signs.get(values["id"], ()),
        )
        for values in found
    ]


def row_of(actor: Actor, number: int) -> Row | None:
    """One conversation as the list shows it, None when it is not open to the actor."""
    found = _shown(actor, Conversation.objects.visible_to(actor).filter(pk=number)).first()
    return dressed(actor, [found])[0] if found is not None else None


def counts(actor: Actor, views: Mapping[str, View]) -> dict[str, int]:
    """How many conversations each counted view holds, in one statement; no further than one more than is shown."""
    open_to = Conversation.objects.visible_to(actor).filter(merged_into__isnull=True)
    counted = [key for key, view in views.items() if view.is_counted]
    parts: list[str] = []
    given: list[Any] = []
    for place, key in enumerate(counted):
        rows = views[key].narrow(open_to, actor).order_by().values("pk")[: MOST_COUNTED + 1]
        try:
            sql, params = rows.query.sql_with_params()
        except EmptyResultSet:  # a narrowing to nothing
            continue
        parts.append(f"SELECT {place}, COUNT(*) FROM ({sql}) AS held")  # noqa: S608 - Django's own SQL
        given += params
    found = dict.fromkeys(counted, 0)
    if parts:
        with connection.cursor() as cursor:
            cursor.execute(" UNION ALL ".join(parts), given)
            found.update((counted[place], count) for place, count in cursor.fetchall())
    return found


def counts_shown(actor: Actor, views: Mapping[str, View]) -> str:
    """The counts as the signs beside the views show them: JSON of texts by view."""
    found = counts(actor, views)
    told = {key: f"{MOST_COUNTED}+" if count > MOST_COUNTED else str(count) for key, count in found.items()}
    return json.dumps(told, separators=(",", ":"))


def count_waiting_of(actor: Actor) -> int:
    """How many of one's own conversations wait for an answer."""
    rows = desk_views["waiting"].narrow(Conversation.objects.visible_to(actor), actor)
    return rows.filter(assignee=actor.user_id).values("pk")[: MOST_COUNTED + 1].count()


def own_views(actor: Actor) -> list[DeskView]:
    """The views that one person keeps, by name."""
    return list(DeskView.objects.filter(user=actor.private_id).order_by("name"))
