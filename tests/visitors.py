"""People who visit the product in this process, each with a role."""

from typing import Any

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from guanxi.core.models import Role, User

LANGUAGES = {"en": "en", "zh": "zh-CN"}


class Visitor:
    """A browser in this process; signed in unless the role is empty."""

    def __init__(self, role: str = "owner", *, language: str = "en") -> None:
        self.client = Client(headers={"accept-language": LANGUAGES[language]}, raise_request_exception=False)
        self.user: User | None = None
        if role:
            self.user = User.objects.create_user(f"visitor-{role}", "x", role=Role.objects.get(key=role))
            self.client.force_login(self.user)

    def __call__(self, address: str) -> Any:
        """Fetch a page."""
        return self.request("get", address)

    def request(self, method: str, address: str) -> Any:
        """Ask for anything by any method, without a body."""
        answer = getattr(self.client, method)(address)
        if not answer.streaming:
            answer.text = answer.content.decode("utf-8", errors="replace")
        return answer

    def count(self, address: str) -> int:
        """How many statements a page takes; the first visit filled the caches that live as long as the process."""
        with CaptureQueriesContext(connection) as statements:
            self.client.get(address)
        return len(statements)
