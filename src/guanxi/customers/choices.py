"""The words of the customer archive: kinds, positions, roles, grades."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class CustomerKind(TextChoices):
    """What a customer is."""

    PERSON = "person", _("Person")
    ORGANISATION = "organisation", _("Organisation")
    INTERNAL = "internal", _("Internal customer")


class Position(TextChoices):
    """Where a customer stands between us and the use of the goods."""

    FINAL = "final", _("Final customer")
    INTERMEDIATE = "intermediate", _("Intermediate customer")


class CustomerStatus(TextChoices):
    """Whether the archive still works with a customer."""

    ACTIVE = "active", _("Active")
    PROSPECT = "prospect", _("Prospect")
    DORMANT = "dormant", _("Dormant")
    ARCHIVED = "archived", _("Archived")


class ContactKind(TextChoices):
    """By which means a customer can be reached."""

    PHONE = "phone", _("Telephone")
    EMAIL = "email", _("E-mail")
    WECHAT = "wechat", _("WeChat")
    ADDRESS = "address", _("Address")


class Tier(TextChoices):
    """A customer's place in the pyramid."""

    VIP = "vip", _("VIP customer")
    MAJOR = "major", _("Major customer")
    ORDINARY = "ordinary", _("Ordinary customer")
    SMALL = "small", _("Small customer")


class AbcClass(TextChoices):
    """A customer's class by cumulative share."""

    A = "A", _("Class A")
    B = "B", _("Class B")
    C = "C", _("Class C")


class Level(TextChoices):
    """A customer's level by profitability."""

    PLATINUM = "platinum", _("Platinum")
    GOLD = "gold", _("Gold")
    IRON = "iron", _("Iron")
    LEAD = "lead", pgettext_lazy("level", "Lead")


class InternalType(TextChoices):
    """Which kind of next step in the line an internal customer is."""

    PROCESS = "process", _("Next process")
    DEPARTMENT = "department", _("Department")
    POST = "post", _("Post")
    COLLEAGUE = "colleague", _("Colleague")


class RelationKind(TextChoices):
    """What one customer is to another, read from the first to the second."""

    WORKS_FOR = "works_for", _("works for")
    PARENT = "parent", _("belongs to")
    OWNS = "owns", _("owns")
    SUPPLIES = "supplies", _("supplies")
    CUSTOMER_OF = "customer_of", _("is a customer of")
    REFERS = "refers", _("referred")
    HOUSEHOLD = "household", _("lives in one household with")
    KNOWS = "knows", _("knows")


class BuyingRole(TextChoices):
    """The part a person plays when an organisation buys."""

    DECISION_MAKER = "decision_maker", _("Decision maker")
    APPROVER = "approver", _("Approver")
    USER = "user", pgettext_lazy("buying centre", "User")
    INFLUENCER = "influencer", _("Influencer")
    GATEKEEPER = "gatekeeper", _("Gatekeeper")
    COACH = "coach", _("Coach")


class Attitude(TextChoices):
    """How a person in the buying centre stands towards us."""

    SUPPORTS = "supports", _("Supports us")
    LEANS = "leans", _("Leans towards us")
    NEUTRAL = "neutral", _("Neutral")
    DOUBTS = "doubts", _("Doubts")
    OPPOSES = "opposes", _("Opposes us")


class VisitKind(TextChoices):
    """Who came to whom."""

    OUT = "out", _("Visit to the customer")
    IN = "in", _("Visit by the customer")
    ONLINE = "online", _("Online meeting")


class Gender(TextChoices):
    """Gender as written in the archive."""

    FEMALE = "female", _("Female")
    MALE = "male", _("Male")
    OTHER = "other", _("Other")


class MaritalStatus(TextChoices):
    """Marital status."""

    SINGLE = "single", _("Unmarried")
    MARRIED = "married", _("Married")
    DIVORCED = "divorced", _("Divorced")
    WIDOWED = "widowed", _("Widowed")


class Degree(TextChoices):
    """Highest education."""

    PRIMARY = "primary", _("Primary school")
    SECONDARY = "secondary", _("Secondary school")
    VOCATIONAL = "vocational", _("Vocational school")
    COLLEGE = "college", _("College (three years)")
    BACHELOR = "bachelor", _("Bachelor")
    MASTER = "master", _("Master")
    DOCTOR = "doctor", _("Doctor")


class Horizon(TextChoices):
    """Whether a person thinks more of the present or of the future."""

    PRESENT = "present", _("The present")
    FUTURE = "future", _("The future")


class Priority(TextChoices):
    """Which success a person puts first."""

    COMPANY = "company", _("The company's")
    OWN = "own", _("Their own")
    BOTH = "both", _("Both alike")


class Habit(TextChoices):
    """How often somebody smokes or drinks."""

    NEVER = "never", _("Never")
    SOMETIMES = "sometimes", _("Sometimes")
    OFTEN = "often", _("Often")


class Ownership(TextChoices):
    """Who an organisation belongs to."""

    STATE = "state", _("State-owned")
    PRIVATE = "private", _("Privately owned")
    FOREIGN = "foreign", _("Foreign-invested")
    JOINT = "joint", _("Joint venture")
    COLLECTIVE = "collective", _("Collective")
    SOLE = "sole", _("Self-employed")
    PUBLIC = "public", _("Government or public institution")
    SOCIAL = "social", _("Social organisation")


class Scale(TextChoices):
    """Size of an enterprise in the official four steps."""

    LARGE = "large", _("Large")
    MEDIUM = "medium", _("Medium")
    SMALL = "small", _("Small")
    MICRO = "micro", _("Micro")


class Grade(TextChoices):
    """Five steps for a judgement."""

    EXCELLENT = "excellent", _("Excellent")
    GOOD = "good", _("Good")
    FAIR = "fair", _("Fair")
    WEAK = "weak", _("Weak")
    POOR = "poor", _("Poor")


class CreditStanding(TextChoices):
    """Credit standing of a trading partner."""

    AAA = "aaa", "AAA"
    AA = "aa", "AA"
    A = "a", "A"
    B = "b", "B"
    C = "c", "C"
    D = "d", _("D (cash only)")


class Settlement(TextChoices):
    """How a customer pays."""

    PREPAID = "prepaid", _("Payment in advance")
    ON_DELIVERY = "on_delivery", _("Cash on delivery")
    OPEN_ACCOUNT = "open_account", _("Open account")
    MONTHLY = "monthly", _("Monthly settlement")
    ACCEPTANCE = "acceptance", _("Bank acceptance bill")
    LETTER_OF_CREDIT = "letter_of_credit", _("Letter of credit")


class LegalBasis(TextChoices):
    """What allows the use of personal data for a purpose."""

    CONSENT = "consent", _("consent")
    CONTRACT = "contract", _("contract with the person")
    LEGAL = "legal", _("duty under law")
    INTEREST = "interest", _("legitimate interest")
    VITAL = "vital", _("vital or public interest")


class ConsentChannel(TextChoices):
    """By which way the customer is reached; '' stands for every way and for uses that reach nobody."""

    PHONE = "phone", _("Telephone")
    MAIL = "mail", _("E-mail")
    SMS = "sms", _("Text message")
    MESSAGE = "message", _("Chat message")
    POST = "post", pgettext_lazy("channel", "Post")
    VISIT = "visit", _("Visit")


class ConsentState(TextChoices):
    """What the customer said."""

    GIVEN = "given", _("given")
    REFUSED = "refused", _("refused")
    WITHDRAWN = "withdrawn", _("withdrawn")


class WorkState(TextChoices):
    """How far longer work has come."""

    WAITING = "waiting", _("waiting")
    RUNNING = "running", _("in hand")
    DONE = "done", _("done")
    FAILED = "failed", _("failed")


class RetentionState(TextChoices):
    """How far the ending of data past its period has come."""

    COUNTING = "counting", _("being counted")
    PREVIEWED = "previewed", _("previewed")
    ANNOUNCED = "announced", _("announced")
    WAITING = "waiting", _("waiting")
    RUNNING = "running", _("in hand")
    DONE = "done", _("done")
    FAILED = "failed", _("failed")
    STOPPED = "stopped", _("stopped")


class RequestKind(TextChoices):
    """What a person may ask about their data."""

    ACCESS = "access", _("to know and to have a copy")
    CORRECT = "correct", _("to correct or complete")
    ERASE = "erase", _("to erase")
    TRANSFER = "transfer", _("to transfer to another company")
    RESTRICT = "restrict", _("to restrict use")
    OBJECT = "object", _("to object to a use")
    WITHDRAW = "withdraw", _("to withdraw consent")
    EXPLAIN = "explain", _("to explain rules or an automated decision")


class RequestState(TextChoices):
    """How a request stands."""

    OPEN = "open", pgettext_lazy("request", "open")
    DONE = "done", _("answered")
    REFUSED = "refused", _("refused with reasons")


class RequestChannel(TextChoices):
    """By which way a request came."""

    LETTER = "letter", _("by letter")
    MAIL = "mail", _("by e-mail")
    PHONE = "phone", _("by telephone")
    IN_PERSON = "in_person", _("in person")
    MESSAGE = "message", _("by chat message")
    FORM = "form", _("by a form on a web page")
    AUTHORITY = "authority", _("through an authority")


class IdentityCheck(TextChoices):
    """How it was made sure that a request comes from the person."""

    NOT_YET = "", _("not yet")
    KNOWN_CONTACT = "contact", _("answered at a number or address on record")
    SIGNED_IN = "signed_in", _("signed in to an account of theirs")
    DOCUMENT = "document", _("a document was shown")
    IN_PERSON = "in_person", _("known to us in person")
    REPRESENTATIVE = "representative", _("a representative showed their authority")


class RequestLaw(TextChoices):
    """By which law a request is answered, which sets the day it is due."""

    CN = "CN", _("Personal Information Protection Law (China)")
    EU = "EU", _("GDPR (European Union)")


class AskedBy(TextChoices):
    """Who asked that a person be erased."""

    PERSON = "person", _("the person")
    GUARDIAN = "guardian", _("a guardian or representative")
    AUTHORITY = "authority", _("an authority or a court")
    COMPANY = "company", _("the company, its period being over")
