"""The form of a chat."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from guanxi.conversations.adapters.chat import colours, configuration
from guanxi.conversations.adapters.chat.configuration import Asking, Configuration, Side
from guanxi.conversations.adapters.chat.queries import calendar_choices
from guanxi.conversations.forms import COMMON, ChannelForm
from guanxi.conversations.models import Channel
from guanxi.ui.forms import Section

OWN = "own"
TEXTS = ("title_en", "title_zh", "greeting_en", "greeting_zh", "away_en", "away_zh")
PLAIN = (*TEXTS, "side", "asking", "calendar_id", "mail_after", "source")


def _area() -> forms.Textarea:
    """A text of some lines."""
    return forms.Textarea({"rows": "2"})


class ChatForm(ChannelForm):
    """The common fields and those of a chat."""

    origins = forms.CharField(
        label=_("Sites"),
        required=False,
        widget=forms.Textarea({"rows": "3", "placeholder": "https://www.example.com\nhttps://*.example.cn"}),
        help_text=_("The sites that may show this chat, one a line; on any other it stays away and says why."),
    )
    title_en = forms.CharField(label=_("Title (English)"), required=False, max_length=configuration.TITLE_LIMIT)
    title_zh = forms.CharField(label=_("Title (Chinese)"), required=False, max_length=configuration.TITLE_LIMIT)
    greeting_en = forms.CharField(
        label=_("Greeting (English)"), required=False, max_length=configuration.TEXT_LIMIT, widget=_area()
    )
    greeting_zh = forms.CharField(
        label=_("Greeting (Chinese)"), required=False, max_length=configuration.TEXT_LIMIT, widget=_area()
    )
    away_en = forms.CharField(
        label=_("When nobody is there (English)"), required=False, max_length=configuration.TEXT_LIMIT, widget=_area()
    )
    away_zh = forms.CharField(
        label=_("When nobody is there (Chinese)"), required=False, max_length=configuration.TEXT_LIMIT, widget=_area()
    )
    colour = forms.ChoiceField(label=_("Colour"), choices=[*colours.PALETTE.items(), (OWN, _("a colour of your own"))])
    own_colour = forms.CharField(
        label=_("Colour of your own"),
        required=False,
        max_length=7,
        widget=forms.TextInput({"placeholder": "#0b6e63"}),
        help_text=_("White text on it must be easy to read."),
    )
    side = forms.ChoiceField(label=_("Side of the page"), choices=Side.choices)
    asking = forms.ChoiceField(label=_("Ask for name and mail address"), choices=Asking.choices)
    calendar_id = forms.ChoiceField(
        label=_("Hours"), required=False, help_text=_("Outside them the chat says that nobody is there.")
    )
    mail_after = forms.IntegerField(
        label=_("Minutes until an unseen answer goes by e-mail"),
        min_value=0,
        max_value=configuration.LONGEST_MAIL_PAUSE,
        help_text=_("Needs a channel for e-mail and the visitor's address; 0 for never."),
    )
    source = forms.CharField(
        label=_("Source of customer ids"),
        max_length=configuration.SOURCE_LIMIT,
        required=False,
        help_text=_("Under which source customers carry the ids that your site vouches for."),
    )
    sections = (
        Section("channel", _("Channel"), (*COMMON, "origins")),
        Section("words", _("Words"), TEXTS),
        Section("looks", _("Looks"), ("colour", "own_colour", "side")),
        Section("asking", _("When nobody is there, and after"), ("asking", "calendar_id", "mail_after", "source")),
    )
    journaled = {**ChannelForm.journaled, **dict.fromkeys((*PLAIN, "origins", "colour", "own_colour"), "settings")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Offer the calendars."""
        super().__init__(*args, **kwargs)
        everything = [("", _now("the company's calendar")), *calendar_choices()]
        self.fields["calendar_id"].choices = everything  # type: ignore[attr-defined]

    @classmethod
    def first(cls) -> dict[str, Any]:
        """How a new chat begins."""
        return {"is_active": True, **cls._shown(Configuration())}

    @classmethod
    def initial_of(cls, channel: Channel) -> dict[str, Any]:
        """How the fields of a chat stand."""
        return {**cls.common_initial(channel), **cls._shown(Configuration.of(channel))}

    @staticmethod
    def _shown(held: Configuration) -> dict[str, Any]:
        """Settings as the form shows them."""
        is_own = held.colour not in colours.PALETTE
        return {
            **{name: getattr(held, name) for name in PLAIN},
            "calendar_id": held.calendar_id or "",
            "origins": "\n".join(held.origins),
            "colour": OWN if is_own else held.colour,
            "own_colour": held.colour if is_own else "",
        }

    def chat_values(self) -> dict[str, Any]:
        """The settings that the person changed, checked."""
        data = self.touched({name: self.cleaned_data.get(name) for name in (*PLAIN, "origins", "colour", "own_colour")})
        own = data.pop("own_colour", self.cleaned_data.get("own_colour"))
        if data.get("colour") == OWN or (own and self.cleaned_data.get("colour") == OWN):
            data["colour"] = own
        return {"settings": configuration.cleaned(data)} if data else {}
