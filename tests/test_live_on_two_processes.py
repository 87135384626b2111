"""Two web processes and a worker: what one person does reaches pages on either, also after a process was killed."""

import contextlib
import json
import os
import queue
import re
import signal
import threading
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.forms import FormsOf
from tests.installation import Maker, Server, serving

pytestmark = [pytest.mark.full, pytest.mark.timeout(300)]
STREAMS = 8  # of eight connections all to one of two processes: once in 128 runs


@pytest.fixture(scope="module")
def served(installations: Maker, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server with two web processes and an owner."""
    installation = installations.copy(tmp_path_factory.mktemp("pair") / "guanxi", "migrated")
    installation.settings |= {"GUANXI_WEB_PROCESSES": "2"}
    owner = installation.json("user", "create", "owner", "--role", "owner")
    yield from serving(installation, owner)


class Person:
    """Somebody with a browser, as far as HTTP goes; each request on a connection of its own, so to either process."""

    def __init__(self, server: Server, user: dict[str, str]) -> None:
        self.server, self.name = server, user["name"]
        self.cookies = httpx.Cookies()
        page = self.get("/accounts/login/")
        token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page.text)
        assert token
        form = {"csrfmiddlewaretoken": token[1], "login": user["name"], "password": user["password"]}
        assert self.post("/accounts/login/", form).status_code == 302
        self.number = int(re.search(r'data-user="(\d+)"', self.get("/").text)[1])  # type: ignore[index]

    def _ask(self, method: str, path: str, **how: Any) -> httpx.Response:
        with httpx.Client(base_url=self.server.url, cookies=self.cookies, timeout=30) as client:
            answer = client.request(method, path, **how)
            self.cookies = client.cookies
        return answer

    def get(self, path: str, **query: str) -> httpx.Response:
        """Open a page."""
        return self._ask("GET", path, params=query or None)

    def post(self, path: str, data: dict[str, str] | None = None) -> httpx.Response:
        """Send a form."""
        token = self.cookies.get("guanxi_csrf") or ""
        headers = {"X-CSRFToken": token, "Referer": self.server.url + path, "HX-Request": "true"}
        if path.startswith("/accounts"):
            del headers["HX-Request"]
        return self._ask("POST", path, data=data or {}, headers=headers)

    def new_customer(self, name: str) -> tuple[int, str]:
        """Enter an organisation; its number and address."""
        page = FormsOf(self.get("/customers/new?kind=organisation").text)
        (form,) = [form for form in page.forms if "country" in form.inputs]
        sent = {name: values[0] for name, values in form.values.items()} | {"name": name}
        headers = {"Referer": self.server.url}
        answer = self._ask("POST", "/customers/new?kind=organisation", data=sent, headers=headers)
        assert answer.status_code == 302, answer.text[-3000:]
        address = answer.headers["Location"].partition("?")[0]
        number = re.search(r"/ui/here/customer/(\d+)", self.get(address).text)
        assert number, address
        return int(number[1]), address

    def here(self, number: int, *heard: str) -> str:
        """Say that a customer is open, and be told who else is of those whom the page heard of."""
        answer = self.post(f"/ui/here/customer/{number}", {"heard": ",".join(heard)})
        assert answer.status_code == 200
        return answer.text

    def ticket(self, *topics: str) -> dict[str, Any]:
        """What a page shows at the stream."""
        found: dict[str, Any] = self.get("/live/ticket", topics=",".join(topics)).json()
        return found


class Stream:
    """One open stream."""

    def __init__(self, server: Server, ticket: str) -> None:
        self.heard: queue.Queue[dict[str, Any]] = queue.Queue()
        self.is_over = threading.Event()
        self.is_open = threading.Event()
        self.url = f"{server.url}/live?ticket={ticket}"
        self.thread = threading.Thread(target=self._read, daemon=True)
        self.thread.start()
        assert self.is_open.wait(20)

    def _read(self) -> None:
        event = ""
        try:
            with httpx.stream("GET", self.url, timeout=httpx.Timeout(10, read=60)) as answer:
                for line in answer.iter_lines():
                    if line.startswith("event: "):
                        event = line.removeprefix("event: ")
                    elif line.startswith("data: "):
                        self._take(event, json.loads(line.removeprefix("data: ")))
                        event = ""
        except httpx.HTTPError:
            pass
        finally:
            self.is_over.set()

    def _take(self, event: str, data: dict[str, Any]) -> None:
        if event == "hello":
            self.is_open.set()
        self.heard.put({"event": event, **data})

    def until(self, wanted: Callable[[dict[str, Any]], bool], seconds: float = 10) -> dict[str, Any]:
        """The first message that is wanted."""
        end = time.monotonic() + seconds
        while (left := end - time.monotonic()) > 0:
            try:
                message = self.heard.get(timeout=left)
            except queue.Empty:
                break
            if wanted(message):
                return message
        raise AssertionError("nothing of the kind was heard")


def heard_of(stream: Stream, person: Person, number: int) -> str:
    """What a page hears when somebody opens the same customer, as it says it on."""
    person.here(number)
    told = stream.until(lambda message: message.get("here") == person.number)
    return f"{person.number}.{told['session']}"


def streams_of(person: Person, *topics: str) -> list[Stream]:
    """Open streams, on both processes by chance."""
    return [Stream(person.server, person.ticket(*topics)["ticket"]) for _ in range(STREAMS)]


def kill_all(server: Server) -> None:
    """Kill every web process and worker; the supervisor starts others."""
    assert server.process is not None
    for entry in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            state, parent = entry.read_text().rpartition(")")[2].split()[:2]
            if int(parent) == server.process.pid and state != "Z":
                os.kill(int(entry.parent.name), signal.SIGKILL)


@pytest.fixture(scope="module")
def ann(served: Server) -> Person:
    """The owner."""
    return Person(served, served.owner)


@pytest.fixture(scope="module")
def ben(served: Server) -> Person:
    """A manager."""
    return Person(served, served.json("user", "create", "ben", "--role", "manager"))


def test_who_is_here_reaches_pages_of_both_processes(ann: Person, ben: Person) -> None:
    number, _address = ann.new_customer("Harbour Ltd")
    streams = streams_of(ann, f"customer:{number}")
    for _ in range(STREAMS):
        assert ben.post(f"/ui/here/customer/{number}", {"is_first": "1"}).status_code == 200
    for stream in streams:
        stream.until(lambda message: message.get("here") == ben.number)
    told = ann.here(number, heard_of(streams[0], ben, number), heard_of(streams[0], ann, number))
    assert told.count("here-person") == 1
    assert f'data-user="{ben.number}"' in told
    # A mark that nobody's session has, and one said to be another's, name nobody.
    mine = heard_of(streams[0], ann, number).partition(".")[2]
    assert "here-person" not in ann.here(number, f"{ben.number}.{'0' * 16}", f"{ben.number}.{mine}")


def test_a_change_reaches_record_and_list_on_both_processes(ann: Person, ben: Person) -> None:
    number, _address = ann.new_customer("Inland Ltd")
    streams = streams_of(ben, f"customer:{number}", "list:customer")
    assert ann.post(f"/ui/edit/customer/{number}/city", {"value": "Oulu"}).status_code == 200
    for stream in streams:
        topics = {stream.until(lambda message: "topic" in message)["topic"] for _ in range(2)}
        assert topics == {f"customer:{number}", "list:customer"}


def test_who_signed_out_is_named_no_longer(served: Server, ann: Person) -> None:
    carl = Person(served, served.json("user", "create", "carl", "--role", "manager"))
    number, _address = ann.new_customer("Upland Ltd")
    mine = streams_of(ann, f"customer:{number}")
    page = heard_of(mine[0], carl, number)
    assert "here-person" in ann.here(number, page)
    (stream,) = streams_of(carl, f"customer:{number}")[:1]
    assert carl.post("/accounts/logout/").status_code in {200, 302}
    # Their open page asks anew at once, and is told nothing more; nobody is told of them.
    stream.until(lambda message: message["event"] == "renew")
    assert carl.get("/live/ticket", topics=f"customer:{number}").status_code == 401
    for one in mine:
        one.until(lambda message: message.get("left") == page.partition(".")[2])
    assert "here-person" not in ann.here(number, page)


def test_who_signed_out_at_one_place_is_struck_off_there_alone(served: Server, ann: Person) -> None:
    user = served.json("user", "create", "erik", "--role", "manager")
    desk, phone, left = Person(served, user), Person(served, user), Person(served, user)
    number, _address = ann.new_customer("Midland Ltd")
    mine, theirs = streams_of(ann, f"customer:{number}"), streams_of(phone, f"customer:{number}")
    pages = [heard_of(mine[0], person, number) for person in (desk, phone, left)]
    marks = [page.partition(".")[2] for page in pages]
    assert len(set(marks)) == 3
    assert all("here-person" in ann.here(number, page) for page in pages)
    assert ann.here(number, *pages).count("here-person") == 1
    assert desk.post("/accounts/logout/").status_code in {200, 302}
    for stream in mine:
        stream.until(lambda message: message.get("left") == marks[0])
    assert "here-person" not in ann.here(number, pages[0])
    assert "here-person" in ann.here(number, *pages)
    # The pages of the other places hear it like everybody, and go on.
    for stream in theirs:
        stream.until(lambda message: message.get("left") == marks[0])
        assert not stream.is_over.is_set()
    # The same for a session that is ended from another one.
    assert phone.post("/settings/security/sessions/end-others").status_code in {200, 204, 302}
    for stream in mine:
        stream.until(lambda message: message.get("left") == marks[2])
    assert "here-person" not in ann.here(number, pages[0], pages[2])
    assert "here-person" in ann.here(number, pages[1])


def test_who_lost_sight_of_the_record_hears_nothing_more_and_is_named_no_longer(served: Server, ann: Person) -> None:
    made = served.json("user", "create", "dora", "--role", "agent")
    dora = Person(served, made)
    number, address = ann.new_customer("Lowland Ltd")
    (stream,) = streams_of(dora, f"customer:{number}")[:1]
    page = heard_of(stream, dora, number)
    assert "here-person" in ann.here(number, page)
    # Her role may see customers no longer: what an owner does on the page of the role.
    role = re.search(r'/settings/roles/(\d+)"', ann.get("/settings/roles").text.partition('id="role-agent"')[2])
    assert role
    settings = FormsOf(ann.get(f"/settings/roles/{role[1]}").text)
    (form,) = [form for form in settings.forms if "_opened" in form.values]
    sent = {name: values[0] for name, values in form.values.items()} | {"may:customer:view": "own"}
    headers = {"Referer": served.url}
    answer = ann._ask("POST", f"/settings/roles/{role[1]}", data=sent, headers=headers)
    assert answer.status_code == 302, answer.text[:500]
    stream.until(lambda message: message["event"] == "renew")
    assert dora.ticket(f"customer:{number}")["topics"] == []
    assert dora.get(address).status_code == 404
    assert dora.post(f"/ui/here/customer/{number}").status_code == 404
    assert "here-person" not in ann.here(number, page)


def test_after_a_killed_process_the_pages_come_back_and_ask_for_what_they_missed(
    served: Server, ann: Person, ben: Person
) -> None:
    number, _address = ann.new_customer("Outland Ltd")
    streams = streams_of(ben, f"customer:{number}", "list:customer")
    drawn = datetime.now(UTC).isoformat()
    kill_all(served)
    assert all(stream.is_over.wait(20) for stream in streams)
    until = time.monotonic() + 30
    while time.monotonic() < until:
        try:
            if ann.post(f"/ui/edit/customer/{number}/city", {"value": "Oulu"}).status_code == 200:
                break
        except httpx.HTTPError:
            time.sleep(0.2)
    for stream in streams_of(ben, f"customer:{number}", "list:customer"):
        assert stream.is_open.is_set()
    said = ben.get("/live/since", at=drawn, topics=f"customer:{number},list:customer,list:product").json()["topics"]
    assert said == [f"customer:{number}", "list:customer"]


def test_with_the_workers_restarted_what_they_do_still_reaches_the_pages(
    served: Server, ann: Person, ben: Person
) -> None:
    _number, address = ann.new_customer("Farland Ltd")
    bell = re.search(r'id="bell-sign" data-live-topic="([^"]+)"', ben.get("/notifications/bell").text)
    assert bell
    kill_all(served)
    streams = streams_of(ben, bell[1])
    assert ann.post(f"{address}notes/new", {"text": "@ben please look"}).status_code in {200, 204, 302}
    for stream in streams:
        stream.until(lambda message: message.get("topic") == bell[1], seconds=60)
    assert "Notifications, 1 unread" in ben.get("/notifications/bell").text
