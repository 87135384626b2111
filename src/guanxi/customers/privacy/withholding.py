"""What of people's archives is kept back as things stand, in bulk: for lines of the history and previews of merges.

The archive's page keeps back sensitive fields without separate consent, and from those who may not change customers. What
the journal remembers of these fields follows the same rules at the moment of reading: a consent withdrawn takes the
old values out of sight too.
"""

from collections.abc import Iterable, Mapping

from guanxi.core import clock
from guanxi.core.actor import Actor
from guanxi.customers import archive
from guanxi.customers.models import Consent, Customer, PersonProfile, Purpose
from guanxi.customers.privacy import consents, purposes, separate

KEPT_APART = frozenset({"customer_id", "customer", "birth_on"})


def withheld_from(actor: Actor, customer_ids: Iterable[int]) -> Mapping[int, frozenset[str]]:
    """For each customer the fields of the archive that the actor may not see now."""
    numbers = set(customer_ids)
    always = frozenset() if actor.can("customer", "change") else archive.SENSITIVE
    if not numbers or not separate.is_ruled():
        return dict.fromkeys(numbers, always)
    profiles = PersonProfile.objects.in_bulk(numbers)
    there = set(Customer.objects.filter(pk__in=numbers, erased_at__isnull=True).values_list("pk", flat=True))
    both = (purposes.SENSITIVE, purposes.MINORS)
    asked = {row.key: row for row in Purpose.objects.filter(key__in=both)}
    said: dict[int, list[Consent]] = {}
    for row in Consent.objects.filter(customer__in=there, purpose__key__in=both).select_related("purpose"):
        said.setdefault(row.customer_id, []).append(row)

    def allows(number: int, key: str) -> bool:
        """Whether a customer's word lets this be used now."""
        if number not in there or key not in asked:
            return False
        return consents.standing(number, asked[key], "", clock.now(), said.get(number, ())).is_allowed

    sensitive, whole = separate.sensitive_fields(), _every_field()
    found = {}
    for number in numbers:
        profile = profiles.get(number)
        if profile is not None and separate.is_minor(profile) and not allows(number, purposes.MINORS):
            found[number] = always | whole
        elif allows(number, purposes.SENSITIVE):
            found[number] = always
        else:
            found[number] = always | sensitive
    return found


def _every_field() -> frozenset[str]:
    """Every field of a person's archive but the date of birth, by which one knows a minor."""
    names = {name for f in PersonProfile._meta.concrete_fields for name in (f.name, f.attname)}
    return frozenset(names) - KEPT_APART
