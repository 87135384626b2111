"""Searching the index: text to stages, the best stage first, rights in the same query."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection

from guanxi.core.actor import Actor
from guanxi.search import sight, tokens
from guanxi.search.expressions import AllOf, AnyOf, Expression, Token, Without, all_of, any_of, fts5, tsquery
from guanxi.search.kinds import OTHER_RANK, kinds
from guanxi.search.models import SearchEntry

MAX_HITS = 200
TABLE = SearchEntry._meta.db_table
SHOWN = "e.kind, e.record_id, e.title, e.subtitle, e.rank"
# So many rows are looked at where some of what they are found by is not seen.
LOOKED_AT = 1_000
# Always true: says to PostgreSQL what telling one entry's tokens costs, which it takes for as little as an addition. It
# would go through the entries as they lie, else, where it expects to come upon enough of them.
_WEIGHT = "to_tsvector('simple', left(e.kind, 0)) IS NOT NULL"
MATCHES = ("exact", "number", "beginning", "other")


@dataclass(frozen=True)
class Hit:
    """One record found; `match` says how: exact, number, beginning or other."""

    kind: str
    record_id: int
    title: str
    subtitle: str
    rank: int
    match: str

    @property
    def url(self) -> str:
        """Where the hit leads."""
        return kinds[self.kind].url(self.record_id)


@dataclass(frozen=True)
class Stage:
    """One step of a search: what is looked for, and whether only records without a rank remain to be found."""

    match: str
    expression: Expression
    unranked_only: bool = False


def search(*, actor: Actor, text: str, only: Sequence[str] | None = None, limit: int = 20) -> list[Hit]:
    """Return what the actor may see: exact first, then beginnings, then the rest, better ranks before others."""
    limit = max(1, min(limit, MAX_HITS))
    found = _found_by_number(actor, text, only, limit)
    return (found + _indexed(actor, text, only, limit))[:limit]


def _found_by_number(actor: Actor, text: str, wanted: Sequence[str] | None, limit: int) -> list[Hit]:
    """Return records of kinds that answer for themselves; only a text with a digit can be a number."""
    number = " ".join(text.replace("\x00", "").split())
    if not any(character.isdecimal() for character in number) or len(number) > tokens.MAX_TEXT:
        return []
    return [
        Hit(kind.key, entry.record_id, entry.title, entry.subtitle, entry.rank, match="exact")
        for kind in kinds
        if kind.find is not None and (wanted is None or kind.key in wanted) and actor.can(kind.policy_kind, "view")
        for entry in kind.find(actor, number, limit)
    ]


def _indexed(actor: Actor, text: str, wanted: Sequence[str] | None, limit: int) -> list[Hit]:
    """Return hits in the index."""
    restriction, is_possible = _restriction(actor, wanted)
    stages = list(stages_of(text, with_numbers=sight.sees_numbers(actor))) if is_possible else []
    if not stages:
        return []
    restricted = [Stage(s.match, all_of(s.expression, restriction), s.unranked_only) for s in stages]
    if sight.is_narrow(actor):
        hits = _seen_hits(actor, stages, restricted, limit)
    else:
        hits = [Hit(*row, match=restricted[stage].match) for stage, *row in _rows(restricted, limit)]  # type: ignore[misc]
    normalised = tokens.normalise(text)
    return sorted(hits, key=lambda hit: _worth(hit, normalised))[:limit]


def _rows(stages: list[Stage], limit: int) -> list[tuple[Any, ...]]:
    """Run the stages until the limit is filled."""
    return _postgresql(stages, limit) if connection.vendor == "postgresql" else _sqlite(stages, limit)


def _seen_hits(actor: Actor, stages: list[Stage], restricted: list[Stage], limit: int) -> list[Hit]:
    """Return the hits that the actor's own sight of the records accounts for; more rows are read where many are not."""
    size = limit
    while True:
        rows = _rows(restricted, size)
        seen = sight.sights(actor, [(kind, number) for _stage, kind, number, *_rest in rows])
        hits = [hit for row in rows if (hit := _seen_hit(row, stages, seen))]
        if len(hits) >= limit or len(rows) < size or size >= LOOKED_AT:
            return hits
        size = min(size * 5, LOOKED_AT)


def _seen_hit(row: tuple[Any, ...], stages: list[Stage], seen: dict[tuple[str, int], sight.Sight]) -> Hit | None:
    """Return a row as the first stage that accounts for it, None where none does."""
    stage, kind, number, title, subtitle, rank = row
    if kinds[kind].seen_entries is None:
        return Hit(kind, number, title, subtitle, rank, stages[stage].match)
    mine = seen.get((kind, number))
    for one in stages if mine else ():
        if (rank >= OTHER_RANK or not one.unranked_only) and mine is not None and mine.holds(one.expression):
            return Hit(kind, number, title, subtitle, rank, one.match)
    return None


def _worth(hit: Hit, normalised: str) -> tuple[Any, ...]:
    """Return what hits are sorted by: how they match, the better rank, the shorter title."""
    title = tokens.normalise(hit.title)
    match = "other" if hit.match == "beginning" and not title.startswith(normalised) else hit.match
    # An id comes before a name of the same text.
    return MATCHES.index(match), match == "exact" and title == normalised, hit.rank, len(title), title, hit.record_id


def stages_of(text: str, *, with_numbers: bool = True) -> Iterator[Stage]:
    """Yield the steps of a search in the order of their worth; a later one never repeats an earlier one's hits."""
    normalised = tokens.normalise(text.replace("\x00", ""))
    terms = [_Term(sort, part, with_numbers) for sort, part in tokens.runs(normalised)]
    if len(whole := tokens.whole(text)) == 1:
        return
    exact: Expression = Token(whole)
    yield Stage("exact", exact)
    if not terms:
        return
    if with_numbers and (number := _number(normalised)):
        exact = any_of(exact, number)
        yield Stage("number", Without(number, Token(whole)))
    beginning = tokens.beginning(normalised)
    is_short = len(normalised.replace(" ", "")) <= tokens.BEGINNING
    for rank in (*tokens.RANKED, None):
        start: Expression = Token(_ranked(beginning, rank))
        if not is_short:
            start = all_of(start, *(term.expression(rank) for term in terms))
        yield Stage("beginning", Without(start, exact), unranked_only=rank is None)
    seen = any_of(exact, Token(beginning))
    for rank in (*tokens.RANKED, None) if any(term.is_ranked for term in terms) else ():
        yield Stage("other", Without(all_of(*(t.expression(rank) for t in terms)), seen), unranked_only=rank is None)
    if not all(term.is_ranked for term in terms) or any(term.has_more for term in terms):
        ranked = all_of(*(term.expression(None) for term in terms))
        found = all_of(*(term.widest() for term in terms))
        seen = any_of(seen, ranked) if any(term.is_ranked for term in terms) else seen
        yield Stage("other", Without(found, seen))


def _ranked(token: str, rank: int | None) -> str:
    """Return the token among records of one rank, or among all."""
    return token if rank is None else f"{token}/{rank}"


@dataclass(frozen=True)
class _Term:
    """One part of what was typed: a run of Chinese characters, or one word or number."""

    sort: str
    text: str
    with_numbers: bool = True

    @property
    def is_ranked(self) -> bool:
        """Whether its tokens are kept by rank too."""
        return self.sort == "han" or len(self.text) <= tokens.LETTERS

    @property
    def has_more(self) -> bool:
        """Whether a word begins in ways that its short tokens do not cover (given names in pinyin, numbers)."""
        return self.sort == "word" and len(self.text) > 1

    def expression(self, rank: int | None) -> Expression:
        """What finds it, among records of one rank where that can be told."""
        if self.sort == "han":
            parts = list(tokens.bigrams(self.text)) or [self.text]
            return all_of(*(Token(_ranked(tokens.encode(part), rank)) for part in dict.fromkeys(parts)))
        if self.is_ranked:
            return Token(_ranked("<" + tokens.encode(self.text), rank))
        return self.widest()

    def widest(self) -> Expression:
        """Everything that finds it, whatever it costs."""
        if self.sort == "han" or len(self.text) == 1:
            return self.expression(None)
        word = Token(tokens.encode(self.text), is_start=True)
        number = _number(self.text) if self.with_numbers else None
        return any_of(word, number) if number else word


def _number(text: str) -> Expression | None:
    """What finds a telephone number by its first or last digits, when the text is one."""
    if set(text) - set("0123456789+-() ."):
        return None
    digits = "".join(character for character in text if character.isdecimal())
    found: list[Expression] = []
    if len(digits) >= tokens.PHONE_START_DIGITS:
        found.append(Token("#" + digits, is_start=True))
    if len(digits) >= tokens.PHONE_END_DIGITS:
        found.append(Token("%" + digits[::-1], is_start=True))
    return any_of(*found) if found else None


def _postgresql(stages: list[Stage], limit: int) -> list[tuple[Any, ...]]:
    """Run all stages in one statement; the database stops at the stage that fills the limit."""
    parts, values = [], []
    for number, stage in enumerate(stages):
        unranked = f" AND e.rank >= {OTHER_RANK}" if stage.unranked_only else ""
        where = f"array_to_tsvector(string_to_array(e.tokens, ' ')) @@ %s::tsquery AND {_WEIGHT}{unranked}"
        parts.append(f"(SELECT {number}, {SHOWN} FROM {TABLE} e WHERE {where} LIMIT {limit})")  # noqa: S608
        values.append(tsquery(stage.expression))
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT * FROM ({' UNION ALL '.join(parts)}) s LIMIT {limit}", values)  # noqa: S608
        return cursor.fetchall()


def _sqlite(stages: list[Stage], limit: int) -> list[tuple[Any, ...]]:
    """Run one stage after another until the limit is filled."""
    found: list[tuple[Any, ...]] = []
    with connection.cursor() as cursor:
        for number, stage in enumerate(stages):
            unranked = f" AND e.rank >= {OTHER_RANK}" if stage.unranked_only else ""
            sql = (
                f"SELECT {number}, {SHOWN} FROM search_tokens JOIN {TABLE} e ON e.id = search_tokens.rowid "  # noqa: S608
                f"WHERE search_tokens MATCH %s{unranked} LIMIT %s"
            )
            cursor.execute(sql, [fts5(stage.expression), limit - len(found)])
            found.extend(cursor.fetchall())
            if len(found) >= limit:
                break
    return found


def allowed_kinds(actor: Actor) -> list[str]:
    """Return the kinds of which the actor may see any record."""
    return [kind.key for kind in kinds if actor.can(kind.policy_kind, "view")]


def _restriction(actor: Actor, wanted: Sequence[str] | None) -> tuple[Expression | None, bool]:
    """Return what narrows a search to the actor's rights and the kinds asked for, and whether anything is left."""
    by_keys: dict[tuple[str, ...] | None, list[str]] = {}
    indexed = {kind.key for kind in kinds if kind.is_indexed}
    for key in allowed_kinds(actor):
        if key in indexed and (wanted is None or key in wanted):
            by_keys.setdefault(access_keys(actor, kinds[key].policy_kind), []).append(key)
    if not by_keys:
        return None, False
    if len(by_keys) == 1 and sum(map(len, by_keys.values())) == len(indexed):
        (keys,) = by_keys
        return (None if keys is None else any_of(*map(Token, keys))), True
    return any_of(*(_group(keys, names) for keys, names in by_keys.items())), True


def _group(keys: tuple[str, ...] | None, names: list[str]) -> Expression:
    """Return what narrows to some kinds and, unless the actor sees all of them, to some access keys."""
    of_kind = any_of(*(Token(f"+{name}") for name in names))
    return of_kind if keys is None else AllOf((of_kind, AnyOf(tuple(Token(key) for key in keys))))


def access_keys(actor: Actor, kind: str) -> tuple[str, ...] | None:
    """Return the access keys of what the actor may view of a kind; None when nothing needs to be held back."""
    if actor.scope(kind, "view") == "all":
        return None
    owners, departments = actor.reach(kind, "view")
    mine = f"@u{actor.user_id or 0}"
    return tuple(sorted({mine, *(f"@u{number}" for number in owners), *(f"@d{number}" for number in departments)}))
