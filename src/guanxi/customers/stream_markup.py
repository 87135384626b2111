"""The entries of a stream as HTML, put together in Python: it is fetched more often than any other part of a page."""

from collections.abc import Sequence

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from guanxi.core.addresses import address_of
from guanxi.customers.timeline import Item, Stream
from guanxi.ui.cells import Context, draw_moment, format_date
from guanxi.ui.html import escape, icon, safe


def draw_entries(stream: Stream, *, can_change: bool = False) -> str:
    """The entries of a page of a stream, or the sentence that there are none."""
    if not stream.items:
        nothing = _("Nothing has happened here yet. Notes, visits, orders and changes will stand in this stream.")
        return f'<li class="entry-none"><p class="nothing">{escape(nothing)}</p></li>'
    context = Context()
    return "".join([_entry(item, context, can_change) for item in stream.items])


def draw_page(stream: Stream, public_id: str, *, only: Sequence[str] = (), can_change: bool = False) -> SafeString:
    """The entries with the row that fetches the next ones."""
    drawn = draw_entries(stream, can_change=can_change)
    if stream.following:
        address = address_of("customers:more_activity", public_id)
        query = "".join(f"&kind={key}" for key in only)
        drawn += (
            f'<li class="more-row" hx-get="{escape(f"{address}?after={stream.following}{query}")}" '
            'hx-trigger="intersect once" hx-swap="outerHTML"><span class="skeleton"></span></li>'
        )
    return safe(drawn)


def _entry(item: Item, context: Context, can_change: bool) -> str:
    """One entry: its sign, what happened, who did it and when, the way to change it."""
    kind, entry = item.kind, item.entry
    title = escape(entry.title)
    head = f'<a href="{escape(entry.url)}">{title}</a>' if entry.url else f"<b>{title}</b>"
    if entry.is_dated:
        when = escape(format_date(entry.at.astimezone(context.zone).date(), context))
    else:
        when = draw_moment(entry.at, context)
    by = f"{escape(entry.by)} · " if entry.by else ""
    pen = _pen(entry.edit_url) if entry.edit_url and can_change else ""
    return (
        f'<li class="entry kind-{kind.key}"><span class="entry-sign tone-{escape(entry.tone)}" '
        f'title="{escape(kind.label)}">{icon(entry.icon or kind.icon)}</span><div class="entry-body">'
        f'<p class="entry-head">{head}<span class="entry-when">{by}{when}{pen}</span></p>{entry.html}</div></li>'
    )


def _pen(url: str) -> str:
    """The button that changes an entry."""
    address, label = escape(url), escape(_("Edit"))
    return (
        f' <a class="icon-button" href="{address}" data-dialog="{address}" title="{label}" aria-label="{label}">'
        f"{icon('pencil')}</a>"
    )
