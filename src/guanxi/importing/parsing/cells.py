"""What every kind of cell shares: the error for one that cannot be used."""


class UnusableCell(ValueError):
    """A cell that cannot be used; the message is the reason told to the user."""


class Ambiguous(UnusableCell):
    """A cell that can be read in two ways, and nothing in its column settles which."""


def shown(text: object) -> str:
    """A cell as it may be quoted in a reason: short, on one line, printable."""
    one_line = " ".join(str(text).split())
    plain = "".join(c if c.isprintable() else "·" for c in one_line)
    return plain if len(plain) <= 40 else f"{plain[:39]}…"
