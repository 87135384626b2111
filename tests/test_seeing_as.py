"""Looking with the rights of another: only reading, never more than one's own, always told, always written down."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from io import BytesIO

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import translation

from guanxi.core import clock, seeing_as
from guanxi.core.actor import Actor, actor_of, system_actor
from guanxi.core.errors import Forbidden
from guanxi.core.models import Change, Department, Operation, Role, RoleField, RolePermission, Session, User
from guanxi.core.seeing_as import SEE_AS, Chosen, in_common, looking_as
from guanxi.customers.models import CoreCardReading, Customer
from guanxi.customers.services import core_cards
from guanxi.customers.services.customers import create_customer
from guanxi.people import placing, seeing
from guanxi.tasks.models import Notification
from guanxi.ui.models import SavedView

pytestmark = pytest.mark.django_db
Make = Callable[..., User]
MANAGING = {("user", "manage"): "all", ("role", "manage"): "all"}


@pytest.fixture
def make() -> Make:
    """A user of a role, which is made where it is not there."""

    def user(name: str, role: str = "agent", rights: dict[tuple[str, str], str] | None = None) -> User:
        held, is_new = Role.objects.get_or_create(key=role, defaults={"name_en": role.title(), "name_zh": role})
        if is_new:
            for (kind, action), scope in (rights or {}).items():
                RolePermission.objects.create(role=held, kind=kind, action=action, scope=scope)
        return User.objects.create_user(name, "moon-over-the-harbour", name=name.title(), role=held)

    return user


@pytest.fixture
def boss(make: Make) -> User:
    """Somebody who may do everything."""
    return make("boss", "owner")


@pytest.fixture
def browser(client: Client, boss: User) -> Client:
    """The boss's browser."""
    client.force_login(boss)
    return client


def look(browser: Client, other: Role | User) -> None:
    """Begin to look."""
    name, number = ("see_as_role", other.pk) if isinstance(other, Role) else ("see_as_user", other.pk)
    assert browser.post(reverse(f"people:{name}", args=[number])).status_code == 302


def chosen(kind: str, number: int, *, begun: timedelta = timedelta(0)) -> Chosen:
    """A look that began so long ago."""
    at = clock.now() - begun
    return Chosen(kind, number, at, at + seeing_as.LONGEST)


def seen_as_role(actor: Actor, role: Role) -> Actor:
    """The actor as somebody of a role."""
    found = looking_as(actor, chosen("role", role.pk))
    assert found is not None
    return found


def test_every_page_says_as_whom_and_the_way_back_ends_it(browser: Client, make: Make) -> None:
    make("anna", "seller", {("customer", "view"): "own"})
    look(browser, Role.objects.get(key="seller"))
    for address in ("/", "/customers/", "/settings/users", "/no/such/page", "/settings/profile"):
        page = browser.get(address).content.decode()
        assert "You are looking as Seller." in page, address
        assert reverse("people:see_as_stop") in page
    assert browser.get("/settings/users").status_code == 404
    assert browser.post(reverse("people:see_as_stop")).status_code == 302
    assert SEE_AS not in browser.session
    assert "You are looking as" not in browser.get("/").content.decode()
    assert browser.get("/settings/users").status_code == 200


def test_who_looked_as_whom_from_when_to_when_stands_in_the_journal(browser: Client, boss: User, make: Make) -> None:
    anna = make("anna")
    look(browser, anna)
    browser.post(reverse("people:see_as_stop"))
    begun, ended = Operation.objects.filter(name__startswith="people.see_as").order_by("pk")
    for operation in (begun, ended):
        assert (operation.actor_id, operation.actor_name) == (boss.pk, "Boss")
        change = Change.objects.get(operation=operation)
        assert (change.kind, change.record_id, change.act) == ("user", anna.pk, "view")
    assert begun.reason.startswith("Anna: ")
    page = browser.get("/history/").content.decode()
    assert "Began to look with the rights of another" in page
    assert "Ended to look with the rights of another" in page
    assert "Began to look with the rights of another" in browser.get("/settings/privacy/access").content.decode()


def test_a_person_is_seen_with_their_records_and_their_fields(browser: Client, boss: User, make: Make) -> None:
    anna = make("anna", "seller", {("customer", "view"): "own"})
    RoleField.objects.create(role=anna.role, kind="contactpoint", field="value", visibility="masked")
    mine = {"name": "Zinnober", "owner": anna.pk}
    create_customer(actor=system_actor(), values=mine, contact_points=[{"kind": "phone", "value": "13900001111"}])
    create_customer(actor=system_actor(), values={"name": "Quarzit", "owner": boss.pk})
    look(browser, anna)
    page = browser.get("/customers/").content.decode()
    assert "Zinnober" in page
    assert "Quarzit" not in page
    record = browser.get(f"/customers/{Customer.objects.get(name='Zinnober').public_id}/").content.decode()
    assert "13900001111" not in record


@pytest.mark.parametrize("means", ["screen", "service"])
def test_nothing_is_written_whatever_is_tried(browser: Client, boss: User, make: Make, means: str) -> None:
    anna = make("anna", "manager")
    customer = create_customer(actor=system_actor(), values={"name": "Zinnober", "owner": anna.pk})
    before = Operation.objects.count()
    if means == "service":
        seen = looking_as(actor_of(boss), chosen("user", anna.pk))
        assert seen is not None
        with pytest.raises(Forbidden):
            create_customer(actor=seen, values={"name": "Eve"})
        with pytest.raises(Forbidden):
            placing.save_department(
                actor=replace(seen, permissions={("*", "*"): "all"}), department_id=None, name="X", parent_id=None
            )
        assert Operation.objects.count() == before
        return
    look(browser, anna)
    tried = [
        (f"/customers/{customer.public_id}/edit", {"name": "Eve"}),
        ("/customers/new", {"name": "Eve", "kind": "person"}),
        (reverse("people:role_create"), {"name_en": "Evil", "may:*:*": "all"}),
        (reverse("people:password"), {"current": "moon-over-the-harbour", "password": "sun-under-the-harbour"}),
        (reverse("integration:create_token"), {"label": "x", "scope": "write"}),
        (reverse("people:see_as_role", args=[Role.objects.get(key="owner").pk]), {}),
        (reverse("people:see_as_user", args=[boss.pk]), {}),
        (reverse("people:end_other_sessions"), {}),
        ("/tasks/new", {"title": "x"}),
        ("/imports/new", {"file": BytesIO(b"name\nEve\n")}),
    ]
    for address, body in tried:
        assert browser.post(address, body).status_code in (403, 404), address
    assert Operation.objects.count() == before + 1
    assert Customer.objects.get().name == "Zinnober"
    assert browser.session[SEE_AS]["number"] == anna.pk


def test_nobody_sees_more_than_with_their_own_rights(make: Make) -> None:
    chief = make("chief", "chief", {**MANAGING, ("customer", "view"): "own"})
    RoleField.objects.create(role=chief.role, kind="customer", field="note", visibility="hidden")
    own = actor_of(chief)
    seen = seen_as_role(own, Role.objects.get(key="owner"))
    assert seen.scope("customer", "view") == "own"
    assert seen.scope("customer", "change") is None
    assert seen.scope("user", "manage") == "all"
    assert seen.sees("customer", "note") == "hidden"
    assert seen.looker is not None
    assert seen.looker.is_cut
    assert seen.is_read_only
    # A person's own records are not the chief's: only those who see all there is look as people.
    assert looking_as(own, chosen("user", make("anna").pk)) is None


def test_a_team_and_a_department_share_ones_own_records_alone() -> None:
    view = ("customer", "view")
    assert in_common({view: "team"}, {view: "department"}, is_same_place=True) == {view: "own"}
    assert in_common({view: "department"}, {view: "team"}, is_same_place=True) == {view: "own"}
    assert in_common({view: "all"}, {("*", "view"): "team"}, is_same_place=True) == {view: "team"}
    assert in_common({("*", "*"): "all"}, {view: "all"}, is_same_place=True) == {view: "all"}
    assert in_common({("*", "view"): "all"}, {("customer", "*"): "own"}, is_same_place=True) == {view: "own"}
    assert in_common({view: "own"}, {("order", "view"): "all"}, is_same_place=True) == {}
    assert in_common({view: "own"}, {view: "own"}, is_same_place=False) == {}
    assert in_common({view: "own"}, {view: "all"}, is_same_place=False) == {view: "own"}


def test_a_role_is_seen_from_ones_own_place(make: Make) -> None:
    anna, boss = make("anna"), make("boss", "owner")
    place = Department.objects.create(name="East", path="/1/")
    User.objects.filter(pk__in=(anna.pk, boss.pk)).update(department=place)
    make("ben", "leader", {("customer", "view"): "department"})
    seen = seen_as_role(actor_of(boss), Role.objects.get(key="leader"))
    assert seen.reach("customer", "view")[0] == {anna.pk, boss.pk}


def test_those_who_do_not_manage_users_and_roles_do_not_look(client: Client, make: Make) -> None:
    role, anna = Role.objects.get(key="agent"), make("anna")
    for name, key, rights in (
        ("eve", "manager", None),
        ("uma", "users", {("user", "manage"): "all", ("*", "view"): "all"}),
        ("rob", "roles", {("role", "manage"): "all", ("*", "view"): "all"}),
    ):
        client.force_login(make(name, key, rights))
        assert client.post(reverse("people:see_as_role", args=[role.pk])).status_code == 404
        assert client.post(reverse("people:see_as_user", args=[anna.pk])).status_code == 404
        assert SEE_AS not in client.session
    assert not Operation.objects.filter(name="people.see_as").exists()


def test_a_look_ends_with_its_hour_with_the_right_to_it_and_with_the_other(
    browser: Client, boss: User, make: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    anna = make("anna")
    other = make("boss2", "owner")
    for end in ("time", "right", "other"):
        look(browser, anna)
        if end == "time":
            later = clock.now() + seeing_as.LONGEST
            monkeypatch.setattr(clock, "now", lambda later=later: later)
        elif end == "right":
            User.objects.filter(pk=boss.pk).update(role=anna.role)
        else:
            User.objects.filter(pk=anna.pk).update(is_active=False)
        # The form that was open while looking does not go through with one's own rights.
        answer = browser.post("/customers/new", {"name": "Eve", "kind": "person"})
        assert (answer.status_code, answer["Location"]) == (302, "/"), end
        assert SEE_AS not in browser.session
        assert not Customer.objects.exists()
        monkeypatch.undo()
        User.objects.filter(pk=boss.pk).update(role=other.role)
    assert Operation.objects.filter(name="people.see_as_ended").count() == 3


def test_signing_out_ends_it(browser: Client, boss: User, make: Make) -> None:
    look(browser, make("anna"))
    browser.post(reverse("account_logout"))
    assert Operation.objects.filter(name="people.see_as_ended", actor_id=boss.pk).count() == 1
    browser.force_login(boss)
    assert "You are looking as" not in browser.get("/").content.decode()


def test_a_session_that_holds_nonsense_or_another_hour_looks_as_nobody(browser: Client, boss: User, make: Make) -> None:
    """Only the program writes sessions; a clock that was set back does not make a look longer either."""
    anna = make("anna")
    look(browser, anna)
    session = browser.session
    held = session[SEE_AS]
    session[SEE_AS] = {**held, "began_at": (clock.now() + timedelta(hours=1)).isoformat()}
    session.save()
    assert browser.get("/customers/").status_code == 302
    assert SEE_AS not in browser.session


def test_files_and_personal_things_stay_closed(browser: Client, boss: User, make: Make) -> None:
    anna = make("anna", "manager")
    create_customer(actor=system_actor(), values={"name": "Zinnober", "owner": anna.pk})
    SavedView.objects.create(list_key="customers", name="Annas secret list", state="sort=name", owner=anna)
    Notification.objects.create(user=anna, sort="mention", at=clock.now())
    assert browser.get("/ui/list/customers/export").status_code == 200
    look(browser, anna)
    for address in ("/ui/list/customers/export", "/ui/list/customers/export?format=xlsx", "/history/export"):
        assert browser.get(address).status_code in (403, 404), address
    for address in ("/notifications/", "/settings/profile", "/settings/security", "/settings/tokens"):
        assert browser.get(address).status_code == 404, address
    assert browser.get("/notifications/bell", headers={"HX-Request": "true"}).status_code == 204
    assert "Annas secret list" not in browser.get("/customers/").content.decode()
    assert "Annas secret list" not in browser.get("/").content.decode()


def test_streams_listen_to_what_the_other_may_hear(browser: Client, boss: User, make: Make) -> None:
    make("anna", "nothing", {})
    hers = create_customer(actor=system_actor(), values={"name": "Zinnober", "owner": boss.pk})
    asked = f"/live/ticket?topics=customer:{hers.pk},notifications:{boss.pk}"
    assert set(browser.get(asked).json()["topics"]) == {f"customer:{hers.pk}", f"notifications:{boss.pk}"}
    look(browser, Role.objects.get(key="nothing"))
    assert browser.get(asked).json()["topics"] == []
    assert browser.post(f"/ui/here/customer/{hers.pk}").status_code == 204


def test_the_reading_of_a_core_card_names_who_really_read(browser: Client, boss: User, make: Make) -> None:
    anna = make("anna", "manager")
    customer = create_customer(actor=system_actor(), values={"name": "Zinnober", "owner": anna.pk})
    core_cards.save_core_card(actor=system_actor(), customer_id=customer.pk, values={"keeper": anna.pk, "needs": "x"})
    seen = looking_as(actor_of(boss), chosen("user", anna.pk))
    assert seen is not None
    core_cards.read_core_card(actor=seen, customer_id=customer.pk)
    reading = CoreCardReading.objects.get()
    assert (reading.user_id, reading.user_name) == (boss.pk, "Boss → Anna")


def test_the_other_is_not_signed_in_and_their_programs_and_ones_own_go_on_as_before(
    browser: Client, boss: User, make: Make
) -> None:
    anna = make("anna")
    look(browser, anna)
    assert not Session.objects.filter(user_id=anna.pk).exists()
    assert actor_of(boss).scope("customer", "delete") == "all"
    assert User.objects.get(pk=anna.pk).last_login is None


def test_the_language_may_be_chosen_for_this_browser_alone(browser: Client, make: Make) -> None:
    anna = make("anna")
    look(browser, anna)
    with translation.override("en"):
        assert browser.post("/ui/preferences", {"language": "zh-hans", "next": "/"}).status_code == 302
        assert "您正以" in browser.get("/").content.decode()
    assert User.objects.get(pk=anna.pk).language == ""


def test_a_look_begins_with_who_is_there(boss: User, make: Make) -> None:
    actor = actor_of(boss)
    with pytest.raises(Exception, match="There is no such role"):
        seeing.look_as_role(actor=actor, role_id=10**12)
    with pytest.raises(Exception, match="yourself"):
        seeing.look_as_user(actor=actor, user_id=boss.pk)
    gone = make("anna")
    User.objects.filter(pk=gone.pk).update(is_active=False)
    with pytest.raises(Exception, match="may not sign in"):
        seeing.look_as_user(actor=actor, user_id=gone.pk)


WRITING_PLACES = ("/new", "/edit", "bulk_form", 'data-bulk="', "data-edit")


def test_nothing_is_offered_that_would_be_refused(browser: Client, make: Make) -> None:
    """No page shows a button that writes: no new record, no edit, no act on selected rows, also not in an empty list."""
    anna = make("anna", "seller", {("customer", act): "all" for act in ("view", "create", "change", "delete", "merge")})
    RolePermission.objects.create(role=Role.objects.get(key="seller"), kind="user", action="manage", scope="all")
    kept = create_customer(actor=system_actor(), values={"name": "Zinnober"})
    pages = (
        "/customers/",
        "/customers/?q=nobody-of-that-name",
        f"/customers/{kept.public_id}/",
        "/settings/users",
        "/tasks/",
    )

    def offered() -> dict[str, list[str]]:
        found = {page: browser.get(page).content.decode().partition('id="main"')[2] for page in pages}
        return {page: [part for part in WRITING_PLACES if part in text] for page, text in found.items()}

    assert all(parts for page, parts in offered().items() if "nobody" not in page), "else this proves nothing"
    for other in (Role.objects.get(key="seller"), anna):
        look(browser, other)
        assert not any(offered().values()), offered()
        assert "New customer" not in browser.get("/ui/palette").content.decode()
        assert browser.get("/customers/new").status_code == 404
        browser.post(reverse("people:see_as_stop"))
    assert "New customer" in browser.get("/ui/palette").content.decode()
    Customer.everything.all().delete()
    assert "/customers/new" in browser.get("/customers/").content.decode()
    look(browser, Role.objects.get(key="seller"))
    page = browser.get("/customers/").content.decode()
    assert "No customers yet" in page
    assert "/customers/new" not in page
