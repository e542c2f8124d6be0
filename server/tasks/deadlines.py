"""Deadlines are rows: whoever polls first acts on one, in one transaction (decisions 4)."""

from datetime import timedelta
from functools import partial
from typing import Any

import structlog

from server.bootstrap import Hub
from server.clock import Clock
from server.workflows import registry

log = structlog.get_logger()


async def act_on_due(hub: Hub) -> int:
    """Act on every deadline that has passed; return how many there were."""
    async with hub.unit_of_work(read=True) as uow:
        due = await uow.ledger.due(hub.clock.now(), without=registry.LONG_WORK.keys())
    for deadline in due:
        try:
            await hub.unit_of_work().carry_out(partial(_act, deadline, hub.clock))
        except Exception:  # the worker's edge: one bad subject must not stop the others
            log.exception("deadline.failed", kind=deadline.kind, subject_id=deadline.subject_id)
            pause = timedelta(seconds=min(600, 5 * 2 ** min(deadline.attempts, 7)))
            async with hub.unit_of_work() as uow:
                await uow.ledger.postpone(deadline, hub.clock.now() + pause)
    return len(due)


async def _act(deadline: Any, clock: Clock, uow: Any) -> None:
    if (lock := registry.LOCKS.get(deadline.kind)) is not None:
        await lock(uow, deadline.subject_id)
    if await uow.ledger.take_deadline(deadline):  # else another worker was faster, or it was moved meanwhile
        await registry.deadline(deadline.kind)(uow, deadline.subject_id, clock.now())
