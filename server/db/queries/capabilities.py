"""What organizations can do beside their beds: departments with devices, services and who is on duty."""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
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
