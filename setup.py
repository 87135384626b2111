"""What pyproject.toml cannot say: building the wheel bundles the front end and compiles the translations first."""

import subprocess
import sys
from pathlib import Path

from setuptools import setup
from setuptools.command.build_py import build_py

ROOT = Path(__file__).resolve().parent


class BuildWithAssets(build_py):
    """Makes what is not in the repository before the packages are copied."""

    def run(self) -> None:
        """Build the assets, then the packages; an editable install finds them in src/ whenever they are made."""
        if not self.editable_mode:
            for command in (["script/build_frontend"], ["script/messages", "compile"]):
                subprocess.run([sys.executable, *command], cwd=ROOT, check=True)
        super().run()


setup(cmdclass={"build_py": BuildWithAssets})
