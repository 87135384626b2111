"""What personal data the mailboxes hold besides the messages themselves."""

from django.utils.translation import gettext_lazy as _

from guanxi.core.personal_data import nothing

nothing("conversations.MailFolder", _("How far each folder of a mailbox was read"), "name", in_copies=False)
