"""What can be wrong with a backup, in words."""

from django.utils.translation import gettext as _

from guanxi.core.errors import Conflict, GuanxiError


class BackupError(GuanxiError):
    """A backup could not be made, read or restored."""

    status = 422


class AskedWrongly(BackupError):
    """Whoever asked must ask otherwise: another file, another key. Nothing was tried and nothing has failed."""


class NotEmpty(Conflict):
    """A restore would write over what stands."""


def not_a_backup() -> AskedWrongly:
    """The error for a file of another kind."""
    return AskedWrongly(_("This file is no backup of Guanxi."))


def cut_short() -> BackupError:
    """The error for a file that ends too early."""
    return BackupError(_("The backup is cut short: its end is missing. Nothing was restored from it."))


def damaged() -> BackupError:
    """The error for a file whose content is not what was written."""
    return BackupError(_("The backup is damaged: its content is not what was written. Nothing was restored from it."))


def newer(version: str) -> BackupError:
    """The error for a file that this program is too old to read."""
    text = _("The backup was made by a newer version of Guanxi (%(version)s). Install that version, then restore it.")
    return BackupError(text % {"version": version})


def newer_database(migrations: tuple[str, ...]) -> BackupError:
    """The error for a database of which this program knows only a part of the tables."""
    text = _("The database was made by a newer version: it has %(names)s. Make the backup with that version.")
    return BackupError(text % {"names": ", ".join(migrations[:3])})


def wrong_key() -> AskedWrongly:
    """The error for a passphrase or a key that does not open the file."""
    return AskedWrongly(_("The passphrase or the key does not open this backup."))


def key_needed() -> AskedWrongly:
    """The error for an encrypted file without any key."""
    return AskedWrongly(_("The backup is encrypted: give its passphrase or its private key."))
