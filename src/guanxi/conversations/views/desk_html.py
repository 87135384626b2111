"""The HTML of a message in a frame of its own, and whose images are shown in it."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_GET, require_POST

from guanxi.conversations import queries
from guanxi.conversations.desk import html_mail
from guanxi.conversations.services import desk as own
from guanxi.conversations.views.desk import actor_in
from guanxi.core.errors import NotFound
from guanxi.ui import toasts
from guanxi.ui.lists.endpoints import private


@login_required
@require_GET
@private
@xframe_options_sameorigin
def message(request: HttpRequest, public_id: str) -> HttpResponse:
    """The message as a page on which nothing runs; images of other machines only when asked for or from trusted senders."""
    actor = actor_in(request)
    found = queries.message_of(actor, public_id)
    if not found.html:
        raise NotFound(_("There is no such message, or it is not open to you."))
    with_images = request.GET.get("images") == "1" or own.is_trusted(actor, found.from_address)
    response = HttpResponse(html_mail.document(found, with_images=with_images, language=get_language() or "en"))
    response["Content-Security-Policy"] = html_mail.policy(with_images=with_images)
    response["X-Content-Type-Options"] = "nosniff"
    response["Referrer-Policy"] = "no-referrer"
    return response


@login_required
@require_POST
def trust(request: HttpRequest, public_id: str) -> HttpResponse:
    """Always show one the images of this sender."""
    actor = actor_in(request)
    found = queries.message_of(actor, public_id)
    own.trust_sender(actor=actor, address=found.from_address)
    return toasts.add(HttpResponse(status=204), _("Images of this sender are shown from now on."), tone="info")
