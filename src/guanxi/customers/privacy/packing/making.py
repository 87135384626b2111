"""Making a pack: ordered by those who may, put together by a job, downloaded with a trace, gone when it expires."""

import tempfile
import zipfile
from datetime import timedelta
from pathlib import Path

import orjson
from django.conf import settings
from django.db import transaction
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext as _

from guanxi.core import access, changes, clock
from guanxi.core.actor import Actor, actor_of, system_actor
from guanxi.core.errors import Conflict, NotFound
from guanxi.core.models import User
from guanxi.customers.choices import WorkState
from guanxi.customers.models import Customer, Pack
from guanxi.customers.privacy import holdings
from guanxi.customers.privacy.packing import gathering
from guanxi.customers.privacy.retention import rules
from guanxi.files.public import store

LANGUAGES = (("zh-hans", "资料包.html"), ("en", "pack.html"))


def order(*, actor: Actor, customer_id: int) -> Pack:
    """Order a pack about a customer; the caller sees to it that a job makes it."""
    access.require(actor, "customer", "pack")
    with transaction.atomic():
        customer = Customer.objects.get_visible(actor, "pack", pk=customer_id)
        if Pack.objects.filter(customer=customer, state__in=(WorkState.WAITING, WorkState.RUNNING)).exists():
            raise Conflict(_("A pack about this person is being made."))
        with changes.operation(actor=actor, name="customers.order_pack") as op:
            now = clock.now()
            days = rules.rule_of("packs").days or rules.LONGEST_DAYS
            made: Pack = op.create(
                Pack(
                    customer=customer,
                    by_id=actor.user_id,
                    by_name=actor.name[:150],
                    asked_at=now,
                    expires_at=now + timedelta(days=days),
                )
            )
            return made


def make(*, actor: Actor, pack: Pack) -> Pack:
    """Put everything together; made again from the beginning when it was interrupted."""
    if pack.state == WorkState.DONE:
        return pack
    person = holdings.person_of(pack.customer_id)
    with tempfile.TemporaryDirectory(prefix="pack-", dir=settings.DATA_DIR) as folder:
        path = Path(folder) / "pack.zip"
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as packed:
            for language, name in LANGUAGES:
                with translation.override(language):
                    told = gathering.gather(actor, person, language)
                    packed.writestr(name, readable(told, language))
            packed.writestr("data.json", orjson.dumps(told.data(), option=orjson.OPT_INDENT_2))
        number = pack.customer.public_id
        stored = store(actor=actor, name=f"{number}.zip", source=path, record_kind="pack", record_id=pack.pk)
    with changes.operation(actor=actor, name="customers.make_pack") as op:
        op.update(pack, state=WorkState.DONE, made_at=clock.now(), file=stored)
    return pack


def make_now(*, actor: Actor, customer_id: int) -> Pack:
    """Order and make a pack at once."""
    return make(actor=actor, pack=order(actor=actor, customer_id=customer_id))


def readable(told: gathering.Gathered, language: str) -> str:
    """The pack as one page that needs nothing else."""
    return render_to_string("customers/privacy/pack.html", {"told": told, "language": language})


def maker_of(pack: Pack) -> Actor:
    """With whose rights a pack is made: those of who ordered it, as they are now."""
    user = User.objects.filter(pk=pack.by_id, is_active=True).first() if pack.by_id else None
    return actor_of(user) if user is not None else system_actor("job")


def packs_of(actor: Actor, customer: Customer) -> list[Pack]:
    """The packs about a customer, for those who may make them."""
    return list(Pack.objects.visible_to(actor, "pack").filter(customer=customer).select_related("file"))


def take(*, actor: Actor, pack_id: int) -> Pack:
    """A pack to be downloaded; that it was is journaled as a look."""
    pack: Pack = Pack.objects.select_related("file", "customer").get_visible(actor, "pack", pk=pack_id)
    if pack.file is None or pack.expires_at < clock.now():
        raise NotFound(_("The pack is not there any more. Make a new one."))
    with changes.operation(actor=actor, name="customers.download_pack") as op:
        op.record(
            kind="pack", record_id=pack.pk, field="file", before=None, after=None, act=changes.LOOK,
            customer_id=pack.customer_id,
        )  # fmt: skip
        op.update(pack, download_count=pack.download_count + 1)
    return pack
