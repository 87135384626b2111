"""What a path model consists of: constructs with their items, and the paths between constructs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from difflib import get_close_matches
from fnmatch import fnmatchcase
from typing import Any, Literal, cast

import numpy as np
from numpy.typing import NDArray

from guanxi_methods.errors import MethodError

Mode = Literal["A", "B"]
KEYS = ("constructs", "paths", "scale")
CONSTRUCT_KEYS = ("mode", "items", "scale")


@dataclass(frozen=True)
class Construct:
    """Something that cannot be asked directly, and the items that stand for it.

    Attributes
    ----------
    name : str
    items : tuple of str
        Names of the columns; a ``*`` stands for any letters.
    mode : {"A", "B"}, default "A"
        A: the items reflect the construct, weights are correlations. B: the items make it up, weights are a regression.
    scale : tuple of (float, float), optional
        Where its items have another scale than the model's.
    """

    name: str
    items: tuple[str, ...]
    mode: Mode = "A"
    scale: tuple[float, float] | None = None


@dataclass(frozen=True)
class StructuralModel:
    """Constructs and the paths between them.

    Attributes
    ----------
    constructs : tuple of Construct
    paths : tuple of (str, str)
        From, to.
    scale : tuple of (float, float), optional
        The lowest and the highest answer an item allows; needed for the index of 0 to 100.

    Examples
    --------
    >>> model = StructuralModel(
    ...     (Construct("Quality", ("q1", "q2")), Construct("Satisfaction", ("s1", "s2"))),
    ...     (("Quality", "Satisfaction"),),
    ...     (1, 10),
    ... )
    >>> model.endogenous
    ('Satisfaction',)
    """

    constructs: tuple[Construct, ...]
    paths: tuple[tuple[str, str], ...]
    scale: tuple[float, float] | None = None

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the constructs."""
        return tuple(construct.name for construct in self.constructs)

    @property
    def items(self) -> tuple[str, ...]:
        """Names of all items, construct by construct."""
        return tuple(item for construct in self.constructs for item in construct.items)

    @property
    def endogenous(self) -> tuple[str, ...]:
        """Names of the constructs that a path leads to."""
        reached = {to for _, to in self.paths}
        return tuple(name for name in self.names if name in reached)

    @property
    def arrows(self) -> NDArray[np.bool_]:
        """Whether a path leads from the construct of the row to that of the column."""
        names = self.names
        made = np.zeros((len(names), len(names)), dtype=bool)
        for origin, to in self.paths:
            made[names.index(origin), names.index(to)] = True
        return made

    @property
    def bounds(self) -> NDArray[np.float64]:
        """The lowest and the highest answer of each construct's items, NaN where not known; shape (2, n_constructs)."""
        unknown = (float("nan"), float("nan"))
        return np.array([construct.scale or self.scale or unknown for construct in self.constructs]).T

    @property
    def blocks(self) -> tuple[slice, ...]:
        """Where each construct's items stand among :attr:`items`."""
        ends = np.cumsum([len(construct.items) for construct in self.constructs]).tolist()
        return tuple(
            slice(end - len(construct.items), end) for construct, end in zip(self.constructs, ends, strict=True)
        )

    def resolved(self, columns: Sequence[str]) -> StructuralModel:
        """Return the model with every pattern replaced by the columns it stands for.

        Parameters
        ----------
        columns : sequence of str
            What the data holds.

        Raises
        ------
        MethodError
            An item that the data does not hold, an item of two constructs, a construct without items.
        """
        made = replace(
            self,
            constructs=tuple(
                replace(construct, items=tuple(_expanded(construct, columns))) for construct in self.constructs
            ),
        )
        check_items(made.constructs)
        return made


def _expanded(construct: Construct, columns: Sequence[str]) -> Iterable[str]:
    """Return the columns that a construct's items stand for."""
    known = set(columns)
    for item in construct.items:
        if item in known:
            yield item
            continue
        found = [column for column in columns if fnmatchcase(column, item)] if "*" in item else []
        if not found:
            raise _unknown_item(item, construct.name, columns)
        yield from found


def _unknown_item(item: str, construct: str, columns: Sequence[str]) -> MethodError:
    """Return the error about an item that the data does not hold."""
    if "*" in item:
        return MethodError(
            "construct {construct!r} asks for the items {item!r}, but no column is named like that; there are: {names}",
            construct=construct, item=item, names=_shown(columns),
        )  # fmt: skip
    near = _nearest(item, columns)
    if near is not None:
        return MethodError(
            "construct {construct!r} asks for the item {item!r}, which does not exist; did you mean {near!r}?",
            construct=construct, item=item, near=near,
        )  # fmt: skip
    return MethodError(
        "construct {construct!r} asks for the item {item!r}, which does not exist; there are: {names}",
        construct=construct, item=item, names=_shown(columns),
    )  # fmt: skip


def _nearest(word: str, known: Sequence[str]) -> str | None:
    """Return the known name most like a word, capitals aside."""
    by_small = {name.lower(): name for name in reversed(known)}
    near = get_close_matches(word.lower(), list(by_small), n=1, cutoff=0.5)
    return by_small[near[0]] if near else None


def _shown(names: Sequence[str]) -> str:
    """Return the first names as a sentence lists them."""
    return ", ".join(names[:12]) + (" ..." if len(names) > 12 else "")


def read_model(given: Any) -> StructuralModel:
    """Return a checked model from nested mappings, as they stand in a model file.

    Parameters
    ----------
    given : StructuralModel or mapping
        ``{"constructs": {NAME: {"mode": "A" or "B", "items": [...]}}, "paths": [[FROM, TO], ...], "scale": [LO, HI]}``.
        ``mode`` is A unless given; a construct may also be just its list of items; ``scale`` may be left out, and may
        also stand in a construct whose items have another one.

    Returns
    -------
    StructuralModel

    Raises
    ------
    MethodError
        A part that is missing, not known or of another form; a path to a construct that is not there; a circle of
        paths, named; a construct without a path; an item of two constructs; a scale whose ends are not in order.

    Examples
    --------
    >>> model = read_model({
    ...     "constructs": {"Quality": ["q1", "q2"], "Satisfaction": {"mode": "B", "items": ["s1", "s2"]}},
    ...     "paths": [["Quality", "Satisfaction"]],
    ... })
    >>> model.constructs[1]
    Construct(name='Satisfaction', items=('s1', 's2'), mode='B', scale=None)
    """
    model = given if isinstance(given, StructuralModel) else _from_mapping(given)
    if len(model.constructs) < 2:
        raise MethodError("a path model needs at least two constructs and a path between them")
    names = model.names
    for name in names:
        if names.count(name) > 1:
            raise MethodError("there are two constructs {name!r}: give one another name", name=name)
    check_items(model.constructs)
    _check_paths(model)
    for scale in (model.scale, *(construct.scale for construct in model.constructs)):
        if scale is not None and not (np.isfinite(scale).all() and scale[0] < scale[1]):
            raise MethodError(
                "the scale must go from its lowest to its highest answer, not from {low} to {high}",
                low=scale[0], high=scale[1],
            )  # fmt: skip
    return model


def _from_mapping(given: Any) -> StructuralModel:
    """Take a model from nested mappings."""
    if not isinstance(given, Mapping):
        raise MethodError("a model must name its constructs and paths, but it is {kind}", kind=type(given).__name__)
    for key in given:
        if key not in KEYS:
            raise MethodError("a model has no part {key!r}; it has: constructs, paths, scale", key=str(key))
    for key in KEYS[:2]:
        if not given.get(key):
            raise MethodError("the model has no {part}", part=key)
    if not isinstance(given["constructs"], Mapping):
        raise MethodError("the constructs of a model must each have a name and items")
    constructs = tuple(_construct(str(name), part) for name, part in given["constructs"].items())
    return StructuralModel(constructs, tuple(_path(path) for path in _listed(given["paths"])), _scale(given))


def _listed(value: Any) -> list[Any]:
    """Return a list as one; a word or a number is none."""
    if isinstance(value, (str, bytes, Mapping)) or not isinstance(value, Iterable):
        raise MethodError("the paths of a model must be a list of [FROM, TO], not {value!r}", value=str(value))
    return list(value)


def _construct(name: str, given: Any) -> Construct:
    """Take one construct."""
    part = given if isinstance(given, Mapping) else {"items": given}
    for key in part:
        if key not in CONSTRUCT_KEYS:
            raise MethodError(
                "construct {name!r} has no part {key!r}; it has: mode, items, scale", name=name, key=str(key)
            )
    mode = str(part.get("mode", "A")).upper()
    if mode not in ("A", "B"):
        raise MethodError("construct {name!r} must be of mode A or B, not {mode!r}", name=name, mode=mode)
    items = part.get("items")
    if isinstance(items, str):
        items = [items] if items.strip() else []
    if not isinstance(items, Iterable) or isinstance(items, (bytes, Mapping)):
        raise MethodError("construct {name!r} has no list of items", name=name)
    return Construct(name, tuple(str(item) for item in items), cast("Mode", mode), _scale(part))


def _path(given: Any) -> tuple[str, str]:
    """Take one path."""
    if isinstance(given, (str, bytes, Mapping)) or not isinstance(given, Iterable):
        raise MethodError("a path must be [FROM, TO], not {path!r}", path=str(given))
    ends = [str(end) for end in given]
    if len(ends) != 2:
        raise MethodError("a path must be [FROM, TO], not {path!r}", path=", ".join(ends))
    return ends[0], ends[1]


def _scale(given: Mapping[str, Any]) -> tuple[float, float] | None:
    """Take the ends of the scale."""
    scale = given.get("scale")
    if scale is None:
        return None
    try:
        low, high = (float(end) for end in scale)
    except (TypeError, ValueError):
        raise MethodError(
            "the scale must be two numbers, the lowest and the highest answer, not {scale!r}", scale=str(scale)
        ) from None
    return low, high


def check_items(constructs: Sequence[Construct]) -> None:
    """Raise unless every construct has items, and every item one construct."""
    owner: dict[str, str] = {}
    for construct in constructs:
        if not construct.items:
            raise MethodError("construct {name!r} has no items: give it at least one", name=construct.name)
        for item in construct.items:
            if owner.get(item) == construct.name:
                raise MethodError("construct {name!r} names the item {item!r} twice", name=construct.name, item=item)
            if item in owner:
                raise MethodError(
                    "the item {item!r} belongs to two constructs, {one!r} and {other!r}: leave it to one of them",
                    item=item, one=owner[item], other=construct.name,
                )  # fmt: skip
            owner[item] = construct.name


def _check_paths(model: StructuralModel) -> None:
    """Raise unless the paths join known constructs, all of them, without a circle."""
    names = model.names
    for place, path in enumerate(model.paths):
        for end in path:
            if end not in names:
                near = _nearest(end, names)
                if near is not None:
                    raise MethodError(
                        "a path names the construct {name!r}, which does not exist; did you mean {near!r}?",
                        name=end, near=near,
                    )  # fmt: skip
                raise MethodError(
                    "a path names the construct {name!r}, which does not exist; there are: {names}",
                    name=end, names=_shown(names),
                )  # fmt: skip
        if path in model.paths[:place]:
            raise MethodError("the path {origin} -> {to} is there twice", origin=path[0], to=path[1])
    circle = find_circle(names, model.paths)
    if circle:
        raise MethodError(
            "the paths run in a circle: {circle}; leave one of them out, for causes must come before effects",
            circle=" -> ".join(circle),
        )
    joined = {end for path in model.paths for end in path}
    for name in names:
        if name not in joined:
            raise MethodError("construct {name!r} has no path: give it one, or leave the construct out", name=name)


def find_circle(names: Sequence[str], paths: Sequence[tuple[str, str]]) -> tuple[str, ...]:
    """Return constructs along the shortest circle of paths, the first again at the end; empty where there is none.

    Examples
    --------
    >>> find_circle("abc", [("a", "b"), ("b", "c"), ("c", "b")])
    ('b', 'c', 'b')
    """
    following: dict[str, list[str]] = {name: [to for origin, to in paths if origin == name] for name in names}
    found: tuple[str, ...] = ()
    for start in names:
        ways: list[tuple[str, ...]] = [(start,)]
        seen: set[str] = set()
        while ways and not (found and len(ways[0]) + 1 >= len(found)):
            longer = [(*way, to) for way in ways for to in following[way[-1]] if to not in seen]
            closed = [way for way in longer if way[-1] == start]
            if closed:
                found = closed[0]
                break
            seen.update(way[-1] for way in longer)
            ways = list({way[-1]: way for way in reversed(longer)}.values())
    return found
