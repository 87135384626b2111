"""What a complaint of the demo company is, from the customer's words to the cause, as far as it has come."""

from dataclasses import dataclass

from guanxi.demo.users import DEPARTMENTS

CARRIER, POTTERY = "迅达速运 Swift Parcels", "瓷彩工坊 Porcelain Works"
SALES, SERVICE, MARKETING, FINANCE = DEPARTMENTS
# The steps in their order, and how far a complaint has come.
STEPS = ("record", "investigate", "settle", "plan", "carry_out", "sum_up", "closed")


@dataclass(frozen=True)
class Told:
    """One complaint: what was said, found, decided and done."""

    language: str
    kind: str
    product: str
    category: str
    subject: str
    when: str
    words: str
    first: str
    # The step in which it stands, or closed.
    until: str
    wanted: str = ""
    grade: str = "ordinary"
    authority: tuple[str, str] | None = None
    statement: tuple[str, str] = ("", "")
    photo: str = ""
    unit: str = ""
    # The unit's reasons, whether they were upheld, the answer; without an answer it is not decided.
    objection: tuple[str, bool, str] | None = None
    # Kind, what exactly, amount in minor units.
    remedies: tuple[tuple[str, str, int], ...] = ()
    told: str = ""
    promise: tuple[str, str] | None = None
    responsibility: str = ""
    cause: str = ""
    whys: tuple[str, ...] = ()
    prevention: str = ""
    # What the customer said at the end, outcome and words.
    last: tuple[tuple[str, str], ...] = ()
    handled_by: str = ""
    # Working days between the steps.
    pace: int = 2
    # What the customer wrote when it came up once more.
    again: str = ""
