"""Consents in the API."""

from datetime import datetime
from typing import Annotated, Any, Literal

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router, Schema
from pydantic import ConfigDict, Field

from guanxi.core import ids
from guanxi.core.api import Day, Flag, Moment, answer, id_of
from guanxi.customers.models import Consent
from guanxi.customers.privacy import consents
from guanxi.customers.queries.finding import find_customer

router = Router()
CustomerId = Annotated[str, id_of("customer")]
Channel = Literal["", "phone", "mail", "sms", "message", "post", "visit"]
State = Literal["given", "refused", "withdrawn"]


class ConsentInput(Schema):
    """What a customer said; it is added, nothing on record is changed."""

    model_config = ConfigDict(extra="forbid")

    customer: CustomerId = Field(max_length=260, description="Our id, an external id, or `source:external id`.")
    purpose: str = Field(max_length=40, description="The key of a purpose of the company.")
    channels: list[Channel] = Field(default_factory=lambda: [""], min_length=1, max_length=7)  # type: ignore[arg-type]
    state: State
    at: Moment | None = Field(None, description="When it was said; now when left out.")
    expires_on: Day | None = None
    is_separate: Flag = False
    evidence: str = Field("", max_length=5_000)
    source: str = Field("", max_length=120)


class ConsentData(Schema):
    """One word of a customer."""

    id: int
    customer: str
    purpose: str
    channel: str
    state: State
    at: str
    expires_on: str | None
    is_separate: bool
    notice_version: int | None
    evidence: str
    source: str
    recorded_by: str


class StandingData(Schema):
    """What holds now for a purpose and a channel."""

    purpose: str
    channel: str
    allowed: bool
    reason: str


class ConsentItems(Schema):
    """What holds, and every word, the latest first."""

    standing: list[StandingData]
    items: list[ConsentData]


class ConsentQuery(Schema):
    """Whose."""

    model_config = ConfigDict(extra="forbid")

    customer: CustomerId = Field(min_length=1, max_length=260)


def _told(row: Consent) -> dict[str, Any]:
    """A row as promised."""
    return {
        "id": row.pk,
        "customer": ids.public_id("cus", row.customer_id),
        "purpose": row.purpose.key,
        "channel": row.channel,
        "state": row.state,
        "at": row.at,
        "expires_on": row.expires_on,
        "is_separate": row.is_separate,
        "notice_version": row.notice.version if row.notice else None,
        "evidence": row.evidence,
        "source": row.source,
        "recorded_by": row.by_name,
    }


@router.get("", response=ConsentItems, summary="What a customer allows", openapi_extra={"x-statuses": [404, 409]})
def read_consents(request: HttpRequest, whose: Query[ConsentQuery]) -> HttpResponse:
    """Give what holds for each purpose now, and the whole history."""
    customer = find_customer(request.actor, whose.customer)  # type: ignore[attr-defined]
    standing = [
        {"purpose": one.purpose.key, "channel": one.channel, "allowed": one.is_allowed, "reason": one.reason}
        for group in consents.overview(customer.pk)
        for one in group
    ]
    return answer({"standing": standing, "items": [_told(row) for row in consents.history(customer.pk)]})


@router.post("", response={201: ConsentItems}, summary="Record what a customer said")
def record(request: HttpRequest, data: ConsentInput) -> HttpResponse:
    """Add a word for each channel; what was said before stays."""
    customer = find_customer(request.actor, data.customer)  # type: ignore[attr-defined]
    at: datetime | None = data.at
    consents.record_consent(
        actor=request.actor,  # type: ignore[attr-defined]
        customer_id=customer.pk,
        purpose=data.purpose,
        state=data.state,
        channels=list(data.channels),
        at=at,
        expires_on=data.expires_on,
        is_separate=data.is_separate,
        evidence=data.evidence,
        source=data.source,
    )
    told = {"standing": [], "items": [_told(row) for row in consents.history(customer.pk)]}
    return answer(told, 201, location=f"/api/v1/consents?customer={customer.public_id}")
