"""Pages of complaints: one with its six steps, its acts, its file and the reply to an authority as PDF."""

from urllib.parse import quote

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from guanxi.core.actor import Actor
from guanxi.core.errors import GuanxiError, NotFound
from guanxi.service.choices import CaseType
from guanxi.service.complaints import presenting, printing, queries, steps
from guanxi.service.complaints.acts import ACTS, next_acts
from guanxi.service.complaints.lists import COMPLAINTS
from guanxi.service.complaints.responsible import OBJECT
from guanxi.service.models import Complaint
from guanxi.service.queries import case_of
from guanxi.service.services.cases import update_case
from guanxi.ui import forms, lists, toasts
from guanxi.ui.together import held, in_turn

LANGUAGES = ("en", "zh-hans")
# The language that documents are offered in besides the reader's: by whether that is Chinese.
OTHERS = {
    True: {"code": "en", "name": "English", "sign": "EN"},
    False: {"code": "zh-hans", "name": "中文", "sign": "中"},
}


def _actor(request: HttpRequest) -> Actor:
    """Who asks."""
    return request.actor  # type: ignore[attr-defined]


@login_required
@require_GET
def complaint_list(request: HttpRequest) -> HttpResponse:
    """The complaints that the actor may see."""
    return lists.render_list(request, COMPLAINTS)


@login_required
@require_GET
def show(request: HttpRequest, public_id: str) -> HttpResponse:
    """One complaint: the six steps, what each found, what is missing."""
    complaint = queries.complaint_of(_actor(request), public_id)
    is_chinese = (translation.get_language() or "").startswith("zh")
    context = {
        **presenting.page_of(_actor(request), complaint),
        "other": OTHERS[is_chinese],
        "next_acts": [(what, ACTS[what].title, icon) for what, icon in next_acts(complaint)],
    }
    return render(request, "service/complaints/complaint.html", context)


@login_required
@require_POST
def begin(request: HttpRequest, public_id: str) -> HttpResponse:
    """Make a complaint of a case: its six steps begin, and its page opens."""
    actor = _actor(request)
    case = case_of(actor, public_id, "change")
    operation = update_case(actor=actor, case_id=case.pk, values={"case_type": CaseType.COMPLAINT})
    toasts.message(request, _("It is a complaint now; its six steps have begun."), operation)
    return forms.done(request, reverse("complaints:complaint", args=[public_id]))


@login_required
@require_http_methods(["GET", "POST"])
@in_turn
def act(request: HttpRequest, public_id: str, what: str) -> HttpResponse:
    """One act on a complaint, by its form."""
    actor = _actor(request)
    if what not in ACTS:
        raise NotFound(_("There is no such record, or it is not open to you."))
    complaint = queries.complaint_of(actor, public_id, OBJECT if what == "object" else "change")
    one = ACTS[what]
    held(request, complaint, under=complaint.case)
    back = reverse("complaints:complaint", args=[public_id])
    is_sent = request.method == "POST"
    form = one.form(request.POST if is_sent else None, request.FILES if is_sent else None, complaint=complaint)
    if is_sent and form.is_valid():
        try:
            done = one.run(actor, complaint, form)
        except GuanxiError as error:
            forms.add_error(form, error)
        else:
            toasts.message(request, _("Saved."), done if isinstance(done, int) else None)
            return forms.done(request, back)
    lacking = steps.lacking(complaint, complaint.step) if what == "next" else []
    return forms.page(
        request,
        form,
        title=one.title,
        submit=one.submit,
        back_url=back,
        back_label=complaint.case.subject,
        intro=_("Still missing: %(missing)s") % {"missing": " ".join(lacking)} if lacking else "",
    )


@login_required
@require_GET
def file(request: HttpRequest, public_id: str) -> HttpResponse:
    """The complaint's file as PDF, in the language that the address asks for."""
    complaint = queries.complaint_of(_actor(request), public_id)
    with translation.override(_language(request)):
        return _pdf(printing.file_of(complaint), f"{complaint.case.public_id}.pdf")


@login_required
@require_GET
def reply(request: HttpRequest, public_id: str) -> HttpResponse:
    """The reply to the authority as PDF."""
    complaint: Complaint = queries.complaint_of(_actor(request), public_id)
    if not complaint.authority:
        raise NotFound(_("No authority handed this complaint on."))
    with translation.override(_language(request)):
        return _pdf(printing.reply_of(complaint), f"{complaint.authority_number or complaint.case.public_id}.pdf")


def _language(request: HttpRequest) -> str:
    """The language asked for, else the reader's."""
    asked = request.GET.get("language", "")
    return asked if asked in LANGUAGES else translation.get_language() or "en"


def _pdf(content: bytes, name: str) -> HttpResponse:
    """A PDF to look at or keep."""
    response = HttpResponse(content, content_type="application/pdf")
    response["Content-Disposition"] = f"inline; filename*=UTF-8''{quote(name)}"
    response["Cache-Control"] = "no-store"
    response["X-Content-Type-Options"] = "nosniff"
    return response
