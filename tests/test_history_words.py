"""The history speaks in words: no name of an operation, a model or a field shows as the code has it, in either language."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.apps import apps
from django.utils import translation

from guanxi.core import parameters, records
from guanxi.core.actor import system_actor
from guanxi.core.models import Change, Operation
from guanxi.importing.targets import targets
from guanxi.ui import history
from guanxi.ui.history import telling
from guanxi.ui.history.words import operation_names
from tests.matrix.world import build

SOURCE = Path(__file__).resolve().parent.parent / "src" / "guanxi"
NAME = re.compile(r"^[a-z]+\.[a-z_]+$")
HAN = re.compile(r"[\u4e00-\u9fff]")
# The machine's own tables: what is written there is no act of anybody's and stands in no journal.
TABLES = """
    customfieldindex operation change session outboxevent eventdelivery job schedule worker lock livemessage seal
    sealedoperation sealedchange backuprun checkresult bulkrun usedassertion throttle signin searchentry notification
    outdatedwords follow calendarfeed import importupdate importclaim webhookmessage webhookattempt keptanswer
    corecardreading duplicatescan duplicatepair mergedrow retentionrule standing standingchange orderline
    orderaddition standingrun pasttier agentpresence presencespan turn work_item assignment desktab deskview draft seen
    trustedsender channelhealth chatvisitor chatkey chatmessage mailfolder case_clock
"""
MACHINERY = frozenset(TABLES.split())
# Words that are the same in both languages.
SAME = frozenset({"ID", "API", "URL", "HTTPS"})
# Names of operations that are put together where they are written.
PUT_TOGETHER = {
    "tasks/services/tasks.py": ("tasks.complete_task", "tasks.drop_task"),
    "importing/engine/running.py": tuple(f"importing.import_{key}" for key in targets.keys()),  # noqa: SIM118
}


def operations_in(path: Path) -> Iterator[str]:
    """The names of the operations that a file opens."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    given = [
        keyword.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and re.search(r"\boperation$|Operation\.objects\.create$", ast.unparse(node.func))
        for keyword in node.keywords
        if keyword.arg == "name"
    ]
    if any(isinstance(value, ast.JoinedStr) for value in given):
        yield from PUT_TOGETHER[path.relative_to(SOURCE).as_posix()]
    if any(isinstance(value, ast.Name) for value in given):
        # A constant or an argument: every text of the file that could be the name.
        spaces = {name.partition(".")[0] for name in operation_names()}
        texts = {
            node.value for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, str)
        }
        yield from (text for text in texts if NAME.match(text) and text.partition(".")[0] in spaces)
    yield from (str(value.value) for value in given if isinstance(value, ast.Constant))


@pytest.fixture(params=["en", "zh-hans"])
def language(request: pytest.FixtureRequest) -> Iterator[str]:
    """Each language in turn."""
    with translation.override(request.param):
        yield request.param


def is_raw(said: str, language: str) -> bool:
    """Whether a label is that of the code, or of the other language."""
    if language == "zh-hans":
        return not HAN.search(said) and said not in SAME
    return "_" in said or bool(NAME.match(said)) or bool(HAN.search(said))


def test_every_operation_has_a_name(language: str) -> None:
    names = operation_names()
    found = {
        name
        for path in SOURCE.rglob("*.py")
        if "tests" not in path.parts and "migrations" not in path.parts
        for name in operations_in(path)
    }
    assert len(found) > 90
    unnamed = sorted(name for name in found if name not in names and name != "...")
    assert not unnamed, f"history.operations() has no name for {unnamed}"
    raw = sorted(name for name in names if is_raw(names[name], language))
    assert not raw, f"no {language} name: {raw}"


def kinds_of_ours() -> Iterator[tuple[str, type]]:
    """Every kind of which rows can stand in the journal."""
    for model in apps.get_models():
        kind = records.kind_of(model)
        if model.__module__.startswith("guanxi.") and kind not in MACHINERY:
            yield kind, model


def test_every_kind_and_every_field_has_a_name(language: str) -> None:
    kinds = dict(kinds_of_ours())
    assert len(kinds) > 40
    raw = []
    for kind, model in kinds.items():
        words = history.words_of(kind)
        if is_raw(words.name, language):
            raw.append(f"{kind}: {words.name}")
        if words.is_secret:
            continue
        for column in model._meta.concrete_fields:  # type: ignore[attr-defined]
            name = column.attname
            if not (words.skips(name) or words.skips(column.name) or name == "custom" or telling.is_secret(name)):
                said = words.field_name(model, name)
                raw += [f"{kind}.{name}: {said}"] if is_raw(said, language) else []
    assert not raw, f"without a name in {language}: {raw}"


def test_every_kind_that_modules_speak_of_has_a_name(language: str) -> None:
    raw = [words.kind for words in history.words.known() if is_raw(words.name, language)]
    assert not raw


def test_every_parameter_has_a_name(language: str) -> None:
    names = [name for key, one in parameters.declared.items() for name in (key, *(f"{key}.{p}" for p in one.parts))]
    names += ["privacy.retention.notes.days", "privacy.retention.notes.basis"]
    assert len(names) > 8
    raw = [name for name in names if is_raw(parameters.label_of(name) or name, language)]
    assert not raw


@pytest.mark.django_db
def test_nothing_raw_shows_of_what_a_whole_company_has_written(language: str) -> None:
    """A company with records of every kind: each line of its journal, as the owner reads it."""
    build()
    rows = list(Change.objects.order_by("pk"))
    kinds = {row.kind for row in rows}
    assert len(kinds) > 15
    assert sorted(kinds & MACHINERY) == []
    reader = history.Reader(system_actor())
    reader.learn(rows)
    raw = {
        f"{row.kind}.{row.field}: {line.label}"
        for row in rows
        for line in history.lines(reader, [row])
        if is_raw(str(line.label), language)
    }
    assert not raw
    assert {row.name for row in Operation.objects.all()} <= set(operation_names())
