"""Making the tables of an empty database: Django's own migrations, in half their time.

Between two steps Django makes the classes of all models anew that are related to a changed one, and in a product whose
tables all lead to a user that is nearly every one, some hundred times. A model that is only just made changes none of
the others: its own class is enough, as when a program starts. Where rows stand already Django's own way is taken.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db.migrations.state import ModelState, ProjectState, StateApps


@contextmanager
def new_models_alone() -> Iterator[None]:
    """While the block lasts, a new model has its own class made and no other; for an empty database only."""
    add_model, clone = ProjectState.add_model, StateApps.clone
    ProjectState.add_model = _add_model  # type: ignore[method-assign]
    StateApps.clone = lambda self: _led_by(clone(self))  # type: ignore[method-assign]
    try:
        yield
    finally:
        ProjectState.add_model = add_model  # type: ignore[method-assign]
        StateApps.clone = clone  # type: ignore[method-assign]


def _add_model(self: Any, model_state: ModelState) -> None:
    """As Django does it, but for the classes of related models."""
    key = model_state.app_label, model_state.name_lower
    self.models[key] = model_state
    if self._relations is not None:
        self.resolve_model_relations(key)
    if "apps" in self.__dict__:
        self.apps.render_multiple([model_state])


def _led_by(made: Any) -> Any:
    """Have the classes that a copy of the registry takes over look for their relations in the copy."""
    for models in made.all_models.values():
        for model in models.values():
            model._meta.apps = made
    made.clear_cache()
    return made
