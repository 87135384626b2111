"""Numbers and amounts as written around the world: 1,234.56  1.234,56  ¥1,234.50  (12.00)  -£3  １２３."""

import re
import unicodedata
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from guanxi.core.sentences import gettext as _
from guanxi.importing.parsing.cells import Ambiguous, UnusableCell, shown

NOTHING = frozenset({"", "null", "none", "nan", "n/a", "na", "#n/a", "\\n"})
_PLAIN = re.compile(r"-?\d{1,18}(?:\.(?:\d{1,2}|\d{4,12}))?\Z", re.ASCII)
_SCIENTIFIC = re.compile(r"\d+(?:\.\d+)?[eE][+-]?\d{1,3}\Z", re.ASCII)
_MONEY_SIGNS = re.compile(
    r"[¥￥$£€₹₽₩₫₺₴฿]|元|圆|\b(?:RMB|CNY|USD|EUR|GBP|JPY|HKD|TWD|CHF|AUD|CAD|SGD|KRW|INR|US|HK|CN|NT|A|C|S)(?=[\s$¥\d.,(-]|$)",
    re.IGNORECASE,
)
_CODE_BEHIND = re.compile(r"(?<=[\d)])\s*(?:RMB|CNY|USD|EUR|GBP|JPY|HKD|TWD|CHF|AUD|CAD|SGD|KRW|INR)\Z", re.IGNORECASE)
_MINUS = str.maketrans({"−": "-", "–": "-", "—": "-", "﹣": "-", "－": "-", "（": "(", "）": ")"})
_SPACES = re.compile("[\\s\u00a0\u2009\u202f'’]")
_GROUPS = re.compile(r"\d{1,3}(?:(?:,\d{3})+|(?:,\d{2})+,\d{3})\Z", re.ASCII)
_DIGITS = re.compile(r"\d+(?:\.\d+)?\Z|\.\d+\Z", re.ASCII)
_LARGE_UNITS = {"万": Decimal(10_000), "亿": Decimal(100_000_000)}
LARGEST = Decimal(10) ** 15


@dataclass
class NumberEvidence:
    """Which decimal mark a column is seen to use."""

    point: bool = False
    comma: bool = False
    is_complete: bool = False

    def feed(self, value: Any) -> None:
        """Learn from one cell."""
        if not isinstance(value, str) or ("," not in value and "." not in value):
            return
        body = _SPACES.sub("", _bare(value)[0])
        mark = decimal_mark(body)
        self.point |= mark == "."
        self.comma |= mark == ","


def decimal_mark(body: str) -> str:
    """The decimal mark that digits with separators show beyond doubt; '?' when in doubt, '' when there is none."""
    last_point, last_comma = body.rfind("."), body.rfind(",")
    if last_point < 0 and last_comma < 0:
        return ""
    if last_point >= 0 and last_comma >= 0:
        return "." if last_point > last_comma else ","
    mark = "." if last_point >= 0 else ","
    if body.count(mark) > 1:
        return "," if mark == "." else "."
    before, after = body.split(mark)
    if len(after) == 3 and 1 <= len(before) <= 3 and not before.startswith("0"):
        return "?"
    return mark


def number(value: Any, evidence: NumberEvidence) -> Decimal | None:
    """A cell as a number; None when there is nothing."""
    if isinstance(value, str):
        if _PLAIN.match(value) and not evidence.comma:
            return Decimal(value)
        return _from_text(value, evidence)
    if isinstance(value, bool):
        raise UnusableCell(_("“%(text)s” is not a number") % {"text": value})
    if isinstance(value, int):
        return Decimal(value)
    if isinstance(value, float):
        if value != value:
            return None
        return _checked(Decimal(repr(value)), value)
    if isinstance(value, Decimal):
        return _checked(value, value)
    raise UnusableCell(_("“%(text)s” is not a number") % {"text": shown(value)})


def _from_text(value: str, evidence: NumberEvidence) -> Decimal | None:
    """A number out of text."""
    if value.strip().lower() in NOTHING:
        return None
    body, is_negative, factor = _bare(value)
    body = _SPACES.sub("", body)
    try:
        if _SCIENTIFIC.match(body):
            found = Decimal(body)
        else:
            digits = _settled(body, value, evidence)
            if not _DIGITS.match(digits):
                raise _not_a_number(value)
            found = Decimal(digits)
    except InvalidOperation:
        raise _not_a_number(value) from None
    found = _checked(found * factor, value)
    return -found if is_negative else found


def _bare(value: str) -> tuple[str, bool, Decimal]:
    """Digits and separators, without sign, currency and large unit."""
    text = unicodedata.normalize("NFKC", value).translate(_MINUS).strip()
    text = _CODE_BEHIND.sub("", text)
    text = _MONEY_SIGNS.sub("", text).strip()
    is_negative = False
    if text.startswith("(") and text.endswith(")"):
        is_negative, text = True, text[1:-1].strip()
    if text.endswith("-"):
        is_negative, text = not is_negative, text[:-1].strip()
    if text.startswith("-"):
        is_negative, text = not is_negative, text[1:].strip()
    elif text.startswith("+"):
        text = text[1:].strip()
    if text.startswith("(") and text.endswith(")"):
        is_negative, text = not is_negative, text[1:-1].strip()
    factor = Decimal(1)
    if text and text[-1] in _LARGE_UNITS:
        factor, text = _LARGE_UNITS[text[-1]], text[:-1].strip()
    return text, is_negative, factor


def _settled(body: str, value: str, evidence: NumberEvidence) -> str:
    """The digits with a point for the decimal mark and no grouping."""
    mark = decimal_mark(body)
    if mark == "?":
        if not evidence.is_complete:
            raise Unsure
        written = "." if "." in body else ","
        if evidence.point and evidence.comma:
            raise Ambiguous(
                _("“%(text)s” may be thousands or decimals: the column uses both “.” and “,” as decimal mark")
                % {"text": shown(value)}
            )
        mark = "," if evidence.comma else "."
        if mark == ".":
            return body if written == "." else body.replace(",", "")
        return body.replace(".", "") if written == "." else body.replace(",", ".")
    if mark == "":
        return body
    group = "," if mark == "." else "."
    whole, _mark, fraction = body.partition(mark) if body.count(mark) == 1 else (body, "", "")
    if group in whole:
        if not _GROUPS.match(whole.replace(group, ",")):
            raise _not_a_number(value)
        whole = whole.replace(group, "")
    if group in fraction:
        raise _not_a_number(value)
    return f"{whole or '0'}.{fraction}" if fraction else whole


class Unsure(Exception):
    """The sample does not settle this cell; the whole column must be looked at first."""


def _checked(found: Decimal, value: Any) -> Decimal:
    """Refuse what is no number or beyond all measure."""
    if not found.is_finite():
        raise _not_a_number(value)
    if abs(found) > LARGEST:
        raise UnusableCell(_("“%(text)s” is too large") % {"text": shown(value)})
    return found


def _not_a_number(value: Any) -> UnusableCell:
    """The error for anything else."""
    return UnusableCell(_("“%(text)s” is not a number") % {"text": shown(value)})
