"""A hospital's system that feeds the beds of C01: registered, and answered by the inbox on a real database."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from server.clock import CHINA
from server.db.engine import Database
from server.db.unit_of_work import SqlUnitOfWork
from server.hl7.acknowledgement import verdict
from server.hl7.message import read
from server.workflows.adt_inbox import AdtInbox
from server.workflows.hospital_systems import Wanted, add_system
from tests.builders.hl7_messages import adt
from tests.builders.referral_register import CIPHER, NOON, furnish

HIS = Wanted("HIS", "C01", "县医院 HIS", "UNICODE UTF-8", (), None, None)
CCU_01, CCU_02 = "CCU^^CCU-01", "CCU^^CCU-02"
ELSEWHERE = "10.9.8.7"


@dataclass
class Hand:
    """A clock that a test moves."""

    at: datetime = NOON

    def now(self) -> datetime:
        """Return where the hand stands."""
        return self.at


def written(minutes: float) -> str:
    """Return a time as a hospital writes it, minutes from noon."""
    return (NOON + timedelta(minutes=minutes)).astimezone(CHINA).strftime("%Y%m%d%H%M%S")


@dataclass
class Hospital:
    """The sender's side of a feed."""

    database: Database
    clock: Hand = field(default_factory=Hand)

    def unit(self, *, read: bool = False) -> SqlUnitOfWork:
        """Open a unit of work."""
        return SqlUnitOfWork(self.database, self.clock, services={"cipher": CIPHER}, read=read)

    async def registered(self, wanted: Wanted = HIS) -> "Hospital":
        """Furnish the database and register the system."""
        await furnish(self.database)
        async with self.unit() as uow:
            await add_system(uow, "C01", wanted, now=NOON)
        return self

    async def post(self, raw: bytes, address: str = "127.0.0.1") -> bytes:
        """Send a message as it is and return the answer as it is."""
        return await AdtInbox(self.unit, self.clock).receive(raw, address)

    async def say(self, trigger: str, control_id: str, minutes: float = 0, **more: str) -> str:
        """Send a message of so many minutes from noon and return what it was answered: `AA`, `AE STALE_FEED` …"""
        fields: dict[str, Any] = {"bed": CCU_01, "at": written(minutes)} | more
        answer = await self.post(adt(trigger, control_id=control_id, **fields))
        code, _ = verdict(answer, control_id)
        return f"{code} {read(answer).text('ERR', 5)}".strip()

    async def board(self) -> dict[str, str]:
        """Return what the board shows: label -> state, and who lies there as the board names him."""
        async with self.unit(read=True) as uow:
            beds = await uow.board.beds(self.clock.at, organization_id="C01")
        return {one.bed.label: " ".join(filter(None, _shown(one, self.clock.at))) for one in beds}

    async def tasks(self) -> list[str]:
        """Return the open items of people at C01."""
        async with self.unit(read=True) as uow:
            roles = ["ward-nurse", "referral-desk", "medical-affairs", "registrar", "administrator"]
            return [
                f"{task.kind} {task.en}" for task in await uow.ledger.open_tasks(organization_ids=["C01"], roles=roles)
            ]

    async def look(self, ask: Callable[[Any], Any]) -> Any:
        """Return what a question to the repositories gives."""
        async with self.unit(read=True) as uow:
            return await ask(uow)


def _shown(one: Any, at: datetime) -> tuple[str, str]:
    stay = one.occupancy
    return one.state(at).value, (stay.patient_id or stay.label) if stay is not None else ""
