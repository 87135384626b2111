"""The API in this process in the place of the network, for the typed client."""

from collections.abc import Mapping

from django.test import Client as Browser

from guanxi_client import Response


class Wire:
    """The API in this process in the place of the network; answers may be lost or refused on their way."""

    def __init__(self, *faults: object) -> None:
        self.faults = list(faults)
        self.sent: list[tuple[str, str]] = []

    def __call__(self, method: str, address: str, headers: Mapping[str, str], content: bytes | None) -> Response:
        self.sent.append((method, headers.get("Idempotency-Key", "")))
        fault = self.faults.pop(0) if self.faults else None
        if isinstance(fault, Response):
            return fault
        if fault == "no connection":
            raise ConnectionError
        path = address.removeprefix("http://crm.test")
        media_type = headers.get("Content-Type", "application/json")
        answer = Browser().generic(method, path, content or b"", media_type, headers=dict(headers))
        if fault == "lost":
            raise ConnectionError
        return Response(answer.status_code, {k.lower(): v for k, v in answer.items()}, answer.content)
