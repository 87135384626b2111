"""Mails in bulk: from files, by the same way as from a mailbox, counted in the database afterwards."""

import subprocess
import sys
from collections import defaultdict

from guanxi.project.bench.desk.made_mails import MAILBOX, Expected, mails
from guanxi.project.bench.desk.wanted import DeskWanted
from guanxi.project.bench.figures import Figure, Report
from guanxi.project.bench.installation import Installation
from guanxi.project.bench.wanted import Clock, Say

WHOLE, AIM_SECONDS = 10_000, 300.0
ROWS = "SELECT message_id, conversation_id FROM conversations_message WHERE channel_kind = 'email' ORDER BY id"


def measure(wanted: DeskWanted, installation: Installation, report: Report, say: Say) -> None:
    """Take mails in and count them."""
    if not _can_import_mail(installation):
        report.left_out.append("Mails: this Guanxi has no `guanxi import mail`.")
        return
    say(f"{wanted.mails:,} mails")
    expected, folder = Expected(), installation.folder / "mails"
    folder.mkdir()
    size = 0
    for number, raw in enumerate(mails(wanted.mails, expected)):
        (folder / f"{number:06d}.eml").write_bytes(raw)
        size += len(raw)
    with Clock() as clock:
        answers = installation.run("import", "mail", folder, "--mailbox", MAILBOX)
    more: dict[str, object] = {
        "a_second": f"{wanted.mails / max(clock.seconds, 0.1):.0f}", "megabytes": f"{size / 1e6:.0f}",
        "come_again": expected.again, **_counted(installation.database_url, expected),
    }  # fmt: skip
    if len(answers) != wanted.mails:
        more["answers"] = len(answers)
    aim = AIM_SECONDS if wanted.mails >= WHOLE else None
    figure = Figure(f"{wanted.mails:,} mails taken in, PostgreSQL", clock.seconds, "s", aim, more=more)
    figure.profile = clock.told() if figure.is_met is False else ""
    report.figures.append(figure)
    say(f"  {figure.what}: {figure.value} s, {more}")


def _can_import_mail(installation: Installation) -> bool:
    """Whether there is the command."""
    words = [sys.executable, "-m", "guanxi", "import", "mail", "--help"]
    done = subprocess.run(words, env=installation.environment, capture_output=True, check=False)  # noqa: S603 - our own
    return done.returncode == 0


def _counted(database_url: str, expected: Expected) -> dict[str, object]:
    """How many mails are lost or doubled, and how many threads are torn apart or run together."""
    import psycopg  # the server's own word: nothing of Guanxi is between

    with psycopg.connect(database_url) as connection:
        rows = connection.execute(ROWS).fetchall()
    known = [row for row in rows if row[0] in expected.thread_of]
    ids = {message_id for message_id, _conversation in known}
    conversations, threads = defaultdict(set), defaultdict(set)
    for message_id, conversation in known:
        conversations[expected.thread_of[message_id]].add(conversation)
        threads[conversation].add(expected.thread_of[message_id])
    wrong = {
        "lost": len(expected.thread_of) - len(ids),
        "doubled": len(known) - len(ids),
        "threads_torn_apart": sum(len(found) > 1 for found in conversations.values()),
        "threads_run_together": sum(len(found) > 1 for found in threads.values()),
    }
    found: dict[str, object] = {"threads": f"{len(conversations):,}", **wrong}
    if any(wrong.values()):
        found["errors"] = sum(wrong.values())
    return found
