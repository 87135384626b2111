"""Raw mails of real shape, made by code: what each is, what is new in it, and which belong together.

`every()` gives them in the order in which they came. The shapes (headers, boundaries, charsets, quotations, reports) are
those that the programs named in each file write; the words are our own.
"""

from guanxi.conversations.tests.mail_corpus.automatic import automatic
from guanxi.conversations.tests.mail_corpus.odd import odd
from guanxi.conversations.tests.mail_corpus.quotations import quotations
from guanxi.conversations.tests.mail_corpus.sample import OURS, Sample
from guanxi.conversations.tests.mail_corpus.threads import threads

__all__ = ["OURS", "Sample", "every"]


def every() -> list[Sample]:
    """All samples."""
    return [*threads(), *automatic(), *odd(), *quotations()]
