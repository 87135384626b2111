"""What must be current when an import, or taking one back, returns: done at once, whether or not a worker runs.

Modules above register a function that takes the import's id and may take its time; it runs outside any transaction,
after the import came in force (or was taken back), in the process that did it. It must be safe to run twice. Events
tell everybody else.
"""

from collections.abc import Callable

from guanxi.core.registry import Registry

afterwards: Registry[Callable[[int], None]] = Registry("what follows an import")


def bring_up_to_date(import_id: int) -> None:
    """Run everything registered, in order."""
    for follow in afterwards:
        follow(import_id)
