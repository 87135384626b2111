"""What is compared of a customer: the record as read, and the same taken apart."""

from dataclasses import dataclass, field

from guanxi.customers import names
from guanxi.customers.choices import CustomerKind
from guanxi.customers.duplicates import addresses, contacts, organisation_names, person_names
from guanxi.customers.duplicates.addresses import Address
from guanxi.customers.duplicates.folding import has_han, plain
from guanxi.customers.duplicates.organisation_names import OrganisationName
from guanxi.customers.duplicates.person_names import PersonName
from guanxi.customers.duplicates.places import city_called
from guanxi.customers.surnames import COMPOUND

_BETWEEN, _WITHIN = "\x1e", "\x1f"


@dataclass(slots=True)
class Record:
    """One customer as it stands in the archive, as far as it is compared; contact points in their normalised form."""

    id: int
    kind: str
    name: str
    tax_id: str = ""
    city: str = ""
    born_on: str = ""
    other_names: tuple[str, ...] = ()
    phones: tuple[str, ...] = ()
    emails: tuple[str, ...] = ()
    wechats: tuple[str, ...] = ()
    addresses: tuple[str, ...] = ()

    def packed(self) -> bytes:
        """The record in few bytes."""
        many = (self.other_names, self.phones, self.emails, self.wechats, self.addresses)
        fields = [str(self.id), self.kind, self.name, self.tax_id, self.city, self.born_on]
        return _BETWEEN.join([*fields, *(_WITHIN.join(values) for values in many)]).encode()

    @classmethod
    def unpacked(cls, data: bytes) -> "Record":
        """The record back from its bytes."""
        number, kind, name, tax_id, city, born_on, *many = data.decode().split(_BETWEEN)
        several = [tuple(text.split(_WITHIN)) if text else () for text in many]
        return cls(int(number), kind, name, tax_id, city, born_on, *several)


@dataclass(slots=True)
class Features:
    """A record taken apart; `keys` are the texts under which its like are sought, by kind of key."""

    record: Record
    is_organisation: bool
    people: tuple[PersonName, ...]
    firms: tuple[OrganisationName, ...]
    tax: str
    city: str
    accounts: frozenset[str]
    places: tuple[Address, ...]
    keys: list[tuple[str, str]] = field(default_factory=list)


def looks_like_firm(kind: str, name: str) -> bool:
    """Whether a customer is to be compared as an organisation: files often do not say what a row is."""
    if kind == CustomerKind.PERSON and person_names.beside_a_firm(plain(name)):
        return False
    if kind != CustomerKind.PERSON or names.looks_like_organisation(name):
        return True
    if not has_han(name) or "·" in name:
        return False
    bare = "".join(char for char in names.split_title(name)[0] if has_han(char))
    return len(bare) > (4 if bare[:2] in COMPOUND else 3) and not any(
        char.isascii() and char.isalpha() for char in name
    )


def features(record: Record) -> Features:
    """Take a record apart."""
    is_firm = looks_like_firm(record.kind, record.name)
    texts = (record.name, *record.other_names)
    people: list[PersonName] = []
    if not is_firm:
        for text in texts:
            people += (name for name in person_names.parse(text) if name not in people)
    firms = tuple(dict.fromkeys(organisation_names.parse(text) for text in texts)) if is_firm else ()
    places = tuple(addresses.parse(text) for text in record.addresses[:4])
    made = Features(
        record,
        is_firm,
        tuple(people[:5]),
        firms[:4],
        contacts.official_number(record.tax_id, not is_firm) if record.tax_id else "",
        city_called(plain(record.city)) or plain(record.city) if record.city else "",
        frozenset(contacts.account(email) for email in record.emails),
        places,
    )
    made.keys = _keys(made)
    return made


def _keys(of: Features) -> list[tuple[str, str]]:
    """Under which keys the like of a record are sought."""
    record = of.record
    found: set[tuple[str, str]] = {("phone", contacts.phone_tail(contacts.phone_parts(p)[0])) for p in record.phones}
    found |= {("email", account) for account in of.accounts}
    found |= {("wechat", wechat) for wechat in record.wechats}
    found |= {("address", key) for place in of.places for key in (place.place_key, place.near_key) if key}
    if of.tax:
        found.add(("tax", of.tax))
    for person in of.people:
        found |= {("name", key) for key in person_names.sound_keys(person)}
        found.add(("written", person.written))
        if bones := person_names.skeleton(person):
            found.add(("bones", bones))
    for firm in of.firms:
        found.add(("written", firm.whole))
        if len(firm.spoken) >= 2:
            found.add(("name", firm.spoken))
            if len(firm.spoken) >= 12:
                found |= {("bones", f"<{firm.spoken[:8]}"), ("bones", f">{firm.spoken[-8:]}")}
    for email in record.emails:
        local, _at, _domain = contacts.account(email).partition("@")
        domain = contacts.own_domain(email)
        if domain:
            found.add(("domain", domain))
        if len(local) >= 6:
            found.add(("mailbox", local))
    return sorted(found)


def finer_keys(of: Features) -> list[str]:
    """What divides a block that is too large: whatever else two records of one customer are likely to share."""
    record = of.record
    found = {f"written:{person.written}" for person in of.people} | {f"written:{firm.whole}" for firm in of.firms}
    found |= {f"name:{key}" for person in of.people for key in person_names.sound_keys(person)[:1]}
    found |= {f"name:{firm.spoken}" for firm in of.firms}
    for phone in record.phones:
        digits = contacts.national(contacts.phone_parts(phone)[0])
        found |= {f"head:{digits[:7]}", f"tail:{digits[-4:]}", f"digits:{''.join(sorted(digits))}"}
    found |= {f"mail:{account[:6]}" for account in of.accounts}
    for place in of.places:
        found |= {f"road:{place.city}{place.road}", f"house:{place.place_key}"} if place.road else set()
    if of.city:
        found.add(f"city:{of.city}")
    if record.born_on:
        found.add(f"born:{record.born_on}")
    if of.tax:
        found.add(f"tax:{of.tax}")
    return sorted(found)
