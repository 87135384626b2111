"""What a role may be allowed to do with approvals besides viewing them."""

from django.utils.translation import gettext_lazy as _

from guanxi.core import acts

acts.register("approval", "manage", _("set who approves what"))
