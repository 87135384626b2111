"""Rules of the house that no linter knows. Each breach is printed with the way out.

A line that must break a rule says so and why: `# house: writes: the session backend writes its own row`.
Naive times are ruff's DTZ rules; which floor may import which is import-linter's contract.
"""

import ast
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SOURCES = ROOT / "src"
LINES_AT_MOST = 450
NAMELESS = {"utils", "helpers", "common", "misc", "util", "helper"}
# Where rows may be written: services, and imports and seeding, which keep a journal of their own.
WRITERS = re.compile(r"services|seeding|import_\w+|\w+_import|bulk_\w+|engine")
SAVE_OPTIONS = {"update_fields", "using", "force_insert", "force_update"}
QUERYSET_WRITES = {"update", "delete", "create"}
ALWAYS_WRITES = {"bulk_create", "bulk_update", "get_or_create", "update_or_create", "abulk_create", "asave", "adelete"}
QUERYSET_MARKS = re.compile(r"\.(objects|everything|_default_manager|_base_manager|filter|exclude|all|visible_to)\b")
MONEY = re.compile(r"(_minor|amount|price|revenue|money|monetary|margin|turnover|cost)", re.IGNORECASE)
INLINE_STYLE = re.compile(r"""<[^>]*\sstyle\s*=""", re.IGNORECASE)
INLINE_HANDLER = re.compile(r"""<[^>]*\s(on[a-z]+|hx-on[:\w-]*)\s*=""", re.IGNORECASE)
INLINE_SCRIPT = re.compile(
    r"""<script(?![^>]*\ssrc=)(?![^>]*type=["'](?:application/json|text/plain)["'])[^>]*>""", re.IGNORECASE
)
INLINE_SHEET = re.compile(r"<style\b", re.IGNORECASE)
SCRIPT_ADDRESS = re.compile(r"""(href|src|action)\s*=\s*["']\s*javascript:|["']js:""", re.IGNORECASE)
FOREIGN_ADDRESS = re.compile(
    r"""<(?:script|link|img|iframe|source|audio|video|object|embed)\b[^>]*\s(?:src|href|data)\s*=\s*["'](?:https?:)?//""",
    re.IGNORECASE,
)
FOREIGN_IMPORT = re.compile(
    r"""(?:url\(|@import|\bfrom|\bimport\(?|fetch\()\s*["']?(?:https?:)?//[a-z]""", re.IGNORECASE
)
UNFINISHED = re.compile(r"(?:#|//|<!--|\{#|/\*)\s*(TODO|FIXME|XXX|HACK)\b")

WAYS_OUT = {
    "reads": "rows come through Model.objects.visible_to(actor, ...), or a query of the module",
    "writes": "write in services.py, through core.changes, so that the journal has it",
    "money": "money is whole minor units or Decimal, never float",
    "web": "services, queries and models know nothing of requests; let the view pass values",
    "style": "put a class into the style sheet: the content policy refuses inline styles",
    "script": "put behaviour into the bundle: the content policy refuses inline scripts and handlers",
    "foreign": "nothing comes from another host: add the npm package to the bundle",
    "length": f"over {LINES_AT_MOST} lines: make it a package of the same name",
    "name": "name the file after what it owns",
    "unfinished": "finish it or open an issue",
}


@dataclass(frozen=True, order=True)
class Breach:
    """A line that breaks a rule."""

    path: str
    line: int
    rule: str
    what: str

    def __str__(self) -> str:
        """The breach as editors read it."""
        return f"{self.path}:{self.line}: {self.rule}: {self.what}; {WAYS_OUT[self.rule]}"


def check(path: Path, source: str) -> list[Breach]:
    """The breaches of one file; the path is relative to src/."""
    name = path.as_posix()
    found = list(check_lines(path, source))
    if path.suffix == ".py" and not {"tests", "migrations"} & set(path.parts):
        found += check_python(path, source)
    lines = source.splitlines()
    return sorted(
        Breach(f"src/{name}", line, rule, what)
        for line, rule, what in found
        if f"house: {rule}: " not in (lines[line - 1] if 0 < line <= len(lines) else "")
    )


def check_lines(path: Path, source: str) -> Iterator[tuple[int, str, str]]:
    """Rules about the text of a file."""
    if path.stem in NAMELESS:
        yield 1, "name", f"a file called {path.stem}"
    count = source.count("\n")
    if count > LINES_AT_MOST and "migrations" not in path.parts and path.suffix in {".py", ".html", ".js"}:
        yield 1, "length", f"{count} lines"
    for match in UNFINISHED.finditer(source):
        yield line_of(source, match), "unfinished", match[0]
    if path.suffix == ".html":
        rules = [
            ("style", INLINE_STYLE),
            ("style", INLINE_SHEET),
            ("script", INLINE_HANDLER),
            ("script", INLINE_SCRIPT),
        ]
        rules += [("script", SCRIPT_ADDRESS), ("foreign", FOREIGN_ADDRESS)]
    elif path.suffix in {".js", ".css"}:
        rules = [("foreign", FOREIGN_IMPORT)]
    else:
        rules = []
    for rule, pattern in rules:
        for match in pattern.finditer(source):
            yield line_of(source, match), rule, " ".join(match[0].split())[-60:]


def line_of(source: str, match: re.Match[str]) -> int:
    """The line a match ends on."""
    return source.count("\n", 0, match.end()) + 1


def check_python(path: Path, source: str) -> Iterator[tuple[int, str, str]]:
    """Rules about the code of a module."""
    tree = ast.parse(source)
    parts = {part.removesuffix(".py") for part in path.parts}
    for parent in ast.walk(tree):
        for child in ast.iter_child_nodes(parent):
            child.parent = parent  # type: ignore[attr-defined]
    for node in ast.walk(tree):
        if {"views", "api"} & parts:
            yield from reads(node)
        if not any(map(WRITERS.fullmatch, parts)) and not path.as_posix().startswith("guanxi/core/"):
            yield from writes(node)
        if {"services", "queries", "models"} & parts:
            yield from web(node)
        if path.parts[0] == "guanxi":
            yield from money(node)
        yield from markup(node)


def reads(node: ast.AST) -> Iterator[tuple[int, str, str]]:
    """Views and the API read no manager but through visible_to."""
    if isinstance(node, ast.Attribute) and node.attr in {"objects", "everything"}:
        above = node.parent  # type: ignore[attr-defined]
        if not (isinstance(above, ast.Attribute) and above.attr in {"visible_to", "get_visible"}):
            yield node.lineno, "reads", ast.unparse(node)


def writes(node: ast.AST) -> Iterator[tuple[int, str, str]]:
    """Rows are written in services and core alone."""
    if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)):
        return
    name = node.func.attr
    if name not in ALWAYS_WRITES | QUERYSET_WRITES | {"save", "delete"}:
        return
    receiver = ast.unparse(node.func.value)
    keywords = {keyword.arg for keyword in node.keywords}
    is_queryset = bool(QUERYSET_MARKS.search(receiver))
    is_write = (
        name in ALWAYS_WRITES
        or (name in QUERYSET_WRITES and is_queryset)
        or (name == "save" and not node.args and keywords <= SAVE_OPTIONS and "form" not in receiver)
        or (name == "delete" and not node.args and "cache" not in receiver)
    )
    if is_write:
        yield node.lineno, "writes", f"{receiver[-40:]}.{name}()"


def web(node: ast.AST) -> Iterator[tuple[int, str, str]]:
    """Services, queries and models import nothing of the web."""
    names = []
    if isinstance(node, ast.ImportFrom):
        names = [node.module or ""]
    elif isinstance(node, ast.Import):
        names = [alias.name for alias in node.names]
    for name in names:
        if name.startswith(("django.http", "django.shortcuts", "django.views", "ninja")) or ".views" in name:
            yield node.lineno, "web", f"import of {name}"


def money(node: ast.AST) -> Iterator[tuple[int, str, str]]:
    """No float() of money, no float field or annotation for it."""
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "float" and node.args:
        text = ast.unparse(node.args[0])
        if MONEY.search(text):
            yield node.lineno, "money", f"float({text[:40]})"
    if isinstance(node, ast.AnnAssign | ast.Assign):
        target = ast.unparse(node.target if isinstance(node, ast.AnnAssign) else node.targets[0])
        if not MONEY.search(target):
            return
        value = ast.unparse(node.value) if node.value else ""
        note = ast.unparse(node.annotation) if isinstance(node, ast.AnnAssign) else ""
        if note == "float" or ".FloatField(" in value:
            yield node.lineno, "money", target


def markup(node: ast.AST) -> Iterator[tuple[int, str, str]]:
    """Markup made in Python obeys the rules of templates."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str) and "<" in node.value:
        for rule, pattern in (("style", INLINE_STYLE), ("script", INLINE_HANDLER), ("script", INLINE_SCRIPT)):
            if pattern.search(node.value):
                yield node.lineno, rule, "markup in a string"


def files() -> Iterator[Path]:
    """The files the rules are about."""
    for path in sorted(SOURCES.rglob("*")):
        inside = path.relative_to(SOURCES)
        if path.suffix in {".py", ".html", ".js", ".css"} and "dist" not in inside.parts and path.is_file():
            yield path


def main() -> int:
    """Check the whole source tree."""
    breaches = [b for path in files() for b in check(path.relative_to(SOURCES), path.read_text("utf-8"))]
    for breach in breaches:
        print(breach)
    print(f"house rules: {len(breaches)} breaches" if breaches else "house rules: kept")
    return 1 if breaches else 0


if __name__ == "__main__":
    sys.exit(main())
