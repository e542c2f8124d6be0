"""Deadlines whose work takes long or speaks to others: taken under a lease, done outside any transaction."""

from datetime import timedelta

import structlog

from server.bootstrap import Hub
from server.workflows import registry

log = structlog.get_logger()
LEASE = timedelta(minutes=3)  # longer than one document takes; a killed worker's work is taken up again after it


async def work(hub: Hub) -> int:
    """Do the long work that is due, one piece after the other; return how much there was."""
    async with hub.unit_of_work(read=True) as uow:
        due = await uow.ledger.due(hub.clock.now(), only=registry.LONG_WORK.keys())
    for deadline in due:
        async with hub.unit_of_work() as uow:
            if not await uow.ledger.take_deadline(deadline):
                continue  # another worker was faster, or it was moved meanwhile
            await uow.ledger.set_deadline(deadline.kind, deadline.subject_id, hub.clock.now() + LEASE)
        try:
            await registry.LONG_WORK[deadline.kind](hub, deadline.subject_id)
        except Exception:  # the worker's edge: the lease ends and it is tried again
            log.exception("work.failed", kind=deadline.kind, subject_id=deadline.subject_id)
    return len(due)
