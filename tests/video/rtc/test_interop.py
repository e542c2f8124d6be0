"""Stock aiortc peers on a real port: media pass through the forwarder, and nothing is decoded or encoded in it."""

import asyncio
import contextlib
import subprocess
import sys
from collections import Counter
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from aiortc import MediaStreamTrack, RTCPeerConnection, RTCSessionDescription
from aiortc.mediastreams import AudioStreamTrack, MediaStreamError, VideoStreamTrack

from tests.video.rtc.hub import Hub, peer, publish, subscribe, until
from video.rtc import stun
from video.rtc.forward.subscriber import Limit
from video.rtc.framing import FrameReader, frame
from video.rtc.stun import Attribute, Class

ROOT = Path(__file__).parents[3]


class Viewer:
    """A peer that decodes what it is sent, and counts."""

    def __init__(self) -> None:
        self.connection = peer()
        self.frames: Counter[str] = Counter()
        self._tasks: list[asyncio.Task[None]] = []
        self.connection.on("track", self._watch)

    def _watch(self, track: MediaStreamTrack) -> None:
        self._tasks.append(asyncio.get_running_loop().create_task(self._count(track)))

    async def _count(self, track: MediaStreamTrack) -> None:
        with contextlib.suppress(MediaStreamError):
            while True:
                await track.recv()
                self.frames[track.kind] += 1

    async def close(self) -> None:
        await self.connection.close()
        await asyncio.gather(*self._tasks, return_exceptions=True)


@pytest.fixture
async def hub() -> AsyncIterator[Hub]:
    async with Hub() as made:
        yield made


@pytest.fixture
async def sender() -> AsyncIterator[RTCPeerConnection]:
    made = peer()
    made.addTrack(AudioStreamTrack())
    made.addTrack(VideoStreamTrack())
    yield made
    await made.close()


@pytest.fixture
async def viewer() -> AsyncIterator[Viewer]:
    made = Viewer()
    yield made
    await made.close()


@pytest.fixture
async def other() -> AsyncIterator[Viewer]:
    made = Viewer()
    yield made
    await made.close()


async def test_sound_and_picture_pass_to_two_viewers(
    hub: Hub, sender: RTCPeerConnection, viewer: Viewer, other: Viewer
) -> None:
    publisher, _ = await publish(hub, sender)
    subscriber, _ = await subscribe(hub, publisher, viewer.connection)
    await subscribe(hub, publisher, other.connection, limit=Limit.LOW)
    for each in (viewer, other):
        await until(lambda each=each: each.frames["video"] > 20, "20 pictures")  # type: ignore[misc]
        await until(lambda each=each: each.frames["audio"] > 20, "20 pieces of sound")  # type: ignore[misc]
    assert subscriber.is_connected
    assert {source.kind for source in publisher.sources.values()} == {"audio", "video"}


WITHOUT_CODECS = """
import sys
sys.modules.update(dict.fromkeys(("av", "aiortc", "cv2"), None))  # to import one of them raises
import server.listeners.media
from tests.video.rtc.test_forward_room import Room
got = Room().play(2.0)
print(len(got))
"""


def test_the_server_forwards_where_no_codec_can_even_be_loaded() -> None:
    done = subprocess.run([sys.executable, "-c", WITHOUT_CODECS], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert int(done.stdout) > 100


async def test_what_is_lost_on_the_way_to_a_viewer_is_sent_again(
    hub: Hub, sender: RTCPeerConnection, viewer: Viewer
) -> None:
    publisher, _ = await publish(hub, sender)
    subscriber, _ = await subscribe(hub, publisher, viewer.connection)
    await until(lambda: viewer.frames["video"] > 5, "pictures")
    count = 0

    def lose(datagram: memoryview | bytes) -> bool:
        nonlocal count
        if 128 <= datagram[0] < 192 and datagram[1] & 0x7F == 96 and not 192 <= datagram[1] < 224:
            count += 1
            return count % 10 == 0
        return False

    hub.lose = lose
    before = viewer.frames["video"]
    await until(lambda: subscriber.repairs >= 3, "three retransmissions")
    await until(lambda: viewer.frames["video"] > before + 30, "30 more pictures")
    assert count > 0


async def test_a_key_frame_that_a_viewer_needs_is_asked_of_the_publisher(
    hub: Hub, sender: RTCPeerConnection, viewer: Viewer
) -> None:
    asked = 0
    video = sender.getSenders()[1]
    original = video._send_keyframe

    def count() -> None:
        nonlocal asked
        asked += 1
        original()

    video._send_keyframe = count  # type: ignore[method-assign]
    publisher, _ = await publish(hub, sender)
    await until(lambda: publisher.is_connected, "the publisher's connection")
    await asyncio.sleep(0.5)  # its first key frame is long over
    await subscribe(hub, publisher, viewer.connection)
    await until(lambda: viewer.frames["video"] > 0, "a picture")
    assert asked > 0


async def test_whoever_leaves_is_noticed_and_let_go(hub: Hub, sender: RTCPeerConnection, viewer: Viewer) -> None:
    publisher, _ = await publish(hub, sender)
    subscriber, _ = await subscribe(hub, publisher, viewer.connection)
    await until(lambda: subscriber.is_connected, "the viewer's connection")
    await viewer.connection.close()
    await until(lambda: bool(subscriber.ended_because), "the goodbye")
    await until(lambda: len(hub.listener.port) == 1, "one transport left")
    assert publisher.is_connected


async def test_a_swapped_fingerprint_gets_no_media(hub: Hub, sender: RTCPeerConnection) -> None:
    await sender.setLocalDescription(await sender.createOffer())
    offer = sender.localDescription.sdp
    begin = offer.index("a=fingerprint:sha-256 ") + 22
    swapped = offer.replace(offer[begin : begin + 95], ":".join(["00"] * 32))
    text, publisher, _ = hub.publish(swapped)
    await sender.setRemoteDescription(RTCSessionDescription(text, "answer"))
    await until(lambda: "signalling" in publisher.ended_because, "the refusal")
    assert not publisher.is_connected


# -- the same port over TCP -------------------------------------------------------------------------------------


async def test_a_check_over_tcp_is_answered_on_its_connection(hub: Hub) -> None:
    local = hub.local()
    transport = hub.transport(local)
    reader, writer = await asyncio.open_connection("127.0.0.1", hub.candidates[1][2])
    name = f"{local.credentials.ufrag}:them".encode()
    attributes = [(Attribute.USERNAME, name), (Attribute.USE_CANDIDATE, b""), (Attribute.ICE_CONTROLLING, bytes(8))]
    asked = stun.build(Class.REQUEST, b"transaction.", attributes, key=local.credentials.password.encode())
    writer.write(frame(asked)[:7])
    await asyncio.sleep(0.05)
    writer.write(frame(asked)[7:])
    frames = FrameReader()
    (answer,) = frames.feed(await asyncio.wait_for(reader.read(2048), 5))
    message = stun.parse(answer)
    mapped = message.attributes[Attribute.XOR_MAPPED_ADDRESS]
    assert stun.read_xor_address(mapped, b"transaction.") == writer.get_extra_info("sockname")[:2]
    assert transport.ice.selected is not None
    writer.close()
    await until(lambda: transport.ice.selected is None, "the path to be forgotten")


async def test_a_connection_that_carries_something_else_is_closed(hub: Hub) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", hub.candidates[1][2])
    writer.write(b"GET / HTTP/1.1\r\n\r\n")
    assert await asyncio.wait_for(reader.read(), 5) == b""
    writer.close()
