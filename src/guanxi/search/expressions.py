"""What is looked for, as a small expression, and its form for each database."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Token:
    """One token, or with `is_start` every token that starts so."""

    text: str
    is_start: bool = False


@dataclass(frozen=True)
class AllOf:
    """Every part is found."""

    parts: tuple["Expression", ...]


@dataclass(frozen=True)
class AnyOf:
    """At least one part is found."""

    parts: tuple["Expression", ...]


@dataclass(frozen=True)
class Without:
    """The first is found, the second is not."""

    found: "Expression"
    missing: "Expression"


Expression = Token | AllOf | AnyOf | Without


def all_of(*parts: Expression | None) -> Expression:
    """Join what must all be found; a single part stays itself."""
    given = tuple(part for part in parts if part is not None)
    return given[0] if len(given) == 1 else AllOf(given)


def any_of(*parts: Expression) -> Expression:
    """Join alternatives; a single part stays itself."""
    return parts[0] if len(parts) == 1 else AnyOf(parts)


def tsquery(expression: Expression) -> str:
    """Return the expression as text of PostgreSQL's `tsquery`."""
    match expression:
        case Token(text, is_start):
            quoted = text.replace("\\", "\\\\").replace("'", "''")
            return f"'{quoted}'{':*' if is_start else ''}"
        case AllOf(parts):
            return "(" + " & ".join(map(tsquery, parts)) + ")"
        case AnyOf(parts):
            return "(" + " | ".join(map(tsquery, parts)) + ")"
        case Without(found, missing):
            return f"({tsquery(found)} & !{tsquery(missing)})"


def fts5(expression: Expression) -> str:
    """Return the expression as text of SQLite's FTS5 `MATCH`."""
    match expression:
        case Token(text, is_start):
            quoted = text.replace('"', '""')
            return f'"{quoted}"{" *" if is_start else ""}'
        case AllOf(parts):
            return "(" + " AND ".join(map(fts5, parts)) + ")"
        case AnyOf(parts):
            return "(" + " OR ".join(map(fts5, parts)) + ")"
        case Without(found, missing):
            return f"({fts5(found)} NOT {fts5(missing)})"
