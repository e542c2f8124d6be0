"""A server of the video bench: ours or aiortc's MediaRelay behind the bench's demo dialect; `ours` or `relay`.

It prints its port and process id as one line of JSON, and ends with its standard input.
"""

import asyncio
import json
import os
import sys
from collections.abc import Awaitable, Callable
from typing import Any, Protocol

from aiohttp import WSMsgType, web
from aiortc import RTCPeerConnection, RTCSessionDescription
from aiortc.contrib.media import MediaRelay

from tests.video.rtc.hub import Hub, peer
from video.rtc.forward.publisher import Publisher
from video.rtc.forward.subscriber import Subscriber
from video.rtc.negotiate import Offered
from video.rtc.transport import Transport

Message = dict[str, Any]


class Server(Protocol):
    """What the dialect asks of a server."""

    async def publish(self, room: str, sdp: str) -> str:
        """Answer an offer."""
        ...

    async def subscribe(self, room: str, feed: int) -> tuple[int, str]:
        """Return a subscription and an offer."""
        ...

    async def answer(self, subscription: int, sdp: str) -> None:
        """Take a subscription's answer."""
        ...

    def feeds(self, room: str) -> list[int]:
        """Return who publishes."""
        ...


class Ours:
    """The forwarder."""

    def __init__(self, hub: Hub) -> None:
        self._hub = hub
        self._rooms: dict[str, list[Publisher]] = {}
        self._offers: dict[int, tuple[list[Offered], Publisher, Subscriber, Transport]] = {}

    async def publish(self, room: str, sdp: str) -> str:
        """See `Server`."""
        text, publisher, _ = self._hub.publish(sdp)
        self._rooms.setdefault(room, []).append(publisher)
        return text

    async def subscribe(self, room: str, feed: int) -> tuple[int, str]:
        """See `Server`."""
        publisher = self._rooms[room][feed]
        text, offered, subscriber, transport = self._hub.offer(publisher)
        number = len(self._offers)
        self._offers[number] = (offered, publisher, subscriber, transport)
        return number, text

    async def answer(self, subscription: int, sdp: str) -> None:
        """See `Server`."""
        self._hub.answered(sdp, *self._offers[subscription])

    def feeds(self, room: str) -> list[int]:
        """See `Server`."""
        return list(range(len(self._rooms.get(room, []))))


class Relay:
    """Stock aiortc: each viewer has an encoder of its own."""

    def __init__(self) -> None:
        self._relay = MediaRelay()
        self._rooms: dict[str, list[RTCPeerConnection]] = {}
        self._viewers: list[RTCPeerConnection] = []

    async def publish(self, room: str, sdp: str) -> str:
        """See `Server`."""
        connection = peer()
        self._rooms.setdefault(room, []).append(connection)
        await connection.setRemoteDescription(RTCSessionDescription(sdp, "offer"))
        await connection.setLocalDescription(await connection.createAnswer())
        return connection.localDescription.sdp

    async def subscribe(self, room: str, feed: int) -> tuple[int, str]:
        """See `Server`."""
        viewer = peer()
        for receiver in self._rooms[room][feed].getReceivers():
            viewer.addTrack(self._relay.subscribe(receiver.track))
        await viewer.setLocalDescription(await viewer.createOffer())
        self._viewers.append(viewer)
        return len(self._viewers) - 1, viewer.localDescription.sdp

    async def answer(self, subscription: int, sdp: str) -> None:
        """See `Server`."""
        await self._viewers[subscription].setRemoteDescription(RTCSessionDescription(sdp, "answer"))

    def feeds(self, room: str) -> list[int]:
        """See `Server`."""
        return list(range(len(self._rooms.get(room, []))))


async def _do(server: Server, message: Message) -> Message:
    room = str(message["room"])
    match message["op"]:
        case "publish":
            return {"sdp": await server.publish(room, message["sdp"])}
        case "feeds":
            return {"feeds": server.feeds(room)}
        case "subscribe":
            number, text = await server.subscribe(room, message["feed"])
            return {"sub": number, "sdp": text}
        case "answer":
            await server.answer(message["sub"], message["sdp"])
            return {}
        case _:
            return {}


def _handler(server: Server) -> Callable[[web.Request], Awaitable[web.WebSocketResponse]]:
    async def handle(request: web.Request) -> web.WebSocketResponse:
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        async for each in socket:
            if each.type is WSMsgType.TEXT:
                message = json.loads(each.data)
                await socket.send_json({"id": message["id"], **await _do(server, message)})
        return socket

    return handle


async def main() -> None:
    """Serve until standard input ends."""
    async with Hub() as hub:
        server: Server = Ours(hub) if sys.argv[1] == "ours" else Relay()
        app = web.Application()
        app.router.add_get("/", _handler(server))
        runner = web.AppRunner(app)
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        print(json.dumps({"port": runner.addresses[0][1], "pid": os.getpid()}), flush=True)
        await asyncio.to_thread(sys.stdin.read)
        await runner.cleanup()


if __name__ == "__main__":
    asyncio.run(main())
