"""What personal data measurements hold."""

from django.utils.translation import gettext_lazy as _

from guanxi.core.personal_data import Category, Form, Whose, held, nothing, state

nothing(
    "insight.StandingRun",
    _("When and how standings were measured"),
    "currency method parameters level_basis left_out figures digest reason",
)
state(
    "insight.PastTier",
    _("In which tier a customer stood at an earlier day"),
    held("tier", Whose.CUSTOMER, Category.BEHAVIOUR, Form.SAME),
    customer="customer",
    kept_because=_("Counts of earlier days stay right; the tier belongs to the erased record and tells nobody's name."),
)
