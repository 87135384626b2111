"""What a shift of the desk found: how long acts took, when words were on the other side's screen, and what went wrong."""

import re
import time
from collections import Counter
from dataclasses import dataclass, field

# A word that names one message: of which visitor (v) or colleague (a), the how manieth.
WORD = re.compile(r"\b([va]\d+m\d+)e\b")
# Every so manieth message is sent a second time, as after an answer that got lost on its way.
TWICE_EVERY = 10


def word(who: str, number: int) -> str:
    """The word by which a message is known again wherever it shows."""
    return f"{who}m{number}e"


@dataclass
class Found:
    """What was measured, in seconds, and what the clients know of the messages."""

    acts: dict[str, list[float]] = field(default_factory=dict)
    requests: list[tuple[str, float]] = field(default_factory=list)
    # Until a visitor's message stood in the thread that a colleague had open, and until our answer stood in the widget.
    to_desk: list[float] = field(default_factory=list)
    to_visitor: list[float] = field(default_factory=list)
    begun_at: dict[str, float] = field(default_factory=dict)
    # Messages that the server said it has, in the order of their sending, by who sent them and where.
    said: dict[str, list[str]] = field(default_factory=dict)
    doubtful: set[str] = field(default_factory=set)
    # What each visitor had on the screen in the end, in its order; and what a fresh page shows them.
    shown: dict[str, list[str]] = field(default_factory=dict)
    fresh: dict[str, list[str]] = field(default_factory=dict)
    sent_twice: int = 0
    # How much of the processors the parts took meanwhile, in words; '' where the system does not tell.
    processors: str = ""
    errors: list[str] = field(default_factory=list)
    # What stood wrong on a screen while they worked: a message twice, or before an earlier one.
    wrong_on_screen: list[str] = field(default_factory=list)

    @property
    def times(self) -> list[float]:
        """All acts."""
        return [seconds for found in self.acts.values() for seconds in found]

    @property
    def kinds(self) -> str:
        """How many requests there were of each kind."""
        counted = Counter(kind for kind, _seconds in self.requests)
        return ", ".join(f"{kind} {count:,}" for kind, count in counted.most_common())

    def begin(self, name: str) -> None:
        """Note when a message began to be sent."""
        self.begun_at[name] = time.perf_counter()

    def note_said(self, who: str, name: str, *, is_sure: bool) -> None:
        """Note that the server has a message, or that nobody knows whether it has."""
        if is_sure:
            self.said.setdefault(who, []).append(name)
        else:
            self.doubtful.add(name)

    def waited(self, name: str) -> float | None:
        """How long ago a message began to be sent."""
        begun = self.begun_at.get(name)
        return None if begun is None else time.perf_counter() - begun

    def look(self, where: str, words: list[str]) -> None:
        """Look through what one page shows: each word once, those of each sender in their order."""
        last: dict[str, int] = {}
        if len(words) != len(set(words)):
            self.wrong_on_screen.append(f"{where}: twice")
        for name in words:
            who, _sign, number = name.partition("m")
            if last.get(who, 0) > int(number):
                self.wrong_on_screen.append(f"{where}: {name} after {last[who]}")
            last[who] = int(number)

    def forget_screens(self) -> None:
        """What was seen so far has been compared."""
        self.shown, self.fresh, self.wrong_on_screen = {}, {}, []
