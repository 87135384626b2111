"""Handing answers to a connector: one signed call for each message."""

import base64
import json
import time
from typing import ClassVar

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from guanxi.conversations.adapters import Adapter, DeliveryError, Prepared
from guanxi.conversations.choices import ChannelKind, DeliveryState
from guanxi.conversations.models import Channel, Conversation, Message
from guanxi.conversations.services.channels import note_failed, note_worked, secrets_of
from guanxi.core.errors import InvalidInput
from guanxi.files.public import files_of, path_of
from guanxi.integration.public import post_webhook, webhook_headers

FILES_BYTES = 20 * 1024 * 1024
# Answers that no further try will change.
FINAL = frozenset(range(400, 500)) - {408, 425, 429}


class WebhookAdapter(Adapter):
    """Any channel behind a connector."""

    kind = ChannelKind.WEBHOOK
    label = pgettext_lazy("channel", "Webhook")
    icon = "webhook"
    can_send = True
    create_url_name = "conversations:webhook_create"
    errors: ClassVar[dict[str, Promise | str]] = {
        "no_address": _("The channel has no address to which answers go."),
        "no_secret": _("The channel has no secret, or it was set on another installation: make a new one."),
        "inside": _("The address of the connector lies inside the own network."),
        "name": _("The name of the connector's address is not known."),
        "certificate": _("The certificate of the connector is not valid."),
        "timeout": _("The connector does not answer in time."),
        "connection": _("The connector cannot be reached."),
        "redirect": _("The connector leads to another address; answers do not follow there."),
        "status": _("The connector refused the message."),
        "connector": _("The connector says that it was not delivered."),
        "files": _("The files are too large for a connector."),
    }

    def prepare(self, channel: Channel, conversation: Conversation, given: Prepared) -> Prepared:
        """To the counterpart as the connector named it."""
        if not given.to and conversation.channel_id != channel.pk:
            raise InvalidInput(
                self.errors["no_address"] if not channel.address else _("Say to whom it goes."), column="to"
            )
        return Prepared(to=given.to or (conversation.contact_value,), subject=given.subject)

    def doubt(self, channel: Channel) -> str:
        """Without a connector's address nothing leaves the house."""
        if channel.address:
            return ""
        return gettext("“%(name)s” has no address of a connector yet: what you send by it does not arrive.") % {
            "name": channel.name
        }

    def deliver(self, message: Message) -> DeliveryState:
        """Call the connector once; it knows a repeated call by its id."""
        channel = message.channel
        if channel is None or not channel.address:
            raise DeliveryError("no_address", is_final=True)
        secret = secrets_of(channel).get("signing", "")
        if not secret:
            raise DeliveryError("no_secret", is_final=True)
        body = json.dumps(_payload(message), ensure_ascii=False).encode()
        headers = webhook_headers([secret], message_id=message.public_id, timestamp=int(time.time()), body=body)
        outcome = post_webhook(channel.address, body, {**headers, "Content-Type": "application/json"})
        if outcome.is_heard:
            note_worked(channel.pk, about=self.way_out)
            return DeliveryState.SENT
        detail = f"{outcome.status or ''} {outcome.answer}".strip()
        note_failed(channel.pk, outcome.problem, detail, about=self.way_out)
        raise DeliveryError(outcome.problem, detail, is_final=outcome.status in FINAL)

    def settings_url(self, channel: Channel) -> str:
        """Its own page."""
        return reverse("conversations:webhook_settings", args=[channel.public_id])


def _payload(message: Message) -> dict[str, object]:
    """What a connector is told of a message."""
    conversation = message.conversation
    files, size = [], 0
    for stored in files_of("message", message.pk):
        size += stored.size
        if size > FILES_BYTES:
            raise DeliveryError("files", is_final=True)
        content = base64.b64encode(path_of(stored).read_bytes()).decode()
        files.append({"name": stored.name, "type": stored.media_type, "content": content})
    return {
        "id": message.public_id,
        "type": "message",
        "conversation": conversation.public_id,
        "to": {
            "kind": conversation.contact_kind,
            "value": message.to[0] if message.to else "",
            "name": conversation.contact_name,
        },
        "text": message.text,
        "from": message.author_name,
        "at": message.at.isoformat(),
        "automatic": bool(message.details.get("automatic")),
        "files": files,
    }
