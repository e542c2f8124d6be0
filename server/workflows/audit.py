"""Sealing the audit table into a chain, finding out whether anybody changed it since, and reading it (decisions 5)."""

from collections.abc import Callable, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from typing_extensions import override

from server.accounts.model import AuditEntry
from server.audit.chain import Examination, Finding, Record, chain
from server.audit.ports import AnchorLog, AuditTrail

BATCH = 2000  # records sealed in one transaction


class AuditUnit(Protocol):
    """What sealing, verifying and reading need of a unit of work."""

    @property
    def audit_trail(self) -> AuditTrail:
        """Return the audit table."""
        ...

    def audit(self, entry: AuditEntry) -> None:
        """Record who touched what."""
        ...


OpenAuditUnit = Callable[[], AbstractAsyncContextManager[AuditUnit]]


@dataclass(frozen=True, slots=True)
class Verdict:
    """What an examination of the whole chain found.

    Parameters
    ----------
    sealed
        Records in the chain.
    unsealed
        Records that wait for the sealer: the tail that nothing protects yet, normally less than a second's worth.
    anchored
        The last position that the log outside the database bears witness to.
    """

    sealed: int
    unsealed: int
    anchored: int
    findings: Sequence[Finding]

    @property
    def sound(self) -> bool:
        """Tell whether nothing was found."""
        return not self.findings

    @override
    def __str__(self) -> str:
        head = f"{self.sealed} records sealed, anchored up to {self.anchored}, {self.unsealed} unsealed"
        if self.sound:
            return f"the audit chain is sound: {head}"
        found = (f"  position {f.position}: {f.kind}: {f.detail}" for f in self.findings)
        return "\n".join((f"THE AUDIT CHAIN WAS CHANGED: {head}", *found))


async def seal(open_unit: OpenAuditUnit, anchors: AnchorLog, *, now: datetime) -> int:
    """Chain what was committed since, then anchor the head outside the database; return how many were sealed.

    The anchor is written after the commit, so it never witnesses what a crash undid; one that a crash left out
    is written by the next call.
    """
    async with open_unit() as uow:
        trail = uow.audit_trail
        await trail.lock()
        head = await trail.head()
        links = chain(head, await trail.unsealed(limit=BATCH))
        await trail.seal(links)
    if links:
        head = links[-1].head
    if head.position > anchors.last().position:
        anchors.append(head, at=now)
    return len(links)


async def verify(open_unit: OpenAuditUnit, anchors: AnchorLog) -> Verdict:
    """Examine the whole chain against its digests and its anchors."""
    witnesses = anchors.read()
    examination = Examination(witnesses)
    async with open_unit() as uow:
        async for links in uow.audit_trail.links():
            examination.feed(links)
        unsealed = await uow.audit_trail.count_unsealed()
    anchored = max((head.position for head in witnesses), default=0)
    return Verdict(examination.count, unsealed, anchored, examination.conclude())


async def read_audit(uow: AuditUnit, *, patient_id: str | None, before: int | None, limit: int) -> list[Record]:
    """Return the newest records, about one patient or all; reading the audit is itself on record."""
    trail = uow.audit_trail
    uow.audit(AuditEntry("read", "audit", patient_id or "-", patient_id))
    if patient_id is None:
        return await trail.latest(before=before, limit=limit)
    return await trail.of_patient(patient_id, before=before, limit=limit)
