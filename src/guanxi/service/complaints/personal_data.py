"""What personal data complaints and promises hold."""

from django.utils.translation import gettext_lazy as _

from guanxi.core.personal_data import Category, Erasing, Form, Whose, held, nothing, state

KEPT = _("What was found, made good and prevented stays with the figures of complaints; the words of the person go.")

state(
    "service.Complaint",
    _("What a customer complained about, and what was found"),
    held("wanted objection objection_answer responsibility prevention", Whose.CUSTOMER, Category.CONTENT, Form.TEXT),
    held("authority_number", Whose.CUSTOMER, Category.IDENTITY, Form.NUMBER),
    held("whys elsewhere", Whose.CUSTOMER, Category.CONTENT, Form.JSON),
    plain="entitlements",
    customer="case__customer",
    erasing=Erasing.BLANK,
    kept_because=KEPT,
    retention="complaints",
)
state(
    "service.PastObjection",
    _("What units objected that were responsible for a complaint before"),
    held("reasons answer", Whose.CUSTOMER, Category.CONTENT, Form.TEXT),
    customer="complaint__case__customer",
    erasing=Erasing.BLANK,
    kept_because=KEPT,
    retention="complaints",
)
state(
    "service.Evidence",
    _("Evidence and statements about a complaint"),
    held("text", Whose.CUSTOMER, Category.CONTENT, Form.TEXT),
    held("said_by", Whose.CUSTOMER, Category.IDENTITY, Form.NAME),
    customer="complaint__case__customer",
    erasing=Erasing.BLANK,
    kept_because=KEPT,
    retention="complaints",
)
state(
    "service.Remedy",
    _("How a complaint was made good"),
    held("text reason", Whose.CUSTOMER, Category.CONTENT, Form.TEXT),
    held("amount_minor cost_minor", Whose.CUSTOMER, Category.BEHAVIOUR, Form.SAME),
    plain="currency",
    customer="complaint__case__customer",
    erasing=Erasing.BLANK,
    kept_because=KEPT,
    retention="complaints",
)
state(
    "service.Telling",
    _("What a customer was told about a complaint"),
    held("words", Whose.CUSTOMER, Category.CONTENT, Form.TEXT),
    customer="complaint__case__customer",
    erasing=Erasing.BLANK,
    kept_because=KEPT,
    retention="complaints",
)
state(
    "service.ClosingWord",
    _("What a customer said when asked whether it is settled"),
    held("words", Whose.CUSTOMER, Category.CONTENT, Form.TEXT),
    customer="complaint__case__customer",
    erasing=Erasing.BLANK,
    kept_because=KEPT,
    retention="complaints",
)
state(
    "service.Promise",
    _("What was promised to a customer"),
    held("text note", Whose.CUSTOMER, Category.CONTENT, Form.TEXT),
    customer="customer",
    erasing=Erasing.BLANK,
    kept_because=_("That something was promised, and whether it was kept, stays as a figure; the words go."),
    retention="promises",
)
nothing("service.ComplaintStep", _("How the steps of complaints went"))
nothing("service.RecurrenceCheck", _("Whether the like of a complaint came again"), "found")
nothing("service.ResponsibleUnit", _("Who can be responsible for complaints"), "name")
nothing("service.StepRule", _("What the steps of complaints ask for"), "evidence")
nothing("service.Cause", _("The tree of causes"), "key name path")
nothing("service.RemedyKind", _("Ways of making good"), "key name")
nothing("service.RemedyLimit", _("Up to which amount roles may make good"), "currency")
