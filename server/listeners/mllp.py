"""HL7 v2 over MLLP: takes messages of the hospitals' systems, and sends ours; a message is durable before its answer.

One message at a time on a connection, as the protocol has it; connections side by side.
"""

import asyncio
import signal
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Protocol

import structlog

from server.hl7.mllp import Framer, FrameTooLong, frame
from server.hl7.systems import NoAnswer

log = structlog.get_logger("mllp")
CHUNK = 1 << 16


class Inbox(Protocol):
    """Takes messages."""

    async def receive(self, raw: bytes, address: str) -> bytes:
        """Return the answer to a message; AA only when what it says is durable."""
        ...

    def not_now(self, raw: bytes) -> bytes:
        """Return the answer while nothing can be stored."""
        ...


@dataclass(frozen=True, slots=True)
class MllpOptions:
    """How it listens; times in seconds."""

    host: str = "127.0.0.1"
    port: int = 2575  # 0: any free port
    max_connections: int = 200
    first_within: float = 30.0  # a connection that has asked for nothing yet
    idle: float = 600.0  # systems keep their connection open between messages
    answer_within: float = 30.0
    grace: float = 10.0


class MllpServer:
    """A listening server."""

    def __init__(self, options: MllpOptions, inbox: Inbox) -> None:
        self.options = options
        self._inbox = inbox
        self._server: asyncio.Server | None = None
        self._connections: set[asyncio.Task[None]] = set()
        self._idle: set[asyncio.Task[None]] = set()  # those that wait for a message
        self._stopping = False

    async def start(self) -> int:
        """Listen; return the port."""
        self._server = await asyncio.start_server(self._serve, self.options.host, self.options.port, limit=CHUNK)
        return int(self._server.sockets[0].getsockname()[1])

    async def stop(self) -> None:
        """Stop accepting, let messages at hand finish within the grace, end the rest."""
        self._stopping = True
        if self._server is not None:
            self._server.close()
        for connection in self._idle:
            connection.cancel()
        if self._connections:
            _, late = await asyncio.wait(self._connections, timeout=self.options.grace)
            for connection in late:
                connection.cancel()
            await asyncio.gather(*late, return_exceptions=True)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        own = asyncio.current_task()
        if own is None or len(self._connections) >= self.options.max_connections:
            writer.close()
            return
        self._connections.add(own)
        address = str(writer.get_extra_info("peername", ("?",))[0])
        try:
            await self._converse(reader, writer, address)
        except (OSError, TimeoutError, FrameTooLong) as error:
            log.info("mllp.connection_ended", ip=address, why=type(error).__name__)
        finally:
            self._connections.discard(own)
            writer.close()
            with suppress(OSError):
                await writer.wait_closed()

    async def _converse(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, address: str) -> None:
        framer, patience = Framer(), self.options.first_within
        while data := await self._more(reader, patience):
            for raw in framer.receive(data):
                patience = self.options.idle
                writer.write(frame(await self._answer(raw, address)))
                async with asyncio.timeout(self.options.answer_within):
                    await writer.drain()

    async def _more(self, reader: asyncio.StreamReader, patience: float) -> bytes:
        """Return what comes next, nothing at the end of the connection, or of ours."""
        own = asyncio.current_task()
        if own is None or self._stopping:
            return b""
        self._idle.add(own)
        try:
            async with asyncio.timeout(patience):
                return await reader.read(CHUNK)
        finally:
            self._idle.discard(own)

    async def _answer(self, raw: bytes, address: str) -> bytes:
        try:
            async with asyncio.timeout(self.options.answer_within):
                return await self._inbox.receive(raw, address)
        except Exception:  # the edge: a database that is away or a fault of ours is no reason to lose the message
            log.exception("mllp.not_taken", ip=address, bytes=len(raw))
            return self._inbox.not_now(raw)


async def serve_mllp(
    options: MllpOptions, inbox: Inbox, *, ready: Callable[[int], None], stop: asyncio.Event | None = None
) -> None:
    """Run a server until it is told to stop; without `stop` SIGTERM and SIGINT do."""
    if stop is None:
        stop = asyncio.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            asyncio.get_running_loop().add_signal_handler(number, stop.set)
    server = MllpServer(options, inbox)
    try:
        ready(await server.start())
        await stop.wait()
    finally:
        await server.stop()


async def send_message(host: str, port: int, message: bytes, *, within: float = 30.0) -> bytes:
    """Send one message and return the answer.

    Raises
    ------
    NoAnswer
    """
    try:
        async with asyncio.timeout(within):
            reader, writer = await asyncio.open_connection(host, port)
            try:
                return await _ask(reader, writer, message)
            finally:
                writer.close()
                with suppress(OSError):
                    await writer.wait_closed()
    except (OSError, FrameTooLong) as error:  # TimeoutError is an OSError
        raise NoAnswer(f"{type(error).__name__}: {error}".strip(": ")) from error


async def _ask(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, message: bytes) -> bytes:
    writer.write(frame(message))
    await writer.drain()
    framer = Framer()
    while data := await reader.read(CHUNK):
        if answers := framer.receive(data):
            return answers[0]
    raise NoAnswer("the connection was closed without an answer")
