"""The long parts of an import, outside the request; reasons are written in the language of the person who asked."""

from django.utils import translation

from guanxi.core.actor import Actor, actor_of, system_actor
from guanxi.core.jobs import policy, task
from guanxi.core.models import User
from guanxi.importing.services import uploads


@task(queue_name="long")
@policy(max_tries=3)
def check_import(import_id: int, language: str) -> None:
    """Read and check every row."""
    with translation.override(language):
        uploads.check_rows(import_id=import_id)


@task(queue_name="long")
@policy(max_tries=5)
def commit_import(import_id: int, language: str) -> None:
    """Write the checked rows and put them in force; started again after a crash, it goes on where it was."""
    with translation.override(language):
        uploads.commit_rows(import_id=import_id)


@task(queue_name="long")
@policy(max_tries=5)
def undo_import(import_id: int, user_id: int | None, rest: bool, language: str) -> None:
    """Take an import back."""
    with translation.override(language):
        uploads.undo_rows(actor=_actor(user_id), import_id=import_id, rest=rest)


def _actor(user_id: int | None) -> Actor:
    """Who asked for the job."""
    return actor_of(User.objects.select_related("role").get(pk=user_id), "job") if user_id else system_actor("job")
