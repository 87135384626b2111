"""One card of a record's page, as the page asks for all of them."""

import re

from django.test import Client


def card(client: Client, kind: str, record_id: int, key: str) -> str:
    """The body of a card; '' where the client is not given it."""
    answer = client.get(f"/ui/cards/{kind}/{record_id}")
    assert answer.status_code == 200, answer.status_code
    parts = re.split(r'<div class="card-body" id="card-body-(\w+)"', answer.content.decode())
    return dict(zip(parts[1::2], parts[2::2], strict=True)).get(key, "")
