"""What `guanxi up --demo` calls."""

from collections.abc import Callable

from guanxi.core.actor import system_actor
from guanxi.demo import services, users

SOURCE_SENTENCE = (
    "Demo company: real invoices from Online Retail (UCI 352, CC BY 4.0); all names, contacts and notes are invented."
)


def set_up(*, say: Callable[[str], None] = print) -> None:
    """Bring the demo company once, and tell who may sign in each time."""
    services.install(say=lambda what: say(f"Demo company: {what} …"))
    accounts = users.bring_accounts(system_actor())
    say(SOURCE_SENTENCE)
    say(f"Sign in as (passwords made on this installation, kept in {users.path()}):")
    for line in users.told(accounts):
        say(line)
