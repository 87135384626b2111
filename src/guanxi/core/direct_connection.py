"""Connections past a pooler: LISTEN works only on a connection of one's own."""

from django.conf import settings
from django.db import connections

_ADDRESS = ("NAME", "USER", "PASSWORD", "HOST", "PORT")


def direct_address() -> dict[str, object]:
    """The address that GUANXI_DIRECT_DATABASE_URL gives; empty where there is no pooler to get past."""
    config = settings.CONFIG
    if not config.is_postgres or config.direct_database_url == config.database_url:
        return {}
    direct = config.django_database(direct=True)
    return {key: direct[key] for key in _ADDRESS}


def connect_directly() -> None:
    """Have every thread of this process connect directly from now on: a worker listens on the connection it works on."""
    address = direct_address()
    if address:
        connections.settings["default"].update(address)
        connections["default"].close()
        connections["default"].settings_dict.update(address)
