"""What sealing and verifying ask of the store."""

from collections.abc import AsyncIterator, Sequence
from datetime import datetime
from typing import Protocol

from server.audit.chain import Head, Link, Record


class AuditTrail(Protocol):
    """Audit records in the order of the chain."""

    async def lock(self) -> None:
        """Wait until no other sealer is at work."""
        ...

    async def head(self) -> Head:
        """Return the last link; position 0 when there is none."""
        ...

    async def unsealed(self, *, limit: int) -> list[Record]:
        """Return records that are not in the chain yet, oldest first."""
        ...

    async def count_unsealed(self) -> int:
        """Return how many records wait for the sealer."""
        ...

    async def seal(self, links: Sequence[Link]) -> None:
        """Write places and digests."""
        ...

    def links(self, *, batch: int = 5000) -> AsyncIterator[Sequence[Link]]:
        """Give the chain in order, in batches."""
        ...

    async def of_patient(self, patient_id: str, *, before: int | None = None, limit: int = 200) -> list[Record]:
        """Return who touched a patient's data, the newest first."""
        ...

    async def latest(self, *, before: int | None = None, limit: int = 200) -> list[Record]:
        """Return the newest records."""
        ...


class AnchorLog(Protocol):
    """A witness outside the database that only grows."""

    def read(self) -> list[Head]:
        """Return every anchored head, oldest first."""
        ...

    def last(self) -> Head:
        """Return the newest anchored head, position 0 when there is none."""
        ...

    def append(self, head: Head, *, at: datetime) -> None:
        """Write one more head, on disk before this returns."""
        ...
