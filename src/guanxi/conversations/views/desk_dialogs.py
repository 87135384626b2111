"""Dialogs of the desk: pass a message on, split, merge, change the subject."""

from typing import Any, ClassVar

from django import forms as django_forms
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from guanxi.conversations import queries
from guanxi.conversations.desk.composing import forwarded_text
from guanxi.conversations.models import Conversation
from guanxi.conversations.services import arranging, forwarding
from guanxi.conversations.services import conversations as acts
from guanxi.conversations.views.desk import actor_in
from guanxi.core import ids
from guanxi.core.errors import GuanxiError
from guanxi.files.public import files_of
from guanxi.ui import forms, toasts
from guanxi.ui.together import held, in_turn

MOST_OFFERED = 50


class ForwardForm(forms.RecordForm):
    """To whom a message is passed on, with which words and files."""

    to = django_forms.CharField(label=gettext_lazy("To whom"), max_length=2000, required=False)
    channel = django_forms.ChoiceField(label=gettext_lazy("From which mailbox"))
    text = django_forms.CharField(
        label=gettext_lazy("Text"), widget=django_forms.Textarea({"rows": "12"}), max_length=200_000, required=False
    )
    attachments = django_forms.MultipleChoiceField(
        label=gettext_lazy("Files that go along"), required=False, widget=django_forms.CheckboxSelectMultiple
    )


class SubjectForm(forms.RecordForm):
    """What a conversation is about."""

    subject = django_forms.CharField(label=gettext_lazy("Subject"), max_length=255, required=False)


class MergeForm(forms.RecordForm):
    """Which conversation is part of this one, and which of the two stands."""

    other = django_forms.ChoiceField(label=gettext_lazy("The other conversation"))
    stands = django_forms.ChoiceField(
        label=gettext_lazy("Which one stands for both"),
        choices=[("this", gettext_lazy("this one")), ("other", gettext_lazy("the other one"))],
        widget=django_forms.RadioSelect,
        initial="this",
    )
    sections: ClassVar = ()


def _ended(operation: int | None, words: str, **events: Any) -> HttpResponse:
    """Close the dialog and say what was done."""
    return toasts.add(
        HttpResponse(status=204), words, operation, events={"gx:close-dialog": {}, "gx:desk": {}, **events}
    )


@login_required
@require_http_methods(["GET", "POST"])
def forward(request: HttpRequest, public_id: str) -> HttpResponse:
    """Pass a message on."""
    actor = actor_in(request)
    message = queries.message_of(actor, public_id, "change")
    files = [one for one in files_of("message", message.pk) if one.pk != message.raw_file_id]
    channels = forwarding.channels_to_forward()
    form = ForwardForm(
        request.POST or None,
        initial={"text": "\n\n" + forwarded_text(actor, message), "attachments": [f.public_id for f in files]},
    )
    form.fields["channel"].choices = [(one.public_id, one.name) for one in channels]  # type: ignore[attr-defined]
    form.fields["attachments"].choices = [(one.public_id, one.name) for one in files]  # type: ignore[attr-defined]
    if not files:
        del form.fields["attachments"]
    if form.is_bound and form.is_valid():
        given = form.cleaned_data
        try:
            sent = forwarding.forward_message(
                actor=actor,
                message_id=message.pk,
                to=[
                    part.strip() for part in given["to"].replace(";", ",").replace("，", ",").split(",") if part.strip()
                ],
                text=given["text"],
                channel_id=ids.parse("chn", given["channel"]) or 0,
                file_ids=[ids.parse("fil", one) or 0 for one in given.get("attachments", [])],
            )
        except GuanxiError as error:
            forms.add_error(form, error)
        else:
            undo = reverse("conversations:desk_take_back", args=[sent.public_id])
            return _ended(None, _("It is passed on"), **{"gx:desk-held": {"undo": undo, "message": sent.public_id}})
    intro = "" if channels else _("No mailbox is set up from which a message could go.")
    return forms.page(request, form, title=_("Forward"), submit=_("Forward"), intro=intro)


@login_required
@require_http_methods(["GET", "POST"])
def split(request: HttpRequest, public_id: str) -> HttpResponse:
    """Make a conversation of a message and all that follows it."""
    actor = actor_in(request)
    message = queries.message_of(actor, public_id, "change")
    form = SubjectForm(request.POST or None, initial={"subject": message.subject or message.conversation.subject})
    if form.is_bound and form.is_valid():
        try:
            new, operation = arranging.split_conversation(
                actor=actor, message_id=message.pk, subject=form.cleaned_data["subject"]
            )
        except GuanxiError as error:
            forms.add_error(form, error)
        else:
            return _ended(operation, _("Split"), **{"gx:desk-go": {"url": new.get_absolute_url()}})
    return forms.page(
        request, form, title=_("Begin a new conversation here"), submit=_("Split"),
        intro=_("This message and all that follows it become a conversation of their own. You can undo it."),
    )  # fmt: skip


@login_required
@require_http_methods(["GET", "POST"])
def merge(request: HttpRequest, public_id: str) -> HttpResponse:
    """Let one conversation stand for two of the same customer."""
    actor = actor_in(request)
    row = queries.conversation_of(actor, public_id, "change")
    others = queries.latest_of_customer(actor, row.customer_id or 0, MOST_OFFERED, besides=row.pk)
    form = MergeForm(request.POST or None)
    form.fields["other"].choices = [(one.public_id, _label(one)) for one in others]  # type: ignore[attr-defined]
    if form.is_bound and form.is_valid():
        other = ids.parse("cnv", form.cleaned_data["other"]) or 0
        keep, absorb = (row.pk, other) if form.cleaned_data["stands"] == "this" else (other, row.pk)
        try:
            operation = arranging.merge_conversations(actor=actor, keep_id=keep, absorb_id=absorb)
        except GuanxiError as error:
            forms.add_error(form, error)
        else:
            standing = next((one for one in [row, *others] if one.pk == keep), row)
            return _ended(operation, _("Merged"), **{"gx:desk-go": {"url": standing.get_absolute_url()}})
    intro = (
        _("The messages of both stand in one thread, in the order of their times. You can undo it.")
        if others
        else _("There is no other conversation with this customer.")
    )
    return forms.page(request, form, title=_("Merge with another"), submit=_("Merge"), intro=intro)


@login_required
@require_http_methods(["GET", "POST"])
@in_turn
def subject(request: HttpRequest, public_id: str) -> HttpResponse:
    """Give a conversation another subject."""
    actor = actor_in(request)
    row = held(request, queries.conversation_of(actor, public_id, "change"))
    form = SubjectForm(request.POST or None, initial={"subject": row.subject})
    if form.is_bound and form.is_valid():
        words = form.cleaned_data["subject"]
        operation = acts.rename_conversation(actor=actor, conversation_id=row.pk, subject=words)
        return _ended(operation, _("The subject is changed"))
    return forms.page(request, form, title=_("Change the subject"))


def _label(row: Conversation) -> str:
    """A conversation to choose."""
    subject = row.subject or _("Without a subject")
    return f"{subject} · {row.get_state_display()} · {row.last_message_at:%Y-%m-%d} · {row.public_id}"
