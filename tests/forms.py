"""The forms of a page, as a browser would send them untouched; two browsers that send theirs at the same moment."""

import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any

from django.db import connection
from django.test import Client

NO_INPUT = frozenset({"hidden", "submit", "button", "reset", "image"})


@dataclass
class Form:
    """One form: where it is sent, what it would send, which of it a person fills in."""

    action: str = ""
    method: str = "get"
    values: dict[str, list[str]] = field(default_factory=dict)
    inputs: dict[str, str] = field(default_factory=dict)  # name: type
    options: dict[str, list[str]] = field(default_factory=dict)  # of lists, boxes and rounds: what may be chosen


class FormsOf(HTMLParser):
    """Every form of a page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.forms: list[Form] = []
        self.loose = Form()  # inputs outside of any form
        self._form: Form | None = None
        self._select = self._textarea = ""
        self._is_multiple = self._is_chosen = False
        self._unsaid: tuple[Form, dict[str, str | None]] | None = None  # a choice whose text is its value
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Forms, inputs, lists and texts."""
        told = dict(attrs)
        name, into = told.get("name") or "", self._form or self.loose
        if tag == "form":
            self._form = Form(told.get("hx-post") or told.get("action") or "", (told.get("method") or "get").lower())
            if "hx-post" in told:
                self._form.method = "post"
            self.forms.append(self._form)
        elif tag == "select":
            self._select, self._is_multiple, self._is_chosen = name, "multiple" in told, False
            if name and "disabled" not in told:
                into.inputs[name] = "select-multiple" if self._is_multiple else "select"
        elif tag == "option" and self._select:
            if "value" in told:
                self._option(into, told)
            else:
                self._unsaid = into, told
        elif tag == "textarea" and name and "disabled" not in told:
            self._textarea = name
            into.inputs[name], into.values[name] = "textarea", [""]
        elif tag == "input" and name and "disabled" not in told:
            self._input(into, name, told)

    def _option(self, into: Form, told: dict[str, str | None]) -> None:
        """A choice: the first one is shown where none is chosen."""
        value, name = told.get("value") or "", self._select
        into.options.setdefault(name, []).append(value)
        if "selected" in told:
            kept = into.values.get(name, []) if self._is_multiple else []
            into.values[name], self._is_chosen = [*kept, value], True
        elif not self._is_multiple and not self._is_chosen:
            into.values.setdefault(name, [value])

    @staticmethod
    def _input(into: Form, name: str, told: dict[str, str | None]) -> None:
        """A line, a box, or what the form carries unseen."""
        kind = told.get("type") or "text"
        if kind not in NO_INPUT:
            into.inputs[name] = kind
        if kind in {"checkbox", "radio"}:
            into.options.setdefault(name, []).append("on" if told.get("value") is None else str(told["value"]))
            if "checked" not in told:
                return
        if kind not in NO_INPUT - {"hidden"}:
            into.values.setdefault(name, []).append(told.get("value") or ("on" if kind == "checkbox" else ""))

    def handle_endtag(self, tag: str) -> None:
        """Ends of forms, lists and texts."""
        if tag == "form":
            self._form = None
        elif tag == "select":
            self._select, self._unsaid = "", None
        elif tag == "textarea":
            self._textarea = ""

    def handle_data(self, data: str) -> None:
        """The text in a large input, or of a choice that has no other value."""
        if self._unsaid:
            (into, told), self._unsaid = self._unsaid, None
            self._option(into, told | {"value": data.strip()})
        if self._textarea:
            (self._form or self.loose).values[self._textarea][0] += data.lstrip("\n")


def about_record(text: str) -> dict[str, list[str]]:
    """What a browser would send for the page's form about a record."""
    forms = [form for form in FormsOf(text).forms if "_opened" in form.values]
    assert len(forms) == 1, f"{len(forms)} forms that say how they were opened"
    return forms[0].values


def opened(client: Client, address: str) -> dict[str, Any]:
    """Open a form about a record, as it would be sent untouched."""
    response = client.get(address)
    assert response.status_code == 200, response.status_code
    return about_record(response.content.decode())


def browser_of(user: Any) -> Client:
    """A browser in which somebody is signed in."""
    client = Client()
    client.force_login(user)
    return client


def pressed_together(clients: Sequence[Client], address: str, changes: Sequence[Mapping[str, Any]]) -> list[int]:
    """What became of the same form, opened in each browser, changed there, and sent from all at the same moment; sorted."""
    forms = [opened(client, address) for client in clients]
    found: list[int] = []
    start = threading.Barrier(len(clients))

    def press(client: Client, form: Mapping[str, Any]) -> None:
        """One of them."""
        try:
            start.wait(20)
            found.append(client.post(address, dict(form)).status_code)
        finally:
            connection.close()

    threads = [
        threading.Thread(target=press, args=(client, {**form, **change}))
        for client, form, change in zip(clients, forms, changes, strict=True)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return sorted(found)
