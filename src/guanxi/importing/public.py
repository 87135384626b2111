"""What other modules may call."""

from guanxi.importing.in_force import held_back, in_force_q

__all__ = ["held_back", "in_force_q"]
