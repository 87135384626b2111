"""The outer form of a backup: a header, then numbered blocks of which the last says that it is the last.

    magic (8) | format (2) | length of header (4) | header (JSON) | digest of all that (32) | blocks
    block: length (4, the highest bit marks the last one) | sealed content

A block of an open backup carries the SHA-256 of header digest, number, mark and content; a block of an encrypted one
is ChaCha20-Poly1305 with number and mark as its nonce and the header's digest beside it. A byte changed, a block moved,
left out or taken from another backup, and an end cut off are all found. Reading and writing hold one block in memory.
"""

import hashlib
import json
import os
import struct
from typing import IO, Any, Protocol

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

from guanxi.core.backup import errors
from guanxi.core.backup.keys import KEY_BYTES, Keys, Locks, bytes_of, derive, text_of

MAGIC = b"GUANXIBK"
FORMAT = 1
BLOCK_BYTES = 1 << 20
LARGEST_HEADER = 1 << 20
_SEAL_BYTES = 64
_LAST = 1 << 31
_START = struct.Struct(">8sHI")
_LENGTH = struct.Struct(">I")


class Seal(Protocol):
    """How blocks are made tamper-evident."""

    def close(self, number: int, *, is_last: bool, content: bytes) -> bytes:
        """Seal a block."""
        ...

    def open(self, number: int, *, is_last: bool, sealed: bytes) -> bytes:
        """The content of a sealed block, or BackupError."""
        ...


class Digests:
    """Blocks that anybody may read; damage is noticed."""

    def __init__(self, header_digest: bytes) -> None:
        """Bound to one header."""
        self.header_digest = header_digest

    def _digest(self, number: int, is_last: bool, content: bytes) -> bytes:
        """What stands before a block's content."""
        digest = hashlib.sha256(self.header_digest + struct.pack(">QB", number, is_last))
        digest.update(content)
        return digest.digest()

    def close(self, number: int, *, is_last: bool, content: bytes) -> bytes:
        """The digest, then the content."""
        return self._digest(number, is_last, content) + content

    def open(self, number: int, *, is_last: bool, sealed: bytes) -> bytes:
        """The content, checked."""
        digest, content = sealed[:32], sealed[32:]
        if digest != self._digest(number, is_last, content):
            raise errors.damaged()
        return content


class Cipher:
    """Blocks that only holders of the key can read or make."""

    def __init__(self, key: bytes, header_digest: bytes) -> None:
        """Bound to one key and one header."""
        self.cipher = ChaCha20Poly1305(key)
        self.header_digest = header_digest

    @staticmethod
    def _nonce(number: int, is_last: bool) -> bytes:
        """Every block of a key has another one."""
        return number.to_bytes(11, "big") + bytes([is_last])

    def close(self, number: int, *, is_last: bool, content: bytes) -> bytes:
        """Encrypt."""
        return self.cipher.encrypt(self._nonce(number, is_last), content, self.header_digest)

    def open(self, number: int, *, is_last: bool, sealed: bytes) -> bytes:
        """Decrypt and check."""
        try:
            return self.cipher.decrypt(self._nonce(number, is_last), sealed, self.header_digest)
        except InvalidTag:
            raise errors.damaged() from None


class Writer:
    """Writes a stream of bytes into a container."""

    def __init__(self, target: IO[bytes], about: dict[str, Any], locks: Locks) -> None:
        """Write the header."""
        self.target = target
        self.number = 0
        self.held = bytearray()
        self.file_key = os.urandom(KEY_BYTES) if locks else b""
        encryption = None
        if locks:
            encryption = {"salt": text_of(os.urandom(16)), "keys": locks.wrap(self.file_key)}
        header = json.dumps(about | {"encryption": encryption}, sort_keys=True).encode()
        start = _START.pack(MAGIC, FORMAT, len(header)) + header
        digest = hashlib.sha256(start).digest()
        self.seal: Seal = Digests(digest)
        if encryption:
            body_key = derive(self.file_key, bytes_of(str(encryption["salt"])), "guanxi backup: blocks")
            self.seal = Cipher(body_key, digest)
        target.write(start + digest)

    def write(self, content: bytes) -> None:
        """Add bytes to the stream."""
        self.held += content
        while len(self.held) > BLOCK_BYTES:
            self._block(bytes(self.held[:BLOCK_BYTES]), is_last=False)
            del self.held[:BLOCK_BYTES]

    def finish(self) -> None:
        """Write what is left as the last block."""
        self._block(bytes(self.held), is_last=True)
        self.held.clear()

    def _block(self, content: bytes, *, is_last: bool) -> None:
        """Write one block."""
        sealed = self.seal.close(self.number, is_last=is_last, content=content)
        self.target.write(_LENGTH.pack(len(sealed) | (_LAST if is_last else 0)))
        self.target.write(sealed)
        self.number += 1


def read_header(source: IO[bytes]) -> tuple[dict[str, Any], bytes]:
    """The header and its digest; BackupError when the file is none of ours, newer, cut or damaged."""
    start = source.read(_START.size)
    if start[:8] != MAGIC[: len(start)] or not start:
        raise errors.not_a_backup()
    if len(start) < _START.size:
        raise errors.cut_short()
    _magic, version, length = _START.unpack(start)
    if version < 1 or length > LARGEST_HEADER:
        raise errors.damaged()
    header, digest = source.read(length), source.read(32)
    if len(header) < length or len(digest) < 32:
        raise errors.cut_short()
    if hashlib.sha256(start + header).digest() != digest:
        raise errors.damaged()
    about = json.loads(header)
    if version > FORMAT:
        raise errors.newer(str(about.get("guanxi", version)))
    return about, digest


class Reader:
    """Reads the stream of bytes out of a container, each block checked before a byte of it is given out."""

    def __init__(self, source: IO[bytes], keys: Keys) -> None:
        """Read the header and find the key."""
        self.source = source
        self.about, digest = read_header(source)
        self.number = 0
        self.held = b""
        self.place = 0
        self.is_over = False
        encryption = self.about["encryption"]
        self.is_encrypted = encryption is not None
        self.seal: Seal = Digests(digest)
        if encryption is not None:
            file_key = keys.unwrap(encryption["keys"])[0]
            self.seal = Cipher(derive(file_key, bytes_of(encryption["salt"]), "guanxi backup: blocks"), digest)

    def read(self, count: int) -> bytes:
        """Exactly so many bytes; BackupError when the stream ends before."""
        parts, wanted = [], count
        while wanted:
            if self.place == len(self.held):
                if self.is_over:
                    raise errors.damaged()
                self._next()
                continue
            part = self.held[self.place : self.place + wanted]
            self.place += len(part)
            wanted -= len(part)
            parts.append(part)
        return parts[0] if len(parts) == 1 else b"".join(parts)

    def at_end(self) -> bool:
        """Whether the last block is read to its end and nothing follows it."""
        while self.place == len(self.held) and not self.is_over:
            self._next()
        if self.place < len(self.held):
            return False
        if self.source.read(1):
            raise errors.damaged()
        return True

    def _next(self) -> None:
        """Read and check the next block."""
        raw = self.source.read(_LENGTH.size)
        if len(raw) < _LENGTH.size:
            raise errors.cut_short()
        (marked,) = _LENGTH.unpack(raw)
        is_last, length = bool(marked & _LAST), marked & ~_LAST
        if length > BLOCK_BYTES + _SEAL_BYTES:
            raise errors.damaged()
        sealed = self.source.read(length)
        if len(sealed) < length:
            raise errors.cut_short()
        self.held = self.seal.open(self.number, is_last=is_last, sealed=sealed)
        self.place = 0
        self.number += 1
        self.is_over = is_last
