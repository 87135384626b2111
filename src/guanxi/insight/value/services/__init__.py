"""Writing measurements of value: derived figures, made anew as wholes, with a history of their own."""

from guanxi.insight.value.services.measurements import (
    WRONG_DAY,
    add_earlier_date,
    bring_standings_up_to_date,
    check_earlier_date,
)

__all__ = ["WRONG_DAY", "add_earlier_date", "bring_standings_up_to_date", "check_earlier_date"]
