"""People who were erased and stand in a file: told before it comes in, to those who may know, and to nobody else."""

from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import translation

from guanxi.core.actor import Actor, system_actor
from guanxi.core.errors import Forbidden, InvalidInput
from guanxi.core.models import Change, Operation, Role, RolePermission, User
from guanxi.customers.models import Customer
from guanxi.customers.privacy.erasing import acting
from guanxi.importing.models import Import
from guanxi.importing.public import run_import
from guanxi.importing.services import ImportRequest, uploads
from guanxi.tasks.models import Notification
from tests.cards import card

FILE = "external_id,name,phone\nB1,新人,13600136000\nB2,某,+86 139 0013 9000\nA2,无,\n"


@pytest.fixture
def erased(owner, enter) -> Customer:
    """Somebody who was erased, known by a telephone and by an id of the source."""
    made = enter("韩梅梅", contact_points=[{"kind": "phone", "value": "13900139000"}], external_ids=[("crm", "A2")])
    done = acting.begin(system_actor(), made, "letter", "person")
    acting.carry_out(done.pk)
    return made


@pytest.fixture
def bring_in(tmp_path: Path):
    """Import a text."""

    def run(text: str, *, actor: Actor | None = None, target: str = "customers", **rest: object):
        """One import."""
        path = tmp_path / "given.csv"
        path.write_text(text, encoding="utf-8")
        request = ImportRequest(target=target, path=path, source="crm", **rest)
        return run_import(actor=actor or system_actor("cli"), request=request)

    return run


def clerk() -> User:
    """Somebody who brings files in and may not know who was erased."""
    role = Role.objects.create(key="clerk", name_en="Clerk", name_zh="录入")
    for action in ("view", "import", "create", "change"):
        RolePermission.objects.create(role=role, kind="customer", action=action, scope="all")
    return User.objects.create_user("clerk", "secret-enough", role=role)


def names() -> set[str]:
    """Who is on record."""
    return set(Customer.objects.filter(erased_at__isnull=True).values_list("name", flat=True))


def test_a_dry_run_says_which_rows_and_the_import_leaves_them_out(erased, bring_in):
    told = bring_in(FILE, is_dry_run=True).as_json()
    assert (told["rows_erased"], told["erased"]) == (2, [3, 4])
    told = bring_in(FILE).as_json()
    assert (told["rows_stored"], told["erased_choice"], told["customers_created"]) == (1, "left_out", 1)
    assert names() == {"新人"}


def test_they_are_taken_for_a_reason_that_stays(erased, bring_in):
    with pytest.raises(InvalidInput, match="Say why"):
        bring_in(FILE, take_erased=" ")
    result = bring_in(FILE, take_erased="a new contract")
    assert result.as_json()["erased_choice"] == "taken"
    assert names() == {"新人", "某", "无"}
    assert Operation.objects.get(name="importing.take_erased").reason == "a new contract"
    assert Change.objects.filter(kind="import", record_id=result.run.pk, field="erased_choice").exists()


def test_orders_of_erased_buyers_are_told_and_left_out_with_their_amount(erased, bring_in):
    text = "order,date,customer,product,quantity,unit_price\nO1,2025-01-01,A2,P,1,10\nO2,2025-01-01,A9,P,1,20\n"
    told = bring_in(text, target="orders").as_json()
    assert (told["erased"], told["orders_created"], told["amount_stored"]) == ([2], 1, "20.00")


def test_who_may_not_know_learns_nothing_and_others_are_told(erased, bring_in, owner):
    from guanxi.core import events

    user = clerk()
    actor = Actor(user_id=user.pk, name="clerk", means="web", permissions={("customer", "import"): "all"})
    told = bring_in(FILE, actor=actor).as_json()
    assert (told["rows_erased"], told["erased"], told["erased_choice"]) == (0, [], None)
    assert told["rows_stored"] == 3
    assert names() == {"新人", "某", "无"}, "what comes in tells nothing either"
    events.deliver_pending()
    assert Notification.objects.filter(user=owner.user_id, sort="privacy.erased_returned").exists()
    assert not Notification.objects.filter(user=user.pk, sort="privacy.erased_returned").exists()
    with pytest.raises(Forbidden):
        bring_in(FILE, actor=actor, take_erased="because")


def test_the_page_asks_who_may_know_only(erased, owner, tmp_path):
    path = tmp_path / "given.csv"
    path.write_text(FILE, encoding="utf-8")
    with path.open("rb") as file:
        run = uploads.receive_upload(actor=owner, target_key="customers", file=file, file_name="given.csv")
    Import.objects.filter(pk=run.pk).update(source="crm", state="checking")
    uploads.check_rows(import_id=run.pk)
    page = reverse("importing:show", args=[run.public_id])
    boss, other = Client(), Client()
    boss.force_login(User.objects.get(username="boss"))
    other.force_login(clerk())
    text = boss.get(page).content.decode()
    assert 'name="erased_reason"' in text
    assert "3, 4" in text
    assert 'id="erased"' not in other.get(page).content.decode()
    commit = reverse("importing:commit", args=[run.public_id])
    boss.post(commit, {"erased": "take", "erased_reason": ""})
    run.refresh_from_db()
    assert not run.asked, "without a reason nothing begins"
    boss.post(commit, {"erased": "leave"})
    uploads.commit_rows(import_id=run.pk)
    assert names() == {"新人"}
    assert "They were left out." in boss.get(page).content.decode()


def test_the_card_of_consents_tells_of_a_return_only_who_may_know(erased, enter, owner):
    back = enter("某", contact_points=[{"kind": "phone", "value": "13900139000"}])
    words = "Somebody with one of these numbers or addresses was erased"
    boss, other = Client(), Client()
    boss.force_login(User.objects.get(username="boss"))
    other.force_login(clerk())
    assert words in card(boss, "customer", back.pk, "consents")
    told = card(other, "customer", back.pk, "consents")
    assert told
    assert words not in told


def test_why_a_row_was_refused_is_told_in_the_language_of_the_reader(owner, bring_in):
    run = bring_in("external_id,name,phone\nC1,x,call me\nC2,y,13600136000\n").run
    boss = Client()
    boss.force_login(User.objects.get(username="boss"))
    address = reverse("importing:refused", args=[run.public_id])
    english = b"".join(boss.get(address).streaming_content).decode()
    boss.cookies["guanxi_language"] = "zh-hans"
    chinese = b"".join(boss.get(address).streaming_content).decode()
    assert "this one contains letters" in english
    assert "此号码含有字母" in chinese
    assert "call me" in chinese


def test_why_an_import_failed_is_told_in_the_language_of_the_reader(owner, bring_in):
    with pytest.raises(InvalidInput):
        bring_in("external_id,name,phone\nC1,x,call me\n")
    run = Import.objects.get()
    assert run.error_text.startswith("No row could be read")
    with translation.override("zh-hans"):
        assert "此号码含有字母" in run.error_text
    Import.objects.filter(pk=run.pk).update(fault=None, error="an older sentence")
    run.refresh_from_db()
    assert run.error_text == "an older sentence"
