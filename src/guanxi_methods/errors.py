"""Why a method cannot give what was asked: one sentence, kept apart from the figures in it."""

from __future__ import annotations

from typing import Any


class MethodError(ValueError):
    """A method cannot give what was asked.

    The sentence is kept as a template beside its values, so that a program can say it in another language:
    ``str(error)`` is ``template.format(**values)``.

    Parameters
    ----------
    template : str
        A whole sentence in English, figures and names as ``{placeholders}``.
    **values
        What stands in their places.

    Attributes
    ----------
    template : str
    values : dict

    Examples
    --------
    >>> error = MethodError("{name} is empty: there is nothing to measure", name="scores")
    >>> str(error), error.values
    ('scores is empty: there is nothing to measure', {'name': 'scores'})
    """

    def __init__(self, template: str, /, **values: Any) -> None:
        """Keep the sentence and what stands in it."""
        super().__init__(template.format(**values))
        self.template = template
        self.values = values

    def __reduce__(self) -> tuple[Any, ...]:
        """Come through a pickle whole: errors cross processes."""
        return _again, (type(self), self.template, self.values)


def _again(kind: type[MethodError], template: str, values: dict[str, Any]) -> MethodError:
    """The error that was pickled."""
    return kind(template, **values)


class NotFittedError(MethodError):
    """A learned value was asked for before ``fit`` was called."""


class TooFewError(MethodError):
    """There is less data than the method needs; the sentence says how much is needed."""


class Note(str):
    """What a reader of a result must know, as a sentence; like the errors, kept apart from the figures in it.

    Methods put them into ``notes_``: rows left out, a likelihood at its edge, an interval that cannot be had.

    Examples
    --------
    >>> note = Note("{count} rows without an answer were left out", count=3)
    >>> note, note.template
    ('3 rows without an answer were left out', '{count} rows without an answer were left out')
    """

    template: str
    values: dict[str, Any]

    def __new__(cls, template: str, /, **values: Any) -> Note:
        """Keep the sentence and what stands in it."""
        made = super().__new__(cls, template.format(**values))
        made.template = template
        made.values = values
        return made

    def __getnewargs_ex__(self) -> tuple[tuple[str], dict[str, Any]]:
        """Come through a pickle whole."""
        return (self.template,), self.values
