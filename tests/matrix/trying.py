"""Trying an address as somebody: what came back, and what was written meanwhile."""

import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, transaction
from django.test import Client

from tests.matrix.belongings import OTHER_WORD, SECRETS, WORD
from tests.matrix.rights import PEOPLE, may_do, reaches, rights_of
from tests.matrix.world import World

# Logs, sessions and the like: they may change when somebody is refused.
LOGS = re.compile(
    r"^(django_session|core_livemessage|core_lock|core_worker|integration_apitoken|integration_.*use.*|people_signin.*"
    r"|people_.*attempt.*|account_.*|mfa_.*|core_throttle.*)$"
)
_WRITE = re.compile(r'^\s*(?:INSERT INTO|UPDATE|DELETE FROM)\s+"?(\w+)"?', re.IGNORECASE)


@dataclass
class Answer:
    """What came back."""

    status: int
    text: str
    location: str
    written: list[str] = field(default_factory=list)
    # What `Tryer.look` saw of the database before anything was taken back.
    seen: Any = None

    @property
    def is_sign_in(self) -> bool:
        """Whether it leads to the sign-in page, or tells a program to sign in."""
        return self.status == 401 or (self.status in {302, 303} and "/accounts/login/" in self.location)

    def __str__(self) -> str:
        """In a failure."""
        return f"{self.status} {self.location} wrote {sorted(set(self.written))}"


@contextmanager
def watched() -> Iterator[list[str]]:
    """The tables written to in the block, logs left out."""
    written: list[str] = []

    def watch(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        found = _WRITE.match(sql)
        if found and not LOGS.match(found[1]):
            written.append(found[1])
        return execute(sql, params, many, context)

    with connection.execute_wrapper(watch):
        yield written


class Tryer:
    """One person with a browser and a token."""

    def __init__(self, world: World, person: str) -> None:
        self.world, self.person = world, person
        self.client = Client(raise_request_exception=False)
        # Looks at the database after an attempt, given the tables that were written to.
        self.look: Callable[[list[str]], Any] | None = None
        if PEOPLE[person]:
            self.client.force_login(world.users[person])

    def page(
        self,
        method: str,
        address: str,
        body: Mapping[str, Any] | None = None,
        files: Mapping[str, tuple[str, bytes]] | None = None,
        headers: Mapping[str, str] | None = None,
        *,
        keep: bool = False,
    ) -> Answer:
        """Ask for a page or send a form; what was written is taken back unless it is to be kept."""
        data = dict(body or {})
        for name, (file_name, content) in (files or {}).items():
            data[name] = SimpleUploadedFile(file_name, content)
        call = getattr(self.client, method)
        return self._tried(
            lambda: call(address, data, headers=headers) if method == "post" else call(address, headers=headers), keep
        )

    def operation(
        self,
        method: str,
        address: str,
        body: Any = None,
        *,
        token: str | None,
        headers: Mapping[str, str] | None = None,
        keep: bool = False,
    ) -> Answer:
        """Call the API; a body that is bytes goes as it is."""
        sent = dict(headers or {}) | ({"Authorization": f"Bearer {token}"} if token else {})
        return self._tried(
            lambda: self.client.generic(method, address, body or b"", "application/json", headers=sent), keep
        )

    def upload(
        self, address: str, form: Mapping[str, str], file: tuple[str, str], *, token: str, keep: bool = False
    ) -> Answer:
        """Send a file to the API."""
        sent = {"Authorization": f"Bearer {token}"}
        data = {**form, "file": SimpleUploadedFile(file[0], file[1].encode())}
        return self._tried(lambda: self.client.post(address, data, headers=sent), keep)

    def _tried(self, act: Any, keep: bool) -> Answer:
        """Run it in a savepoint."""
        block = transaction.atomic()
        block._from_testcase = True  # as the test's own: durable blocks of the product may be inside  # type: ignore[attr-defined]
        with block, watched() as written:
            response = act()
            content = b"".join(response.streaming_content) if response.streaming else response.content
            seen = self.look(list(written)) if self.look is not None else None
            if not keep:
                transaction.set_rollback(True)
        return Answer(
            response.status_code,
            content.decode("utf-8", "replace"),
            response.headers.get("Location", ""),
            written,
            seen,
        )

    def leaks(self, answer: Answer) -> list[str]:
        """Words of records that are not for this person, and values that their role does not see."""
        scope = may_do(rights_of(self.person), "customer", "view")
        found = [
            word for word, holder in ((WORD, "keeper"), (OTHER_WORD, "outsider"))
            if not reaches(self.person, holder, scope) and word.lower() in answer.text.lower()
        ]  # fmt: skip
        if self.person == "masked":
            found += [pattern for pattern in SECRETS if re.search(pattern, answer.text)]
        return found
