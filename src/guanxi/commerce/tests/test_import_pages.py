"""An import in the browser, from the upload to taking it back."""

from collections.abc import Callable
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from guanxi.commerce.models import Order
from guanxi.commerce.tests.conftest import BASE, HEADER, write_rows
from guanxi.conversations.services.channels import create_channel
from guanxi.core import changes, jobs
from guanxi.core.actor import Actor, console_actor
from guanxi.core.models import Role, User
from guanxi.customers.models import Customer
from guanxi.files.public import StoredFile
from guanxi.importing.models import Import, Mapping

SignIn = Callable[[str], Client]


@pytest.fixture
def sign_in(db: None) -> SignIn:
    """A client signed in with a role."""

    def make(role: str) -> Client:
        """One user and their client."""
        user = User.objects.create_user(f"{role}-user", "secret-password", role=Role.objects.get(key=role))
        client = Client()
        client.force_login(user)
        return client

    return make


def upload(client: Client, path: Path) -> str:
    """Upload a file as orders; the address of the import."""
    file = SimpleUploadedFile(path.name, path.read_bytes())
    response = client.post("/imports/new", {"target": "orders", "file": file})
    assert response.status_code == 302, response.content.decode()
    return str(response["Location"]).removesuffix("columns")


def chosen(client: Client, url: str) -> dict[str, str]:
    """The form of the columns as it stands, filled in by the guess."""
    found = client.get(url + "columns")
    assert found.status_code == 200
    data = {f"field:{field['key']}": field["chosen"] for field in found.context["fields"]}
    return {**data, "source": "shop", "currency": "EUR", "timezone": "Europe/Paris", "date_order": ""}


def test_from_upload_to_undo(sign_in: SignIn, tmp_path: Path) -> None:
    """Guess, check, correct a cell, import, save the mapping, take back."""
    client = sign_in("manager")
    bad = ("4", "2024-13-01", "A", "P1", "Pen", "1", "1.50", "")
    url = upload(client, write_rows(tmp_path / "orders.csv", [*BASE, bad]))
    form = chosen(client, url)
    assert form["field:customer"] == "customer"
    assert form["field:unit_price"] == "unit_price"
    assert client.post(url + "columns", form).status_code == 302
    assert "import-progress" in client.get(url).content.decode()
    jobs.run_pending()
    page = client.get(url)
    assert page.context["run"].rows_refused == 1
    assert "2024-13-01" in page.content.decode()
    assert Order.everything.count() == 0
    refused = client.get(url + "refused.csv")
    assert b"2024-13-01" in b"".join(refused.streaming_content)
    client.post(url + "correct", {"page": "0", "cell:7:1": "2024-12-01", "cell:7:0": "4"})
    jobs.run_pending()
    assert client.get(url).context["run"].rows_refused == 0
    client.post(url + "commit")
    jobs.run_pending()
    run = Import.objects.get()
    assert (run.state, run.rows_stored, run.counts["lines_created"]) == ("in_force", 6, 6)
    assert Order.objects.filter(source="shop", number="4").count() == 1
    client.post(url + "save-mapping", {"name": "Our shop", "is_shared": "on"})
    assert Mapping.objects.get().definition["columns"]["customer"] == "customer"
    again = upload(client, write_rows(tmp_path / "next.csv", BASE))
    client.post(again + "mapping", {"mapping": "Our shop"})
    assert client.get(again + "columns").context["given"]["source"] == "shop", "the same customers, not new ones"
    client.post(url + "undo")
    jobs.run_pending()
    assert Order.everything.count() == 0
    assert client.get(url).context["run"].state == "undone"


def test_wrong_files_and_columns_are_said_on_the_page(sign_in: SignIn, tmp_path: Path) -> None:
    """Nothing breaks; the sentence stands on the page."""
    client = sign_in("owner")
    response = client.post(
        "/imports/new", {"target": "orders", "file": SimpleUploadedFile("x.csv", b"\x89PNG\r\n\x1a\n")}
    )
    assert response.status_code == 422
    assert "PNG" in response.content.decode()
    assert client.post("/imports/new", {"target": "orders"}).status_code == 422
    url = upload(client, write_rows(tmp_path / "o.csv", BASE))
    form = chosen(client, url)
    response = client.post(url + "columns", {**form, "field:customer": ""})
    assert response.status_code == 422
    assert "customer" in response.content.decode()
    assert client.post(url + "columns", {**form, "currency": "ZZZ"}).status_code == 422
    assert client.get(url + "sample", {"field:order": "quantity"}).content.decode().count("<span>") == 3
    client.post(url + "discard")
    assert Import.objects.count() == 0


def test_columns_that_no_field_takes_are_named(sign_in: SignIn, tmp_path: Path) -> None:
    """Nobody finds out afterwards that a column was left behind."""
    client = sign_in("manager")
    rows = [(*row, "spring fair") for row in BASE]
    url = upload(client, write_rows(tmp_path / "o.csv", rows, header=(*HEADER, "campaign")))
    unused = client.get(url + "columns").context["unused"]
    assert [name for name, is_unused in unused.items() if is_unused] == ["campaign"]


def test_home_begins_with_the_import_and_then_shows_it(sign_in: SignIn, tmp_path: Path) -> None:
    """The first step leads to the upload; with an import in force it is done, and with all steps done they are gone."""
    client = sign_in("manager")
    assert "Bring in your order file" in client.get("/").content.decode()
    url = upload(client, write_rows(tmp_path / "spring.csv", BASE))
    client.post(url + "columns", chosen(client, url))
    jobs.run_pending()
    client.post(url + "commit")
    jobs.run_pending()
    page = client.get("/").content.decode()
    assert "step-done" in page.split("Bring in your order file")[1].split("</li>")[0]
    create_channel(actor=console_actor(), kind="form", name="Site")
    page = client.get("/").content.decode()
    assert "Bring in your order file" not in page
    assert "spring.csv" in page
    assert "5 rows stored" in page
    assert 'href="/orders/"' in client.get(url).content.decode()
    assert "spring.csv" not in sign_in("agent").get("/").content.decode()


def test_what_was_changed_since_is_shown_before_the_rest_goes(sign_in: SignIn, tmp_path: Path) -> None:
    """The page names the customer and who changed it; only then the rest may be taken back."""
    client = sign_in("manager")
    url = upload(client, write_rows(tmp_path / "0.csv", BASE))
    client.post(url + "columns", chosen(client, url))
    jobs.run_pending()
    client.post(url + "commit")
    jobs.run_pending()
    anna = Actor(user_id=None, name="Anna", means="web", permissions={("*", "*"): "all"})
    with changes.operation(actor=anna, name="customers.update_customer") as operation:
        operation.update(Customer.objects.get(external_ids__value="A"), name="Alpha Ltd")
    page = client.post(url + "undo")
    assert page.status_code == 409
    assert "Alpha Ltd" in page.content.decode()
    assert "Anna" in page.content.decode()
    assert "was changed: customer name" in page.content.decode()
    client.post(url + "undo", {"rest": "on"})
    jobs.run_pending()
    assert "1 record that was changed since stays." in client.get(url).content.decode()
    assert list(Customer.objects.values_list("name", flat=True)) == ["Alpha Ltd"]
    assert not Order.objects.exists()


def test_an_upload_is_a_stored_file_of_its_import(sign_in: SignIn, tmp_path: Path) -> None:
    """Who may see the import may fetch the file as long as it is needed; it goes with the import, or when refused."""
    client = sign_in("manager")
    url = upload(client, write_rows(tmp_path / "may.csv", BASE))
    stored = StoredFile.objects.get()
    assert (stored.name, stored.record_kind) == ("may.csv", "import")
    assert b"".join(client.get(stored.get_absolute_url()).streaming_content).startswith(b"order,date")
    assert sign_in("agent").get(stored.get_absolute_url()).status_code == 404
    client.post(url + "columns", chosen(client, url))
    jobs.run_pending()
    client.post(url + "commit")
    jobs.run_pending()
    assert not StoredFile.objects.exists()
    other = upload(client, write_rows(tmp_path / "june.csv", BASE))
    client.post(other + "discard")
    assert not StoredFile.objects.exists()
    client.post("/imports/new", {"target": "orders", "file": SimpleUploadedFile("x.pdf", b"%PDF-1.7")})
    assert not StoredFile.objects.exists()


@pytest.mark.parametrize("role", ["agent", "analyst", "auditor"])
def test_who_may_not_import(sign_in: SignIn, tmp_path: Path, role: str) -> None:
    """Others reach no page of an import, can upload nothing and change nothing."""
    url = upload(sign_in("owner"), write_rows(tmp_path / "o.csv", BASE))
    client = sign_in(role)
    file = SimpleUploadedFile("o.csv", b"a,b\n1,2\n")
    assert client.post("/imports/new", {"target": "orders", "file": file}).status_code == 404
    for act in ("columns", "correct", "commit", "undo", "discard", "mapping", "save-mapping"):
        assert client.post(url + act).status_code == 404, act
    if role == "agent":
        assert client.get(url).status_code == 404
    assert Import.objects.get().state == "draft"
    assert Client().get(url).status_code == 302


def test_orders_and_products_have_pages(sign_in: SignIn, bring) -> None:
    """The list, an order with its lines, a product; an unidentified buyer is called so."""
    bring(BASE)
    client = sign_in("agent")
    assert "C2" in client.get("/orders/").content.decode()
    order = Order.objects.get(number="1")
    page = client.get(f"/orders/{order.public_id}/").content.decode()
    assert "Ink" in page
    assert "5.25" in page
    assert "unidentified" in client.get(f"/orders/{Order.objects.get(number='3').public_id}/").content.decode()
    assert "P1" in client.get("/products/").content.decode()
    line = order.lines.select_related("product").first()
    assert line is not None
    assert line.product is not None
    assert client.get(f"/products/{line.product.public_id}/").status_code == 200
    assert client.get("/orders/ord_zzzzz/").status_code == 404
    assert order.customer is not None
    shown = client.get(f"{order.customer.get_absolute_url()}activity", headers={"HX-Request": "true"}).content.decode()
    assert "2 × Pen" in shown
