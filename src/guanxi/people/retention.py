"""How long the history of signing in is kept."""

from django.utils.translation import gettext_lazy as _

from guanxi.core.retention import Ending, Kind, Part, kinds
from guanxi.people.models import SignIn

kinds.add(
    "sign_ins",
    Kind(
        label=_("History of signing in"),
        counted=_("the attempt"),
        ending=Ending.DELETE,
        what_happens=_("Attempts to sign in go, with address and browser."),
        days=400,
        is_log=True,
        minimums=("logs.keep_days",),
        parts=(Part("people.SignIn", rows=lambda before: SignIn.objects.filter(at__lt=before), at="at"),),
    ),
    order=310,
)
