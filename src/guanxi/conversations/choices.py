"""The words of conversations: channels, what a message is, how it stands with its delivery."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class ChannelKind(TextChoices):
    """By which means a message comes or goes."""

    EMAIL = "email", pgettext_lazy("channel", "E-mail")
    CHAT = "chat", _("Web chat")
    FORM = "form", _("Web form")
    PHONE = "phone", _("Telephone")
    VISIT = "visit", _("Visit")
    LETTER = "letter", _("Letter")
    FAX = "fax", _("Fax")
    WEBHOOK = "webhook", pgettext_lazy("channel", "Webhook")


# Entered by a colleague, not received by a program.
BY_HAND = frozenset({ChannelKind.PHONE, ChannelKind.VISIT, ChannelKind.LETTER, ChannelKind.FAX})


# What kind of contact a visitor is of whom no address is known.
VISITOR_KIND = "visitor"


class ConversationState(TextChoices):
    """Whether something is still to be said."""

    OPEN = "open", pgettext_lazy("conversation", "Open")
    DONE = "done", pgettext_lazy("conversation", "Done")


class Match(TextChoices):
    """How surely we know whose conversation it is."""

    CERTAIN = "certain", pgettext_lazy("match", "Known")
    MAYBE = "maybe", pgettext_lazy("match", "Maybe")
    NEW = "new", pgettext_lazy("match", "New")
    NONE = "none", pgettext_lazy("match", "Nobody")


class MessageKind(TextChoices):
    """What an entry of a conversation is."""

    MESSAGE = "message", _("Message")
    NOTE = "note", _("Internal note")
    EVENT = "event", pgettext_lazy("conversation", "What happened")


class Direction(TextChoices):
    """Who speaks to whom."""

    IN = "in", _("Received")
    OUT = "out", _("Sent")
    INTERNAL = "internal", _("Internal")


class MessageClass(TextChoices):
    """What sort of message came in; only a normal one wants an answer by itself."""

    NORMAL = "normal", pgettext_lazy("message", "Normal")
    AUTO_REPLY = "auto_reply", _("Automatic reply")
    OUT_OF_OFFICE = "out_of_office", _("Out of office")
    BOUNCE = "bounce", _("Bounce")
    LOOP = "loop", _("Mail loop")
    BULK = "bulk", _("Bulk mail")
    OWN_REPLY = "own_reply", _("Own reply")
    CALENDAR = "calendar", _("Invitation")


class DeliveryState(TextChoices):
    """How far a message has come on its way."""

    RECEIVED = "received", pgettext_lazy("delivery", "Received")
    HELD = "held", pgettext_lazy("delivery", "Can still be taken back")
    QUEUED = "queued", pgettext_lazy("delivery", "On its way")
    SENT = "sent", pgettext_lazy("delivery", "Sent")
    DELIVERED = "delivered", pgettext_lazy("delivery", "Delivered")
    READ = "read", pgettext_lazy("delivery", "Read")
    FAILED = "failed", pgettext_lazy("delivery", "Not delivered")


class DraftKind(TextChoices):
    """What a draft is to become."""

    REPLY = "reply", _("Reply")
    NOTE = "note", _("Internal note")
    FORWARD = "forward", pgettext_lazy("message", "Forward")


class Audience(TextChoices):
    """For whom a macro is."""

    PERSONAL = "personal", pgettext_lazy("macro", "Only me")
    TEAM = "team", pgettext_lazy("macro", "My team")
    ALL = "all", pgettext_lazy("macro", "Everybody")
