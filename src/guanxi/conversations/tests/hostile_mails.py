"""Hostile and unlucky mails by name, each with a part of what `guanxi import mail` must answer."""

import base64
import zipfile
from io import BytesIO
from typing import Any

from guanxi.conversations.tests.mail_corpus.sample import file_part, mail, multipart, text_part
from guanxi.conversations.tests.test_mail_hostile import beside, forwarded, nested

PERSON, US = "kim@example.net", "support@example.com"
Answer = dict[str, Any]


def _coded(text: str) -> str:
    """An encoded word."""
    return f"=?utf-8?B?{base64.b64encode(text.encode()).decode()}?="


def _mail(name: str, body: bytes | None = None, **given: Any) -> bytes:
    """A mail under its name."""
    given = {"sender": f"Kim <{PERSON}>", "to": US, "subject": name, "message_id": f"{name}@x", **given}
    return mail(body if body is not None else text_part(f"hello {name}"), **given)


def _bomb() -> bytes:
    """An archive of kilobytes that holds a gigabyte."""
    held, zeros = BytesIO(), bytes(10_000_000)
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for number in range(5):
            archive.writestr(f"{number}", zeros)
    return held.getvalue()


def _with_file(name: str, content: bytes, claimed: str, named: str) -> bytes:
    """A mail with one file."""
    return _mail(name, multipart("mixed", text_part("see"), file_part(content, claimed, named)))


def _file(name: str, size: int, kind: str) -> Answer:
    """The answer for one file."""
    return {"attachments": [{"name": name, "bytes": size, "type": kind}]}


def _dated(name: str, date: str) -> bytes:
    """A mail with this date."""
    lines = _mail(name).split(b"\r\n")
    return b"\r\n".join(f"Date: {date}".encode() if line.startswith(b"Date: ") else line for line in lines)


def hostile_mails() -> dict[str, tuple[bytes, Answer]]:
    """All of them, in the order in which they are taken in; `after` shows that the others did no harm."""
    big, bomb = bytes(range(256)) * (60 * 4096 * 3 // 4), _bomb()
    head = f"From: {PERSON}\r\n".encode()
    deep = b"".join(
        f"From: a@b.example\r\nSubject: {n}\r\nContent-Type: multipart/mixed; boundary=b{n}\r\n\r\n--b{n}\r\n"
        "Content-Type: message/rfc822\r\n\r\n".encode()
        for n in range(100)
    )
    return {
        "sixty-megabytes": (_with_file("sixty-megabytes", big, "", "; filename=big.bin"), {"new_text": "see", **_file("big.bin", len(big), "application/octet-stream")}),
        "endless-text": (_mail("endless-text", text_part("a line of text\n" * 2_000_000)), _file("file.txt", 32_000_000, "text/plain")),
        "nested": (nested(5000), {"new_text": "in the depth"}),
        "beside": (beside(5000), {"class": "normal"}),
        "bomb": (_with_file("bomb", bomb, "application/zip", "; filename=42.zip"), _file("42.zip", len(bomb), "application/zip")),
        "lying": (_with_file("lying", b"MZ\x90\x00program", "image/png", "; filename=cat.png"), _file("cat.png", 11, "application/x-msdownload")),
        "reply-to-us": (_mail("reply-to-us", more=[f"Reply-To: {US}"]), {"from_address": PERSON}),
        "id-one": (_mail("id", text_part("one")), {"new_text": "one"}),
        "id-two": (_mail("id", text_part("two")), {"new_text": "two"}),
        "script": (_with_file("<script>alert(1)</script>", b"x", "text/html", '; filename="<img src=x onerror=alert(1)>.txt"'), {"subject": "<script>alert(1)</script>"}),
        "path": (_with_file("path", b"root", "text/plain", '; filename="../../etc/passwd"'), _file("passwd", 4, "text/plain")),
        "turned": (_mail("turned", sender=f"{_coded('Bank' + chr(0x202E) + 'moc' + chr(0x200B))} <{PERSON}>"), {"from_name": "Bankmoc"}),
        "unseen": (_mail("unseen", sender=f"{_coded(chr(0x200B))} <unseen@example.net>"), {"from_name": ""}),
        "no-address": (_mail("no-address", sender="Odd <a..b@c>"), {"from_address": "a..b@c"}),
        "no-sender": (b"Subject: no-sender\r\n\r\nhello\r\n", {"subject": "no-sender", "from_address": ""}),
        "nothing": (b"\r\n\r\nhello\r\n", {"new_text": "hello"}),
        "nul": (b"From: k\x00im@example.net\r\nSubject: a\x00b\r\n\r\nhel\x00lo\r\n", {"subject": "ab", "new_text": "hello"}),
        "halves": (head + b"Subject: =?utf-16?B?2AA=?= x\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n\xed\xa0\x80 x\r\n", {}),
        "one-megabyte-of-header": (head + b"X: " + b"a" * 1_100_000 + b"\r\nSubject: late\r\n\r\nhello\r\n", {"new_text": "hello"}),
        "recipients": (_mail("recipients", to=", ".join(f"p{n}@example.org" for n in range(10_000))), {"class": "normal"}),
        **{f"date-{n}": (_dated(f"date-{n}", date), {"subject": f"date-{n}"}) for n, date in enumerate(("Thu, 1 Jan 1970 00:00:00 +0000", "Fri, 31 Dec 9999 23:59:59 +0000", "Mon, 99 Foo 2024 99:99 -99999999"))},
        "mails-in-mails": (deep + b"Subject: innermost\r\n\r\nhello\r\n", {"subject": "0"}),
        "forwarded": (forwarded(100), {"class": "normal"}),
        "winmail": (_with_file("winmail", b"\x78\x9f\x3e\x22" + bytes(99), "application/ms-tnef", "; filename=winmail.dat"), _file("winmail.dat", 103, "application/ms-tnef")),
        "uuencoded": (head + b"Subject: uu\r\nContent-Transfer-Encoding: x-uuencode\r\nContent-Disposition: attachment; filename=cat.txt\r\n\r\nbegin 644 cat.txt\r\n#0V%T\r\n`\r\nend\r\n", _file("cat.txt", 3, "text/plain")),
        "unknown-charset": (head + b"Subject: =?unknown-8bit?Q?=D6=D0=CE=C4?=\r\nContent-Type: text/plain; charset=unknown-8bit\r\n\r\n\xd6\xd0\xce\xc4\xbc\xec\xb2\xe9\r\n", {"subject": "中文", "new_text": "中文检查"}),
        "broken-base64": (head + b"Subject: broken\r\nContent-Transfer-Encoding: base64\r\n\r\naGVsbG8*%%%gd29ybGQ\r\n!\r\n", {"new_text": "hello world"}),
        "noise": (bytes(range(256)) * 4000, {}),
        "after": (_mail("after"), {"new_text": "hello after", "from_address": PERSON}),
    }  # fmt: skip
