"""Places in lists: they lead back to where they were given out, and nowhere else."""

import pytest

from guanxi.core.api import cursors
from guanxi.core.errors import InvalidCursor


def test_a_place_is_read_back_for_its_own_list() -> None:
    place = cursors.encode("customers?q=a", ["李伟", 3, None])
    assert cursors.decode("customers?q=a", place) == ["李伟", 3, None]


def test_a_place_never_looks_like_an_option_of_a_command() -> None:
    places = [cursors.encode("customers", [number]) for number in range(2_000)]
    assert all(place[0].isalpha() for place in places)


@pytest.mark.parametrize("forged", ["x", "-", "W", "WyJhIl0", "é", "W" * 40, "===", "/../"])
def test_a_forged_place_leads_nowhere(forged: str) -> None:
    with pytest.raises(InvalidCursor):
        cursors.decode("customers", forged)


def test_a_place_of_another_list_or_changed_by_one_character_leads_nowhere() -> None:
    place = cursors.encode("customers", [7])
    with pytest.raises(InvalidCursor):
        cursors.decode("orders", place)
    for at in range(len(place)):
        changed = place[:at] + ("A" if place[at] != "A" else "B") + place[at + 1 :]
        with pytest.raises(InvalidCursor):
            cursors.decode("customers", changed)


@pytest.mark.parametrize("number", [7, 70, 700])
def test_a_place_written_otherwise_leads_nowhere(number: int) -> None:
    """Whatever its bits: other letters at the end, signs that a lenient reader passes over, padding."""
    place = cursors.encode("customers", [number])
    letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    written = {place[:-1] + letter for letter in letters} | {
        place + "=",
        place + "==",
        place + "\n",
        place[:3] + "!" + place[3:],
    }
    for other in written - {place}:
        with pytest.raises(InvalidCursor):
            cursors.decode("customers", other)
