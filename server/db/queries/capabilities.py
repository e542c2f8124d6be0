"""What organizations can do beside their beds: departments with devices, services and who is on duty."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection

from server.db.tables.beds import departments


@dataclass(frozen=True, slots=True)
class Department:
    """A department as its organization wrote it down.

    Parameters
    ----------
    devices, services
        `ct`, `ventilator`; `pci`, `thrombolysis`: both are what a ticket may need.
    on_duty
        Names of the doctors on duty.
    """

    organization_id: str
    name: str
    phone: str
    devices: tuple[str, ...]
    services: tuple[str, ...]
    on_duty: tuple[str, ...]
    confirmed_at: datetime | None


class Capabilities:
    """Looks up who can do what."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._c = connection
        self._upsert = sqlite.insert if connection.dialect.name == "sqlite" else postgresql.insert

    async def put(
        self,
        organization_id: str,
        name: str,
        *,
        phone: str,
        devices: Sequence[str],
        services: Sequence[str],
        on_duty: Sequence[str],
        at: datetime,
    ) -> None:
        """Write a department down as it is now; the day's duty is written over the day before's."""
        row = {
            "organization_id": organization_id,
            "name": name,
            "phone": phone,
            "devices": list(devices),
            "services": list(services),
            "on_duty": [{"name": doctor} for doctor in on_duty],
            "confirmed_at": at,
            "version": 1,
        }
        again = {name: value for name, value in row.items() if name not in {"organization_id", "name", "version"}}
        statement = self._upsert(departments).values(**row)
        version = {"version": departments.c.version + 1}
        await self._c.execute(
            statement.on_conflict_do_update(index_elements=["organization_id", "name"], set_=again | version)
        )

    async def departments(self) -> list[Department]:
        """Return every department that anybody wrote down, by organization and name."""
        c = departments.c
        rows = await self._c.execute(sa.select(departments).order_by(c.organization_id, c.name))
        return [
            Department(
                row.organization_id,
                row.name,
                row.phone,
                tuple(row.devices),
                tuple(row.services),
                tuple(str(person["name"]) for person in row.on_duty),
                row.confirmed_at,
            )
            for row in rows
        ]
