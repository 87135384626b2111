"""What personal data the catalogue holds: none."""

from django.utils.translation import gettext_lazy as _

from guanxi.core.personal_data import nothing

nothing("catalog.Product", _("What is sold"), "source code name category currency")
