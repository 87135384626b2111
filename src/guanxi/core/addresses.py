"""Addresses of records in lists: hundreds on a page, so the pattern of each is worked out once."""

from functools import cache

from django.urls import reverse

_PLACE = "000000"


def address_of(url_name: str, public_id: str) -> str:
    """The address of one record; `url_name` takes the public id as its only argument."""
    return _pattern(url_name).replace(_PLACE, public_id)


@cache
def _pattern(url_name: str) -> str:
    """An address with a stand-in for the id."""
    return reverse(url_name, args=[_PLACE])
