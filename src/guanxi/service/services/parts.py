"""Parts of a case: its checklist, and what else it concerns."""

from django.db import transaction
from django.utils.translation import gettext as _

from guanxi.core import access, changes, clock, records
from guanxi.core.actor import Actor
from guanxi.core.errors import InvalidInput, NotFound
from guanxi.core.events import publish
from guanxi.core.records import RecordRef
from guanxi.service.events import CaseChanged
from guanxi.service.models import Case, CaseLink, CaseStep
from guanxi.service.services.cases import locked_case

# What a case can concern besides its customer.
LINKABLE = ("order", "product", "case")
LINKS_AT_MOST = 50
STEPS_AT_MOST = 100


def tick_step(*, actor: Actor, step_id: int, is_done: bool) -> int | None:
    """Note that an item of the checklist is done, or is not after all; the operation's number."""
    step = CaseStep.objects.filter(pk=step_id).first()
    if step is None:
        raise NotFound(_("There is no such record, or it is not open to you."))
    with transaction.atomic():
        case = locked_case(actor, step.case_id)
        step = CaseStep.objects.select_for_update(no_key=True).get(pk=step_id)
        if (step.done_at is not None) == is_done:
            return None
        with changes.operation(actor=actor, name="service.tick_step") as op:
            op.update(step, done_at=clock.now() if is_done else None, done_by_id=actor.user_id if is_done else None)
            op.touch(case)
            publish(CaseChanged(case_id=case.pk, fields=("steps",)))
        return op.id


def add_step(*, actor: Actor, case_id: int, text: str) -> CaseStep:
    """One more item on the checklist of a case."""
    plain = " ".join(str(text or "").replace("\x00", "").split())
    if not plain or len(plain) > 300:
        raise InvalidInput(_("An item has between 1 and 300 characters."), column="text")
    with transaction.atomic():
        case = locked_case(actor, case_id)
        count = CaseStep.objects.filter(case=case).count()
        if count >= STEPS_AT_MOST:
            raise InvalidInput(_("A checklist has at most %(limit)s items.") % {"limit": STEPS_AT_MOST}, column="text")
        with changes.operation(actor=actor, name="service.add_step") as op:
            step: CaseStep = op.create(CaseStep(case=case, text=plain, position=count))
            op.touch(case)
            publish(CaseChanged(case_id=case.pk, fields=("steps",)))
        return step


def remove_step(*, actor: Actor, step_id: int) -> int:
    """Take an item off the checklist; the operation's number."""
    step = CaseStep.objects.filter(pk=step_id).first()
    if step is None:
        raise NotFound(_("There is no such record, or it is not open to you."))
    with transaction.atomic():
        case = locked_case(actor, step.case_id)
        with changes.operation(actor=actor, name="service.remove_step") as op:
            op.delete(step)
            op.touch(case)
            publish(CaseChanged(case_id=case.pk, fields=("steps",)))
        return op.id


def link_record(*, actor: Actor, case_id: int, about: RecordRef) -> CaseLink:
    """Say that a case concerns another record as well; saying it again changes nothing. Its first product is what it is about."""
    if not _is_linkable(actor, about):
        raise InvalidInput(_("A case cannot concern this."), column="about")
    with transaction.atomic():
        case = locked_case(actor, case_id)
        if about.kind == "case" and about.id == case.pk:
            raise InvalidInput(_("A case cannot concern this."), column="about")
        rows = CaseLink.objects.filter(case=case)
        standing = rows.filter(about_kind=about.kind, about_id=about.id).first()
        if standing is not None:
            return standing
        if rows.count() >= LINKS_AT_MOST:
            raise InvalidInput(_("At most %(limit)s records can be linked.") % {"limit": LINKS_AT_MOST}, column="about")
        with changes.operation(actor=actor, name="service.link_record") as op:
            link: CaseLink = op.create(CaseLink(case=case, about_kind=about.kind, about_id=about.id))
            changed = (
                op.update(case, product_id=about.id) if about.kind == "product" and case.product_id is None else []
            )
            op.touch(case)
            publish(CaseChanged(case_id=case.pk, fields=("links", *changed)))
        return link


def _is_linkable(actor: Actor, about: RecordRef) -> bool:
    """Whether a case can concern this record: of a kind that it can, there, and open to the actor."""
    kind = records.kinds.get(about.kind) if about.kind in LINKABLE else None
    if kind is None or not access.may_see(actor, about.kind, about.id):
        return False
    return bool(kind.model._default_manager.filter(pk=about.id).exists())


def unlink_record(*, actor: Actor, link_id: int) -> int:
    """Say that a case does not concern a record after all; the operation's number. The next product takes the place of one."""
    link = CaseLink.objects.filter(pk=link_id).first()
    if link is None:
        raise NotFound(_("There is no such record, or it is not open to you."))
    with transaction.atomic():
        case = locked_case(actor, link.case_id)
        with changes.operation(actor=actor, name="service.unlink_record") as op:
            op.delete(link)
            changed = op.update(case, product_id=_next_product(case)) if _is_about(case, link) else []
            op.touch(case)
            publish(CaseChanged(case_id=case.pk, fields=("links", *changed)))
        return op.id


def _is_about(case: Case, link: CaseLink) -> bool:
    """Whether a link names the product that the case is about."""
    return link.about_kind == "product" and link.about_id == case.product_id


def _next_product(case: Case) -> int | None:
    """The product that was linked first among those that are left."""
    rows = CaseLink.objects.filter(case=case, about_kind="product").order_by("pk")
    return rows.values_list("about_id", flat=True).first()
