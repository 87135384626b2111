"""`guanxi backup` and `guanxi restore` as people run them."""

import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import psycopg
import pytest

from tests import reporting
from tests.installation import Installation

PHRASE = "a long passphrase for tests"


def test_back_up_encrypted_verify_and_restore(guanxi: Installation, empty_guanxi: Installation, tmp_path: Path) -> None:
    """The way there and back, a passphrase that never is an argument, and a second restore refused."""
    guanxi.run("user", "create", "ann", "--role", "owner")
    path = tmp_path / "all.guanxi"
    made = guanxi.json("backup", path, "--encrypt", "--passphrase-file", "-", "--verify", stdin=f"{PHRASE}\n")
    assert made["encrypted"]
    assert made["secret_key"]
    assert made["verified"]
    refused = empty_guanxi.run("restore", path, expect=1)
    assert "encrypted" in refused.err
    empty_guanxi.settings["GUANXI_BACKUP_PASSPHRASE"] = PHRASE
    outcome = empty_guanxi.json("restore", path)
    assert outcome["rows"] == made["rows"]
    assert "ann" in empty_guanxi.run("user", "list").out
    assert (empty_guanxi.data / "secret-key").read_text() == (guanxi.data / "secret-key").read_text()
    again = empty_guanxi.run("restore", path, expect=1)
    assert "not empty" in again.err


@pytest.mark.full
@pytest.mark.parametrize(
    ("words", "status", "sentence"),
    [
        (("backup",), 1, "Say where the backup goes"),
        (("backup", "--verify"), 1, "No backup is known"),
        (("backup", "x.guanxi", "--encrypt"), 1, "Give a passphrase"),
        (("backup", "x.guanxi", "--public-key", "me"), 1, "no public key"),
        (("backup", "nowhere/x.guanxi"), 1, "cannot be written"),
        (("backup", "x.guanxi", "--passphrase", "p"), 2, "unrecognized"),
        (("restore", "nothing.guanxi"), 1, "cannot be read"),
        (("restore",), 2, "required"),
    ],
)
def test_what_cannot_be_done_is_one_sentence(
    guanxi: Installation, words: tuple[str, ...], status: int, sentence: str
) -> None:
    finished = guanxi.run(*words, expect=status)
    assert sentence in finished.err
    assert finished.err.splitlines()[-1].startswith("guanxi: ")
    assert "Traceback" not in finished.err
    assert not list(guanxi.data.parent.glob("*x.guanxi*"))


@pytest.mark.full
def test_killed_in_the_middle_there_is_no_half_file(guanxi: Installation, tmp_path: Path) -> None:
    """Nothing under the final name; the next backup is whole."""
    guanxi.run("seed", "--customers", 3000)
    folder = tmp_path / "backups"
    folder.mkdir()
    process = guanxi.popen("backup", folder / "b", stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    until = time.monotonic() + 60
    while process.poll() is None and not list(folder.glob(".b.partial-*")):
        assert time.monotonic() < until
        time.sleep(0.005)
    process.send_signal(signal.SIGKILL)
    process.wait(20)
    assert not (folder / "b").exists()
    while guanxi.run("backup", tmp_path / "probe", expect=None).status:  # the dead one's lock lapses by itself
        assert time.monotonic() < until + 60
    assert guanxi.json("backup", folder / "b", "--verify")["verified"]


@pytest.mark.full
def test_a_restore_killed_half_way_is_begun_again(
    guanxi: Installation, empty_guanxi: Installation, tmp_path: Path
) -> None:
    """Whatever it had written is no hindrance, and what comes is everything."""
    guanxi.run("seed", "--customers", 5000)
    made = guanxi.json("backup", tmp_path / "b")
    process = empty_guanxi.popen("restore", tmp_path / "b", stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    until = time.monotonic() + 100
    while not has_begun(empty_guanxi):
        assert process.poll() is None, "it was over before it could be killed"
        assert time.monotonic() < until
        time.sleep(0.005)
    process.send_signal(signal.SIGKILL)
    process.wait(20)
    assert process.returncode == -signal.SIGKILL
    again = empty_guanxi.run("restore", tmp_path / "b", "--json", expect=None)
    while again.status:  # a lock of the dead one lapses by itself
        assert time.monotonic() < until + 60, again.err
        again = empty_guanxi.run("restore", tmp_path / "b", "--json", expect=None)
    assert again.json()["rows"] == made["rows"]
    assert "customers: 5000" in counted(empty_guanxi)
    assert not list(empty_guanxi.data.rglob("restoring-*"))
    assert empty_guanxi.json("backup", tmp_path / "again")["rows"] == pytest.approx(made["rows"], abs=20)


def has_begun(guanxi: Installation) -> bool:
    """Whether a restore has written something."""
    if not guanxi.database_url:
        return any(path.stat().st_size > 2_000_000 for path in guanxi.data.rglob("restoring-*") if path.is_file())
    with psycopg.connect(guanxi.database_url, autocommit=True) as connection:
        found = connection.execute("SELECT to_regclass('customers_customer') IS NOT NULL").fetchone()
        size = "SELECT pg_relation_size('customers_customer')"
        return bool(found and found[0] and connection.execute(size).fetchone()[0])  # type: ignore[index]


def counted(guanxi: Installation) -> str:
    """How many customers an installation has."""
    code = (
        "import django; django.setup()\n"
        "from guanxi.customers.models import Customer\n"
        "print('customers:', Customer.objects.count())"
    )
    environment = guanxi.environment | {"DJANGO_SETTINGS_MODULE": "guanxi.project.settings"}
    return subprocess.run(
        [sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True
    ).stdout


@pytest.mark.full
def test_a_disk_that_fills_while_backing_up_is_said_and_left_clean(
    guanxi: Installation, tmp_path: Path, pytestconfig: pytest.Config
) -> None:
    """A disk of 200 kB that really is full: one sentence, no half file, and the next place works."""
    guanxi.run("seed", "--customers", 3000)
    small = tmp_path / "small"
    small.mkdir()
    script = 'mount -t tmpfs -o size=200k none "$1" || exit 77; shift; "$@"; status=$?; ls -A "$0"; exit $status'
    words = ["unshare", "--map-root-user", "--mount", "sh", "-c", script, str(small), str(small)]
    command = [*words, *guanxi.command, "backup", str(small / "b")]
    if shutil.which("unshare") is None:
        reporting.leave_out(pytestconfig, "a full disk", "unshare is not there")
    ended = subprocess.run(
        command, env=guanxi.environment, cwd=guanxi.data.parent, capture_output=True, text=True, check=False
    )
    if ended.returncode in {77, 126} or "unshare:" in ended.stderr:
        reporting.leave_out(pytestconfig, "a full disk", "this machine lets nobody mount a small one")
    assert ended.returncode == 1, ended.stderr
    assert "disk is full" in ended.stderr
    assert "Traceback" not in ended.stderr
    assert ended.stdout.strip() == ""
    assert guanxi.json("backup", tmp_path / "b", "--verify")["verified"]


@pytest.mark.full
def test_a_key_pair_lets_the_server_write_what_it_cannot_read(guanxi: Installation, tmp_path: Path) -> None:
    """And what it has just written it can verify, by the key in hand."""
    public = guanxi.json("backup", "--new-key", tmp_path / "private")["public_key"]
    path = tmp_path / "b"
    assert guanxi.json("backup", path, "--public-key", public, "--verify")["verified"]
    assert "encrypted" in guanxi.run("backup", "--verify", path, expect=1).err
    assert guanxi.json("backup", "--verify", path, "--key-file", tmp_path / "private")["verified"]
