"""The hub in one process with a clock that stands still: people act through HTTP, workers by hand."""

import asyncio
import os
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any

from aiohttp.test_utils import TestClient, TestServer

from dicom.model import Priority, Sender, Via
from dicom.service.intake import Taken
from server.accounts.passwords import PasswordHasher, Profile
from server.api.app import create_app
from server.bootstrap import Hub, open_hub
from server.db.migrations.run import migrate
from server.settings import Settings
from server.tasks import deadlines, office, outbox
from server.workflows import demo
from server.workflows.intake import Origin
from tests.builders.dicom_objects import DX, Modality, NameInBytes, image_dataset, part10
from tests.builders.templates import lay

MA_NAME = NameInBytes("Ma^Jianguo=马^建国".encode("gb18030"), "GB18030")
MA_ID = "990101195803120035"


@dataclass
class StoppedClock:
    """A clock that a test moves."""

    at: datetime

    def now(self) -> datetime:
        """Return the test's time."""
        return self.at


@dataclass
class Answer:
    """What came back."""

    status: int
    body: Any
    headers: Mapping[str, str]

    @property
    def commands(self) -> dict[str, bool]:
        """Return the commands by name."""
        return {c["name"]: c["allowed"] for c in self.body["commands"]}

    @property
    def code(self) -> str | None:
        """Return the problem's code."""
        return self.body.get("code") if isinstance(self.body, dict) else None


@dataclass
class House:
    """A hub, a client, a clock."""

    hub: Hub
    client: "TestClient[Any, Any]"
    clock: StoppedClock
    _tokens: dict[str, str] = field(default_factory=dict)
    _keys: "count[int]" = field(default_factory=count)

    def at(self, clock: str, *, day: int = 23) -> None:
        """Set the county's time of day on a day of November 2026; idle sessions have ended meanwhile."""
        self.forget_sessions()
        hours, minutes = (int(part) for part in clock.split(":"))
        self.clock.at = datetime(2026, 11, day, hours, minutes, tzinfo=UTC) - timedelta(hours=8)

    def forget_sessions(self) -> None:
        """Let everybody sign in anew: time has passed."""
        self._tokens.clear()

    async def call(self, who: str, method: str, path: str, body: Any = None, **headers: str) -> Answer:
        """Send a request as somebody."""
        if who and who not in self._tokens:
            self._tokens[who] = await self._sign_in(who)
        sent = {"Authorization": f"Bearer {self._tokens[who]}"} if who else {}
        sent |= {name.replace("_", "-"): value for name, value in headers.items()}
        if method == "POST":
            sent.setdefault("Idempotency-Key", f"k{next(self._keys)}")
        json = (body if body is not None else {}) if method in {"POST", "PUT"} else None
        url = self.client.make_url(path)  # by the session: the test client keeps every answer until it is closed
        async with self.client.session.request(method, url, headers=sent, json=json) as response:
            kind = response.content_type
            content = await (response.json(content_type=None) if kind.endswith("json") else response.read())
            return Answer(response.status, content, response.headers)

    async def _sign_in(self, who: str) -> str:
        body = {"username": who, "password": demo.PASSWORD}
        async with self.client.post("/api/v1/session", json=body) as response:
            return str((await response.json())["token"])

    async def register_ma(self) -> str:
        """Register 马建国 at T01 unless he stands in the register; return his id."""
        found = await self.call("lilan", "GET", f"/api/v1/patients?q={MA_ID}")
        if found.body["items"]:
            return str(found.body["items"][0]["id"])
        row = {
            "name": "马建国", "sex": "male", "birth_date": "1958-03-12",
            "identifiers": [{"system": "resident-id", "value": MA_ID}],
            "assistance": [{"category": "registered-poverty", "from": "2020-01-01"}],
        }  # fmt: skip
        made = await self.call("lilan", "POST", "/api/v1/patients", row)
        return str(made.body["id"])

    async def place(self, who: str, patient_id: str, **more: Any) -> Answer:
        """Place an order."""
        body = {"patient_id": patient_id, "kind": "radiology", "priority": "routine", "question": "除外气胸"} | more
        return await self.call(who, "POST", "/api/v1/reading-orders", body)

    async def send(
        self,
        ae: str = "T01",
        *,
        modality: Modality = DX,
        study: int = 1,
        instance: int = 1,
        name: NameInBytes = MA_NAME,
        patient_id: str = MA_ID,
        priority: Priority = Priority.ROUTINE,
        **origin: Any,
    ) -> Taken:
        """Take one object in, as an edge does."""
        ds = image_dataset(modality, study=study, instance=instance, name=name, patient_id=patient_id)
        ds.PatientBirthDate, ds.PatientSex = "", ""
        return await self.send_bytes(part10(ds), ae, priority=priority, **origin)

    async def send_bytes(
        self, data: bytes, ae: str = "T01", *, priority: Priority = Priority.ROUTINE, **origin: Any
    ) -> Taken:
        """Take these bytes in."""
        file = self.hub.store.create()
        with os.fdopen(file.fd, "wb") as out:
            out.write(data)
        sender = Sender(ae, ae_title=ae, default_priority=priority)
        return await self.hub.intake.receive_part10(file.key, Origin(sender, Via.C_STORE, **origin))

    async def pump(self, *, rounds: int = 20) -> None:
        """Do what workers owe until nothing is owed."""
        for _ in range(rounds):
            async with self.hub.unit_of_work(read=True) as uow:
                owed = await uow.outbox.owed(self.clock.at, self.clock.at, limit=100)
            for row in owed:
                await outbox.handle(self.hub, row.event_id, row.handler)
            acted = await deadlines.act_on_due(self.hub)
            if not owed and not acted:
                return
        raise AssertionError("the hub does not come to rest")

    async def long_work(self) -> None:
        """Print and send what is due."""
        while await office.work(self.hub):
            pass

    async def study_arrives(self, **how: Any) -> dict[str, Any]:
        """Send one object and wait until its study is complete; return the township's view of its order."""
        await self.send(**how)
        await self.pump()
        self.clock.at += timedelta(seconds=6)
        await self.pump()
        orders = await self.orders("lilan" if how.get("ae", "T01") == "T01" else "helin")
        return max(orders, key=lambda o: str(o["received_at"] or ""))

    async def released_report(self) -> tuple[str, str]:
        """Walk an emergency chest of 马建国 from 08:20 to its release at 08:47; return order's and report's ids."""
        self.at("08:20")
        placed = await self.place("lilan", await self.register_ma(), priority="emergency", expected_instances=1)
        order_id = str(placed.body["id"])
        await self.send(order_id=order_id)
        await self.pump()
        report_id = await self.signed_report(order_id)
        self.at("08:47")
        released = await self.about("luoyan", report_id, "verify")
        if released.status != 200:
            raise AssertionError(released.body)
        return order_id, report_id

    async def signed_report(self, order_id: str, reader: str = "hazhiyuan") -> str:
        """Claim, write and sign; return the report's id."""
        await self.command(reader, order_id, "claim")
        report_id = str((await self.write(reader, order_id)).body["id"])
        signed = await self.about(reader, report_id, "sign")
        if signed.status != 200:
            raise AssertionError(signed.body)
        return report_id

    async def ready_order(self, study: int = 1, **more: Any) -> str:
        """Place an order for 马建国, send its one image; return the order's id, ready at the centre."""
        placed = await self.place("lilan", await self.register_ma(), expected_instances=1, **more)
        order_id = str(placed.body["id"])
        await self.send(order_id=order_id, study=study)
        await self.pump()
        return order_id

    async def orders(self, who: str, query: str = "") -> list[dict[str, Any]]:
        """Return somebody's list."""
        answer = await self.call(who, "GET", f"/api/v1/reading-orders{query}")
        items: list[dict[str, Any]] = answer.body["items"]
        return items

    async def order(self, who: str, order_id: str) -> dict[str, Any]:
        """Return one order as somebody sees it."""
        answer = await self.call(who, "GET", f"/api/v1/reading-orders/{order_id}")
        body: dict[str, Any] = answer.body
        return body

    async def command(self, who: str, order_id: str, name: str, body: Any = None) -> Answer:
        """Give a command about an order."""
        return await self.call(who, "POST", f"/api/v1/reading-orders/{order_id}/{name}", body)

    async def write(self, who: str, order_id: str, **text: Any) -> Answer:
        """Write the report with the version that stands."""
        path = f"/api/v1/reading-orders/{order_id}/report"
        seen = await self.call(who, "GET", path)
        words = {"findings": "双肺纹理清晰", "impression": "未见气胸", "positive": False, "critical": False} | text
        return await self.call(who, "PUT", path, words, If_Match=f'"{seen.body.get("version", 0)}"')

    async def about(self, who: str, report_id: str, name: str, body: Any = None) -> Answer:
        """Give a command about a report; signing and verifying prove who one is."""
        proof = {"password": demo.PASSWORD} if name in {"sign", "verify"} and body is None else body
        return await self.call(who, "POST", f"/api/v1/reports/{report_id}/{name}", proof)

    async def tasks(self, organization: str, role: str) -> list[Any]:
        """Return the open items of a role."""
        async with self.hub.unit_of_work(read=True) as uow:
            return await uow.ledger.open_tasks(organization_ids=[organization], roles=[role])


async def _hub_at_eight(folder: Path, url: str) -> tuple[Hub, StoppedClock]:
    hub = open_hub(_settings(folder, url))
    clock = StoppedClock(datetime(2026, 11, 23, tzinfo=UTC))
    hub.clock = clock
    hub.passwords = PasswordHasher(Profile.CHEAP)
    await hub.intake.close()
    hub.__post_init__()
    return hub, clock


def _settings(folder: Path, url: str) -> Settings:
    return Settings.model_validate({"data_dir": str(folder), "database_url": url, "redis_url": "redis://127.0.0.1:1/0"})


async def _seed(folder: Path, url: str) -> None:
    await asyncio.to_thread(migrate, _settings(folder, url).database)
    hub, _ = await _hub_at_eight(folder, url)
    await demo.seed_installation(hub)
    await demo.seed_demo(hub)
    await hub.close()
    await hub.intake.close()


@asynccontextmanager
async def reading_house(folder: Path, url: str = "") -> AsyncIterator[House]:
    """Give a seeded hub at 08:00 of 2026-11-23 in the county."""
    await lay("county", folder, url, _seed)
    hub, clock = await _hub_at_eight(folder, url)
    client = TestClient(TestServer(create_app(hub)))
    await client.start_server()
    try:
        yield House(hub, client, clock)
    finally:
        await client.close()
        await hub.close()
        await hub.intake.close()
