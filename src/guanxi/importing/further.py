"""Kinds of `guanxi import` that are no tables: higher floors bring them, each with its own words and its own run."""

from collections.abc import Callable
from typing import Any

from guanxi.core.registry import Registry

# Called with the subparsers of `guanxi import`; adds one word there.
further_imports: Registry[Callable[[Any], None]] = Registry("further imports")
