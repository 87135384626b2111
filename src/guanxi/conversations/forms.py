"""The form of what all channels have; the kinds add their own fields."""

from collections.abc import Sequence
from typing import Any, ClassVar

from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from guanxi.conversations.models import Channel
from guanxi.people.public import department_choices
from guanxi.routing.models import Queue
from guanxi.ui.forms import RecordForm, Section

COMMON = ("name", "department", "queue", "language", "is_active")


class ChannelForm(RecordForm):
    """Name, department, queue, language, whether it is in use."""

    name = forms.CharField(
        label=pgettext_lazy("channel", "Name"), max_length=80, help_text=_("As colleagues see it on the desk.")
    )
    department = forms.ChoiceField(
        label=_("Department"), required=False, help_text=_("New conversations of this channel belong to it.")
    )
    queue = forms.ChoiceField(
        label=_("Queue"), required=False, help_text=_("Where its conversations wait; without one in the first queue.")
    )
    language = forms.ChoiceField(
        label=_("Language"),
        required=False,
        choices=[("", _("as the customer writes")), ("en", _("English")), ("zh-hans", _("Simplified Chinese"))],
    )
    is_active = forms.BooleanField(label=_("In use"), required=False)
    sections: ClassVar[Sequence[Section]] = (Section("channel", _("Channel"), COMMON),)
    journaled = {"department": "department", "queue": "queue"}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Offer the open departments and the queues in use."""
        super().__init__(*args, **kwargs)
        self.fields["department"].choices = department_choices()  # type: ignore[attr-defined]
        queues = Queue.objects.filter(Q(is_active=True) | Q(pk=self.initial.get("queue") or None)).order_by(
            "order", "id"
        )
        self.fields["queue"].choices = [("", "—"), *queues.values_list("pk", "name")]  # type: ignore[attr-defined]

    @staticmethod
    def common_initial(channel: Channel) -> dict[str, Any]:
        """How the common fields of a channel stand."""
        return {
            "name": channel.name,
            "department": channel.department_id or "",
            "queue": channel.queue_id or "",
            "language": channel.language,
            "is_active": channel.is_active,
        }

    def common_values(self) -> dict[str, Any]:
        """The common fields that the person changed, as `services.channels` takes them."""
        data = self.touched({name: self.cleaned_data[name] for name in COMMON if name in self.cleaned_data})
        for name in ("department", "queue"):
            if name in data:
                chosen = data.pop(name)
                data[f"{name}_id"] = int(chosen) if chosen else None
        return data
