"""The scripts a newcomer meets: they say what they do, refuse what they do not know, and a second setup costs nothing."""

import os
import shutil
import subprocess
import time
from pathlib import Path

import pytest

from tests.installation import REPOSITORY

SCRIPTS = sorted(path for path in (REPOSITORY / "script").iterdir() if path.is_file() and os.access(path, os.X_OK))
BASH = [path for path in SCRIPTS if path.read_text().startswith("#!/usr/bin/env bash")]


def run(*words: object, **options: object) -> subprocess.CompletedProcess[str]:
    """Run a script from the repository's root."""
    return subprocess.run(
        [str(word) for word in words],
        cwd=REPOSITORY,
        capture_output=True,
        text=True,
        stdin=subprocess.DEVNULL,
        check=False,
        **options,  # type: ignore[call-overload]
    )


@pytest.mark.parametrize("script", [*BASH, REPOSITORY / ".ci" / "run"], ids=lambda path: path.name)
def test_a_script_is_well_formed_and_explains_itself(script: Path) -> None:
    assert os.access(script, os.X_OK)
    result = run("bash", "-n", script)
    assert result.returncode == 0, result.stderr
    second_line = script.read_text().splitlines()[1]
    assert second_line.startswith((f"# script/{script.name}", "# .ci/run"))


@pytest.mark.parametrize("name", ["setup", "lint", "pin"])
def test_an_unknown_option_is_refused_with_an_explanation(name: str) -> None:
    result = run(f"script/{name}", "--nonsense")
    assert result.returncode == 2
    assert f"script/{name}" in result.stderr


def test_files_name_no_registry_host() -> None:
    files = run("git", "ls-files", "*.txt", "*.in", "*.json", "*.toml", "script/*").stdout.split()
    hosts = ("pypi.org", "pythonhosted.org", "registry.npmjs.org", "/simple")
    named = [f"{f}: {host}" for f in files for host in hosts if host in (REPOSITORY / f).read_text("utf-8")]
    assert not named


@pytest.mark.full
@pytest.mark.timeout(900)
def test_a_second_setup_is_done_at_once(tmp_path: Path) -> None:
    """In a copy of the sources: the first setup makes everything, the second takes less than a second."""
    for name in (
        "script",
        "src",
        "requirements.txt",
        "requirements-build.txt",
        "requirements-uv.txt",
        "requirements.in",
    ):
        source = REPOSITORY / name
        (shutil.copytree if source.is_dir() else shutil.copy2)(source, tmp_path / name)
    for name in ("package.json", "package-lock.json", "pyproject.toml", "setup.py", "README.md", "LICENSE", "NOTICE"):
        shutil.copy2(REPOSITORY / name, tmp_path / name)
    first = run(tmp_path / "script/setup", "--runtime", timeout=600)
    assert first.returncode == 0, first.stdout + first.stderr
    started = time.monotonic()
    second = run(tmp_path / "script/setup", "--runtime")
    assert second.returncode == 0
    assert second.stdout == ""
    assert time.monotonic() - started < 1
    assert run(tmp_path / ".venv/bin/guanxi", "--version").returncode == 0
