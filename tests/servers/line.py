"""A line between browsers and the hub that a test cuts, mends and gives another address, as thin air does.

Pages go over TCP by `url`. Media go over UDP, and over TCP, by the address that the hub names in its candidates: the
hub has to be started with `LUTONG_MEDIA_ADDRESS` as `AT`, where the line stands on the hub's own media port.
"""

import asyncio
import itertools
from collections.abc import AsyncIterator, Coroutine, Iterator
from contextlib import asynccontextmanager, suppress
from functools import partial
from typing import Final, cast

from typing_extensions import override

from tests.servers.hub import RunningHub

AT: Final = "127.0.0.2"
HUB: Final = "127.0.0.1"
Address = tuple[str, int]


class Line:
    """Everything that goes over the line; what was there when it was cut stays cut until it is mended."""

    def __init__(self, hub: RunningHub) -> None:
        self.http_port = 0
        self.carried = 0  # datagrams
        self.lets_udp = True
        self._open = asyncio.Event()
        self._open.set()
        self._media = int(hub.environment["LUTONG_MEDIA_PORT"])
        self._hub = hub
        self._flows: dict[Address, _Flow] = {}
        self._making = asyncio.Lock()
        self._front: asyncio.DatagramTransport | None = None
        self._servers: list[asyncio.Server] = []
        self._carrying: set[asyncio.Task[None]] = set()

    def cut(self) -> None:
        """Let nothing through, and say so to nobody."""
        self._open.clear()

    def mend(self) -> None:
        """Let through what is sent from now on; a TCP connection delivers what it kept."""
        self._open.set()

    async def moves(self) -> None:
        """Change the address from which every media flow reaches the hub, as a router does that forgot it."""
        for address in list(self._flows):
            self._flows.pop(address).close()
            await self._flow(address)

    @property
    def is_cut(self) -> bool:
        """Tell whether nothing goes through."""
        return not self._open.is_set()

    # -- datagrams ---------------------------------------------------------------------------------------------

    def up(self, data: bytes, address: Address) -> None:
        """Take a datagram of a browser."""
        if self.is_cut or not self.lets_udp:
            return
        flow = self._flows.get(address)
        if flow is not None:
            self.carried += 1
            flow.send(data)
        else:
            self._start(self._first(data, address))

    async def _first(self, data: bytes, address: Address) -> None:
        (await self._flow(address)).send(data)

    async def _flow(self, address: Address) -> "_Flow":
        async with self._making:  # two of its datagrams come at once
            if address not in self._flows:
                loop = asyncio.get_running_loop()
                _, self._flows[address] = await loop.create_datagram_endpoint(
                    lambda: _Flow(self, address), remote_addr=(HUB, self._media), local_addr=(HUB, 0)
                )
        return self._flows[address]

    def down(self, data: bytes, address: Address) -> None:
        """Take a datagram of the hub."""
        if self.lets_udp and not self.is_cut and self._front is not None:
            self.carried += 1
            self._front.sendto(data, address)

    # -- connections -------------------------------------------------------------------------------------------

    def _start(self, work: Coroutine[None, None, None]) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._carrying.add(task)
        task.add_done_callback(self._carrying.discard)

    async def _carry(self, port: int, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(OSError):
            there, onward = await asyncio.open_connection(HUB, port)
            await asyncio.wait(
                [
                    asyncio.create_task(self._pump(reader, onward)),
                    asyncio.create_task(self._pump(there, writer)),
                ],
                return_when=asyncio.FIRST_COMPLETED,
            )
            onward.close()
        writer.close()

    async def _pump(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(OSError):
            while data := await reader.read(1 << 16):
                await self._open.wait()
                writer.write(data)
                await writer.drain()

    async def open(self) -> None:
        """Begin to carry."""
        loop = asyncio.get_running_loop()
        self._front, _ = await loop.create_datagram_endpoint(lambda: _Front(self), local_addr=(AT, self._media))
        for host, port, target in ((HUB, 0, self._hub.http_port), (AT, self._media, self._media)):
            self._servers.append(await asyncio.start_server(partial(self._carry, target), host, port))
        self.http_port = self._servers[0].sockets[0].getsockname()[1]

    async def close(self) -> None:
        """Carry nothing any more."""
        for server in self._servers:
            server.close()
        carrying = tuple(self._carrying)
        for task in carrying:
            task.cancel()
        await asyncio.gather(*carrying, return_exceptions=True)
        for each in self._transports():
            each.close()
        await asyncio.sleep(0)

    def _transports(self) -> Iterator["asyncio.DatagramTransport | _Flow"]:
        fronts = () if self._front is None else (self._front,)
        return itertools.chain(fronts, self._flows.values())


class _Front(asyncio.DatagramProtocol):
    """Where browsers send their media to."""

    def __init__(self, line: Line) -> None:
        self._line = line

    @override
    def datagram_received(self, data: bytes, addr: Address) -> None:
        self._line.up(data, addr)


class _Flow(asyncio.DatagramProtocol):
    """One browser's media as the hub sees them: from an address of its own."""

    def __init__(self, line: Line, address: Address) -> None:
        self._line, self._address = line, address
        self._transport: asyncio.DatagramTransport | None = None

    @override
    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.DatagramTransport", transport)  # Python 3.11's is none by its bases

    @override
    def datagram_received(self, data: bytes, addr: Address) -> None:
        self._line.down(data, self._address)

    def send(self, data: bytes) -> None:
        """Send on to the hub."""
        if self._transport is not None:
            self._transport.sendto(data)

    def close(self) -> None:
        """Forget the address."""
        if self._transport is not None:
            self._transport.close()


@asynccontextmanager
async def line_to(hub: RunningHub) -> AsyncIterator[Line]:
    """Give a line to a hub."""
    line = Line(hub)
    await line.open()
    try:
        yield line
    finally:
        await line.close()
