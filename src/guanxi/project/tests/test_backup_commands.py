"""`guanxi backup` and `guanxi restore` as people run them."""

import signal
import subprocess
import time
from pathlib import Path

import pytest

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
def test_a_key_pair_lets_the_server_write_what_it_cannot_read(guanxi: Installation, tmp_path: Path) -> None:
    """And what it has just written it can verify, by the key in hand."""
    public = guanxi.json("backup", "--new-key", tmp_path / "private")["public_key"]
    path = tmp_path / "b"
    assert guanxi.json("backup", path, "--public-key", public, "--verify")["verified"]
    assert "encrypted" in guanxi.run("backup", "--verify", path, expect=1).err
    assert guanxi.json("backup", "--verify", path, "--key-file", tmp_path / "private")["verified"]
