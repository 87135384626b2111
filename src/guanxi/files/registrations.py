"""What files register on the floors below."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from guanxi.core import ids, records, references
from guanxi.core.backup.scope import Contents, add_contents
from guanxi.files import jobs  # noqa: F401 - registers what is done every night
from guanxi.files.models import PREFIX
from guanxi.files.services import path_of_digest

references.register(references.Reference("customer", "files.StoredFile", "record_id", kind_column="record_kind"))
records.register(
    records.RecordKind(
        kind="file",
        model_label="files.StoredFile",
        prefix=PREFIX,
        label=_("file"),
        label_plural=_("files"),
        url=lambda number: reverse("files:download", args=[ids.public_id(PREFIX, number)]),
        icon="file",
    )
)

add_contents(Contents("files", table="files_storedfile", column="sha256", path_of=path_of_digest))
