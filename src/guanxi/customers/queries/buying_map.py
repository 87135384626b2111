"""The buying centre as a drawing: the organisation above, its people below in columns by the part they play."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from guanxi.customers.choices import Attitude, BuyingRole
from guanxi.customers.models import Relation

NODE_WIDTH, NODE_HEIGHT = 168, 58
GAP_X, GAP_Y = 20, 16
TOP, HEAD = 16, 44
FIRST_ROW = 150
NAME_LENGTH, POST_LENGTH = 12, 16
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
        return self.y + 23

    @property
    def post_y(self) -> int:
        """The line of the post."""
        return self.y + 43

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
        return self.y + NODE_HEIGHT - 12


@dataclass(frozen=True)
class Sign:
    """One attitude in the legend."""

    key: str
    mark: str
    label: str


@dataclass(frozen=True)
class Column:
    """One part in buying, its head and where it stands."""

    x: int
    label: str


@dataclass(frozen=True)
class Drawing:
    """Everything the picture needs."""

    width: int
    height: int
    root_x: int
    root_name: str
    columns: Sequence[Column]
    nodes: Sequence[Node]
    node_width: int = NODE_WIDTH
    node_height: int = NODE_HEIGHT
    head: int = HEAD
    top: int = TOP

    @property
    def head_y(self) -> int:
        """Where the heads of the columns stand."""
        return FIRST_ROW - 14

    @property
    def root_width(self) -> int:
        """How wide the organisation is drawn."""
        return min(self.width - 2 * GAP_X, 360)

    @property
    def root_left(self) -> int:
        """Its left side."""
        return self.root_x - self.root_width // 2

    @property
    def root_text_y(self) -> int:
        """The line of its name."""
        return TOP + HEAD // 2 + 5

    @property
    def legend(self) -> list[Sign]:
        """What the marks mean."""
        return [Sign(str(attitude), mark, str(attitude.label)) for attitude, mark in MARKS.items()]


def _cut(text: str, length: int) -> str:
    """A text short enough for its place; Chinese characters take twice the room."""
    room = 0
    for index, char in enumerate(text):
        room += 2 if ord(char) > 0x2E80 else 1
        if room > length * 2:
            return text[:index] + "…"
    return text


def draw(name: str, relations: Sequence[Relation]) -> Drawing | None:
    """The picture of a buying centre; None without people."""
    groups = _by_role(relations)
    if not groups:
        return None
    step = NODE_WIDTH + GAP_X
    width = max(step * len(groups) + GAP_X, NODE_WIDTH * 2)
    root_x = width // 2
    columns, nodes = [], []
    left = (width - step * len(groups) + GAP_X) // 2
    for index, (label, members) in enumerate(groups):
        x = left + index * step
        columns.append(Column(x + NODE_WIDTH // 2, label))
        for row, relation in enumerate(members):
            y = FIRST_ROW + row * (NODE_HEIGHT + GAP_Y)
            nodes.append(_node(relation, x, y, root_x))
    tallest = max(len(members) for _label, members in groups)
    height = FIRST_ROW + tallest * (NODE_HEIGHT + GAP_Y) + GAP_Y
    return Drawing(width, height, root_x, _cut(name, 22), columns, nodes)


def _by_role(relations: Sequence[Relation]) -> list[tuple[str, list[Relation]]]:
    """The people by their part, in the order of the parts, those without one last."""
    found = [(str(role.label), [r for r in relations if r.buying_role == role]) for role in BuyingRole]
    found.append((_("No part yet"), [r for r in relations if not r.buying_role]))
    return [(label, members) for label, members in found if members]


def _node(relation: Relation, x: int, y: int, root_x: int) -> Node:
    """One person with the line that joins them to the organisation."""
    person = relation.subject
    middle = x + NODE_WIDTH // 2
    bottom = TOP + HEAD
    bend = (bottom + FIRST_ROW) // 2
    hint = [person.name, relation.role, relation.get_buying_role_display(), relation.get_attitude_display()]
    if relation.strength:
        hint.append(_("strength %(n)s of 5") % {"n": relation.strength})
    return Node(
        x=x,
        y=y,
        name=_cut(person.name, NAME_LENGTH),
        post=_cut(relation.role or person.title, POST_LENGTH),
        hint=" · ".join(part for part in hint if part),
        url=person.get_absolute_url(),
        attitude=relation.attitude or "unknown",
        mark=MARKS.get(relation.attitude, "?"),  # type: ignore[call-overload]
        strength=relation.strength or 1,
        is_rated=relation.strength is not None,
        edge=f"M{root_x} {bottom} C {root_x} {bend}, {middle} {bend}, {middle} {y}",
    )
