"""What counterparts are called: a name is what they gave, without the addresses in it."""

import pytest

from guanxi.conversations.counterparts import is_address, name_alone


@pytest.mark.parametrize(
    ("given", "called"),
    [
        ("Bob (Sales)", "Bob (Sales)"),
        ("Bo <script>alert(1)</script>", "Bo <script>alert(1)</script>"),
        ("“Lily” Wang", "“Lily” Wang"),
        ("王伟 [售后]", "王伟 [售后]"),
        ("Li Na <li@example.org>", "Li Na"),
        ("li@example.org (Li Na)", "Li Na"),
        ("li@example.org", ""),
        ("+86 139 0000 1111", ""),
        ("", ""),
    ],
)
def test_a_name_is_kept_and_an_address_is_none(given: str, called: str) -> None:
    assert name_alone(given) == called
    assert is_address(given) == (bool(given) and not called)
