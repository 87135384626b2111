"""What personal data is held where people sign in."""

from django.utils.translation import gettext_lazy as _

from guanxi.core.personal_data import Category, Form, Whose, held, nothing, state
from guanxi.people import retention  # noqa: F401 - registers what ends after a period

state(
    "account.EmailAddress",
    _("The mail address of a colleague, for signing in"),
    held("email", Whose.USER, Category.CONTACT, Form.EMAIL),
)
state(
    "account.EmailConfirmation",
    _("Proofs that a mail address is a colleague's"),
    held("key", Whose.USER, Category.IDENTITY, Form.EMPTY),
    in_copies=False,
)
state(
    "mfa.Authenticator",
    _("Second factors of colleagues: sealed secrets and public keys"),
    held("data", Whose.USER, Category.IDENTITY, Form.EMPTY),
    in_copies=False,
)
state(
    "people.SignIn",
    _("When and from where colleagues signed in, or others tried to"),
    held("address agent", Whose.USER, Category.BEHAVIOUR, Form.EMPTY),
    retention="sign_ins",
    in_copies=False,
)
nothing(
    "people.Throttle",
    _("Who has to wait after failed attempts, as digests, for two days"),
    "key",
    in_copies=False,
)
nothing(
    "people.UsedAssertion",
    _("Answers of providers that were used and links that were found too old, as digests, for a while"),
    "key",
    in_copies=False,
)
state(
    "people.Identity",
    _("Which account at a provider is which colleague"),
    held("subject", Whose.USER, Category.IDENTITY, Form.EMPTY),
    in_copies=False,
)
nothing(
    "people.IdentityProvider",
    _("Providers through which people sign in, with sealed secrets"),
    "slug label protocol settings secret_sealed role_rules",
    in_copies=False,
)
