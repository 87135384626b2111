"""Kinds of record and a reference that points at any of them."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.db import models
from django.utils.functional import Promise

from guanxi.core import ids
from guanxi.core.registry import Registry


@dataclass(frozen=True)
class RecordKind:
    """What a kind of record is called and where it lives."""

    kind: str
    model_label: str
    prefix: str
    label: Promise | str
    label_plural: Promise | str
    title: Callable[[Any], str] = str
    url: Callable[[int], str] | None = None
    icon: str = "file"

    @property
    def model(self) -> type[models.Model]:
        """The model of this kind."""
        return apps.get_model(self.model_label)

    def public_id(self, number: int) -> str:
        """The id shown outside."""
        return ids.public_id(self.prefix, number)


kinds: Registry[RecordKind] = Registry("record kinds")


def register(kind: RecordKind) -> RecordKind:
    """Register a kind of record."""
    return kinds.add(kind.kind, kind)


def kind_of(model: type[models.Model]) -> str:
    """The kind of a model: as registered, else its lower-case name."""
    label = model._meta.label
    for kind in kinds:
        if kind.model_label == label:
            return kind.kind
    return model._meta.model_name or label.lower()


def model_of(kind: str) -> type[models.Model] | None:
    """The model of a kind: as registered, else the one model of that lower-case name among our apps."""
    if kind in kinds:
        return kinds[kind].model
    for model in apps.get_models():
        if model._meta.model_name == kind and model.__module__.startswith("guanxi."):
            return model
    return None


@dataclass(frozen=True)
class RecordRef:
    """Points at any record: journal, search, files, tasks, tags."""

    kind: str
    id: int
