"""A form that was sent becomes a message, once, whatever it is."""

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _

from guanxi.conversations.adapters.form.guarding import Finding, Sealed
from guanxi.conversations.choices import MessageClass
from guanxi.conversations.matching import Contact
from guanxi.conversations.models import Channel
from guanxi.conversations.services.channels import note_worked
from guanxi.conversations.services.intake import Inbound, InboundFile, Received, receive
from guanxi.files.public import receive as keep_content


def take_form(
    channel: Channel, sealed: Sealed, data: dict[str, Any], files: Sequence[Any], *, finding: Finding, language: str
) -> Received:
    """Store what a visitor sent; sent twice (a double click, a reload) it is there once.

    What looks like a robot's is kept as bulk: it opens nothing and disturbs nobody, and a person who was taken for one
    is found again.
    """
    topic, phone = data.get("topic") or "", data.get("phone") or ""
    subject = data.get("subject") or topic or _("Message from %(form)s") % {"form": channel.name}
    details = {"form": {name: value for name, value in (("topic", topic), ("phone", phone)) if value}}
    if data.get("consent"):
        details["form"]["consent"] = True
    found = receive(
        Inbound(
            channel=channel,
            contact=Contact("email", data["email"], data["name"], is_verified=False),
            text=data["text"],
            external_key=f"form:{sealed.nonce}",
            message_class=MessageClass.BULK if finding is Finding.ROBOT else MessageClass.NORMAL,
            subject=subject,
            joins_open=True,
            files=[InboundFile(one.name or "", keep_content(one)) for one in files],
            language=language,
            details=details,
            more_points=[("phone", phone)] if phone else [],
        )
    )
    note_worked(channel.pk)
    return found
