"""Roles, departments, teams and deputies on screen: made, changed, undone; nobody gives away more than they have."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from guanxi.core import acts, changes, clock
from guanxi.core.actor import Actor, actor_of
from guanxi.core.errors import Conflict, Forbidden, InvalidInput, NotFound
from guanxi.core.models import Change, Department, Operation, Role, RolePermission, Team, User
from guanxi.people import placing, roles, services

pytestmark = pytest.mark.django_db
Make = Callable[..., User]


@pytest.fixture
def make() -> Make:
    """A user of a role."""

    def user(name: str, role: str = "agent") -> User:
        return User.objects.create_user(name, "moon-over-the-harbour", role=Role.objects.get(key=role))

    return user


@pytest.fixture
def owner(make: Make) -> Actor:
    """Somebody who may do everything."""
    return actor_of(make("boss", "owner"))


def save(actor: Actor, role: Role | None = None, **given: object) -> Role:
    """Save a role."""
    values = {"name_en": "Seller", "name_zh": "销售", "permissions": {("customer", "view"): "own"}, "fields": {}}
    return roles.save_role(actor=actor, role_id=role.pk if role else None, **values | given)  # type: ignore[arg-type]


def test_a_role_is_made_on_screen_with_its_rights_and_fields_and_the_change_counts_at_once(
    client: Client, owner: Actor, make: Make
) -> None:
    client.force_login(User.objects.get(pk=owner.user_id))
    body = {"name_en": "Seller", "name_zh": "销售", "may:customer:view": "all", "sees:contactpoint:value": "masked"}
    assert client.post(reverse("people:role_create"), body).status_code == 302
    role = Role.objects.get(key="seller")
    seller = make("anna", "seller")
    assert actor_of(seller).scope("customer", "view") == "all"
    assert actor_of(seller).sees("contactpoint", "value") == "masked"
    page = client.get(reverse("people:role", args=[role.pk])).content.decode()
    assert 'name="may:customer:view"' in page
    assert 'name="sees:contactpoint:value"' in page
    body = {"name_en": "Seller", "name_zh": "销售", "may:customer:change": "own"}
    assert client.post(reverse("people:role", args=[role.pk]), body).status_code == 302
    assert actor_of(seller).permissions == {("customer", "change"): "own"}
    assert actor_of(seller).fields == {}
    operation = Operation.objects.filter(name="people.save_role").latest("id")
    changes.undo_operation(actor=owner, operation_id=operation.pk)
    assert actor_of(seller).permissions == {("customer", "view"): "all"}
    assert actor_of(seller).sees("contactpoint", "value") == "masked"


def test_nobody_gives_away_more_than_they_have(owner: Actor, make: Make) -> None:
    chief = save(owner, name_en="Chief", permissions={("role", "manage"): "all", ("user", "manage"): "all"})
    actor = actor_of(make("chief", chief.key))
    with pytest.raises(Forbidden):
        save(actor, permissions={("customer", "view"): "own"})
    with pytest.raises(Forbidden):
        roles.copy_role(actor=actor, role_id=Role.objects.get(key="manager").pk)
    with pytest.raises(Forbidden):
        services.create_user(actor=actor, name="eve", role="owner")
    with pytest.raises(Forbidden):
        services.update_user(actor=actor, user_id=actor.user_id or 0, role="owner")
    boss = owner.user_id or 0
    for act in (
        lambda: services.set_password(actor=actor, user_id=boss),
        lambda: services.set_active(actor=actor, user_id=boss, is_active=False),
        lambda: services.update_user(actor=actor, user_id=boss, role=chief.key),
    ):
        with pytest.raises(Forbidden):
            act()
    assert User.objects.get(pk=boss).role.key == "owner"
    masked = save(
        owner,
        name_en="Masked",
        permissions={("role", "manage"): "all", ("customer", "view"): "all"},
        fields={("contactpoint", "value"): "masked"},
    )
    looking = actor_of(make("mask", masked.key))
    with pytest.raises(Forbidden):
        save(looking, name_en="Other")
    assert save(looking, name_en="Other", fields={("contactpoint", "value"): "hidden"}).key == "other"


def test_what_was_taken_away_does_not_come_back_by_an_undo(owner: Actor, make: Make) -> None:
    role = save(owner, permissions={("customer", "view"): "all", ("operation", "undo"): "all"})
    save(owner, role, permissions={("customer", "view"): "own", ("operation", "undo"): "all"})
    operation = Operation.objects.filter(name="people.save_role").latest("id")
    with pytest.raises(NotFound):
        changes.undo_operation(actor=actor_of(make("anna", "seller")), operation_id=operation.pk)


def test_a_role_says_why_it_stays(owner: Actor, make: Make) -> None:
    role = save(owner)
    user = make("anna", role.key)
    with pytest.raises(Conflict, match="1 people hold it"):
        roles.remove_role(actor=owner, role_id=role.pk)
    with pytest.raises(Conflict):
        roles.remove_role(actor=owner, role_id=Role.objects.get(key="agent").pk)
    with pytest.raises(Conflict):
        save(owner, Role.objects.get(key="owner"), permissions={})
    services.update_user(actor=owner, user_id=user.pk, role="agent")
    number = roles.remove_role(actor=owner, role_id=role.pk)
    assert not Role.objects.filter(key="seller").exists()
    changes.undo_operation(actor=owner, operation_id=number)
    assert RolePermission.objects.filter(role__key="seller").count() == 1


@pytest.mark.parametrize(
    "wrong",
    [
        {"permissions": {("customer", "view"): "everything"}},
        {"permissions": {("no such'; kind", "view"): "all"}},
        {"fields": {("customer", "name"): "hidden"}},
        {"fields": {("contactpoint", "value"): "upside-down"}},
        {"name_en": "", "name_zh": " "},
    ],
)
def test_what_no_form_sends_is_refused(owner: Actor, wrong: dict[str, object]) -> None:
    with pytest.raises(InvalidInput):
        save(owner, **wrong)
    assert not Role.objects.filter(key="seller").exists()


def test_a_department_moves_with_all_below_it_and_never_below_itself(owner: Actor) -> None:
    def make(name: str, parent: Department | None = None) -> Department:
        return placing.save_department(
            actor=owner, department_id=None, name=name, parent_id=parent.pk if parent else None
        )

    sales, service = make("Sales"), make("Service")
    east = make("East", sales)
    city = make("City", east)
    placing.save_department(actor=owner, department_id=east.pk, name="Far East", parent_id=service.pk)
    assert Department.objects.get(pk=city.pk).path == f"/{service.pk}/{east.pk}/{city.pk}/"
    with pytest.raises(Conflict):
        placing.save_department(actor=owner, department_id=east.pk, name="East", parent_id=city.pk)
    operation = Operation.objects.filter(name="people.save_department").latest("id")
    changes.undo_operation(actor=owner, operation_id=operation.pk)
    assert Department.objects.get(pk=city.pk).path == f"/{sales.pk}/{east.pk}/{city.pk}/"


def test_a_department_closes_when_its_people_have_somewhere_to_go(owner: Actor, make: Make) -> None:
    sales = placing.save_department(actor=owner, department_id=None, name="Sales", parent_id=None)
    east = placing.save_department(actor=owner, department_id=None, name="East", parent_id=sales.pk)
    user = make("anna")
    User.objects.filter(pk=user.pk).update(department=east)
    with pytest.raises(Conflict):
        placing.close_department(actor=owner, department_id=sales.pk)
    with pytest.raises(Conflict):
        placing.close_department(actor=owner, department_id=east.pk)
    placing.close_department(actor=owner, department_id=east.pk, into_id=sales.pk)
    assert User.objects.get(pk=user.pk).department_id == sales.pk
    assert Department.objects.get(pk=east.pk).is_closed


def test_members_of_teams_are_journaled_and_taken_back(owner: Actor, make: Make) -> None:
    anna, ben = make("anna"), make("ben")
    team = placing.save_team(actor=owner, team_id=None, name="North", member_ids=[anna.pk])
    placing.save_team(actor=owner, team_id=team.pk, name="North", member_ids=[ben.pk])
    assert list(team.members.all()) == [ben]
    assert Change.objects.filter(kind="teammember").count() == 3
    operation = Operation.objects.filter(name="people.save_team").latest("id")
    changes.undo_operation(actor=owner, operation_id=operation.pk)
    assert list(Team.objects.get(pk=team.pk).members.all()) == [anna]
    with pytest.raises(Conflict):
        placing.save_team(actor=owner, team_id=None, name="North", member_ids=[])


def test_an_absence_is_ones_own_affair_or_that_of_those_who_manage_users(owner: Actor, make: Make) -> None:
    anna, ben = make("anna"), make("ben")
    now = clock.now()
    span = {"from_at": now, "to_at": now + timedelta(days=1), "reason": "ill"}
    with pytest.raises(Forbidden):
        placing.name_deputy(actor=actor_of(ben), user_id=anna.pk, deputy_id=ben.pk, **span)  # type: ignore[arg-type]
    row = placing.name_deputy(actor=owner, user_id=anna.pk, deputy_id=ben.pk, **span)  # type: ignore[arg-type]
    with pytest.raises(NotFound):
        placing.end_deputy(actor=actor_of(ben), row_id=row.pk)
    placing.end_deputy(actor=actor_of(anna), row_id=row.pk)
    for wrong in ({"deputy_id": anna.pk}, {"deputy_id": 0}, {"to_at": now}, {"reason": " "}):
        with pytest.raises(InvalidInput):
            placing.name_deputy(actor=owner, **{"user_id": anna.pk, "deputy_id": ben.pk, **span, **wrong})  # type: ignore[arg-type]


def test_acts_of_their_own_stand_in_the_grid_in_words_and_are_given_and_taken(client: Client, owner: Actor) -> None:
    acts.register("deputy", "polish", "polish")
    try:
        client.force_login(User.objects.get(pk=owner.user_id))
        page = client.get(reverse("people:role_create")).content.decode()
        assert "further acts" in page
        assert 'name="may:deputy:polish"' in page
        role = save(owner, permissions={("deputy", "polish"): "team", ("customer", "*"): "own"})
        page = client.get(reverse("people:role", args=[role.pk])).content.decode()
        assert "every act" in page.lower()
        body = {"name_en": "Seller", "name_zh": "销售", "may:deputy:polish": "", "may:customer:*": "own"}
        assert client.post(reverse("people:role", args=[role.pk]), body).status_code == 302
        assert roles.permissions_of(role) == {("customer", "*"): "own"}
    finally:
        del acts.acts._items["deputy.polish"]


def test_where_somebody_works_is_chosen_on_their_page_among_open_departments(
    client: Client, owner: Actor, make: Make
) -> None:
    anna = make("anna")
    east = placing.save_department(actor=owner, department_id=None, name="East", parent_id=None)
    old = placing.save_department(actor=owner, department_id=None, name="Old yard", parent_id=None)
    placing.close_department(actor=owner, department_id=old.pk)
    services.update_user(actor=owner, user_id=anna.pk, department=east.pk)
    assert User.objects.get(pk=anna.pk).department_id == east.pk
    operation = Operation.objects.filter(name="people.update_user").latest("id")
    changes.undo_operation(actor=owner, operation_id=operation.pk)
    assert User.objects.get(pk=anna.pk).department_id is None
    for wrong in (old.pk, 10**20, "x", -1):
        with pytest.raises(InvalidInput):
            services.update_user(actor=owner, user_id=anna.pk, department=wrong)
    with pytest.raises(Forbidden):
        services.update_user(actor=actor_of(anna), user_id=anna.pk, department=east.pk)
    with pytest.raises(NotFound):
        placing.save_department(actor=owner, department_id=None, name="New", parent_id=old.pk)
    User.objects.filter(pk=anna.pk).update(department=old)
    placing.save_team(actor=owner, team_id=None, name="North", member_ids=[anna.pk])
    client.force_login(User.objects.get(pk=owner.user_id))
    page = client.get(reverse("people:user", args=[anna.pk])).content.decode()
    assert "Old yard" in page
    assert "North" in page
    form = client.get(reverse("people:user_create")).content.decode()
    assert "East" in form
    assert "Old yard" not in form
    body = {"username": "newcomer", "role": Role.objects.get(key="agent").pk, "department": east.pk}
    assert client.post(reverse("people:user_create"), body).status_code == 200
    assert User.objects.get(username="newcomer").department_id == east.pk


def test_a_deputy_sees_on_every_page_whose_place_they_take(client: Client, owner: Actor, make: Make) -> None:
    anna, ben = make("anna"), make("ben")
    now = clock.now()
    placing.name_deputy(
        actor=owner, user_id=anna.pk, deputy_id=ben.pk, from_at=now, to_at=now + timedelta(days=1), reason="ill"
    )
    client.force_login(ben)
    for address in ("/", "/customers/", "/no/such/page"):
        page = client.get(address).content.decode()
        assert "You stand in for <strong>anna</strong> until" in page, address
        # As the reader writes days, here and in every list.
        assert re.search(r"until <time[^>]*>[^<]*\d{1,2} [A-Z][a-z]{2} \d{4} \d\d:\d\d<", page), address
    client.force_login(anna)
    assert "You stand in for" not in client.get("/").content.decode()
