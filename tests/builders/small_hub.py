"""A store, a database and the committer, without a network: enough to take objects in."""

import asyncio
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from dicom.model import Sender, Via
from server.accounts.crypto import Cipher, Keyring
from server.clock import SystemClock
from server.db.engine import Database
from server.db.migrations.run import migrate
from server.db.tables import people
from server.db.unit_of_work import SqlUnitOfWork
from server.storage.local import LocalStore
from server.workflows.intake import Intake, Origin

CIPHER = Cipher(Keyring("k1", {"k1": bytes(32)}, bytes(32)))
FROM_T01 = Origin(Sender("T01", user_id="lilan"), Via.STOW)
FROM_T02 = Origin(Sender("T02", ae_title="T02"), Via.STOW)


@dataclass
class SmallHub:
    """What intake needs, on a folder of a test."""

    database: Database
    store: LocalStore
    intake: Intake

    def unit(self, *, read: bool = False) -> SqlUnitOfWork:
        """Open a unit of work as the system."""
        return SqlUnitOfWork(self.database, SystemClock(), services={"cipher": CIPHER}, read=read)

    def stage(self, data: bytes) -> str:
        """Write an object into the store, as an edge does while bytes arrive."""
        file = self.store.create()
        with os.fdopen(file.fd, "wb") as out:
            out.write(data)
        return file.key

    async def rows(self, query: sa.Select[Any]) -> list[Any]:
        """Return rows, for looking at what was written."""
        async with self.unit(read=True) as uow:
            return list(await uow.connection.execute(query))


@asynccontextmanager
async def small_hub(folder: Path, url: str | None = None) -> AsyncIterator[SmallHub]:
    """Give a small hub with the organizations of the demo county."""
    url = url or f"sqlite+aiosqlite:///{folder / 'lutong.db'}"
    await asyncio.to_thread(migrate, url)
    database, store = Database(url), LocalStore(folder / "objects", SystemClock())

    def unit() -> SqlUnitOfWork:
        return SqlUnitOfWork(database, SystemClock(), services={"cipher": CIPHER})

    hub = SmallHub(database, store, Intake(store, unit, SystemClock(), "990101"))
    async with hub.unit() as uow:
        if not (await uow.connection.execute(sa.select(people.organizations.c.id))).first():
            row = {"division": "990101", "created_at": datetime(2026, 1, 1, tzinfo=UTC)}
            places = [row | {"id": i, "name": i, "kind": "township"} for i in ("T01", "T02")]
            await uow.connection.execute(people.organizations.insert(), places)
    yield hub
    await hub.intake.close()
    await store.close()
    await database.close()
