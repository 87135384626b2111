"""Bringing in customers: their names, ids, contact points and added fields."""

import re
from collections.abc import Callable, Iterator, Sequence
from hashlib import blake2b
from typing import Any

from django.utils.translation import gettext_lazy, pgettext_lazy

from guanxi.core import custom_fields, masking
from guanxi.core.errors import InvalidInput
from guanxi.core.models import CustomField
from guanxi.core.models.custom_fields import FieldType
from guanxi.core.sentences import gettext as _
from guanxi.core.sentences import of
from guanxi.customers import bulk_identity, identifiers, names
from guanxi.customers.bulk_identity import SEVERAL_ADDRESSES
from guanxi.customers.choices import CustomerKind, Position
from guanxi.customers.import_writer import CustomerUndoer, CustomerWriter
from guanxi.customers.privacy import consent_columns
from guanxi.importing.choices import ValueKind
from guanxi.importing.models import Import
from guanxi.importing.parsing.numbers import NumberEvidence, number
from guanxi.importing.targets import Field, ImportTarget, RowBatch

CONTACT = ("contactpoint", "value")
# What somebody is known by again; an address is shared by many.
CONTACTED = ("phone", "email", "wechat")
SEVERAL = ("\n", "/", "／", ";", "；", "、", "|")

KINDS = {
    **dict.fromkeys(("person", "individual", "p", "个人", "自然人", "个人客户"), CustomerKind.PERSON.value),
    **dict.fromkeys(
        (
            "organisation",
            "organization",
            "company",
            "org",
            "business",
            "o",
            "企业",
            "公司",
            "单位",
            "组织",
            "机构",
            "企业客户",
        ),
        CustomerKind.ORGANISATION.value,
    ),
    **dict.fromkeys(("internal", "内部", "内部客户"), CustomerKind.INTERNAL.value),
}
POSITIONS = {
    **dict.fromkeys(("final", "end", "end customer", "最终", "最终客户"), Position.FINAL.value),
    **dict.fromkeys(
        ("intermediate", "dealer", "agent", "中间", "中间客户", "经销商", "代理商"), Position.INTERMEDIATE.value
    ),
}


def _each(check: Callable[[str], str], value: str) -> str:
    """Several contact points in one cell, each checked, one to a line."""
    parts = [value]
    for mark in SEVERAL:
        parts = [piece for part in parts for piece in part.split(mark)]
    return "\n".join(dict.fromkeys(check(part) for part in parts if part.strip()))


def _phones(value: str) -> str:
    """Phone numbers."""
    return _each(identifiers.phone_as_told, value)


def _emails(value: str) -> str:
    """E-mail addresses, which a comma may separate too."""
    return _each(identifiers.normalise_email, value.replace(",", ";").replace("，", ";"))


def _wechat(value: str) -> str:
    """WeChat ids as written."""
    return _each(_one_wechat, value)


def _one_wechat(value: str) -> str:
    """One of them."""
    identifiers.normalise_wechat(value)
    return value.strip()


def _addresses(value: str) -> str:
    """Addresses, several only as an export writes them; the lines of one are joined."""
    parts = [" ".join(part.split()) for part in value.split(SEVERAL_ADDRESSES)]
    for part in parts:
        identifiers.normalise_address(part)
    return "\n".join(dict.fromkeys(parts))


FIELDS = (
    Field(
        "external_id", gettext_lazy("Customer id"), ValueKind.IDENTIFIER, check=bulk_identity.check_external_id,
        aliases=(
            "customer_id", "customerid", "customer no", "customer number", "customer code", "id", "account", "code",
            "客户编号", "客户号", "客户ID", "客户代码", "编号",
        ),
    ),
    Field(
        "kind", gettext_lazy("Kind"), ValueKind.CHOICE, choices=KINDS,
        aliases=("type", "customer type", "customer kind", "客户类型", "类型", "客户性质"),
    ),
    Field(
        "name", gettext_lazy("Name"), check=names.clean_name,
        aliases=(
            "customer name", "customer", "full name", "company", "company name", "contact name", "姓名", "名称", "客户名称",
            "客户姓名", "客户", "公司名称", "单位名称", "企业名称",
        ),
    ),
    Field("phone", gettext_lazy("Telephone"), check=_phones, max_length=1000, guard=CONTACT,
          aliases=("telephone", "mobile", "mobile phone", "tel", "cell", "电话", "手机", "手机号", "手机号码", "联系电话", "固定电话")),
    Field("email", gettext_lazy("E-mail"), check=_emails, max_length=2000, guard=CONTACT,
          aliases=("e-mail", "mail", "email address", "邮箱", "电子邮箱", "电子邮件", "邮件")),
    Field("tax_id", gettext_lazy("Tax or identity number"), ValueKind.IDENTIFIER, max_length=40, guard=("customer", "tax_id"),
          aliases=("tax number", "vat", "vat number", "tax id", "credit code", "统一社会信用代码", "税号", "信用代码", "身份证号", "身份证", "证件号码")),
    Field("address", gettext_lazy("Address"), check=_addresses, max_length=1500, has_lines=True, guard=CONTACT,
          aliases=("street", "postal address", "地址", "联系地址", "通讯地址", "详细地址", "注册地址")),
    Field("city", gettext_lazy("City"), max_length=80, aliases=("town", "城市", "所在城市", "市")),
    Field("country", gettext_lazy("Country"), max_length=60, aliases=("nation", "国家", "国家/地区")),
    Field("wechat", gettext_lazy("WeChat"), check=_wechat, max_length=500, guard=CONTACT,
          aliases=("wechat id", "weixin", "微信", "微信号")),
    Field("created", gettext_lazy("On record since"), ValueKind.MOMENT,
          aliases=("created at", "created on", "registered", "registration date", "customer since", "since", "创建时间", "创建日期", "注册时间", "注册日期", "建档日期")),
    Field("title", gettext_lazy("Title"), max_length=60, aliases=("salutation", "job title", "position", "称谓", "职务", "头衔")),
    Field("position", gettext_lazy("Place in the chain"), ValueKind.CHOICE, choices=POSITIONS,
          aliases=("customer position", "客户位置", "中间或最终")),
    Field("note", pgettext_lazy("customer", "Note"), max_length=5000, has_lines=True, guard=("customer", "note"), aliases=("remark", "remarks", "comment", "备注", "说明")),
)  # fmt: skip


def _custom_field(definition: CustomField) -> Field:
    """The field that a column can fill for an added field of the company's."""

    def check(value: str) -> str:
        """The value unchanged, once it is known to be usable."""
        told = _with_currency(value, "CNY") if definition.type == FieldType.MONEY else value
        custom_fields.clean_value(definition, _readable(definition, told))
        return value

    return Field(
        f"custom_{definition.key}",
        definition.label,
        max_length=custom_fields.TEXT_LIMIT,
        check=check,
        aliases=(definition.key, definition.label_en, definition.label_zh),
        guard=("customer", masking.OWN + definition.key),
    )


def _readable(definition: CustomField, value: str) -> str:
    """A date that a spreadsheet or a person wrote in another form, in the one the field takes."""
    if definition.type == FieldType.DATE:
        text = value.strip()[:10].replace("/", "-").replace(".", "-")
        parts = text.split("-")
        if len(parts) == 3 and len(parts[0]) == 4:
            return "-".join((parts[0], parts[1].zfill(2), parts[2].split(" ")[0].zfill(2)))
    return value


_CODE = re.compile(r"\s*(?:([A-Za-z]{3})(?![A-Za-z])\s*(.*)|(.*?)\s*(?<![A-Za-z])([A-Za-z]{3}))\s*", re.DOTALL)


def _with_currency(value: str, currency: str) -> str:
    """An amount as a file writes it, in the form that added fields take; in the import's currency unless it says which."""
    told = _CODE.fullmatch(value)
    code, bare = (told[1] or told[4], told[2] if told[1] else told[3]) if told else (currency, value)
    found = number(bare, NumberEvidence(is_complete=True))
    return f"{code.upper()} {found:f}" if found is not None else value


class CustomerTarget(ImportTarget):
    """Customers: one row each; rows with an id known under the source bring that customer up to date."""

    key = "customers"
    label = gettext_lazy("Customers")
    kind = "customer"
    one_of = (("external_id", "name"),)
    derived = {
        "identity": "string", "likely_kind": "string", "found_title": "string", "custom": "json", "consents": "json",
    }  # fmt: skip
    patterns = (consent_columns.PATTERN,)

    def fields(self) -> Sequence[Field]:
        """The fields of a customer, those that the company added, and consent for each purpose and channel."""
        own = (_custom_field(definition) for definition in custom_fields.definitions("customer"))
        return (*FIELDS, *own, *consent_columns.fields())

    def named_in(self, run: Import, rows: dict[str, Sequence[Any]]) -> Iterator[tuple[int, str, str]]:
        """Contact points, ids and numbers of the state."""
        nothing = [None] * len(rows["row"])
        columns = [rows.get(key) or nothing for key in ("tax_id", *CONTACTED)]
        for row, identity, tax_id, *points in zip(rows["row"], rows["identity"], *columns, strict=True):
            yield row, "external_id", f"{run.source}:{identity}"
            if tax_id:
                yield row, "tax_id", tax_id
            for kind, cell in zip(CONTACTED, points, strict=True):
                for value in cell.split("\n") if cell else ():
                    yield row, kind, value.lower() if kind == "wechat" else value

    def notes(self, run: Import) -> list[str]:
        """Consent for purposes that are not set up here would stay behind unseen."""
        unknown = consent_columns.unknown_purposes(run.table.get("columns", ()))
        if not unknown:
            return []
        text = _("The file has consent for purposes that are not set up here and leaves it behind: %(purposes)s.")
        return [text % {"purposes": ", ".join(unknown)}]

    def derive(self, batch: RowBatch, run: Import) -> None:
        """Who each row speaks of, whether its numbers fit its kind, and the added fields in one column."""
        column = {field.key: batch.column(field.key) for field in FIELDS}
        people, titles = list(column["name"]), list(column["title"])
        identities: list[str | None] = []
        kinds: list[str] = []
        tax_ids = list(column["tax_id"])
        for index in range(len(batch)):
            row = {key: values[index] for key, values in column.items()}
            kind = row["kind"] or _likely_kind(row)
            kinds.append(kind)
            if kind == CustomerKind.PERSON and row["name"]:
                people[index], titles[index] = _name_and_title(row["name"], row["title"])
            try:
                tax_ids[index] = identifiers.tax_id_as_told(row["tax_id"], kind) if row["tax_id"] else None
            except InvalidInput as error:
                batch.refuse(index, "tax_id", of(error))
            identities.append(row["external_id"] or _identity(row))
            if identities[index] is None:
                batch.refuse(index, "external_id", _("there is neither an id nor a name"))
        cleaned = {"name": people, "tax_id": tax_ids}
        batch.values |= {key: values for key, values in cleaned.items() if key in batch.values}
        batch.values |= {
            "identity": identities,
            "likely_kind": kinds,
            "found_title": titles,
            "custom": self._custom(batch, run.currency),
            "consents": consent_columns.derive(batch, run),
        }

    def _custom(self, batch: RowBatch, currency: str) -> list[dict[str, Any]]:
        """For each row the added fields that it fills."""
        found: list[dict[str, Any]] = [{} for _row in range(len(batch))]
        for definition in custom_fields.definitions("customer"):
            for index, value in enumerate(batch.column(f"custom_{definition.key}")):
                if value is None or index in batch.refusals:
                    continue
                told = value if definition.type != FieldType.MONEY else _with_currency(value, currency)
                cleaned = custom_fields.clean_value(definition, _readable(definition, told))
                if cleaned is not None:
                    found[index][definition.key] = cleaned
        return found

    def writer(self, run: Import) -> CustomerWriter:
        """What writes the rows."""
        return CustomerWriter(run)

    def undoer(self, run: Import) -> CustomerUndoer:
        """What takes them back."""
        return CustomerUndoer(run)


def _likely_kind(row: dict[str, Any]) -> str:
    """Person or organisation, by the name and by the form of the number."""
    if row["name"] and names.looks_like_organisation(row["name"]):
        return CustomerKind.ORGANISATION
    number = (row["tax_id"] or "").strip()
    if len(number) == 18 and not (number[:17].isdigit() and number[6:8] in {"18", "19", "20"}):
        return CustomerKind.ORGANISATION
    return CustomerKind.PERSON


def _name_and_title(name: str, title: str | None) -> tuple[str, str | None]:
    """A person's name without the title written behind it, where a name remains."""
    bare, found = names.split_title(name)
    if found and len(bare) >= 2 and bare != names.surname_of(bare):
        return bare, title or found
    return name, title


def _identity(row: dict[str, Any]) -> str | None:
    """For a row without an id: one that the same row has again the next time."""
    if not row["name"]:
        return None
    contact = row["tax_id"] or row["phone"] or row["email"] or row["wechat"] or row["address"] or ""
    told = f"{names.compare_key(row['name'])}\x1f{contact}"
    return f"row-{blake2b(told.encode(), digest_size=10).hexdigest()}"
