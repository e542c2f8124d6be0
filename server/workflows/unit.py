"""The unit of work as the use cases of accounts, patients and audit see it."""

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from typing import Protocol

from dicom.events import Event
from server.accounts.model import AuditEntry, Caller
from server.accounts.ports import Grants, Organizations, Sessions, Users, Worklist
from server.patients.ports import Patients


class UnitOfWork(Protocol):
    """One transaction; whoever opened it ends it."""

    caller: Caller

    @property
    def ledger(self) -> Worklist:
        """Return items of work and serial numbers."""
        ...

    @property
    def organizations(self) -> Organizations:
        """Return the places."""
        ...

    @property
    def users(self) -> Users:
        """Return the people."""
        ...

    @property
    def sessions(self) -> Sessions:
        """Return the sign-ins."""
        ...

    @property
    def grants(self) -> Grants:
        """Return broken glasses."""
        ...

    @property
    def patients(self) -> Patients:
        """Return the register."""
        ...

    def publish(self, *events: Event) -> None:
        """Record what happened."""
        ...

    def audit(self, entry: AuditEntry) -> None:
        """Record who touched what."""
        ...


OpenUnitOfWork = Callable[[], AbstractAsyncContextManager[UnitOfWork]]
