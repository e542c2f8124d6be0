"""The relay: what the outbox owes goes to Celery at least once; each handler's work is done exactly once."""

import asyncio
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import structlog
from kombu.exceptions import OperationalError

from server.bootstrap import Hub
from server.tasks.app import HANDLE, celery
from server.workflows import registry

log = structlog.get_logger()
RESEND = timedelta(seconds=30)  # a message that was lost with Redis or with its worker is sent again
BATCH = 100


async def relay(hub: Hub) -> int:
    """Send what is owed; return how many messages went out."""
    now = hub.clock.now()

    async def take(uow: Any) -> list[Any]:
        owed: list[Any] = await uow.outbox.owed(now, now - RESEND, limit=BATCH)
        await uow.outbox.mark_sent(owed, at=now)
        return owed

    owed = await hub.unit_of_work().carry_out(take)
    try:
        await asyncio.to_thread(_send, [[row.event_id, row.handler] for row in owed])
    except OperationalError:
        log.warning("outbox.broker_away", owed=len(owed))
        async with hub.unit_of_work() as uow:
            await uow.outbox.mark_unsent(owed)
        return 0
    return len(owed)


def _send(messages: Sequence[list[str]]) -> None:
    for arguments in messages:
        celery.send_task(HANDLE, args=arguments, retry=False)


async def handle(hub: Hub, event_id: str, name: str) -> None:
    """Run one handler in one unit of work and mark its row done in the same transaction."""

    async def act(uow: Any) -> None:
        row = await uow.outbox.take(event_id, name)
        if row is None:
            return  # done already: delivered twice, acted once
        stored = await uow.ledger.event(event_id)
        if stored is not None:
            await registry.handler(name)(uow, stored, hub.clock.now())
        await uow.outbox.mark_done(event_id, name, at=hub.clock.now())

    try:
        await hub.unit_of_work().carry_out(act)
    except Exception as error:  # the worker's edge: any failure is retried with back-off and shown to a person
        log.exception("handler.failed", event_id=event_id, handler=name)
        await _failed(hub, event_id, name, error, hub.clock.now())


async def _failed(hub: Hub, event_id: str, name: str, error: Exception, now: datetime) -> None:
    async with hub.unit_of_work() as uow:
        await uow.outbox.mark_failed(event_id, name, error=f"{type(error).__name__}: {error}"[:500], now=now)
