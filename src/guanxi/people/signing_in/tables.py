"""The list of all attempts to sign in."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from guanxi.people.models.signing_in import Means, Outcome, Second
from guanxi.people.signing_in import queries
from guanxi.ui import cells, filters, html, lists
from guanxi.ui.tables import Column, Table

DONE = frozenset({Outcome.SIGNED_IN.value, Outcome.RESET_ASKED.value, Outcome.PASSWORD_RESET.value})
TONES = dict.fromkeys(Outcome.values, "warning") | {Outcome.SIGNED_IN: "success"}


def _user_cell(row: cells.Row, context: cells.Context) -> str:
    """The person, leading to their page; nothing where the name was nobody's."""
    if row["user_id"] is None:
        return cells.NOTHING
    name = row["user__name"] or row["user__username"]
    return html.link(reverse("people:user", args=[row["user_id"]]), name)


def _agent_cell(row: cells.Row, context: cells.Context) -> str:
    """The browser in words, all it says of itself on hover."""
    return f'<span title="{html.escape(row["agent"])}">{html.escape(queries.device_of(row["agent"]))}</span>'


def _user_words(row: cells.Row) -> Any:
    """The person's name, for a file."""
    return row["user__name"] or row["user__username"] or ""


TABLE = Table(
    columns=[
        Column("at", pgettext_lazy("moment", "When"), ("at",), cells.moment("at"), sort="at", fixed=True),
        Column(
            "user",
            _("User"),
            ("user_id", "user__name", "user__username"),
            _user_cell,
            value=_user_words,
        ),
        Column(
            "outcome",
            _("Outcome"),
            ("outcome",),
            cells.badge("outcome", Outcome.choices, TONES),
            choices=Outcome.choices,
        ),
        Column("means", _("Means"), ("means",), cells.badge("means", Means.choices), choices=Means.choices),
        Column(
            "second", _("Second factor"), ("second",), cells.badge("second", Second.choices), choices=Second.choices
        ),
        Column("address", pgettext_lazy("network", "Address"), ("address",), cells.text("address")),
        Column("agent", _("Browser"), ("agent",), _agent_cell),
    ],
    default_sort="-at",
)

SIGN_INS = lists.register(
    lists.ListPage(
        key="sign_ins",
        kind="user",
        title=_("Sign-in history"),
        icon="history",
        queryset=queries.sign_ins,
        table=TABLE,
        filters=[
            filters.Choice("outcome", _("Outcome"), "outcome", choices=Outcome.choices, has_empty=False),
            filters.Choice("means", _("Means"), "means", choices=Means.choices, has_empty=False),
            filters.Choice("second", _("Second factor"), "second", choices=Second.choices),
            filters.Text("address", pgettext_lazy("network", "Address"), "address", lookup="istartswith"),
            filters.Text("agent", _("Browser"), "agent"),
            filters.Date("at", pgettext_lazy("moment", "When"), "at", is_moment=True),
        ],
        views=[
            lists.StandardView(
                "failures",
                _("Failures"),
                {"outcome": ",".join(value for value in Outcome.values if value not in DONE)},
            )
        ],
        url_name="people:sign_ins",
        permission=("user", "manage"),
        search=lambda found, text, actor: (
            found.filter(user__username__icontains=text) | found.filter(user__name__icontains=text)
        ),
        search_hint=_("Find a user"),
        back_url_name="ui:settings",
        back_label=_("Settings"),
    )
)
