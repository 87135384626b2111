"""The home page: honest tiles that modules bring, and the first step of a new installation."""

from collections.abc import Callable
from dataclasses import dataclass

from django.http import HttpRequest
from django.utils.functional import Promise

from guanxi.core.registry import Registry
from guanxi.ui.menu import Permission

Words = str | Promise


@dataclass(frozen=True)
class Tile:
    """One measured figure: what it says, what it means, where it comes from."""

    label: Words
    value: Words
    hint: Words = ""
    url: str = ""
    icon: str = "activity"
    change: Words = ""
    definition: Words = ""


@dataclass(frozen=True)
class Step:
    """One step of the beginning: done or not, where it is done."""

    title: Words
    text: Words
    button: Words
    url: str
    is_done: bool
    icon: str = "circle"


@dataclass(frozen=True)
class Source:
    """What a module brings to the home page."""

    draw: Callable[[HttpRequest], Tile | Step | str | None]
    permission: Permission = None


tiles: Registry[Source] = Registry("home tiles")
steps: Registry[Source] = Registry("first steps")
panels: Registry[Source] = Registry("home panels")


def register(
    key: str, tile: Callable[[HttpRequest], Tile | None], order: int = 100, permission: Permission = None
) -> Source:
    """Bring a tile; None while there is nothing to say."""
    return tiles.add(key, Source(tile, permission), order=order)


def register_step(
    key: str, step: Callable[[HttpRequest], Step | None], order: int = 100, permission: Permission = None
) -> Source:
    """Bring a first step; the steps are shown until all are done."""
    return steps.add(key, Source(step, permission), order=order)


def register_panel(
    key: str, panel: Callable[[HttpRequest], str | None], order: int = 100, permission: Permission = None
) -> Source:
    """Bring a panel of safe HTML below the tiles (a list of recent imports, a chart)."""
    return panels.add(key, Source(panel, permission), order=order)
