"""Before anybody joins, her browser tries by which way media reach the hub: over UDP, over TCP, or by none."""

import asyncio
from contextlib import AsyncExitStack
from functools import partial

from aiortc import RTCPeerConnection, RTCSessionDescription
from aiortc.mediastreams import AudioStreamTrack

from tests.flows.county import County
from tests.flows.room import InRoom, arranged, in_room
from tests.flows.test_consult_room import patient_of
from tests.video.rtc.hub import peer, until


async def at_the_door(county: County, stack: AsyncExitStack, begins: str) -> InRoom:
    """Open a socket at a consult's door, long before its time, and do not join."""
    doctor = await county.person("lilan")
    consult = await arranged(county, await patient_of(county), begins)
    for _ in range(200):  # a worker may begin a moment after its hub
        async with in_room(doctor, consult, join=False) as door:
            if (await door.asks("probe", sdp="no offer"))["code"] != "MEDIA_AWAY":
                break
        await asyncio.sleep(0.2)
    return await stack.enter_async_context(in_room(doctor, consult, join=False))


async def offer() -> RTCPeerConnection:
    """Return a connection that has offered nothing."""
    connection = peer()
    connection.addTransceiver(AudioStreamTrack(), direction="sendonly")
    await connection.setLocalDescription(await connection.createOffer())
    return connection


def is_connected(connection: RTCPeerConnection) -> bool:
    return str(connection.connectionState) == "connected"


async def test_a_trial_connects_and_leaves_nothing_behind(yunling: County) -> None:
    await yunling.at("08:00")
    async with AsyncExitStack() as stack:
        door = await at_the_door(yunling, stack, "15:00")
        assert (await door.says("probe"))["ice_servers"] == []
        for _ in range(2):
            connection = await offer()
            stack.push_async_callback(connection.close)
            answer = await door.says("probe", sdp=connection.localDescription.sdp)
            assert all(way in answer["sdp"].lower() for way in (" udp ", " tcp "))
            await connection.setRemoteDescription(RTCSessionDescription(answer["sdp"], "answer"))
            await until(partial(is_connected, connection), "a connection")
        assert await door.is_refused("publish", connection="main", epoch=1, sdp="v=0", sources={}) == "FORBIDDEN"


async def test_trials_are_few_and_only_of_offers(yunling: County) -> None:
    await yunling.at("09:00")
    async with AsyncExitStack() as stack:
        door = await at_the_door(yunling, stack, "16:00")
        assert await door.is_refused("probe", sdp="no offer") == "MALFORMED"
        codes = [await door.asks("probe", sdp="no offer") for _ in range(6)]
        assert [each["code"] for each in codes] == ["MALFORMED"] * 5 + ["FORBIDDEN"]
