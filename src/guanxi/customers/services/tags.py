"""Words put on customers."""

from collections.abc import Sequence

from django.utils.translation import gettext as _

from guanxi.core import changes
from guanxi.core.errors import InvalidInput
from guanxi.customers.models import Customer, CustomerTag, Tag

LIMIT = 40
MAX_TAGS = 50


def clean_tags(names: Sequence[str]) -> list[str]:
    """Tag words without blanks and doubles."""
    cleaned = list(
        dict.fromkeys(" ".join(str(name).replace("\x00", "").split()) for name in names if str(name).strip())
    )
    too_long = next((name for name in cleaned if len(name) > LIMIT), None)
    if too_long:
        raise InvalidInput(_("A tag has at most %(limit)s characters.") % {"limit": LIMIT}, column="tags")
    if len(cleaned) > MAX_TAGS:
        raise InvalidInput(_("A customer has at most %(limit)s tags.") % {"limit": MAX_TAGS}, column="tags")
    return cleaned


def tags_named(op: changes.OperationInHand, names: Sequence[str]) -> list[Tag]:
    """The tags with these names, made where new."""
    known = {tag.name: tag for tag in Tag.objects.filter(name__in=names)}
    return [known.get(name) or op.create(Tag(name=name)) for name in names]


def set_tags(op: changes.OperationInHand, customer: Customer, names: Sequence[str]) -> bool:
    """Make these the customer's tags; whether anything differed."""
    wanted = clean_tags(names)
    standing = {row.tag.name: row for row in CustomerTag.objects.filter(customer=customer).select_related("tag")}
    for name, row in standing.items():
        if name not in wanted:
            op.delete(row)
    new = [name for name in wanted if name not in standing]
    for tag in tags_named(op, new):
        op.create(CustomerTag(customer=customer, tag=tag))
    return bool(new) or any(name not in wanted for name in standing)
