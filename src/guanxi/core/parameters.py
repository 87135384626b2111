"""Company-wide parameters: small settings that are data. Each is declared with its name in words and written through the journal.

parameters.declare("sign_in.only_providers", _("Sign in through a provider alone"))
parameters.put(op, "sign_in.only_providers", True)
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from guanxi.core import changes
from guanxi.core.actor import Actor
from guanxi.core.compiled import Compiled
from guanxi.core.models import Parameter
from guanxi.core.registry import Registry

KIND = "parameter"
_VALUE = Compiled(lambda key: Parameter.objects.filter(key=key).values_list("value"), str)


@dataclass(frozen=True)
class Declared:
    """What a parameter is called, and of one that holds several values what each of them is."""

    label: Promise | str
    parts: Mapping[str, Promise | str] = field(default_factory=dict)


declared: Registry[Declared] = Registry("parameters")
# What rows of settings without a number of their own are called in the journal, by the beginning of their names.
families: Registry[Callable[[str], str | None]] = Registry("families of parameters")


def declare(key: str, label: Promise | str, parts: Mapping[str, Promise | str] | None = None) -> None:
    """Say what a parameter is called."""
    if key not in declared:
        declared.add(key, Declared(label, parts or {}))


def label_of(name: str) -> str | None:
    """What the journal's name of a parameter, or of a part of one, means; None when nobody declared it."""
    if name in declared:
        return str(declared[name].label)
    key, _dot, part = name.rpartition(".")
    if key in declared and part in declared[key].parts:
        return f"{declared[key].label}: {declared[key].parts[part]}"
    for beginning, call in families.items():
        if name.startswith(f"{beginning}."):
            return call(name.removeprefix(f"{beginning}."))
    return None


def get(key: str, default: Any = None) -> Any:
    """The value, or the default when it was never set."""
    row = _VALUE.first(key)
    return default if row is None or row[0] is None else row[0]


def put(op: changes.OperationInHand, key: str, value: Any, *, before: Any = None) -> None:
    """Set the value of a declared parameter, None to forget it; the journal says what it was, part by part.

    `before` is what held while nothing was set.
    """
    parts = declared[key].parts
    before = get(key, before)
    if before == value:
        return
    Parameter.objects.update_or_create(key=key, defaults={"value": value})
    if not parts:
        op.record(kind=KIND, record_id=0, field=key, before=before, after=value)
        return
    was, now = before or {}, value or {}
    for part in dict.fromkeys([*was, *now]):
        if was.get(part) != now.get(part):
            op.record(kind=KIND, record_id=0, field=f"{key}.{part}", before=was.get(part), after=now.get(part))


def change(*, actor: Actor, key: str, value: Any) -> None:
    """Set one parameter in an operation of its own."""
    if get(key) != value:
        with changes.operation(actor=actor, name="core.set_parameter") as op:
            put(op, key, value)


declare("reporting_currency", _("Reporting currency"))
