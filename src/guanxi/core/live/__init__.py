"""Live updates: pages listen to topics over one server-sent event stream per browser.

    live.register("import", may_listen=lambda actor, key: ...)      # topics "import" and "import:<key>"
    live.notify("import:17", {"import_id": 17})                     # in the caller's transaction; ids only

A page asks `/live/ticket?topics=import:17` for a ticket and opens `/live?ticket=...`. Messages say that something
changed, not what: the page asks again, with its own rights. Every operation of the journal tells the topic of each
record it changed (`customer:5`), if its kind has one, and the lists of its kind (`list:customer`). When rights change
or a session ends, streams ask anew; that a session ended is told to every page, by a mark that says nothing to a page
that did not know it.
"""

from guanxi.core.live.changed import tell_changed, tell_ended, tell_rights_changed
from guanxi.core.live.further import listen_further
from guanxi.core.live.marks import mark_of
from guanxi.core.live.sending import by_page, caused_by, notify
from guanxi.core.live.topics import Topic, may_listen, register

__all__ = [
    "Topic",
    "by_page",
    "caused_by",
    "listen_further",
    "mark_of",
    "may_listen",
    "notify",
    "register",
    "tell_changed",
    "tell_ended",
    "tell_rights_changed",
]
