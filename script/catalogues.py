"""Translatable strings: what the code asks for, what the catalogues hold, and where the two differ.

Every Django app under src/guanxi owns src/guanxi/<app>/locale/zh_Hans/LC_MESSAGES/django.po; the sentences of the
methods (errors and notes) stand in src/guanxi_methods/locale. English is what stands in the code. Nothing here needs the gettext programs.
"""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.template.base import Lexer, Token, TokenType
from django.utils.translation import trim_whitespace

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "src" / "guanxi"
METHODS = ROOT / "src" / "guanxi_methods"
LOCALE = "zh_Hans"
HEADER = "# Guanxi: {app}, 中文\n"

# Where the translation functions come from: Django, those whose sentences may be kept and told later, and the methods,
# whose errors and notes are told in the language of whoever reads them.
SOURCES = ("django.utils.translation", "guanxi.core.sentences", "guanxi_methods.errors", "guanxi_methods.base")
# Function -> positions of (context, message, plural) among its arguments.
FUNCTIONS: dict[str, tuple[int | None, int, int | None]] = {
    "gettext": (None, 0, None),
    "gettext_lazy": (None, 0, None),
    "gettext_noop": (None, 0, None),
    "ngettext": (None, 0, 1),
    "ngettext_lazy": (None, 0, 1),
    "pgettext": (0, 1, None),
    "pgettext_lazy": (0, 1, None),
    "npgettext": (0, 1, 2),
    "npgettext_lazy": (0, 1, 2),
    "MethodError": (None, 0, None),
    "TooFewError": (None, 0, None),
    "NotFittedError": (None, 0, None),
    "Note": (None, 0, None),
}
SCRIPT_CALL = re.compile(
    r"""\b(n?gettext)\(\s*("(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*')(?:\s*,\s*("(?:[^"\\\n]|\\.)*"))?"""
)
TEMPLATE_CONSTANT = re.compile(r"""_\(("(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')\)""")
PLACEHOLDER = re.compile(r"%\((\w+)\)[#0\- +]*[\d.]*[a-zA-Z]|%([sdrf])|\{(\w*)(?:![rsa])?(?::[^{}]*)?\}")
ADDRESS = re.compile(r"(?<!\S)/[\w./-]+(?!\S)")
HUMAN_TEXT = re.compile(r"[A-Za-z]{2,}|[\u3400-\u9fff]")
TEXT_ATTRIBUTES = {"title", "placeholder", "aria-label", "aria-description", "alt", "data-confirm", "hx-confirm"}
# Elements whose text is no language: code samples, keys, data.
MUTE_ELEMENTS = {"code", "kbd", "samp", "script", "style", "pre"}
# Words that are the same in both languages, or the name of a language in that language.
NAMES = {
    "Guanxi",
    "关系",
    "English",
    "中文",
    "简体中文",
    "EN",
    "中",
    "API",
    "CSV",
    "XLSX",
    "Parquet",
    "JSON",
    "WeChat",
    "ABC",
}
NAMES |= {"RFM", "VIP", "OK", "Esc", "Ctrl", "Cmd", "Enter"}


@dataclass(frozen=True, order=True)
class Key:
    """What identifies a message in a catalogue."""

    message: str
    plural: str = ""
    context: str = ""


@dataclass
class Found:
    """What a scan of an app found."""

    places: dict[Key, str] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)

    def add(self, key: Key, place: str) -> None:
        """Note a message and the first place that uses it."""
        if key.message.strip():
            self.places.setdefault(key, place)
        else:
            self.problems.append(f"{place}: an empty message")


def apps() -> list[Path]:
    """The folders that may hold strings of their own."""
    return [*sorted(path.parent for path in PACKAGE.glob("*/__init__.py")), METHODS]


def catalogue_path(app: Path) -> Path:
    """The catalogue of an app."""
    return app / "locale" / LOCALE / "LC_MESSAGES" / "django.po"


def scan(app: Path) -> Found:
    """Find every translatable string of an app."""
    found = Found()
    for path in sorted(app.rglob("*")):
        inside = path.relative_to(app).parts
        if not path.is_file() or {"tests", "migrations", "static", "node_modules"} & set(inside):
            continue
        place = path.relative_to(ROOT).as_posix()
        if path.suffix == ".py":
            scan_python(path.read_text("utf-8"), place, found)
        elif "templates" in inside and path.suffix in {".html", ".txt"}:
            scan_template(path.read_text("utf-8"), place, found)
        elif path.suffix == ".js":
            scan_script(path.read_text("utf-8"), place, found)
    return found


def scan_python(source: str, place: str, found: Found) -> None:
    """Find the calls of Django's translation functions, under whatever name they were imported."""
    tree = ast.parse(source)
    names = dict(translation_names(tree))
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        function = names.get(ast.unparse(node.func))
        if function is None:
            continue
        here = f"{place}:{node.lineno}"
        context_at, message_at, plural_at = FUNCTIONS[function]
        context = constant(node, context_at)
        message = constant(node, message_at)
        plural = constant(node, plural_at)
        if (
            message is None
            or (plural_at is not None and plural is None)
            or (context_at is not None and context is None)
        ):
            # A variable is translated here; its texts are marked where they are written.
            if any(isinstance(argument, ast.JoinedStr | ast.BinOp) for argument in node.args):
                found.problems.append(f"{here}: {function} of a computed text; translate a text with placeholders")
            continue
        found.add(Key(message, plural or "", context or ""), here)


def translation_names(tree: ast.AST) -> Iterator[tuple[str, str]]:
    """The names under which a module knows the translation functions."""
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module in SOURCES:
            for alias in node.names:
                if alias.name in FUNCTIONS:
                    yield alias.asname or alias.name, alias.name
        elif isinstance(node, ast.ImportFrom) and node.module == "django.utils":
            for alias in node.names:
                if alias.name == "translation":
                    yield from ((f"{alias.asname or alias.name}.{name}", name) for name in FUNCTIONS)


def constant(node: ast.Call, position: int | None) -> str | None:
    """The constant text at a position among the arguments of a call."""
    if position is None or position >= len(node.args):
        return None
    value = node.args[position]
    return value.value if isinstance(value, ast.Constant) and isinstance(value.value, str) else None


def scan_template(source: str, place: str, found: Found) -> None:
    """Find the translate and blocktranslate tags and the `_("...")` constants of a template."""
    tokens = iter(Lexer(source).tokenize())
    for token in tokens:
        here = f"{place}:{token.lineno}"
        if token.token_type not in {TokenType.BLOCK, TokenType.VAR}:
            continue
        for quoted in TEMPLATE_CONSTANT.findall(token.contents):
            found.add(Key(unquote(quoted).replace("%", "%%")), here)
        words = token.split_contents() if token.token_type == TokenType.BLOCK else [""]
        if words[0] == "comment":
            skip_to(tokens, "endcomment")
        elif words[0] in {"trans", "translate"} and len(words) > 1 and words[1][0] in "\"'":
            context = unquote(words[words.index("context") + 1]) if "context" in words else ""
            found.add(Key(unquote(words[1].split("|")[0]).replace("%", "%%"), context=context), here)
        elif words[0] in {"blocktrans", "blocktranslate"}:
            found.add(block_key(words, tokens), here)


def skip_to(tokens: Iterator[Token], end: str) -> None:
    """Move past the tag that ends a block."""
    for token in tokens:
        if token.token_type == TokenType.BLOCK and token.contents.split()[0] == end:
            return


def block_key(words: list[str], tokens: Iterator[Token]) -> Key:
    """The message of a blocktranslate tag, as Django puts it together when it renders."""
    parts: list[list[str]] = [[]]
    for token in tokens:
        if token.token_type == TokenType.TEXT:
            parts[-1].append(token.contents.replace("%", "%%"))
        elif token.token_type == TokenType.VAR:
            parts[-1].append(f"%({token.contents})s")
        elif token.token_type == TokenType.BLOCK:
            if token.contents.strip() == "plural":
                parts.append([])
            else:
                break
    texts = ["".join(part) for part in parts]
    if "trimmed" in words:
        texts = [trim_whitespace(text) for text in texts]
    context = unquote(words[words.index("context") + 1]) if "context" in words else ""
    return Key(texts[0], texts[1] if len(texts) > 1 else "", context)


def unquote(quoted: str) -> str:
    """The text between quotation marks, with its escapes undone."""
    mark = quoted[0]
    return quoted[1:-1].replace("\\" + mark, mark).replace("\\\\", "\\")


def scan_script(source: str, place: str, found: Found) -> None:
    """Find the gettext and ngettext calls of a script."""
    for match in SCRIPT_CALL.finditer(source):
        line = source.count("\n", 0, match.start()) + 1
        plural = match[3] if match[1] == "ngettext" else None
        found.add(Key(unquote(match[2]), unquote(plural) if plural else ""), f"{place}:{line}")


class TextFinder(HTMLParser):
    """Collects the human text of a page: character data and the attributes people read or hear."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.texts: list[tuple[int, str]] = []
        self.mute: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Look at the attributes of an element and note whether its text is muted."""
        values = dict(attrs)
        if tag in MUTE_ELEMENTS:
            self.mute.append(tag)
        names = TEXT_ATTRIBUTES | ({"value"} if values.get("type") in {"submit", "button"} else set())
        self.texts += [(self.getpos()[0], values[name] or "") for name in names & values.keys()]

    def handle_endtag(self, tag: str) -> None:
        """Leave a muted element."""
        if self.mute and self.mute[-1] == tag:
            self.mute.pop()

    def handle_data(self, data: str) -> None:
        """Take the text of an element."""
        if not self.mute:
            self.texts.append((self.getpos()[0], data))


def hard_coded_texts(source: str) -> list[tuple[int, str]]:
    """The texts of a template, with their lines, that stand outside translate tags."""
    kept: list[str] = []
    tokens = iter(Lexer(source).tokenize())
    for token in tokens:
        if token.token_type == TokenType.TEXT:
            kept.append(token.contents)
            continue
        lines_before = sum(part.count("\n") for part in kept)
        if token.token_type == TokenType.BLOCK and token.contents.split()[0] in {
            "comment",
            "blocktrans",
            "blocktranslate",
        }:
            skip_to(tokens, "end" + token.contents.split()[0])
        elif token.token_type == TokenType.BLOCK and re.fullmatch(r"block \w+_class", token.contents):
            skip_to(tokens, "endblock")
        # Keep the lines in step with the file although tags may span several of them.
        kept.append("\n" * max(0, token.lineno - 1 - lines_before))
    finder = TextFinder()
    finder.feed("".join(kept))
    finder.close()
    found = []
    for line, text in finder.texts:
        rest = ADDRESS.sub(" ", text)
        for name in sorted(NAMES, key=len, reverse=True):
            rest = rest.replace(name, " ")
        if HUMAN_TEXT.search(rest):
            found.append((line, " ".join(text.split())))
    return found


def load(app: Path) -> Catalog:
    """Read the catalogue of an app; an empty one when there is none."""
    path = catalogue_path(app)
    if not path.exists():
        return Catalog(locale=LOCALE)
    with path.open("rb") as file:
        return read_po(file, locale=LOCALE, abort_invalid=True)


def entries(catalogue: Catalog) -> dict[Key, tuple[str, bool]]:
    """The translations of a catalogue, each with whether it is fuzzy."""
    result = {}
    for message in catalogue:
        if not message.id:
            continue
        singular, plural = message.id if isinstance(message.id, tuple) else (message.id, "")
        text = message.string[0] if isinstance(message.string, tuple | list) else message.string
        result[Key(singular, plural, message.context or "")] = (text or "", message.fuzzy)
    return result


def compile_all(folder: Path = PACKAGE.parent) -> list[Path]:
    """Compile every catalogue that is newer than its compiled form."""
    done = []
    for source in sorted(folder.rglob("locale/*/LC_MESSAGES/django.po")):
        target = source.with_suffix(".mo")
        if target.exists() and target.stat().st_mtime_ns > source.stat().st_mtime_ns:
            continue
        with source.open("rb") as file:
            catalogue = read_po(file, locale=source.parent.parent.name)
        fresh = target.with_suffix(".mo.new")
        with fresh.open("wb") as file:
            write_mo(file, catalogue)
        fresh.replace(target)
        done.append(target)
    return done


def update(app: Path, known: dict[Key, str]) -> tuple[int, int, int]:
    """Rewrite the catalogue of an app: its strings sorted, translations kept or taken from other apps.

    Returns how many strings there are, how many lack a translation and how many were dropped.
    """
    found = scan(app)
    old = {key: text for key, (text, is_fuzzy) in entries(load(app)).items() if not is_fuzzy}
    if not found.places and not old:
        return 0, 0, 0
    fresh = Catalog(locale=LOCALE, header_comment=HEADER.format(app=app.name), fuzzy=False)
    missing = 0
    for key in found.places:
        text = old.get(key) or known.get(key, "")
        missing += not text
        message_id: str | tuple[str, str] = (key.message, key.plural) if key.plural else key.message
        fresh.add(message_id, (text,) if key.plural else text, context=key.context or None)
    write(catalogue_path(app), fresh)
    return len(found.places), missing, len(old.keys() - found.places.keys())


def write(path: Path, catalogue: Catalog) -> None:
    """Write a catalogue without places and dates: both change without the strings changing."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        write_po(file, catalogue, width=110, no_location=True, omit_header=True, sort_output=True)
    text = path.read_text("utf-8")
    header = (
        f"{catalogue.header_comment.rstrip()}\n"
        'msgid ""\nmsgstr ""\n'
        '"Language: zh_Hans\\n"\n'
        '"MIME-Version: 1.0\\n"\n'
        '"Content-Type: text/plain; charset=UTF-8\\n"\n'
        '"Content-Transfer-Encoding: 8bit\\n"\n'
        '"Plural-Forms: nplurals=1; plural=0;\\n"\n\n'
    )
    path.write_text(header + text, "utf-8")


def problems_of(app: Path) -> Iterator[str]:
    """What is wrong with the strings of an app: missing, untranslated, fuzzy, or with other placeholders."""
    found = scan(app)
    yield from found.problems
    translated = entries(load(app))
    for key, place in found.places.items():
        if key not in translated:
            yield f"{place}: not in the catalogue: {key.message!r}"
    where = catalogue_path(app).relative_to(ROOT)
    for key, (text, is_fuzzy) in translated.items():
        if is_fuzzy:
            yield f"{where}: fuzzy: {key.message!r}"
        elif not text:
            yield f"{where}: untranslated: {key.message!r}"
        elif placeholders(text) != placeholders(key.plural or key.message):
            yield f"{where}: other placeholders: {key.message!r} -> {text!r}"
        elif text == key.message and len(re.findall(r"[A-Za-z]{3,}", text)) > 2:
            yield f"{where}: still English: {key.message!r}"


def placeholders(text: str) -> list[str]:
    """The placeholders of a message, sorted."""
    plain = text.replace("%%", "")
    return sorted(match[0] for match in PLACEHOLDER.finditer(plain))


def differing_translations() -> Iterator[str]:
    """Messages that two apps translate differently: Django would show one of them in both."""
    seen: dict[Key, tuple[str, str]] = {}
    for app in apps():
        for key, (text, _) in entries(load(app)).items():
            first, translation = seen.setdefault(key, (app.name, text))
            if text and translation and translation != text:
                yield f"{key.message!r}: {first} says {translation!r}, {app.name} says {text!r}"
