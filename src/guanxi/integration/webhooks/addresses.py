"""Which addresses may be told: http(s), and none inside the own network unless the installation allows it.

The name is resolved when it is about to be called and the connection goes to exactly the address that was checked, so
that a name cannot be pointed inside between the check and the call.
"""

import ipaddress
import socket
from dataclasses import dataclass
from urllib.parse import SplitResult, urlsplit

from django.conf import settings
from django.utils.translation import gettext as _

from guanxi.core.errors import InvalidInput

URL_LIMIT = 500
_TRANSLATED = ipaddress.ip_network("64:ff9b::/96")  # RFC 6052: an IPv4 address in the last 32 bits
_GLOBAL = ipaddress.ip_network("2000::/3")  # RFC 4291: the only part of IPv6 that is given out for the public internet
_EXAMPLES = ipaddress.ip_network("3fff::/20")  # RFC 9637


class InsideError(OSError):
    """The name leads into the own network."""


@dataclass(frozen=True)
class Place:
    """Where to connect: the checked address, and the name that certificate and Host header speak of."""

    scheme: str
    host: str
    port: int
    path: str
    address: str
    family: socket.AddressFamily

    @property
    def host_header(self) -> str:
        """The Host header."""
        name = f"[{self.host}]" if ":" in self.host else self.host
        return name if self.port == _default_port(self.scheme) else f"{name}:{self.port}"


def _default_port(scheme: str) -> int:
    """The port of a scheme."""
    return 443 if scheme == "https" else 80


def parsed(url: str) -> SplitResult:
    """The parts of an address that may be told; InvalidInput says what is wrong with it."""
    text = url.strip()
    if len(text) > URL_LIMIT or any(ord(c) < 33 or ord(c) == 127 for c in text):
        raise InvalidInput(
            _("An address has at most %(limit)s characters and no spaces.") % {"limit": URL_LIMIT}, column="url"
        )
    try:
        parts = urlsplit(text)
        port, host = parts.port, parts.hostname
        (host or "").encode("idna")
    except ValueError:
        raise InvalidInput(_("This is not an address of the form https://example.com/path."), column="url") from None
    if parts.scheme not in {"http", "https"} or not host or port == 0:
        raise InvalidInput(_("This is not an address of the form https://example.com/path."), column="url")
    if parts.username is not None or parts.password is not None:
        raise InvalidInput(
            _("An address holds no user name or password; the signature proves who calls."), column="url"
        )
    return parts


def check(url: str) -> str:
    """The address, if it may be told as far as can be seen without asking for its name; else InvalidInput."""
    parts = parsed(url)
    host = parts.hostname or ""
    if not settings.CONFIG.webhooks_inside:
        if parts.scheme != "https":
            raise InvalidInput(_("The address must begin with https://."), column="url")
        name = _plain(host)
        literal = _literal(name)
        if (
            (literal is not None and is_inside(literal))
            or name == "localhost"
            or name.endswith((".localhost", ".local", ".internal"))
        ):
            raise InvalidInput(_("This address lies inside the own network."), column="url")
    return url.strip()


def _plain(host: str) -> str:
    """A host as it is looked up: in plain letters and digits, without the dot at its end."""
    name = host if ":" in host else host.encode("idna").decode()
    return name.lower().rstrip(".")


def _literal(host: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    """The address that a host is written as, in whatever form, if it is one."""
    try:
        return ipaddress.ip_address(host.partition("%")[0])
    except ValueError:
        pass
    try:
        # As those who connect read it too: 2130706433, 0x7f.1 and 0177.0.0.1 are 127.0.0.1.
        return ipaddress.IPv4Address(socket.inet_aton(host))
    except (OSError, ValueError):
        return None


def is_inside(address: ipaddress.IPv4Address | ipaddress.IPv6Address) -> bool:
    """Whether an address is anything but one of the public internet, in whatever form it is written."""
    if isinstance(address, ipaddress.IPv6Address):
        if address.ipv4_mapped is not None:
            return is_inside(address.ipv4_mapped)
        if address.sixtofour is not None:
            return is_inside(address.sixtofour)
        if address in _TRANSLATED:
            return is_inside(ipaddress.IPv4Address(int(address) & 0xFFFFFFFF))
        if address not in _GLOBAL or address in _EXAMPLES or address.teredo is not None:
            return True
    return not address.is_global or address.is_multicast


def resolve(url: str) -> Place:
    """Ask for the name and give the first address, InsideError when any of them lies inside; OSError when none is known."""
    parts = parsed(url)
    host = parts.hostname or ""
    port = parts.port or _default_port(parts.scheme)
    name = host if ":" in host else host.encode("idna").decode()
    found = socket.getaddrinfo(name, port, type=socket.SOCK_STREAM)
    if not settings.CONFIG.webhooks_inside:
        for _family, _kind, _protocol, _name, where in found:
            literal = _literal(str(where[0]))
            if literal is None or is_inside(literal):
                raise InsideError(host)
    family, _kind, _protocol, _canonical, where = found[0]
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return Place(parts.scheme, name, port, path, str(where[0]), family)
