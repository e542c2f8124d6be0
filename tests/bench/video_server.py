"""A server of the video bench behind its demo dialect: `ours ADDRESS`, a media worker, or `relay`, aiortc's MediaRelay.

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

from tests.server.listeners.media_house import House, RunningWorker, running_worker
from tests.servers.redis import RunningRedis, running_redis
from tests.video.rtc.hub import peer, until
from video.rtc.sdp import parse as read_sdp

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
    """A media worker, asked through Redis as web processes ask it; each publisher has a room of her own."""

    def __init__(self, redis: RunningRedis, worker: RunningWorker) -> None:
        self._redis, self._worker = redis, worker
        self._houses: list[House] = []
        self._rooms: dict[str, list[int]] = {}
        self._offers: list[tuple[House, str, int]] = []

    async def publish(self, room: str, sdp: str) -> str:
        """See `Server`."""
        house = await House(self._redis).__aenter__()
        await house.place(port=self._worker.port)
        self._rooms.setdefault(room, []).append(len(self._houses))
        self._houses.append(house)
        await house.roster(publisher={"publish": ["microphone", "camera"]})
        names = {"audio": "microphone", "video": "camera"}
        sources = {section.mid: names[section.kind] for section in read_sdp(sdp).sections}
        answer = await house.ask("publish", seat="publisher", connection="main", sdp=sdp, sources=sources)
        return str(answer["sdp"])

    async def subscribe(self, room: str, feed: int) -> tuple[int, str]:
        """See `Server`."""
        del room
        house, seat = self._houses[feed], f"viewer{len(self._offers)}"
        await house.roster(**{seat: {"receive": True}})
        await house.ask("subscribe", seat=seat)
        await until(lambda: bool(house.told(seat, "offer")), "an offer")
        offer = house.told(seat, "offer")[-1]
        self._offers.append((house, seat, offer["version"]))
        return len(self._offers) - 1, offer["sdp"]

    async def answer(self, subscription: int, sdp: str) -> None:
        """See `Server`."""
        house, seat, version = self._offers[subscription]
        await house.ask("answer", seat=seat, version=version, sdp=sdp)

    def feeds(self, room: str) -> list[int]:
        """See `Server`."""
        return self._rooms.get(room, [])

    async def renew(self) -> None:
        """Say every roster again, as long as the rooms are to live."""
        while True:
            await asyncio.sleep(5)
            for house in self._houses:
                await house.roster()


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


async def serve(server: Server, pid: int) -> None:
    """Serve until standard input ends."""
    app = web.Application()
    app.router.add_get("/", _handler(server))
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    print(json.dumps({"port": runner.addresses[0][1], "pid": pid}), flush=True)
    await asyncio.to_thread(sys.stdin.read)
    await runner.cleanup()


async def serve_ours(host: str) -> None:
    """Serve by a media worker on this address."""
    with running_redis() as redis, running_worker(redis, host=host) as worker:
        ours = Ours(redis, worker)
        renewing = asyncio.create_task(ours.renew(), name="renew")
        await serve(ours, worker.process.pid)
        renewing.cancel()


if __name__ == "__main__":
    asyncio.run(serve(Relay(), os.getpid()) if sys.argv[1] == "relay" else serve_ours(sys.argv[2]))
