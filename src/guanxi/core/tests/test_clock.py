"""A history is told at the moments at which it happened; everybody else goes on living now."""

from datetime import UTC, datetime, timedelta
from threading import Thread

import pytest
from django.utils import timezone

from guanxi.core import clock


def test_what_is_told_happens_when_it_happened_and_nothing_else_does() -> None:
    """Within the block and this thread only, one block within another too; a moment without a time zone is none."""
    past = datetime(2020, 2, 29, 12, tzinfo=UTC)
    heard: list[datetime] = []
    with clock.at(past):
        assert clock.now() == past
        with clock.at(past + timedelta(hours=1)):
            assert clock.now() == past + timedelta(hours=1)
        assert clock.now() == past
        other = Thread(target=lambda: heard.append(clock.now()))
        other.start()
        other.join()
    assert abs(clock.now() - timezone.now()) < timedelta(seconds=5)
    assert abs(heard[0] - timezone.now()) < timedelta(seconds=60)
    with pytest.raises(ValueError, match="time zone"), clock.at(datetime(2020, 1, 1)):  # noqa: DTZ001 - that is the point
        pass
