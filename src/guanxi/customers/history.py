"""The journal in words: what an operation did to a customer."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from guanxi.core import money
from guanxi.core.actor import Actor
from guanxi.core.changes import LOOK
from guanxi.core.ids import public_id
from guanxi.core.models import Change
from guanxi.customers import archive, identifiers
from guanxi.customers.choices import ContactKind
from guanxi.customers.models import Customer
from guanxi.customers.privacy.withholding import withheld_from
from guanxi.ui import history
from guanxi.ui.history import Line, Reader, Words
from guanxi.ui.html import escape

OPERATIONS: dict[str, Promise] = {
    "customers.create_customer": gettext_lazy("Customer entered"),
    "customers.update_customer": gettext_lazy("Details changed"),
    "customers.bulk_update": gettext_lazy("Changed together with others"),
    "customers.bulk_tag": gettext_lazy("Tags changed together with others"),
    "customers.update_profile": gettext_lazy("Archive changed"),
    "customers.add_contact_point": gettext_lazy("Contact point added"),
    "customers.update_contact_point": gettext_lazy("Contact point changed"),
    "customers.remove_contact_point": gettext_lazy("Contact point removed"),
    "customers.add_external_id": gettext_lazy("External id added"),
    "customers.remove_external_id": gettext_lazy("External id removed"),
    "customers.relate": gettext_lazy("Relation added"),
    "customers.update_relation": gettext_lazy("Relation changed"),
    "customers.remove_relation": gettext_lazy("Relation removed"),
    "customers.record_visit": gettext_lazy("Visit recorded"),
    "customers.update_visit": gettext_lazy("Visit record changed"),
    "customers.remove_visit": gettext_lazy("Visit record removed"),
    "customers.add_note": gettext_lazy("Note written"),
    "customers.update_note": gettext_lazy("Note changed"),
    "customers.remove_note": gettext_lazy("Note removed"),
    "customers.open_core_card": gettext_lazy("Core-customer card opened"),
    "customers.save_core_card": gettext_lazy("Core-customer card brought up to date"),
    "customers.remove_core_card": gettext_lazy("Core-customer card removed"),
    "customers.delete_customer": gettext_lazy("Customer removed"),
    "customers.decide_different": gettext_lazy("Decided that two are not the same"),
    "customers.withdraw_decision": gettext_lazy("Decision that two are not the same withdrawn"),
    "customers.add_field": gettext_lazy("Custom field added"),
    "customers.change_field": gettext_lazy("Custom field changed"),
    "customers.toggle_field": gettext_lazy("Custom field put in or out of use"),
    "customers.merge": gettext_lazy("Customers merged"),
    "customers.merge_several": gettext_lazy("Several customers merged"),
    "customers.unmerge": gettext_lazy("Merge taken back"),
    "customers.settle": gettext_lazy("Carried over after a merge"),
    "customers.reveal": gettext_lazy("Value shown in full"),
    "customers.reveal_tax_id": gettext_lazy("Number shown in full"),
    "customers.record_consent": gettext_lazy("Consent recorded"),
    "customers.download_pack": gettext_lazy("Pack downloaded"),
    "customers.order_pack": gettext_lazy("Pack ordered"),
    "customers.make_pack": gettext_lazy("Pack made"),
    "customers.drop_pack": gettext_lazy("Pack gone"),
    "customers.set_hold": gettext_lazy("Legal hold set"),
    "customers.release_hold": gettext_lazy("Legal hold released"),
    "privacy.record_request": gettext_lazy("Request about personal data recorded"),
    "privacy.change_request": gettext_lazy("Request about personal data changed"),
    "privacy.extend_request": gettext_lazy("Request about personal data put off"),
    "privacy.settle_request": gettext_lazy("Request about personal data settled"),
    "privacy.reopen_request": gettext_lazy("Request about personal data opened again"),
    "privacy.act_on_request": gettext_lazy("Request about personal data acted on"),
    "privacy.remind_of_request": gettext_lazy("Task set for a request about personal data"),
    "customers.erase": gettext_lazy("Person erased"),
    "privacy.save_purpose": gettext_lazy("Purpose of processing saved"),
    "privacy.add_notice": gettext_lazy("Text of consent put in force"),
    "privacy.set_parameter": gettext_lazy("Legal parameter set"),
    "privacy.set_separate_consent": gettext_lazy("Rule of separate consent set"),
    "privacy.set_retention": gettext_lazy("Period of retention set"),
    "privacy.preview_retention": gettext_lazy("Data past its period counted"),
    "privacy.end_data": gettext_lazy("Data past its period ended"),
    "privacy.retention_ended": gettext_lazy("End of a run of retention"),
    "privacy.stop_retention": gettext_lazy("Run of retention stopped"),
    "customers.read_core_card": gettext_lazy("Core-customer card read"),
    "undo": gettext_lazy("Taken back"),
}
# What other kinds of the stream show in full; their journal rows would say it twice.
SHOWN_ELSEWHERE = frozenset({"customers.add_note", "customers.record_visit"})
DERIVED = frozenset(
    {
        "id", "sort_key", "initials", "stroke_key", "normalised", "created_at", "updated_at", "customer_id", "import_run_id", "subject_id",
        "position_in_list", "author_id", "author_name", "at", "last_contact_at", "reviewed_on", "merged_into_id",
    }
)  # fmt: skip
# What is a part of a customer, and what a core card says, which is for those who may open the card.
PARTS = (
    "customer", "personprofile", "organisationprofile", "internalprofile", "contactpoint", "externalid", "customertag",
    "relation", "note", "visitrecord", "tag",
)  # fmt: skip
MERGES = frozenset({"merge", "split"})
SECRET_KINDS = ("corecard",)
NAMES_FOUND = 200


def _show(reader: Reader, column: Any, value: Any) -> str | None:
    """Amounts and shares of the archive."""
    if column is None or column.is_relation:
        return None
    if archive.is_money(column.name):
        return escape(money.format_money(int(value), money.reporting_currency()))
    if archive.is_ratio(column.name):
        return f"{(Decimal(str(value)) * 100).normalize():f}%"
    return None


def _contact_point(reader: Reader, row: dict[str, Any]) -> str:
    """A contact point that came or went."""
    if reader.actor.sees("contactpoint", "value") == "hidden":
        return ""
    kind = row.get("kind") or ContactKind.ADDRESS
    return escape(identifiers.masked(kind, row.get("normalised") or "", row.get("value") or ""))


def _relation(reader: Reader, row: dict[str, Any]) -> str:
    """Who to whom."""
    kinds = dict(_column("relation", "kind").flatchoices)
    ends = [reader.names.get((Customer, row.get(end)), row.get(end)) for end in ("subject_id", "object_id")]
    return " ".join(escape(part) for part in (ends[0], kinds.get(row.get("kind"), row.get("kind")), ends[1]))


def _column(kind: str, name: str) -> Any:
    """A column of a part."""
    from guanxi.core.records import model_of  # the registry is whole only when all modules are loaded

    model = model_of(kind)
    return model._meta.get_field(name) if model is not None else None


def _external_id(reader: Reader, row: dict[str, Any]) -> str:
    """Source and id."""
    return escape(f"{row.get('source', '')}: {row.get('value', '')}")


def _tagged(reader: Reader, row: dict[str, Any]) -> str:
    """The tag."""
    tag = _column("customertag", "tag").related_model
    return escape(reader.names.get((tag, row.get("tag_id")), row.get("tag_id")))


def _texts(kind: str) -> Any:
    """A function that tells a record by its text, where its reader sees that."""

    def told(reader: Reader, row: dict[str, Any]) -> str | None:
        """The first of its texts."""
        for name in ("text", "purpose", "name", "title"):
            if row.get(name) and reader.actor.sees(kind, name) == "shown":
                return escape(str(row[name])[:200])
        return None

    return told


def _merged(reader: Reader, change: Change) -> list[Line]:
    """With which customer it was merged, or from which it was parted."""
    told = change.after if change.act == "merge" else change.before
    number = next(iter((told or {}).values()), None) if change.act in MERGES else None
    if number is None:
        return []
    label = _("Merged") if change.act == "merge" else _("Parted")
    return [Line(escape(label), "", escape(f"{reader.name_of(Customer, number)} ({public_id('cus', number)})"))]


def find(actor: Actor, text: str) -> Sequence[int]:
    """Customers of this name that the actor may see."""
    found = Customer.objects.visible_to(actor).filter(name__icontains=text)
    return list(found.values_list("pk", flat=True)[:NAMES_FOUND])


def merged_into(number: int) -> list[int]:
    """The customers that one stands for since they were merged into it."""
    return list(Customer.everything.filter(merged_into=number).order_by("pk").values_list("pk", flat=True))


_TOLD = {"contactpoint": _contact_point, "relation": _relation, "externalid": _external_id, "customertag": _tagged}
for _kind in PARTS:
    history.register(
        Words(
            _kind,
            fields={"custom": gettext_lazy("Own fields")},
            left_out=DERIVED,
            show=_show,
            told=_TOLD.get(_kind, _texts(_kind)),
            sort=(lambda row: str(row.get("kind") or "")) if _kind == "contactpoint" else (lambda _row: ""),
            always_masked=frozenset({"tax_id"}) if _kind == "customer" else frozenset(),
            custom_kind="customer",
            other_acts=_merged if _kind == "customer" else None,
            find=find if _kind == "customer" else None,
            withheld=withheld_from if _kind == "personprofile" else None,
            joined=merged_into if _kind == "customer" else None,
        )
    )
for _words in (
    Words("purpose", left_out=frozenset({"position", "is_builtin"})),
    Words(
        "erasure",
        left_out=frozenset(
            {
                "customer_created_at",
                "digest_key",
                "by_id",
                "means",
                "counts",
                "kept",
                "mentions",
                "operation_id",
                "error",
                "is_replay",
            }
        )
        | {"retention_run_id"},
    ),
    Words("erasedidentifier", gettext_lazy("Mark of what was erased"), is_secret=True),
    Words(
        "merge",
        fields={"undone_by_name": gettext_lazy("Taken back by")},
        left_out=frozenset({"operation_id", "batch", "by_id", "counts", "undone_by_name", "undo_operation_id"}),
    ),
    Words("notice", fields={"purpose": gettext_lazy("purpose")}),
    Words(
        "consent",
        left_out=frozenset({"customer_id", "by_id", "means", "first_customer_id", "import_run_id"}),
        blank={"channel": gettext_lazy("every channel")},
    ),
    Words("data_request", left_out=frozenset({"customer_id", "pack_id", "erasure_id", "consent_id", "task_id"})),
    Words(
        "duplicatedecision",
        gettext_lazy("Decision that two are not the same"),
        {"customer": gettext_lazy("customer"), "other": gettext_lazy("not the same as")},
        left_out=frozenset({"by_id", "by_name", "at"}),
    ),
    Words(
        "standingchange",
        fields={
            "from_tier": gettext_lazy("Tier before"),
            "to_tier": gettext_lazy("Tier afterwards"),
            "from_level": gettext_lazy("Level before"),
            "to_level": gettext_lazy("Level afterwards"),
        },
    ),
    Words("corecardreading", fields={"user_name": gettext_lazy("Who")}),
    Words(
        "hold",
        fields={"released_by_name": gettext_lazy("Released by")},
        left_out=frozenset({"customer_id", "released_by_name"}),
    ),
    Words("pack", left_out=frozenset({"customer_id", "by_id", "file_id", "error"})),
    Words(
        "retentionrun",
        left_out=frozenset(
            {"parts", "sample", "legal", "part", "last_id", "counts", "left", "by_id", "error", "operation_id"}
        ),
    ),
):
    history.register(_words)
for _kind in SECRET_KINDS:
    history.register(Words(_kind, is_secret=True))
history.operations(OPERATIONS)


def operation_label(name: str) -> str:
    """What an operation is called."""
    return history.operation_label(name)


def lines(reader: Reader, changes: Sequence[Change]) -> list[Line]:
    """What changed of a customer, field by field; that it came, and what a card says, is told by the entry itself."""
    told = [
        c
        for c in changes
        if c.kind not in SECRET_KINDS and (c.kind not in {"customer", "merge"} or c.act in {"update", LOOK, *MERGES})
    ]
    return history.lines(reader, told)


def changes_of(operation_ids: Sequence[int], customer_id: int) -> dict[int, list[Change]]:
    """The journal rows of some operations that belong to a customer."""
    found: dict[int, list[Change]] = {number: [] for number in operation_ids}
    rows = Change.objects.filter(customer_id=customer_id, operation_id__in=operation_ids).order_by("id")
    for change in rows:
        found[change.operation_id].append(change)
    return found
