"""A line that drops answers: requests go through, and what comes back is swallowed (B04)."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from urllib.parse import urlsplit


@asynccontextmanager
async def swallowing(url: str) -> AsyncIterator[str]:
    """Give an address whose requests reach `url`; the connection is cut when the first byte of the answer comes."""
    target = urlsplit(url)

    async def carry(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        there, onward = await asyncio.open_connection(target.hostname, target.port)
        answered = asyncio.create_task(there.read(1))
        with suppress(ConnectionError):
            while not answered.done():
                read = asyncio.create_task(reader.read(65536))
                await asyncio.wait({read, answered}, return_when=asyncio.FIRST_COMPLETED)
                if not read.done():
                    read.cancel()
                elif not (data := read.result()):
                    break
                else:
                    onward.write(data)
        await answered
        for each in (onward, writer):
            each.close()

    server = await asyncio.start_server(carry, "127.0.0.1", 0)
    try:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    finally:
        server.close()
        await server.wait_closed()
