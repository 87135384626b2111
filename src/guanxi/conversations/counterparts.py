"""What a counterpart is called: a name is a name, never their address, which not every reader may see."""

import re

# An address somewhere in a name: the programs of many senders put it in the place of one.
_EMAIL = re.compile(r"[^\s@<>()\[\]\"'，,;；]+@[^\s@<>()\[\]\"'，,;；]+")
_NUMBER = re.compile(r"\+?[\d\s\-./()]{7,}")
_AROUND = " <>()[]\"'，,;；:：-·|"


def name_alone(name: str) -> str:
    """A name without the addresses in it, '' where nothing else is left."""
    left = _EMAIL.sub(" ", name) if "@" in name else name
    if left != name:  # what stood about the address goes with it; a name's own brackets stay
        left = " ".join(left.split()).strip(_AROUND)
    name = " ".join(left.split())
    is_name = any(letter.isalpha() for letter in name) or (name and not _NUMBER.fullmatch(name))
    return name if is_name else ""


def is_address(name: str) -> bool:
    """Whether a name is an address or a number and nothing else."""
    return bool(name.strip()) and not name_alone(name)
