"""What a file is, told by its first bytes."""

import codecs
import re
from os import SEEK_END
from typing import IO

SNIFFED_BYTES = 8192
UNKNOWN = "application/octet-stream"
OFFICE = "application/vnd.openxmlformats-officedocument."
SPREADSHEET = f"{OFFICE}spreadsheetml.sheet"
SIGNATURES = (
    (b"%PDF-", "application/pdf"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"GIF8", "image/gif"),
    (b"PAR1", "application/vnd.apache.parquet"),
    (b"\x1f\x8b", "application/gzip"),
    (b"BZh", "application/x-bzip2"),
    (b"\xfd7zXZ\x00", "application/x-xz"),
    (b"7z\xbc\xaf\x27\x1c", "application/x-7z-compressed"),
    (b"Rar!\x1a\x07", "application/vnd.rar"),
    (b"MZ", "application/x-msdownload"),
    (b"\x7fELF", "application/x-executable"),
    (b"\x78\x9f\x3e\x22", "application/ms-tnef"),
    (b"{\\rtf", "application/rtf"),
    (b"II*\x00", "image/tiff"),
    (b"MM\x00*", "image/tiff"),
    (b"\x00\x00\x01\x00", "image/vnd.microsoft.icon"),
    (b"OggS", "audio/ogg"),
    (b"fLaC", "audio/flac"),
    (b"ID3", "audio/mpeg"),
    (b"#!AMR", "audio/amr"),
    (b"\x1a\x45\xdf\xa3", "video/webm"),
    (b"%!PS", "application/postscript"),
)
OLD_HEADER_BYTES = 512
ZIP_DIRECTORY_BYTES = 65_536
OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
# In the old form the kind is told by the name of a stream, which stands in UTF-16 in the directory.
OLD_KINDS = (
    ("WordDocument", "application/msword"),
    ("PowerPoint Document", "application/vnd.ms-powerpoint"),
    ("__substg1.0_", "application/vnd.ms-outlook"),
    ("Workbook", "application/vnd.ms-excel"),
    ("Book", "application/vnd.ms-excel"),
)
ZIPPED = (
    (b"word/", f"{OFFICE}wordprocessingml.document"),
    (b"ppt/", f"{OFFICE}presentationml.presentation"),
    (b"xl/", SPREADSHEET),
)
CONTENT_TYPES = b"[Content_Types].xml"
OPEN_DOCUMENT = re.compile(rb"mimetype(application/(?:vnd\.oasis\.opendocument\.[a-z]{4,20}|epub\+zip))")
CONTAINERS = {b"WEBP": "image/webp", b"WAVE": "audio/wav", b"AVI ": "video/x-msvideo"}
BRANDS = {
    b"heic": "image/heic",
    b"heix": "image/heic",
    b"mif1": "image/heic",
    b"avif": "image/avif",
    b"M4A ": "audio/mp4",
    b"qt  ": "video/quicktime",
}
MARKUP = re.compile(
    r"\s*(?:<\?xml[^>]{0,200}>\s*)?(?:<!--[^>]{0,500}-->\s*)*"
    r"<(!doctype html|html|head|body|script|svg|iframe|meta|table|div|p|h1|a|img|form|style)\b",
    re.IGNORECASE,
)
HEADER = re.compile(r"(?:Return-Path|Received|From|Message-ID|MIME-Version|Date|Subject|To):[ \t]*\S", re.IGNORECASE)


def media_type_of(content: IO[bytes]) -> str:
    """Return the media type of a whole file; of one of Office by its directory, which lies at its end or anywhere."""
    head = content.read(SNIFFED_BYTES)
    if head.startswith(OLD_OFFICE) and len(head) >= OLD_HEADER_BYTES:
        shift, sector = int.from_bytes(head[30:32], "little"), int.from_bytes(head[48:52], "little")
        if shift in {9, 12}:
            content.seek((sector + 1) << shift)
            return media_type(head + content.read(SNIFFED_BYTES))
    if head.startswith(b"PK\x03\x04") and len(head) == SNIFFED_BYTES:
        size = content.seek(0, SEEK_END)
        content.seek(max(SNIFFED_BYTES, size - ZIP_DIRECTORY_BYTES))
        return media_type(head + content.read())
    return media_type(head)


def media_type(head: bytes) -> str:
    """Return the media type of a file that begins so."""
    for signature, found in SIGNATURES:
        if head.startswith(signature):
            return found
    if head.startswith(b"PK\x03\x04"):
        return _zipped(head)
    if head.startswith(b"RIFF"):
        return CONTAINERS.get(head[8:12], UNKNOWN)
    if head[4:8] == b"ftyp":
        return BRANDS.get(head[8:12], "video/mp4")
    if head.startswith(OLD_OFFICE):
        names = ((name.encode("utf-16-le"), found) for name, found in OLD_KINDS)
        return next((found for name, found in names if name in head), "application/x-ole-storage")
    if head.startswith(b"BM") and head[6:10] == b"\x00\x00\x00\x00":
        return "image/bmp"
    if len(head) > 2 and head[0] == 0xFF and head[1] & 0xE0 == 0xE0 and head[1] & 0x06:
        is_text = head.startswith(codecs.BOM_UTF16_LE)
        return "text/plain" if is_text else "audio/mpeg"
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "text/plain"
    return UNKNOWN if not head or b"\x00" in head else _text(head)


def _zipped(head: bytes) -> str:
    """The kind of a zip archive, by the names of what it begins with; nothing is unpacked."""
    if match := OPEN_DOCUMENT.search(head[:200]):
        return match[1].decode()
    if CONTENT_TYPES not in head:
        return "application/zip"
    return next((found for mark, found in ZIPPED if mark in head), SPREADSHEET)


def _text(head: bytes) -> str:
    """The kind of a text: pages and drawings that a browser would run are never taken for plain text."""
    text = head.decode("utf-8", errors="replace").lstrip("\ufeff")
    if text.lstrip()[:15].upper() == "BEGIN:VCALENDAR":
        return "text/calendar"
    if text.lstrip()[:11].upper() == "BEGIN:VCARD":
        return "text/vcard"
    if match := MARKUP.match(text):
        return "image/svg+xml" if match[1].lower() == "svg" else "text/html"
    if text.lstrip().startswith("<?xml"):
        return "text/xml"
    lines = text.split("\n", 3)
    return "message/rfc822" if len(lines) > 2 and all(map(HEADER.match, lines[:2])) else "text/plain"
