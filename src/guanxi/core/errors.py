"""Errors that a user may see: one translated sentence each."""

from collections.abc import Sequence

from django.utils.functional import Promise


class GuanxiError(Exception):
    """Anything that went wrong in a way we can explain to the user in one sentence."""

    status = 400

    def __init__(self, message: str | Promise, *, column: str | None = None) -> None:
        """Keep the sentence and, where one input is at fault, its name."""
        super().__init__(message)
        self.message = message
        self.column = column

    def __str__(self) -> str:
        """The sentence in the language that is active now."""
        return str(self.message)


class InvalidInput(GuanxiError):
    """Something given to us cannot be used as it stands."""

    status = 422


class Incomplete(InvalidInput):
    """An act that comes too early; `missing` says sentence by sentence what is to be done first."""

    def __init__(self, message: str | Promise, *, missing: Sequence[str], column: str | None = None) -> None:
        """Keep what is missing."""
        super().__init__(message, column=column)
        self.missing = list(missing)


class InvalidCursor(InvalidInput):
    """A place in a list that we did not give out, or gave out for another list."""


class NotFound(GuanxiError):
    """Missing, or not for this actor to know about: both look the same."""

    status = 404


class Forbidden(GuanxiError):
    """The actor may not do this kind of act at all."""

    status = 403


class Conflict(GuanxiError):
    """The record changed meanwhile, or something else stands in the way."""

    status = 409


class Busy(Conflict):
    """Somebody else holds what this needs; trying again later helps."""

    status = 423


class PreconditionFailed(GuanxiError):
    """The record is not as the caller saw it."""

    status = 412


class PreconditionRequired(GuanxiError):
    """The caller must say which version of the record is to be changed."""

    status = 428


class TooManyRequests(GuanxiError):
    """A program asks more often than it may."""

    status = 429


class Unavailable(GuanxiError):
    """A part of the installation is away (database, disk, network)."""

    status = 503


class ConfigurationError(GuanxiError):
    """A setting from the environment cannot be used."""

    status = 500
