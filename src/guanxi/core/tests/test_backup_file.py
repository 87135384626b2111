"""The file of a backup: whatever happens to a byte of it is noticed, and only those who may can read it."""

import io
import json
import struct
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from guanxi.core.backup import codecs, entries, keys
from guanxi.core.backup.container import BLOCK_BYTES, Reader, Writer
from guanxi.core.backup.errors import BackupError
from guanxi.core.backup.keys import Keys, Locks

PHRASE = "a long passphrase for tests"
OPEN, NONE = Locks(), Keys()


@pytest.fixture(autouse=True)
def _cheap_passphrases(monkeypatch: pytest.MonkeyPatch) -> None:
    """Half a second per file adds up."""
    monkeypatch.setattr(keys, "SCRYPT_COST", 4)


def written(content: bytes, locks: Locks = OPEN) -> bytes:
    """A container with some content."""
    target = io.BytesIO()
    writer = Writer(target, {"guanxi": "1"}, locks)
    for start in range(0, len(content), 70_001):
        writer.write(content[start : start + 70_001])
    writer.finish()
    return target.getvalue()


def read(raw: bytes, count: int, opened_by: Keys = NONE) -> bytes:
    """Its content, to the end."""
    reader = Reader(io.BytesIO(raw), opened_by)
    content = reader.read(count)
    assert reader.at_end()
    return content


@pytest.mark.parametrize("size", [0, 1, BLOCK_BYTES, BLOCK_BYTES + 1, 3 * BLOCK_BYTES])
@pytest.mark.parametrize("locks", [Locks(), Locks(passphrase=PHRASE)])
def test_what_was_written_is_read(size: int, locks: Locks) -> None:
    content = bytes(range(251)) * (size // 251 + 1)
    raw = written(content[:size], locks)
    assert read(raw, size, Keys(passphrase=PHRASE)) == content[:size]
    assert not locks or size < 100 or content[:100] not in raw


@pytest.mark.parametrize("locks", [Locks(), Locks(passphrase=PHRASE)])
def test_every_changed_byte_and_every_cut_is_noticed(locks: Locks) -> None:
    content = b"rows and rows" * 20
    raw = written(content, locks)
    for place in range(len(raw)):
        changed = bytearray(raw)
        changed[place] ^= 1
        with pytest.raises(BackupError):
            read(bytes(changed), len(content), Keys(passphrase=PHRASE))
        with pytest.raises(BackupError):
            read(raw[:place], len(content), Keys(passphrase=PHRASE))
    with pytest.raises(BackupError):
        read(raw + b"\0", len(content), Keys(passphrase=PHRASE))


def test_a_cut_file_and_a_changed_one_are_told_apart() -> None:
    raw = written(b"x" * 1000)
    with pytest.raises(BackupError, match="cut short"):
        read(raw[:-10], 1000)
    with pytest.raises(BackupError, match="damaged"):
        read(raw[:-10] + b"0123456789", 1000)
    with pytest.raises(BackupError, match="no backup"):
        read(b"name,phone\n", 1)


def blocks(raw: bytes) -> tuple[bytes, list[bytes]]:
    """The header and the blocks of a container."""
    length = struct.unpack_from(">8sHI", raw)[2]
    place = 14 + length + 32
    head, found = raw[:place], []
    while place < len(raw):
        size = 4 + (struct.unpack_from(">I", raw, place)[0] & ~(1 << 31))
        found.append(raw[place : place + size])
        place += size
    return head, found


@pytest.mark.parametrize("locks", [Locks(), Locks(passphrase=PHRASE)])
def test_blocks_swapped_left_out_or_taken_from_another_backup_are_noticed(locks: Locks) -> None:
    content = b"".join(bytes([number]) * BLOCK_BYTES for number in range(4))
    head, parts = blocks(written(content, locks))
    _other, foreign = blocks(written(content, Locks(passphrase=PHRASE) if locks else Locks()))
    swapped = [parts[1], parts[0], *parts[2:]]
    left_out = [parts[0], *parts[2:]]
    mixed = [foreign[0], *parts[1:]]
    # Open backups carry no secret: a block of an equal one is equal. Encrypted ones differ even then.
    for wrong in (swapped, left_out, *([mixed] if locks else [])):
        with pytest.raises(BackupError, match="damaged"):
            read(head + b"".join(wrong), len(content), Keys(passphrase=PHRASE))


def test_a_newer_form_is_refused_in_words() -> None:
    import hashlib

    header = json.dumps({"guanxi": "9.1", "encryption": None}).encode()
    start = struct.pack(">8sHI", b"GUANXIBK", 2, len(header)) + header
    with pytest.raises(BackupError, match=r"newer version of Guanxi \(9\.1\)"):
        Reader(io.BytesIO(start + hashlib.sha256(start).digest()), Keys())


def test_who_can_open_an_encrypted_backup() -> None:
    private, public = keys.new_pair()
    stranger, _their_public = keys.new_pair()
    raw = written(b"secret rows", Locks(passphrase=PHRASE, public_keys=(public,)))
    for good in (Keys(passphrase=PHRASE), Keys(private_keys=(private,)), Keys(private_keys=(stranger, private))):
        assert read(raw, 11, good) == b"secret rows"
    with pytest.raises(BackupError, match="is encrypted"):
        read(raw, 11)
    for bad in (Keys(passphrase="another passphrase"), Keys(private_keys=(stranger,))):
        with pytest.raises(BackupError, match="does not open"):
            read(raw, 11, bad)


@pytest.mark.parametrize(
    "refused",
    [
        lambda: keys.read_public("guanxi-public-AAAA"),
        lambda: keys.read_public(keys.new_pair()[0]),
        lambda: keys.read_private("guanxi-private-?"),
        lambda: keys.check_passphrase("short"),
    ],
)
def test_keys_that_are_none_are_refused(refused) -> None:
    with pytest.raises(BackupError):
        refused()


def test_a_file_may_not_ask_for_all_memory() -> None:
    """Neither by the cost of a passphrase nor by a content that grows."""
    raw = written(b"x", Locks(passphrase=PHRASE))
    about, _digest = json.loads(raw[14 : 14 + struct.unpack_from(">8sHI", raw)[2]]), None
    about["encryption"]["keys"][0]["cost"] = 60
    with pytest.raises(BackupError):
        Keys(passphrase=PHRASE).unwrap(about["encryption"]["keys"])
    told = json.dumps({"what": "rows", "bytes": 1 << 50, "sha256": ""}).encode()
    with pytest.raises(BackupError):
        entries.get(Reader(io.BytesIO(written(struct.pack(">II", len(told), 3) + told + b"abc")), Keys()))


@given(st.decimals(allow_nan=False, allow_infinity=False, places=6, min_value=-(10**9) + 1, max_value=10**9 - 1))
@settings(max_examples=200, deadline=None)
def test_decimals_of_sqlite_come_back_with_all_their_places(number: Decimal) -> None:
    """SQLite stores a float; what is read is what was written."""
    wanted = f"{number:.6f}" if number else "0.000000"
    assert codecs.from_database("decimal:6", "sqlite")([float(number)]) == [wanted]


json_values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text('aé王"\\/\n'),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text("ab王", max_size=3), inner, max_size=3),
    max_leaves=8,
)


@given(json_values)
@settings(max_examples=200, deadline=None)
def test_json_keeps_its_value_and_its_text_is_settled(value: object) -> None:
    """Written, read back, written again: the same text; numbers beyond 64 bits and nothing at all included."""
    (text,) = codecs.from_database("json", "sqlite")([json.dumps(value)])
    (stored,) = codecs.to_database("json", "sqlite")([text])
    assert codecs.from_database("json", "sqlite")([stored]) == [text]
    assert codecs.same_everywhere(json.loads(text)) == codecs.same_everywhere(value)
    assert codecs.from_database("json", "sqlite")([None]) == [None]


def test_moments_of_both_databases_are_one_text() -> None:
    sqlite = codecs.from_database("moment", "sqlite")
    postgres = codecs.from_database("moment", "postgresql")
    assert sqlite(["2026-11-29 03:22:00.120000", "2026-11-29 03:22:00", None]) == postgres(
        ["2026-11-29 03:22:00.12+00", "2026-11-29 03:22:00+00", None]
    )


def test_a_number_that_sqlite_would_round_is_refused() -> None:
    write = codecs.to_database("decimal:6", "sqlite")
    assert write(["123456789.123456", "-100000000000000.000000"])
    with pytest.raises(BackupError, match="more digits than SQLite"):
        write(["1234567890123.123456"])


def test_a_written_key_file_opens_and_is_private(tmp_path: Path) -> None:
    from guanxi.core.backup import given_keys

    path = tmp_path / "key"
    public = given_keys.write_new_pair(path)
    assert path.stat().st_mode & 0o077 == 0
    raw = written(b"rows", Locks(public_keys=(public,)))
    assert read(raw, 4, Keys(private_keys=(given_keys.private_key(str(path)),))) == b"rows"
    with pytest.raises(BackupError, match="already"):
        given_keys.write_new_pair(path)
