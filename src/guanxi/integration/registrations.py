"""What integration registers on the floors below."""

from django.utils.translation import gettext_lazy as _

from guanxi.core import records
from guanxi.core.api import add_router
from guanxi.integration.about_api import router as about
from guanxi.ui import settings_area

records.register(
    records.RecordKind(
        kind="token",
        model_label="integration.ApiToken",
        prefix="tok",
        label=_("API token"),
        label_plural=_("API tokens"),
        icon="key",
    )
)
settings_area.register("tokens", _("API tokens"), "integration:tokens", icon="key", group="developers", order=10)
add_router("", about, area="", order=900)
