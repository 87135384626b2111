"""Providers that the environment sets up, for installations whose settings are managed elsewhere.

`GUANXI_PROVIDERS` names them, `GUANXI_PROVIDER_NAME_…` says the rest of each. A mistake costs only the provider it is in:
that one is not offered, everybody else signs in as before, and `guanxi check` names the variable.
"""

import os
import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from guanxi.people.models.providers import Protocol
from guanxi.people.signing_in import oidc, role_rules, saml_metadata
from guanxi.people.signing_in.persons import ProviderError

LIST = "GUANXI_PROVIDERS"
START = f"{LIST.removesuffix('S')}_"
MOST_BYTES = 400_000
_BOTH = ("PROTOCOL", "LABEL", "MATCHES_EMAIL", "MAKES_USERS", "DEFAULT_ROLE", "ROLE_RULES", "HAS_SECOND_FACTOR")
_NAMES = {
    Protocol.OIDC: (*_BOTH, "ISSUER", "CLIENT_ID", "CLIENT_SECRET", "CLIENT_SECRET_FILE", "SCOPES"),
    Protocol.SAML: (*_BOTH, "METADATA", "METADATA_FILE"),
}
_FLAGS = {"": None, **dict.fromkeys(("1", "true", "yes", "on"), True), **dict.fromkeys(("0", "false", "no", "off"), False)}  # fmt: skip


@dataclass(frozen=True)
class Given:
    """One provider as the environment describes it; roles by their keys."""

    slug: str
    protocol: Protocol
    label: str
    settings: dict[str, Any]
    secret: str
    matches_email: bool
    provisions: bool
    default_role: str
    role_rules: list[list[str]]
    has_second_factor: bool


@dataclass(frozen=True)
class Mistake:
    """A variable that cannot be used, and why as a word that `checkup` knows; values are never repeated."""

    variable: str
    problem: str


class _MistakenError(ValueError):
    """Ends the reading of one provider."""

    def __init__(self, variable: str, problem: str) -> None:
        """Keep what is wrong."""
        super().__init__(variable)
        self.mistake = Mistake(variable, problem)


def variable(slug: str, name: str) -> str:
    """What a setting of a provider is called."""
    return f"{START}{slug.upper().replace('-', '_')}_{name}"


def providers() -> dict[str, Given]:
    """The providers of the environment that can be used, by short name."""
    return read()[0]


def mistakes() -> list[Mistake]:
    """What cannot be used, in the order of the providers."""
    return read()[1]


def read() -> tuple[dict[str, Given], list[Mistake]]:
    """What the environment says; read anew when a variable or a file has changed."""
    items = tuple(sorted((name, value) for name, value in os.environ.items() if name.startswith((LIST, START))))
    return _read(items, tuple(_stamp(value) for name, value in items if name.endswith("_FILE"))) if items else ({}, [])


def _stamp(path: str) -> tuple[int, int]:
    """Whether a file is still the same."""
    try:
        found = os.stat(path)
    except (OSError, ValueError):
        return (0, 0)
    return (found.st_mtime_ns, found.st_size)


@lru_cache(maxsize=4)
def _read(items: tuple[tuple[str, str], ...], _stamps: Any) -> tuple[dict[str, Given], list[Mistake]]:
    """Every provider that is named, and every variable that belongs to none."""
    values = {name: value.strip() for name, value in items}
    slugs = list(dict.fromkeys(filter(None, re.split(r"[,\s]+", values.pop(LIST, "")))))
    found: dict[str, Given] = {}
    wrong: list[Mistake] = []
    known: set[str] = set()
    for slug in slugs:
        try:
            protocol = _protocol(values, slug)
            known |= {variable(slug, name) for name in _NAMES[protocol]}
            found[slug] = _provider(values, slug, protocol)
        except _MistakenError as error:
            known |= {variable(slug, name) for names in _NAMES.values() for name in names}
            wrong.append(error.mistake)
    return found, wrong + [Mistake(name, "unknown") for name in values if name not in known]


def _protocol(values: dict[str, str], slug: str) -> Protocol:
    """How a provider speaks."""
    if not re.fullmatch(r"[a-z0-9][a-z0-9-]{0,39}", slug):
        raise _MistakenError(LIST, "name")
    name = variable(slug, "PROTOCOL")
    text = values.get(name, "").lower()
    if text not in Protocol.values:
        raise _MistakenError(name, "protocol" if text else "missing")
    return Protocol(text)


def _provider(values: dict[str, str], slug: str, protocol: Protocol) -> Given:
    """One provider, or the first mistake in it."""
    rules = variable(slug, "ROLE_RULES")
    try:
        role_rules_given = role_rules.parsed(re.split(r"[;\n]", values.get(rules, "")))
    except role_rules.WrongRuleError:
        raise _MistakenError(rules, "rules") from None
    return Given(
        slug=slug,
        protocol=protocol,
        label=_text(values, variable(slug, "LABEL"), longest=80),
        settings=_oidc(values, slug) if protocol is Protocol.OIDC else _saml(values, slug),
        secret=_held(values, variable(slug, "CLIENT_SECRET"), longest=500) if protocol is Protocol.OIDC else "",
        matches_email=_flag(values, variable(slug, "MATCHES_EMAIL"), default=True),
        provisions=_flag(values, variable(slug, "MAKES_USERS"), default=False),
        default_role=_text(values, variable(slug, "DEFAULT_ROLE"), ""),
        role_rules=role_rules_given,
        has_second_factor=_flag(values, variable(slug, "HAS_SECOND_FACTOR"), default=False),
    )


def _oidc(values: dict[str, str], slug: str) -> dict[str, Any]:
    """What holds for OpenID Connect alone."""
    issuer = variable(slug, "ISSUER")
    address = _text(values, issuer).rstrip("/")
    if not oidc.is_allowed(address):
        raise _MistakenError(issuer, "https")
    scopes = _text(values, variable(slug, "SCOPES"), "openid email profile")
    return {"issuer": address, "client_id": _text(values, variable(slug, "CLIENT_ID")), "scopes": scopes}


def _saml(values: dict[str, str], slug: str) -> dict[str, Any]:
    """What holds for SAML alone."""
    name = variable(slug, "METADATA")
    text = _held(values, name, longest=MOST_BYTES)
    used = name if values.get(name) else f"{name}_FILE"
    if not text:
        raise _MistakenError(used, "missing")
    try:
        return saml_metadata.provider_settings(text)
    except ProviderError:
        raise _MistakenError(used, "metadata") from None


def _text(values: dict[str, str], name: str, default: str | None = None, *, longest: int = 300) -> str:
    """A value; what has no default must be there."""
    text = values.get(name, "") or default
    if text is None:
        raise _MistakenError(name, "missing")
    if len(text) > longest:
        raise _MistakenError(name, "long")
    return text


def _held(values: dict[str, str], name: str, *, longest: int) -> str:
    """A value that stands in the environment or, better, in a file that it names; '' for none."""
    path = values.get(f"{name}_FILE", "")
    if not path:
        return _text(values, name, "", longest=longest)
    if values.get(name):
        raise _MistakenError(name, "twice")
    try:
        with Path(path).open("rb") as file:
            text = file.read(longest + 1).decode().strip()
    except (OSError, ValueError):
        raise _MistakenError(f"{name}_FILE", "file") from None
    if not text:
        raise _MistakenError(f"{name}_FILE", "file")
    if len(text) > longest:
        raise _MistakenError(f"{name}_FILE", "long")
    return text


def _flag(values: dict[str, str], name: str, *, default: bool) -> bool:
    """Yes or no."""
    text = values.get(name, "").lower()
    if text not in _FLAGS:
        raise _MistakenError(name, "flag")
    found = _FLAGS[text]
    return default if found is None else found
