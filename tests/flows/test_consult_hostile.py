"""Who tries to get into a room, or to break it: guessed and stale tokens, foreign links, floods, odd frames."""

import asyncio
import json
import random
import secrets
from contextlib import AsyncExitStack, suppress

import aiohttp

from tests.flows.consulting import CONSULTS
from tests.flows.county import County, Json, Person
from tests.flows.room import InRoom, arranged, in_room, patient_in_room, person_in
from tests.flows.talking import talking
from tests.flows.test_consult_room import LAST_FOUR, in_call, patient_of, until_state

GUESSES = 300
COOKIE = "__Host-lutong-link"


async def until_closed(room: InRoom) -> int | None:
    """Wait until a socket has closed; return its code."""
    for _ in range(400):
        if room.closed is not None:
            return room.closed
        await asyncio.sleep(0.05)
    raise AssertionError("the socket stays open")


async def lobby_of(county: County, begins: str, opens: str) -> Json:
    """Arrange a consult, and let its lobby open."""
    consult = await arranged(county, await patient_of(county), begins)
    await county.at(opens)
    await until_state(county, consult, "lobby-open")
    return consult


async def test_nobody_comes_in_by_a_guess_another_rooms_link_or_another_browser(yunling: County) -> None:
    await yunling.at("08:00")
    doctor = await yunling.person("lilan")
    first, second = await arranged(yunling, await patient_of(yunling), "09:00"), None
    second = await arranged(yunling, await patient_of(yunling), "09:40")
    link = await doctor.does(f"{CONSULTS}/{first['id']}/links")
    await yunling.at("08:46")
    await until_state(yunling, first, "lobby-open")
    statuses = {await _opens(yunling, f"/j/{secrets.token_urlsafe(16)}") for _ in range(GUESSES)}
    assert statuses == {410}
    for consult in (first, second):
        for _ in range(20):
            assert await _socket_status(yunling, consult, f"{COOKIE}={secrets.token_urlsafe(16)}") == 4000
    async with patient_in_room(yunling, link["url"], first, LAST_FOUR) as patient:
        await patient.hears("lobby")
        cookie = str(patient.connection._response.request_info.headers["Cookie"])  # what the phone sends
        assert await _socket_status(yunling, second, cookie) == 4000
        assert await _opens(yunling, link["url"].removeprefix(yunling.hub.url)) == 403


async def test_a_later_link_and_the_end_of_a_session_send_people_out_and_media_stop(yunling: County) -> None:
    await yunling.at("10:00")
    async with AsyncExitStack() as stack:
        consult, here, there = await in_call(yunling, stack, "11:00")
        doctor = await yunling.person("lilan")
        link = await doctor.does(f"{CONSULTS}/{consult['id']}/links")
        patient = await stack.enter_async_context(patient_in_room(yunling, link["url"], consult, LAST_FOUR))
        room = await there.sees_room(lambda each: person_in(each, "马建国"))
        await there.says("admit", seat=person_in(room, "马建国")["id"])
        speaking, hearing = [await stack.enter_async_context(talking(each)) for each in (here, there)]
        await asyncio.gather(hearing.hears("李兰/microphone"), speaking.hears("赵宁/microphone"))

        await doctor.does(f"{CONSULTS}/{consult['id']}/links")
        assert await patient.ends() == "link-over"
        other = await Person("lilan", yunling.http, yunling.hub.url).sign_in()
        await doctor.asks("DELETE", "/api/v1/session")
        assert await here.ends() == "link-over"
        await hearing.hears_nothing_of("李兰/microphone")
        await speaking.hears_nothing_of("赵宁/microphone")
        yunling.people["lilan"] = other
        seats = (await there.sees_room(lambda each: len(each["seats"]) == 1))["seats"]
        assert [seat["name"] for seat in seats] == ["赵宁"]


async def test_everybody_inside_sees_everybody_who_is_there(yunling: County) -> None:
    await yunling.at("12:00")
    async with AsyncExitStack() as stack:
        consult, here, there = await in_call(yunling, stack, "13:00")
        async with in_room(await yunling.person("haiying"), consult) as lead:
            await lead.hears("lobby")
            epoch = (await there.hears("media"))["epoch"]
            for kind in ("subscribe", "restart"):
                assert await lead.is_refused(kind, epoch=epoch) == "NOT_ADMITTED"
            room = await there.sees_room(lambda each: person_in(each, "海英"))
            await there.says("admit", seat=person_in(room, "海英")["id"])
            for each in (here, there, lead):
                await each.sees_room(lambda seen: len(seen["seats"]) == 3)
        assert await _socket_status(yunling, consult, "", who=await yunling.person("helin")) == 101
        async with in_room(await yunling.person("helin"), consult, join=False) as stranger:
            assert await stranger.is_refused("join", microphone=True, camera=True) == "NOT_FOUND"


async def test_floods_and_broken_frames_end_their_socket_and_no_other(yunling: County) -> None:
    await yunling.at("14:00")
    async with AsyncExitStack() as stack:
        consult, here, there = await in_call(yunling, stack, "15:00")
        doctor = await yunling.person("lilan")
        await here.connection.send_str("x" * (1 << 20))
        assert await until_closed(here) == 1009
        flood = await stack.enter_async_context(in_room(doctor, consult))
        await _flood(flood)
        assert await until_closed(flood) in {1006, 1008}
        await _fuzz(yunling, consult, random.Random(11))
        assert (await there.says("ping"))["type"] == "pong"
        assert "room.frame_failed" not in yunling.hub.log.read_text(errors="replace"), "a frame was a fault of ours"
        assert (await yunling.http.get(f"{yunling.hub.url}/readyz")).status == 200


async def _flood(room: InRoom) -> None:
    """Send as fast as it goes, until the hub has had enough."""
    with suppress(ConnectionError, aiohttp.ClientError):
        for _ in range(10_000):
            await room.connection.send_str('{"type":"ping"}')


async def _fuzz(county: County, consult: Json, chance: random.Random) -> None:
    """Send frames whose fields hold anything; each is answered or ends its socket."""
    odd: tuple[object, ...] = (
        None,
        "",
        -1,
        1e308,
        [],
        {},
        True,
        "\ud800".encode("utf-16", "surrogatepass").hex(),
        "字" * 99,
    )
    kinds = ("publish", "answer", "want", "view", "point", "chat", "admit", "mute", "stats", "devices", "consent")
    names = (
        "sdp",
        "epoch",
        "version",
        "tracks",
        "view",
        "seat",
        "kind",
        "text",
        "key",
        "sources",
        "connection",
        "x",
        "up",
    )
    for _ in range(15):
        async with in_room(await county.person("lilan"), consult) as room:
            for number in range(40):
                fields = {name: chance.choice(odd) for name in chance.sample(names, 5)}
                if room.connection.closed:
                    break
                text = json.dumps({"type": chance.choice(kinds), "id": number + 100, **fields})
                await room.connection.send_str(text)
                await asyncio.sleep(0)


async def _opens(county: County, path: str) -> int:
    async with county.http.get(county.hub.url + path) as page:
        return page.status


async def _socket_status(county: County, consult: Json, cookie: str, *, who: Person | None = None) -> int:
    """Return the status of a refused handshake, the code with which a socket was closed at once, or 101."""
    headers = {"Authorization": f"Bearer {who.token}"} if who else {"Origin": county.hub.url, "Cookie": cookie}
    url = f"{county.hub.url}{CONSULTS}/{consult['id']}/signal"
    try:
        async with county.http.ws_connect(url, headers=headers) as connection:
            try:
                async with asyncio.timeout(1):
                    while (await connection.receive()).type is aiohttp.WSMsgType.TEXT:
                        pass
            except TimeoutError:
                return 101  # it waits for a join
            return int(connection.close_code or 0)
    except aiohttp.WSServerHandshakeError as refusal:
        return refusal.status
