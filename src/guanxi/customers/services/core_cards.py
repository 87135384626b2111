"""Core-customer cards: one person keeps each current; every reading is logged."""

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from guanxi.core import changes, clock
from guanxi.core.actor import Actor
from guanxi.core.errors import Forbidden, InvalidInput
from guanxi.core.models import User
from guanxi.customers.models import CoreCard, CoreCardReading, Customer


def save_core_card(*, actor: Actor, customer_id: int, values: Mapping[str, Any]) -> CoreCard:
    """Open a card or bring it up to date; saving counts as a review."""
    with transaction.atomic():
        customer = Customer.objects.get_visible(actor, "change", pk=customer_id)
        given = dict(values)
        if "keeper" in given:
            given["keeper"] = _keeper(given["keeper"])
        card = CoreCard.objects.filter(customer=customer).first()
        if card is None:
            return _open_card(actor, customer, given)
        if not CoreCard.objects.visible_to(actor, "change").filter(pk=card.pk).exists():
            raise Forbidden(_("This card is in the charge of somebody else."))
        _check(CoreCard(customer=customer, **{**_standing(card), **given}))
        with changes.operation(actor=actor, name="customers.save_core_card") as op:
            op.update(card, **given, reviewed_on=clock.today())
        return card


def remove_core_card(*, actor: Actor, customer_id: int) -> int:
    """Take the card away; the operation's id."""
    with transaction.atomic():
        card = CoreCard.objects.get_visible(actor, "change", pk=customer_id)
        with changes.operation(actor=actor, name="customers.remove_core_card") as op:
            op.delete(card)
        return op.id


def read_core_card(*, actor: Actor, customer_id: int) -> CoreCard:
    """The card, when it is open to the actor; the reading is written down."""
    card = CoreCard.objects.select_related("keeper").get_visible(actor, pk=customer_id)
    user_id, name = actor.answerable
    CoreCardReading.objects.create(card=card, user_id=user_id, user_name=name[:150], at=clock.now(), means=actor.means)
    return card


def _open_card(actor: Actor, customer: Customer, given: dict[str, Any]) -> CoreCard:
    """A first card, in the charge of whoever is named, else of the customer's owner, else of the actor."""
    keeper_id = given.pop("keeper").pk if "keeper" in given else customer.owner_id or actor.user_id
    if keeper_id is None:
        raise InvalidInput(_("A core-customer card needs a person in charge."), column="keeper")
    now = clock.now()
    card = CoreCard(
        customer=customer, keeper_id=keeper_id, reviewed_on=clock.today(), created_at=now, updated_at=now, **given
    )
    _check(card)
    with changes.operation(actor=actor, name="customers.open_core_card") as op:
        return op.create(card)


def _keeper(value: Any) -> User:
    """An active colleague."""
    key = value.pk if isinstance(value, User) else value
    found = User.objects.filter(pk=key, is_active=True).first() if str(key).isdecimal() else None
    if found is None:
        raise InvalidInput(_("A core-customer card needs a person in charge."), column="keeper")
    return found


def _standing(card: CoreCard) -> dict[str, Any]:
    """The fields of a card by name."""
    return {f.name: getattr(card, f.name) for f in card._meta.concrete_fields if f.name != "customer"}


def _check(card: CoreCard) -> None:
    """Every field must hold what it may hold."""
    try:
        card.clean_fields(exclude=["customer"])
    except ValidationError as error:
        name, messages = next(iter(error.message_dict.items()))
        raise InvalidInput(f"{card._meta.get_field(name).verbose_name}: {messages[0]}", column=name) from None  # type: ignore[union-attr]
