"""Stored files go along with a backup, once each, and come back under their digests."""

import io
import shutil
from pathlib import Path

import pytest
from django.db import connection

from guanxi.core.actor import system_actor
from guanxi.core.backup import hooks, places, restoring, writing
from guanxi.core.backup.keys import Keys, Locks
from guanxi.files import services
from guanxi.files.models import StoredFile

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.full,
    pytest.mark.usefixtures("schema_at_hand"),
]


def test_files_come_back_and_what_is_lost_is_said(tmp_path: Path, settings, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two rows of one content, one large content, one that was lost and one that was damaged."""
    settings.DATA_DIR = tmp_path / "data"
    settings.DATA_DIR.mkdir()
    large = bytes(range(256)) * 9000
    for content in (b"same", b"same", large, b"lost", b"damaged"):
        services.store(actor=system_actor(), name="a", source=io.BytesIO(content))
    paths = {stored.size: services.path_of(stored) for stored in StoredFile.objects.all()}
    kept = paths[len(large)]
    by_content = {path.read_bytes(): path for path in paths.values()} | {
        services.path_of(one).read_bytes(): services.path_of(one) for one in StoredFile.objects.all()
    }
    by_content[b"lost"].unlink()
    by_content[b"damaged"].write_bytes(b"other")
    made = writing.make(tmp_path / "b", locks=Locks(passphrase="a long passphrase for tests"))
    assert made.contents == 3
    assert len(made.missing) == 2
    shutil.rmtree(services.folder())
    if connection.vendor == "postgresql":
        outcome = restoring.drill(tmp_path / "b", keys=Keys(passphrase="a long passphrase for tests"))
        assert not kept.exists()
    else:
        monkeypatch.setattr(hooks.after_restore, "_items", {})
        address = places._sqlite_at(tmp_path / "guanxi.sqlite3") | {"OPTIONS": {}}
        with places.default_database(address):
            outcome = restoring.restore(tmp_path / "b", keys=Keys(passphrase="a long passphrase for tests"))
        assert kept.read_bytes() == large
        assert kept.stat().st_mode & 0o077 == 0
        assert by_content[b"same"].read_bytes() == b"same"
        assert not by_content[b"damaged"].exists()
    assert any("2 stored files were lost or damaged" in note for note in outcome.notes)
