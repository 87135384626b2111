"""Forms of records: sections, labels, errors beside fields, a guard against leaving with unsaved changes."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from django import forms
from django.db import models
from django.forms.boundfield import BoundField
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from guanxi.core import custom_fields
from guanxi.core.errors import GuanxiError
from guanxi.core.models import CustomField
from guanxi.ui import together
from guanxi.ui.html import attributes, escape, safe

Words = str | Promise
SAVE = _("Save")


@dataclass(frozen=True)
class Section:
    """A titled part of a form."""

    key: str
    label: Words
    fields: Sequence[str]
    help: Words = ""
    is_open: bool = True


class LongSelect(forms.Select):
    """A searchable list of many options, drawn without a template for each."""

    def render(self, name: str, value: Any, attrs: dict[str, Any] | None = None, renderer: Any = None) -> SafeString:
        """The list as HTML."""
        chosen = "" if value is None else str(value)
        every = {**self.attrs, **(attrs or {}), "name": name, "data-pick": ""}
        options = [
            f'<option value="{escape(key)}"{" selected" if str(key) == chosen else ""}>{escape(words)}</option>'
            for key, words in self.choices
        ]
        return safe(f"<select{attributes(every)}>{''.join(options)}</select>")


class RecordForm(forms.Form):
    """A form drawn in sections; a field that no section names stands in the last one."""

    sections: ClassVar[Sequence[Section]] = ()
    template_name = "ui/form.html"
    # The record that it changes; such a form carries how its fields stood when it was opened.
    record: models.Model | together.Setting | None = None
    # What the journal calls fields that it knows by another name.
    journaled: ClassVar[Mapping[str, str]] = {}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Give every input the look of the system."""
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)
        self.meeting = together.Meeting(self)
        for field in self.fields.values():
            dress(field)

    @property
    def sealed(self) -> Mapping[str, str]:
        """Fields of which what stands is never shown, each with a mark of it; sent empty such a field is left as it is."""
        return {}

    def mark_of(self, name: str, text: str) -> str:
        """The mark of what was entered in a sealed field, the same as that of what stands where both are the same."""
        raise NotImplementedError(name)

    def full_clean(self) -> None:
        """Let fields that were left alone take the values of now before anything is checked."""
        if self.is_bound:
            self.meeting.settle()
        super().full_clean()

    def is_valid(self) -> bool:
        """Whether it can be saved: nothing is wrong, and no field waits for a choice between two people's values."""
        return super().is_valid() and not self.meeting.asked

    def touched(self, values: Mapping[str, Any]) -> dict[str, Any]:
        """Those values of which the person changed the field; all of a form that does not tell how it was opened."""
        return {name: value for name, value in values.items() if name not in self.meeting.left_alone}

    def hands(self, names: Sequence[str]) -> dict[str, together.Hand]:
        """Who changed these fields last."""
        if self.record is None:
            return {}
        called = {name: self.journaled.get(name, name) for name in names}
        found = together.hands(self.record, called.values())
        return {name: found[known] for name, known in called.items() if known in found}

    def drawn_sections(self) -> Iterator[tuple[Section, list[BoundField]]]:
        """The sections with their fields."""
        named: set[str] = set()
        for section in self.sections:
            present = [name for name in section.fields if name in self.fields]
            named.update(present)
            if present:
                yield section, [self[name] for name in present]
        rest = [self[name] for name in self.fields if name not in named and not self[name].is_hidden]
        if rest:
            yield Section("rest", _("More") if named else "", ()), rest


def dress(field: forms.Field) -> None:
    """Give one input the look of the system."""
    widget = field.widget
    if isinstance(widget, forms.CheckboxInput | forms.RadioSelect | forms.CheckboxSelectMultiple):
        css = "form-check-input"
    elif isinstance(widget, forms.Select):
        css = "form-select"
    else:
        css = "form-control"
    if css not in widget.attrs.get("class", ""):
        widget.attrs["class"] = f"{widget.attrs.get('class', '')} {css}".strip()
    if isinstance(widget, forms.DateInput):
        widget.input_type = "date"
        widget.format = "%Y-%m-%d"
    if isinstance(widget, forms.Textarea):
        # Django's own default of ten rows is more than a note needs.
        widget.attrs["rows"] = 4 if widget.attrs.get("rows") == "10" else widget.attrs.get("rows", 4)


def add_error(form: forms.Form, error: GuanxiError) -> None:
    """Put an error that a service raised beside its field, or above the form."""
    form.add_error(error.column if error.column in form.fields else None, str(error))


def page(
    request: HttpRequest,
    form: forms.Form,
    *,
    title: Words,
    submit: Words = SAVE,
    back_url: str = "",
    back_label: Words = "",
    intro: Words = "",
    template: str = "",
    **context: Any,
) -> HttpResponse:
    """A page (or, asked for by a dialog, a dialog) with one form; to an open form, how its fields stand by now.

    Below the settings the page keeps their menu beside it.
    """
    alone = request.headers.get("HX-Target") == "dialog-body"
    news = meet(request, form)
    if news is not None:
        return news
    values = {
        "form": form,
        "title": title,
        "submit": submit,
        "back_url": back_url,
        "back_label": back_label,
        "intro": intro,
        **context,
    }
    status = 200 if alone or not form.is_bound else status_of(form)
    usual = "ui/settings_form_page.html" if request.path.startswith(reverse("ui:settings")) else "ui/form_page.html"
    response = render(request, "ui/form_dialog.html" if alone else template or usual, values, status=status)
    response["Cache-Control"] = "no-store"
    return response


def is_news(request: HttpRequest) -> bool:
    """Whether a page asks how the fields of its open form stand by now."""
    return request.method == "GET" and "GX-Form-News" in request.headers


def meet(request: HttpRequest, form: forms.Form) -> HttpResponse | None:
    """Tell a form which record it is about; the answer where a page asks how the fields of its open form stand."""
    record = together.held_record(request)
    if record is None or not isinstance(form, RecordForm):
        return None
    form.record = record
    if not is_news(request):
        return None
    return JsonResponse(form.meeting.news(request), headers={"Cache-Control": "no-store"})


def status_of(form: forms.Form) -> int:
    """How a form that could not be saved answers: 409 where two people changed one field, 422 where it is wrong."""
    if isinstance(form, RecordForm) and form.meeting.asked:
        return 409
    return 422 if form.errors else 200


def done(request: HttpRequest, url: str) -> HttpResponse:
    """Lead on after a form was saved: a dialog closes by going there, a page redirects."""
    response = HttpResponse(status=204 if request.headers.get("HX-Request") else 302)
    response["HX-Redirect" if request.headers.get("HX-Request") else "Location"] = url
    return response


def custom_form_fields(kind: str, values: dict[str, Any] | None = None) -> dict[str, forms.Field]:
    """A form field `custom_<key>` for each custom field of a kind; values are checked by `core.custom_fields.clean`."""
    held = values or {}
    return {f"custom_{d.key}": _form_field(d, held.get(d.key)) for d in custom_fields.definitions(kind)}


def _form_field(definition: CustomField, value: Any) -> forms.Field:
    """The form field of one custom field."""
    kind = str(definition.type)
    choices = [(choice, choice) for choice in definition.choices]
    common: dict[str, Any] = {"label": definition.label, "required": False}
    if kind == "multi_choice":
        return forms.MultipleChoiceField(
            choices=choices, initial=value, widget=forms.SelectMultiple({"data-pick": ""}), **common
        )
    if kind == "choice":
        return forms.ChoiceField(choices=[("", "–"), *choices], initial=value, **common)
    if kind == "date":
        return forms.CharField(initial=value, widget=forms.TextInput({"type": "date"}), **common)
    shown = custom_fields.display(definition, value)
    attributes = {"inputmode": "decimal"} if kind in {"number", "money"} else {"type": "url"} if kind == "link" else {}
    return forms.CharField(initial=shown, widget=forms.TextInput(attributes), **common)
