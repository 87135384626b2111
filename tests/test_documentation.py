"""The documentation says what the program does: references are current, every module has its page, links resolve."""

import json
import os
import re
import runpy
import subprocess
import sys
from pathlib import Path

import pytest

from tests.installation import REPOSITORY

DOCS = REPOSITORY / "docs"
SOURCE = REPOSITORY / "src"
PAGES = sorted([*DOCS.rglob("*.md"), *REPOSITORY.glob("*.md")])
_LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)")
_CODE = re.compile(r"```.*?```|`[^`\n]*`", re.DOTALL)


@pytest.fixture
def script(monkeypatch: pytest.MonkeyPatch):
    """A function that loads one of the project's scripts."""
    monkeypatch.syspath_prepend(str(REPOSITORY / "script"))
    return lambda name: runpy.run_path(str(REPOSITORY / "script" / name))


def test_the_options_of_every_command_are_described_as_they_are(script) -> None:
    stale = [
        path.name
        for path, should in script("command_line_reference")["pages"]().items()
        if path.read_text(encoding="utf-8") != should
    ]
    assert not stale, "run script/command_line_reference"


def test_a_command_without_a_section_is_found_out(script) -> None:
    parts = script("marked_parts.py")
    with pytest.raises(parts["MissingMarks"], match="options of guanxi dance"):
        parts["filled"]("# Command line\n", {"options of guanxi dance": "..."}, page="command-line.md")


def test_what_module_pages_say_of_the_code_is_current(script) -> None:
    stale = [
        path.name
        for path, should in script("module_reference")["pages"]().items()
        if path.read_text(encoding="utf-8") != should
    ]
    assert not stale, "run script/module_reference"


def test_every_module_has_a_page() -> None:
    modules = {path.parent.name for path in (SOURCE / "guanxi").glob("*/__init__.py")} | {"guanxi_methods"}
    pages = {path.stem for path in (DOCS / "modules").glob("*.md")} - {"index"}
    assert pages == modules
    index = (DOCS / "modules" / "index.md").read_text(encoding="utf-8")
    assert not [name for name in sorted(modules) if f"({name}.md)" not in index]


def test_every_setting_is_described() -> None:
    described = set(
        re.findall(r"^\| `(\w+)` \|", (DOCS / "reference" / "settings.md").read_text(encoding="utf-8"), re.M)
    )
    read = {"DATABASE_URL"}
    for path in SOURCE.rglob("*.py"):
        if "tests" not in path.parts:
            read |= set(re.findall(r"""["'](GUANXI_[A-Z_]+)["']""", path.read_text(encoding="utf-8")))
    # Where tests and measurements find public data sets; of no use to an installation.
    assert described == read - {"GUANXI_TEST_DATA"}


def test_links_between_pages_resolve() -> None:
    broken = []
    for page in PAGES:
        text = _CODE.sub("", page.read_text(encoding="utf-8"))
        for target in _LINK.findall(text):
            if target.startswith(("http://", "https://", "mailto:")):
                continue
            place, _, anchor = target.partition("#")
            found = page if not place else (page.parent / place).resolve()
            if not found.exists() or (anchor and found.suffix == ".md" and anchor not in anchors(found)):
                broken.append(f"{page.relative_to(REPOSITORY)}: {target}")
    assert not broken


def anchors(page: Path) -> set[str]:
    """The addresses of a page's headings."""
    headings = re.findall(r"^#+ (.+)$", page.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"\s+", "-", re.sub(r"[^\w\s-]", "", heading).strip().lower()) for heading in headings}


@pytest.mark.full
def test_the_documentation_builds_strictly(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "mkdocs", "build", "--strict", "--site-dir", str(tmp_path / "site")]
    quiet = os.environ | {"NO_MKDOCS_2_WARNING": "1"}
    result = subprocess.run(command, cwd=REPOSITORY, env=quiet, capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stdout + result.stderr
    assert (tmp_path / "site" / "index.html").is_file()
    # The README beside the code is part of the module's page.
    assert "Inline edit" in (tmp_path / "site" / "modules" / "ui" / "index.html").read_text(encoding="utf-8")


def test_module_pages_tell_every_operation_of_the_api_under_its_own_address() -> None:
    document = json.loads((REPOSITORY / "tests" / "openapi.json").read_text(encoding="utf-8"))
    served = {f"{method.upper()} {path}" for path, methods in document["paths"].items() for method in methods}
    pages = "\n".join(path.read_text(encoding="utf-8") for path in (DOCS / "modules").glob("*.md"))
    told = re.findall(r"^\| `([A-Z]+ /api/v1[^`]*)` \|", pages, re.MULTILINE)
    assert sorted(told) == sorted({*served, "GET /api/v1/openapi.json"})
