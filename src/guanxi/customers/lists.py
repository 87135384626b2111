"""The list of customers: columns, filters, views, acts on many."""

from decimal import Decimal
from typing import Any

from django import forms
from django.db.models import F, OuterRef, QuerySet, Subquery
from django.db.models import Sum as TotalOf
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext, gettext_lazy, ngettext

from guanxi.core import masking, money
from guanxi.core.actor import Actor
from guanxi.core.addresses import address_of
from guanxi.core.errors import InvalidInput
from guanxi.core.expressions import JoinedText
from guanxi.core.ids import public_id
from guanxi.customers import exporting, identifiers
from guanxi.customers import filters as own_filters
from guanxi.customers.choices import AbcClass, ContactKind, CustomerKind, CustomerStatus, Level, Position, Tier
from guanxi.customers.models import ContactPoint, Customer, CustomerTag
from guanxi.customers.privacy.filters import ConsentFilter
from guanxi.customers.queries import parts
from guanxi.customers.services import bulk_changes
from guanxi.customers.strokes import strokes_of
from guanxi.ui import cells, filters, lists
from guanxi.ui.forms import RecordForm
from guanxi.ui.html import badge, escape, icon
from guanxi.ui.tables import Column, Sum, Table

KIND_ICONS = {CustomerKind.PERSON: "user", CustomerKind.ORGANISATION: "building-2", CustomerKind.INTERNAL: "house"}
SCORES = tuple((str(n), str(n)) for n in range(5, 0, -1))
TIERS = (*Tier.choices, ("", gettext_lazy("Not measured")))
SEPARATOR = JoinedText.SEPARATOR
NUMBER = "standing__customer"
MOST_COMPARED = 5


def customer_url(customer_id: int) -> str:
    """The record page of a customer."""
    return address_of("customers:show", public_id("cus", customer_id))


def _queryset(actor: Actor) -> QuerySet[Any]:
    """The customers that the actor may see, each with its standing."""
    return Customer.objects.visible_to(actor).filter(standing__isnull=False)


def _first(kind: str) -> Subquery:
    """The primary contact point of a kind."""
    points = ContactPoint.objects.filter(customer=OuterRef("pk"), kind=kind).order_by("-is_primary", "position", "id")
    return Subquery(points.values("normalised")[:1])


def _tag_names() -> Subquery:
    """The names of the tags in one text."""
    tags = CustomerTag.objects.filter(customer=OuterRef("pk")).order_by().values("customer")
    return Subquery(tags.annotate(names=JoinedText(F("tag__name"))).values("names"))


def _name_cell(row: cells.Row, context: cells.Context) -> str:
    """The name with the sign of its kind, leading to the record."""
    kind = row["kind"]
    sign = context.memo.get(("kind", kind))
    if sign is None:
        words = escape(dict(CustomerKind.choices).get(kind, kind))
        sign = context.memo[("kind", kind)] = (
            f'<span class="kind-sign" title="{words}">{icon(KIND_ICONS.get(kind, "user"))}</span>'
        )
    title = f' <span class="text-secondary">{escape(row["title"])}</span>' if row["title"] else ""
    return f'{sign} <a href="{context.url(row["id"])}">{escape(row["name"])}</a>{title}'


def _strokes(row: cells.Row) -> int | None:
    """The strokes of the first character of the name."""
    return strokes_of(row["name"][:1])


def _strokes_cell(row: cells.Row, context: cells.Context) -> str:
    """The same, as a cell."""
    count = _strokes(row)
    return cells.NOTHING if count is None else str(count)


def _phone_cell(row: cells.Row, context: cells.Context) -> str:
    """The first phone number, masked."""
    return escape(identifiers.mask_phone(row["first_phone"])) if row["first_phone"] else cells.NOTHING


def _email_cell(row: cells.Row, context: cells.Context) -> str:
    """The first e-mail address, masked."""
    return escape(identifiers.mask_email(row["first_email"])) if row["first_email"] else cells.NOTHING


def _tags_cell(row: cells.Row, context: cells.Context) -> str:
    """The tags as labels."""
    names = sorted((row["tag_names"] or "").split(SEPARATOR))
    return " ".join(badge(name) for name in names if name) or cells.NOTHING


def _rfm_cell(row: cells.Row, context: cells.Context) -> str:
    """The three scores."""
    scores = [row[f"standing__{key}"] for key in "rfm"]
    return cells.NOTHING if scores[0] is None else "-".join(map(str, scores))


def _plain_amount(row: cells.Row) -> Decimal | None:
    """The net revenue as a number, for export."""
    if row["standing__net_revenue_minor"] is None:
        return None
    return money.from_minor(row["standing__net_revenue_minor"], row["standing__currency"] or "XXX")


def _total(value: Any, context: cells.Context) -> str:
    """The sum of the net revenue."""
    return cells.format_amount(value or 0, context.currency, context.language)


def _labelled(choices: Any, path: str) -> Any:
    """A function that gives the words of a choice, for export."""
    words = dict(choices)

    def value(row: cells.Row) -> str:
        """The words now."""
        return str(words.get(row[path], row[path] or ""))

    return value


TABLE = Table(
    columns=[
        Column("name", gettext_lazy("Name"), ("name", "kind", "title"), _name_cell, sort="sort_key", fixed=True, edit="name", file_mask=masking.name),
        Column("strokes", gettext_lazy("Strokes"), ("name",), _strokes_cell, sort="stroke_key", hidden=True, align="end",
               value=_strokes, definition=gettext_lazy("Strokes of the first character; sorts the names as a printed register does")),
        Column("tier", gettext_lazy("Tier"), ("standing__tier",), cells.badge("standing__tier", Tier.choices),
               sort="standing__net_revenue_minor", tie=NUMBER, group=True, choices=TIERS, value=_labelled(Tier.choices, "standing__tier")),
        Column("net_revenue", gettext_lazy("Net revenue"), ("standing__net_revenue_minor", "standing__currency"),
               cells.money("standing__net_revenue_minor", "standing__currency"), sort="standing__net_revenue_minor", tie=NUMBER,
               align="end", value=_plain_amount, currency="standing__currency",
               definition=gettext_lazy("All order lines of the customer, fees and adjustments included, returns taken off.")),
        Column("abc", "ABC", ("standing__abc",), cells.badge("standing__abc", [(c, c) for c in "ABC"]),
               group=True, choices=tuple(AbcClass.choices)),
        Column("orders", gettext_lazy("Orders"), ("standing__order_count",), cells.number("standing__order_count"),
               sort="standing__order_count", tie=NUMBER, align="end"),
        Column("last_order", gettext_lazy("Last order"), ("standing__last_on",), cells.day("standing__last_on"),
               sort="standing__last_on", tie=NUMBER, nullable=True),
        Column("owner", gettext_lazy("Owner"), ("owner__name", "owner__username"), lambda row, context: escape(row["owner__name"] or row["owner__username"]) or cells.NOTHING,
               edit="owner", value=lambda row: row["owner__name"] or row["owner__username"] or ""),
        Column("city", gettext_lazy("City"), ("city",), cells.text("city"), sort="city", edit="city"),
        Column("tags", gettext_lazy("Tags"), ("tag_names",), _tags_cell, edit="tags",
               annotations=lambda: {"tag_names": _tag_names()},
               value=lambda row: "、".join(sorted((row["tag_names"] or "").split(SEPARATOR))) if row["tag_names"] else ""),
        Column("id", gettext_lazy("Customer number"), ("id",), lambda row, context: escape(public_id("cus", row["id"])),
               hidden=True, value=lambda row: public_id("cus", row["id"])),
        Column("kind", gettext_lazy("Kind"), ("kind",), cells.badge("kind", CustomerKind.choices), group=True,
               choices=tuple(CustomerKind.choices), hidden=True, value=_labelled(CustomerKind.choices, "kind")),
        Column("position", gettext_lazy("Place in the chain"), ("position",), cells.badge("position", Position.choices), group=True,
               choices=(*Position.choices, ("", "–")), hidden=True, edit="position", value=_labelled(Position.choices, "position")),
        Column("status", gettext_lazy("Status"), ("status",), cells.badge("status", CustomerStatus.choices), group=True,
               choices=tuple(CustomerStatus.choices), hidden=True, edit="status", value=_labelled(CustomerStatus.choices, "status")),
        Column("level", gettext_lazy("Level"), ("standing__level",), cells.badge("standing__level", Level.choices), group=True,
               choices=(*Level.choices, ("", gettext_lazy("Not measured"))), hidden=True, value=_labelled(Level.choices, "standing__level")),
        Column("rfm", "RFM", ("standing__r", "standing__f", "standing__m"), _rfm_cell, hidden=True,
               definition=gettext_lazy("Scores from 1 to 5 for recency, frequency and money."),
               value=lambda row: "" if row["standing__r"] is None else f"{row['standing__r']}{row['standing__f']}{row['standing__m']}"),
        Column("recency", gettext_lazy("Days since the last order"), ("standing__recency_days",), cells.number("standing__recency_days"),
               hidden=True, align="end"),
        Column("first_order", gettext_lazy("First order"), ("standing__first_on",), cells.day("standing__first_on"), hidden=True),
        Column("phone", gettext_lazy("Telephone"), ("first_phone",), _phone_cell, hidden=True, annotations=lambda: {"first_phone": _first(ContactKind.PHONE)}, value=lambda row: row["first_phone"] or "", guard=("contactpoint", "value"), mask=identifiers.mask_phone),
        Column("email", gettext_lazy("E-mail"), ("first_email",), _email_cell, hidden=True, annotations=lambda: {"first_email": _first(ContactKind.EMAIL)}, value=lambda row: row["first_email"] or "", guard=("contactpoint", "value"), mask=identifiers.mask_email),
        Column("country", gettext_lazy("Country"), ("country",), cells.text("country"), hidden=True, edit="country"),
        Column("department", gettext_lazy("Department"), ("department__name",), cells.text("department__name"), hidden=True, edit="department"),
        Column("last_contact", gettext_lazy("Last contact"), ("last_contact_at",), cells.moment("last_contact_at"),
               sort="last_contact_at", nullable=True, hidden=True),
        Column("created", gettext_lazy("On record since"), ("created_at",), cells.moment("created_at"), sort="created_at", hidden=True),
    ],
    sums=[Sum("net_revenue", TotalOf("standing__net_revenue_minor"), _total)],
    default_sort="-net_revenue",
)  # fmt: skip

CONTACT = ("contactpoint", "value")
FILTERS: list[filters.Filter] = [
    own_filters.WordChoice("tier", gettext_lazy("Tier"), "standing__tier", choices=Tier.choices),
    own_filters.WordChoice("abc", gettext_lazy("ABC class"), "standing__abc", choices=AbcClass.choices),
    own_filters.WordChoice("level", gettext_lazy("Level"), "standing__level", choices=Level.choices),
    filters.Money("net_revenue", gettext_lazy("Net revenue"), "standing__net_revenue_minor", currency=money.reporting_currency),
    filters.Number("orders", gettext_lazy("Orders"), "standing__order_count"),
    filters.Date("last_order", gettext_lazy("Last order"), "standing__last_on"),
    filters.Date("first_order", gettext_lazy("First order"), "standing__first_on"),
    filters.Choice("r", gettext_lazy("Recency score"), "standing__r", choices=SCORES),
    filters.Choice("f", gettext_lazy("Frequency score"), "standing__f", choices=SCORES),
    filters.Choice("m", gettext_lazy("Monetary score"), "standing__m", choices=SCORES),
    filters.Relation("owner", gettext_lazy("Owner"), "owner", options=own_filters.owners),
    filters.Relation("department", gettext_lazy("Department"), "department", options=own_filters.every_department),
    filters.Text("city", gettext_lazy("City"), "city", lookup="startswith"),
    filters.Text("country", gettext_lazy("Country"), "country", lookup="startswith"),
    own_filters.TagFilter("tags", gettext_lazy("Tags"), options=own_filters.tags),
    own_filters.CardFilter("card", gettext_lazy("Core-customer card")),
    ConsentFilter("consent", gettext_lazy("Consent")),
    filters.Choice("kind", gettext_lazy("Kind"), "kind", choices=CustomerKind.choices, has_empty=False),
    own_filters.WordChoice("position", gettext_lazy("Place in the chain"), "position", choices=Position.choices),
    filters.Choice("status", gettext_lazy("Status"), "status", choices=CustomerStatus.choices, has_empty=False),
    filters.Boolean("has_phone", gettext_lazy("Has a phone number"), apply=own_filters.with_contact(ContactKind.PHONE), guard=CONTACT),
    filters.Boolean("has_email", gettext_lazy("Has an e-mail address"), apply=own_filters.with_contact(ContactKind.EMAIL), guard=CONTACT),
    filters.Boolean("has_wechat", gettext_lazy("Has a WeChat id"), apply=own_filters.with_contact(ContactKind.WECHAT), guard=CONTACT),
    filters.Date("last_contact", gettext_lazy("Last contact"), "last_contact_at", is_moment=True),
    filters.Date("created", gettext_lazy("On record since"), "created_at", is_moment=True),
]  # fmt: skip


def add_filter(extra: filters.Filter) -> None:
    """Let a module above narrow the list by something of its own."""
    if all(known.key != extra.key for known in FILTERS):
        FILTERS.append(extra)


class AssignForm(RecordForm):
    """Who is to answer for the customers."""

    owner = forms.ChoiceField(label=gettext_lazy("Owner"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """List the colleagues."""
        super().__init__(*args, **kwargs)
        people = own_filters.owners(None, "")  # type: ignore[arg-type]
        self.fields["owner"].choices = [("", gettext_lazy("(nobody)")), *people]  # type: ignore[attr-defined]


class TagsForm(RecordForm):
    """Tags to put on and to take off."""

    add = forms.CharField(
        label=gettext_lazy("Add"), required=False, help_text=gettext_lazy("Several tags separated by commas.")
    )
    remove = forms.CharField(label=gettext_lazy("Take off"), required=False)


# Fields of one value for many that are chosen, not typed.
CHOSEN = {"status": CustomerStatus.choices, "position": Position.choices}


class SetForm(RecordForm):
    """One value for many customers."""

    field = forms.ChoiceField(
        label=gettext_lazy("Field"),
        choices=[
            ("status", gettext_lazy("Status")),
            ("position", gettext_lazy("Place in the chain")),
            ("city", gettext_lazy("City")),
            ("country", gettext_lazy("Country")),
        ],
    )
    status = forms.ChoiceField(label=gettext_lazy("New value"), choices=CustomerStatus.choices, required=False)
    position = forms.ChoiceField(label=gettext_lazy("New value"), choices=Position.choices, required=False)
    value = forms.CharField(label=gettext_lazy("New value"), required=False)

    def clean(self) -> dict[str, Any]:
        """The value of the field that is set: one of its choices, or what was typed."""
        found = super().clean() or self.cleaned_data
        if not found.get("value") and found.get("field") in CHOSEN:
            found["value"] = found.get(found["field"], "")
        return found


def _words(text: str) -> list[str]:
    """Words separated by any comma."""
    for mark in "，、;；\n":
        text = text.replace(mark, ",")
    return [word.strip() for word in text.split(",") if word.strip()]


def _outcome(all_: int, count: int, operation_id: int | None) -> lists.Outcome:
    """How many customers changed, and why the others did not."""
    words = ngettext("%(count)d customer changed.", "%(count)d customers changed.", count) % {"count": count}
    if all_ > count:
        rest = ngettext(
            "%(count)d stays as it is: it was so already, or is not open to you to change.",
            "%(count)d stay as they are: they were so already, or are not open to you to change.",
            all_ - count,
        )
        words = f"{words} {rest % {'count': all_ - count}}"
    return lists.Outcome(words, operation_id, count=count)


def _assign(*, actor: Actor, queryset: QuerySet[Any], count: int, data: dict[str, Any]) -> lists.Outcome:
    """Give the customers to an owner."""
    values = {"owner": data["owner"] or None}
    return _outcome(count, *bulk_changes.bulk_update_customers(actor=actor, queryset=queryset, values=values))


def _tag(*, actor: Actor, queryset: QuerySet[Any], count: int, data: dict[str, Any]) -> lists.Outcome:
    """Put tags on, take tags off."""
    add, remove = _words(data["add"]), _words(data["remove"])
    return _outcome(count, *bulk_changes.bulk_tag_customers(actor=actor, queryset=queryset, add=add, remove=remove))


def _set(*, actor: Actor, queryset: QuerySet[Any], count: int, data: dict[str, Any]) -> lists.Outcome:
    """Set one field."""
    values = {data["field"]: _value_of(data["field"], data["value"])}
    return _outcome(count, *bulk_changes.bulk_update_customers(actor=actor, queryset=queryset, values=values))


def _owners(_data: dict[str, Any]) -> list[tuple[str, str]]:
    """What giving them to an owner writes."""
    return [("customer", "owner_id")]


def _tags(_data: dict[str, Any]) -> list[tuple[str, str]]:
    """What tags write."""
    return [("customertag", "")]


def _one(data: dict[str, Any]) -> list[tuple[str, str]]:
    """What setting one field writes."""
    return [("customer", data["field"])]


def _value_of(field: str, text: str) -> str:
    """A choice may be given by its words in the reader's language."""
    return next((value for value, words in CHOSEN.get(field, ()) if text.strip() in {value, str(words)}), text.strip())


def _archive(*, actor: Actor, queryset: QuerySet[Any], count: int, data: dict[str, Any]) -> lists.Outcome:
    """Put the customers away."""
    values = {"status": CustomerStatus.ARCHIVED}
    return _outcome(count, *bulk_changes.bulk_update_customers(actor=actor, queryset=queryset, values=values))


def _merge(*, actor: Actor, queryset: QuerySet[Any], count: int, data: dict[str, Any]) -> lists.Outcome:
    """Compare a few customers side by side, to merge them there."""
    if not 2 <= count <= MOST_COMPARED:
        raise InvalidInput(gettext("Select two to five customers to merge."))
    keys = [f"id={public_id('cus', number)}" for number in queryset.order_by("pk").values_list("pk", flat=True)]
    url = f"{reverse('customers:merge')}?{'&'.join(keys)}"
    return lists.Outcome(gettext("Compare them and choose which remains."), url=url)


def _peek(request: HttpRequest, customer_id: int) -> str:
    """The side panel: the signs, the facts, how to reach the customer."""
    actor = request.actor  # type: ignore[attr-defined]
    customer = Customer.objects.select_related("standing", "owner").get_visible(actor, pk=customer_id)
    how = actor.sees("contactpoint", "value")
    note = masking.shown(actor, "customer", "note", customer.note) or ""
    context = {"customer": customer, "points": parts.contact_points_of(actor, customer), "how": how, "note": note}
    return render_to_string("customers/peek.html", context, request=request)


CHANGE, MERGE = ("customer", "change"), ("customer", "merge")
PAGE = lists.register(
    lists.ListPage(
        key="customers",
        kind="customer",
        title=gettext_lazy("Customers"),
        icon="users",
        queryset=_queryset,
        table=TABLE,
        url_name="customers:list",
        filters=FILTERS,
        views=[
            lists.StandardView("vip", gettext_lazy("VIP customers"), {"tier": "vip"}),
            lists.StandardView("by_tier", gettext_lazy("By tier"), layout="board", group="tier"),
            lists.StandardView("core", gettext_lazy("Core customers"), {"card": "any"}),
            lists.StandardView("organisations", gettext_lazy("Organisations"), {"kind": "organisation"}),
            lists.StandardView("archived", gettext_lazy("Archived"), {"status": "archived"}),
        ],
        record_url=customer_url,
        peek=_peek,
        search=own_filters.found_by,
        whole_file=exporting.whole_file,
        search_hint=gettext_lazy("Name, pinyin, phone, number"),
        bulk_actions=[
            lists.BulkAction(
                "assign", gettext_lazy("Assign owner"), _assign, "user-check", AssignForm, CHANGE, writes=_owners
            ),
            lists.BulkAction("tag", gettext_lazy("Tags"), _tag, "tag", TagsForm, CHANGE, writes=_tags),
            lists.BulkAction("merge", gettext_lazy("Merge"), _merge, "git-merge", permission=MERGE),
            lists.BulkAction("set", gettext_lazy("Change a field"), _set, "pencil", SetForm, CHANGE, writes=_one),
            lists.BulkAction(
                "archive",
                gettext_lazy("Put away"),
                _archive,
                "archive",
                permission=CHANGE,
                is_dangerous=True,
                confirm=gettext_lazy("Put these customers away? They can be brought back."),
                writes=lambda _data: [("customer", "status")],
            ),
        ],
        create_url_name="customers:create",
        create_label=gettext_lazy("New customer"),
        has_custom_fields=True,
        board_by=("tier", "abc", "level", "status", "position"),
        currency=money.reporting_currency,
        empty=lists.Empty(
            gettext_lazy("No customers yet"),
            gettext_lazy("Bring in your order file and every buyer gets a page, or enter the first customer by hand."),
            gettext_lazy("New customer"),
            "customers:create",
            "users",
        ),
    )
)
