"""A list as a board: one lane for each choice of the column it is grouped by."""

from typing import Any
from urllib.parse import quote

from guanxi.ui.html import safe
from guanxi.ui.lists.rows import Batch, draw_cards, editable_here, endpoint, fetch_lane, lanes
from guanxi.ui.lists.state import Scene

NO_VALUE = "-"


def lane_value(scene: Scene, text: str) -> Any:
    """The choice behind a lane's name in an address."""
    return next((value for value, _words in lanes(scene) if value is not None and str(value) == text), None)


def board_lanes(scene: Scene) -> list[dict[str, Any]]:
    """The lanes with their first cards; the one without a value is fetched after the page stands.

    "Has no value" is what no index answers, and mostly the least of interest.
    """
    column = scene.columns[scene.state.group]
    can_move = editable_here(scene, column)
    shown = {shown.key for shown in scene.shown()}
    has_sums = any(item.column in shown for item in scene.page.table.sums)
    drawn: list[dict[str, Any]] = []
    for value, words in lanes(scene):
        name = NO_VALUE if value is None else quote(str(value), safe="")
        is_late = value is None
        batch = Batch() if is_late else fetch_lane(scene, value)
        drawn.append(
            {
                "name": name,
                "value": "" if value is None else value,
                "label": words,
                "cards": safe(draw_cards(scene, batch, name)),
                "late_url": f"{endpoint(scene, 'lane')}{scene.state.query()}&lane={name}" if is_late else "",
                "count": len(batch.rows) if not is_late and not batch.following else None,
                "count_url": f"{endpoint(scene, 'count')}{scene.state.query()}&lane={name}",
                "sum_url": f"{endpoint(scene, 'sum')}{scene.state.query()}&lane={name}" if has_sums else "",
                "edit": column.edit if can_move else "",
            }
        )
    return drawn
