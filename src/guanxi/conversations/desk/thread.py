"""The entries of a conversation as its thread shows them: what was said, noted, done, and how far each message has come."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.utils.html import urlize
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from guanxi.conversations.adapters import adapters
from guanxi.conversations.choices import ChannelKind, DeliveryState, Direction, MessageClass, MessageKind
from guanxi.conversations.desk import addresses, html_mail
from guanxi.conversations.desk.happened import happenings
from guanxi.conversations.desk.icons import icon_of
from guanxi.conversations.models import Conversation, Message
from guanxi.conversations.services import delivering
from guanxi.conversations.services.desk import is_trusted
from guanxi.core.actor import Actor
from guanxi.core.compiled import CompiledRecords
from guanxi.files.models import StoredFile
from guanxi.files.public import files_of
from guanxi.ui.html import safe

PAGE = 40
LONGEST = 20_000
IS_RICH = re.compile(r"<(?:img|table|h[1-6]|ul|ol)\b", re.IGNORECASE)
_SAID = CompiledRecords(
    Message,
    lambda number: Message.objects.filter(conversation=number).order_by("-at", "-id")[: PAGE + 1],
    int, related=("raw_file",),
)  # fmt: skip
_SAID_BEFORE = CompiledRecords(
    Message,
    lambda number, at: Message.objects.filter(conversation=number, at__lt=at).order_by("-at", "-id")[: PAGE + 1],
    int, datetime, related=("raw_file",),
)  # fmt: skip
_SAID_AFTER = CompiledRecords(
    Message,
    lambda number, at: Message.objects.filter(conversation=number, at__gt=at).order_by("at", "id")[: PAGE * 5],
    int, datetime, related=("raw_file",),
)  # fmt: skip
# States in which more is to be told later: such an entry is asked for again.
UNSETTLED = frozenset({DeliveryState.HELD, DeliveryState.QUEUED, DeliveryState.SENT, DeliveryState.DELIVERED})


@dataclass(frozen=True)
class Entry:
    """One entry of a thread."""

    at: datetime
    look: str  # in, out, note, event: their colours
    words: str = ""  # of an event: what happened
    message: Message | None = None
    who: str = ""
    html: str = ""
    quoted: str = ""
    is_cut: bool = False
    # Something of the mail is only in its raw form: too many parts or files, too long.
    is_partly: bool = False
    is_rich: bool = False
    frame_size: str = ""
    held_images: int = 0
    icon: str = ""
    channel: str = ""
    sort: str = ""
    delivery: str = ""
    tone: str = "neutral"
    trouble: str = ""
    detail: str = ""
    is_held: bool = False
    is_unsettled: bool = False
    files: Sequence[StoredFile] = field(default_factory=tuple)
    to: Sequence[str] = ()
    cc: Sequence[str] = ()

    @property
    def key(self) -> str:
        """By which the page knows it."""
        return self.message.public_id if self.message is not None else f"e{int(self.at.timestamp() * 1000)}"


@dataclass(frozen=True)
class Thread:
    """Some entries, the oldest first, and the id before which earlier ones lie ('' at the beginning)."""

    entries: Sequence[Entry]
    earlier: str
    last: str


def read(
    actor: Actor,
    conversation: Conversation,
    *,
    before: datetime | None = None,
    after: datetime | None = None,
    again: Sequence[int] = (),
) -> Thread:
    """The last entries of a conversation, those before a place, or those after one and the ones asked for again."""
    if after is not None:
        rows = Message.objects.filter(conversation=conversation, pk__in=list(again)).select_related("raw_file")
        asked = list(rows.order_by("at", "id")[:PAGE]) if again else []
        messages = [*asked, *_SAID_AFTER.all(conversation.pk, after)]
        earlier = ""
    else:
        found = _SAID.all(conversation.pk) if before is None else _SAID_BEFORE.all(conversation.pk, before)
        messages = list(reversed(found[:PAGE]))
        earlier = messages[0].public_id if len(found) > PAGE else ""
    files = _files(messages)
    entries = [entry_of(actor, message, files.get(message.pk, ())) for message in messages]
    since = after if after is not None else messages[0].at if earlier else None
    entries += [Entry(at=one.at, look="event", words=one.words) for one in happenings(conversation, since, before)]
    entries.sort(key=lambda entry: entry.at)
    return Thread(entries, earlier, messages[-1].public_id if messages else "")


def _files(messages: Sequence[Message]) -> dict[int, list[StoredFile]]:
    """The files of some messages, without the mail as it came and what its text shows."""
    numbers = [message.pk for message in messages]
    hidden = {message.raw_file_id for message in messages}
    for message in messages:
        hidden |= set(message.details.get("inline", {}).values()) if _shows_images(message) else set()
    found: dict[int, list[StoredFile]] = {}
    if len(numbers) == 1:
        rows = files_of("message", numbers[0])
    else:
        rows = list(StoredFile.objects.filter(record_kind="message", record_id__in=numbers).order_by("pk"))
    for row in rows:
        if row.pk not in hidden and row.record_id is not None:
            found.setdefault(row.record_id, []).append(row)
    return found


def _shows_images(message: Message) -> bool:
    """Whether its inline images stand in its text."""
    return bool(message.html) and "cid:" in message.html


def entry_of(actor: Actor, message: Message, files: Sequence[StoredFile] = ()) -> Entry:
    """One message as an entry."""
    look = (
        "event"
        if message.kind == MessageKind.EVENT
        else "note"
        if message.kind == MessageKind.NOTE
        else message.direction
    )
    shown, quoted = _parts(message)
    is_rich = bool(message.html) and IS_RICH.search(message.html) is not None
    return Entry(
        at=message.at,
        look=look,
        words=message.text if look == "event" else "",
        message=message,
        who=_who(actor, message),
        html=safe(written(shown[:LONGEST])),
        quoted=safe(written(quoted[:LONGEST])) if quoted.strip() else "",
        is_cut=len(shown) > LONGEST or len(quoted) > LONGEST,
        is_partly=bool((message.details.get("mail") or {}).get("is_cut")),
        is_rich=is_rich,
        frame_size=html_mail.height_of(message) if is_rich else "",
        held_images=html_mail.held_images(message) if is_rich and not is_trusted(actor, message.from_address) else 0,
        icon=icon_of(message.channel_kind) if message.channel_kind else "sticky-note",
        channel=str(ChannelKind(message.channel_kind).label) if message.channel_kind in ChannelKind.values else "",
        sort="" if message.message_class == MessageClass.NORMAL else str(MessageClass(message.message_class).label),
        is_held=message.delivery == DeliveryState.HELD,
        is_unsettled=message.direction == Direction.OUT and message.delivery in UNSETTLED,
        files=files,
        # In a live talk it goes to whoever is there: the number of a visitor tells nobody anything.
        to=addresses.all_shown(actor, message.to) if message.channel_kind != ChannelKind.CHAT else [],
        cc=addresses.all_shown(actor, message.cc),
        **_delivery(actor, message),
    )


def _parts(message: Message) -> tuple[str, str]:
    """What is new in a message, and what it quotes."""
    new, whole = message.new_text, message.text
    if not new.strip():
        return whole, ""
    if whole.startswith(new):
        return new, whole[len(new) :]
    return (new, whole) if len(whole) > len(new) + 2 else (new, "")


def written(text: str) -> str:
    """Plain text as safe HTML: its lines, its links."""
    return urlize(text.strip("\n"), nofollow=True, autoescape=True).replace(
        ' rel="nofollow"', ' rel="nofollow noopener noreferrer" target="_blank"'
    )


def _who(actor: Actor, message: Message) -> str:
    """Who speaks, as the reader may see it."""
    if message.direction == Direction.IN:
        return addresses.author(actor, message) or pgettext("counterpart", "Unknown")
    return message.author_name or _("The system")


def _delivery(actor: Actor, message: Message) -> dict[str, Any]:
    """How far a message of ours has come, in words, and what went wrong."""
    if message.direction != Direction.OUT:
        return {}
    state = DeliveryState(message.delivery)
    tone = {DeliveryState.FAILED: "danger", DeliveryState.READ: "success", DeliveryState.DELIVERED: "success"}
    found: dict[str, Any] = {"delivery": str(state.label), "tone": tone.get(state, "neutral")}
    if state == DeliveryState.FAILED:
        adapter = adapters.get(message.channel_kind)
        known = {**delivering.WORDS, **(adapter.errors if adapter is not None else {})}
        # Servers repeat the address in what they say.
        found["detail"] = message.error_detail if addresses.are_shown(actor) else ""
        found["trouble"] = str(known.get(message.error, _("The other side did not take it.")))
    elif state == DeliveryState.QUEUED and message.tries > 1:
        found["delivery"] = _("Not delivered yet; it is tried again (%(count)s)") % {"count": message.tries}
        found["tone"] = "warning"
    return found
