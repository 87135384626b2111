"""Whether customers may be merged, and whether a merge may be taken back: each refusal with its reason."""

from collections.abc import Iterable, Sequence

from django.utils.translation import gettext as _

from guanxi.core import access, ids
from guanxi.core.actor import Actor
from guanxi.core.errors import Conflict, InvalidInput, NotFound
from guanxi.core.holding import hold_with_all_of
from guanxi.core.models import Change
from guanxi.customers.choices import CustomerKind
from guanxi.customers.models import CoreCard, Customer, Merge
from guanxi.customers.queries.parts import not_there
from guanxi.customers.services.merging.rows import below

MOST_AT_ONCE = 20


def name_of(customer: Customer) -> str:
    """A customer as refusals name it."""
    return f"“{customer.name}” ({customer.public_id})"


def locked(actor: Actor, keep_id: int, absorb_ids: Sequence[int]) -> tuple[Customer, list[Customer]]:
    """The survivor and those to be absorbed, locked in the order of their keys, when all of them may be merged."""
    access.require(actor, "customer", "merge")
    wanted = list(dict.fromkeys(absorb_ids))
    if not wanted:
        raise InvalidInput(_("Choose at least two customers."), column="absorb")
    if len(wanted) > MOST_AT_ONCE:
        raise InvalidInput(
            _("At most %(most)s customers can be merged into one at once.") % {"most": MOST_AT_ONCE}, column="absorb"
        )
    if keep_id in wanted:
        raise InvalidInput(_("A customer cannot be merged with itself."), column="absorb")
    numbers = [keep_id, *wanted]
    hold(numbers)
    rows = Customer.everything.filter(pk__in=numbers).order_by("pk")
    found: dict[int, Customer] = {customer.pk: customer for customer in rows}
    check_open(actor, found, numbers)
    keep, absorbed = found[keep_id], [found[number] for number in wanted]
    refusal = kinds_differ(found.values()) or cards_closed(actor, numbers)
    if refusal:
        raise Conflict(refusal)
    return keep, absorbed


def hold(numbers: Iterable[int]) -> None:
    """Lock customers, those that are part of them, and all that changes hands with them, in the order of `core.holding`."""
    whole = set(numbers)
    for number in list(whole):
        whole.update(below(number))
    hold_with_all_of("customer", whole)


def check_open(actor: Actor, found: dict[int, Customer], numbers: Sequence[int]) -> None:
    """Each must be there, open to the actor for changing and for merging, and stand for itself."""
    everyone = Customer.everything.filter(pk__in=numbers)
    seen = set(everyone.visible_to(actor, "view").values_list("pk", flat=True))
    if any(number not in found or number not in seen for number in numbers):
        raise not_there()
    for number in numbers:
        if found[number].merged_into_id is not None:
            raise Conflict(already_merged(actor, found[number], numbers))
    in_force = set(Customer.objects.filter(pk__in=numbers).values_list("pk", flat=True))
    mine = set(everyone.visible_to(actor, "change").values_list("pk", flat=True))
    mine &= set(everyone.visible_to(actor, "merge").values_list("pk", flat=True))
    if any(number not in in_force or number not in mine for number in numbers):
        raise NotFound(_("You may not change every one of these customers, so you cannot merge them."))


def already_merged(actor: Actor, customer: Customer, numbers: Sequence[int]) -> str:
    """Why a customer that is part of another one takes part in no merge; in a circle if that one is here too."""
    survivor = Customer.everything.get(pk=customer.merged_into_id or 0)
    told = {"name": name_of(customer), "survivor": name_of(survivor)}
    if survivor.pk in numbers:
        return _("%(name)s was merged into %(survivor)s already: merging them again would run in a circle.") % told
    if not Customer.objects.visible_to(actor).filter(pk=survivor.pk).exists():
        return _("%(name)s was merged into another customer already.") % told
    return _("%(name)s was merged into %(survivor)s already.") % told


def kinds_differ(customers: Iterable[Customer]) -> str:
    """Why customers of different kinds are not merged; '' when they are of one kind."""
    found = sorted({customer.kind for customer in customers})
    if len(found) <= 1:
        return ""
    kinds = [str(CustomerKind(kind).label) for kind in found]
    return _(
        "These are of different kinds (%(kinds)s). If they are the same all the same, give them the same kind first."
    ) % {"kinds": ", ".join(kinds)}


def cards_closed(actor: Actor, numbers: Sequence[int]) -> str:
    """Why core-customer cards in the charge of others stand in the way; '' when they do not."""
    cards = CoreCard.objects.filter(pk__in=numbers)
    if cards.count() < 2:
        return ""
    mine = set(CoreCard.objects.visible_to(actor, "change").filter(pk__in=numbers).values_list("pk", flat=True))
    for card in cards.select_related("customer", "keeper"):
        if card.pk not in mine:
            return _("The core-customer card of %(name)s is in the charge of %(keeper)s, who has to merge them.") % {
                "name": name_of(card.customer),
                "keeper": card.keeper.display_name,
            }
    return ""


def merge_to_undo(actor: Actor, merge_id: int) -> tuple[Merge, Customer, Customer]:
    """A merge that stands, what it absorbed, and who stands for that now, locked; with the rights to part them."""
    access.require(actor, "customer", "merge")
    merge = Merge.objects.select_for_update(of=("self",), no_key=True).filter(pk=merge_id).first()
    if merge is None:
        raise not_there()
    absorbed = Customer.everything.get(pk=merge.absorbed_id)
    survivor_id = absorbed.merged_into_id or merge.keep_id
    hold([absorbed.pk, survivor_id, merge.keep_id])
    rows = Customer.everything.filter(pk__in=[absorbed.pk, survivor_id, merge.keep_id])
    found = {customer.pk: customer for customer in rows}
    _require_both(actor, survivor_id, absorbed.pk, "view")
    if merge.undone_at is None:
        # What is left of an erased customer nobody may change: the reason is told before that would hide it.
        refuse_erased(merge)
    for action in ("change", "merge"):
        _require_both(actor, survivor_id, absorbed.pk, action)
    if merge.undone_at is not None:
        raise Conflict(_("This merge was taken back already."))
    return merge, found[absorbed.pk], found[survivor_id]


def _require_both(actor: Actor, one: int, other: int, action: str) -> None:
    """Refuse, as if there were nothing, where either is out of reach."""
    for number in (one, other):
        if not Customer.everything.filter(pk=number).visible_to(actor, action).exists():
            raise not_there()


def refuse_erased(merge: Merge) -> None:
    """A merge whose values were erased cannot be taken back."""
    sides = Customer.everything.filter(pk__in=(merge.keep_id, merge.absorbed_id), erased_at__isnull=False)
    if sides.exists():
        raise Conflict(_("The values it would give back were erased, as the law on personal data asks."))
    erased = Change.objects.filter(operation=merge.operation_id, erased_at__isnull=False)
    if erased.exists():
        raise Conflict(_("The values it would give back were erased, as the law on personal data asks."))


def public_ids(numbers: Sequence[int]) -> str:
    """Customers by the ids that are shown outside."""
    return ", ".join(ids.public_id("cus", number) for number in numbers)
