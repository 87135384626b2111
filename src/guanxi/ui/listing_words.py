"""How several words stand in one line: parted by a comma, in Chinese by the mark for lists."""

from collections.abc import Iterable

from django.utils.translation import pgettext


def listed(words: Iterable[object]) -> str:
    """Words beside one another as the reader's language parts them."""
    return pgettext("between words of a list", ", ").join(str(word) for word in words)
