"""The inner form of a backup: entries of a few words (JSON) and, where need be, compressed content."""

import hashlib
import json
import struct
from dataclasses import dataclass
from typing import Any

import pyarrow as pa

from guanxi.core.backup import errors
from guanxi.core.backup.container import Reader, Writer

LARGEST_WORDS = 32 << 20
LARGEST_CONTENT = 1 << 30
_HEAD = struct.Struct(">II")
_LEVEL = 3


@dataclass(frozen=True)
class Entry:
    """One entry: what it is, its words, its content."""

    what: str
    words: dict[str, Any]
    content: bytes = b""


def put(writer: Writer, what: str, words: dict[str, Any], content: bytes | None = None) -> None:
    """Write one entry; the content is compressed and carries its digest."""
    packed = b""
    if content is not None:
        words = words | {"bytes": len(content), "sha256": hashlib.sha256(content).hexdigest()}
        packed = pa.Codec("zstd", compression_level=_LEVEL).compress(content, asbytes=True) if content else b""
    told = json.dumps({"what": what, **words}, ensure_ascii=False, separators=(",", ":")).encode()
    writer.write(_HEAD.pack(len(told), len(packed)) + told)
    writer.write(packed)


def get(reader: Reader) -> Entry:
    """Read the next entry; BackupError when its content is not what its digest says."""
    told_length, packed_length = _HEAD.unpack(reader.read(_HEAD.size))
    if told_length > LARGEST_WORDS or packed_length > LARGEST_CONTENT:
        raise errors.damaged()
    try:
        words = json.loads(reader.read(told_length))
        what = words.pop("what")
        size = int(words.get("bytes", 0))
    except (ValueError, KeyError, AttributeError, TypeError):
        raise errors.damaged() from None
    if not 0 <= size <= LARGEST_CONTENT:
        raise errors.damaged()
    packed = reader.read(packed_length)
    content = b""
    if packed:
        try:
            content = pa.Codec("zstd").decompress(packed, decompressed_size=size, asbytes=True)
        except (OSError, ValueError):
            raise errors.damaged() from None
    if "sha256" in words and (len(content) != size or hashlib.sha256(content).hexdigest() != words["sha256"]):
        raise errors.damaged()
    return Entry(what, words, content)
