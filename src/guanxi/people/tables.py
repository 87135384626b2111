"""The list of users."""

from typing import Any

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.translation import get_language, gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from guanxi.core.actor import Actor
from guanxi.core.models import Department
from guanxi.people import queries, services
from guanxi.people.signing_in.confirming import unless_confirmed
from guanxi.ui import cells, editing, filters, html, lists
from guanxi.ui.tables import Column, Table

MANAGE = ("user", "manage")
ACTIVE = ((True, _("May sign in")), (False, _("Disabled")))


def _name_cell(row: cells.Row, context: cells.Context) -> str:
    """The person with their sign."""
    shown = row["name"] or row["username"]
    return f'{html.avatar(shown, row["id"], "avatar-s")} <a href="{context.url(row["id"])}">{html.escape(shown)}</a>'


def _role_cell(row: cells.Row, context: cells.Context) -> str:
    """The role in the reader's language."""
    return html.badge(_role_name(row), "accent" if row["role__key"] == services.OWNER else "neutral")


def _role_name(row: cells.Row) -> str:
    """The role in the reader's language."""
    return str(row["role__name_zh"] if (get_language() or "").startswith("zh") else row["role__name_en"])


def _department_words(department: Department | None) -> str:
    """Where somebody works; a department that is closed by now says so."""
    if department is None:
        return cells.NOTHING
    closed = f' <small class="nothing">{html.escape(gettext("closed"))}</small>' if department.is_closed else ""
    return f"{html.escape(department.name)}{closed}"


def _active_cell(row: cells.Row, context: cells.Context) -> str:
    """Whether the person may sign in."""
    return html.badge(_("May sign in"), "success") if row["is_active"] else html.badge(_("Disabled"), "neutral")


def _save(*, actor: Actor, record_id: int, field: str, value: Any) -> int:
    """Change one field in place."""
    return services.update_user(actor=actor, user_id=record_id, **{field: value})


def _load(actor: Actor, record_id: int) -> Any:
    """One user, or NotFound."""
    return queries.user(actor, record_id)


def _search(queryset: QuerySet[Any], text: str, actor: Actor) -> QuerySet[Any]:
    """Users whose names or address have the text."""
    return queryset.filter(Q(username__icontains=text) | Q(name__icontains=text) | Q(email__icontains=text))


editing.register(
    editing.EditableRecord(
        kind="user",
        load=_load,
        save=_save,
        fields=[
            editing.Field("name", pgettext_lazy("person", "Name"), permission=MANAGE),
            editing.Field("email", _("E-mail"), permission=MANAGE, first=unless_confirmed),
            editing.Field(
                "role",
                _("Role"),
                "choice",
                options=lambda actor: queries.role_choices(),
                required=True,
                permission=MANAGE,
                first=unless_confirmed,
            ),
            editing.Field(
                "department",
                _("Department"),
                "choice",
                options=lambda actor: [(number, name) for number, name in queries.department_choices() if number != ""],
                show=lambda user, context: _department_words(user.department),
                permission=MANAGE,
                first=unless_confirmed,
            ),
            editing.Field("is_active", _("May sign in"), "boolean", permission=MANAGE, first=unless_confirmed),
        ],
    )
)

TABLE = Table(
    columns=[
        Column("name", pgettext_lazy("person", "Name"), ("name", "username"), _name_cell, sort="username", fixed=True),
        Column("username", _("User name"), ("username",), cells.text("username"), sort="username"),
        Column(
            "role",
            _("Role"),
            ("role_id", "role__key", "role__name_en", "role__name_zh"),
            _role_cell,
            sort="role_id",
            edit="role",
            group=True,
            choices=lambda actor: queries.role_choices(),
            value=_role_name,
        ),
        Column(
            "department",
            _("Department"),
            ("department__name",),
            cells.text("department__name"),
            sort="department__path",
            nullable=True,
        ),
        Column("email", _("E-mail"), ("email",), cells.text("email"), sort="email", edit="email"),
        Column("is_active", _("May sign in"), ("is_active",), _active_cell, sort="is_active", edit="is_active"),
        Column(
            "last_login",
            _("Last signed in"),
            ("last_login",),
            cells.moment("last_login"),
            sort="last_login",
            nullable=True,
        ),
        Column("joined", _("Since"), ("date_joined",), cells.moment("date_joined"), sort="date_joined", hidden=True),
    ],
    default_sort="name",
)

USERS = lists.register(
    lists.ListPage(
        key="users",
        kind="user",
        title=_("Users"),
        icon="users",
        queryset=lambda actor: queries.users(actor),
        table=TABLE,
        filters=[
            filters.Choice("role", _("Role"), "role_id", choices=queries.role_choices, has_empty=False),
            filters.Boolean("is_active", _("May sign in"), "is_active"),
            filters.Date("last_login", _("Last signed in"), "last_login", is_moment=True),
        ],
        views=[lists.StandardView("active", _("May sign in"), {"is_active": "yes"})],
        url_name="people:users",
        permission=("user", "manage"),
        record_url=lambda user_id: reverse("people:user", args=[user_id]),
        search=_search,
        search_hint=_("Find a user"),
        create_url_name="people:user_create",
        back_url_name="ui:settings",
        back_label=_("Settings"),
        create_label=_("New user"),
        board_by=("role",),
    )
)
