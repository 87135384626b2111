"""A list of users to try the screens on, and people to try them with."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.db.models import Count
from django.test import Client
from django.utils import timezone

from guanxi.core import changes
from guanxi.core.access import require
from guanxi.core.actor import Actor
from guanxi.core.errors import NotFound
from guanxi.core.models import Role, User
from guanxi.ui import cells, editing, filters, html, lists
from guanxi.ui.tables import Column, Sum, Table

KINDS = (("red", "Red"), ("green", "Green"), ("blue", "Blue"))
PREFIX = "row-"


def _rows(actor: Actor) -> Any:
    """The rows of the list: users made by the tests, open to those who may see users."""
    found = User.objects.filter(username__startswith=PREFIX)
    return found if actor.scope("testrow", "view") else found.none()


def _load(actor: Actor, record_id: int) -> User:
    """One row, or NotFound."""
    found = _rows(actor).filter(pk=record_id).first()
    if found is None:
        raise NotFound("no such row")
    return found


def _save(*, actor: Actor, record_id: int, field: str, value: Any) -> Any:
    """Change one field."""
    require(actor, "testrow", "change")
    with changes.operation(actor=actor, name="test.change") as op:
        op.update(_load(actor, record_id), **{field: value or ""})
    return op


def _paint(*, actor: Actor, queryset: Any, count: int, data: dict[str, Any]) -> lists.Outcome:
    """Write a colour into every row."""
    with changes.operation(actor=actor, name="test.paint") as op:
        for row in queryset:
            op.update(row, theme=data.get("colour", "blue"))
    return lists.Outcome(f"{count} painted", op.id)


TABLE = Table(
    columns=[
        Column("name", "Name", ("name",), cells.link("name"), sort="name", fixed=True, edit="name"),
        Column(
            "colour",
            "Colour",
            ("theme",),
            cells.badge("theme", KINDS),
            sort="theme",
            group=True,
            choices=KINDS,
            edit="theme",
        ),
        Column("email", "E-mail", ("email",), cells.text("email"), sort="email", group=True),
        Column("seen", "Seen", ("last_login",), cells.moment("last_login"), sort="last_login", nullable=True),
        Column("secret", "Secret", ("timezone",), cells.text("timezone"), permission=("testrow", "manage")),
        Column("joined", "Joined", ("date_joined",), cells.moment("date_joined"), hidden=True),
    ],
    default_sort="name",
    sums=[Sum("colour", Count("id"), lambda value, context: f"{value} counted")],
)


@pytest.fixture(scope="session", autouse=True)
def page() -> Iterator[lists.ListPage]:
    """The list."""
    editing.register(
        editing.EditableRecord(
            kind="testrow",
            load=_load,
            save=_save,
            fields=[
                editing.Field("name", "Name", required=True),
                editing.Field("theme", "Colour", "choice", choices=KINDS),
            ],
        )
    )
    yield lists.register(
        lists.ListPage(
            key="testrows",
            kind="testrow",
            title="Rows",
            queryset=_rows,
            table=TABLE,
            url_name="home",
            filters=[
                filters.Text("name", "Name", "name"),
                filters.Choice("colour", "Colour", "theme", choices=KINDS),
                filters.Date("seen", "Seen", "last_login", is_moment=True),
                filters.Boolean("active", "Active", "is_active"),
            ],
            views=[lists.StandardView("reds", "Reds", {"colour": "red"}, sort="-name")],
            record_url=lambda record_id: f"/rows/{record_id}",
            peek=lambda request, record_id: html.safe(f"<p>{html.escape(_load(request.actor, record_id).name)}</p>"),  # type: ignore[attr-defined]
            search=lambda queryset, text, actor: queryset.filter(name__icontains=text),
            bulk_actions=[lists.BulkAction("paint", "Paint", _paint, permission=("testrow", "change"))],
            board_by=("colour",),
            page_size=10,
        )
    )
    editing.kinds._items.pop("testrow")
    lists.pages._items.pop("testrows")


@pytest.fixture
def make_rows(db: None) -> Any:
    """`make_rows([{...}, ...])` makes rows."""

    def make(rows: list[dict[str, Any]]) -> list[User]:
        role = Role.objects.get(key="agent")
        start = User.objects.count()
        made = [
            User(username=f"{PREFIX}{start + number}", role=role, date_joined=timezone.now(), **row)
            for number, row in enumerate(rows)
        ]
        return User.objects.bulk_create(made)

    return make


@pytest.fixture
def enter(db: None) -> Any:
    """`enter("owner")` gives a client signed in as somebody with that role."""

    def sign_in(role: str, name: str = "") -> Client:
        user = User.objects.create_user(name or f"user-{role}", "x", role=Role.objects.get(key=role))
        client = Client()
        client.force_login(user)
        client.user = user  # type: ignore[attr-defined]
        return client

    return sign_in
