"""The count at the end: every message once and in its place, asked of the database itself and of what each client saw."""

from collections import defaultdict
from dataclasses import dataclass, field

from guanxi.project.bench.desk.found import WORD, Found

ROWS = (
    "SELECT conversation_id, direction, text FROM conversations_message "
    "WHERE channel_id = %s AND kind = 'message' ORDER BY at, id"
)
MOST_TOLD = 5


@dataclass
class Count:
    """What was found; each list should be empty."""

    conversations: int = 0
    messages: int = 0
    lost: list[str] = field(default_factory=list)
    doubled: list[str] = field(default_factory=list)
    out_of_order: list[str] = field(default_factory=list)
    not_shown: list[str] = field(default_factory=list)

    @property
    def wrong(self) -> int:
        """How many are wrong in any way."""
        return len(self.lost) + len(self.doubled) + len(self.out_of_order) + len(self.not_shown)

    def add_screens(self, before: "Count") -> None:
        """Add what was wrong on screens at an earlier count; what is kept has been counted again."""
        self.not_shown = before.not_shown + self.not_shown
        self.doubled += [one for one in before.doubled if one not in self.doubled]
        self.out_of_order += [one for one in before.out_of_order if one not in self.out_of_order]

    def told(self) -> dict[str, object]:
        """The count for a table, with the first of what is wrong."""
        found: dict[str, object] = {"messages": f"{self.messages:,}"}
        for name in ("lost", "doubled", "out_of_order", "not_shown"):
            wrong: list[str] = getattr(self, name)
            found[name] = f"{len(wrong)} ({'; '.join(wrong[:MOST_TOLD])})" if wrong else 0
        return found


def rows_of(database_url: str, channel: int) -> list[tuple[int, str, str]]:
    """Conversation, direction and text of all that was said in a chat, in the order of its conversations."""
    import psycopg  # the server's own word: nothing of Guanxi is between

    with psycopg.connect(database_url) as connection:
        return connection.execute(ROWS, [channel]).fetchall()


def count(rows: list[tuple[int, str, str]], found: Found) -> Count:
    """Compare what is kept with what was sent and with what was seen."""
    made = Count(conversations=len({row[0] for row in rows}), messages=len(rows))
    kept: dict[int, list[str]] = defaultdict(list)
    said: list[tuple[int, str]] = []
    where: dict[str, list[int]] = defaultdict(list)
    for conversation, _direction, text in rows:
        for name in WORD.findall(text)[:1]:
            kept[conversation].append(name)
            said.append((conversation, name))
            where[name].append(conversation)
    made.doubled += [f"{name} in {places}" for name, places in where.items() if len(places) > 1]
    made.lost += [name for said in found.said.values() for name in said if name not in where]
    _orders(made, kept, found)
    visitors = {
        conversation: {name.partition("m")[0] for name in names if name.startswith("v")}
        for conversation, names in kept.items()
    }
    # One who begins a second conversation may still be answered in the first: on the screen all stands by its time.
    of_visitor: dict[str, list[str]] = defaultdict(list)
    for conversation, name in said:
        for who in visitors[conversation]:
            of_visitor[who].append(name)
    for what, shown_by in (("shown", found.shown), ("fresh page", found.fresh)):
        for who, shown in shown_by.items():
            _compare(made, f"{who}, {what}", shown, of_visitor[who])
    made.out_of_order += found.wrong_on_screen
    return made


def _orders(made: Count, kept: dict[int, list[str]], found: Found) -> None:
    """Each sender's messages stand in the order of their sending, within each conversation."""
    sent_at = {name: place for said in found.said.values() for place, name in enumerate(said)}
    for conversation, names in kept.items():
        by: dict[str, list[int]] = defaultdict(list)
        for name in names:
            if name in sent_at:
                by[name.partition("m")[0]].append(sent_at[name])
        made.out_of_order += [f"{who} in {conversation}" for who, places in by.items() if places != sorted(places)]


def _compare(made: Count, who: str, shown: list[str], kept: list[str]) -> None:
    """What stood on a screen is all that is kept, once, in its order; a screen shows the newest sixty at first."""
    if len(set(shown)) != len(shown):
        made.doubled.append(who)
    missing = [name for name in (kept[-len(shown) :] if len(shown) >= 60 else kept) if name not in set(shown)]
    made.not_shown += [f"{name} to {who}" for name in missing]
    place = {name: number for number, name in enumerate(kept)}
    places = [place.get(name, -1) for name in shown]
    if -1 in places or places != sorted(places):
        made.out_of_order.append(who)
