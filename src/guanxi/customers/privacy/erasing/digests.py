"""Keyed digests of what a person is known by: enough to notice a return, not enough to read anything back."""

import hashlib
import hmac
from collections.abc import Iterable, Iterator

from django.conf import settings

from guanxi.customers.models import ContactPoint, Customer, ErasedIdentifier, ExternalId

ASKED_AT_ONCE = 900
_PURPOSE = b"guanxi.erasures.v1"


def _key() -> bytes:
    """The key, which follows from the secret of the installation."""
    return hmac.new(settings.SECRET_KEY.encode(), _PURPOSE, hashlib.sha256).digest()


def key_mark() -> str:
    """By which one tells whether digests were made with the key of this installation."""
    return hmac.new(_key(), b"mark", hashlib.sha256).hexdigest()[:16]


def digest(kind: str, text: str) -> str:
    """The keyed digest of one identifier."""
    return hmac.new(_key(), f"{kind}\x1f{text}".encode(), hashlib.sha256).hexdigest()


def identifiers_of(customer_ids: Iterable[int]) -> Iterator[tuple[str, str]]:
    """Kind and text of everything that means these customers: contact points, external ids, numbers of the state."""
    numbers = list(customer_ids)
    points = ContactPoint.everything.filter(customer__in=numbers).exclude(kind="address")
    yield from points.values_list("kind", "normalised")
    for source, value in ExternalId.everything.filter(customer__in=numbers).values_list("source", "value"):
        yield "external_id", f"{source}:{value}"
    for tax_id in Customer.everything.filter(pk__in=numbers).exclude(tax_id="").values_list("tax_id", flat=True):
        yield "tax_id", tax_id


def digests_of(customer_ids: Iterable[int]) -> set[tuple[str, str]]:
    """Kind and digest of each."""
    return {(kind, digest(kind, text)) for kind, text in identifiers_of(customer_ids)}


def among(named: set[tuple[str, str]]) -> set[tuple[str, str]]:
    """Which of these kinds and texts belonged to somebody who was erased."""
    by_digest = {digest(kind, text): (kind, text) for kind, text in named}
    found: set[tuple[str, str]] = set()
    wanted = list(by_digest)
    for start in range(0, len(wanted), ASKED_AT_ONCE):
        rows = ErasedIdentifier.objects.filter(digest__in=wanted[start : start + ASKED_AT_ONCE])
        found.update(by_digest[one] for one in rows.values_list("digest", flat=True))
    return found


def is_any_kept() -> bool:
    """Whether anybody was erased at all."""
    return ErasedIdentifier.objects.exists()


def erased_before(customer_ids: Iterable[int]) -> list[int]:
    """The erasures of people who had one of these customers' identifiers."""
    found = [made for _kind, made in digests_of(customer_ids)]
    if not found:
        return []
    rows = ErasedIdentifier.objects.filter(digest__in=found).order_by("erasure_id")
    return list(rows.values_list("erasure_id", flat=True).distinct())
