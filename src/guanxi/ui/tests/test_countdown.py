"""What is left until something is due: words, colour, the exact time on hover."""

from datetime import UTC, datetime, timedelta

import pytest
from django.utils.translation import override

from guanxi.ui.cells import Context
from guanxi.ui.countdown import draw_countdown, span_words

NOW = datetime(2026, 11, 23, 4, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("left", "english", "chinese"),
    [
        (30, "0 min", "0 分钟"),
        (59 * 60, "59 min", "59 分钟"),
        (3600, "1 h", "1 小时"),
        (3 * 3600 + 300, "3 h 5 min", "3 小时 5 分钟"),
        (50 * 3600, "2 d 2 h", "2 天 2 小时"),
    ],
)
def test_spans_in_both_languages(left, english, chinese):
    with override("en"):
        assert span_words(left) == english
    with override("zh-hans"):
        assert span_words(-left) == chinese


def test_amber_then_red_and_what_it_is_about():
    context = Context(now=NOW, zone=UTC)
    due = NOW + timedelta(minutes=90)
    with override("en"):
        calm = draw_countdown(due, context, warn_at=due - timedelta(minutes=10), label='First "answer"')
        assert 'class="countdown tone-none"' in calm
        assert "1 h 30 min left" in calm
        assert 'title="First &quot;answer&quot;: due 23 Nov 2026 05:30"' in calm
        assert "tone-warning" in draw_countdown(due, context, warn_at=NOW)
        late = draw_countdown(NOW - timedelta(minutes=5), context, is_over=True)
    assert "tone-danger" in late
    assert "5 min overdue" in late
    assert "data-countdown" not in late
