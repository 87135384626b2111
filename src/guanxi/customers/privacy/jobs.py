"""Longer work about personal data."""

from guanxi.core import clock, jobs
from guanxi.core.errors import GuanxiError
from guanxi.customers.choices import WorkState
from guanxi.customers.models import Erasure, Pack
from guanxi.customers.privacy.erasing.acting import carry_out
from guanxi.customers.privacy.packing import making
from guanxi.customers.privacy.register.reminding import tell_what_presses


@jobs.task(queue_name="long")
@jobs.policy(max_tries=5)
def erase_person(erasure_id: int) -> None:
    """Erase a person, or go on where it stopped; what stands in the way is said on the certificate."""
    try:
        carry_out(erasure_id)
    except GuanxiError as error:
        Erasure.objects.filter(pk=erasure_id).update(  # house: writes: how the work stands
            state=WorkState.FAILED, error=str(error)[:500]
        )


@jobs.task(queue_name="long")
@jobs.policy(max_tries=3)
def make_pack(pack_id: int) -> None:
    """Put a pack together, with the rights of who ordered it."""
    pack = Pack.objects.select_related("customer").filter(pk=pack_id).first()
    if pack is not None:
        making.make(actor=making.maker_of(pack), pack=pack)


@jobs.cron("privacy.requests", "0 8 * * *")
@jobs.task(queue_name="default")
def tell_of_requests() -> None:
    """Tell of requests about personal data that press."""
    tell_what_presses(clock.today())
