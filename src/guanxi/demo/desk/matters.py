"""What a matter of the demo company is: who writes about which goods, what is said when, how it ends."""

from dataclasses import dataclass

# Who speaks: the customer, we, we among ourselves.
CUSTOMER, WE, NOTE = "c", "a", "n"
# Who (with a channel after a colon where it is another one), when, what.
Line = tuple[str, str, str]


@dataclass(frozen=True)
class Matter:
    """One matter; told once for each of its moments, each time by another customer who bought the goods."""

    kind: str
    product: str
    case_type: str
    category: str
    subject: str
    whens: tuple[str, ...]
    lines: tuple[Line, ...]
    # closed, solved, waiting, held, open; new for what nobody has taken yet.
    end: str = "closed"
    # Asked after the solution: when, in which words.
    after: tuple[str, str] | None = None
    # By the customer's number, where it is to be a certain one.
    who: str = ""
    # Which criteria of the moments of truth somebody marked.
    marks: tuple[tuple[str, bool], ...] = ()
    # Promised along with our first answer: what, by when, what came of it (kept, released or nothing).
    promise: tuple[str, str, str] | None = None
    # Whoever answers, where it is not the one who answers in this language.
    agent: str = ""
    impact: int = 1
    urgency: int = 2
