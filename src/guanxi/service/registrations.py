"""What service registers on the floors below it."""

from django.utils.translation import gettext_lazy as _

from guanxi.core import live, records
from guanxi.core.references import Reference, register
from guanxi.service import (
    queries,
    rule_parts,  # noqa: F401 - what rules can hear, ask and do
)
from guanxi.service.clocks import registrations as clock_registrations  # noqa: F401 - what clocks register
from guanxi.service.complaints import registrations  # noqa: F401 - what complaints register

records.register(
    records.RecordKind(
        kind="case",
        model_label="service.Case",
        prefix="cas",
        label=_("case"),
        label_plural=_("cases"),
        title=str,
        icon="ticket",
    )
)
register(Reference("customer", "service.Case", "customer_id"))
live.register("case", may_listen=queries.may_listen_to_case)
