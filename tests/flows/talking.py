"""People who talk in a consult's room: stock aiortc peers behind a signalling socket, who hear whose frames come."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

from aiortc import MediaStreamTrack, RTCPeerConnection, RTCSessionDescription
from aiortc.mediastreams import AudioStreamTrack, MediaStreamError, VideoStreamTrack

from tests.flows.county import PATIENCE, Json
from tests.flows.room import InRoom
from tests.video.rtc.hub import peer


class Talker:
    """Somebody inside who sends sound and a picture, and receives everybody; begins anew with each life of the room.

    `heard` counts decoded frames by `name/source`.
    """

    def __init__(self, room: InRoom) -> None:
        self.room = room
        self.epoch = 0
        self.heard: Counter[str] = Counter()
        self._sending: RTCPeerConnection | None = None
        self._receiving: RTCPeerConnection | None = None
        self._answered = (0, 0)
        self._names: dict[str, str] = {}
        self._counting: list[asyncio.Task[None]] = []

    async def follow(self) -> None:
        """Do what the room asks, until cancelled."""
        read = 0
        while True:
            for frame in self.room.heard[read:]:
                read += 1
                if frame["type"] == "media" and frame["epoch"] != self.epoch:
                    await self._begin(frame["epoch"])
                elif frame["type"] == "offer" and frame["epoch"] == self.epoch:
                    await self._answer(frame)
            await asyncio.sleep(0.02)

    async def _begin(self, epoch: int) -> None:
        await self.close()
        self.epoch, self._answered = epoch, (epoch, 0)
        self._sending, self._receiving = peer(), None
        self._sending.addTrack(AudioStreamTrack())
        self._sending.addTrack(VideoStreamTrack())
        await self._sending.setLocalDescription(await self._sending.createOffer())
        sources = {"0": "microphone", "1": "camera"}
        sdp = self._sending.localDescription.sdp
        said = await self.room.says("publish", connection="main", epoch=epoch, sdp=sdp, sources=sources)
        await self._sending.setRemoteDescription(RTCSessionDescription(said["sdp"], "answer"))
        await self.room.says("subscribe", epoch=epoch)
        await self.room.says("devices", microphone=True, camera=True, screen=False)

    async def _answer(self, offer: Json) -> None:
        if self._receiving is None:
            self._receiving = peer()
            self._receiving.on("track", self._watch)
        names = {seat["id"]: seat["name"] for seat in (await self.room.sees_room())["seats"]}
        self._names = {each["mid"]: f"{names.get(each['seat'])}/{each['source']}" for each in offer["tracks"]}
        await self._receiving.setRemoteDescription(RTCSessionDescription(offer["sdp"], "offer"))
        await self._receiving.setLocalDescription(await self._receiving.createAnswer())
        sdp = self._receiving.localDescription.sdp
        await self.room.says("answer", epoch=offer["epoch"], version=offer["version"], sdp=sdp)

    def _watch(self, track: MediaStreamTrack) -> None:
        assert self._receiving is not None
        mid = next(each.mid for each in self._receiving.getTransceivers() if each.receiver.track is track)
        self._counting.append(asyncio.get_running_loop().create_task(self._count(track, self._names[str(mid)])))

    async def _count(self, track: MediaStreamTrack, name: str) -> None:
        with suppress(MediaStreamError):
            while True:
                await track.recv()
                self.heard[name] += 1

    async def hears(self, name: str, *, seconds: float = PATIENCE) -> None:
        """Wait until more of somebody comes."""
        before, end = self.heard[name], asyncio.get_running_loop().time() + seconds
        while self.heard[name] < before + 10:
            assert asyncio.get_running_loop().time() < end, f"{name} is not heard: {self.heard}"
            await asyncio.sleep(0.05)

    async def hears_nothing_of(self, name: str, *, seconds: float = PATIENCE) -> None:
        """Wait until nothing of somebody comes any more; how soon that is, no test says on a busy machine."""
        end = asyncio.get_running_loop().time() + seconds
        while True:
            before = self.heard[name]
            await asyncio.sleep(0.5)
            if self.heard[name] == before:
                return
            assert asyncio.get_running_loop().time() < end, f"{name} is still heard"

    async def close(self) -> None:
        """Close both connections."""
        for connection in (self._sending, self._receiving):
            if connection is not None:
                await connection.close()
        await asyncio.gather(*self._counting, return_exceptions=True)
        self._counting.clear()


@asynccontextmanager
async def talking(room: InRoom) -> AsyncIterator[Talker]:
    """Talk in a room."""
    talker = Talker(room)
    following = asyncio.create_task(talker.follow())
    try:
        yield talker
    finally:
        following.cancel()
        await asyncio.gather(following, return_exceptions=True)
        await talker.close()
