"""A campaign of made-up requests: schemathesis over the whole description of the API, against a running server.

Every operation gets data that fits its description, data that does not, ids of real records, and sequences in which one
answer gives the id of the next request. What counts as a fault: a server error, an answer (status, type, form, header)
that the description does not tell, data accepted that it forbids, a method that should not be there, a record that is
still there after it was removed, an answer without a token. That a value of the right form is refused is none: what a
company's own rules say cannot stand in a description.
"""

import json
import os
import subprocess
import sys
import urllib.request
from dataclasses import dataclass
from pathlib import Path
from typing import Any

# What a description cannot tell: which of the well-formed values the rules of a company allow.
NOT_ASKED = "positive_data_acceptance"
PHASES = "coverage,fuzzing,stateful"
# Where the ids of which list are put.
PLACES = {
    "customers": ("path.customer_id", "query.customer", "body.object", "body.customer", "body.about"),
    "orders": ("path.order_id", "query.about"),
    "products": ("path.product_id",),
    "users": ("path.user_id", "query.owner", "query.actor"),
    "history": ("path.operation_id", "body.operation"),
    "tasks": ("path.task_id",),
    "webhooks": ("path.webhook_id",),
    "imports": ("path.import_id",),
    # Customers of their own: whoever was absorbed is no longer where another step of a sequence left them.
    "absorbed": ("body.absorb[*]",),
}
ABSORBED = 60
LISTS = {"webhooks": "webhooks", "customers": "customers?limit=20&sort=created_at"}


@dataclass(frozen=True)
class Caller:
    """Who calls which server."""

    url: str
    token: str

    def call(self, method: str, path: str, body: Any = None, *, form: str = "") -> Any:
        """Make one call and return what it gives."""
        headers = {"Authorization": f"Bearer {self.token}", "Content-Type": form or "application/json"}
        content = body if isinstance(body, bytes) else None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(f"{self.url}/api/v1/{path}", content, headers, method=method)
        with urllib.request.urlopen(request, timeout=30) as answer:
            return json.loads(answer.read())


def prepare(caller: Caller) -> dict[str, list[str]]:
    """See to it that there is a record of every sort; the ids of some of each."""
    for number in range(3):
        caller.call("POST", "tasks", {"title": f"task {number}"})
        caller.call("POST", "webhooks", {"label": f"hook {number}", "url": f"https://hook{number}.invalid/x"})
        head = 'Content-Disposition: form-data; name="'
        upload = f'--x\r\n{head}target"\r\n\r\ncustomers\r\n--x\r\n{head}file"; filename="c.csv"\r\n\r\nname\nA{number}\n\r\n--x--\r\n'
        caller.call("POST", "imports", upload.encode(), form="multipart/form-data; boundary=x")
    found = {
        "absorbed": [
            caller.call("POST", "customers", {"name": f"to absorb {number}"})["id"] for number in range(ABSORBED)
        ]
    }
    for area in PLACES.keys() - found:
        items = caller.call("GET", LISTS.get(area, f"{area}?limit=20"))["items"]
        found[area] = [item["import_id"] if area == "imports" else item["id"] for item in items]
    return found


def _settings(ids: dict[str, list[str]]) -> str:
    """The ids as schemathesis takes them: some of the values it makes up are taken from these lists."""
    lines = []
    for area, values in ids.items():
        lines += [f"[dictionaries.{area}]", f"values = {json.dumps(values)}", ""]
    lines.append("[parameters]")
    for area, places in PLACES.items():
        lines += [f'"{place}" = {{ dictionary = "{area}" }}' for place in places]
    return "\n".join(lines) + "\n"


def run(caller: Caller, folder: Path, *, cases: int, seed: int, seconds: int = 0, output: Any = subprocess.PIPE) -> str:
    """Make up to so many requests of each operation and phase; what schemathesis says of them, '' when all is well.

    With `seconds` it goes on until they are over.
    """
    folder.mkdir(parents=True, exist_ok=True)
    settings = folder / "schemathesis.toml"
    settings.write_text(_settings(prepare(caller)), encoding="utf-8")
    # One thread alone: on Python 3.11 two that parse the same source at once fail (in hypothesis, not in us).
    words = [
        Path(sys.executable).with_name("schemathesis"), "--config-file", settings, "run",
        f"{caller.url}/api/v1/openapi.json", "--header", f"Authorization: Bearer {caller.token}",
        "--phases", PHASES, "--exclude-checks", NOT_ASKED, "--max-examples", cases, "--seed", seed, "--workers", 1,
        "--continue-on-failure", "--no-color", *(("--max-time", seconds) if seconds else ()),
    ]  # fmt: skip
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST_")}
    done = subprocess.run(
        [str(word) for word in words], cwd=folder, env=environment, stdout=output, stderr=subprocess.STDOUT, text=True
    )
    return "" if done.returncode == 0 else (done.stdout or f"schemathesis ended with {done.returncode}")
