"""Reading how far each folder of a mailbox was read."""

from guanxi.conversations.adapters.email.models import MailFolder


def folders_of(channel_id: int) -> list[MailFolder]:
    """The folders of a mailbox that the caller may see."""
    return list(MailFolder.objects.filter(channel_id=channel_id).order_by("name"))
