"""Rows of the desk's list and clocks, as safe HTML built in Python: a page draws forty of them."""

from datetime import datetime, timedelta

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from guanxi.conversations.choices import ChannelKind, ConversationState, Match
from guanxi.conversations.desk import addresses
from guanxi.conversations.desk.icons import icon_of
from guanxi.conversations.desk.listing import DeskState, Row
from guanxi.core import ids
from guanxi.core.actor import Actor
from guanxi.customers.choices import Tier
from guanxi.ui.cells import Context, ago, format_moment
from guanxi.ui.html import avatar, badge, escape, icon, safe

# A clock turns amber when this much, or this share of the whole time, is left; without a date, after so long a wait.
AMBER_LEFT = timedelta(minutes=15)
AMBER_SHARE = 0.25
AMBER_WAIT, RED_WAIT = timedelta(hours=1), timedelta(hours=8)
_number = ids.writer("cnv")


def draw_rows(actor: Actor, rows: list[Row] | tuple[Row, ...], state: DeskState, current: int | None) -> SafeString:
    """The rows of a page."""
    context, query = Context(actor=actor), state.query(after="")
    return safe("".join(draw_row(row, context, query, is_current=row["id"] == current) for row in rows))


def draw_row(row: Row, context: Context, query: str, *, is_current: bool = False) -> str:
    """One conversation: channel, who, tier, what about, the last words, who has it, its clock."""
    number = _number(row["id"])
    url = f"/desk/{number}/{'?' + query if query else ''}"
    classes = ["desk-row"]
    classes += ["is-unread"] if row.is_unread else []
    classes += ["is-current"] if is_current else []
    kind = ChannelKind(row["channel_kind"]).label if row["channel_kind"] in ChannelKind.values else ""
    unread = f'<span class="desk-dot" title="{escape(_("Not read yet"))}"></span>' if row.is_unread else ""
    draft = f'<span class="desk-draft">{escape(_("Draft"))}</span> ' if row.has_draft else ""
    current = ' aria-current="true"' if is_current else ""
    return (
        f'<li><a class="{" ".join(classes)}" href="{escape(url)}" data-id="{number}" data-number="{row["id"]}"{current}>'
        f'<span class="desk-channel" title="{escape(kind)}">{icon(icon_of(row["channel_kind"]))}{unread}</span>'
        f'<span class="desk-row-body"><span class="desk-row-top"><b>{escape(name_of(row, context.actor))}</b>{tier_sign(row)}'
        f'<time datetime="{row["last_message_at"].isoformat()}" title="{escape(format_moment(row["last_message_at"], context))}">'
        f"{escape(brief(row['last_message_at'], context))}</time></span>"
        f'<span class="desk-row-subject">{escape(row["subject"] or _("Without a subject"))}</span>'
        f'<span class="desk-row-snippet">{draft}{escape(" ".join(row.snippet.split()))}</span>'
        f'<span class="desk-row-foot">{_foot(row, context)}</span></span></a></li>'
    )


def _foot(row: Row, context: Context) -> str:
    """The signs at the foot of a row."""
    parts = [clock_sign(row["due_at"], row["waiting_since"], row["state"], context)]
    parts += [badge(sign.label, sign.tone) for sign in row.signs]
    if row["match"] == Match.MAYBE:
        parts.append(badge(_("Whose is it?"), "warning"))
    if row["assignee_id"] is None:
        if row["state"] == ConversationState.OPEN:
            parts.append(f'<span class="desk-nobody">{escape(_("Nobody has it"))}</span>')
    else:
        who = row["assignee__name"] or row["assignee__username"] or ""
        is_mine = context.actor is not None and row["assignee_id"] == context.actor.user_id
        words = _("You have it") if is_mine else _("%(name)s has it") % {"name": who}
        parts.append(
            f'<span class="desk-who" title="{escape(words)}">{avatar(who, row["assignee_id"], "avatar-s")}</span>'
        )
    return "".join(parts)


def name_of(row: Row, actor: Actor | None) -> str:
    """Who the counterpart is, as the reader may see it."""
    name, value = row["customer__name"] or row["contact_name"], row["contact_value"]
    told = addresses.named(actor, name, value) if actor is not None else name or value
    return told or pgettext("counterpart", "Unknown")


def tier_sign(row: Row) -> str:
    """The customer's tier as a badge, nothing where it was not measured."""
    tier = row["customer__standing__tier"]
    return badge(Tier(tier).label, tier) if tier in Tier.values else ""


def brief(moment: datetime, context: Context) -> str:
    """A moment in a few letters: minutes, hours, days, then the date."""
    seconds = max((context.now - moment).total_seconds(), 0)
    if seconds < 60:
        return pgettext("a short time ago", "now")
    if seconds < 3600:
        return pgettext("a short time ago", "%(n)d min") % {"n": seconds // 60}
    if seconds < 86_400:
        return pgettext("a short time ago", "%(n)d h") % {"n": seconds // 3600}
    if seconds < 7 * 86_400:
        return pgettext("a short time ago", "%(n)d d") % {"n": seconds // 86_400}
    return ago(moment, context) if seconds < 30 * 86_400 else format_moment(moment, context).rpartition(" ")[0]


def span(seconds: float) -> str:
    """A length of time in two words at most."""
    minutes = int(seconds // 60)
    if minutes < 60:
        return ngettext("%(n)d minute", "%(n)d minutes", minutes) % {"n": minutes}
    hours = minutes // 60
    if hours < 48:
        return ngettext("%(n)d hour", "%(n)d hours", hours) % {"n": hours}
    days = hours // 24
    return ngettext("%(n)d day", "%(n)d days", days) % {"n": days}


def clock_tone(due_at: datetime | None, waiting_since: datetime | None, now: datetime) -> str:
    """How pressing it is: danger when it is late, warning when it soon will be."""
    if due_at is not None:
        whole = due_at - waiting_since if waiting_since is not None else timedelta()
        if now >= due_at:
            return "danger"
        return "warning" if due_at - now <= max(AMBER_LEFT, whole * AMBER_SHARE) else "success"
    if waiting_since is None:
        return "neutral"
    waited = now - waiting_since
    return "danger" if waited >= RED_WAIT else "warning" if waited >= AMBER_WAIT else "neutral"


def clock_sign(due_at: datetime | None, waiting_since: datetime | None, state: str, context: Context) -> str:
    """How long is left, or how long somebody has waited; the page's script goes on counting. Nothing when nobody waits."""
    if state != ConversationState.OPEN or (due_at is None and waiting_since is None):
        return ""
    now = context.now
    if due_at is not None:
        words = _("%(span)s left") if now < due_at else _("%(span)s late")
        words %= {"span": span(abs((due_at - now).total_seconds()))}
        hint = _("To be answered by %(moment)s") % {"moment": format_moment(due_at, context)}
    else:
        waited = (now - waiting_since).total_seconds() if waiting_since is not None else 0
        words = _("waits %(span)s") % {"span": span(max(waited, 0))}
        hint = _("Waiting since %(moment)s") % {"moment": format_moment(waiting_since, context)}
    told = f' data-due="{due_at.isoformat()}"' if due_at is not None else ""
    told += f' data-since="{waiting_since.isoformat()}"' if waiting_since is not None else ""
    tone = clock_tone(due_at, waiting_since, now)
    return f'<span class="desk-clock tone-{tone}" title="{escape(hint)}"{told}>{icon("clock")}<span>{escape(words)}</span></span>'
