"""The full-text part: FTS5 over the tokens on SQLite, GIN over their tsvector on PostgreSQL."""

from django.db import migrations

SQLITE = [
    """
    CREATE VIRTUAL TABLE search_tokens USING fts5(
        tokens, content='search_searchentry', content_rowid='id', detail='none', columnsize=0,
        tokenize="unicode61 remove_diacritics 0 tokenchars '^=<%#+@/_'"
    )
    """,
    """
    CREATE TRIGGER search_entry_added AFTER INSERT ON search_searchentry BEGIN
        INSERT INTO search_tokens(rowid, tokens) VALUES (new.id, new.tokens);
    END
    """,
    """
    CREATE TRIGGER search_entry_removed AFTER DELETE ON search_searchentry BEGIN
        INSERT INTO search_tokens(search_tokens, rowid, tokens) VALUES ('delete', old.id, old.tokens);
    END
    """,
    """
    CREATE TRIGGER search_entry_changed AFTER UPDATE OF tokens ON search_searchentry
    WHEN old.tokens <> new.tokens BEGIN
        INSERT INTO search_tokens(search_tokens, rowid, tokens) VALUES ('delete', old.id, old.tokens);
        INSERT INTO search_tokens(rowid, tokens) VALUES (new.id, new.tokens);
    END
    """,
]
# fastupdate off: a pending list would be read from end to end by every search.
POSTGRESQL = [
    """
    CREATE INDEX search_entry_tokens ON search_searchentry
    USING gin (array_to_tsvector(string_to_array(tokens, ' '))) WITH (fastupdate = off)
    """,
    "ALTER TABLE search_searchentry ALTER COLUMN tokens SET STORAGE MAIN",
]


def make(apps, schema_editor):
    """Make the index in the database's own way."""
    for statement in POSTGRESQL if schema_editor.connection.vendor == "postgresql" else SQLITE:
        schema_editor.execute(statement)


def drop(apps, schema_editor):
    """Take the index away."""
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("DROP INDEX search_entry_tokens")
        return
    for trigger in ("added", "removed", "changed"):
        schema_editor.execute(f"DROP TRIGGER search_entry_{trigger}")
    schema_editor.execute("DROP TABLE search_tokens")


class Migration(migrations.Migration):
    """Add the index over the tokens."""

    dependencies = [("search", "0001_initial")]
    operations = [migrations.RunPython(make, drop)]
