"""Two people at one role or one setting: what each changed stays, what both changed is asked, nothing typed is lost."""

import re
from html import unescape

import pytest
from django.test import Client
from django.urls import reverse

from guanxi.core import parameters
from guanxi.core.actor import Actor, actor_of
from guanxi.core.backup import schedule
from guanxi.core.models import Change, CustomField, Role, User
from guanxi.core.secret_box import unseal as open_box
from guanxi.customers.models import LegalParameter, RetentionRule
from guanxi.integration.webhooks import services as webhooks
from guanxi.people import roles, services
from guanxi.people.models import IdentityProvider
from guanxi.people.signing_in import saml_metadata
from guanxi.people.signing_in.factors_adapter import seal, unseal
from guanxi.people.signing_in.rules import ONLY_PROVIDERS
from guanxi.people.tests.saml_provider import METADATA, SSO
from guanxi.ui.services import set_preferences
from tests.forms import FormsOf, about_record, browser_of, opened, pressed_together

pytestmark = pytest.mark.django_db
RIGHTS = {("customer", "view"): "own", ("customer", "change"): "own", ("task", "view"): "own"}


@pytest.fixture
def anna(db: None) -> Client:
    """The browser of an owner."""
    return browser_of(User.objects.create_user("anna", "moon-over-the-harbour", role=Role.objects.get(key="owner")))


@pytest.fixture
def ben(db: None) -> User:
    """Another owner."""
    owner = Role.objects.get(key="owner")
    return User.objects.create_user("ben", "moon-over-the-harbour", role=owner, name="Ben Hart")


@pytest.fixture
def seller(ben: User) -> Role:
    """A role with a few rights."""
    return roles.save_role(
        actor=actor_of(ben), role_id=None, name_en="Seller", name_zh="销售", permissions=RIGHTS,
        fields={("contactpoint", "value"): "masked"},
    )  # fmt: skip


def save(actor: Actor, role: Role, rights: dict[tuple[str, str], str], **given: object) -> None:
    """What the other person does to the role."""
    values = {"name_en": "Seller", "name_zh": "销售", "fields": roles.fields_of(role)} | given
    roles.save_role(actor=actor, role_id=role.pk, permissions=rights, **values)  # type: ignore[arg-type]


def address(role: Role) -> str:
    """The page of a role."""
    return reverse("people:role", args=[role.pk])


def test_different_rights_of_one_role_both_stay(anna: Client, ben: User, seller: Role) -> None:
    form = opened(anna, address(seller))
    # The other one takes a right away, gives one, and hides a field.
    rights = {act: scope for act, scope in RIGHTS.items() if act != ("task", "view")} | {("order", "view"): "team"}
    hidden = {("contactpoint", "value"): "masked", ("customer", "tax_id"): "hidden"}
    save(actor_of(ben), seller, rights, fields=hidden, name_zh="销售员")
    sent = {"may:customer:change": "department", "may:product:view": "all", "sees:contactpoint:value": ""}
    assert anna.post(address(seller), form | sent).status_code == 302
    assert roles.permissions_of(seller) == {
        ("customer", "view"): "own",
        ("customer", "change"): "department",
        ("order", "view"): "team",
        ("product", "view"): "all",
    }
    assert roles.fields_of(seller) == {("customer", "tax_id"): "hidden"}
    seller.refresh_from_db()
    assert seller.name_zh == "销售员"


def test_the_same_right_is_asked_with_whose_hand_it_was_and_everything_else_kept(
    anna: Client, ben: User, seller: Role
) -> None:
    form = opened(anna, address(seller))
    save(actor_of(ben), seller, RIGHTS | {("customer", "view"): "team"})
    response = anna.post(
        address(seller), form | {"may:customer:view": "all", "may:order:view": "own", "name_en": "Shop"}
    )
    page = unescape(response.content.decode())
    assert response.status_code == 409
    clash = page[page.index('class="clash"') :].partition("</section>")[0]
    assert "customers: view" in clash.casefold()
    assert "Ben Hart" in clash
    assert roles.permissions_of(seller)[("customer", "view")] == "team"
    again = about_record(page)
    assert (again["may:customer:view"], again["may:order:view"], again["name_en"]) == (["all"], ["own"], ["Shop"])
    assert anna.post(address(seller), again | {"_choice_may:customer:view": "mine"}).status_code == 302
    assert roles.permissions_of(seller) == RIGHTS | {("customer", "view"): "all", ("order", "view"): "own"}


def test_a_right_that_both_gave_anew_is_asked_and_the_other_ones_can_stay(
    anna: Client, ben: User, seller: Role
) -> None:
    form = opened(anna, address(seller))
    save(actor_of(ben), seller, RIGHTS | {("order", "view"): "team"})
    response = anna.post(address(seller), form | {"may:order:view": "all", "may:order:export": "own"})
    assert response.status_code == 409
    assert "Ben Hart" in response.content.decode()
    again = about_record(response.content.decode())
    assert anna.post(address(seller), again | {"_choice_may:order:view": "theirs"}).status_code == 302
    assert roles.permissions_of(seller) == RIGHTS | {("order", "view"): "team", ("order", "export"): "own"}


def test_a_field_that_the_open_page_did_not_have_yet_stays_hidden(anna: Client, ben: User, seller: Role) -> None:
    form = opened(anna, address(seller))
    CustomField.objects.create(kind="customer", key="debt", label_zh="债", label_en="Debt", type="text")
    hidden = roles.fields_of(seller) | {("customer", "custom.debt"): "hidden"}
    save(actor_of(ben), seller, RIGHTS, fields=hidden)
    assert anna.post(address(seller), form | {"may:order:view": "own"}).status_code == 302
    assert roles.fields_of(seller) == hidden


def test_a_role_that_went_away_gives_back_what_was_typed(anna: Client, ben: User, seller: Role) -> None:
    form = opened(anna, address(seller))
    roles.remove_role(actor=actor_of(ben), role_id=seller.pk)
    response = anna.post(address(seller), form | {"name_en": "A long thought-out name"})
    assert response.status_code == 404
    assert "A long thought-out name" in response.content.decode()


def test_ones_own_profile_asks_what_somebody_else_changed(anna: Client, ben: User) -> None:
    me, profile = User.objects.get(username="anna"), reverse("people:profile")
    form = opened(anna, profile)
    services.update_user(actor=actor_of(ben), user_id=me.pk, name="Anna Lund")
    set_preferences(actor=actor_of(me), timezone="Europe/Oslo")
    assert anna.post(profile, form | {"language": "en", "theme": "dark"}).status_code == 302
    me.refresh_from_db()
    assert (me.name, me.theme, me.timezone) == ("Anna Lund", "dark", "Europe/Oslo")
    response = anna.post(profile, form | {"name": "Anna L", "email": "anna@example.org"})
    assert response.status_code == 409
    assert "Ben Hart" in response.content.decode()
    again = about_record(response.content.decode())
    assert again["email"] == ["anna@example.org"]
    assert anna.post(profile, again | {"_choice_name": "mine"}).status_code == 302
    me.refresh_from_db()
    assert (me.name, me.email, me.timezone) == ("Anna L", "anna@example.org", "Europe/Oslo")


def test_the_schedule_of_backups_asks(anna: Client, ben: User) -> None:
    page = reverse("people:backups")
    form = opened(anna, page)
    set_now = schedule.load()
    schedule.save(actor=actor_of(ben), wanted=schedule.Schedule(**{**vars(set_now), "keep_daily": 9, "at": "04:00"}))
    assert anna.post(page, form | {"keep_weekly": "2"}).status_code == 302
    kept = schedule.load()
    assert (kept.keep_daily, kept.keep_weekly, kept.at) == (9, 2, "04:00")
    response = anna.post(page, form | {"at": "05:00", "keep_monthly": "3"})
    assert response.status_code == 409
    assert "Ben Hart" in response.content.decode()
    again = about_record(response.content.decode())
    assert anna.post(page, again | {"_choice_at": "mine"}).status_code == 302
    kept = schedule.load()
    assert (kept.at, kept.keep_daily, kept.keep_monthly) == ("05:00", 9, 3)


def test_the_rules_of_signing_in_ask(anna: Client, ben: User) -> None:
    page, agent = reverse("people:sign_in_rules"), Role.objects.get(key="agent")
    IdentityProvider.objects.create(slug="works", label="Works")
    manager = Role.objects.get(key="manager")
    form = opened(anna, page)
    save_ = browser_of(ben)
    assert save_.post(page, opened(save_, page) | {"roles": [str(agent.pk)]}).status_code == 302
    assert anna.post(page, form | {"only_providers": "on"}).status_code == 302
    agent.refresh_from_db()
    assert agent.requires_mfa
    assert parameters.get(ONLY_PROVIDERS) is True
    response = anna.post(page, form | {"roles": [str(manager.pk)]})
    assert response.status_code == 409
    told = response.content.decode()
    assert "Ben Hart" in told
    assert anna.post(page, about_record(told) | {"_choice_roles": "theirs"}).status_code == 302
    agent.refresh_from_db()
    manager.refresh_from_db()
    assert (agent.requires_mfa, manager.requires_mfa) == (True, False)


def test_a_provider_asks(anna: Client, ben: User) -> None:
    row = IdentityProvider.objects.create(
        label="Works", slug="works", protocol="oidc",
        settings={"issuer": "https://id.example.org", "client_id": "one", "scopes": "openid"},
    )  # fmt: skip
    page = reverse("people:provider", args=[row.pk])
    form = opened(anna, page)
    other = browser_of(ben)
    assert other.post(page, opened(other, page) | {"client_id": "two"}).status_code == 302
    assert anna.post(page, form | {"label": "The works"}).status_code == 302
    row.refresh_from_db()
    assert (row.label, row.settings["client_id"]) == ("The works", "two")
    response = anna.post(page, form | {"client_id": "three"})
    assert response.status_code == 409


def test_the_secret_of_a_provider_asks_and_is_shown_to_nobody_else(anna: Client, ben: User) -> None:
    row = IdentityProvider.objects.create(
        label="Works", slug="works", protocol="oidc", secret_sealed=seal("the-first-secret"),
        settings={"issuer": "https://id.example.org", "client_id": "one", "scopes": "openid"},
    )  # fmt: skip
    page, other = reverse("people:provider", args=[row.pk]), browser_of(ben)

    def kept() -> str:
        """The secret that is kept."""
        row.refresh_from_db()
        return unseal(row.secret_sealed)

    form = opened(anna, page)
    assert other.post(page, opened(other, page) | {"secret": "the-second-secret"}).status_code == 302
    # Left empty it is left alone; the same one entered by both is no question.
    assert anna.post(page, form | {"label": "The works"}).status_code == 302
    assert anna.post(page, form | {"secret": "the-second-secret"}).status_code == 302
    assert kept() == "the-second-secret"
    response = anna.post(page, form | {"secret": "the-third-secret", "scopes": "openid email"})
    told = response.content.decode()
    assert response.status_code == 409
    assert "Ben Hart" in told
    assert kept() == "the-second-secret"
    assert "the-second-secret" not in told
    assert row.secret_sealed not in told
    again = about_record(told)
    assert (again["secret"], again["scopes"]) == (["the-third-secret"], ["openid email"])
    assert anna.post(page, again | {"_choice_secret": "theirs"}).status_code == 302
    assert kept() == "the-second-secret"
    assert row.settings["scopes"] == "openid email"
    again = about_record(anna.post(page, form | {"secret": "the-third-secret"}).content.decode())
    assert anna.post(page, again | {"_choice_secret": "mine"}).status_code == 302
    assert kept() == "the-third-secret"
    assert "secret" not in {*Change.objects.filter(act="update").values_list("field", flat=True)}


def test_pasted_metadata_of_a_provider_ask(anna: Client, ben: User) -> None:
    row = IdentityProvider.objects.create(
        label="Works", slug="works", protocol="saml", settings=saml_metadata.provider_settings(METADATA)
    )
    page, other = reverse("people:provider", args=[row.pk]), browser_of(ben)
    form = opened(anna, page)
    elsewhere = METADATA.replace(SSO, "https://elsewhere.example.org/sso")
    assert other.post(page, opened(other, page) | {"metadata": elsewhere}).status_code == 302
    # What says the same, written otherwise, is no question; wrong ones are refused as they are.
    assert anna.post(page, form | {"metadata": f"\n{elsewhere}\n"}).status_code == 302
    third = METADATA.replace(SSO, "https://third.example.org/sso")
    response = anna.post(page, form | {"metadata": third})
    assert response.status_code == 409
    told = response.content.decode()
    assert "Ben Hart" in told
    assert "elsewhere.example.org" not in told
    again = about_record(told)
    assert again["metadata"] == [third]
    row.refresh_from_db()
    assert row.settings["sso_url"] == "https://elsewhere.example.org/sso"
    assert anna.post(page, again | {"_choice_metadata": "mine"}).status_code == 302
    row.refresh_from_db()
    assert row.settings["sso_url"] == "https://third.example.org/sso"
    assert anna.post(page, opened(anna, page) | {"metadata": "<nonsense/>"}).status_code == 422


def test_a_second_new_secret_of_a_webhook_asks(anna: Client, ben: User) -> None:
    row, first = webhooks.create_endpoint(actor=actor_of(ben), label="Shop", url="https://example.com/hook")
    page, act = (reverse(f"integration:{name}", args=[row.public_id]) for name in ("webhook", "webhook_secret"))
    (mark,) = (
        form.values["secret_mark"][0] for form in FormsOf(anna.get(page).content.decode()).forms if form.action == act
    )
    assert browser_of(ben).post(act, {"secret_mark": mark}).status_code == 200
    row.refresh_from_db()
    theirs = row.secret
    response = anna.post(act, {"secret_mark": mark})
    told = response.content.decode()
    assert response.status_code == 409
    assert "Ben Hart" in told
    assert "data-webhook-secret" not in told
    row.refresh_from_db()
    assert row.secret == theirs
    assert open_box(row.old_secret) == first
    # Asked, and meant all the same.
    (mark, *_same) = (form.values["secret_mark"][0] for form in FormsOf(told).forms if form.action == act)
    assert anna.post(act, {"secret_mark": mark}).status_code == 200
    row.refresh_from_db()
    assert row.secret != theirs


def test_periods_numbers_and_texts_of_privacy_ask(anna: Client, ben: User) -> None:
    other = browser_of(ben)
    period = reverse("customers:retention_rule", args=["notes"])
    form = opened(anna, period)
    assert other.post(period, opened(other, period) | {"period": "900", "unit": "days"}).status_code == 302
    assert anna.post(period, form | {"basis": "contract"}).status_code == 302
    kept = RetentionRule.objects.get(pk="notes")
    assert (kept.days, kept.basis) == (900, "contract")
    response = anna.post(period, form | {"period": "1000", "unit": "days"})
    assert response.status_code == 409
    assert "Ben Hart" in response.content.decode()

    age = reverse("customers:legal_parameter", args=["minor.age"])
    form = opened(anna, age)
    sent = {"value": "15", "source": "art. 1", "valid_from": "2030-01-01"}
    assert other.post(age, opened(other, age) | sent).status_code == 302
    response = anna.post(age, form | sent | {"value": "16", "source": "art. 2"})
    assert response.status_code == 409
    assert "Ben Hart" in response.content.decode()
    assert LegalParameter.objects.get(key="minor.age", valid_from="2030-01-01").value == 15
    again = about_record(response.content.decode())
    chosen = {"_choice_value": "mine", "_choice_source": "mine"}
    assert anna.post(age, again | chosen).status_code == 302
    row = LegalParameter.objects.get(key="minor.age", valid_from="2030-01-01")
    assert (row.value, row.source) == (16, "art. 2")


def test_pressing_disable_twice_does_not_let_somebody_in_again(anna: Client, ben: User) -> None:
    """Two people look at the page of a user and both press: the second finds it done."""
    leaver = User.objects.create_user("leaver", "moon-over-the-harbour", role=Role.objects.get(key="agent"))
    page = anna.get(reverse("people:user", args=[leaver.pk])).content.decode()
    button = re.search(rf'(/settings/users/{leaver.pk}/active[^"]*)"', page)
    assert button
    for browser in (browser_of(ben), anna):
        assert browser.post(unescape(button[1])).status_code == 302
        leaver.refresh_from_db()
        assert not leaver.is_active


@pytest.mark.django_db(transaction=True)
def test_two_who_save_a_setting_at_the_same_moment_lose_nothing() -> None:
    owner = Role.objects.get(key="owner")
    people = [User.objects.create_user(name, "moon-over-the-harbour", role=owner, name=name) for name in ("one", "two")]
    clients, page = [browser_of(user) for user in people], reverse("people:backups")
    for values, statuses in (
        (({"keep_daily": "11"}, {"keep_weekly": "12"}), [302, 302]),
        (({"keep_daily": "21"}, {"keep_daily": "22"}), [302, 409]),
    ):
        assert pressed_together(clients, page, values) == statuses
    kept = schedule.load()
    assert kept.keep_weekly == 12
    assert kept.keep_daily in {21, 22}
