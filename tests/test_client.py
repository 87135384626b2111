"""The typed client: in step with the API, going through pages, trying again without acting twice."""

import subprocess
import sys
from pathlib import Path

import pytest

from guanxi.core.actor import console_actor
from guanxi.core.models import Role, User
from guanxi.customers.models import Customer
from guanxi.integration.public import create_token
from guanxi_client import Client, Problem, Response
from tests.wire import Wire, web_server

ROOT = Path(__file__).resolve().parent.parent


def test_the_client_is_in_step_with_the_description() -> None:
    """`script/client` writes what tests/openapi.json says."""
    done = subprocess.run([sys.executable, ROOT / "script" / "client", "--check"], capture_output=True, text=True)
    assert done.returncode == 0, done.stdout


@pytest.fixture
def token(db: None) -> str:
    """A token that may do everything."""
    user = User.objects.create(username="boss", role=Role.objects.get(key="owner"))
    return create_token(actor=console_actor(), user=user, scope="write")[1]


def client(token: str, *faults: object) -> tuple[Client, Wire, list[float]]:
    """A client over such a wire, and how long it waited."""
    wire, waited = Wire(*faults), list[float]()
    return Client("http://crm.test/", token, send=wire, sleep=waited.append), wire, waited


def test_records_from_end_to_end(token: str) -> None:
    """Entered, read with its version, changed, related, listed page by page, uploaded, removed and brought back."""
    crm, _wire, _waited = client(token)
    made = [crm.customers_create({"name": f"王{letter}"}) for letter in "甲乙丙丁戊"]
    assert [one["name"] for one in crm.pages(crm.customers_list_customers, limit=2, sort="created_at")] == [
        one["name"] for one in made
    ]
    number = made[0]["id"]
    tag = crm.request("GET", f"/api/v1/customers/{number}").headers["etag"]
    assert crm.customers_change(number, {"city": "上海"}, if_match=tag)["city"] == "上海"
    with pytest.raises(Problem) as refused:
        crm.customers_change(number, {"city": "北京"}, if_match=tag)
    assert (refused.value.status, refused.value.type) == (412, "urn:guanxi:problem:changed-meanwhile")
    crm.customers_add_contact_point(number, {"kind": "phone", "value": "13812345678"})
    assert crm.customers_look_up(phone="138 1234 5678")["items"][0]["id"] == number
    taken = crm.customers_delete(made[1]["id"])
    assert crm.customers_undo({"operation": taken["operation"] or ""})["done"] == "undone"
    assert crm.imports_upload("people.csv", "name\n李四\n".encode(), target="customers")["file"] == "people.csv"


def test_tried_again_and_done_once(token: str) -> None:
    """An answer lost on its way, no connection, too many requests: the customer is entered once."""
    full = Response(429, {"retry-after": "7"}, b"{}")
    crm, wire, waited = client(token, "no connection", "lost", full)
    assert crm.customers_create({"name": "王甲"})["name"] == "王甲"
    assert Customer.objects.count() == 1
    assert len(wire.sent) == 4
    assert len({key for _method, key in wire.sent}) == 1
    assert waited[-1] == 7.0
    crm, wire, _waited = client(token, *["no connection"] * 9)
    with pytest.raises(ConnectionError):
        crm.customers_list_customers()
    assert len(wire.sent) == 4


def test_what_may_not_be_sent_again_is_not(token: str) -> None:
    """A change has no key: the caller knows whether it may be repeated; what was refused is told at once."""
    crm, wire, waited = client(token, "no connection")
    with pytest.raises(ConnectionError):
        crm.customers_change("cus_0001m", {"city": "x"})
    with pytest.raises(Problem) as refused:
        crm.customers_read_customer("cus_0001m")
    assert (refused.value.status, len(wire.sent), waited) == (404, 2, [])
    with pytest.raises(ValueError, match="no web address"):
        Client("file:///etc", token).call("GET", "/passwd")


def test_a_refusal_names_the_fields_at_fault(token: str) -> None:
    """Whoever reads the error alone knows what to mend: in the form of the request, and in what it asks for."""
    crm, _wire, _waited = client(token)
    with pytest.raises(Problem) as refused:
        crm.call("POST", "/api/v1/customers", None, {"nam": "x"})
    assert "nam: " in str(refused.value)
    with pytest.raises(Problem) as refused:
        crm.webhooks_create({"label": "shop", "url": "nowhere"})
    assert (refused.value.status, str(refused.value)[-5:]) == (422, "(url)")


def test_the_token_goes_to_the_address_that_was_given_and_nowhere_else() -> None:
    """A redirect is told, not followed; without encryption only where it was said to be meant."""
    with web_server(200) as (foreign, taken), web_server(302, foreign) as (given, sent):
        crm = Client(given, "gxt_x", tries=1)
        with pytest.raises(Problem, match=foreign):
            crm.customers_list_customers()
        assert (sent, taken) == (["Bearer gxt_x"], [])
    with pytest.raises(ValueError, match="without encryption"):
        Client("http://crm.test", "gxt_x", tries=1).customers_list_customers()
    with pytest.raises(OSError, match=r"."):
        Client("http://crm.invalid", "gxt_x", tries=1, allow_http=True).customers_list_customers()
