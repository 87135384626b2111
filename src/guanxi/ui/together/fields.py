"""What a field of a form looks like when it is sent, for a value that the record holds and for what came."""

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext as _

from guanxi.ui.listing_words import listed
from guanxi.ui.together.settling import digest

# Files are never compared, secrets only by the marks that a form gives of them (`sealed`); a field of several inputs is
# not used for records.
_APART = (forms.PasswordInput, forms.FileInput, forms.MultiWidget, forms.HiddenInput)


def sealed_in(form: forms.Form) -> Mapping[str, str]:
    """The fields of which what stands is never shown, each with its mark."""
    return getattr(form, "sealed", {})


def compared(form: forms.Form) -> list[str]:
    """The fields of a form that two people could both change."""
    return [
        name
        for name, field in form.fields.items()
        if not field.disabled and (name in sealed_in(form) or not isinstance(field.widget, _APART))
    ]


def standing(form: forms.Form, name: str) -> list[str]:
    """What a browser would send for a field that nobody touches."""
    if name in sealed_in(form):
        return [""]
    bound = form[name]
    widget = bound.field.widget
    value = bound.field.prepare_value(bound.initial)
    if isinstance(widget, forms.CheckboxInput):
        return ["on"] if widget.check_test(value) else []
    shown: Any = widget.format_value(value)
    if isinstance(shown, list | tuple):
        found = [str(one) for one in shown if one is not None]
        return found if is_several(widget) else _first_of(widget, found)
    return ["" if shown is None else str(shown)]


def is_several(widget: forms.Widget) -> bool:
    """Whether several values may be chosen."""
    return bool(getattr(widget, "allow_multiple_selected", False))


def _options(widget: Any) -> Iterator[tuple[Any, Any]]:
    """The choices of a list, those in groups too."""
    for key, words in widget.choices:
        if isinstance(words, list | tuple):
            yield from words
        else:
            yield key, words


def _first_of(widget: Any, chosen: list[str]) -> list[str]:
    """The choice that a browser shows: the first one where the value is none of them."""
    if isinstance(widget, forms.RadioSelect):
        return chosen
    keys = [str(key) for key, _words in _options(widget)]
    return chosen if set(chosen) & set(keys) or not keys else keys[:1]


def sent(form: forms.Form, name: str) -> list[str]:
    """What was sent for a field."""
    widget = form.fields[name].widget
    key = form.add_prefix(name)
    if isinstance(widget, forms.CheckboxInput):
        return ["on"] if widget.value_from_datadict(form.data, form.files, key) else []
    if is_several(widget) and hasattr(form.data, "getlist"):
        return sorted(form.data.getlist(key))
    value = form.data.get(key)
    return ["" if value is None else str(value)]


def sorted_standing(form: forms.Form, name: str) -> list[str]:
    """The same with several choices in one order, as they are compared."""
    sealed = sealed_in(form).get(name)
    if sealed is not None:
        return [sealed]
    values = standing(form, name)
    return sorted(values) if is_several(form.fields[name].widget) else values


def sorted_sent(form: forms.Form, name: str) -> list[str]:
    """What was sent, as it is compared: of a sealed field its mark, an empty one being left as it is."""
    values = sent(form, name)
    if name not in sealed_in(form):
        return values
    if not values[0].strip():
        return sorted_standing(form, name)
    mark: str = form.mark_of(name, values[0])  # type: ignore[attr-defined]
    return [mark]


def take(data: Any, form: forms.Form, name: str) -> None:
    """Put the value of now into what was sent."""
    key = form.add_prefix(name)
    values = standing(form, name)
    if values:
        data.setlist(key, values)
    else:
        data.pop(key, None)


def in_words(form: forms.Form, name: str, values: Iterable[str]) -> str:
    """Values as people read them."""
    if name in sealed_in(form):
        return _("What is kept now; it is not shown")
    widget: Any = form.fields[name].widget
    if isinstance(widget, forms.CheckboxInput):
        return _("Yes") if list(values) else _("No")
    if isinstance(widget, forms.Select | forms.RadioSelect | forms.CheckboxSelectMultiple):
        labels = {str(key): str(words) for key, words in _options(widget)}
        return listed(labels.get(value, value) for value in values)
    return "\n".join(values)


def is_written(form: forms.Form, name: str) -> bool:
    """Whether a field holds words that somebody typed."""
    return isinstance(form.fields[name].widget, forms.TextInput | forms.Textarea | forms.URLInput)


def marks(form: forms.Form) -> str:
    """The digests of all fields as they stand, for the form to carry."""
    return json.dumps({name: digest(sorted_standing(form, name)) for name in compared(form)}, separators=(",", ":"))


def names_of_texts(form: forms.Form) -> str:
    """What the fields are called in which people write, for the form to carry."""
    named = {name: str(form[name].label) for name in compared(form) if is_written(form, name)}
    return json.dumps(named, separators=(",", ":"), ensure_ascii=False)
