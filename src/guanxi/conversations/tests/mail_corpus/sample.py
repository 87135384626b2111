"""One sample, and writing mails by hand: nothing of the standard library's, so that wrong forms can be written too."""

import base64
import quopri
from collections.abc import Sequence
from dataclasses import dataclass
from email.utils import formatdate

OURS = "support@example.com"
OUR_NAME = "Example Support"
BEGIN = 1_714_960_000


@dataclass(frozen=True)
class Sample:
    """A raw mail and what it must be read as."""

    name: str
    raw: bytes
    kind: str = "normal"
    new_text: str | None = None
    # Mails of one thread have the same label; '' where it does not matter.
    thread: str = ""
    subject: str | None = None
    from_name: str | None = None
    from_address: str | None = None
    # Name, bytes and type of each file.
    attachments: Sequence[tuple[str, int, str]] | None = None
    is_ours: bool = False
    # Not a part of the text that may stay.
    not_in_new: str = ""


def word(text: str, charset: str = "utf-8", encoding: str = "B") -> str:
    """An encoded word."""
    data = text.encode(charset)
    if encoding == "B":
        return f"=?{charset}?B?{base64.b64encode(data).decode()}?="
    quoted = "".join(f"={byte:02X}" if byte > 126 or byte < 33 or byte in b"=?_" else chr(byte) for byte in data)
    return f"=?{charset}?Q?{quoted}?="


def header(text: str, charset: str = "utf-8", encoding: str = "B") -> str:
    """A header value: encoded where it must be."""
    return text if text.isascii() else word(text, charset, encoding)


def mailbox(name: str, address: str, charset: str = "utf-8") -> str:
    """A name and an address."""
    return f"{header(name, charset)} <{address}>" if name else address


def date(step: int) -> str:
    """The moment of the n-th mail: ten minutes apart."""
    return formatdate(BEGIN + 600 * step)


def coded(text: str, charset: str = "utf-8", encoding: str = "base64") -> bytes:
    """A body in its transfer encoding."""
    data = text.replace("\n", "\r\n").encode(charset, errors="xmlcharrefreplace")
    if encoding == "base64":
        return base64.encodebytes(data).replace(b"\n", b"\r\n")
    if encoding == "quoted-printable":
        return quopri.encodestring(data.replace(b"\r\n", b"\n")).replace(b"\n", b"\r\n")
    return data + b"\r\n"


def part(content: bytes, *headers: str) -> bytes:
    """One part with its header."""
    return "".join(f"{line}\r\n" for line in headers).encode() + b"\r\n" + content


def text_part(
    text: str, subtype: str = "plain", charset: str = "utf-8", encoding: str = "base64", more: str = ""
) -> bytes:
    """A part of text."""
    return part(
        coded(text, charset, encoding),
        f'Content-Type: text/{subtype}; charset="{charset}"{more}',
        f"Content-Transfer-Encoding: {encoding}",
    )


def file_part(
    content: bytes,
    claimed: str = "application/octet-stream",
    named: str = "",
    disposition: str = "attachment",
    cid: str = "",
) -> bytes:
    """A file; `named` is the rest of the disposition as it is to stand there."""
    lines = [
        f"Content-Type: {claimed}",
        f"Content-Disposition: {disposition}{named}",
        "Content-Transfer-Encoding: base64",
    ]
    if cid:
        lines.append(f"Content-ID: <{cid}>")
    return part(base64.encodebytes(content).replace(b"\n", b"\r\n"), *lines)


def multipart(subtype: str, *parts: bytes, boundary: str = "=_b1", more: str = "") -> bytes:
    """A container; it begins with its own header."""
    head = f'Content-Type: multipart/{subtype};\r\n\tboundary="{boundary}"{more}\r\n\r\n'.encode()
    inner = b"".join(f"--{boundary}\r\n".encode() + each + b"\r\n" for each in parts)
    return head + inner + f"--{boundary}--\r\n".encode()


def mail(
    body: bytes,
    *,
    sender: str,
    to: str = f"{OUR_NAME} <{OURS}>",
    subject: str = "",
    step: int = 0,
    message_id: str = "",
    in_reply_to: str = "",
    references: Sequence[str] = (),
    more: Sequence[str] = (),
) -> bytes:
    """A whole mail; the body begins with the last header lines, those of its content."""
    lines = [f"From: {sender}", f"To: {to}", f"Date: {date(step)}"]
    if subject:
        lines.append(f"Subject: {subject}")
    if message_id:
        lines.append(f"Message-ID: <{message_id}>")
    if in_reply_to:
        lines.append(f"In-Reply-To: <{in_reply_to}>")
    if references:
        lines.append("References: " + "\r\n ".join(f"<{each}>" for each in references))
    lines += [*more, "MIME-Version: 1.0"]
    return "\r\n".join(lines).encode() + b"\r\n" + body
