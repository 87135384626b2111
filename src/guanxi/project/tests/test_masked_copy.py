"""A masked backup tells nothing of the people in it, and can be restored all the same."""

from pathlib import Path
from typing import Any

import pytest

from guanxi.conversations.matching import Contact
from guanxi.conversations.models import Channel, Message
from guanxi.conversations.public import ChannelKind, Inbound, receive
from guanxi.core import clock
from guanxi.core.actor import system_actor
from guanxi.core.backup import restoring, writing
from guanxi.core.backup.hooks import Restored, after_restore
from guanxi.core.backup.keys import Keys, Locks
from guanxi.core.backup.masked import MaskedCopy
from guanxi.core.backup.reading import opened
from guanxi.core.models import Role, User
from guanxi.core.personal_data import masked_row
from guanxi.customers.services.contact_points import add_contact_point
from guanxi.customers.services.customers import create_customer, update_customer
from guanxi.search.models import SearchEntry
from guanxi.search.queries import search

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.full]
TELLING = (
    "欧阳", "Featherstonehaugh", "13812345678", "oyang", "likes to be called", "secret-hash", "leaking", "teapot",
    "archduke", "zelda",
)  # fmt: skip


@pytest.mark.usefixtures("schema_at_hand")
def test_no_telling_word_is_in_a_masked_copy(tmp_path: Path, settings) -> None:
    """Neither in the rows nor in the journal; users whose pseudonyms would be equal stay apart."""
    settings.DATA_DIR = tmp_path / "data"
    settings.DATA_DIR.mkdir()
    actor = system_actor()
    one = create_customer(actor=actor, values={"name": "欧阳一", "kind": "person", "note": "likes to be called early"})
    update_customer(actor=actor, customer_id=one.pk, values={"name": "John Featherstonehaugh"})
    add_contact_point(actor=actor, customer_id=one.pk, kind="phone", value="13812345678")
    add_contact_point(actor=actor, customer_id=one.pk, kind="email", value="oyang@example.org")
    role, _made = Role.objects.get_or_create(key="agent", defaults={"name_en": "Agent", "name_zh": "客服"})
    for number in range(400):
        User.objects.create(username=f"欧阳{number}", role=role, password="secret-hash")
    said = write_in("my leaking teapot", html="<p>my leaking teapot</p>", subject="archduke", cc=["zelda@example.org"])
    writing.make(tmp_path / "plain", locks=Locks())
    made = writing.make(tmp_path / "masked", locks=Locks(passphrase="a long passphrase"), masking=MaskedCopy())
    assert made.is_masked
    assert not made.has_secret_key
    assert {word for word in TELLING if word in text_of(tmp_path / "plain", Keys())} == set(TELLING)
    masked = text_of(tmp_path / "masked", Keys(passphrase="a long passphrase"))
    assert {word for word in TELLING if word in masked} == set()
    outcome = restoring.drill(tmp_path / "masked", keys=Keys(passphrase="a long passphrase"))
    assert outcome.rows == made.rows > 400
    row = {"to": said.to, "cc": said.cc, "external_key": said.external_key}
    assert masked_row(Message, row) == {"to": [], "cc": [], "external_key": ""}, "what is read as a list stays one"


def test_what_a_copy_holds_is_found_once_it_is_restored(settings, tmp_path: Path) -> None:
    """It comes without the index, since words of real people stand there."""
    settings.DATA_DIR = tmp_path / "data"
    settings.DATA_DIR.mkdir()
    made = create_customer(actor=system_actor(), values={"name": "样本商行", "kind": "organisation"})
    SearchEntry.objects.all().delete()
    for replay in after_restore:
        replay(Restored(clock.now(), "0"))
    assert [hit.record_id for hit in search(actor=system_actor(), text="样本")] == [made.pk]
    SearchEntry.objects.filter(record_id=made.pk).update(title="kept")
    for replay in after_restore:
        replay(Restored(clock.now(), "0"))
    assert SearchEntry.objects.get(record_id=made.pk).title == "kept", "an index that came along is left as it is"


def write_in(text: str, **given: Any) -> Message:
    """A message of somebody unknown."""
    channel = Channel.objects.create(kind=ChannelKind.WEBHOOK, name="Connector", created_at=clock.now())
    contact = Contact("email", "zelda@example.org", "Zelda Archduke")
    inbound = Inbound(channel=channel, contact=contact, text=text, external_key="zelda-1", to=["desk@x.org"], **given)
    return receive(inbound).message


def text_of(path: Path, keys: Keys) -> str:
    """All rows of a backup."""
    with opened(path, keys) as backup:
        return b"".join(entry.content for entry in backup.entries()).decode()
