"""The words of complaints: steps, grades, evidence, remedies, promises."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Step(TextChoices):
    """The six steps of a complaint, in their order; DONE when all are behind it."""

    RECORD = "record", pgettext_lazy("complaint step", "Record")
    INVESTIGATE = "investigate", pgettext_lazy("complaint step", "Investigate")
    SETTLE = "settle", pgettext_lazy("complaint step", "Settle who is responsible")
    PLAN = "plan", pgettext_lazy("complaint step", "Plan and tell")
    CARRY_OUT = "carry_out", pgettext_lazy("complaint step", "Carry out")
    SUM_UP = "sum_up", pgettext_lazy("complaint step", "Sum up")
    DONE = "done", pgettext_lazy("complaint step", "Done")


STEPS = (Step.RECORD, Step.INVESTIGATE, Step.SETTLE, Step.PLAN, Step.CARRY_OUT, Step.SUM_UP)


class Grade(TextChoices):
    """How far a complaint reaches."""

    ORDINARY = "ordinary", pgettext_lazy("complaint grade", "Ordinary")
    MAJOR = "major", pgettext_lazy("complaint grade", "Major")
    GROUP = "group", pgettext_lazy("complaint grade", "Of a group")
    PUBLIC = "public", pgettext_lazy("complaint grade", "In public")


class Authority(TextChoices):
    """Which authority handed a complaint on to us."""

    NONE = "", pgettext_lazy("complaint authority", "None")
    MARKET = "12315", _("12315 (market supervision)")
    CITY = "12345", _("12345 (city hotline)")
    OTHER = "other", pgettext_lazy("complaint authority", "Another authority")


class EvidenceSort(TextChoices):
    """What a piece of evidence is."""

    STATEMENT = "statement", _("Statement")
    PHOTO = "photo", _("Photograph")
    RECORDING = "recording", _("Recording")
    DOCUMENT = "document", pgettext_lazy("evidence", "Document")
    TEST = "test", _("Test or inspection")
    OTHER = "other", pgettext_lazy("evidence", "Other")


class RemedyState(TextChoices):
    """How a remedy stands."""

    PLANNED = "planned", pgettext_lazy("remedy", "Planned")
    ASKED = "asked", pgettext_lazy("remedy", "Approval asked")
    APPROVED = "approved", pgettext_lazy("remedy", "Approved")
    REFUSED = "refused", pgettext_lazy("remedy", "Refused")
    DONE = "done", pgettext_lazy("remedy", "Done")
    DROPPED = "dropped", pgettext_lazy("remedy", "Dropped")


# Still to be done, or to be decided on.
REMEDIES_AHEAD = (RemedyState.PLANNED, RemedyState.ASKED, RemedyState.APPROVED)


class LastWord(TextChoices):
    """What came of asking the customer at the end."""

    CONFIRMED = "confirmed", pgettext_lazy("last word", "Settled, says the customer")
    NOT_SETTLED = "not_settled", pgettext_lazy("last word", "Not settled, says the customer")
    NOT_REACHED = "not_reached", pgettext_lazy("last word", "Not reached")


class PromiseState(TextChoices):
    """How a promise stands."""

    OPEN = "open", pgettext_lazy("promise", "Open")
    KEPT = "kept", pgettext_lazy("promise", "Kept")
    KEPT_LATE = "kept_late", pgettext_lazy("promise", "Kept late")
    BROKEN = "broken", pgettext_lazy("promise", "Broken")
    RELEASED = "released", pgettext_lazy("promise", "Released by the customer")


class Entitlement(TextChoices):
    """What the law gives a consumer, to be looked at in every complaint about goods."""

    SEVEN_DAYS = "seven_days", _("Return within seven days without a reason")
    THREE_GUARANTEES = "three_guarantees", _("Repair, exchange or return under the three guarantees")
    REFUND_PLUS_THREE = "refund_plus_three", _("Refund and three times the price for fraud")


class Applies(TextChoices):
    """Whether an entitlement holds in a complaint."""

    UNKNOWN = "", pgettext_lazy("entitlement", "Not looked at")
    YES = "yes", pgettext_lazy("entitlement", "Applies")
    NO = "no", pgettext_lazy("entitlement", "Does not apply")


class UsualRemedy(TextChoices):
    """Ways of making good that every company starts with."""

    APOLOGY = "apology", pgettext_lazy("remedy", "Apology")
    EXPLANATION = "explanation", pgettext_lazy("remedy", "Explanation")
    REPAIR = "repair", pgettext_lazy("remedy", "Repair")
    EXCHANGE = "exchange", pgettext_lazy("remedy", "Exchange")
    REFUND = "refund", pgettext_lazy("remedy", "Refund")
    REDUCTION = "reduction", pgettext_lazy("remedy", "Price reduction")
    VOUCHER = "voucher", pgettext_lazy("remedy", "Voucher")
    COMPENSATION = "compensation", pgettext_lazy("remedy", "Compensation")


WITHOUT_AMOUNT = (UsualRemedy.APOLOGY, UsualRemedy.EXPLANATION)


class UsualCause(TextChoices):
    """The tree of causes that every company starts with; what stands before the dot is the branch."""

    PEOPLE = "people", pgettext_lazy("cause", "People")
    ATTITUDE = "people.attitude", pgettext_lazy("cause", "Attitude")
    SKILL = "people.skill", pgettext_lazy("cause", "Knowledge or skill")
    MISTAKE = "people.mistake", pgettext_lazy("cause", "Mistake")
    PRODUCT = "product", pgettext_lazy("cause", "Product")
    QUALITY = "product.quality", pgettext_lazy("cause", "Quality")
    SAFETY = "product.safety", pgettext_lazy("cause", "Safety")
    DESIGN = "product.design", pgettext_lazy("cause", "Design")
    PROCESS = "process", pgettext_lazy("cause", "Process")
    DELAY = "process.delay", pgettext_lazy("cause", "Delay")
    HANDOVER = "process.handover", pgettext_lazy("cause", "Nobody in charge")
    PROMISE = "process.promise", pgettext_lazy("cause", "Promise not kept")
    INFORMATION = "information", pgettext_lazy("cause", "Information")
    ADVERTISING = "information.advertising", pgettext_lazy("cause", "Misleading advertising")
    TERMS = "information.terms", pgettext_lazy("cause", "Contract terms or price")
    WRONG = "information.wrong", pgettext_lazy("cause", "Wrong or missing information")
    OUTSIDE = "outside", pgettext_lazy("cause", "Outside the company")
    SUPPLIER = "outside.supplier", pgettext_lazy("cause", "Supplier or partner")
    USE = "outside.use", pgettext_lazy("cause", "Use by the customer")
    FORCE = "outside.force", pgettext_lazy("cause", "Force majeure")
