"""The ranked list of possible duplicates: columns, filters, acts on many."""

from typing import Any

from django import forms
from django.db.models import F, QuerySet
from django.utils.translation import gettext_lazy, ngettext

from guanxi.core.actor import Actor
from guanxi.core.addresses import address_of
from guanxi.customers.choices import CustomerKind
from guanxi.customers.duplicates import queries, reasons, services
from guanxi.customers.lists import customer_url
from guanxi.customers.services.merging.pairs import merge_pairs
from guanxi.ui import cells, filters, lists
from guanxi.ui.forms import RecordForm
from guanxi.ui.html import escape, link
from guanxi.ui.tables import Column, Table

SAID = 3


def pair_url(pair_id: int) -> str:
    """The page on which two customers stand side by side."""
    return address_of("customers:duplicate", str(pair_id))


def _queryset(actor: Actor) -> QuerySet[Any]:
    """The pairs that are open to the actor and not decided."""
    return queries.pairs_open_to(actor).annotate(percent=100 * F("score"))


def _score_cell(row: cells.Row, context: cells.Context) -> str:
    """The likelihood, leading to the comparison."""
    return link(context.url(row["id"]), f"{min(99, round(100 * row['score']))} %")


def _side(which: str) -> Any:
    """A cell with one of the two."""

    def cell(row: cells.Row, context: cells.Context) -> str:
        """Its name, leading to its page."""
        return link(customer_url(row[f"{which}_id"]), row[f"{which}__name"])

    return cell


def _reasons_cell(row: cells.Row, context: cells.Context) -> str:
    """What speaks for one customer, and the strongest that speaks against."""
    speaks, against = reasons.for_and_against(row["findings"])
    told = "".join(f"<li>{escape(words)}</li>" for words in speaks[:SAID])
    told += "".join(f'<li class="text-secondary">{escape(words)}</li>' for words in against[:1])
    return f'<ul class="reasons">{told}</ul>'


def _reasons_value(row: cells.Row) -> str:
    """The same for a file."""
    return "; ".join(reasons.for_and_against(row["findings"])[0])


TABLE = Table(
    columns=[
        Column(
            "score", gettext_lazy("Likelihood"), ("score",), _score_cell, sort="bits", fixed=True, align="end",
            value=lambda row: round(row["score"], 4),
            definition=gettext_lazy("How likely both are one customer, by what agrees and what differs."),
        ),
        Column("first", gettext_lazy("Customer"), ("first_id", "first__name"), _side("first"), value=lambda row: row["first__name"]),
        Column("second", gettext_lazy("May be the same"), ("second_id", "second__name"), _side("second"), value=lambda row: row["second__name"]),
        Column("reasons", gettext_lazy("Reasons"), ("findings",), _reasons_cell, value=_reasons_value),
        Column("kind", gettext_lazy("Kind"), ("first__kind",), cells.badge("first__kind", CustomerKind.choices)),
        Column("found", gettext_lazy("Found"), ("found_at",), cells.moment("found_at"), hidden=True),
    ],
    default_sort="-score",
)  # fmt: skip


class ReasonForm(RecordForm):
    """Why the customers are not the same."""

    reason = forms.CharField(
        label=gettext_lazy("Why (need not be given)"), required=False, max_length=services.REASON_LIMIT
    )


def _not_the_same(*, actor: Actor, queryset: QuerySet[Any], count: int, data: dict[str, Any]) -> lists.Outcome:
    """Note that the customers of the selected pairs are not the same."""
    pairs = queryset.values_list("first_id", "second_id")
    made, operation = services.decide_many_different(actor=actor, pairs=pairs, reason=data["reason"])
    words = ngettext("%(count)d pair is noted as two customers.", "%(count)d pairs are noted as two customers.", made)
    return lists.Outcome(words % {"count": made}, operation, count=made)


def _merge(*, actor: Actor, queryset: QuerySet[Any], count: int, data: Any) -> lists.Outcome:
    """Merge the selected pairs; those that hang together become one customer, those that may not be merged stay."""
    done = merge_pairs(actor=actor, pairs=list(queryset.order_by("-bits").values_list("first_id", "second_id")))
    words = ngettext("%(count)d pair is merged.", "%(count)d pairs are merged.", done.count) % {"count": done.count}
    if done.refused:
        refused = ngettext(
            "%(count)d pair is not: %(reason)s", "%(count)d pairs are not: %(reason)s", len(done.refused)
        )
        words = f"{words} {refused % {'count': len(done.refused), 'reason': done.refused[0][2]}}"
    return lists.Outcome(words, done.operation_id, count=done.count)


PAGE = lists.register(
    lists.ListPage(
        key="duplicates",
        kind="customer",
        title=gettext_lazy("Duplicates"),
        icon="copy",
        queryset=_queryset,
        table=TABLE,
        url_name="customers:duplicates",
        filters=[
            filters.Number("percent", gettext_lazy("Likelihood (%)"), "percent"),
            filters.Choice("kind", gettext_lazy("Kind"), "first__kind", choices=CustomerKind.choices, has_empty=False),
            filters.Text("name", gettext_lazy("Name"), "first__name"),
        ],
        views=[
            lists.StandardView("likely", gettext_lazy("Very likely"), {"percent": "95.."}),
            lists.StandardView("unsure", gettext_lazy("To be looked at"), {"percent": "30..95"}),
            lists.StandardView("organisations", gettext_lazy("Organisations"), {"kind": "organisation"}),
        ],
        record_url=pair_url,
        bulk_actions=[
            lists.BulkAction(
                "merge",
                gettext_lazy("Merge"),
                _merge,
                "git-merge",
                permission=("customer", "merge"),
                confirm=gettext_lazy(
                    "Merge the selected pairs? Of each the one with more orders remains, then the more complete, then the "
                    "older. Every merge can be taken back, one by one or all together."
                ),
                limit=500,
            ),
            lists.BulkAction(
                "different", gettext_lazy("Not the same"), _not_the_same, "circle-x", ReasonForm, ("customer", "change")
            ),
        ],
        actions_template="customers/duplicates/actions.html",
        back_url_name="customers:list",
        back_label=gettext_lazy("Customers"),
        empty=lists.Empty(
            gettext_lazy("No possible duplicates"),
            gettext_lazy(
                "When two records may be one customer they stand here, the most likely first, each with its reasons."
            ),
            icon="copy",
        ),
    )
)
