"""What a person newly wrote, apart from the mails that their program quoted below or between it."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from guanxi.conversations.adapters.email.reading.quoting_words import (
    BEGUN,
    BROKEN_AT,
    BY_PROGRAM,
    ENDING,
    FORWARDS,
    GOES_ON,
    GROUPWISE,
    HEAD_BARE,
    HEAD_FROM,
    HEAD_ON_ONE_LINE,
    HEAD_OTHER,
    HEAD_SENT,
    HEAD_SUBJECT,
    HEAD_TO,
    INTRODUCTIONS,
    LABEL,
    LABEL_ALONE,
    LEFT_SPACE,
    MOMENT,
    MOMENT_ALONE,
    NAME_WROTE,
    NAMED,
    QUOTED,
    QUOTED_BELOW,
    REPLY_LINE,
    RULE,
    SENT_SURELY,
    SEPARATORS,
    WITHIN_LINE,
)

LINES_LOOKED_AT = 20_000
LINES_OF_INTRODUCTION = 4
TRIED_AT_MOST = 5_000
# A line as long as this is nobody's greeting; a Chinese character says as much as three letters.
PROVING_BYTES = 24
LETTERS_COMPARED = 5_000
NO_LETTER = re.compile(r"[\W_]+")


@dataclass(frozen=True)
class Written:
    """A text in two: what is new, and what was quoted. What a forward passes on is new: it is what it is about."""

    new: str
    quoted: str
    is_forward: bool = False


class Lines(list[str]):
    """The lines of a text, with what was found out about them already, so that no text takes long."""

    def __init__(self, lines: list[str]) -> None:
        """Note which lines end as an introduction does."""
        super().__init__(lines)
        self.introductions: dict[int, int] = {}
        self.tried = 0
        # The next line from each one on that ends so.
        self.ending = [len(lines)] * (len(lines) + 1)
        for index in range(len(lines) - 1, -1, -1):
            self.ending[index] = index if ENDING.search(lines[index][-40:].rstrip()) else self.ending[index + 1]


def separate(text: str, *, is_answer: bool = True, is_forward: bool = False) -> Written:
    """Tell what a person newly wrote from what was quoted.

    Parameters
    ----------
    text
        The whole text, with plain line ends.
    is_answer
        Whether the mail answers another one. In one that does not, a mark of quotation that nothing introduces is the
        person's own, and there is always something new.
    is_forward
        Whether the subject says that the mail passes another one on.
    """
    lines = Lines(_broken_up(text.split("\n")))
    end, says_forward = _history(lines)
    if says_forward or (is_forward and end < len(lines)):
        return Written(new=_tidy(lines), quoted="", is_forward=True)
    new, quoted = _without_quoted_lines(lines, end, is_answer=is_answer)
    quoted_text = "\n".join([*quoted, *lines[end:]]).strip("\n")
    found = _tidy(new)
    if not found and (is_forward or not is_answer):
        return Written(new=_tidy(lines), quoted="", is_forward=is_forward)
    return Written(new=found, quoted=quoted_text)


def repeats(text: str, said: Iterable[str]) -> bool:
    """Whether a text holds a line of what was said before, however it is quoted; words that anybody writes prove nothing."""
    whole = NO_LETTER.sub("", text.lower())
    lines = (NO_LETTER.sub("", line.lower()) for each in said for line in each[:LETTERS_COMPARED].split("\n"))
    return any(line in whole for line in lines if len(line.encode()) >= PROVING_BYTES)


def _broken_up(lines: list[str]) -> list[str]:
    """The lines, with an introduction that stands behind the person's words on a line of its own."""
    done: list[str] = []
    for number, line in enumerate(map(_without_left_spaces, lines)):
        match = WITHIN_LINE.fullmatch(line.rstrip()) if len(line) < 600 and line.rstrip()[-1:] in {":", "："} else None
        if match and number < LINES_LOOKED_AT and _is_followed_by_marks(lines, number + 1):
            done += [match["own"], match["introduction"]]
        else:
            done.append(line)
    return done


def _without_left_spaces(line: str) -> str:
    """The line of a program that left the spaces of its HTML in the text; a person's line about such a space stays."""
    if LEFT_SPACE not in line or len(line) > 1000:
        return line
    bare = line.replace(LEFT_SPACE, " ")
    is_program = not bare.strip() or SEPARATORS.fullmatch(bare.strip()) or HEAD_OTHER.fullmatch(bare)
    return bare if is_program or HEAD_FROM.fullmatch(bare) else line


def _history(lines: Lines) -> tuple[int, bool]:
    """The line from which on there is nothing but history, and whether it is a forwarded mail."""
    for index, line in enumerate(lines[:LINES_LOOKED_AT]):
        if GROUPWISE.fullmatch(line[:200]):
            return index, False
        if not line.strip() or QUOTED.match(line):
            continue
        if len(line) <= 200 and (SEPARATORS.fullmatch(line.strip()) or _is_label(lines, index)):
            return index, bool(FORWARDS.search(line))
        if len(line) <= 200 and REPLY_LINE.fullmatch(line):
            return index, False
        if MOMENT_ALONE.fullmatch(line[:60]) and _is_notes_head(lines, index):
            return index - bool(index and lines[index - 1].strip()), False
        if _is_head(lines, index):
            return _above_rule(lines, index), False
        length = _introduction(lines, index)
        if length and not _is_followed_by_marks(lines, index + length) and _is_of_program(lines, index, length):
            return index, False
    return len(lines), False


def _is_of_program(lines: Lines, index: int, length: int) -> bool:
    """Whether an introduction of lines without marks is a program's, not the first words of what a person tells."""
    is_first = not any(line.strip() for line in lines[:index])
    return not is_first or any(map(BY_PROGRAM.search, lines[index : index + length]))


def _is_label(lines: Lines, index: int) -> bool:
    """Whether a label between dashes, in whatever language, stands above the head of an earlier mail."""
    if "---" not in lines[index] or not LABEL.fullmatch(lines[index]):
        return False
    following = [line[:500] for line in lines[index + 1 : index + 5] if line.strip()][:2]
    return any(HEAD_FROM.fullmatch(line) or HEAD_SENT.fullmatch(line) for line in following)


def _is_head(lines: Lines, index: int) -> bool:
    """Whether the head of an earlier mail begins here: its sender, with what else no form of a person's own has."""
    first = lines[index][:500]
    if ":" not in first and "：" not in first:
        return False
    if not HEAD_FROM.fullmatch(first):
        # Some programs put the date or the subject first.
        if not HEAD_SENT.fullmatch(first) and not HEAD_SUBJECT.fullmatch(first):
            return False
        if not any(HEAD_FROM.fullmatch(line[:500]) for line in lines[index + 1 : index + 4]):
            return bool(HEAD_SENT.fullmatch(first) and MOMENT.search(first)) and _is_addressed(lines, index + 1)
    following = [line[:500] for line in lines[index + 1 : index + 9] if line.strip()][:6]
    others = [line for line in (first, *following) if HEAD_OTHER.fullmatch(line) or HEAD_BARE.fullmatch(line)]
    head = [first, *others]
    is_under_rule = _above_rule(lines, index) < index
    if HEAD_ON_ONE_LINE.fullmatch(first) and is_under_rule:
        return True
    has_subject = any(HEAD_SUBJECT.fullmatch(line) for line in head)
    is_named = any(NAMED.search(line) for line in [first, *following[:3]])
    has_moment = any(HEAD_SENT.fullmatch(line) for line in head)
    if len(others) >= 2:
        is_sent = any(SENT_SURELY.fullmatch(line) for line in head)
        return (has_subject and (has_moment or is_named)) or (has_moment and is_named) or is_sent
    return len(others) == 1 and is_named and (is_under_rule or any(map(MOMENT.search, others)))


def _is_notes_head(lines: list[str], index: int) -> bool:
    """Whether a moment alone stands within the head of an earlier mail: to whom, then about what."""
    following = [line[:500] for line in lines[index + 1 : index + 9] if line.strip()][:4]
    is_to = bool(following) and bool(HEAD_TO.fullmatch(following[0]))
    return is_to and any(HEAD_SUBJECT.fullmatch(line) for line in following[1:])


def _is_addressed(lines: list[str], index: int) -> bool:
    """Whether the next line is one of a head with an address."""
    line = lines[index][:500] if index < len(lines) else ""
    return bool(HEAD_OTHER.fullmatch(line) and NAMED.search(line))


def _above_rule(lines: list[str], index: int) -> int:
    """The rule and the label that stand above the head belong to it."""
    found = index
    for _number in range(2):
        before = found - 1
        while before >= 0 and not lines[before].strip():
            before -= 1
        if before < 0 or not (RULE.fullmatch(lines[before][:300]) or LABEL_ALONE.fullmatch(lines[before][:100])):
            break
        found = before
    return found


def _introduction(lines: Lines, index: int) -> int:
    """How many lines introduce a quotation here; none for an ordinary line."""
    # Most lines are told from an introduction by their last letter.
    if lines.ending[index] >= index + 2 * LINES_OF_INTRODUCTION:
        return 0
    if index not in lines.introductions:
        lines.introductions[index] = _introduction_found(lines, index)
    return lines.introductions[index]


def _introduction_found(lines: Lines, index: int) -> int:
    """The same, looked for."""
    joined, taken = "", 0
    for at in range(index, min(len(lines), index + 2 * LINES_OF_INTRODUCTION)):
        line = lines[at].strip()
        if not line:
            # An address in angle brackets may stand apart.
            if not taken or not re.search(r"\d", joined) or at + 1 >= len(lines) or lines[at + 1].strip()[:1] != "<":
                return 0
            continue
        taken += 1
        joined = f"{joined} {line}".strip()
        if taken > LINES_OF_INTRODUCTION or len(joined) > 700 or lines.tried > TRIED_AT_MOST:
            return 0
        if lines.ending[at] == at and _is_introduction(lines, joined):
            count = at - index + 1
            first = lines[index].strip()
            is_begun = count == 1 or bool(BEGUN.match(first) and re.search(r"[\d<@]", first))
            # A line before one that is an introduction by itself belongs to the person's words.
            later = [each for each in range(index + 1, index + count) if not _goes_on(lines, each)]
            return count if is_begun or not any(_introduction(lines, each) for each in later) else 0
    return 0


def _goes_on(lines: Lines, index: int) -> bool:
    """Whether a program broke the line before because this one would not have fitted."""
    match, before = GOES_ON.match(lines[index]), lines[index - 1].strip()
    if match is None:
        return False
    return len(before) + len(match[0]) >= BROKEN_AT if "@" in match[0] else "@" in before


def _is_introduction(lines: Lines, joined: str) -> bool:
    """Whether a joined line introduces a quotation."""
    lines.tried += 1
    return any(pattern.fullmatch(joined) for pattern in INTRODUCTIONS)


def _is_followed_by_marks(lines: list[str], at: int) -> bool:
    """Whether the quotation that begins here is one by marks, so that what is new may stand below it."""
    following = next((line for line in lines[at : at + 4] if line.strip()), "")
    return bool(QUOTED.match(following) or QUOTED_BELOW.match(following))


def _without_quoted_lines(lines: Lines, end: int, *, is_answer: bool) -> tuple[list[str], list[str]]:
    """The lines that are not marked as quoted, without what introduces those that are."""
    new: list[str] = []
    quoted: list[str] = []
    at, is_below = 0, False
    while at < end:
        line = lines[at]
        if (QUOTED.match(line) and (is_answer or is_below)) or (is_below and QUOTED_BELOW.match(line)):
            quoted.append(line)
            at += 1
            continue
        length = _introduction(lines, at) if line.strip() and at < LINES_LOOKED_AT else 0
        length = length or int(is_answer and bool(NAME_WROTE.fullmatch(line.strip()[:150])))
        if length and _is_followed_by_marks(lines, at + length):
            quoted.extend(lines[at : at + length])
            at, is_below = at + length, True
            continue
        new.append(line)
        at += 1
    return new, quoted


def _tidy(lines: list[str]) -> str:
    """The lines without empty ones around them and more than one between them."""
    kept: list[str] = []
    for line in lines:
        if line.strip() or (kept and kept[-1].strip()):
            kept.append(line.rstrip())
    while kept and (not kept[-1].strip() or RULE.fullmatch(kept[-1][:200])):
        kept.pop()
    return "\n".join(kept).strip("\n")
