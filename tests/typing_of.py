"""Comparing what came back with the type that was promised for it: every field, every item, nothing more and nothing less."""

import types
from collections.abc import Iterator
from typing import Any, Literal, NotRequired, Union, get_args, get_origin, get_type_hints, is_typeddict


def misfits(value: Any, promised: Any, place: str = "answer") -> Iterator[str]:
    """Where a value is not of a type that `guanxi_client.types` can say; nothing when it is."""
    origin = get_origin(promised)
    if promised is Any:
        return
    if origin is NotRequired:
        yield from misfits(value, get_args(promised)[0], place)
    elif is_typeddict(promised):
        yield from _fields(value, promised, place)
    elif origin in {Union, types.UnionType}:
        each = [list(misfits(value, one, place)) for one in get_args(promised)]
        if all(each):
            yield min(each, key=len)[0]
    elif origin is Literal:
        if not any(value == word and type(value) is type(word) for word in get_args(promised)):
            yield f"{place}: {value!r} is none of {get_args(promised)}"
    elif origin is list:
        yield from _each(enumerate(value) if isinstance(value, list) else None, get_args(promised)[0], value, place)
    elif origin is dict:
        yield from _each(value.items() if isinstance(value, dict) else None, get_args(promised)[1], value, place)
    elif not _is(value, promised):
        yield f"{place}: {value!r} is no {getattr(promised, '__name__', promised)}"


def _is(value: Any, promised: Any) -> bool:
    """Whether a plain value is of a plain type: a whole number is a number, yes and no are none."""
    if promised in {None, type(None)}:
        return value is None
    if promised is float:
        return type(value) in {int, float}
    return type(value) is promised


def _fields(value: Any, promised: Any, place: str) -> Iterator[str]:
    """What is wrong with an object."""
    if not isinstance(value, dict):
        yield f"{place}: {value!r} is no {promised.__name__}"
        return
    hints = get_type_hints(promised, include_extras=True)
    needed = {name for name, hint in hints.items() if get_origin(hint) is not NotRequired}
    yield from (f"{place}.{name} is missing" for name in sorted(needed - value.keys()))
    yield from (f"{place}.{name} is not promised" for name in sorted(value.keys() - hints.keys()))
    for name in sorted(value.keys() & hints.keys()):
        yield from misfits(value[name], hints[name], f"{place}.{name}")


def _each(items: Any, promised: Any, value: Any, place: str) -> Iterator[str]:
    """What is wrong with the items of a list or an object."""
    if items is None:
        yield f"{place}: {value!r} is no list and no object"
        return
    for key, item in items:
        yield from misfits(item, promised, f"{place}.{key}")
