"""Drives the program that makes the company and reads what it has on record."""

import json
import subprocess
import sys
from datetime import date
from pathlib import Path
from typing import Any

from tests.installation import Server, end_group

PROGRAM = Path(__file__).with_name("program.py")
PASSWORD = "tea-for-two-9"
NAMES = {"lena": "Lena Holt 何琳", "paul": "Paul Beck 白宝", "mira": "Mira Voss 沃蜜"}


class Company:
    """The company of a server, from beside it."""

    def __init__(self, server: Server) -> None:
        """Start the program on the installation."""
        environment = server.installation.environment | {"DJANGO_SETTINGS_MODULE": "guanxi.project.settings"}
        pipe = subprocess.PIPE
        self._process = subprocess.Popen(
            [sys.executable, str(PROGRAM)], env=environment, stdin=pipe, stdout=pipe, text=True, start_new_session=True
        )
        self._hear()
        # The day on which it was made, by which its days off are set: the story may go on past midnight.
        self.founded = date.min

    def ask(self, act: str, **given: Any) -> Any:
        """One act; what it gives."""
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps([act, given]) + "\n")
        self._process.stdin.flush()
        return json.loads(self._hear())

    def stop(self) -> None:
        """End the program."""
        end_group(self._process)

    def _hear(self) -> str:
        """One line of it."""
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        assert line, "the program beside the server ended"
        return line
