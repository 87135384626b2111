"""Static files under names that carry their content, so that browsers keep them for good."""

import fcntl
import hashlib
import shutil
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles import finders
from django.contrib.staticfiles.storage import staticfiles_storage
from django.core.management import call_command
from whitenoise.storage import CompressedManifestStaticFilesStorage

import guanxi

IGNORED = ["*.gz", "*.br", "*.map"]


class ManifestStorage(CompressedManifestStaticFilesStorage):  # type: ignore[misc]
    """Names with a digest once `prepare` has run; plain names before, as in tests and while developing."""

    manifest_strict = False
    # Only what a style sheet refers to is rewritten: bundled scripts carry no addresses of ours, and a source map
    # that is not shipped must not stop anybody.
    patterns = (
        (
            "*.css",
            (r"""(?P<matched>url\((?!\s*['"]?(?:data:|#))(?P<quote>['"]?)\s*(?P<url>.*?)(?P=quote)\))""",),
        ),
    )

    def stored_name(self, name: str) -> str:
        """The name to serve a file under."""
        known = self.hashed_files.get(self.hash_key(self.clean_name(name)))
        return str(known or name)


def prepare() -> bool:
    """Collect the static files of this version into the data folder, unless they are there; whether any work was done."""
    root = Path(settings.STATIC_ROOT)
    stamp = root / ".prepared"
    wanted = _fingerprint()
    if stamp.is_file() and stamp.read_text() == wanted:
        return False
    root.parent.mkdir(parents=True, exist_ok=True)
    with (root.parent / "static.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if stamp.is_file() and stamp.read_text() == wanted:
            return False
        stamp.unlink(missing_ok=True)
        shutil.rmtree(root, ignore_errors=True)
        root.mkdir(mode=0o755)
        call_command("collectstatic", interactive=False, verbosity=0, ignore_patterns=IGNORED)
        stamp.write_text(wanted)
    # This process has read the manifest, or its absence, already.
    storage: Any = staticfiles_storage
    storage.hashed_files, storage.manifest_hash = storage.load_manifest()
    return True


def _fingerprint() -> str:
    """One digest over version, names, sizes and times of the files."""
    digest = hashlib.sha256(guanxi.__version__.encode())
    for finder in finders.get_finders():
        for path, storage in finder.list(IGNORED):
            about = Path(storage.path(path)).stat()
            digest.update(f"{path}\0{about.st_size}\0{about.st_mtime_ns}\n".encode())
    return digest.hexdigest()
