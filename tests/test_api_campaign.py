"""schemathesis over the whole description: no server error and no answer that it does not tell."""

from pathlib import Path

import pytest
from django.db import connection

from tests.api_campaign import Caller, run
from tests.installation import Server


@pytest.mark.full
@pytest.mark.timeout(900)
def test_made_up_requests_find_no_fault(demo_guanxi: Server, tmp_path: Path) -> None:
    """The longer run is `script/try_api`; this one is the same every time, with other examples on each database."""
    token = demo_guanxi.json(
        "token", "create", "--user", demo_guanxi.owner["name"], "--scope", "write", "--per-minute", "0"
    )["token"]
    seed = 1 if connection.vendor == "sqlite" else 2
    problems = run(Caller(demo_guanxi.url, token), tmp_path / "campaign", cases=6, seed=seed)
    assert not problems, problems[-20_000:]
