"""Settings of prepared answers: one's own, one's team's, everybody's; with a preview and how often each was used."""

from typing import Any

from django import forms as django_forms
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from guanxi.conversations import queries
from guanxi.conversations.choices import Audience
from guanxi.conversations.desk import composing
from guanxi.conversations.desk.filling import fill
from guanxi.conversations.desk.registries import macro_actions, reply_fields
from guanxi.conversations.models import Macro
from guanxi.conversations.services import macros as services
from guanxi.core import access, ids
from guanxi.core.actor import Actor
from guanxi.core.errors import GuanxiError
from guanxi.ui import forms, toasts
from guanxi.ui.forms import Section
from guanxi.ui.lists.endpoints import private
from guanxi.ui.together import held, in_turn

LIST = "conversations:macros"
SETS = "set_"


class MacroForm(forms.RecordForm):
    """Name, for whom, text in both languages, what it sets."""

    name = django_forms.CharField(label=pgettext_lazy("macro", "Name"), max_length=80)
    audience = django_forms.ChoiceField(label=gettext_lazy("For whom"), choices=Audience.choices)
    team = django_forms.ChoiceField(label=gettext_lazy("Team"), required=False)
    is_note = django_forms.BooleanField(label=gettext_lazy("An internal note, not an answer"), required=False)
    is_active = django_forms.BooleanField(label=gettext_lazy("In use"), required=False)
    text_en = django_forms.CharField(
        label=gettext_lazy("Text in English"),
        required=False,
        widget=django_forms.Textarea({"rows": "7"}),
        max_length=20_000,
    )
    text_zh = django_forms.CharField(
        label=gettext_lazy("Text in Chinese"),
        required=False,
        widget=django_forms.Textarea({"rows": "7"}),
        max_length=20_000,
    )
    journaled = {"text_en": "texts", "text_zh": "texts"}

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        """Offer the teams that one is in, and a field for each thing that a macro can set."""
        super().__init__(*args, **kwargs)
        self.fields["team"].choices = [("", "–"), *queries.teams_of(actor)]  # type: ignore[attr-defined]
        for action in macro_actions:
            options = [(value, str(label)) for value, label in action.options(actor)]
            field = django_forms.ChoiceField(label=str(action.label), required=False, choices=[("", "–"), *options])
            self.fields[_field_of(action.key)] = field
            self.journaled = {**self.journaled, _field_of(action.key): "actions"}  # type: ignore[misc]
            forms.dress(field)
        self.sections = (  # type: ignore[misc]
            Section("macro", gettext_lazy("Prepared answer"), ("name", "audience", "team", "is_active")),
            Section("text", gettext_lazy("Text"), ("is_note", "text_en", "text_zh"), help=_fields_help()),
            Section(
                "sets",
                gettext_lazy("What it sets"),
                [_field_of(action.key) for action in macro_actions],
                help=gettext_lazy("Set together with the answer, and taken back with it."),
            ),
        )

    def values(self) -> dict[str, Any]:
        """What the person entered, as the services take it."""
        data = self.cleaned_data
        actions = [[action.key, data[_field_of(action.key)]] for action in macro_actions if data[_field_of(action.key)]]
        return {
            "name": data["name"],
            "audience": data["audience"],
            "team": int(data["team"]) if data["team"] else None,
            "is_note": data["is_note"],
            "is_active": data["is_active"],
            "texts": {"en": data["text_en"], "zh-hans": data["text_zh"]},
            "actions": actions,
        }


def _field_of(key: str) -> str:
    """The form field of something that a macro sets."""
    return f"{SETS}{key.replace('.', '__')}"


def _fields_help() -> str:
    """Which fields a text may have."""
    return _("Fields that are filled in: %(fields)s") % {
        "fields": " ".join(f"{{{{{field.key}}}}}" for field in reply_fields)
    }


def _actor(request: HttpRequest) -> Actor:
    """Who asks; Forbidden for a role without macros."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    access.require(actor, "macro", "view")
    return actor


@login_required
@require_GET
def macro_list(request: HttpRequest) -> HttpResponse:
    """The macros that one may use, by for whom they are."""
    actor = _actor(request)
    may_change = set(Macro.objects.visible_to(actor, "change").values_list("pk", flat=True))
    rows = Macro.objects.visible_to(actor).select_related("owner", "team").order_by("name", "pk")
    items = [
        {"row": row, "sets": composing.action_words(actor, row.actions), "may_change": row.pk in may_change}
        for row in rows
    ]
    groups = [(label, [item for item in items if item["row"].audience == key]) for key, label in Audience.choices]
    context = {"groups": groups, "is_empty": not items, "may_create": actor.can("macro", "create")}
    return render(request, "conversations/macros.html", context)


@login_required
@require_http_methods(["GET", "POST"])
def create(request: HttpRequest) -> HttpResponse:
    """Write a macro."""
    actor = _actor(request)
    access.require(actor, "macro", "create")
    form = MacroForm(request.POST or None, actor=actor, initial={"is_active": True, "audience": Audience.PERSONAL})
    if form.is_bound and form.is_valid():
        try:
            services.create_macro(actor=actor, values=form.values())
        except GuanxiError as error:
            forms.add_error(form, error)
        else:
            toasts.message(request, _("Saved."))
            return forms.done(request, reverse(LIST))
    return _page(request, form, _("New prepared answer"))


@login_required
@require_http_methods(["GET", "POST"])
@in_turn
def change(request: HttpRequest, public_id: str) -> HttpResponse:
    """Change a macro."""
    actor = _actor(request)
    row = held(request, Macro.objects.get_visible(actor, "change", pk=ids.parse("mac", public_id) or 0))
    initial = {
        "name": row.name,
        "audience": row.audience,
        "team": row.team_id or "",
        "is_note": row.is_note,
        "is_active": row.is_active,
        "text_en": row.texts.get("en", ""),
        "text_zh": row.texts.get("zh-hans", ""),
        **{_field_of(key): value for key, value in row.actions},
    }
    form = MacroForm(request.POST or None, actor=actor, initial=initial)
    if form.is_bound and form.is_valid():
        try:
            operation = services.update_macro(actor=actor, macro_id=row.pk, values=form.values())
        except GuanxiError as error:
            forms.add_error(form, error)
        else:
            toasts.message(request, _("Saved."), operation)
            return forms.done(request, reverse(LIST))
    return _page(request, form, row.name)


@login_required
@require_POST
def remove(request: HttpRequest, public_id: str) -> HttpResponse:
    """Remove a macro."""
    actor = _actor(request)
    row = Macro.objects.get_visible(actor, "delete", pk=ids.parse("mac", public_id) or 0)
    operation = services.delete_macro(actor=actor, macro_id=row.pk)
    toasts.message(request, _("“%(name)s” is removed.") % {"name": row.name}, operation)
    return forms.done(request, reverse(LIST))


@login_required
@require_POST
@private
def preview(request: HttpRequest) -> HttpResponse:
    """How a text looks in one's newest conversation, with fields for which there is nothing marked."""
    actor = _actor(request)
    example = queries.newest_of(actor)
    text = request.POST.get("text_en", "") or request.POST.get("text_zh", "")
    filled = fill(actor, example, text[:20_000]) if example is not None else None
    context = {"text": filled.text if filled else text, "missing": filled.missing if filled else [], "example": example}
    return render(request, "conversations/macro_preview.html", context)


def _page(request: HttpRequest, form: MacroForm, title: str) -> HttpResponse:
    """The form with its preview."""
    return forms.page(
        request, form, title=title, back_url=reverse(LIST), back_label=_("Prepared answers"),
        template="conversations/macro_form.html",
    )  # fmt: skip
