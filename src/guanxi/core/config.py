"""Settings from the environment, read and checked once, before Django loads.

Errors here are plain English: no language is known yet.
"""

import os
import re
import secrets
from dataclasses import dataclass
from functools import lru_cache
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from urllib.parse import unquote, urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from platformdirs import user_data_path


class SettingError(ValueError):
    """An environment variable holds something unusable; the message names it."""


@dataclass(frozen=True)
class MailServer:
    """Where mail is handed in; `security` is `tls` from the start, `starttls`, or `none`."""

    host: str
    port: int
    user: str
    password: str
    security: str


@dataclass(frozen=True)
class Config:
    """What the environment says about this installation."""

    data_dir: Path
    database_url: str
    direct_database_url: str
    secret_key: str
    debug: bool
    timezone: str
    currency: str
    language: str
    phone_region: str
    allowed_hosts: tuple[str, ...]
    web_processes: int | None
    secure_cookies: bool
    mail: "MailServer | None"
    mail_from: str
    address: str
    webhooks_inside: bool
    proxies: tuple[IPv4Network | IPv6Network, ...] = ()
    api_requests_per_minute: int = 6000
    api_requires_match: bool = False

    @property
    def is_postgres(self) -> bool:
        """Whether DATABASE_URL points at PostgreSQL."""
        return self.database_url.startswith(("postgres://", "postgresql://"))

    def django_database(self, *, direct: bool = False) -> dict[str, object]:
        """The DATABASES entry for Django; `direct`: past a pooler, for those who listen to the database."""
        if not self.is_postgres:
            return {
                "ENGINE": "django.db.backends.sqlite3",
                "NAME": str(self.data_dir / "guanxi.sqlite3"),
                # Kept open by each page thread, with its cache of pages.
                "CONN_MAX_AGE": None,
                "OPTIONS": {
                    "transaction_mode": "IMMEDIATE",
                    "timeout": 20,
                    "init_command": (
                        "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA foreign_keys=ON; "
                        "PRAGMA cache_size=-65536; PRAGMA mmap_size=268435456; PRAGMA temp_store=MEMORY;"
                    ),
                },
            }
        parts = urlsplit(self.direct_database_url if direct else self.database_url)
        options: dict[str, object] = {"connect_timeout": 5}
        for pair in filter(None, parts.query.split("&")):
            key, _, value = pair.partition("=")
            options[key] = unquote(value)
        if self.direct_database_url == self.database_url:
            # The server expects of itself disks that turn, and would rather read a whole table than a few hundred rows
            # by an index. A pooler takes no settings of a connection: there it is set on the database.
            options.setdefault("options", "-c random_page_cost=1.1")
        return {
            "ENGINE": "guanxi.core.postgresql",
            "NAME": unquote(parts.path.lstrip("/")),
            "USER": unquote(parts.username or ""),
            "PASSWORD": unquote(parts.password or ""),
            "HOST": unquote(parts.hostname or ""),
            "PORT": str(parts.port or ""),
            "CONN_MAX_AGE": 600,
            "CONN_HEALTH_CHECKS": True,
            # A pooler may give every transaction another connection.
            "DISABLE_SERVER_SIDE_CURSORS": self.direct_database_url != self.database_url,
            "OPTIONS": options,
        }


_MAIL_SCHEMES = {"smtps": ("tls", 465), "smtp": ("starttls", 587), "smtp+plain": ("none", 25)}


def _mail_server() -> MailServer | None:
    """The mail server of GUANXI_MAIL_URL; the message never repeats its password."""
    text = os.environ.get("GUANXI_MAIL_URL", "").strip()
    if not text:
        return None
    wrong = SettingError(
        "GUANXI_MAIL_URL must have the form smtp://user:password@host:587 (smtps:// for TLS from the start, "
        "smtp+plain:// for none)."
    )
    try:
        parts = urlsplit(text)
        port = parts.port
    except ValueError:
        raise wrong from None
    if parts.scheme not in _MAIL_SCHEMES or not parts.hostname:
        raise wrong
    security, usual_port = _MAIL_SCHEMES[parts.scheme]
    user, password = unquote(parts.username or ""), unquote(parts.password or "")
    return MailServer(parts.hostname, port or usual_port, user, password, security)


def _mail_from() -> str:
    """Who mail comes from."""
    text = os.environ.get("GUANXI_MAIL_FROM", "").strip() or "guanxi@localhost"
    if any(ord(c) < 32 for c in text) or "@" not in text:
        raise SettingError("GUANXI_MAIL_FROM must be an e-mail address, or a name with one: Guanxi <crm@example.com>.")
    return text


def _address() -> str:
    """Where people open this installation, for links in mails and calendars; '' when it was never said."""
    text = os.environ.get("GUANXI_ADDRESS", "").strip().rstrip("/")
    if text and not re.fullmatch(r"https?://[^\s/?#@]+(/[^\s?#]*)?", text):
        raise SettingError("GUANXI_ADDRESS must have the form https://crm.example.com.")
    return text


def _flag(name: str, default: bool) -> bool:
    """Read a yes / no variable."""
    text = os.environ.get(name, "").strip().lower()
    if not text:
        return default
    if text in {"1", "true", "yes", "on"}:
        return True
    if text in {"0", "false", "no", "off"}:
        return False
    raise SettingError(f"{name} must be yes or no, not {text!r}.")


def _data_dir() -> Path:
    """The folder that holds everything of this installation, made private."""
    path = Path(os.environ.get("GUANXI_DATA") or user_data_path("guanxi")).expanduser().absolute()
    try:
        path.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise SettingError(f"GUANXI_DATA: the folder {path} cannot be made: {error.strerror}.") from None
    if not os.access(path, os.W_OK):
        raise SettingError(f"GUANXI_DATA: the folder {path} cannot be written to.")
    return path


def _secret_key(data_dir: Path) -> str:
    """The signing key: from the environment, else made once and kept in a 0600 file."""
    given = os.environ.get("GUANXI_SECRET_KEY", "")
    if given:
        if len(given) < 32:
            raise SettingError("GUANXI_SECRET_KEY must have at least 32 characters.")
        return given
    path = data_dir / "secret-key"
    if not path.exists() or not path.read_text().strip():
        fresh = data_dir / f"secret-key.{os.getpid()}"
        descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w") as file:
            file.write(secrets.token_urlsafe(48))
            file.flush()
            os.fsync(file.fileno())
        # Of two processes that start at once the first one wins; a half-written file never gets the name.
        try:
            os.link(fresh, path)
        except FileExistsError:
            if not path.read_text().strip():
                os.replace(fresh, path)
        fresh.unlink(missing_ok=True)
    return path.read_text().strip()


def _timezone() -> str:
    """The company's time zone."""
    name = os.environ.get("GUANXI_TIMEZONE") or "Asia/Shanghai"
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError):
        raise SettingError(f"GUANXI_TIMEZONE: there is no time zone {name!r}.") from None
    return name


def _database_url(name: str = "DATABASE_URL") -> str:
    """Empty for the built-in SQLite, else a PostgreSQL address."""
    url = os.environ.get(name, "").strip()
    if not url:
        return ""
    if not url.startswith(("postgres://", "postgresql://")):
        raise SettingError(f"{name} must start with postgresql:// (leave it empty for the built-in SQLite).")
    # The address may hold a password: no message repeats it.
    try:
        parts = urlsplit(url)
        parts.port  # noqa: B018 - reading it checks it
    except ValueError:
        raise SettingError(
            f"{name}: host and port are not written as postgresql://USER:PASSWORD@HOST:5432/NAME."
        ) from None
    if not parts.path.strip("/"):
        raise SettingError(f"{name} must end with the name of a database: postgresql://USER:PASSWORD@HOST:5432/NAME.")
    return url


def _currency() -> str:
    """The company's currency, empty when it is to follow the first orders brought in."""
    code = os.environ.get("GUANXI_CURRENCY", "").strip().upper()
    if code and not re.fullmatch(r"[A-Z]{3}", code):
        raise SettingError(f"GUANXI_CURRENCY must be a three-letter code such as CNY, not {code!r}.")
    return code


def _language() -> str:
    """The language of those who have not chosen one."""
    code = os.environ.get("GUANXI_LANGUAGE", "").strip().lower() or "en"
    aliases = {"zh": "zh-hans", "zh-cn": "zh-hans", "zh-hans": "zh-hans", "en": "en"}
    if code not in aliases:
        raise SettingError(f"GUANXI_LANGUAGE must be en or zh-hans, not {code!r}.")
    return aliases[code]


def _whole_number(name: str, least: int = 1) -> int | None:
    """Read an optional whole number."""
    text = os.environ.get(name, "").strip()
    if not text:
        return None
    if not (text.isascii() and text.isdigit()) or int(text) < least:
        raise SettingError(f"{name} must be a whole number of at least {least}, not {text!r}.")
    return int(text)


def _proxies() -> tuple[IPv4Network | IPv6Network, ...]:
    """The networks of our own proxies, whose word on where a request came from is believed."""
    found = []
    for text in filter(None, (part.strip() for part in os.environ.get("GUANXI_PROXIES", "").split(","))):
        try:
            found.append(ip_network(text, strict=False))
        except ValueError:
            raise SettingError(f"GUANXI_PROXIES: {text!r} is no address or network.") from None
    return tuple(found)


def _count(name: str, *, default: int) -> int:
    """Read a whole number; 0 stands for no limit."""
    text = os.environ.get(name, "").strip()
    if not text:
        return default
    if not (text.isascii() and text.isdigit() and len(text) < 10):
        raise SettingError(f"{name} must be a whole number (0 for no limit), not {text!r}.")
    return int(text)


@lru_cache(maxsize=1)
def load() -> Config:
    """Read and check the environment once."""
    data_dir = _data_dir()
    hosts = tuple(h.strip() for h in os.environ.get("GUANXI_HOSTS", "").split(",") if h.strip())
    return Config(
        data_dir=data_dir,
        database_url=_database_url(),
        direct_database_url=_database_url("GUANXI_DIRECT_DATABASE_URL") or _database_url(),
        secret_key=_secret_key(data_dir),
        debug=_flag("GUANXI_DEBUG", default=False),
        timezone=_timezone(),
        currency=_currency(),
        language=_language(),
        phone_region=(os.environ.get("GUANXI_PHONE_REGION") or "CN").upper(),
        allowed_hosts=("localhost", "127.0.0.1", "[::1]", *hosts),
        web_processes=_whole_number("GUANXI_WEB_PROCESSES"),
        secure_cookies=_flag("GUANXI_SECURE_COOKIES", default=False),
        mail=_mail_server(),
        mail_from=_mail_from(),
        address=_address(),
        proxies=_proxies(),
        api_requests_per_minute=_count("GUANXI_API_REQUESTS_PER_MINUTE", default=6000),
        api_requires_match=_flag("GUANXI_API_REQUIRES_IF_MATCH", default=False),
        webhooks_inside=_flag("GUANXI_WEBHOOKS_INSIDE", default=False),
    )
