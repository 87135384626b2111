"""Filters of lists: each reads its text from the address, narrows the rows and says what it does.

A filter's text is canonical: `clean` turns whatever a form or an address brings into one text, '' for no filter.
"""

from guanxi.ui.filters.base import EMPTY, Filter
from guanxi.ui.filters.choices import Boolean, Choice, Relation
from guanxi.ui.filters.custom import custom_filters
from guanxi.ui.filters.ranges import Date, Money, Number
from guanxi.ui.filters.texts import Text

__all__ = ["EMPTY", "Boolean", "Choice", "Date", "Filter", "Money", "Number", "Relation", "Text", "custom_filters"]
