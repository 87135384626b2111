"""Further topics for a stream that is open: a page that shows one record after the other opens no new stream for each."""

from collections.abc import Sequence

from guanxi.core.actor import Actor
from guanxi.core.live.sending import notify
from guanxi.core.live.topics import may_listen

FURTHER = "further"
LONGEST_KEY = 40


def listen_further(actor: Actor, stream: str, topics: Sequence[str]) -> None:
    """Let the stream that `hello` named so listen to these as well, as far as the actor may, once this is committed.

    What is read after the commit and what the stream then tells leave no gap. The stream says `listening` when it has
    them; nobody answers for one that is gone, or is another user's: its browser opens one anew as ever.
    """
    allowed = [topic for topic in topics if may_listen(actor, topic)]
    if stream and len(stream) <= LONGEST_KEY and actor.user_id is not None and allowed:
        notify(FURTHER, {"stream": stream, "user": actor.user_id, "topics": ",".join(allowed)})
