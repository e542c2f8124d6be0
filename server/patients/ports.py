"""What the use cases of the register ask of the store."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from server.accounts.model import Caller
from server.patients.identifiers import IdentifierSystem
from server.patients.model import AssistanceCategory, Identifier, Patient


class FoundPage(Protocol):
    """One page of a search."""

    @property
    def items(self) -> Sequence[Patient]:
        """Return the patients."""
        ...

    @property
    def next(self) -> str | None:
        """Return what continues it, None at the end."""
        ...


class Patients(Protocol):
    """Patients with their identifiers and assistance."""

    async def add(self, patient: Patient) -> None:
        """Store a new patient."""
        ...

    async def add_identifier(self, patient_id: str, identifier: Identifier, *, at: datetime) -> None:
        """Store one more identifier."""
        ...

    async def touch(self, patient_id: str, *, provisional: bool | None = None) -> None:
        """Make the next version of a record."""
        ...

    async def get(self, patient_id: str) -> Patient | None:
        """Return one patient, whoever asks."""
        ...

    async def by_identifier(self, system: IdentifierSystem, value: str, issuer: str = "") -> Patient | None:
        """Return the patient an exact identifier belongs to."""
        ...

    async def search(self, caller: Caller, q: str, *, now: datetime, cursor: str = "", limit: int = 50) -> FoundPage:
        """Return the patients visible to the caller that fit what was typed."""
        ...

    async def by_whole_number(self, q: str) -> list[Patient]:
        """Return whoever a whole identifier belongs to, visible or not."""
        ...

    async def alike(self, patient: Patient) -> list[Patient]:
        """Return records to compare with this one."""
        ...

    async def is_visible(self, caller: Caller, patient_id: str, *, now: datetime) -> bool:
        """Tell whether the caller has a care relation to the patient."""
        ...

    async def categories(self) -> dict[str, AssistanceCategory]:
        """Return the county's assistance categories by code."""
        ...

    async def put_category(self, category: AssistanceCategory) -> None:
        """Store or replace an assistance category."""
        ...
