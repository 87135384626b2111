"""How far rights reach, which fields are seen, who stands in for whom, and where a request came from."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import RequestFactory, override_settings
from django.test.utils import CaptureQueriesContext

from guanxi.core import clock, masking
from guanxi.core.actor import Actor, actor_of
from guanxi.core.client_address import address_of
from guanxi.core.config import Config, SettingError, load
from guanxi.core.models import Department, Deputy, Role, RoleField, RolePermission, Team, User

pytestmark = pytest.mark.django_db


@pytest.fixture
def seller() -> Role:
    """A role that sees its own customers, telephone numbers masked, health not at all."""
    role = Role.objects.create(key="seller", name_en="Seller", name_zh="销售")
    RolePermission.objects.create(role=role, kind="customer", action="view", scope="own")
    RoleField.objects.create(role=role, kind="contactpoint", field="value", visibility="masked")
    RoleField.objects.create(role=role, kind="personprofile", field="health", visibility="hidden")
    return role


def make(name: str, role: Role, **fields: object) -> User:
    """A user."""
    return User.objects.create_user(name, "moon-over-the-harbour", role=role, **fields)


def stands_in(deputy: User, absent: User, *, from_hours: int = -1, to_hours: int = 1) -> Deputy:
    """One person takes another's place around now."""
    now = clock.now()
    return Deputy.objects.create(
        user=absent,
        deputy=deputy,
        from_at=now + timedelta(hours=from_hours),
        to_at=now + timedelta(hours=to_hours),
        reason="leave",
    )


def test_a_field_is_shown_masked_or_hidden_with_what_goes_along_with_it(seller: Role) -> None:
    actor = actor_of(make("anna", seller))
    assert actor.sees("contactpoint", "value") == "masked"
    assert actor.sees("contactpoint", "normalised") == "masked"
    assert actor.sees("personprofile", "health") == "hidden"
    assert actor.sees("customer", "name") == "shown"
    assert masking.shown(actor, "contactpoint", "value", "+8613812341234", "phone") == "138****1234"
    assert masking.shown(actor, "contactpoint", "normalised", "anna@example.com") == "a***@example.com"
    assert masking.shown(actor, "personprofile", "health", "asthma") is None
    assert masking.shown(actor, "customer", "name", "王芳") == "王芳"
    assert masking.shown(actor, "contactpoint", "value", "") == ""
    row = masking.shown_row(actor, "personprofile", {"health": "asthma", "hobbies": "go"})
    assert row == {"hobbies": "go"}


@pytest.mark.parametrize(
    ("mask", "value", "expected"),
    [
        (masking.name, "王小明", "王**"),
        (masking.name, "Anna Lund", "A*** L***"),
        (masking.bank_account, "6222 0212 3456 7890", "************7890"),
        (masking.address, "上海市浦东新区世纪大道100号", "上海市浦东新***"),
        (masking.address, "北京", "北***"),
        (masking.date_of_birth, "1980-04-01", "1980-**-**"),
        (masking.phone, "12", "**"),
        (masking.phone, "no number", "no **mber"),
    ],
)
def test_masks_never_give_the_whole_value(mask: masking.Mask, value: str, expected: str) -> None:
    assert mask(value, "") == expected


def test_teams_and_departments_are_resolved_once_and_reach_down_the_tree(seller: Role) -> None:
    RolePermission.objects.filter(role=seller).update(scope="team")
    anna, ben, carl = (make(name, seller) for name in ("anna", "ben", "carl"))
    Team.objects.create(name="north").members.set([anna, ben])
    actor = actor_of(anna)
    assert actor.reach("customer", "view") == ({anna.pk, ben.pk}, frozenset())
    with CaptureQueriesContext(connection) as statements:
        actor.reach("customer", "view")
    assert not len(statements)
    RolePermission.objects.filter(role=seller).update(scope="department")
    root = Department.objects.create(name="Sales")
    Department.objects.filter(pk=root.pk).update(path=f"/{root.pk}/")
    child = Department.objects.create(name="East", parent=root, path=f"/{root.pk}/9/")
    User.objects.filter(pk=anna.pk).update(department=root)
    User.objects.filter(pk=carl.pk).update(department=child)
    assert actor_of(anna).reach("customer", "view") == ({anna.pk, carl.pk}, {root.pk, child.pk})
    assert actor_of(carl).reach("customer", "view") == ({carl.pk}, {child.pk})


def test_a_deputy_reaches_the_absent_persons_rows_while_it_lasts(seller: Role) -> None:
    anna, ben, carl = (make(name, seller) for name in ("anna", "ben", "carl"))
    stands_in(anna, ben, to_hours=2)
    stands_in(anna, carl, from_hours=1, to_hours=2)
    actor = actor_of(anna)
    assert actor.person_ids == {anna.pk, ben.pk}
    assert actor.reach("customer", "view")[0] == {anna.pk, ben.pk}
    assert [(absent.name, absent.reason) for absent in actor.standing_in] == [("ben", "leave")]
    Deputy.objects.filter(user=ben).update(to_at=clock.now() - timedelta(seconds=1))
    assert actor_of(anna).person_ids == {anna.pk}
    assert actor_of(ben).person_ids == {ben.pk}


def test_the_deputy_of_a_deputy_takes_both_places_and_a_circle_ends_where_it_began(seller: Role) -> None:
    anna, ben, carl = (make(name, seller) for name in ("anna", "ben", "carl"))
    stands_in(ben, anna)
    stands_in(carl, ben)
    actor = actor_of(carl)
    assert actor.person_ids == {anna.pk, ben.pk, carl.pk}
    assert {absent.name: absent.through for absent in actor.standing_in} == {"ben": "", "anna": "ben"}
    stands_in(anna, carl)
    assert actor_of(carl).person_ids == {anna.pk, ben.pk, carl.pk}


def test_a_place_adds_rows_and_never_acts_and_a_role_that_sees_all_hands_on_its_team(seller: Role) -> None:
    owner = make("boss", Role.objects.get(key="owner"))
    mate, anna = make("mate", seller), make("anna", seller)
    Team.objects.create(name="office").members.set([owner, mate])
    stands_in(anna, owner)
    actor = actor_of(anna)
    assert not actor.can("customer", "delete")
    assert not actor.can("user", "manage")
    assert actor.reach("customer", "view")[0] == {anna.pk, owner.pk, mate.pk}


NETWORKS = {"GUANXI_PROXIES": "10.0.0.0/8, ::1"}


@pytest.mark.parametrize(
    ("here", "said", "expected"),
    [
        ("203.0.113.9", "198.51.100.1", "203.0.113.9"),
        ("10.1.2.3", "198.51.100.1", "198.51.100.1"),
        ("10.1.2.3", "1.1.1.1, 198.51.100.1:4711, 10.9.9.9", "198.51.100.1"),
        ("10.1.2.3", "198.51.100.1, nonsense", "10.1.2.3"),
        ("10.1.2.3", "", "10.1.2.3"),
        ("::1", "[2001:db8::1]:80", "2001:db8::1"),
        ("::ffff:203.0.113.9", "", "203.0.113.9"),
        ("", "198.51.100.1", "198.51.100.1"),
    ],
)
def test_only_our_own_proxies_are_believed(
    here: str, said: str, expected: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GUANXI_PROXIES", NETWORKS["GUANXI_PROXIES"])
    config: Config = load.__wrapped__()
    request = RequestFactory().get("/", REMOTE_ADDR=here, HTTP_X_FORWARDED_FOR=said)
    with override_settings(CONFIG=config):
        assert address_of(request) == expected


def test_without_a_setting_no_header_is_believed() -> None:
    request = RequestFactory().get("/", REMOTE_ADDR="127.0.0.1", HTTP_X_FORWARDED_FOR="198.51.100.1")
    assert address_of(request) == "127.0.0.1"


def test_a_proxy_that_is_no_network_is_refused_by_name(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GUANXI_PROXIES", "10.0.0.0/99")
    with pytest.raises(SettingError, match="GUANXI_PROXIES"):
        load.__wrapped__()


def test_an_actor_without_a_person_owns_nothing() -> None:
    actor = Actor(None, "nobody", "job", {("customer", "view"): "own"})
    assert actor.reach("customer", "view") == (frozenset(), frozenset())
