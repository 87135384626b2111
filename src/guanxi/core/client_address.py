"""Where a request came from: the address of the connection, or what our own proxies say of it.

Anybody may send a header, so `X-Forwarded-For` counts only behind the proxies that GUANXI_PROXIES names, and is read
from its end, which the nearest proxy wrote.
"""

from ipaddress import ip_address, ip_network

from django.conf import settings
from django.http import HttpRequest

LONGEST = 45
IPV6_PREFIX = 64


def address_of(request: HttpRequest) -> str:
    """The client's address, '' when the server does not know it."""
    here = _plain(request.META.get("REMOTE_ADDR", ""))
    proxies = settings.CONFIG.proxies
    if not proxies or not _is_ours(here):
        return here
    for text in reversed(request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")):
        said = _plain(text)
        if not said:
            break
        here = said
        if not _is_ours(said):
            break
    return here


def _plain(text: str) -> str:
    """An address as text in its shortest form, '' for what is none; a port is left out."""
    text = text.strip()[: LONGEST + 10]
    if text.startswith("["):
        text = text[1:].partition("]")[0]
    elif text.count(":") == 1:
        text = text.partition(":")[0]
    try:
        found = ip_address(text)
    except ValueError:
        return ""
    mapped = getattr(found, "ipv4_mapped", None)
    return str(mapped or found)


def _is_ours(text: str) -> bool:
    """Whether an address is one of our proxies'; a connection without an address is a local socket."""
    if not text:
        return True
    address = ip_address(text)
    return any(address in network for network in settings.CONFIG.proxies)


def network_of(address: str) -> str:
    """What counts as one sender: an IPv4 address, the /64 of an IPv6 address, which one household owns as a whole."""
    if ":" not in address:
        return address
    return str(ip_network(f"{address.partition('%')[0]}/{IPV6_PREFIX}", strict=False))
