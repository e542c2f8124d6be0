"""The demo county in this process: hub and web application without Redis, workers or ports of a gateway."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any

from aiohttp import ClientResponse, CookieJar
from aiohttp.test_utils import TestClient, TestServer

from server.accounts.passwords import PasswordHasher, Profile
from server.api.app import create_app
from server.bootstrap import Hub, open_hub
from server.clock import SystemClock
from server.db.migrations.run import migrate
from server.settings import load
from server.workflows import demo

P1 = {
    "name": "马建国",
    "sex": "male",
    "birth_date": "1958-03-12",
    "identifiers": [{"system": "resident-id", "value": "990101195803120035"}],
    "phone": "13800000187",
    "address": "石门镇石门村 3 组",
    "assistance": [{"category": "registered-poverty", "from": "2020-01-01"}],
}


class MovableClock:
    """The machine's clock, moved by a test."""

    def __init__(self) -> None:
        self.offset = timedelta()

    def now(self) -> datetime:
        """Return the moved instant."""
        return SystemClock().now() + self.offset


@dataclass
class Person:
    """Somebody signed in, by bearer token."""

    client: "TestClient[Any, Any]"
    session: dict[str, Any]
    keys: Any = field(default_factory=count)

    @property
    def headers(self) -> dict[str, str]:
        """Return what every request of hers carries."""
        return {"Authorization": f"Bearer {self.session['token']}"}

    async def get(self, path: str) -> tuple[int, dict[str, Any]]:
        """Return status and document of a GET."""
        return await document(await self.client.get(path, headers=self.headers))

    async def post(self, path: str, body: object = None, **headers: str) -> tuple[int, dict[str, Any]]:
        """Return status and document of a POST with a fresh idempotency key."""
        own = {"Idempotency-Key": f"{id(self)}-{next(self.keys)}"} | self.headers | headers
        return await document(await self.client.post(path, json=body if body is not None else {}, headers=own))

    async def put(self, path: str, body: object, version: int) -> tuple[int, dict[str, Any]]:
        """Return status and document of a PUT on the version that was seen."""
        own = self.headers | {"If-Match": f'"{version}"'}
        return await document(await self.client.put(path, json=body, headers=own))


@dataclass
class County:
    """The demo county, its hub and a client."""

    hub: Hub
    client: "TestClient[Any, Any]"
    clock: MovableClock

    async def sign_in(self, username: str, password: str = demo.PASSWORD) -> Person:
        """Sign somebody in as a program does."""
        status, session = await self.try_sign_in(username, password)
        if status != 201:
            raise AssertionError(session)
        return Person(self.client, session)

    async def try_sign_in(self, username: str, password: str, **more: str) -> tuple[int, dict[str, Any]]:
        """Return what signing in answers."""
        body = {"username": username, "password": password} | more
        return await document(await self.client.post("/api/v1/session", json=body))


async def document(response: ClientResponse) -> tuple[int, dict[str, Any]]:
    """Return status and JSON of an answer, an empty document when it has no body."""
    return response.status, (await response.json(content_type=None) if await response.read() else {})


@asynccontextmanager
async def county(folder: Path, url: str = "") -> AsyncIterator[County]:
    """Give the demo county on a folder of a test; passwords are cheap, the clock can be moved."""
    environ = {"LUTONG_DATA_DIR": str(folder), "LUTONG_REDIS_URL": "redis://127.0.0.1:1/0"}
    environ |= {"LUTONG_DATABASE_URL": url} if url else {}
    settings = load(demo=True, environ=environ).settings
    await asyncio.to_thread(migrate, settings.database)
    hub = open_hub(settings)
    hub.clock = clock = MovableClock()
    hub.passwords = PasswordHasher(Profile.CHEAP)
    await demo.seed_installation(hub)
    await demo.seed_demo(hub)
    app = create_app(hub)
    app.cleanup_ctx.clear()  # the live stream follows Redis, which is not here
    async with TestClient(TestServer(app), cookie_jar=CookieJar(unsafe=True)) as client:
        client.session.cookie_jar.clear()
        yield County(hub, client, clock)
    await hub.close()
