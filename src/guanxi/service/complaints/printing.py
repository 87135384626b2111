"""The complaint's file and the reply to an authority, as PDF in the language that is active."""

from collections.abc import Iterator
from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from guanxi.conversations.choices import ChannelKind
from guanxi.core import clock, money
from guanxi.service.choices import CaseState
from guanxi.service.complaint_choices import Grade, LastWord, PromiseState, RemedyState, Step
from guanxi.service.complaints import presenting, queries, rule
from guanxi.service.models import Complaint, ComplaintStep, Promise
from guanxi.ui.documents import Column, Document, Moment


def file_of(complaint: Complaint) -> bytes:
    """Everything that is kept of a complaint, in the order of its steps."""
    case = complaint.case
    document = Document(
        _("File of the complaint: %(subject)s") % {"subject": case.subject},
        company=presenting.company_name(),
        number=case.public_id,
        printed=_("printed on %(moment)s") % {"moment": _when(clock.now())},
        subject=_("Complaint"),
    )
    _overview(document, complaint)
    document.heading(_("1 What the customer says"))
    document.paragraph(case.description or _("Not recorded."), manner="quote" if case.description else "note")
    if complaint.wanted:
        document.facts([(_("What the customer asks for"), complaint.wanted)])
    document.heading(_("2 Evidence and statements"))
    document.table(
        [Column(pgettext("evidence", "Sort")), Column(_("From whom")), Column(_("What it says or shows"), weight=4), Column(_("Entered"))],
        [
            (row.get_sort_display(), row.said_by, " ".join(filter(None, (row.text, row.file.name if row.file else ""))), _when(row.at))
            for row in complaint.evidence.select_related("file")
        ],
        empty=_("None."),
    )  # fmt: skip
    _responsible(document, complaint)
    _made_good(document, complaint)
    _summed_up(document, complaint)
    document.heading(_("Course of the steps"))
    document.timeline(_course(complaint))
    if complaint.elsewhere:
        document.heading(_("As told by the system it came from"))
        document.facts(presenting.elsewhere_of(complaint))
    return document.to_bytes()


def _overview(document: Document, complaint: Complaint) -> None:
    """Who, when, how grave, how it stands."""
    case = complaint.case
    category = " › ".join(str(one) for one in (case.category.parent, case.category) if one) if case.category else ""
    document.facts(
        [
            (_("Customer"), case.customer.name if case.customer is not None else _("not identified")),
            (_("Received on"), _when(case.opened_at)),
            (_("Channel"), ChannelKind(case.channel_kind).label if case.channel_kind else ""),
            (_("Grade"), Grade(complaint.grade).label),
            (_("Category"), category),
            (_("Product"), str(case.product) if case.product is not None else ""),
            (_("Authority"), presenting.authority_of(complaint)),
            *_authority_clock(complaint),
            (_("State"), CaseState(case.state).label),
            (_("Who answers for it"), case.owner.display_name if case.owner is not None else ""),
            (_("Closed on"), _when(case.closed_at)),
        ]
    )


def _authority_clock(complaint: Complaint) -> Iterator[tuple[str, str]]:
    """Until when an authority wants its answer, and when it had it."""
    if complaint.authority:
        yield _("Answer due"), _when(complaint.authority_due_at)
        yield _("Authority answered"), _when(complaint.authority_answered_at)


def _responsible(document: Document, complaint: Complaint) -> None:
    """Unit, objection, what the law gives."""
    document.heading(_("3 Who is responsible"))
    document.facts([(_("Responsible unit"), str(complaint.unit) if complaint.unit is not None else "")])
    for row in queries.objections_of(complaint):
        document.facts(
            [
                (_("Objection"), f"{row.unit} · {_when(row.at)}\n{row.reasons}"),
                (_("Decision"), f"{_when(row.settled_at)}\n{row.answer}".strip()),
            ]
        )
    document.table(
        [Column(_("What the law gives"), weight=4), Column(_("Looked at"), weight=2)],
        [(label, value) for label, value, _tone in presenting.entitlements_of(complaint)],
    )


def _made_good(document: Document, complaint: Complaint) -> None:
    """Remedies, what the customer was told, promises, responsibility."""
    document.heading(_("4 How it was made good"))
    document.table(
        [Column(_("Remedy"), weight=4), Column(_("State"), weight=1.6), Column(_("Cost"), align="end", weight=1.6), Column(_("Borne by"), weight=2)],
        [
            (
                queries.remedy_words(row),
                RemedyState(row.state).label,
                money.format_money(row.cost_minor, row.currency) if row.cost_minor is not None else "",
                str(row.unit) if row.unit is not None else "",
            )
            for row in complaint.remedies.select_related("kind", "unit__department")
        ],
        empty=_("None."),
    )  # fmt: skip
    document.heading(_("What the customer was told"), level=2)
    document.timeline(
        (
            Moment(_when(row.at), ChannelKind(row.channel).label, row.words, by=row.by.display_name if row.by else "")
            for row in complaint.tellings.select_related("by")
        ),
        empty=_("Nothing yet."),
    )
    promises = Promise.objects.filter(case=complaint.pk).select_related("owner").order_by("due_at", "pk")
    document.heading(_("Promises"), level=2)
    document.table(
        [Column(_("What was promised"), weight=4), Column(pgettext("promise", "By"), weight=2), Column(_("State"), weight=1.6)],
        [(row.text, _when(row.due_at), PromiseState(row.state).label) for row in promises],
        empty=_("None."),
    )  # fmt: skip
    document.heading(_("5 Responsibility"))
    document.paragraph(
        complaint.responsibility or _("Not entered."), manner="body" if complaint.responsibility else "note"
    )


def _summed_up(document: Document, complaint: Complaint) -> None:
    """Cause, whys, prevention, the customer's last word, the looks back."""
    document.heading(_("6 Summed up"))
    cause = " › ".join(str(one) for one in (complaint.cause.parent, complaint.cause) if one) if complaint.cause else ""
    whys = [(_("Why (%(number)s)") % {"number": place}, why) for place, why in enumerate(complaint.whys, start=1)]
    document.facts([(_("Cause"), cause), *whys, (_("So that it does not happen again"), complaint.prevention)])
    document.heading(_("The customer's last word"), level=2)
    document.timeline(
        (
            Moment(_when(row.at), LastWord(row.outcome).label, row.words, by=ChannelKind(row.channel).label)
            for row in complaint.closing_words.all()
        ),
        empty=_("Not asked yet."),
    )
    checks = list(complaint.checks.all())
    if checks:
        document.heading(_("Looks back"), level=2)
        document.table(
            [Column(_("Looked back after days"), align="end"), Column(_("Due")), Column(_("Found again"), align="end")],
            [
                (str(row.after_days), str(row.due_on), "" if row.found_count is None else str(row.found_count))
                for row in checks
            ],
        )


def _course(complaint: Complaint) -> Iterator[Moment]:
    """The steps as they went."""
    rows = ComplaintStep.objects.filter(complaint=complaint).select_related("owner").order_by("pk")
    for row in rows:
        ended = _("over %(moment)s") % {"moment": _when(row.ended_at)} if row.ended_at else _("under way")
        due = pgettext("document", "due %(moment)s") % {"moment": _when(row.due_at)} if row.due_at else ""
        yield Moment(
            _when(row.began_at),
            Step(row.step).label,
            "; ".join(part for part in (due, ended) if part),
            by=row.owner.display_name if row.owner is not None else "",
        )


def reply_of(complaint: Complaint) -> bytes:
    """The letter by which the company answers an authority."""
    case = complaint.case
    document = Document(
        _("Reply to %(authority)s") % {"authority": presenting.authority_of(complaint)},
        company=presenting.company_name(),
        number=_("Our number %(number)s") % {"number": case.public_id},
        printed=_when(clock.now()),
        subject=_("Reply to an authority"),
    )
    document.paragraph(
        _("On the complaint that you handed on to us under the number %(number)s, received on %(moment)s, we reply:")
        % {"number": complaint.authority_number, "moment": _when(case.opened_at)}
    )
    document.heading(_("The complaint"))
    document.paragraph(case.description or case.subject, manner="quote")
    document.heading(_("What we found"))
    for row in complaint.evidence.all():
        if row.text:
            told = {"sort": row.get_sort_display(), "who": row.said_by, "text": row.text}
            document.paragraph(_("%(sort)s (%(who)s): %(text)s") % told if row.said_by else row.text)
    cause = str(complaint.cause) if complaint.cause is not None else _("not settled yet")
    document.facts([(_("Cause"), cause), (_("Responsible unit"), str(complaint.unit) if complaint.unit else "")])
    document.heading(_("What we did"))
    # What nobody granted yet is no word of the company's.
    done = complaint.remedies.filter(state__in=(RemedyState.APPROVED, RemedyState.DONE)).select_related("kind")
    document.table(
        [Column(_("Remedy"), weight=4), Column(_("State"), weight=2), Column(_("Done on"), weight=2)],
        [(queries.remedy_words(row), RemedyState(row.state).label, _when(row.done_at)) for row in done],
        empty=_("None."),
    )
    if complaint.prevention:
        document.heading(_("What prevents that it happens again"))
        document.paragraph(complaint.prevention)
    document.heading(pgettext("document", "The customer"))
    document.paragraph(_customer_words(complaint))
    document.paragraph(_("We are at your disposal for anything further."))
    document.signatures([presenting.company_name(), _("Date and seal")])
    return document.to_bytes()


def _customer_words(complaint: Complaint) -> str:
    """What the customer said in the end, in a sentence."""
    if rule.is_confirmed(complaint.case):
        return _("The customer confirmed that the matter is settled.")
    tried = rule.attempts(complaint.case)
    if tried:
        return _("The customer could not be reached; attempts: %(count)s.") % {"count": tried}
    return _("The customer has not yet been asked whether the matter is settled.")


def _when(moment: datetime | None) -> str:
    """A moment in the reader's time zone."""
    return f"{timezone.localtime(moment):%Y-%m-%d %H:%M}" if moment is not None else ""
