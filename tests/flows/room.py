"""A consult's room as a program joins it: frames out, frames in, and the patient's link opened as a phone does."""

import asyncio
import itertools
import re
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta

import aiohttp

from tests.flows.consulting import CONSULTS, application, commands
from tests.flows.county import PATIENCE, County, Json, Person

Wanted = Callable[[Json], object]


@dataclass(slots=True)
class InRoom:
    """Somebody with a socket into a room."""

    connection: aiohttp.ClientWebSocketResponse
    heard: list[Json] = field(default_factory=list)
    closed: int | None = None
    _numbers: "itertools.count[int]" = field(default_factory=lambda: itertools.count(1))

    async def follow(self) -> None:
        """Keep what is heard until the socket closes."""
        async for message in self.connection:
            if message.type is aiohttp.WSMsgType.TEXT:
                self.heard.append(message.json())
        self.closed = self.connection.close_code

    async def asks(self, what: str, /, **fields: object) -> Json:
        """Say something and return the answer."""
        number = next(self._numbers)
        await self.connection.send_json({"type": what, "id": number, **fields})
        return await self._until(lambda frame: frame.get("id") == number, f"an answer to {what}")

    async def says(self, what: str, /, **fields: object) -> Json:
        """Say something that is done."""
        answer = await self.asks(what, **fields)
        assert answer["type"] != "error", answer
        return answer

    async def is_refused(self, what: str, /, **fields: object) -> str:
        """Say something that is refused; return the code."""
        answer = await self.asks(what, **fields)
        assert answer["type"] == "error", answer
        return str(answer["code"])

    async def hears(self, kind: str, holds: Wanted = lambda _: True) -> Json:
        """Wait for a frame of that type for which a condition holds."""
        return await self._until(lambda frame: frame["type"] == kind and holds(frame), kind)

    async def sees_room(self, holds: Wanted = lambda _: True) -> Json:
        """Wait until the room is so, and return it."""
        return dict((await self.hears("room", lambda frame: holds(frame["room"])))["room"])

    async def ends(self) -> str:
        """Wait for the end; return its reason."""
        return str((await self.hears("ended"))["reason"])

    async def _until(self, holds: Wanted, what: str) -> Json:
        end = asyncio.get_running_loop().time() + PATIENCE
        while asyncio.get_running_loop().time() < end:
            for frame in reversed(self.heard):
                if holds(frame):
                    return frame
            await asyncio.sleep(0.02)
        raise AssertionError(f"not heard: {what}; heard: {self.heard[-12:]}")


def person_in(room: Json, name: str) -> Json:
    """Return somebody's seat in a room."""
    return next((seat for seat in room["seats"] if seat["name"] == name), {})


@asynccontextmanager
async def in_room(who: Person, consult: Json, *, join: bool = True) -> AsyncIterator[InRoom]:
    """Open a socket into a consult's room, and join."""
    await who.sees("/api/v1/session")  # whoever was away for long signs in again
    headers = {"Authorization": f"Bearer {who.token}"}
    async with _socket(who.http, f"{who.url}{CONSULTS}/{consult['id']}/signal", headers) as room:
        if join:
            await room.says("join", microphone=True, camera=True)
        yield room


@asynccontextmanager
async def patient_in_room(county: County, url: str, consult: Json, last_four: str) -> AsyncIterator[InRoom]:
    """Open the patient's link as a phone does, prove the digits, and join."""
    origin = {"Origin": county.hub.url}
    async with aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True)) as phone:
        async with phone.get(url) as page:
            assert "身份证最后 4 位" in await page.text()
        async with phone.post(url, data={"last4": last_four}, allow_redirects=False) as bound:
            assert bound.status == 303, await bound.text()
            cookie = re.split(r"[;,]", bound.headers["Set-Cookie"])[0]
        address = f"{county.hub.url}{CONSULTS}/{consult['id']}/signal?as=patient"
        async with _socket(phone, address, {**origin, "Cookie": cookie}) as room:
            await room.says("join", microphone=True, camera=True)
            yield room


@asynccontextmanager
async def _socket(http: aiohttp.ClientSession, url: str, headers: dict[str, str]) -> AsyncIterator[InRoom]:
    async with http.ws_connect(url, headers=headers, max_msg_size=1 << 20) as connection:
        room = InRoom(connection)
        following = asyncio.create_task(room.follow())
        try:
            yield room
        finally:
            await connection.close()
            await asyncio.gather(following)


async def arranged(
    county: County, patient_id: str, begins: str, *, experts: tuple[str, ...] = ("zhaoning",), **more: object
) -> Json:
    """Apply for a video consult at T01, take it on at C01, offer a time and choose it."""
    doctor, desk = await county.person("lilan"), await county.person("zhoumin")
    at = county.moment(begins)
    wanted = application(patient_id, mode="video", wanted_times=[at.isoformat()], **more)
    consult = await doctor.does(CONSULTS, wanted)
    await commands(desk, consult, "triage", {"experts": list(experts)})
    slot = {"begins_at": at.isoformat(), "ends_at": (at + timedelta(minutes=30)).isoformat()}
    offered = await commands(desk, consult, "offer-slots", {"slots": [slot]})
    return await commands(doctor, consult, "choose-slot", {"slot_id": offered["slots"][0]["id"]})
