"""Other words for personal data: the same for the same value, of the same form, and no way back without the key."""

import hashlib
import hmac
import json
import re
import secrets
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any

SURNAMES = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗"
GIVEN = "安宁和平乐明清远山川云风雨林木石文思敏慧佳雅欣怡然晨曦子涵若水一心"
FIRST = ("Alex", "Robin", "Sam", "Kim", "Chris", "Jo", "Lee", "Pat", "Max", "Toni", "Sascha", "Nico", "Mika", "Luca")
LAST = (
    "Ashford", "Birch", "Calder", "Dale", "Elm", "Field", "Grove", "Heath", "Ives", "Juniper", "Kestrel", "Lowell",
    "Marsh", "North", "Oakley", "Pine", "Quarry", "Ridge", "Stone", "Thorn", "Vale", "West", "Yarrow",
)  # fmt: skip
TAIL = 8
_CJK = re.compile(r"[\u3400-\u9fff]")
_WORD = re.compile(r"\w", re.UNICODE)


class Pseudonyms:
    """Writes pseudonyms under one key; without a key of its own a random one, which is forgotten."""

    def __init__(self, key: bytes | None = None) -> None:
        """Keep the key."""
        self._key = key or secrets.token_bytes(32)

    def _stream(self, form: str, text: str) -> Iterator[int]:
        """Numbers from 0 to 255 that follow from the key and the text."""
        counter = 0
        while True:
            message = f"{form}\x1f{counter}\x1f{text}".encode()
            yield from hmac.new(self._key, message, hashlib.sha256).digest()
            counter += 1

    def write(self, form: str, value: Any) -> Any:
        """A value in another's words; nothing stays nothing."""
        if value in (None, "", {}, []) or form == "same":
            return value
        if form == "empty":
            return type(value)() if isinstance(value, str | list | dict) else None
        if form == "json":
            return self.document(value)
        if form == "date":
            return self.day(value)
        if not isinstance(value, str):
            return self.document(value)
        write = {
            "name": self.name,
            "organisation": self.organisation,
            "phone": self.phone,
            "email": self.email,
            "number": self.number,
        }.get(form, self.text)
        return write(value)

    def name(self, text: str) -> str:
        """A person's name: Chinese for Chinese, of as many characters; else a first and a last name."""
        stream = self._stream("name", " ".join(text.split()).casefold())
        if _CJK.search(text):
            given = max(1, min(len(text.strip()) - 1, 3))
            return SURNAMES[next(stream) % len(SURNAMES)] + "".join(
                GIVEN[next(stream) % len(GIVEN)] for _count in range(given)
            )
        return f"{FIRST[next(stream) % len(FIRST)]} {LAST[next(stream) % len(LAST)]}"

    def organisation(self, text: str) -> str:
        """An organisation's name."""
        stream = self._stream("organisation", " ".join(text.split()).casefold())
        mark = f"{next(stream):02X}{next(stream):02X}{next(stream):02X}"
        return f"样本{mark}有限公司" if _CJK.search(text) else f"Sample {mark} Ltd"

    def phone(self, text: str) -> str:
        """A telephone number: its beginning stays, its last digits are others, the same however it is written."""
        base, mark, extension = text.partition(";ext=")
        digits = [character for character in base if character.isdigit()]
        count = min(TAIL, max(len(digits) - 3, 1))
        tail = "".join(digits)[-count:] if digits else ""
        stream = self._stream("phone", "".join(digits)[-TAIL:])
        fresh = [str(next(stream) % 10) for _digit in tail]
        written, left = [], len(digits) - count
        for character in base:
            if character.isdigit():
                left -= 1
                written.append(fresh.pop(0) if left < 0 and fresh else character)
            else:
                written.append(character)
        return "".join(written) + (mark + self.number(extension) if mark else "")

    def email(self, text: str) -> str:
        """A mail address that reaches nobody."""
        stream = self._stream("email", text.strip().casefold())
        return "m" + "".join(f"{next(stream):02x}" for _byte in range(6)) + "@example.com"

    def number(self, text: str) -> str:
        """A number or id: digits for digits, letters for letters."""
        stream = self._stream("number", text)
        written = []
        for character in text:
            if character.isdigit():
                written.append(str(next(stream) % 10))
            elif character.isascii() and character.isalpha():
                letter = chr(ord("a") + next(stream) % 26)
                written.append(letter.upper() if character.isupper() else letter)
            else:
                written.append("某" if _CJK.match(character) else character)
        return "".join(written)

    def text(self, text: str) -> str:
        """Free text: as long, with the same spaces and marks, saying nothing."""
        return "".join("0" if c.isdigit() else "某" if _CJK.match(c) else "x" if _WORD.match(c) else c for c in text)

    def day(self, value: Any) -> Any:
        """A day: the year stays, the day of the year is another."""
        if isinstance(value, str):
            try:
                return self.day(date.fromisoformat(value[:10])).isoformat()
            except ValueError:
                return None
        if isinstance(value, datetime) or not isinstance(value, date):
            return value
        stream = self._stream("date", value.isoformat())
        return date(value.year, 1, 1) + timedelta(days=(next(stream) * 256 + next(stream)) % 365)

    def document(self, value: Any) -> Any:
        """A JSON value: keys, numbers and truths stay, texts say nothing; written as text when it came as text."""
        if isinstance(value, str):
            try:
                read = json.loads(value)
            except ValueError:
                return self.text(value)
            return json.dumps(self._inside(read), ensure_ascii=False)
        return self._inside(value)

    def _inside(self, value: Any) -> Any:
        """One part of a document."""
        if isinstance(value, dict):
            return {key: self._inside(inner) for key, inner in value.items()}
        if isinstance(value, list):
            return [self._inside(inner) for inner in value]
        return self.text(value) if isinstance(value, str) else value
