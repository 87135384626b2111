"""A person of whom everything is on record that the models can hold: a row of every kind, each with words of its own.

The statements of personal data are walked, so a new kind of row is made here by itself, from its columns, and the tests
that look for its words after an erasure cover it without being touched.
"""

import io
import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

from django.apps import apps
from django.conf import settings
from django.db import connection, models

from guanxi.core import changes, clock
from guanxi.core.actor import Actor, system_actor
from guanxi.core.erasing import Person
from guanxi.core.models import Operation, User
from guanxi.core.personal_data import Erasing, Statement, Whose
from guanxi.core.records import RecordRef
from guanxi.customers.choices import WorkState
from guanxi.customers.models import Customer, Erasure, Hold
from guanxi.customers.privacy import holdings
from guanxi.customers.privacy.erasing.running import TOLD_APART
from guanxi.customers.services import bulk_changes
from guanxi.customers.services.customers import create_customer, update_customer
from guanxi.customers.services.merging import joining
from guanxi.files.public import receive, store
from guanxi.importing.engine.folders import folder_of
from guanxi.importing.engine.refusals import RefusalFile
from guanxi.importing.models import Import, ImportUpdate
from guanxi.integration.models import KeptAnswer, WebhookAttempt, WebhookMessage
from guanxi.integration.services import create_token
from guanxi.integration.webhooks.services import create_endpoint
from guanxi.search.public import refresh
from guanxi.tasks.public import create_task
from guanxi.ui.history.telling import is_secret
from guanxi.ui.models import BulkRun

NAME, PHONE = "欧阳澄湖", "+8613912345678"


class WholePerson:
    """The person: `customer` and `absorbed`, `words` that must be gone afterwards, `kinds` of which rows stand."""

    def __init__(self, actor: Actor) -> None:
        """Enter somebody, and somebody else who turns out to be the same."""
        self.actor = actor
        self.words: list[str] = [NAME, PHONE.removeprefix("+86")]
        self.kinds: set[str] = set()
        self.count = 0
        points = [{"kind": "phone", "value": PHONE}]
        entered = create_customer(actor=actor, values={"name": NAME, "kind": "person"}, contact_points=points)
        self.customer = Customer.objects.get(pk=entered.pk)
        twin = create_customer(actor=actor, values={"name": self.word("孪"), "kind": "person", "note": self.word("记")})
        joining.merge_customers(actor=actor, keep_id=self.customer.pk, absorb_ids=[twin.pk])
        self.absorbed = twin
        self.other = create_customer(actor=actor, values={"name": "李雷", "kind": "person"})
        rows = Customer.objects.filter(pk__in=[self.customer.pk, self.other.pk])
        for city in ("同城一", "同城二"):
            bulk_changes.bulk_update_customers(actor=actor, queryset=rows, values={"city": city})
        for statement in holdings.statements():
            self.fill(statement)
        for key in PLACES:
            PLACES[key](self)
        # What would stand in the way of an erasure.
        Hold.objects.update(released_at=clock.now())
        Erasure.objects.update(state=WorkState.DONE)

    def word(self, mark: str = "痕") -> str:
        """A word that stands nowhere else."""
        self.count += 1
        found = f"{mark}{self.count:03d}秘密{self.count * 7919 % 9973}"
        self.words.append(found)
        return found

    def fill(self, statement: Statement) -> None:
        """A row of a kind that tells something in each of its columns; what is on record already is told more of."""
        rows = holdings.rows_of(statement, [self.customer.pk])
        row = rows.first() if statement.customer == "pk" or statement.erasing == Erasing.KEEP else None
        with changes.operation(actor=self.actor, name="test.fill") as op:
            if row is None:
                row = op.create(self.build(statement.model, statement))
            told = {f.name: self.told(f) for f in self.telling(statement)}
            told = {name: value for name, value in told.items() if value is not None}
            # Written twice, so that the journal holds an earlier value of each; of secrets it holds none.
            op.update(row, **told)
            again = [column for column in self.telling(statement) if not is_secret(column.name)]
            op.update(row, **{name: v for f in again if (v := self.told(f)) and (name := f.name)})
            if statement.customer == "pk":
                self.earlier = row.name
                op.update(row, name=NAME)
        self.kinds.add(statement.label)

    def telling(self, statement: Statement) -> Iterator[Any]:
        """The columns that an erasure takes away."""
        for column in holdings.stated_fields(statement):
            held = statement.holding(column.name)
            goes = statement.erasing in {Erasing.DELETE, Erasing.BLANK} or (
                statement.erasing == Erasing.PSEUDONYM and held is not None and held.category in TOLD_APART
            )
            if held is not None and held.of != Whose.USER and goes and not column.is_relation:
                yield column

    def told(self, column: Any) -> Any:
        """Something for a column to say; None where it can hold no words."""
        if column.choices or column.primary_key:
            return None
        if isinstance(column, models.JSONField):
            return [self.word()] if column.get_default() == [] else {"word": self.word()}
        if isinstance(column, models.CharField | models.TextField):
            limit = column.max_length or 100
            return self.word() if limit >= 14 else None
        if isinstance(column, models.DateField) and not isinstance(column, models.DateTimeField):
            self.count += 1
            day = date(1890 + self.count % 30, 1 + self.count % 12, 1 + self.count % 28)
            self.words.append(day.isoformat())
            return day
        return None

    def build(self, model: Any, statement: Statement | None = None) -> Any:
        """An unsaved row with whatever its columns must hold."""
        values: dict[str, Any] = {}
        mine = {path.partition("__")[0] for path in statement.customer.split()} if statement else set()
        for column in model._meta.concrete_fields:
            if column.name in mine:
                values[column.name] = self.owner_of(column)
            elif column.is_relation and not column.null:
                values[column.name] = self.some(column.related_model)
            elif not column.has_default() and not column.null and not column.blank and not column.primary_key:
                values[column.name] = self.needed(column)
        if statement is not None and statement.label == "customers.Relation":
            values |= {"subject": self.customer, "object": self.other}
        if statement is not None and statement.label == "customers.Consent":
            values["first_customer_id"] = self.customer.pk
        return model(**values)

    def owner_of(self, column: Any) -> Any:
        """The person, or the row of the person that this one hangs on."""
        if not column.is_relation:
            return self.customer.pk
        if column.related_model is Customer:
            return self.customer
        statement = next(s for s in holdings.statements() if s.model is column.related_model)
        row = holdings.rows_of(statement, [self.customer.pk]).first()
        if row is None:
            row = self.build(statement.model, statement)
            row.save()
        return row

    def some(self, model: Any) -> Any:
        """A row of another model, whichever."""
        if model is User:
            return User.objects.get(pk=self.actor.user_id)
        if model is Customer:
            return self.other
        row = model._base_manager.first()
        if row is None:
            row = self.build(model)
            row.save()
        return row

    def needed(self, column: Any) -> Any:
        """Something for a column that may not be empty."""
        if column.choices:
            return next(value for value, _label in column.flatchoices if value not in ("", None))
        if isinstance(column, models.DateTimeField):
            return clock.now()
        if isinstance(column, models.DateField):
            return clock.today()
        if isinstance(column, models.IntegerField | models.DecimalField):
            return 1
        if isinstance(column, models.CharField | models.TextField):
            return "CNY" if column.max_length == 3 else f"x{self.count}"[: column.max_length]
        return False

    @property
    def person(self) -> Person:
        """As erasers know the person."""
        return holdings.person_of(self.customer.pk)


def _import(whole: WholePerson) -> Import:
    """An import that brought the person up to date, with a refused row and a mended cell."""
    run = Import.objects.create(
        target="customers", source="shop", state="in_force", file_name="a.csv", by_name="x", means="cli",
        created_at=clock.now(), operation=Operation.objects.filter(name="test.fill").first(),
        corrections={"3": {"name": NAME}},
    )  # fmt: skip
    folder_of(run.pk).refused.parent.mkdir(parents=True, exist_ok=True)
    with RefusalFile(folder_of(run.pk).refused, ["external_id", "name", "phone"]) as refused:
        refused.add(2, "phone", "no phone", ["9", NAME, "13912345678"])
    before, after = whole.word("旧"), whole.word("新")
    ImportUpdate.objects.create(
        import_run=run, kind="customer", record_id=whole.customer.pk, field="note", before=before, after=after
    )
    return run


def _bulk_run(whole: WholePerson) -> None:
    """A bulk act whose choice names the person."""
    BulkRun.objects.create(
        list_key="customers", action="assign", query=f"q={NAME}", given=json.dumps({"name": whole.earlier}, ensure_ascii=False),
        user_id=whole.actor.user_id, rows_total=1, asked_at=clock.now(), state="done",
    )  # fmt: skip


def _answer(whole: WholePerson) -> None:
    """An answer kept for a program."""
    user = User.objects.get(pk=whole.actor.user_id)
    token, _key = create_token(actor=system_actor(), user=user, scope="read")
    body = json.dumps({"name": NAME}, ensure_ascii=False).encode()
    KeptAnswer.objects.create(token=token, key="k", digest="d", status=200, body=body, at=clock.now())


def _echo(whole: WholePerson) -> None:
    """What the receiver of a webhook answered."""
    endpoint, _secret = create_endpoint(actor=whole.actor, label="x", url="https://example.com/hook")
    message = whole.build(WebhookMessage)
    message.endpoint = endpoint
    message.save()
    WebhookAttempt.objects.create(message=message, at=clock.now(), took_ms=1, status=200, answer=f"thanks, {NAME}")


def _task(whole: WholePerson) -> None:
    """A task about the person."""
    about = RecordRef("customer", whole.customer.pk)
    values = {"title": whole.word("事"), "note": whole.word("注"), "about": about}
    create_task(actor=whole.actor, values=values)


def _file(whole: WholePerson) -> None:
    """A file of the person's record."""
    content = io.BytesIO(whole.word("卷").encode())
    name = f"{whole.word('名')}.txt"
    stored = receive(content)
    store(actor=whole.actor, name=name, source=stored, record_kind="customer", record_id=whole.customer.pk)


def _tag(whole: WholePerson) -> None:
    """A tag that nobody else has, and one that the person had for a while."""
    for name in (whole.word("签"), whole.word("签")):
        update_customer(actor=whole.actor, customer_id=whole.customer.pk, values={"tags": [name]})


def _stored(whole: WholePerson, kind: str, record_id: int) -> Any:
    """A file that hangs on a record of the person's."""
    name = f"{whole.word('名')}.eml"
    content = receive(io.BytesIO(whole.word("卷").encode()))
    return store(actor=whole.actor, name=name, source=content, record_kind=kind, record_id=record_id)


def _conversation(whole: WholePerson) -> None:
    """What was said: the mail as it came, a file with it, the words by which the conversation is found."""
    messages = apps.get_model("conversations.Message").objects.filter(customer=whole.customer)
    message = messages.latest("pk")
    messages.filter(pk=message.pk).update(raw_file=_stored(whole, "message", message.pk))
    _stored(whole, "message", message.pk)
    refresh("conversation", [message.conversation_id])


def _case(whole: WholePerson) -> None:
    """A case with evidence of a complaint in a file, and the words by which the case is found."""
    evidences = apps.get_model("service.Evidence").objects.filter(complaint__case__customer=whole.customer)
    evidence = evidences.latest("pk")
    case_id = evidence.complaint.case_id
    evidences.filter(pk=evidence.pk).update(file=_stored(whole, "case", case_id))
    refresh("case", [case_id])


# What makes each further place hold something of the person; a test fails on an eraser without one.
PLACES: dict[str, Any] = {
    "importing.updates": _import,
    "importing.refused": lambda whole: None,
    "importing.corrections": lambda whole: None,
    "ui.bulk_runs": _bulk_run,
    "integration.answers": _answer,
    "integration.echoes": _echo,
    "tasks.about": _task,
    "customers.tags": _tag,
    "files": _file,
    "conversations.search": _conversation,
    "service.search": _case,
}


def standing(words: list[str]) -> list[str]:
    """Which words stand in which table of the database."""
    found = []
    for line in dumped().split("\n"):
        found += [f"{word} in {line[:80]}" for word in words if word in line]
    return found


def dumped() -> str:
    """Every text in every table of the database, models or not, a row to a line, after the name of its table."""
    found = []
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")
            for row in cursor.fetchall():
                cells = " | ".join(_plain(value) for value in row)
                found.append(f"{table}: " + cells.replace("\n", " "))
    return "\n".join(found)


def _plain(value: Any) -> str:
    """A value as text."""
    if isinstance(value, bytes | memoryview):
        return bytes(value).decode("utf-8", "ignore")
    if isinstance(value, str) and "\\u" in value:
        return value.encode("ascii", "ignore").decode("unicode_escape", "ignore")
    if isinstance(value, dict | list):
        return json.dumps(value, ensure_ascii=False, default=str)
    return str(value)


def in_files(words: list[str]) -> list[str]:
    """Which words stand in any file of the data folder but the database itself and what was put away as backup."""
    found = []
    for path in Path(settings.DATA_DIR).rglob("*"):
        if path.is_file() and ".sqlite3" not in path.name:
            content = path.read_bytes()
            found += [f"{word} in {path.name}" for word in words if word.encode() in content]
    return found
