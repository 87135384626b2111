"""The pages on which something of ours may stand: their origins, each as a browser names it."""

from urllib.parse import urlsplit

from django import forms
from django.utils.translation import gettext as _

MOST = 50


def clean_origins(text: str) -> list[str]:
    """The origins of a text, one a line; ValidationError names the one that is none."""
    found = []
    for line in str(text or "").splitlines():
        plain = line.strip().rstrip("/")
        if not plain:
            continue
        try:
            parts = urlsplit(plain)
            port = f":{parts.port}" if parts.port else ""
            host = (parts.hostname or "").encode("idna").decode()
        except ValueError:
            host, port, parts = "", "", urlsplit("")
        if parts.scheme not in {"http", "https"} or not host or parts.path or parts.query or parts.username:
            raise forms.ValidationError(
                _("“%(line)s” is not an origin like https://www.example.com.") % {"line": plain[:80]}
            )
        found.append(f"{parts.scheme}://{host}{port}")
    if len(found) > MOST:
        raise forms.ValidationError(_("At most %(limit)s origins can be named.") % {"limit": MOST})
    return list(dict.fromkeys(found))
