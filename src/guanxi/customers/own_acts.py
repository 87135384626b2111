"""What a role may be allowed to do with customers besides viewing, changing and the like."""

from django.utils.translation import gettext_lazy as _

from guanxi.core import acts

acts.register("customer", "merge", _("merge"))
acts.register("customer", "pack", _("put together what is held about a person"))
acts.register("customer", "erase", _("erase"))
