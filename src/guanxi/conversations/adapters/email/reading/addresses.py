"""Addresses of mails: names and groups, commas in names, comments, and what programs made of them."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from guanxi.conversations.adapters.email.reading.charsets import decode, seen
from guanxi.conversations.adapters.email.reading.words import VALUE_AT_MOST, words

ADDRESS = re.compile(r"[^\s<>()\[\],;:\"@，；：（）、。]{1,128}@[^\s<>()\[\],;:\"@，；：（）、。]{1,253}")
COMMENT = re.compile(r"\((?:[^()\\]|\\.){0,200}\)")
# Telephone companies gave addresses with a dot at the end of the name, which stand in quotes.
QUOTED_LOCAL = re.compile(r"\"([^\s\"\\@<>]{1,128})\"@([^\s<>()\[\],;:\"@]{1,253})")
QUOTED_NAME = re.compile(r"\"((?:[^\"\\]|\\.)*)\"")
ADDRESSES_AT_MOST = 500
LENGTH_AT_MOST = 320
# The brackets of Chinese keyboards.
WIDE_BRACKETS = str.maketrans("＜＞", "<>")
NAME_AT_MOST = 100
BEFORE_ADDRESS = re.compile(r"\s*[\[(:]?\s*(?:mailto)?\s*:?\s*$")


@dataclass(frozen=True)
class Address:
    """One person or mailbox that a header names."""

    name: str
    address: str


def addresses(raw: bytes, *, hint: str = "") -> tuple[Address, ...]:
    """The addresses of a header value, at most five hundred."""
    found = []
    for piece in _joined(_split(decode(raw[:VALUE_AT_MOST], "", hint=hint))):
        if (read := _read(piece, hint)) is not None:
            found.append(read)
            if len(found) == ADDRESSES_AT_MOST:
                break
    return tuple(found)


def _joined(pieces: Iterator[str]) -> Iterator[str]:
    """The pieces, with a name that has a comma and no quotes ("Miller, Ann <ann@example.net>") in one."""
    before = ""
    for piece in pieces:
        if before and "<" in piece and "@" not in piece.partition("<")[0]:
            piece = f"{before.strip()}, {piece.strip()}"
        elif before:
            yield before
        before = ""
        if piece.strip() and "@" not in piece and "<" not in piece and len(piece) <= NAME_AT_MOST:
            before = piece
        else:
            yield piece
    if before:
        yield before


def normalised(address: str) -> str:
    """An address as it is compared: small letters, without white space."""
    return address.strip().lower()


def _split(value: str) -> Iterator[str]:
    """Cut at commas and semicolons outside quotes and angle brackets; a group's name is cut off."""
    at, is_quoted, depth, is_angled = 0, False, 0, False
    position = 0
    while position < len(value):
        letter = value[position]
        if letter == "\\":
            position += 2
            continue
        if letter == '"' and depth == 0:
            is_quoted = not is_quoted
        elif not is_quoted:
            if letter == "(":
                depth += 1
            elif letter == ")":
                depth = max(0, depth - 1)
            elif letter == "<" and not depth:
                is_angled = True
            elif letter == ">" and not depth:
                is_angled = False
            elif letter in ",;" and not depth and not is_angled:
                yield value[at:position]
                at = position + 1
            elif letter == ":" and not depth and not is_angled and "@" not in value[at:position]:
                at = position + 1
        position += 1
    yield value[at:]


def _read(piece: str, hint: str) -> Address | None:
    """One name and address; None when it names nobody."""
    piece = piece.strip()
    if "<" not in piece:
        piece = piece.translate(WIDE_BRACKETS)
    opening = piece.rfind("<")
    if opening >= 0:
        inside = COMMENT.sub("", piece[opening + 1 :].split(">")[0])
        name = piece[:opening]
        if quoted := QUOTED_LOCAL.fullmatch(inside.strip()):
            return Address(name=_name(name, inside, hint), address=f"{quoted[1]}@{quoted[2]}"[:LENGTH_AT_MOST])
        match = ADDRESS.search(inside) or ADDRESS.search(piece)
    else:
        match = ADDRESS.search(piece)
        # "person@example.com (Person)": the old way to write a name; "Person [mailto:person@example.com]".
        before = BEFORE_ADDRESS.sub("", piece[: match.start()]) if match else ""
        name = before or (piece[match.end() :] if match else "")
    if match is None:
        # "Mail Delivery Subsystem <MAILER-DAEMON>" has a name at least.
        return Address(name=_name(name, "", hint), address="") if opening > 0 else None
    return Address(name=_name(name, match[0], hint), address=match[0].strip(".'")[:LENGTH_AT_MOST])


def _name(raw: str, address: str, hint: str) -> str:
    """A name without quotes and brackets; empty when it only repeats the address."""
    name = raw.strip()
    if whole := QUOTED_NAME.fullmatch(name):
        name = re.sub(r"\\(.)", r"\1", whole[1])
    elif name.count('"') >= 2 and "\\" not in name:
        name = name.replace('"', "")
    elif name.startswith("(") and name.endswith(")"):
        name = name[1:-1]
    name = seen(words(name, hint=hint)).strip(" \"'<>")
    return "" if name.lower() == address.lower() else name[:200]
