"""What is done for chats outside the request."""

from guanxi.conversations.adapters.chat.services import mailing
from guanxi.core.jobs import cron, policy, task


@cron("conversations.mail_unseen_answers", "* * * * *")
@task(queue_name="default")
@policy(max_tries=2)
def mail_unseen_answers() -> None:
    """Send by e-mail what visitors who left have not seen."""
    mailing.mail_unseen()
