"""The web form among the channels; answers go out by mail."""

from typing import ClassVar

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from guanxi.conversations.adapters import Adapter, DeliveryError
from guanxi.conversations.choices import ChannelKind, DeliveryState
from guanxi.conversations.models import Channel, Message


class FormAdapter(Adapter):
    """A form on a page: it only takes in."""

    kind = ChannelKind.FORM
    label = ChannelKind.FORM.label
    icon = "forms"
    joins_open = True
    create_url_name = "conversations:form_create"
    errors: ClassVar[dict[str, Promise | str]] = {"no_mail": _("Nothing can be sent by a form; answers go by e-mail.")}

    def deliver(self, message: Message) -> DeliveryState:
        """Never: nothing is sent by a form."""
        raise DeliveryError("no_mail", is_final=True)

    def settings_url(self, channel: Channel) -> str:
        """Its own page."""
        return reverse("conversations:form_settings", args=[channel.public_id])
