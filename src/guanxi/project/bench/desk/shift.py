"""A shift of the desk: colleagues and visitors at once, then as many conversations as are wanted, as fast as they go."""

import asyncio
import time
from collections.abc import Iterator

from guanxi.project.bench.desk.colleagues import Colleague
from guanxi.project.bench.desk.found import Found
from guanxi.project.bench.desk.visitors import Visitor, chatting

SETTLING_SECONDS = 3.0
# Visitors who chat at once when only the number of conversations counts, and what each says.
AT_ONCE, SAYS, SERVING = 24, 2, 8
# Of these visitors every so manieth comes back in the end and looks at what was said.
LOOKED_AT_EVERY = 10
BEFORE_MEASURING = 6.0


class Shift:
    """One shift on a served installation."""

    def __init__(self, port: int, chat: str, channel: int, cookies: list[str]) -> None:
        """Nobody is there yet."""
        self.port, self.chat, self.channel, self.cookies = port, chat, channel, cookies
        self.found = Found()
        self.colleagues = self._colleagues(1)
        self.visitors = 0

    def _colleagues(self, first: int) -> list[Colleague]:
        """Everybody with a page of their own, counted from a number."""
        taken: set[str] = set()
        return [
            Colleague(self.port, one, number, self.found, taken, self.channel)
            for number, one in enumerate(self.cookies, start=first)
        ]

    def run(self, *, visitors: int, seconds: float, every: float, visitors_every: float) -> None:
        """Let everybody work and chat at once."""
        asyncio.run(self.at_once(visitors=visitors, seconds=seconds, every=every, visitors_every=visitors_every))

    def run_many(self, conversations: int, *, seconds: float) -> int:
        """Hold so many conversations."""
        return asyncio.run(self.many(conversations, seconds=seconds))

    def visitor(self) -> Visitor:
        """Somebody new."""
        self.visitors += 1
        return Visitor(self.port, self.chat, self.visitors, self.found)

    async def at_once(self, *, visitors: int, seconds: float, every: float, visitors_every: float) -> None:
        """Let everybody work and chat for so long; what the first moments took, when all pages open, is not counted."""
        people = [self.visitor() for _number in range(visitors)]
        begin = time.perf_counter()
        await asyncio.gather(*(one.begin() for one in self.colleagues))
        until = time.perf_counter() + BEFORE_MEASURING + seconds
        pause = every / max(len(self.colleagues), 1)
        working = [
            one.work(every=every, at=time.perf_counter() + number * pause, until=until)
            for number, one in enumerate(self.colleagues)
        ]
        forgetting = asyncio.ensure_future(self._forget_first(begin + BEFORE_MEASURING))
        await asyncio.gather(*working, chatting(people, every=visitors_every, until=until))
        await forgetting
        await asyncio.sleep(SETTLING_SECONDS)
        await asyncio.gather(*(one.end() for one in self.colleagues))
        for one in people:  # one after the other: what they see now is counted, not timed
            await one.end()
            await one.look_again()

    async def _forget_first(self, at: float) -> None:
        """Count anew from a moment on."""
        await asyncio.sleep(max(0.0, at - time.perf_counter()))
        for kept in (self.found.to_desk, self.found.to_visitor, *self.found.acts.values()):
            kept.clear()

    async def many(self, conversations: int, *, seconds: float) -> int:
        """Hold conversations until there are so many or the time is over; how many there are in all."""
        waiting = self._more(conversations, time.perf_counter() + seconds)
        again: list[Visitor] = []
        serving, served, is_over = (
            self._colleagues(len(self.cookies) + 1)[:SERVING],
            dict[str, float](),
            asyncio.Event(),
        )

        async def one_after_the_other() -> None:
            """One browser after the other."""
            for visitor in waiting:
                await visitor.begin()
                for _number in range(SAYS):
                    await visitor.say()
                visitor.leave()
                if visitor.number % LOOKED_AT_EVERY == 0:
                    again.append(visitor)

        answering = [asyncio.ensure_future(one.serve(served, is_over)) for one in serving]
        await asyncio.gather(*(one_after_the_other() for _place in range(AT_ONCE)))
        is_over.set()
        await asyncio.gather(*answering)
        for one in serving:
            await one.end()
        for visitor in again:
            await visitor.look_again()
        return self.visitors

    def _more(self, conversations: int, until: float) -> Iterator[Visitor]:
        """Visitors until there were so many."""
        while self.visitors < conversations and time.perf_counter() < until:
            yield self.visitor()
