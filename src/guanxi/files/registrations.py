"""What files register on the floors below."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from guanxi.core import ids, records, references
from guanxi.files import jobs  # noqa: F401 - registers what is done every night
from guanxi.files.models import PREFIX

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
