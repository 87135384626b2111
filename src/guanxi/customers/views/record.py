"""The page of one customer."""

from functools import partial
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_POST, require_safe

from guanxi.core import changes, custom_fields, masking, money
from guanxi.core.actor import HIDDEN, MASKED, SHOWN, Actor
from guanxi.core.addresses import address_of
from guanxi.core.errors import NotFound
from guanxi.customers import identifiers, names, signs, timeline
from guanxi.customers.choices import CustomerKind, CustomerStatus, Tier
from guanxi.customers.lists import KIND_ICONS
from guanxi.customers.models import Customer
from guanxi.customers.privacy import holds
from guanxi.customers.queries import parts
from guanxi.customers.queries.overview import filled_facts
from guanxi.customers.stream_markup import draw_entries
from guanxi.customers.views.answers import actor_in, customer_in
from guanxi.customers.views.merging import merges_context
from guanxi.ui import lists, records
from guanxi.ui.cells import Context, draw_moment, format_date, format_moment
from guanxi.ui.html import escape, icon, safe

LATEST = 6


@login_required
@require_safe
def show(request: HttpRequest, key: str) -> HttpResponse:
    """The record page: head, facts, tabs, cards."""
    customer = customer_in(request, key)
    actor = actor_in(request)
    can_change = customer.erased_at is None and parts.may_change(actor, customer.pk)
    page = records.RecordPage(
        kind="customer",
        record_id=customer.pk,
        record=customer,
        title=customer.name,
        subtitle=_subtitle(customer),
        back_url=reverse("customers:list"),
        back_label=_("Customers"),
        chips=signs_of(actor, customer),
        actions=_actions(customer) if can_change else [],
        more_actions=_more_actions(customer) if can_change else [_print_action(customer)],
        facts=_facts(customer, can_change, actor.sees("customer", "tax_id")),
        tabs=_tabs(customer),
        live_topic=f"customer:{customer.pk} customer",
        reveal=partial(_reveal_address, customer) if can_change else None,
        extra={
            "customer": customer,
            "can_change": can_change,
            "points": parts.contact_points_of(actor, customer),
            "how": actor.sees("contactpoint", "value"),
            **merges_context(request, customer),
        },
    )
    return records.render_record(request, page, template="customers/record.html")


def _subtitle(customer: Customer) -> str:
    """What stands under the name."""
    parts = [CustomerKind(customer.kind).label, customer.title, customer.city, customer.country, customer.public_id]
    return " · ".join(str(part) for part in parts if part)


def signs_of(actor: Actor, customer: Customer) -> list[records.Chip]:
    """Every sign of a customer, those of higher floors among them, in the order of every screen."""
    further = [chip for more in signs.chips for chip in more(actor, customer.pk)]
    return [*_holds(actor, customer), *further, *_chips(customer)]


def _chips(customer: Customer) -> list[records.Chip]:
    """The signs of a customer: status if unusual, tier, net revenue, owner, last contact."""
    standing, context = customer.standing, Context()
    measured = ""
    if standing.as_of:
        span = {"from": format_date(standing.period_from, context), "to": format_date(standing.period_to, context)}
        measured = _("%(from)s to %(to)s") % span + (f" · {standing.method}" if standing.method else "")
    chips = []
    if customer.erased_at is not None:
        chips.append(records.Chip(format_date(localdate(customer.erased_at), context), "danger", caption=_("Erased")))
    if customer.status != CustomerStatus.ACTIVE:
        chips.append(records.Chip(CustomerStatus(customer.status).label, "warning", caption=_("Status")))
    tier = Tier(standing.tier).label if standing.tier else _("Not measured")
    url = lists.url("customers", tier=standing.tier) if standing.tier else ""
    chips.append(records.Chip(tier, standing.tier or "neutral", measured, url, caption=_("Tier")))
    amount = money.format_money(standing.net_revenue_minor, standing.currency) if standing.currency else "–"
    chips.append(records.Chip(amount, "neutral", measured, caption=_("Net revenue")))
    if standing.abc:
        chips.append(records.Chip(standing.abc, standing.abc.lower(), measured, caption="ABC"))
    owner = customer.owner.display_name if customer.owner else _("nobody")
    chips.append(records.Chip(owner, "neutral" if customer.owner else "warning", caption=_("Owner")))
    contact = customer.last_contact_at
    label = safe(draw_moment(contact, context)) if contact else "–"
    chips.append(
        records.Chip(label, "neutral", format_moment(contact, context) if contact else "", caption=_("Last contact"))
    )
    return chips


def _holds(actor: Actor, customer: Customer) -> list[records.Chip]:
    """That nothing of the customer may be erased, and why; it leads those who may to where it is released."""
    found = holds.reasons(customer.pk)
    if not found:
        return []
    url = _address("erase", customer) if actor.can("customer", "erase") else ""
    return [records.Chip(_("Legal hold"), "danger", "; ".join(found), url)]


def _address(name: str, customer: Customer) -> str:
    """One of the customer's addresses."""
    return address_of(f"customers:{name}", customer.public_id)


def _actions(customer: Customer) -> list[records.Action]:
    """Quick acts."""
    return [
        records.Action(pgettext("customer", "Note"), "sticky-note", _address("add_note", customer), "N", is_modal=True),
        records.Action(_("Visit"), "map-pin", _address("add_visit", customer), "V", is_modal=True),
        records.Action(_("Relation"), "affiliate", _address("add_relation", customer), "R", is_modal=True),
        records.Action(_("Edit"), "pencil", _address("edit", customer), "E"),
    ]


def _print_action(customer: Customer) -> records.Action:
    """The way to the core-customer card."""
    return records.Action(_("Core-customer card"), "id-card", _address("card", customer))


def _more_actions(customer: Customer) -> list[records.Action]:
    """Acts behind the dots."""
    is_archived = customer.status == CustomerStatus.ARCHIVED
    return [
        records.Action(_("Edit the archive"), "clipboard-list", _address("edit_archive", customer)),
        _print_action(customer),
        records.Action(_("Add an external id"), "hash", _address("add_external_id", customer), is_modal=True),
        records.Action(
            _("Bring back") if is_archived else _("Put away"),
            "undo-2" if is_archived else "archive",
            _address("status", customer),
            method="post",
            is_dangerous=not is_archived,
        ),
        records.Action(
            _("Pack about the person"), "package", _address("packs", customer), permission=("customer", "pack")
        ),
        records.Action(
            _("Erase personal data"),
            "eraser",
            _address("erase", customer),
            is_dangerous=True,
            permission=("customer", "erase"),
        ),
    ]


def _facts(customer: Customer, can_change: bool, how: str) -> list[records.Facts]:
    """The left column."""
    added = [records.Fact(d.label, edit=f"custom_{d.key}") for d in custom_fields.definitions("customer")]
    ids = parts.external_ids_of(customer)
    context = Context()
    said = (
        names.salutation(customer.name, customer.title, _gender(customer))
        if customer.kind == CustomerKind.PERSON and customer.erased_at is None
        else ""
    )
    labels = {f.name: capfirst(f.verbose_name) for f in Customer._meta.get_fields() if hasattr(f, "verbose_name")}
    plain = (
        "name",
        "title",
        "kind",
        "position",
        "city",
        "country",
        "language",
        "owner",
        "department",
        "status",
        "tags",
        "note",
    )
    basics = [records.Fact(labels[name], edit=name) for name in plain]
    shown = _number_with_eye(customer, how) if can_change and customer.tax_id and how != HIDDEN else ""
    number = records.Fact(labels["tax_id"], edit="tax_id", html=shown)
    sections = [records.Facts(_("Basics"), [*basics[:4], number, *basics[4:]], key="basics")]
    if said:
        basics_more = [
            records.Fact(_("Salutation"), html=escape(said)),
            records.Fact(_("Read as"), html=escape(" ".join(names.reading(customer.name, customer.kind)))),
        ]
        sections.append(records.Facts(_("Name"), basics_more, key="name"))
    if added:
        sections.append(records.Facts(_("Own fields"), added, key="custom"))
    known = [records.Fact(row.source, html=escape(row.value)) for row in ids]
    numbers = [
        records.Fact(_("Customer number"), html=escape(customer.public_id)),
        *known,
        records.Fact(
            _("On record since"), html=escape(format_date(customer.created_at.astimezone(context.zone).date(), context))
        ),
        records.Fact(_("Last changed"), html=draw_moment(customer.updated_at, context)),
    ]
    sections.append(records.Facts(_("Numbers and dates"), numbers, key="numbers"))
    return sections


def _number_with_eye(customer: Customer, how: str) -> str:
    """The identity or tax number, masked, with the button that shows it in full."""
    if how == MASKED:
        url = _reveal_address(customer, "customer", "tax_id")
        return f"{escape(identifiers.mask_number(customer.tax_id))} {records.eye(url)}"
    url, hint = escape(_address("number", customer)), escape(_("Show in full (the look is logged)"))
    return (
        f'<span id="tax-number">{escape(identifiers.mask_number(customer.tax_id))}</span> '
        f'<button type="button" class="icon-button" hx-post="{url}" hx-target="#tax-number" hx-swap="innerHTML" '
        f'title="{hint}" aria-label="{hint}">{icon("eye")}</button>'
    )


def _reveal_address(customer: Customer, kind: str, field: str) -> str:
    """Where a masked field of the customer is shown in full, for a reason."""
    return reverse("customers:reveal", args=[customer.public_id, kind, field, customer.pk])


def _gender(customer: Customer) -> str:
    """The gender in a person's archive."""
    profile = getattr(customer, "person_profile", None)
    return profile.gender if profile is not None else ""


def _tabs(customer: Customer) -> list[records.Tab]:
    """The middle column."""
    return [
        records.Tab("overview", _("Overview"), url=_address("overview", customer)),
        records.Tab("activity", _("Activity"), url=_address("activity", customer)),
        records.Tab("archive", pgettext("tab", "Archive"), url=_address("archive", customer)),
        records.Tab("relations", _("Relations"), url=_address("relations", customer)),
        records.Tab("consents", _("Consents"), url=_address("consents", customer)),
    ]


@login_required
@require_safe
def overview(request: HttpRequest, key: str) -> HttpResponse:
    """What matters first: pinned notes, the filled parts of the archive, the latest entries."""
    customer = customer_in(request, key)
    actor = actor_in(request)
    context: dict[str, Any] = {
        "customer": customer,
        "note": masking.shown(actor, "customer", "note", customer.note) or "",
        "pinned": parts.pinned_notes(customer),
        "facts": filled_facts(customer, Context(actor=actor)),
        "entries": safe(draw_entries(timeline.read(actor, customer.pk, limit=LATEST))),
        "kind_icon": KIND_ICONS[CustomerKind(customer.kind)],
    }
    return render(request, "customers/overview.html", context)


@login_required
@require_POST
def reveal_number(request: HttpRequest, key: str) -> HttpResponse:
    """The identity or tax number in full, for those who may change the customer; the look is journaled."""
    customer = customer_in(request, key, "change")
    if not customer.tax_id or actor_in(request).sees("customer", "tax_id") != SHOWN:
        raise NotFound(_("There is no such record, or it is not open to you."))
    with changes.operation(actor=actor_in(request), name="customers.reveal_tax_id") as op:
        masked = identifiers.mask_number(customer.tax_id)
        op.record(kind="customer", record_id=customer.pk, field="tax_id", before=masked, after=masked, act=changes.LOOK)
    return HttpResponse(escape(customer.tax_id))
