"""Stored files: kept once, told by content, read by those who may, never half there."""

import errno
import io
import os
import zipfile
from pathlib import Path

import pytest
from django.test import Client

from guanxi.core import ids
from guanxi.core.actor import actor_of, system_actor
from guanxi.core.errors import Unavailable
from guanxi.core.models import Role, User
from guanxi.files import services
from guanxi.files.content import OFFICE, media_type, media_type_of
from guanxi.files.models import StoredFile

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _own_folder(settings, tmp_path: Path) -> None:
    """Keep files of these tests apart."""
    settings.DATA_DIR = tmp_path


def user(name: str, role: str = "agent") -> User:
    """A user with a role."""
    return User.objects.create(username=name, role=Role.objects.get(key=role))


def store(content: bytes = b"a,b\n1,2\n", name: str = "a.csv", actor=None) -> StoredFile:
    """Store some content."""
    return services.store(actor=actor or system_actor(), name=name, source=io.BytesIO(content))


def test_equal_content_is_kept_once_and_goes_with_its_last_row(django_capture_on_commit_callbacks) -> None:
    """Two uploads of the same bytes are two rows and one file on the disk."""
    first, second = store(), store(name="b.csv")
    path = services.path_of(first)
    assert path == services.path_of(second)
    assert path.read_bytes() == b"a,b\n1,2\n"
    assert path.stat().st_mode & 0o077 == 0
    with django_capture_on_commit_callbacks(execute=True):
        services.discard(actor=system_actor(), stored=first)
    assert path.exists()
    with django_capture_on_commit_callbacks(execute=True):
        services.discard(actor=system_actor(), stored=second)
    assert not path.exists()


@pytest.mark.parametrize(
    ("head", "expected"),
    [
        (b"%PDF-1.7", "application/pdf"),
        (b"PAR1\x15", "application/vnd.apache.parquet"),
        (b"PK\x03\x04...[Content_Types].xml", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        (b"PK\x03\x04", "application/zip"),
        ("姓名,电话".encode("gb18030"), "text/plain"),
        (b"\x00\x01\x02", "application/octet-stream"),
        (b"", "application/octet-stream"),
        (b"<html><script>", "text/html"),
        (b"<?xml version='1.0'?>\n<svg onload=x>", "image/svg+xml"),
        (b"MZ\x90\x00", "application/x-msdownload"),
        (b"PK\x03\x04.[Content_Types].xml.word/document.xml", f"{OFFICE}wordprocessingml.document"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "WordDocument".encode("utf-16-le"), "application/msword"),
        (b"\x00\x00\x00\x18ftypheic", "image/heic"),
        (b"BEGIN:VCALENDAR\r\n", "text/calendar"),
        (b"From: a@b\r\nSubject: x\r\n\r\n", "message/rfc822"),
    ],
)
def test_content_tells_what_a_file_is(head: bytes, expected: str) -> None:
    """The name says nothing."""
    assert media_type(head) == expected


def test_an_old_office_file_is_told_by_its_directory_wherever_that_lies() -> None:
    """The directory of a long document stands at its end."""
    head = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(22) + (9).to_bytes(2, "little") + bytes(16)
    head += (99).to_bytes(4, "little")
    whole = head.ljust(100 * 512, b"\0") + "Root Entry WordDocument".encode("utf-16-le")
    assert media_type_of(io.BytesIO(whole)) == "application/msword"
    assert media_type_of(io.BytesIO(head)) == "application/x-ole-storage"


def test_a_zipped_office_file_is_told_by_its_directory_too() -> None:
    """A picture of the first page may come before its parts."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        archive.writestr("[Content_Types].xml", "")
        archive.writestr("docProps/thumbnail.jpeg", os.urandom(20_000))
        archive.writestr("ppt/presentation.xml", "")
    made.seek(0)
    assert media_type_of(made) == f"{OFFICE}presentationml.presentation"


def test_names_are_cleaned() -> None:
    """Folders and unprintable characters go; Chinese stays."""
    assert store(name="C:\\tmp\\..\\客户\r\n.csv").name == "客户.csv"
    assert store(name="\x00").name == "file"


def test_a_full_disk_is_said_and_leaves_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither a row nor half a file stays behind."""

    def full(_descriptor: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(services.os, "fsync", full)
    with pytest.raises(Unavailable):
        store()
    assert not StoredFile.objects.exists()
    assert list(services.folder().iterdir()) == []


def test_what_no_row_names_is_swept_away_after_a_day() -> None:
    """Content received and never stored, and what a dead process left half written; nothing else, and nothing young."""
    kept = store()
    unnamed = services.receive(io.BytesIO(b"looked at and refused"))
    half = services.folder() / f"{services.INCOMING}dead"
    half.write_bytes(b"half")
    assert services.sweep() == 0
    for path in (services.path_of(kept), unnamed.path, half):
        os.utime(path, (0, 0))
    assert services.sweep() == 2
    assert services.path_of(kept).exists()
    assert not unnamed.path.exists()
    assert not half.exists()


def test_who_may_download(client: Client) -> None:
    """The uploader and those who see all files may; a team mate, a stranger and a guesser may not."""
    owner, mate, boss = user("owner"), user("mate"), user("boss", "manager")
    stored = store(actor=actor_of(owner), name="报价.csv")
    url = f"/files/{stored.public_id}"
    assert client.get(url).status_code == 302
    for person, status in ((owner, 200), (boss, 200), (mate, 404)):
        client.force_login(person)
        assert client.get(url).status_code == status, person.username
    client.force_login(owner)
    response = client.get(url)
    assert b"".join(response.streaming_content) == b"a,b\n1,2\n"
    assert response["Content-Disposition"].startswith("attachment")
    assert response["Content-Type"] == "application/octet-stream"
    assert client.get(f"/files/{stored.pk}").status_code == 404
    assert client.get(f"/files/{ids.public_id('fil', 999_999)}").status_code == 404
