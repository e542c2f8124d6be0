"""A request's body as it arrives, for routes that stream: bounded in size, in silence and in slowness (W22, W25)."""

import asyncio
from collections.abc import AsyncIterator

from aiohttp import web

from dicom.errors import BodyBroken, UnsupportedMedia

SILENCE = 60.0  # seconds without a byte, and what a body may take beside its bytes
SLOWEST = 1024  # bytes a second; a line of 256 kbit/s carries 32,000


async def body_of(request: web.Request, limit: int) -> AsyncIterator[bytes]:
    """Give the body in pieces.

    Raises
    ------
    BodyBroken
        When the line is cut, falls silent, drips, or more comes than the limit.
    UnsupportedMedia
        For a compressed body: what it would become is not known before it is written.
    """
    if request.headers.get("Content-Encoding", "identity").lower() != "identity":
        raise UnsupportedMedia("send the body uncompressed")
    loop = asyncio.get_running_loop()
    started, received = loop.time(), 0
    try:
        while True:
            async with asyncio.timeout_at(min(loop.time(), started + received / SLOWEST) + SILENCE):
                data = await request.content.readany()
            received += len(data)
            if received > limit:
                raise BodyBroken("the body is longer than it may be")
            if not data:
                return
            yield data
    except (ConnectionError, TimeoutError, web.RequestPayloadError) as error:
        raise BodyBroken(f"the body broke off after {received} bytes") from error
