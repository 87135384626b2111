"""Every token of one entry: by what a record is found."""

from collections.abc import Iterator
from itertools import islice

from guanxi.search import tokens
from guanxi.search.kinds import Entry


def entry_tokens(kind: str, entry: Entry) -> str:
    """Return every token of an entry, sorted, each once, joined by spaces."""
    found: dict[str, None] = {f"+{kind}": None}
    if entry.owner_id is not None:
        found[f"@u{entry.owner_id}"] = None
    if entry.department_id is not None:
        found[f"@d{entry.department_id}"] = None
    for token in islice(tokens.ranked(_found_by(entry), entry.rank), tokens.MAX_TOKENS):
        found[token] = None
    return " ".join(sorted(found))


def _found_by(entry: Entry) -> Iterator[str]:
    """Yield the tokens of an entry's texts, the most telling first."""
    for text in entry.exact:
        if len(token := tokens.whole(text)) > 1:
            yield token
    for phone in entry.phones:
        yield from tokens.phone_tokens(phone)
    yield from tokens.name_tokens(entry.title, entry.spoken)
    for name in entry.names:
        yield from tokens.name_tokens(name)
    for text in entry.words:
        yield from tokens.content_tokens(tokens.normalise(text), with_characters=False)
