"""What listens as long as the installation runs (mailboxes, lines): each is a supervised process, not a job."""

from collections.abc import Callable

from guanxi.core.registry import Registry

# Called in a process of its own; it returns only when it is told to stop by a signal, and is started again when it dies.
listeners: Registry[Callable[[], None]] = Registry("listeners")
