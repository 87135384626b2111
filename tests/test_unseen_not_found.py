"""What a role does not see in full finds nothing: no search, list, filter, order, warning or file tells it by a hit."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from guanxi.core.actor import Actor, actor_of, system_actor
from guanxi.core.masking import guarded
from guanxi.core.models import CustomField, Role, RoleField, RolePermission, User
from guanxi.customers.duplicates.looking_up import possible_duplicates
from guanxi.customers.models import Customer
from guanxi.customers.services.customers import create_customer
from guanxi.customers.services.profiles import update_profile
from guanxi.integration.services import create_token
from guanxi.search.models import SearchEntry
from guanxi.search.public import search
from guanxi.search.services import rebuild

pytestmark = pytest.mark.django_db
NAME = "Zinnober"
# What is looked for, and the guarded field that holds it.
HELD = {
    "Ultramarin": ("customer", "custom.colour"),
    "13812345678": ("contactpoint", "value"),
    "+86 138 1234 5678": ("contactpoint", "value"),
    "5678": ("contactpoint", "value"),
    "13812": ("contactpoint", "value"),
    "zoe@keramik.example": ("contactpoint", "value"),
    "zoe-wechat": ("contactpoint", "value"),
    "Brennofengasse": ("contactpoint", "value"),
    "11010519491231002X": ("customer", "tax_id"),
    "Tonscherbe": ("personprofile", "nickname"),
    "Glasurwerk": ("personprofile", "employer"),
}


@pytest.fixture
def customer() -> Customer:
    """A person who can be found by many things."""
    CustomField.objects.create(
        kind="customer", key="colour", label_en="Colour", label_zh="颜色", type="text", is_filterable=True
    )
    points = [
        {"kind": "phone", "value": "138 1234 5678"},
        {"kind": "email", "value": "zoe@keramik.example"},
        {"kind": "wechat", "value": "zoe-wechat"},
        {"kind": "address", "value": "Brennofengasse 12"},
    ]
    values = {"name": NAME, "city": "Lindau", "tax_id": "11010519491231002X", "custom_colour": "Ultramarin"}
    found = create_customer(actor=system_actor(), values=values, contact_points=points)
    profile = {"nickname": "Tonscherbe", "employer": "Glasurwerk"}
    update_profile(actor=system_actor(), customer_id=found.pk, values=profile)
    return found


@dataclass
class Seller:
    """Somebody who sees all customers, and the fields as their role's rows say at the moment."""

    role: Role
    user: User
    client: Client
    key: str

    @property
    def actor(self) -> Actor:
        """With the rights of now."""
        return actor_of(self.user)

    def sees(self, how: str, *fields: tuple[str, str]) -> None:
        """Let the role see these so, and everything else in full."""
        RoleField.objects.filter(role=self.role).delete()
        for kind, field in dict.fromkeys(fields) if how != "shown" else ():
            RoleField.objects.create(role=self.role, kind=kind, field=field, visibility=how)

    def found_in(self, text: str) -> set[str]:
        """The places where the customer is found by a text."""
        api = {"Authorization": f"Bearer {self.key}"}
        answers: dict[str, Any] = {
            "list": self.client.get("/customers/", {"q": text}),
            "rows": self.client.get("/ui/list/customers/rows", {"q": text}),
            "file": self.client.get("/ui/list/customers/export", {"q": text, "cols": "name"}),
            "search page": self.client.get("/search", {"q": text}),
            "palette": self.client.get("/search/hits", {"q": text}),
            "palette of the shell": self.client.get("/ui/palette/search", {"q": text}),
            "choice": self.client.get("/customers/pick", {"q": text}),
            "API list": self.client.get("/api/v1/customers", {"q": text}, headers=api),
            "API search": self.client.get("/api/v1/search", {"q": text}, headers=api),
        }
        found = {name for name, answer in answers.items() if NAME in _body(answer)}
        return found | ({"search"} if search(actor=self.actor, text=text) else set())


def _body(response: Any) -> str:
    """What an answer says."""
    return (b"".join(response.streaming_content) if response.streaming else response.content).decode()


@pytest.fixture
def seller(client: Client) -> Seller:
    """Somebody who sees everything in full, so far."""
    role = Role.objects.create(key="seller", name_en="Seller", name_zh="销售")
    for action in ("view", "create", "change", "export"):
        RolePermission.objects.create(role=role, kind="customer", action=action, scope="all")
    user = User.objects.create_user("anna", "moon-over-the-harbour", role=role)
    client.force_login(user)
    return Seller(role, user, client, create_token(actor=system_actor(), user=user, scope="write")[1])


@pytest.mark.full
def test_nothing_unseen_is_found_and_all_of_it_is_again_once_it_is_seen(seller: Seller, customer: Customer) -> None:
    """From one moment to the next, with the same index."""
    entry = SearchEntry.objects.values().get(kind="customer", record_id=customer.pk)
    for text, field in HELD.items():
        assert len(seller.found_in(text)) >= 9, f"{text}: those who see it find it everywhere, else this proves nothing"
        for how in ("masked", "hidden"):
            seller.sees(how, field)
            assert seller.found_in(text) == set(), (text, how)
            assert len(seller.found_in(NAME)) >= 9, (text, how)
            assert len(seller.found_in("Lindau")) >= 9, (text, how)
        seller.sees("shown")
    assert SearchEntry.objects.values().get(kind="customer", record_id=customer.pk) == entry


def test_the_index_holds_what_some_role_does_not_see(seller: Seller, customer: Customer) -> None:
    """Those who do see it find it, also after the index was made anew."""
    seller.sees("hidden", *HELD.values())
    rebuild("customer")
    for text in HELD:
        assert search(actor=system_actor(), text=text), text
        assert not search(actor=seller.actor, text=text), text


def test_what_is_unseen_does_not_take_the_place_of_what_is_seen(seller: Seller, customer: Customer) -> None:
    """Rows that only an unseen field accounts for are passed over, however many come first."""
    for number in range(45):
        create_customer(actor=system_actor(), values={"name": f"Quarz {number}", "custom_colour": "Indigo"})
    last = create_customer(actor=system_actor(), values={"name": "Tuff", "city": "Indigo"})
    seller.sees("hidden", HELD["Ultramarin"])
    assert [hit.record_id for hit in search(actor=seller.actor, text="Indigo", limit=5)] == [last.pk]


def test_a_mixed_search_needs_all_of_its_words_seen(seller: Seller, customer: Customer) -> None:
    seller.sees("masked", HELD["Ultramarin"])
    assert not search(actor=seller.actor, text=f"{NAME} Ultramarin")
    assert search(actor=seller.actor, text=f"{NAME} Lindau")


def test_every_guarded_field_of_the_index_is_left_out(seller: Seller, customer: Customer) -> None:
    """Also with every field unseen that can be: the name, the town and the numbers of other systems remain."""
    seller.sees("hidden", *((one.kind, one.field) for one in guarded), ("customer", "custom.colour"))
    assert {text for text in (*HELD, NAME, "Lindau") if search(actor=seller.actor, text=text)} == {NAME, "Lindau"}


@pytest.mark.parametrize("how", ["masked", "hidden"])
def test_the_warning_of_duplicates_tells_nothing_by_unseen_values(seller: Seller, customer: Customer, how: str) -> None:
    """Neither alone nor beside a name that is seen: a likelihood that grows with the right number would tell it."""
    points = [{"kind": "phone", "value": "13812345678"}, {"kind": "email", "value": "zoe@keramik.example"}]
    typed = {"name": "Zoe", "kind": "person", "tax_id": "11010519491231002X"}

    def likely(values: dict[str, str], given: list[dict[str, str]]) -> list[tuple[int, float, str]]:
        found = possible_duplicates(seller.actor, values, given, min_score=0)
        return [(one.customer.pk, one.score, " ".join(one.reasons)) for one in found]

    assert likely(typed, points)
    seller.sees(how, ("contactpoint", "value"), ("customer", "tax_id"))
    assert likely(typed, points) == []
    named = typed | {"name": NAME}
    wrong = [{"kind": "phone", "value": "13900000000"}]
    assert likely(named, points) == likely({"name": NAME, "kind": "person"}, wrong)
    page = seller.client.post(reverse("customers:similar"), {"name": "Zoe", "phone": "13812345678"})
    assert NAME not in page.content.decode()


@pytest.mark.parametrize("how", ["masked", "hidden"])
def test_lists_saved_views_and_the_api_neither_filter_nor_sort_by_it(
    seller: Seller, customer: Customer, how: str
) -> None:
    """A filter or an order would tell a value step by step."""
    other = create_customer(actor=system_actor(), values={"name": "Achat", "custom_colour": "Zartrosa"})
    api = {"Authorization": f"Bearer {seller.key}"}
    ask: Callable[[str], str] = lambda query: _body(seller.client.get(f"/customers/?{query}"))  # noqa: E731

    def order(query: str) -> bool:
        page = ask(query)
        return page.index(NAME) < page.index("Achat")

    assert "Achat" not in ask("custom_colour=Ultramarin")
    assert order("sort=custom_colour&cols=name,custom_colour") != order("sort=-custom_colour&cols=name,custom_colour")
    form = {"name": "By colour", "state": "?custom_colour=Ultramarin&sort=custom_colour&cols=name,custom_colour"}
    made = seller.client.post(
        "/ui/list/customers/views/new?custom_colour=Ultramarin&sort=custom_colour&cols=name,custom_colour", form
    )
    view = made.headers.get("HX-Redirect", "") or made.headers.get("Location", "")
    assert "view=" in view, made.content[:500]
    assert "Achat" not in _body(seller.client.get(view))
    seller.sees(how, HELD["Ultramarin"])
    for page in (ask("custom_colour=Ultramarin"), _body(seller.client.get(view))):
        assert NAME in page
        assert "Achat" in page
    assert order("sort=custom_colour&cols=name,custom_colour") == order("sort=-custom_colour&cols=name,custom_colour")
    assert "Ultramarin" not in ask("group=custom_colour&layout=board")
    for query in ("custom[colour]=Ultramarin", "sort=custom_colour", "sort=custom[colour]"):
        assert seller.client.get(f"/api/v1/customers?{query}", headers=api).status_code == 422, query
    for part in ("count", "footer", "rows", "export"):
        with_it = _body(seller.client.get(f"/ui/list/customers/{part}?custom_colour=Ultramarin"))
        without = _body(seller.client.get(f"/ui/list/customers/{part}?custom_colour=Nowhere"))
        assert with_it.replace("Ultramarin", "") == without.replace("Nowhere", ""), part
    assert other.name in ask("custom_colour=Nowhere")


def test_whether_there_is_a_hidden_value_is_not_told_by_a_filter_either(seller: Seller, customer: Customer) -> None:
    create_customer(actor=system_actor(), values={"name": "Achat"})
    ask: Callable[[], str] = lambda: _body(seller.client.get("/customers/?has_phone=yes"))  # noqa: E731
    assert "Achat" not in ask()
    seller.sees("masked", ("contactpoint", "value"))
    assert "Achat" not in ask(), "a mask shows that something is there"
    seller.sees("hidden", ("contactpoint", "value"))
    assert "Achat" in ask()
