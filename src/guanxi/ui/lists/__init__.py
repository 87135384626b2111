"""Lists, declared once: one `ListPage` gives a page, its endpoints and its export."""

from guanxi.ui.lists.page import render_list
from guanxi.ui.lists.spec import ME, BulkAction, Empty, ListPage, Outcome, StandardView, pages, register
from guanxi.ui.lists.state import State, read_state, selection, url

__all__ = [
    "ME",
    "BulkAction",
    "Empty",
    "ListPage",
    "Outcome",
    "StandardView",
    "State",
    "pages",
    "read_state",
    "register",
    "render_list",
    "selection",
    "url",
]
