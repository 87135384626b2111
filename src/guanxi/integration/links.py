"""Links in the OpenAPI document: which answer gives the id that which operation asks for."""

import re
from typing import Any

_PLACE = re.compile(r"/{(\w+)}")
# Ids that answers give under another name than the address of the record says: what gives them, and where.
FURTHER = (
    ("customers_merge", "$response.body#/items/0/id", "merges_undo", "merge_id"),
    ("customers_delete", "$response.body#/operation", "history_read_operation", "operation_id"),
)
# Names of ids in answers, where it is not `id`.
NAMES = {"import_id": "import_id"}


def add(schema: Any) -> None:
    """Link what makes a record to everything that is done with it."""
    paths: dict[str, Any] = schema["paths"]
    by_name = {told["operationId"]: told for methods in paths.values() for told in methods.values()}
    for path, methods in paths.items():
        found = list(_PLACE.finditer(path))
        if not found:
            continue
        *outer, last = (place[1] for place in found)
        maker = paths.get(path[: found[-1].start()], {}).get("post", {})
        parameters = {name: f"$request.path.{name}" for name in outer}
        parameters[last] = f"$response.body#/{NAMES.get(last, 'id')}"
        for told in methods.values():
            _link(maker, "201", told, parameters)
    for name, expression, target, place in FURTHER:
        if name in by_name and target in by_name:
            _link(by_name[name], "200", by_name[target], {place: expression})


def _link(source: dict[str, Any], status: str, target: dict[str, Any], parameters: dict[str, str]) -> None:
    """Write one link."""
    # Ninja writes statuses as numbers.
    answers = {str(number): response for number, response in source.get("responses", {}).items()}
    if status in answers:
        name = target["operationId"]
        answers[status].setdefault("links", {})[name] = {"operationId": name, "parameters": parameters}
