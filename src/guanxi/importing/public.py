"""What other modules may call; the calls that need every model load on first use."""

from typing import TYPE_CHECKING, Any

from guanxi.importing.in_force import held_back, in_force_q

if TYPE_CHECKING:
    from guanxi.importing.engine.undoing import Undone
    from guanxi.importing.services import ImportResult

__all__ = ["held_back", "in_force_q", "run_import", "undo_import"]


def run_import(**call: Any) -> "ImportResult":
    """`run_import(actor=, request=ImportRequest(...), progress=)`: bring a file in; see `services.run_import`."""
    from guanxi.importing import services  # models of other modules import this file while they load

    return services.run_import(**call)


def undo_import(**call: Any) -> "Undone":
    """`undo_import(actor=, import_id=, rest=)`: take an import back; see `services.undo_import`."""
    from guanxi.importing import services

    return services.undo_import(**call)
