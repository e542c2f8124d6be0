"""The demo county as its people reach it: a running hub, one day of it to the minute, and who is signed in."""

import asyncio
import json
import secrets
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import aiohttp

from server.cli.morning import Person as Resident
from server.clock import SystemClock, local_date
from tests.servers.hub import PASSWORD, RunningHub

Json = dict[str, Any]
SHANGHAI = ZoneInfo("Asia/Shanghai")
PATIENCE = 40.0  # seconds until something that has to happen by itself is missed; the machine may be busy
MA: Json = {
    "name": "马建国",
    "sex": "male",
    "birth_date": "1958-03-12",
    "identifiers": [{"system": "resident-id", "value": "990101195803120035"}],
    "phone": "13800000187",
    "assistance": [{"category": "registered-poverty", "from": "2020-01-01"}],
}


@dataclass(frozen=True, slots=True)
class Answer:
    """What the hub said; `body` is what JSON it carried."""

    status: int
    body: Any
    headers: Mapping[str, str]
    content: bytes

    @property
    def code(self) -> str:
        """Return the stable code of a refusal with its status: `422 SAME_SIGNER`."""
        return f"{self.status} {self.body.get('code') if isinstance(self.body, dict) else ''}"


@dataclass(slots=True)
class Person:
    """Somebody of the county at her screen; who was away for longer than her session lives signs in again."""

    username: str
    http: aiohttp.ClientSession
    url: str
    token: str = ""
    password: str = PASSWORD

    async def sign_in(self) -> "Person":
        answer = await self._ask("POST", "/api/v1/session", {"username": self.username, "password": self.password}, {})
        assert answer.status == 201, answer.body
        self.token = answer.body["token"]
        return self

    async def asks(self, method: str, path: str, body: Json | None = None, **headers: str) -> Answer:
        """Ask and return whatever the hub says; header names are written with underscores."""
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        if method == "POST":
            sent.setdefault("Idempotency-Key", secrets.token_hex(12))
        answer = await self._ask(method, path, body, sent)
        if answer.code == "401 SIGN_IN" and self.token:
            await self.sign_in()
            answer = await self._ask(method, path, body, sent)
        return answer

    async def _ask(self, method: str, path: str, body: Json | None, headers: dict[str, str]) -> Answer:
        if self.token:
            headers["Authorization"] = f"Bearer {self.token}"
        async with self.http.request(method, self.url + path, json=body, headers=headers) as response:
            content = await response.read()
            is_json = "json" in response.content_type and content
            return Answer(response.status, json.loads(content) if is_json else None, response.headers, content)

    async def sees(self, path: str) -> Json:
        """GET what she may see."""
        answer = await self.asks("GET", path)
        assert answer.status == 200, (path, answer.status, answer.content[:500])
        return dict(answer.body)

    async def does(self, path: str, body: Json | None = None) -> Json:
        """POST a command that is allowed."""
        answer = await self.asks("POST", path, body or {})
        assert answer.status in {200, 201}, (path, answer.status, answer.body)
        return dict(answer.body)

    async def is_refused(self, path: str, body: Json | None = None) -> str:
        """POST a command that is not allowed; return `status CODE`."""
        answer = await self.asks("POST", path, body or {})
        assert answer.status >= 400, (path, answer.body)
        return answer.code

    async def gets(self, path: str, accept: str) -> bytes:
        """GET bytes of a media type."""
        answer = await self.asks("GET", path, Accept=accept)
        assert answer.status == 200, (path, answer.status, answer.content[:500])
        return answer.content

    async def finds(self, path: str, accept: str = "application/dicom+json") -> list[Json]:
        """Search by QIDO-RS."""
        answer = await self.asks("GET", path, Accept=accept)
        assert answer.status in {200, 204}, (path, answer.status, answer.body)
        return list(answer.body or [])

    async def writes(self, order_id: str, version: int, **text: object) -> Answer:
        """Save the report's draft over the version she saw."""
        body = {"findings": "", "impression": "", "positive": False, "critical": False} | text
        return await self.asks("PUT", f"/api/v1/reading-orders/{order_id}/report", body, If_Match=f'"{version}"')

    async def reads_and_signs(self, order_id: str, findings: str, impression: str, **ticks: bool) -> Json:
        """Claim, write and sign; return the report that waits for its second signature."""
        await self.does(f"/api/v1/reading-orders/{order_id}/claim")
        draft = await self.sees(f"/api/v1/reading-orders/{order_id}/report")
        saved = await self.writes(order_id, draft["version"], findings=findings, impression=impression, **ticks)
        assert saved.status == 200, saved.body
        return await self.signs(saved.body["id"])

    async def signs(self, report_id: str) -> Json:
        return await self.does(f"/api/v1/reports/{report_id}/sign", {"password": self.password})

    async def verifies(self, report_id: str) -> Json:
        return await self.does(f"/api/v1/reports/{report_id}/verify", {"password": self.password})

    async def places(self, patient_id: str, kind: str, priority: str, **more: object) -> Json:
        """Ask a centre to read."""
        body: Json = {"patient_id": patient_id, "kind": kind, "priority": priority, "question": "", "history": ""}
        return await self.does("/api/v1/reading-orders", body | more)

    async def waits_for(self, order_id: str, *states: str) -> Json:
        """Look at an order until it is in one of the states."""
        order: Json = {}
        end = asyncio.get_running_loop().time() + PATIENCE
        while asyncio.get_running_loop().time() < end:
            answer = await self.asks("GET", f"/api/v1/reading-orders/{order_id}")
            assert answer.status in {200, 404}, answer.body  # 404 until it concerns her
            order = answer.body
            if answer.status == 200 and order["state"] in states:
                return dict(order)
            await asyncio.sleep(0.1)
        raise AssertionError(f"stayed in {order.get('state')}, expected {' or '.join(states)}: {order}")

    async def sees_flags(self, order_id: str, level: str) -> list[Json]:
        """Look at an order until it carries flags of a level."""
        flags: list[Json] = []
        end = asyncio.get_running_loop().time() + PATIENCE
        while asyncio.get_running_loop().time() < end and not flags:
            order = await self.sees(f"/api/v1/reading-orders/{order_id}")
            flags = [flag for flag in order["flags"] if flag["level"] == level]
            await asyncio.sleep(0.1)
        return flags

    async def order_of(self, study_uid: str, *states: str) -> Json:
        """Look through the orders she sees until one is about this study, in one of the states."""
        seen: list[tuple[str, str]] = []
        end = asyncio.get_running_loop().time() + PATIENCE
        while asyncio.get_running_loop().time() < end:
            items = (await self.sees("/api/v1/reading-orders?limit=200"))["items"]
            seen = [(item["study_uid"], item["state"]) for item in items]
            for item in items:
                if item["study_uid"] == study_uid and (not states or item["state"] in states):
                    return dict(item)
            await asyncio.sleep(0.1)
        raise AssertionError(f"no order of {study_uid} in {states or 'any state'}: {seen}")

    async def task(self, *words: str) -> Json:
        """Look at what waits for her until an item is there that contains all the words."""
        end = asyncio.get_running_loop().time() + PATIENCE
        items: list[Json] = []
        while asyncio.get_running_loop().time() < end:
            items = (await self.sees("/api/v1/tasks?mine=1"))["items"]
            for item in items:
                if all(word in json.dumps(item, ensure_ascii=False) for word in words):
                    return item
            await asyncio.sleep(0.1)
        raise AssertionError(f"{self.username} has no task with {words}: {items}")


@dataclass(slots=True)
class County:
    """One day in the county; `at` moves the hub's clock to a minute of it, forward only."""

    hub: RunningHub
    http: aiohttp.ClientSession
    day: date
    people: dict[str, Person] = field(default_factory=dict)

    async def at(self, minute: str) -> None:
        """Let it be that minute, local time, on the hub's clock; every process looks at it within 50 ms."""
        self.hub.set_clock((self.moment(minute) - SystemClock().now()).total_seconds())
        await asyncio.sleep(0.12)

    def goes_on(self, *, days: int) -> None:
        """Let days pass; who was signed in signs in again."""
        self.day += timedelta(days=days)

    def moment(self, minute: str) -> datetime:
        """Return a minute of this day."""
        return datetime.combine(self.day, time.fromisoformat(minute), SHANGHAI)

    async def person(self, username: str, password: str = PASSWORD) -> Person:
        """Return somebody who is signed in."""
        if username not in self.people:
            self.people[username] = await Person(username, self.http, self.hub.url, password=password).sign_in()
        return self.people[username]

    async def registers(self, doctor: Person, who: Json) -> str:
        """Let a doctor register a resident; return the patient's id."""
        return str((await doctor.does("/api/v1/patients", who))["id"])


def as_registration(who: Resident) -> Json:
    """Return a resident of the county as the register takes one."""
    return {
        "name": who.name,
        "sex": who.sex,
        "birth_date": who.birth_date,
        "identifiers": [{"system": "resident-id", "value": who.resident_id}],
    }


def minute(moment: str | None) -> str:
    """Return the local minute of an RFC 3339 time: `08:32`."""
    assert moment is not None
    return datetime.fromisoformat(moment).astimezone(SHANGHAI).strftime("%H:%M")


@asynccontextmanager
async def county(hub: RunningHub) -> AsyncIterator[County]:
    """Open the county on a day after every day that this hub has seen, so that its clock moves forward only."""
    seen = float(Path(hub.environment["LUTONG_CLOCK_FILE"]).read_text(encoding="ascii"))
    day = local_date(SystemClock().now() + timedelta(seconds=seen)) + timedelta(days=1)
    async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=60)) as http:
        yield County(hub, http, day)


@dataclass(slots=True)
class Ear:
    """What somebody hears on the live stream."""

    heard: list[tuple[str, Json]] = field(default_factory=list)

    async def hears(self, name: str, **data: object) -> Json:
        """Wait until an event of that name with that data has come."""
        end = asyncio.get_running_loop().time() + PATIENCE
        while asyncio.get_running_loop().time() < end:
            for event, body in self.heard:
                if event == name and data.items() <= body.items():
                    return body
            await asyncio.sleep(0.05)
        raise AssertionError(f"{name} {data} was not heard: {[event for event, _ in self.heard]}")


@asynccontextmanager
async def listening(person: Person) -> AsyncIterator[Ear]:
    """Follow the event stream as a person's screen does."""
    ear = Ear()
    headers = {"Authorization": f"Bearer {person.token}", "Accept": "text/event-stream"}
    timeout = aiohttp.ClientTimeout(total=None)
    async with person.http.get(f"{person.url}/api/v1/events", headers=headers, timeout=timeout) as response:
        assert response.status == 200
        follow = asyncio.create_task(_follow(response, ear))
        await ear.hears("heartbeat")
        try:
            yield ear
        finally:
            follow.cancel()
            await asyncio.gather(follow, return_exceptions=True)


async def _follow(response: aiohttp.ClientResponse, ear: Ear) -> None:
    name = ""
    async for raw in response.content:
        line = raw.decode().rstrip("\n")
        if line.startswith("event: "):
            name = line.removeprefix("event: ")
        elif line.startswith("data: "):
            ear.heard.append((name, json.loads(line.removeprefix("data: "))))


def utc(moment: str) -> datetime:
    """Return an RFC 3339 time as the aware moment it is."""
    return datetime.fromisoformat(moment).astimezone(UTC)
