"""The buying centre as a drawing: the organisation at the left, its people at the right, grouped by the part they play."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from guanxi.customers.choices import Attitude, BuyingRole
from guanxi.customers.models import Relation

WIDTH = 480
ROOT_WIDTH, ROOT_LINE = 108, 20
NODE_LEFT, NODE_HEIGHT = 196, 52
NODE_WIDTH = WIDTH - NODE_LEFT - 8
HEAD, GAP, GROUP_GAP, MARGIN = 24, 10, 12, 8
NAME_LENGTH, POST_LENGTH, ROOT_LENGTH = 11, 14, 6
ROOT_LINES = 4
MARKS = {
    Attitude.SUPPORTS: "++",
    Attitude.LEANS: "+",
    Attitude.NEUTRAL: "0",
    Attitude.DOUBTS: "−",
    Attitude.OPPOSES: "−−",
}


@dataclass(frozen=True)
class Node:
    """One person: where it is drawn, what it says."""

    x: int
    y: int
    name: str
    post: str
    hint: str
    url: str
    attitude: str
    mark: str
    strength: int
    is_rated: bool
    edge: str

    @property
    def text_x(self) -> int:
        """Where the words begin."""
        return self.x + 12

    @property
    def name_y(self) -> int:
        """The line of the name."""
        return self.y + 22

    @property
    def post_y(self) -> int:
        """The line of the post."""
        return self.y + 41

    @property
    def mark_x(self) -> int:
        """Where the mark of the attitude ends."""
        return self.x + NODE_WIDTH - 10

    @property
    def dots(self) -> list[int]:
        """A dot for each step of strength."""
        return [self.x + NODE_WIDTH - 14 - 9 * index for index in range(self.strength if self.is_rated else 0)]

    @property
    def dot_y(self) -> int:
        """The line of the dots."""
        return self.y + NODE_HEIGHT - 14


@dataclass(frozen=True)
class Sign:
    """One attitude in the legend."""

    key: str
    mark: str
    label: str


@dataclass(frozen=True)
class Words:
    """A line of text and where it stands."""

    x: int
    y: int
    text: str


@dataclass(frozen=True)
class Drawing:
    """Everything the picture needs."""

    height: int
    root: Sequence[Words]
    heads: Sequence[Words]
    nodes: Sequence[Node]
    width: int = WIDTH
    node_width: int = NODE_WIDTH
    node_height: int = NODE_HEIGHT
    root_left: int = MARGIN
    root_width: int = ROOT_WIDTH

    @property
    def root_height(self) -> int:
        """How high the organisation is drawn."""
        return len(self.root) * ROOT_LINE + 20

    @property
    def root_top(self) -> int:
        """Its upper edge."""
        return (self.height - self.root_height) // 2

    @property
    def legend(self) -> list[Sign]:
        """What the marks mean."""
        return [Sign(str(attitude), mark, str(attitude.label)) for attitude, mark in MARKS.items()]


def _room(char: str) -> int:
    """How wide a character is drawn: Chinese ones take twice the room."""
    return 2 if ord(char) > 0x2E80 else 1


def _cut(text: str, length: int) -> str:
    """A text short enough for its place."""
    used = 0
    for index, char in enumerate(text):
        used += _room(char)
        if used > length * 2:
            return text[: index - 1] + "…"
    return text


def _wrapped(text: str, length: int, most: int) -> list[str]:
    """A text in lines of a width, the last one cut."""
    lines = [""]
    used = 0
    for char in text:
        if used + _room(char) > length * 2:
            lines.append("")
            used = 0
        lines[-1] += char
        used += _room(char)
    kept = [line.strip() for line in lines[:most]]
    return [*kept[:-1], kept[-1][:-1] + "…"] if len(lines) > most else kept


def draw(name: str, relations: Sequence[Relation]) -> Drawing | None:
    """The picture of a buying centre; None without people."""
    groups = _by_role(relations)
    if not groups:
        return None
    height = MARGIN + sum(HEAD + len(g) * (NODE_HEIGHT + GAP) + GROUP_GAP for _label, g in groups)
    middle = height // 2
    heads, nodes = [], []
    y = MARGIN
    for label, members in groups:
        heads.append(Words(NODE_LEFT, y + 15, label))
        y += HEAD
        for relation in members:
            nodes.append(_node(relation, y, middle))
            y += NODE_HEIGHT + GAP
        y += GROUP_GAP
    lines = _wrapped(name, ROOT_LENGTH, ROOT_LINES)
    first = middle - (len(lines) - 1) * ROOT_LINE // 2 + 5
    root = [Words(MARGIN + ROOT_WIDTH // 2, first + index * ROOT_LINE, line) for index, line in enumerate(lines)]
    return Drawing(height, root, heads, nodes)


def _by_role(relations: Sequence[Relation]) -> list[tuple[str, list[Relation]]]:
    """The people by their part, in the order of the parts, those without one last."""
    found = [(str(role.label), [r for r in relations if r.buying_role == role]) for role in BuyingRole]
    found.append((_("No part yet"), [r for r in relations if not r.buying_role]))
    return [(label, members) for label, members in found if members]


def _node(relation: Relation, y: int, middle: int) -> Node:
    """One person with the line that joins them to the organisation."""
    person = relation.subject
    start = MARGIN + ROOT_WIDTH
    bend = (start + NODE_LEFT) // 2
    end = y + NODE_HEIGHT // 2
    hint = [person.name, relation.role, relation.get_buying_role_display(), relation.get_attitude_display()]
    if relation.strength:
        hint.append(_("strength %(n)s of 5") % {"n": relation.strength})
    return Node(
        x=NODE_LEFT,
        y=y,
        name=_cut(person.name, NAME_LENGTH),
        post=_cut(relation.role or person.title, POST_LENGTH),
        hint=" · ".join(part for part in hint if part),
        url=person.get_absolute_url(),
        attitude=relation.attitude or "unknown",
        mark=MARKS.get(relation.attitude, "?"),  # type: ignore[call-overload]
        strength=relation.strength or 1,
        is_rated=relation.strength is not None,
        edge=f"M{start} {middle} C {bend} {middle}, {bend} {end}, {NODE_LEFT} {end}",
    )
