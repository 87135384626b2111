"""Finding one customer by what somebody has in hand: an id of ours, an id of theirs, a contact point."""

from django.utils.translation import gettext as _

from guanxi.core import ids
from guanxi.core.actor import Actor
from guanxi.core.compiled import Compiled
from guanxi.core.errors import Conflict, NotFound
from guanxi.customers import identifiers
from guanxi.customers.models import ContactPoint, Customer, ExternalId

NAMED = 10
_REACHED = Compiled(
    lambda kind, normalised: ContactPoint.objects.filter(
        kind=kind, normalised=normalised, customer__merged_into__isnull=True
    ).order_by("customer_id").values_list("customer_id").distinct(),
    str, str,
)  # fmt: skip


def find_customer(actor: Actor, text: str) -> Customer:
    """The customer with this public id or external id (`source:id` names the source); NotFound, or Conflict if several."""
    text = text.strip("\r\n").replace("\x00", "")
    number = ids.parse("cus", text)
    if number is not None:
        return Customer.objects.get_visible(actor, pk=number)
    found = _by_external_id(actor, text)
    if not found and ":" in text:
        source, _colon, value = text.partition(":")
        found = _by_external_id(actor, value, source)
    if not found:
        raise NotFound(_("There is no customer with the id “%(id)s”, or it is not open to you.") % {"id": text[:80]})
    if len({customer.pk for _source, customer in found}) > 1:
        candidates = ", ".join(f"{customer.public_id} ({source})" for source, customer in found[:NAMED])
        raise Conflict(
            _("Several customers have the id “%(id)s”: %(candidates)s. Use one of these ids.")
            % {"id": text[:80], "candidates": candidates}
        )
    return found[0][1]


def _by_external_id(actor: Actor, value: str, source: str = "") -> list[tuple[str, Customer]]:
    """The visible customers with an external id, each with its source."""
    rows = ExternalId.objects.filter(value=value).order_by("source")
    if source:
        rows = rows.filter(source=source)
    pairs = list(rows.values_list("source", "customer_id")[: NAMED * 2])
    if not pairs:
        return []
    seen = Customer.objects.visible_to(actor).in_bulk([customer for _source, customer in pairs])
    return [(source, seen[customer]) for source, customer in pairs if customer in seen]


def customers_by_contact(kind: str, value: str) -> list[int]:
    """Ids of the customers in force who can be reached at this phone, e-mail, WeChat id or address: one index read."""
    return [number for (number,) in _REACHED.rows(kind, identifiers.normalise(kind, value))]
