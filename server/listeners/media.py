"""The media port: one UDP socket and the same port over TCP, around the sans-IO core `video.rtc`.

The socket is read in batches by the loop's reader: one wake takes up to 64 datagrams into one buffer of the process,
which libsrtp decrypts in place.
"""

import asyncio
import socket
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from typing import cast

import structlog
from typing_extensions import override

from video.rtc.framing import FrameReader, FrameTooLong, frame
from video.rtc.ice import Path
from video.rtc.port import MediaPort
from video.rtc.srtp import ROOM, SIZE, Buffer

log = structlog.get_logger("media")

BATCH = 64  # datagrams per wake: other work of the loop waits for at most this many
SOCKET_BUFFER = 4 << 20  # bytes asked for; a key frame to a hundred people is a burst
TICK = 0.02  # seconds between two looks at what is due
TRANSPORTS_EVERY = 5  # ticks between two looks at the transports' timers
MAX_QUEUED = 256 << 10  # bytes a slow TCP peer may owe; then its media are dropped, as a full UDP queue drops


@dataclass(frozen=True, slots=True)
class MediaOptions:
    """Where media are taken; `port` 0 is any free one, and `start` tells which."""

    host: str = "127.0.0.1"
    port: int = 0
    max_connections: int = 512  # over TCP
    patience: float = 10.0  # seconds for a TCP connection to show an authentic check


class MediaListener:
    """A listening media port.

    Parameters
    ----------
    options
        Where to listen.
    tick
        Called about every 20 ms with the loop's time: what is due goes out.
    """

    def __init__(self, options: MediaOptions, *, tick: Callable[[float], object]) -> None:
        self.options = options
        self.port = MediaPort()
        self.outgoing = Buffer()
        self.counters: Counter[str] = Counter()
        self._incoming = Buffer()
        self._tick = tick
        self._ticks = 0
        self._socket: socket.socket | None = None
        self._server: asyncio.Server | None = None
        self._timer: asyncio.TimerHandle | None = None
        self._connections: set[_Connection] = set()

    async def start(self) -> int:
        """Listen on UDP and TCP; return the port, which is the same."""
        loop = asyncio.get_running_loop()
        self._server, self._socket = await self._bind(loop)
        self._socket.setblocking(False)
        for option in (socket.SO_RCVBUF, socket.SO_SNDBUF):
            self._socket.setsockopt(socket.SOL_SOCKET, option, SOCKET_BUFFER)
        loop.add_reader(self._socket, self._read, loop, self._socket)
        self._timer = loop.call_later(TICK, self._on_tick, loop)
        return int(self._socket.getsockname()[1])

    async def _bind(self, loop: asyncio.AbstractEventLoop) -> tuple[asyncio.Server, socket.socket]:
        """Take one number on both; with port 0 the one that TCP was given may be taken on UDP: then another."""
        tries = 1 if self.options.port else 20
        while True:
            tries -= 1
            server = await loop.create_server(lambda: _Connection(self), self.options.host, self.options.port)
            port = server.sockets[0].getsockname()[1]
            udp = socket.socket(server.sockets[0].family, socket.SOCK_DGRAM)
            try:
                udp.bind((self.options.host, port))
            except OSError:
                udp.close()
                server.close()
                if not tries:
                    raise
                continue
            return server, udp

    async def stop(self) -> None:
        """Close both sockets and every connection; whoever owns the transports says goodbye before."""
        if self._timer is not None:
            self._timer.cancel()
        if self._socket is not None:
            asyncio.get_running_loop().remove_reader(self._socket)
            self._socket.close()
        if self._server is not None:
            self._server.close()
        for connection in tuple(self._connections):
            connection.abort()
        await asyncio.sleep(0)

    def send(self, datagram: memoryview | bytes, path: Path) -> None:
        """Send by a path; what the kernel has no room for is lost, as on the way."""
        if isinstance(path, _Connection):
            path.send(datagram)
            return
        if self._socket is None or not isinstance(path, tuple):
            return
        try:
            self._socket.sendto(datagram, path)
        except OSError as error:  # no room, no route, or closed a moment ago
            self.counters[f"unsent_{error.errno}"] += 1

    def _read(self, loop: asyncio.AbstractEventLoop, udp: socket.socket) -> None:
        now = loop.time()
        buffer, receive = self._incoming, self.port.receive
        view = buffer.view[: SIZE - ROOM]
        for _ in range(BATCH):
            try:
                size, source = udp.recvfrom_into(view)
            except BlockingIOError:
                return
            except OSError as error:  # an ICMP answer to something sent
                self.counters[f"unread_{error.errno}"] += 1
                continue
            receive(buffer, size, source, source[:2], now=now)  # of IPv6 there are four

    def _on_tick(self, loop: asyncio.AbstractEventLoop) -> None:
        self._timer = loop.call_later(TICK, self._on_tick, loop)
        now = loop.time()
        self._ticks += 1
        if self._ticks % TRANSPORTS_EVERY == 0:
            self.port.tick(now=now)
            for connection in tuple(self._connections):
                connection.check(now)
        self._tick(now)

    # -- TCP ---------------------------------------------------------------------------------------------------

    def opened(self, connection: "_Connection") -> bool:
        """Take a connection; False if there are enough."""
        if len(self._connections) >= self.options.max_connections:
            self.counters["connections_refused"] += 1
            return False
        self._connections.add(connection)
        return True

    def closed(self, connection: "_Connection") -> None:
        """Let go of a connection."""
        self._connections.discard(connection)
        self.port.forget(connection)

    def received(self, data: bytes, connection: "_Connection", source: tuple[str, int], now: float) -> None:
        """Take one datagram from a connection."""
        size = self._incoming.fill(data)
        if size:
            self.port.receive(self._incoming, size, connection, source, now=now)


class _Connection(asyncio.Protocol):
    """One TCP connection as a path (RFC 6544, framed by RFC 4571)."""

    def __init__(self, listener: MediaListener) -> None:
        self._listener = listener
        self._reader = FrameReader()
        self._transport: asyncio.Transport | None = None
        self._source = ("0.0.0.0", 0)  # noqa: S104  # no address yet; nothing is bound to it
        self._loop = asyncio.get_running_loop()
        self._since = self._loop.time()

    @override
    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        if not self._listener.opened(self):
            transport.close()
            return
        self._transport = cast("asyncio.Transport", transport)  # uvloop's is no subclass of it
        self._source = transport.get_extra_info("peername")[:2]

    @override
    def data_received(self, data: bytes) -> None:
        now = self._loop.time()
        try:
            for datagram in self._reader.feed(data):
                self._listener.received(datagram, self, self._source, now)
        except FrameTooLong:
            log.info("media.connection_refused", reason="frame")
            self.abort()

    @override
    def connection_lost(self, exc: Exception | None) -> None:
        self._listener.closed(self)

    def send(self, datagram: memoryview | bytes) -> None:
        """Send one datagram, unless the peer owes too much."""
        if self._transport is None or self._transport.get_write_buffer_size() > MAX_QUEUED:
            self._listener.counters["unsent_tcp"] += 1
            return
        self._transport.write(frame(datagram))

    def check(self, now: float) -> None:
        """Close a connection that has shown no authentic check in time."""
        if now - self._since > self._listener.options.patience and not self._listener.port.knows(self):
            self.abort()

    def abort(self) -> None:
        """Close at once."""
        if self._transport is not None:
            self._transport.abort()
