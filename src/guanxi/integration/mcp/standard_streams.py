"""Messages on standard input and output: the library reads and writes, this answers what it lets fall.

What is no message of the protocol gets its error (JSON-RPC 2.0, 5.1), and input that ends right behind its messages
ends nothing before they are answered.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import anyio
import mcp.server.stdio
import mcp_types as types
from anyio.streams.memory import MemoryObjectReceiveStream, MemoryObjectSendStream
from mcp.shared.message import SessionMessage
from pydantic import ValidationError

# No call takes longer.
LONGEST_SECONDS = 120
CANCELLED = "notifications/cancelled"

Incoming = MemoryObjectReceiveStream[SessionMessage | Exception]
Outgoing = MemoryObjectSendStream[SessionMessage]


def refusal_of(fault: Exception) -> SessionMessage:
    """The error for a line that is no message: with the id of the request where one can be made out."""
    told = fault.errors(include_url=False)[0] if isinstance(fault, ValidationError) else {"type": "", "input": None}
    if told["type"] == "json_invalid":
        error = types.ErrorData(code=types.PARSE_ERROR, message="This is not JSON.")
        return SessionMessage(types.JSONRPCError(jsonrpc="2.0", id=None, error=error))
    given = told["input"]
    number = given.get("id") if isinstance(given, dict) else None
    known = number if isinstance(number, int | str) and not isinstance(number, bool) else None
    reason = "Send one message at a time." if isinstance(given, list) else "This is no message of JSON-RPC 2.0."
    error = types.ErrorData(code=types.INVALID_REQUEST, message=reason)
    return SessionMessage(types.JSONRPCError(jsonrpc="2.0", id=known, error=error))


class _Waiting:
    """The requests that are not answered yet."""

    def __init__(self) -> None:
        """None at first."""
        self.ids: set[Any] = set()
        self.changed = anyio.Event()

    def asked(self, message: Any) -> None:
        """Note a request; one that is called off needs no answer."""
        if isinstance(message, types.JSONRPCRequest):
            self.ids.add(message.id)
        elif isinstance(message, types.JSONRPCNotification) and message.method == CANCELLED:
            self.settled((message.params or {}).get("requestId"))

    def settled(self, number: Any) -> None:
        """Note that one is answered."""
        if isinstance(number, int | str):
            self.ids.discard(number)
        self.changed.set()

    async def none(self) -> None:
        """Wait until everything is answered."""
        with anyio.move_on_after(LONGEST_SECONDS):
            while self.ids:
                self.changed = anyio.Event()
                await self.changed.wait()


@asynccontextmanager
async def standard_streams() -> AsyncIterator[tuple[Incoming, Outgoing]]:
    """What comes in and where answers go, until the input has ended and everything is answered."""
    to_server, incoming = anyio.create_memory_object_stream[SessionMessage | Exception](0)
    outgoing, from_server = anyio.create_memory_object_stream[SessionMessage](0)
    waiting = _Waiting()
    async with mcp.server.stdio.stdio_server() as (lines, answers), anyio.create_task_group() as tasks:

        async def hand_in() -> None:
            async with to_server:
                async for line in lines:
                    if isinstance(line, Exception):
                        await answers.send(refusal_of(line))
                        continue
                    waiting.asked(line.message)
                    await to_server.send(line)
                await waiting.none()

        async def hand_out() -> None:
            async with answers, from_server:
                async for message in from_server:
                    await answers.send(message)
                    if isinstance(message.message, types.JSONRPCResponse | types.JSONRPCError):
                        waiting.settled(message.message.id)

        tasks.start_soon(hand_in)
        tasks.start_soon(hand_out)
        yield incoming, outgoing
        outgoing.close()
