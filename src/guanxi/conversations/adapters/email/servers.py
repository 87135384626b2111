"""Connections to mail servers, and what goes wrong with them as codes that the settings page says in words."""

import errno
import smtplib
import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from imapclient import IMAPClient
from imapclient.exceptions import IMAPClientError, LoginError

from guanxi.conversations.adapters.email import oauth
from guanxi.conversations.adapters.email.configuration import Configuration, Security, SignIn
from guanxi.conversations.models import Channel
from guanxi.conversations.services.channels import secrets_of

TIMEOUT_SECONDS = 20
# What is no fault of the network: our own disk is full, or nothing more can be opened.
NO_ROOM = {errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EMFILE, errno.ENFILE, errno.ENOMEM}
IMAP_PASSWORD = "imap_password"  # noqa: S105 - the name under which it lies
SMTP_PASSWORD = "smtp_password"  # noqa: S105
WORDS: dict[str, Promise | str] = {
    "unreachable": _("The server cannot be reached."),
    "unknown_host": _("There is no server of that name."),
    "certificate": _("The server's certificate is not valid for its name."),
    "security": _("The server does not speak the chosen kind of encryption on this port."),
    "sign_in": _("The server refused the user name or the password."),
    "token": _("The provider gave no access: the refresh token may have ended."),
    "no_folder": _("The mailbox has no such folder."),
    "refused": _("The server refused the mail."),
    "recipient": _("The server refused the recipient."),
    "some_recipients": _("The server refused some of the recipients; the others have the mail."),
    "unsure": _("The server ended the connection before it said whether it has the mail: it may have arrived."),
    "too_large": _("The mail is too large for the server."),
    "busy": _("The server asks to try again later."),
    "broken": _("The server ended the connection."),
    "not_set_up": _("The servers of this mailbox are not set up."),
    "bounced": _("The mail came back: it could not be delivered."),
    "never_answered": _("Nothing goes out by itself here: the last mail was written by a program."),
    "reading": _("A mail could not be taken in."),
    "storing": _("Mail waits at the server: nothing can be stored here at the moment."),
}


class MailError(Exception):
    """Something went wrong with a server: a code of `WORDS`, and what the server said."""

    def __init__(self, code: str, detail: str = "", *, is_final: bool = False) -> None:
        """Keep what is known; a final one is not tried again."""
        super().__init__(f"{code}: {detail}")
        self.code, self.detail, self.is_final = code, detail, is_final


@contextmanager
def told() -> Iterator[None]:
    """Turn what libraries and networks raise into a `MailError`."""
    try:
        yield
    except MailError:
        raise
    except oauth.TokenError as error:
        raise MailError("token", str(error)) from error
    except ssl.SSLCertVerificationError as error:
        raise MailError("certificate", error.verify_message) from error
    except ssl.SSLError as error:
        raise MailError("security", str(error.reason or error)) from error
    except socket.gaierror as error:
        raise MailError("unknown_host", str(error)) from error
    except (LoginError, smtplib.SMTPAuthenticationError) as error:
        raise MailError("sign_in", _said(error)) from error
    except smtplib.SMTPNotSupportedError as error:
        raise MailError("security", str(error)) from error
    except smtplib.SMTPResponseException as error:
        raise MailError(*_smtp(error)) from error
    except (smtplib.SMTPServerDisconnected, EOFError) as error:
        raise MailError("broken", str(error)) from error
    except IMAPClientError as error:
        is_gone = isinstance(error, IMAPClientError.AbortError) if hasattr(IMAPClientError, "AbortError") else False
        raise MailError("broken" if is_gone else "refused", _said(error)) from error
    except OSError as error:
        if error.errno in NO_ROOM:
            raise MailError("storing", error.strerror or str(error)) from error
        raise MailError("unreachable", error.strerror or str(error)) from error


def _smtp(error: smtplib.SMTPResponseException) -> tuple[str, str]:
    """The code and the words of an SMTP answer."""
    if error.smtp_code == 552:
        return "too_large", _text(error.smtp_error)
    return ("busy" if error.smtp_code < 500 else "refused"), f"{error.smtp_code} {_text(error.smtp_error)}"


def is_final(error: MailError) -> bool:
    """Whether trying again cannot help."""
    return (
        error.is_final
        or error.code == "not_set_up"
        or (error.code in {"refused", "too_large"} and error.detail[:1] == "5")
    )


def _said(error: Exception) -> str:
    """What the server said, as text."""
    return _text(getattr(error, "smtp_error", "")) or _text(error.args[0] if error.args else "") or str(error)


def _text(value: object) -> str:
    """Bytes or text as text."""
    return (value.decode("utf-8", errors="replace") if isinstance(value, bytes) else str(value or ""))[:400]


@contextmanager
def mailbox(channel: Channel, *, timeout: float = TIMEOUT_SECONDS) -> Iterator[IMAPClient]:
    """A connection to the mailbox, signed in."""
    held = Configuration.of(channel)
    if not held.receives:
        raise MailError("not_set_up")
    with told():
        client = IMAPClient(
            held.imap_host,
            port=held.imap_port,
            ssl=held.imap_security == Security.TLS,
            ssl_context=ssl.create_default_context(),
            timeout=timeout,
        )
        try:
            if held.imap_security == Security.STARTTLS:
                client.starttls(ssl.create_default_context())
            _sign_in(client, channel, held)
            yield client
        finally:
            _close(client)


def _sign_in(client: IMAPClient, channel: Channel, held: Configuration) -> None:
    """By password or by a token of the provider."""
    secrets = secrets_of(channel)
    if held.sign_in == SignIn.OAUTH2:
        with _by_token(channel) as token:
            client.oauth2_login(held.imap_user or channel.address, token)
    else:
        client.login(held.imap_user or channel.address, secrets.get(IMAP_PASSWORD, ""))


@contextmanager
def _by_token(channel: Channel) -> Iterator[str]:
    """A token to sign in with; one that is not taken is not kept."""
    try:
        yield oauth.access_token(channel)
    except (LoginError, smtplib.SMTPAuthenticationError):
        oauth.forget(channel)
        raise


def _close(client: IMAPClient) -> None:
    """Leave, however the connection stands."""
    try:
        client.logout()
    except (IMAPClientError, OSError, EOFError):
        client.shutdown()


@contextmanager
def outbox(channel: Channel, *, timeout: float = TIMEOUT_SECONDS) -> Iterator[smtplib.SMTP]:
    """A connection to the server that sends, signed in."""
    held = Configuration.of(channel)
    if not held.sends:
        raise MailError("not_set_up")
    with told():
        context = ssl.create_default_context()
        name = channel.address.rpartition("@")[2] or None
        if held.smtp_security == Security.TLS:
            server: smtplib.SMTP = smtplib.SMTP_SSL(
                held.smtp_host, held.smtp_port, local_hostname=name, timeout=timeout, context=context
            )
        else:
            server = smtplib.SMTP(held.smtp_host, held.smtp_port, local_hostname=name, timeout=timeout)
        try:
            if held.smtp_security == Security.STARTTLS:
                server.starttls(context=context)
            _sign_in_to_send(server, channel, held)
            yield server
        finally:
            # Whatever it answers to our leaving: a mail that it took is not sent again for that.
            with suppress(smtplib.SMTPException, OSError, ValueError):
                server.quit()
            server.close()


def _sign_in_to_send(server: smtplib.SMTP, channel: Channel, held: Configuration) -> None:
    """As for the mailbox, unless the server wants nothing."""
    if held.sign_in == SignIn.NONE:
        return
    user = held.smtp_user or held.imap_user or channel.address
    server.ehlo_or_helo_if_needed()
    if held.sign_in == SignIn.OAUTH2:
        with _by_token(channel) as token:
            server.auth("XOAUTH2", lambda _challenge=None: f"user={user}\x01auth=Bearer {token}\x01\x01")
        return
    secrets = secrets_of(channel)
    password = secrets.get(SMTP_PASSWORD) or secrets.get(IMAP_PASSWORD, "")
    if password and server.has_extn("auth"):
        server.login(user, password)
    elif secrets.get(SMTP_PASSWORD):
        # A server that knows us by our address needs none; one for which a password was set must take it.
        raise MailError("security", "AUTH")
