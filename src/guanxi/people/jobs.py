"""Jobs of signing in: mails about passwords, and the end of what is old."""

from guanxi.core.jobs import cron, policy, task
from guanxi.core.models import User
from guanxi.people.signing_in import links, mailing
from guanxi.people.signing_in.services import assertions, throttling


@cron("people.forget_old_throttles", "47 3 * * *")
@task(queue_name="default")
def forget_old_throttles() -> int:
    """Drop throttles that no longer count and used assertions that have run out; the history of signing in has a period of retention."""
    return throttling.forget_old() + assertions.forget_old()


@task(queue_name="outside")
@policy(max_tries=5, first_pause_seconds=15)
def mail_link(user_id: int) -> bool:
    """Mail a user the link to a new password; nobody (0) gets none."""
    user = User.objects.filter(pk=user_id, is_active=True).exclude(email="").first()
    if user is None or not links.is_offered():
        return False
    mailing.send(mailing.link_mail(user, links.link_for(user)))
    return True


@task(queue_name="outside")
@policy(max_tries=5, first_pause_seconds=15)
def tell_changed(user_id: int) -> bool:
    """Tell a user by mail that their password was set anew."""
    user = User.objects.filter(pk=user_id).exclude(email="").first()
    if user is None:
        return False
    mailing.send(mailing.changed_mail(user))
    return True
