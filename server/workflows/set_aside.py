"""What a person decides about objects that were kept aside."""

from datetime import datetime
from typing import Any

from dicom.errors import IllegalTransition, ReasonRequired, UnknownSubject
from server.accounts.model import AuditEntry, Caller

TASKS = ("dicom-invalid", "uid-conflict")


async def resolve_set_aside(uow: Any, item_id: str, resolution: str, *, caller: Caller, now: datetime) -> Any:
    """Write what became of an object that was kept aside and close its tasks; the bytes stay.

    Raises
    ------
    UnknownSubject, IllegalTransition, ReasonRequired
        Not the caller's to see; dealt with already; nothing was written.
    """
    item = await uow.set_asides.get(item_id, caller, now=now)
    if item is None:
        raise UnknownSubject("set-aside", item_id[:40])
    if item.resolved_at is not None:
        raise IllegalTransition("resolved", "resolve", ())
    if not resolution:
        raise ReasonRequired
    await uow.set_asides.resolve(item.id, by=caller.user_id, at=now, resolution=resolution)
    await uow.ledger.close_tasks("set-aside", item.digest, kinds=TASKS, by=caller.user_id, at=now)
    uow.audit(AuditEntry("resolve", "set-aside", item.id, organization_id=item.organization_id))
    return await uow.set_asides.get(item_id, caller, now=now)
