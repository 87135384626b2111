"""Downloads."""

from django.contrib.auth.decorators import login_required
from django.http import FileResponse, HttpRequest
from django.utils.translation import gettext as _

from guanxi.core import ids
from guanxi.core.errors import NotFound
from guanxi.files.models import PREFIX, StoredFile
from guanxi.files.policies import may_read
from guanxi.files.services import path_of


@login_required
def download(request: HttpRequest, public_id: str) -> FileResponse:
    """Stream a file as a download to those who may read it."""
    stored = StoredFile.objects.get_visible(request.actor, pk=ids.parse(PREFIX, public_id) or 0)  # type: ignore[attr-defined]
    if not may_read(request.actor, stored) or not path_of(stored).is_file():  # type: ignore[attr-defined]
        raise NotFound(_("There is no such file, or it is not open to you."))
    response = FileResponse(
        path_of(stored).open("rb"), as_attachment=True, filename=stored.name, content_type="application/octet-stream"
    )
    response["X-Content-Type-Options"] = "nosniff"
    return response
