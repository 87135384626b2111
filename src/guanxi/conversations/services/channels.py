"""Setting channels up, their secrets, and how it stands with each."""

import json
from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.db.models import F, Q
from django.utils.translation import gettext as _

from guanxi.conversations.adapters import adapters
from guanxi.conversations.choices import ChannelKind
from guanxi.conversations.models import Channel, ChannelHealth, Conversation, Message
from guanxi.core import access, changes, clock, live
from guanxi.core.actor import Actor
from guanxi.core.errors import Conflict, InvalidInput
from guanxi.core.models import Department
from guanxi.core.secret_box import SealedElsewhereError, seal, unseal
from guanxi.customers.choices import ContactKind
from guanxi.routing.models import Queue

NAME_LIMIT = 80
MOST_CHANNELS = 200
LANGUAGES = ("", "en", "zh-hans")


def create_channel(*, actor: Actor, kind: str, name: str, **values: Any) -> Channel:
    """Set a channel up; values as `update_channel` takes them."""
    access.require(actor, "channel", "create")
    if kind not in ChannelKind.values:
        raise InvalidInput(_("There is no such kind of channel."), column="kind")
    if Channel.objects.count() >= MOST_CHANNELS:
        raise Conflict(_("There are %(count)s channels already; remove one first.") % {"count": MOST_CHANNELS})
    with changes.operation(actor=actor, name="conversations.create_channel") as op:
        row = Channel(kind=kind, created_at=clock.now())
        for field, value in _clean(row, {"name": name, **values}).items():
            setattr(row, field, value)
        return op.create(row)


def update_channel(*, actor: Actor, channel_id: int, **values: Any) -> int | None:
    """Change name, address, language, department, queue, use, settings or secrets; the operation's number, None when nothing
    differs.

    `settings` and `secrets` name only what changes; a secret that is None goes.
    """
    with transaction.atomic():
        row = _locked(actor, channel_id)
        clean = _clean(row, values)
        with changes.operation(actor=actor, name="conversations.update_channel") as op:
            if not op.update(row, **clean):
                op.row.delete()
                return None
            # How it stood says nothing of how it stands with other settings.
            was_broken = ChannelHealth.objects.filter(channel=row, broken_at__isnull=False)
            if was_broken.update(error="", detail="", failures=0, about="", broken_at=None):
                _tell(row.pk)
            return op.id


def remove_channel(*, actor: Actor, channel_id: int) -> int:
    """Take away a channel by which nothing was ever said; the operation's number."""
    with transaction.atomic():
        row = _locked(actor, channel_id, "delete")
        is_used = Message.objects.filter(channel=row).exists() or Conversation.objects.filter(channel=row).exists()
        if is_used:
            raise Conflict(_("Conversations came by this channel: it can be put out of use, not removed."))
        with changes.operation(actor=actor, name="conversations.remove_channel") as op:
            op.delete(row)
        return op.id


def reply_channel_of(conversation: Conversation) -> Channel | None:
    """By which channel an answer goes where nobody chose: the conversation's, else one by which its counterpart is reached."""
    own = conversation.channel
    if own is not None and own.is_active and (adapter := adapters.get(own.kind)) is not None and adapter.can_send:
        return own
    if conversation.contact_kind != ContactKind.EMAIL:
        return None
    mail = Channel.objects.filter(kind=ChannelKind.EMAIL, is_active=True)
    beside = mail.filter(department=conversation.department_id) if conversation.department_id else mail.none()
    return beside.order_by("pk").first() or mail.order_by("pk").first()


def secrets_of(channel: Channel) -> dict[str, Any]:
    """The secrets of a channel (passwords, keys); none when they were sealed by another installation."""
    if not channel.secret_sealed:
        return {}
    try:
        held: Any = json.loads(unseal(channel.secret_sealed))
    except (SealedElsewhereError, ValueError):
        return {}
    return held if isinstance(held, dict) else {}


def renew_secret(channel_id: int, name: str, *, old: str, new: str) -> None:
    """Keep a secret that the other side replaced, unless a person has set another one meanwhile: the program's own doing, so
    it has no journal.
    """
    with transaction.atomic():
        row = Channel.objects.select_for_update(of=("self",)).get(pk=channel_id)
        kept = secrets_of(row)
        if kept.get(name) == old:
            Channel.objects.filter(pk=channel_id).update(secret_sealed=seal(json.dumps({**kept, name: new})))


def note_worked(channel_id: int, *, about: str = "") -> None:
    """Note that a channel works: kept by the program itself, so it has no journal.

    `about` names a part of it (a folder, the way out); what fails in another part stays said.
    """
    rows = ChannelHealth.objects.filter(channel_id=channel_id)
    fine = {"worked_at": clock.now(), "error": "", "detail": "", "failures": 0, "about": "", "broken_at": None}
    if rows.filter(Q(error="") | Q(about=about[:100]), broken_at__isnull=False).update(**fine):
        _tell(channel_id)
    elif not rows.filter(error="").update(worked_at=fine["worked_at"]):
        with transaction.atomic():
            ChannelHealth.objects.get_or_create(channel_id=channel_id, defaults=fine)


def note_failed(channel_id: int, code: str, detail: str = "", *, about: str = "") -> None:
    """Note that a channel does not work: a code that its adapter has words for, and what the other side said."""
    now = clock.now()
    said = {"failed_at": now, "error": code[:40], "detail": detail.replace("\x00", "")[:500], "about": about[:100]}
    with transaction.atomic():
        ChannelHealth.objects.get_or_create(channel_id=channel_id)
        rows = ChannelHealth.objects.filter(channel_id=channel_id)
        rows.filter(broken_at__isnull=True).update(broken_at=now)
        rows.update(**said, failures=F("failures") + 1)
        _tell(channel_id)


def _tell(channel_id: int) -> None:
    """Tell open pages how it stands with a channel now: those of its settings, and the desk, where people wait for mail."""
    live.notify("channel", {"channel": channel_id})
    live.notify("desk_channels", {"channel": channel_id})


def _locked(actor: Actor, channel_id: int, action: str = "change") -> Channel:
    """The channel, locked for the change; NotFound when it is not for this actor."""
    found = Channel.objects.get_visible(actor, action, pk=channel_id)
    return Channel.objects.select_for_update(of=("self",)).get(pk=found.pk)


def _clean(row: Channel, values: Mapping[str, Any]) -> dict[str, Any]:
    """The values as they are kept."""
    clean: dict[str, Any] = {}
    if "name" in values:
        clean["name"] = _name(row, values["name"])
    if "address" in values:
        clean["address"] = str(values["address"] or "").replace("\x00", "").strip()[:254]
    if "language" in values:
        clean["language"] = values["language"] or ""
        if clean["language"] not in LANGUAGES:
            raise InvalidInput(_("Choose a language."), column="language")
    if "department_id" in values:
        clean["department_id"] = values["department_id"] or None
        if (
            clean["department_id"]
            and not Department.objects.filter(pk=clean["department_id"], is_closed=False).exists()
        ):
            raise InvalidInput(_("There is no such department."), column="department")
    if "queue_id" in values:
        clean["queue_id"] = values["queue_id"] or None
        if clean["queue_id"] and not Queue.objects.filter(pk=clean["queue_id"], is_active=True).exists():
            raise InvalidInput(_("There is no such queue, or it is not in use."), column="queue")
    if "is_active" in values:
        clean["is_active"] = bool(values["is_active"])
    if "settings" in values:
        clean["settings"] = {**(row.settings or {}), **values["settings"]}
    if "secrets" in values:
        kept = {**secrets_of(row), **values["secrets"]}
        kept = {name: value for name, value in kept.items() if value is not None}
        if kept != secrets_of(row):
            clean["secret_sealed"] = seal(json.dumps(kept)) if kept else ""
    return clean


def _name(row: Channel, text: Any) -> str:
    """A name of its own."""
    clean = " ".join(str(text or "").replace("\x00", "").split())
    if not clean or len(clean) > NAME_LIMIT:
        raise InvalidInput(_("A name of 1 to 80 characters is needed."), column="name")
    if Channel.objects.filter(name=clean).exclude(pk=row.pk).exists():
        raise InvalidInput(_("There is a channel of this name already."), column="name")
    return clean
