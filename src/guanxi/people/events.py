"""What happens to the organisation."""

from dataclasses import dataclass

from guanxi.core.events import Event


@dataclass(frozen=True)
class DepartmentMoved(Event):
    """A department, with all below it, lies elsewhere in the tree."""

    department_id: int
