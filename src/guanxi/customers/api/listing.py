"""Lists of customers: filtered, sorted and by pages; and who is reached by a phone number or an address."""

import json
from datetime import datetime
from decimal import Decimal
from typing import Annotated, Any, Literal

from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from ninja import Query, Router
from pydantic import Field

from guanxi.core import custom_fields, ids
from guanxi.core.actor import SHOWN, Actor
from guanxi.core.api import Moment, Strict, actor_in, answer, id_of
from guanxi.core.custom_values import custom_value
from guanxi.core.errors import InvalidInput
from guanxi.core.masking import sees_own
from guanxi.core.models import CustomField, User
from guanxi.core.models.custom_fields import FieldType
from guanxi.customers import identifiers
from guanxi.customers.api.schemas import ContactKindWord, CustomerItems, CustomerPage, Kind, Status, Tier
from guanxi.customers.filters import found_by
from guanxi.customers.presenting import customer_page, reachable_by
from guanxi.customers.queries.plain_rows import Narrowed
from guanxi.ui.filters import custom_filters

router = Router(by_alias=True)
MOST = 200
CUSTOM = "custom["
RANGED = frozenset({FieldType.NUMBER, FieldType.MONEY, FieldType.DATE})
Sort = Literal[
    "name", "-name", "city", "-city", "net_revenue", "-net_revenue", "orders", "-orders", "last_order_on",
    "-last_order_on", "created_at", "-created_at", "updated_at", "-updated_at",
]  # fmt: skip


class CustomerQuery(Strict):
    """Which customers, in which order, and where the list begins."""

    q: str = Field(
        "", max_length=500, description="words, names in pinyin, numbers: as the search finds them (at most 200)"
    )
    kind: Kind | Literal[""] = ""
    tier: Tier | Literal[""] = ""
    status: Status | Literal[""] = ""
    owner: Annotated[str, id_of("user")] = Field(
        "", max_length=150, description="`usr_...`, a user name, `me`, or `none`"
    )
    updated_since: Moment | None = Field(None, description="entered or changed at that moment or later")
    sort: Sort | Literal[""] = Field("", description="`-` for descending; the best first, else by the last change")
    limit: int = Field(50, ge=1, le=MOST)
    after: str = Field("", max_length=2000, description="`next` of the page before")


class ContactQuery(Strict):
    """A way to reach somebody: one of `phone`, `email`, `wechat`, `address`, or `kind` and `value`."""

    phone: str = Field("", max_length=500)
    email: str = Field("", max_length=500)
    wechat: str = Field("", max_length=500)
    address: str = Field("", max_length=500)
    kind: ContactKindWord | None = None
    value: str = Field("", max_length=500)

    def given(self) -> tuple[str, str]:
        """The kind and the value that were given."""
        found = [(name, getattr(self, name)) for name in ("phone", "email", "wechat", "address") if getattr(self, name)]
        if self.kind and self.value:
            found.append((self.kind, self.value))
        if len(found) != 1:
            raise InvalidInput(_("Give one of phone, email, wechat and address."), column="phone")
        return found[0]


@router.get(
    "",
    response=CustomerPage,
    summary="List customers, the best first",
    openapi_extra={
        "parameters": [
            {
                "in": "query",
                "name": "custom",
                "required": False,
                "style": "deepObject",
                "explode": True,
                "description": "filterable own fields: `custom[colour]=red`; of numbers and days also `low..high`",
                "schema": {"type": "object", "additionalProperties": {"type": "string"}},
            }
        ]
    },
)
def list_customers(request: HttpRequest, query: Query[CustomerQuery]) -> HttpResponse:
    """Give one page of the customers the caller may see; a place goes on in the list that it was given for only."""
    actor = actor_in(request)
    custom = {key: str(value) for key, value in request.GET.items() if key.startswith(CUSTOM)}
    sort = query.sort or ("updated_at" if query.updated_since else "-net_revenue")
    about = f"{query.q} {json.dumps(custom, sort_keys=True)}" if query.q or custom else ""
    page = customer_page(
        actor, limit=query.limit, after=query.after, sort=sort, narrowed=_narrowed(actor, query, custom), about=about
    )
    return answer(page)


list_customers.open_query = (CUSTOM,)  # type: ignore[attr-defined]


@router.get("/lookup", response=CustomerItems, summary="Find customers by a way to reach them")
def look_up(request: HttpRequest, contact: Query[ContactQuery]) -> HttpResponse:
    """Give the customers with exactly this phone number, address or id."""
    kind, value = contact.given()
    return answer({"items": reachable_by(actor_in(request), kind, identifiers.normalise(kind, value), MOST)})


def _narrowed(actor: Actor, query: CustomerQuery, custom: dict[str, str]) -> Narrowed:
    """What the list is narrowed by."""
    equal: dict[str, int | str | datetime] = {
        name: value
        for name, value in (("kind", query.kind), ("standing__tier", query.tier), ("status", query.status))
        if value
    }
    if query.updated_since:
        equal["updated_at__gte"] = query.updated_since
    conditions = [_custom_condition(actor, name, value) for name, value in custom.items()]
    if query.owner == "none":
        conditions.append(lambda rows: rows.filter(owner__isnull=True))
    elif query.owner:
        equal["owner"] = _owner(actor, query.owner)
    if query.q:
        conditions.append(lambda rows: found_by(rows, query.q, actor))
    if not conditions:
        return Narrowed(equal)

    def further(rows: QuerySet[Any]) -> QuerySet[Any]:
        """All of them."""
        for condition in conditions:
            rows = condition(rows)
        return rows

    return Narrowed(equal, further)


def _owner(actor: Actor, text: str) -> int:
    """The number of a user; one who is not there owns nothing."""
    if text == "me":
        return actor.user_id or 0
    number = ids.parse("usr", text)
    if number is None:
        number = User.objects.filter(username=text).values_list("pk", flat=True).first()  # house: reads: a name alone
    return number or 0


def _custom_condition(actor: Actor, name: str, text: str) -> Any:
    """What one own field asks for."""
    key = name.removeprefix(CUSTOM).removesuffix("]")
    known = {
        field.key: field
        for field in custom_fields.definitions("customer")
        if field.is_filterable and sees_own(actor, "customer", field.key) == SHOWN
    }
    field = known.get(key) if name.endswith("]") else None
    if field is None:
        raise InvalidInput(_("There is no filterable own field “%(key)s”.") % {"key": key[:40]}, column=name[:60])
    if field.type == FieldType.MULTI_CHOICE:
        (chosen,) = custom_filters([field])
        return lambda rows: chosen.narrow(rows, chosen.clean([text]))
    low, dots, high = text.partition("..")
    name_of = f"own_{field.pk}"
    condition = Q()
    if field.type in RANGED and dots:
        for bound, asks in ((low, "gte"), (high, "lte")):
            if value := custom_fields.clean_value(field, bound):
                condition &= Q(**{f"{name_of}__{asks}": _comparable(field, value)})
    elif value := custom_fields.clean_value(field, text):
        condition = Q(**{name_of: _comparable(field, value)})
    if not condition:
        raise InvalidInput(_("A value is needed."), column=name[:60])
    return lambda rows: rows.alias(**{name_of: custom_value(field)}).filter(condition)


def _comparable(field: CustomField, value: Any) -> Any:
    """A value as the index of the field holds it."""
    if field.type == FieldType.MONEY:
        return Decimal(value["minor"])
    return Decimal(value) if field.type == FieldType.NUMBER else value
