"""What the tests of the measures share."""

import json
import shlex
from collections.abc import Callable
from typing import Any

import pytest

from guanxi.project import cli


@pytest.fixture
def measure(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Callable[..., dict[str, Any]]:
    """Runs `guanxi measure ... --json` in this process and gives its answer: measure("value.abc", path, "--customer C")."""
    monkeypatch.setenv("LANGUAGE", "en")

    def run(*words: Any) -> dict[str, Any]:
        """The answer as the caller reads it from standard output."""
        arguments = [part for word in words for part in (shlex.split(word) if isinstance(word, str) else [str(word)])]
        status = cli.main(["measure", *arguments, "--json"])
        told = capsys.readouterr()
        assert status == 0, told.err
        found: dict[str, Any] = json.loads(told.out)
        return found

    return run


@pytest.fixture
def refused(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Callable[..., str]:
    """Runs `guanxi measure ...` that must fail with one sentence, and gives the sentence; `language="zh_CN"` for Chinese."""

    def run(*words: Any, language: str = "en") -> str:
        """The sentence on standard error."""
        monkeypatch.setenv("LANGUAGE", language)
        arguments = [part for word in words for part in (shlex.split(word) if isinstance(word, str) else [str(word)])]
        try:
            status = cli.main(["measure", *arguments, "--json"])
        except SystemExit as stopped:
            status = int(stopped.code or 0)
        told = capsys.readouterr()
        assert status != 0
        assert told.out == ""
        assert told.err.count("\n") == 1, told.err
        return told.err

    return run
