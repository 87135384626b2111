"""Every place of the API where the id of a record can be put, out of the description, and what is put there."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from guanxi.core import ids, records
from tests.matrix.belongings import OTHER_WORD
from tests.matrix.requests_of import Call, document
from tests.matrix.world import World

FORMAT, KINDS = "record-id", "x-kinds"
Steps = tuple[str | int, ...]
# Which records of the company are of which kind, and how their ids begin; a kind that is not here fails the walk.
OF_KIND: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "customer": ("cus", ("customer", "company", "twin", "absorbed", "erased")),
    "contactpoint": ("ctp", ("contact",)),
    "relation": ("rel", ("relation",)),
    "merge": ("mrg", ("merge",)),
    "operation": ("opr", ("operation_id", "deletion")),
    "order": ("ord", ("order",)),
    "product": ("prd", ("product",)),
    "import": ("imp", ("import", "checked", "in_force")),
    "task": ("tsk", ("task",)),
    "user": ("usr", ("user_id",)),
    "data_request": ("req", ("request",)),
    "retentionrun": ("rtn", ("run_id",)),
    "webhook": ("whk", ("webhook",)),
    "rule": ("rul", ("rule",)),
    "approval": ("apr", ("approval", "to_decide")),
    "conversation": ("cnv", ("conversation", "other_conversation")),
    "message": ("msg", ("message", "later")),
    "channel": ("chn", ("mailbox", "channel", "connector", "web_form")),
    "case": ("cas", ("case",)),
    "case_clock": ("clk", ("case_clock",)),
    "promise": ("prm", ("promise",)),
    "remedy": ("rmd", ("remedy",)),
    "macro": ("mac", ("macro",)),
    "queue": ("que", ("queue", "spare_queue")),
    "work_item": ("wki", ("work_item", "in_hand")),
    "webhookmessage": ("msg", ("sent",)),
    "file": ("fil", ("file",)),
    "token": ("tok", ("token",)),
    "saved_view": ("viw", ("view",)),
}
# Kinds whose records nobody holds: whoever has the right sees all of them.
NOBODYS = frozenset({"product", "user", "data_request", "retentionrun", "rule", "channel"})
FAR = 999_999_937


@dataclass(frozen=True)
class Place:
    """One place of one operation: in the path, the query or the body, and the way to it."""

    where: str
    steps: Steps
    kinds: tuple[str, ...]
    schema: Mapping[str, Any]

    def __str__(self) -> str:
        """In a failure."""
        return ".".join(map(str, (self.where, *self.steps)))

    @property
    def may_be_left_out(self) -> bool:
        """Whether nothing there means that nothing is asked."""
        return self.schema.get("default") == ""


@dataclass(frozen=True)
class Wrong:
    """Something put in a place that has no business there; `leads` where a reader may be led on by it."""

    name: str
    value: Any
    leads: bool = False


def resolved(schema: Mapping[str, Any]) -> Mapping[str, Any]:
    """A schema, references followed."""
    while "$ref" in schema:
        schema = document()["components"]["schemas"][schema["$ref"].rsplit("/", 1)[-1]]
    return schema


def places_in(schema: Mapping[str, Any], steps: Steps, above: tuple[str, ...] = ()) -> Iterator[tuple[Steps, Any]]:
    """Every place of an id in a schema: `0` stands for the items of a list, `*` for those of an object."""
    if (reference := schema.get("$ref", "")) in above:
        return
    above = (*above, reference) if reference else above
    schema = resolved(schema)
    if schema.get("format") == FORMAT:
        yield steps, schema
    for word in ("anyOf", "oneOf", "allOf"):
        for one in schema.get(word, ()):
            yield from places_in(one, steps, above)
    if isinstance(schema.get("items"), dict):
        yield from places_in(schema["items"], (*steps, 0), above)
    if isinstance(schema.get("additionalProperties"), dict):
        yield from places_in(schema["additionalProperties"], (*steps, "*"), above)
    for name, one in schema.get("properties", {}).items():
        yield from places_in(one, (*steps, name), above)


def places_of(calls: Iterable[Call]) -> Iterator[tuple[Call, Place, str]]:
    """Every place of every operation with a request that fills it, and with what; AssertionError names those of which none does."""
    by_name: dict[str, list[Call]] = {}
    for call in calls:
        by_name.setdefault(call.name, []).append(call)
    for name, mine in by_name.items():
        for place in _places(mine[0]):
            reached = next(((call, value) for call in mine if (value := filled(call, place))), None)
            assert reached, f"{name}: no request fills {place}; fill it in FULLER of requests_of.py"
            yield reached[0], place, reached[1]


def _places(call: Call) -> Iterator[Place]:
    """Every place of an operation."""
    for told in call.told.get("parameters", ()):
        for _steps, schema in places_in(told["schema"], ()):
            yield Place(told["in"], (told["name"],), tuple(schema.get(KINDS, ())), schema)
    for content in call.told.get("requestBody", {}).get("content", {}).values():
        for steps, schema in places_in(content["schema"], ()):
            yield Place("body", _named(call, steps), tuple(schema.get(KINDS, ())), schema)


def _named(call: Call, steps: Steps) -> Steps:
    """The way through the body that a request sends: `*` is the first name of an object."""
    found: list[str | int] = []
    into = call.body
    for step in steps:
        step = next(iter(into), step) if step == "*" and isinstance(into, dict) else step
        found.append(step)
        into = _within(into, step)
    return tuple(found)


def _within(into: Any, step: str | int) -> Any:
    """What stands in an object or a list, None for nothing."""
    if isinstance(into, dict):
        return into.get(step)
    return into[step] if isinstance(into, list) and isinstance(step, int) and step < len(into) else None


def filled(call: Call, place: Place) -> str | None:
    """What a request has in a place; None where it leaves it out."""
    into: Any = {"path": call.places, "query": call.query}.get(place.where, call.body)
    for step in place.steps:
        into = _within(into, step)
    return into if isinstance(into, str) else None


def anothers(world: World, place: Place) -> Iterator[tuple[Wrong, Wrong]]:
    """Ids of records of the right kind that the caller may not see, each with one of the same form that is nothing."""
    for kind in place.kinds or tuple(OF_KIND):
        prefix, names = OF_KIND[kind]
        if kind in NOBODYS:
            continue
        for name in names:
            yield Wrong(f"another's {name}", world.others[name].public), Wrong("nothing", _like(world, name, prefix))
    if "customer" in place.kinds:
        number = f"{OTHER_WORD}-1"
        yield Wrong("another's external id", number), Wrong("nothing", f"{OTHER_WORD[::-1]}-1")
        yield Wrong("another's external id with its source", f"shop:{number}"), Wrong("nothing", f"shop:{number}x")


def _like(world: World, name: str, prefix: str) -> str:
    """An id of the same form as another's behind which nothing stands; some are no numbers."""
    public = world.others[name].public
    return nothing(prefix) if ids.parse(prefix, public) else f"{prefix}_{public[4:][::-1]}"


def nothing(prefix: str) -> str:
    """An id in its proper form behind which nothing stands."""
    return ids.public_id(prefix, FAR)


def wrongs(world: World, place: Place, good: str) -> Iterator[Wrong]:
    """Everything else that is put there: of a wrong kind, mistyped, empty, very long, a number, no text at all."""
    kinds = place.kinds or tuple(OF_KIND)
    for kind, (prefix, names) in OF_KIND.items():
        if kind in place.kinds or (not place.kinds and kind in records.kinds):
            continue
        yield Wrong(f"{kind} of one's own", world.records[names[0]].public)
        yield Wrong(f"{kind} of another", world.others[names[0]].public)
        yield Wrong(f"{kind} that is nothing", nothing(prefix))
    if "customer" in place.kinds:
        yield Wrong("absorbed", world.records["absorbed"].public, leads=True)
        yield Wrong("erased", world.records["erased"].public, leads=True)
    prefix = OF_KIND[kinds[0]][0]
    for name, text in {
        "mistyped": good[:-1] + ("0" if good[-1] != "0" else "1"),
        "cut short": good[:-1],
        "with something behind it": f"{good}0",
        "in capitals": good.upper(),
        "with its letters swapped": good[:-2] + good[-1] + good[-2] if good[-1] != good[-2] else good + "x",
        "twice": good * 2,
        "empty": "",
        "blank": " ",
        "a prefix alone": f"{prefix}_",
        "very long": good[:4] + "0" * 5000,
        "a huge number": "9" * 40,
        "below nothing": "-1",
        "digits of another script": good[:-1] + "١",
        "another's number": str(next(iter(world.others.values())).pk),
    }.items():
        yield Wrong(name, text)
    yield Wrong("one's own number", str(ids.parse(good[:3], good) or 0))
    if place.where == "body":
        for value in (ids.parse(good[:3], good) or 1, 0, 2**63 - 1, 1.5, True, [good], {"id": good}):
            yield Wrong(f"no text: {value!r}"[:60], value)
