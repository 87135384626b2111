"""Topics and who may listen to them."""

import re
from collections.abc import Callable
from dataclasses import dataclass

from guanxi.core.actor import Actor
from guanxi.core.registry import Registry

_FORM = re.compile(r"^[a-z][a-z0-9_.-]{0,39}(:[A-Za-z0-9_.-]{1,50})?$")


@dataclass(frozen=True)
class Topic:
    """A family of topics: `name` alone and `name:key`; `may_listen` gets the actor and the key ('' for none).

    `is_whole`: of a kind with few rows (settings) every change is told at `name`, whichever row it was. `pause`: so many
    seconds at least lie between two messages to a page, for what happens often and is asked for seldom.
    """

    name: str
    may_listen: Callable[[Actor, str], bool]
    is_whole: bool = False
    pause: float = 0.0


topics: Registry[Topic] = Registry("live topics")


def register(
    name: str, *, may_listen: Callable[[Actor, str], bool], is_whole: bool = False, pause: float = 0.0
) -> Topic:
    """Say who may listen to `name` and `name:key`."""
    return topics.add(name, Topic(name, may_listen, is_whole, pause))


def pause_of(topic: str) -> float:
    """How many seconds lie between two messages of a topic."""
    family = topics.get(topic)
    return family.pause if family is not None else 0.0


def topic_of(kind: str, number: int) -> str:
    """The topic that tells of changes of a record or setting; '' where nobody can listen."""
    if kind not in topics:
        return ""
    return kind if topics[kind].is_whole else f"{kind}:{number}"


def is_well_formed(topic: str) -> bool:
    """Whether this can be a topic at all."""
    return bool(_FORM.match(topic))


def may_listen(actor: Actor, topic: str) -> bool:
    """Whether the actor may listen; a topic that nobody registered is open to nobody."""
    if not is_well_formed(topic):
        return False
    name, _, key = topic.partition(":")
    family = topics.get(name)
    return family is not None and family.may_listen(actor, key)
