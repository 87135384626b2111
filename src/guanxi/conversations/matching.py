"""Whose message it is: matched by contact point; who is unknown becomes a prospect, with those it may be at hand."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from django.db.models import Q

from guanxi.conversations.choices import ConversationState, Match
from guanxi.conversations.counterparts import name_alone
from guanxi.conversations.models import Conversation
from guanxi.core.compiled import Compiled
from guanxi.core.errors import GuanxiError
from guanxi.core.expressions import DomainOf
from guanxi.customers import identifiers, names
from guanxi.customers.choices import ContactKind, CustomerKind
from guanxi.customers.models import ContactPoint, Customer
from guanxi.customers.names import name_as_told
from guanxi.customers.public import customers_by_contact

MAYBE_AT_MOST = 5
# Domains that belong to providers say nothing about the organisation.
PROVIDERS = frozenset(
    [
        "gmail.com",
        "googlemail.com",
        "outlook.com",
        "hotmail.com",
        "live.com",
        "msn.com",
        "yahoo.com",
        "icloud.com",
        "me.com",
        "aol.com",
        "gmx.de",
        "gmx.net",
        "web.de",
        "mail.ru",
        "yandex.ru",
        "proton.me",
        "protonmail.com",
        "qq.com",
        "foxmail.com",
        "163.com",
        "126.com",
        "yeah.net",
        "sina.com",
        "sina.cn",
        "sohu.com",
        "aliyun.com",
        "139.com",
        "189.cn",
        "21cn.com",
        "tom.com",
        "naver.com",
    ]
)
# By the index on the key by which lists sort: names alone have none.
_OF_NAME = Compiled(
    lambda name, person, organisation: Customer.objects.filter(
        Q(sort_key=person) | Q(sort_key=organisation), name=name
    ).order_by("-last_contact_at", "pk").values_list("pk")[:MAYBE_AT_MOST],
    str, str, str,
)  # fmt: skip
_OF_DOMAIN = Compiled(
    lambda domain: ContactPoint.objects.alias(domain=DomainOf("normalised")).filter(
        domain=domain, kind=ContactKind.EMAIL, customer__kind=CustomerKind.ORGANISATION,
        customer__merged_into__isnull=True,
    ).values_list("customer_id")[: MAYBE_AT_MOST * 2],
    str,
)  # fmt: skip


@dataclass(frozen=True)
class Contact:
    """The counterpart as a channel names it: the kind of a contact point (or the channel's own), its value, a name."""

    kind: str
    value: str
    name: str = ""
    # Whether it is theirs beyond doubt; what somebody merely says of themselves proves nothing.
    is_verified: bool = True

    def __post_init__(self) -> None:
        """Keep a name as a name: an address in its place is shown to nobody who may not see addresses."""
        object.__setattr__(self, "name", name_alone(self.name))

    @property
    def normalised(self) -> str:
        """The value as it is compared; a value of no known form as it is, so that nothing is lost."""
        if self.kind in ContactKind.values:
            try:
                return identifiers.normalise(self.kind, self.value)
            except GuanxiError:
                return self.value.strip().lower()[:254]
        return self.value[:254]

    @property
    def shown_name(self) -> str:
        """The name as it may stand on a page: nothing unseen in it, nothing that turns the writing round."""
        return name_as_told(self.name)

    @property
    def is_reachable(self) -> bool:
        """Whether a customer can have it as a contact point: some write from what is no address, and are heard all the same."""
        if self.kind not in ContactKind.values:
            return False
        try:
            return bool(identifiers.normalise(self.kind, self.value)) and bool(name_as_told(self.value))
        except GuanxiError:
            return False


@dataclass(frozen=True)
class Matched:
    """The customer found, how surely, and who else it may be with the reason."""

    customer_id: int | None
    match: Match
    maybe: Sequence[tuple[int, str]] = field(default_factory=tuple)


def match_contact(contact: Contact) -> Matched:
    """Look the counterpart up; several who share a contact point are proposed, the one last in contact stands."""
    if contact.kind not in ContactKind.values:
        return Matched(None, Match.NONE, tuple(_of_name(contact.shown_name, "same_name")))
    try:
        found = customers_by_contact(contact.kind, contact.value)
    except GuanxiError:
        return Matched(None, Match.NONE)
    if found and not contact.is_verified:
        return Matched(None, Match.MAYBE, tuple((number, "unverified_address") for number in found[:MAYBE_AT_MOST]))
    if len(found) == 1:
        return Matched(found[0], Match.CERTAIN)
    if found:
        best = Customer.objects.filter(pk__in=found).order_by("-last_contact_at", "pk").values_list("pk", flat=True)
        ranked = sorted(found, key=list(best).index) if len(best) == len(found) else found
        others = [(number, "same_address") for number in ranked[1 : MAYBE_AT_MOST + 1]]
        return Matched(ranked[0], Match.MAYBE, tuple(others))
    maybe = dict(_of_name(contact.shown_name, "same_name"))
    if contact.kind == ContactKind.EMAIL:
        for number, reason in _of_domain(contact.normalised):
            maybe.setdefault(number, reason)
    return Matched(None, Match.NONE, tuple(list(maybe.items())[:MAYBE_AT_MOST]))


def latest_open_conversation(customer_id: int, *, besides: int | None = None) -> Conversation | None:
    """The open conversation in which the customer was heard of last, another than the one named."""
    rows = Conversation.objects.filter(customer=customer_id, state=ConversationState.OPEN, merged_into__isnull=True)
    return rows.exclude(pk=besides).order_by("-last_message_at").first()


def _of_name(name: str, reason: str) -> list[tuple[int, str]]:
    """Customers of exactly this name."""
    plain = " ".join(name.split())
    if len(plain) < 2:
        return []
    keys = (names.sort_key(plain, kind) for kind in (CustomerKind.PERSON, CustomerKind.ORGANISATION))
    return [(number, reason) for (number,) in _OF_NAME.rows(plain, *keys)]


def _of_domain(address: str) -> list[tuple[int, str]]:
    """Customers who are written to at the same organisation."""
    _, _, domain = address.rpartition("@")
    if not domain or domain in PROVIDERS:
        return []
    numbers = [number for (number,) in _OF_DOMAIN.rows(domain)]
    return [(number, "same_domain") for number in dict.fromkeys(numbers)][:MAYBE_AT_MOST]
