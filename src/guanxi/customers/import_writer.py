"""Writing the rows of a customers file, and taking them back."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from django.db.models import QuerySet

from guanxi.core import bulk
from guanxi.core.models import Change, Operation
from guanxi.customers import bulk_identity, identifiers, import_consents, import_updates, names
from guanxi.customers.choices import ContactKind, CustomerKind
from guanxi.customers.import_undo import customer_conflicts, hand_over_claimed, keep_customers, remove_customers
from guanxi.customers.models import Consent, ContactPoint, Customer, ExternalId
from guanxi.customers.privacy.erasing.imports import erased_conflicts
from guanxi.importing import claims
from guanxi.importing.models import Import, ImportUpdate
from guanxi.importing.targets import UndoConflict, Undoer, Writer

PLAIN = ("name", "kind", "title", "tax_id", "city", "country", "position", "note")
CONTACTS = (ContactKind.PHONE, ContactKind.EMAIL, ContactKind.WECHAT, ContactKind.ADDRESS)
COMPARED = ("kind", "name", "title", "tax_id", "city", "country", "position", "note", "custom", "created_at")


class CustomerWriter(Writer):
    """Makes new customers; what it would change in standing ones waits until the import comes in force."""

    def __init__(self, run: Import) -> None:
        """Begin with nothing foreseen."""
        super().__init__(run)
        self._foreseen: set[str] = set()
        self._consents_foreseen = 0

    def write(self, rows: dict[str, Sequence[Any]]) -> None:
        """Write one chunk."""
        merged = _by_identity(rows)
        known = self._known(merged)
        self._update(merged, known)
        self._create({identity: row for identity, row in merged.items() if identity not in known})

    def foresee(self, rows: dict[str, Sequence[Any]]) -> None:
        """Count the customers that a chunk would make."""
        merged = _by_identity(rows)
        known = self._known(merged, adopt=False)
        self._foreseen.update(identity for identity in merged if identity not in known)
        telling = {
            known.get(identity, identity): row["consents"] for identity, row in merged.items() if row["consents"]
        }
        self._consents_foreseen += import_consents.count_new(self.run, telling)

    def foreseen(self) -> dict[str, int]:
        """How many customers would be made."""
        told = {"consents_recorded": self._consents_foreseen} if self._consents_foreseen else {}
        return {"customers_created": len(self._foreseen), **told}

    def put_in_force(self) -> None:
        """Write what the file says about standing customers."""
        import_updates.apply(self.run)

    def journal(self, operation: Operation) -> None:
        """Journal the consents of customers that stood before."""
        import_consents.journal(self.run, operation)

    def counts(self) -> dict[str, int]:
        """Customers made and customers brought up to date."""
        updated = ImportUpdate.objects.filter(import_run=self.run, kind="customer")
        said = Consent.everything.filter(import_run=self.run).count()
        return {
            "customers_created": Customer.everything.filter(import_run=self.run).count(),
            "customers_updated": updated.values("record_id").distinct().count(),
            **({"consents_recorded": said} if said else {}),
        }

    def _known(self, merged: Mapping[str, dict[str, Any]], *, adopt: bool = True) -> dict[str, int]:
        """Identity -> customer for those that stand: by their id, else (for rows without one) by tax number or contact."""
        found = bulk_identity.known_ids(self.run.source, merged)
        if adopt:
            runs = {made_by for _customer, made_by in found.values()}
            bulk_identity.adopt([customer for customer, _made_by in found.values()], runs, self.run.pk)
        known = {identity: customer for identity, (customer, _made_by) in found.items()}
        without_id = {i: row for i, row in merged.items() if i not in known and not row["external_id"]}
        likely = _by_contact(without_id)
        if adopt and likely:
            rows = ((customer, self.run.source, identity, self.run.pk) for identity, customer in likely.items())
            bulk.insert(ExternalId, ("customer_id", "source", "value", "import_run_id"), rows, on_conflict="ignore")
        known |= likely
        if adopt and known:
            self._claim("customer", Customer.everything.filter(pk__in=set(known.values())))
            self._claim("external_id", ExternalId.everything.filter(source=self.run.source, value__in=list(known)))
        return known

    def _claim(self, kind: str, rows: QuerySet[Any]) -> None:
        """Note what other imports brought before."""
        others = rows.exclude(import_run=self.run).filter(import_run__isnull=False)
        claims.claim(self.run, kind, others.values_list("pk", flat=True))

    def _create(self, fresh: Mapping[str, dict[str, Any]]) -> None:
        """New customers with their ids and contact points."""
        if not fresh:
            return
        details = {identity: {**row, "name": row["name"] or identity} for identity, row in fresh.items()}
        made = bulk_identity.ensure(source=self.run.source, values=fresh, import_run=self.run, details=details)
        pairs = [(made[identity], row) for identity, row in fresh.items()]
        self._add_contacts(pairs)
        import_consents.add(self.run, pairs)

    def _update(self, merged: Mapping[str, dict[str, Any]], known: Mapping[str, int]) -> None:
        """Note what differs on standing customers; those that this very import made are written at once."""
        pairs = [(known[identity], row) for identity, row in merged.items() if identity in known]
        if not pairs:
            return
        standing = Customer.everything.in_bulk([customer for customer, _row in pairs])
        noted: list[tuple[Any, ...]] = []
        own: list[Customer] = []
        for number, row in pairs:
            customer = standing[number]
            differing = _differing(customer, row)
            if customer.import_run_id == self.run.pk:
                _set(customer, differing)
                own.append(customer)
            else:
                noted += [
                    (self.run.pk, "customer", number, f, before, after) for f, (before, after) in differing.items()
                ]
        if own:
            Customer.everything.bulk_update(own, [*COMPARED, *names.DERIVED_KEYS], batch_size=500)
        columns = ("import_run_id", "kind", "record_id", "field", "before", "after")
        keys = ("import_run_id", "kind", "record_id", "field")
        bulk.insert(ImportUpdate, columns, noted, on_conflict="update", keys=keys)
        self._add_contacts(pairs)
        import_consents.add(self.run, pairs)

    def _add_contacts(self, pairs: Sequence[tuple[int, dict[str, Any]]]) -> None:
        """Contact points that a customer does not have yet; the first of a kind is the primary one."""
        numbers = [customer for customer, _row in pairs]
        have: dict[tuple[int, str], dict[str, int | None]] = {}
        points = ContactPoint.everything.filter(customer__in=numbers)
        for number, customer, kind, normalised, run_id in points.values_list(
            "pk", "customer_id", "kind", "normalised", "import_run_id"
        ):
            others = run_id is not None and run_id != self.run.pk
            have.setdefault((customer, kind), {})[normalised] = number if others else None
        rows = []
        again = []
        for customer, row in pairs:
            for position, (kind, value, normalised) in enumerate(_contacts_of(row)):
                there = have.setdefault((customer, kind), {})
                if normalised not in there:
                    rows.append((customer, kind, value, normalised, "", not there, position, self.run.pk))
                    there[normalised] = None
                elif point := there[normalised]:
                    again.append(point)
        columns = (
            "customer_id", "kind", "value", "normalised", "label", "is_primary", "position", "import_run_id",
        )  # fmt: skip
        bulk.insert(ContactPoint, columns, rows, on_conflict="ignore")
        claims.claim(self.run, "contact_point", again)


class CustomerUndoer(Undoer):
    """Takes customers and updates of customers back."""

    _has_looked = False

    def conflicts(self) -> list[UndoConflict]:
        """Customers made that others lean on, and updates that were overwritten since."""
        return [*erased_conflicts(self.run), *customer_conflicts(self.run), *self._overwritten()]

    def _overwritten(self) -> list[UndoConflict]:
        """Standing customers whose updated fields no longer hold what the import wrote."""
        found = []
        for customer, field in import_updates.overwritten(self.run):
            change = (
                Change.objects.filter(kind="customer", record_id=customer.pk, act="update", field__in=(field, "custom"))
                .select_related("operation")
                .order_by("-id")
                .first()
            )
            found.append(
                UndoConflict(
                    kind="customer",
                    record_id=customer.pk,
                    title=customer.name,
                    what=import_updates.field_label(field),
                    by=change.operation.actor_name if change else "",
                    at=change.operation.at if change else None,
                )
            )
        return found

    def keep(self, conflicts: Sequence[UndoConflict]) -> None:
        """Let customers in conflict stand, and fields that were overwritten keep what they hold."""
        mine = Customer.everything.filter(import_run=self.run, pk__in=[c.record_id for c in conflicts])
        keep_customers(self.run, list(mine.values_list("pk", flat=True)))
        for customer, field in import_updates.overwritten(self.run):
            ImportUpdate.objects.filter(
                import_run=self.run, kind="customer", record_id=customer.pk, field=field
            ).delete()

    def look(self) -> bool:
        """There is one thing to hand over, once."""
        self._has_looked, looked = True, self._has_looked
        return not looked

    def hand_over(self) -> Iterator[None]:
        """What other files brought too belongs to those imports from now on."""
        yield from hand_over_claimed(self.run)

    def take_back(self) -> None:
        """Give standing customers back what they held before."""
        import_updates.take_back(self.run)

    def journal(self, operation: Operation) -> None:
        """Journal that the consents of customers that stay go."""
        import_consents.journal(self.run, operation, is_undo=True)

    def remove(self) -> Iterator[None]:
        """Delete the customers, ids, contact points and consents of the import."""
        yield from remove_customers(self.run)


def _by_identity(rows: Mapping[str, Sequence[Any]]) -> dict[str, dict[str, Any]]:
    """One row per customer: of several about the same one, the later word counts, and every contact point."""
    count = len(rows["identity"])
    empty = [None] * count
    keys = (
        "external_id",
        "likely_kind",
        "found_title",
        "custom",
        "consents",
        "created",
        *PLAIN,
        *(kind.value for kind in CONTACTS),
    )
    columns = {key: rows.get(key) or empty for key in keys}
    merged: dict[str, dict[str, Any]] = {}
    for index, identity in enumerate(rows["identity"]):
        row = {key: column[index] for key, column in columns.items()}
        held = merged.setdefault(identity, dict.fromkeys(keys) | {"custom": {}})
        for key, value in row.items():
            if key == "custom":
                held["custom"] = {**held["custom"], **(value or {})}
            elif key == "consents":
                held["consents"] = [*(held["consents"] or []), *(value or [])]
            elif key in {"phone", "email"} and value and held[key]:
                held[key] = "\n".join(dict.fromkeys([*held[key].split("\n"), *value.split("\n")]))
            elif value is not None and value != "":
                held[key] = value
    for row in merged.values():
        row["is_kind_given"] = row["kind"] is not None
        row["kind"] = row["kind"] or row["likely_kind"] or CustomerKind.PERSON
        row["title"] = row["title"] or row.pop("found_title")
        row["created_at"] = row.pop("created")
    return merged


def _by_contact(rows: Mapping[str, dict[str, Any]]) -> dict[str, int]:
    """For rows without an id: the customer in force with the same tax number, or with the same contact and name."""
    found: dict[str, int] = {}
    numbers = {row["tax_id"] for row in rows.values() if row["tax_id"]}
    by_tax = dict(Customer.objects.filter(tax_id__in=numbers).order_by("-pk").values_list("tax_id", "pk"))
    points = {(kind, normalised) for row in rows.values() for kind, _value, normalised in _contacts_of(row)}
    by_point: dict[tuple[str, str], list[tuple[int, str]]] = {}
    for kind in {kind for kind, _normalised in points}:
        wanted = [normalised for k, normalised in points if k == kind]
        matches = ContactPoint.objects.filter(kind=kind, normalised__in=wanted, customer__merged_into__isnull=True)
        for normalised, customer, name in matches.values_list("normalised", "customer_id", "customer__name"):
            by_point.setdefault((kind, normalised), []).append((customer, name))
    for identity, row in rows.items():
        if row["tax_id"] in by_tax:
            found[identity] = by_tax[row["tax_id"]]
            continue
        own = names.compare_key(row["name"] or "")
        for kind, _value, normalised in _contacts_of(row):
            same = [number for number, name in by_point.get((kind, normalised), ()) if names.compare_key(name) == own]
            if same:
                found[identity] = min(same)
                break
    return found


def _contacts_of(row: Mapping[str, Any]) -> Iterator[tuple[str, str, str]]:
    """Kind, value and normalised form of every contact point in a row."""
    for kind in CONTACTS:
        for part in (row[kind.value] or "").split("\n"):
            if not part:
                continue
            if kind == ContactKind.PHONE:
                yield kind.value, identifiers.show_phone(part), part
            elif kind == ContactKind.EMAIL:
                yield kind.value, part, part
            else:
                yield kind.value, part, identifiers.normalise(kind, part)


def _differing(customer: Customer, row: Mapping[str, Any]) -> dict[str, tuple[Any, Any]]:
    """Field -> (before, after) for what a row says otherwise than the customer's record; empty cells say nothing."""
    found: dict[str, tuple[Any, Any]] = {}
    for field in PLAIN:
        value = row[field]
        if value and value != getattr(customer, field) and (field != "kind" or row["is_kind_given"]):
            found[field] = (getattr(customer, field), value)
    if row["created_at"] and row["created_at"] != customer.created_at:
        found["created_at"] = (stored_moment(customer.created_at), stored_moment(row["created_at"]))
    for key, value in row["custom"].items():
        if customer.custom.get(key) != value:
            found[f"custom.{key}"] = (customer.custom.get(key), value)
    if "name" in found or "kind" in found:
        kind = found.get("kind", ("", customer.kind))[1]
        name = found.get("name", ("", customer.name))[1]
        for field, value in names.derived_keys(name, kind).items():
            if value != getattr(customer, field):
                found[field] = (getattr(customer, field), value)
    return found


def _set(customer: Customer, differing: Mapping[str, tuple[Any, Any]]) -> None:
    """Put new values on a customer that this import made itself."""
    customer.custom = dict(customer.custom)
    for field, (_before, after) in differing.items():
        if field.startswith("custom."):
            customer.custom[field.removeprefix("custom.")] = after
        elif field == "created_at":
            customer.created_at = datetime.fromisoformat(after).replace(tzinfo=UTC)
        else:
            setattr(customer, field, after)


def stored_moment(moment: datetime) -> str:
    """A moment as both databases read it in plain SQL: UTC without an offset."""
    return moment.astimezone(UTC).replace(tzinfo=None).isoformat(sep=" ")
