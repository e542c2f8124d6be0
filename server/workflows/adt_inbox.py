"""A hospital's message from its bytes to its answer: applied once, written down, and only then acknowledged."""

import hashlib
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from referral.errors import VersionMismatch
from server.clock import Clock
from server.hl7.acknowledgement import acknowledge
from server.hl7.adt import Adt, header_of, parse_adt
from server.hl7.errors import BadValue, ControlIdReused, Hl7Refusal, Unavailable
from server.hl7.message import Message, read
from server.hl7.systems import HospitalSystem, Taken
from server.workflows import bed_feed, hospital_systems
from server.workflows.imaging import new_id

TRIES = 5  # another message about the same bed was faster: look again
LONGEST_ID = 200
Open = Callable[[], AbstractAsyncContextManager[Any]]


@dataclass(frozen=True, slots=True)
class Arrived:
    """A message of a system that is known here."""

    system: HospitalSystem
    control_id: str
    adt: Adt
    digest: str


@dataclass(slots=True)
class AdtInbox:
    """Takes messages, one transaction each.

    Parameters
    ----------
    open_unit
        Opens a unit of work.
    """

    open_unit: Open
    clock: Clock

    async def receive(self, raw: bytes, address: str) -> bytes:
        """Return the answer to a message; AA only when what it says is durable."""
        message: Message | None = None
        try:
            message = read(raw)
            return await self._take(message, raw, address)
        except Hl7Refusal as refusal:
            return acknowledge(message, refusal, control_id=new_id(), now=self.clock.now())

    def not_now(self, raw: bytes) -> bytes:
        """Return the answer while nothing can be stored: the same message is to come again."""
        now, later = self.clock.now(), Unavailable("现在存不下，请稍后重发 (nothing can be stored now; send it again)")
        try:
            return acknowledge(read(raw), later, control_id=new_id(), now=now)
        except Hl7Refusal as refusal:
            return acknowledge(None, refusal, control_id=new_id(), now=now)

    async def _take(self, message: Message, raw: bytes, address: str) -> bytes:
        header, now = header_of(message), self.clock.now()
        if len(header.control_id) > LONGEST_ID:
            raise BadValue("MSH-10 is too long", "MSH^1^10")
        async with self.open_unit() as uow:
            system = await hospital_systems.admit(uow, header, address, now=now)
        arrived = Arrived(system, header.control_id, parse_adt(message), hashlib.sha256(raw).hexdigest())
        try:
            return await self._apply(arrived, message)
        except Hl7Refusal as refusal:
            async with self.open_unit() as uow:
                await bed_feed.tell(uow, system, arrived.adt, refusal, now=now)
            raise

    async def _apply(self, arrived: Arrived, message: Message) -> bytes:
        for _ in range(TRIES):
            now = self.clock.now()
            fresh = Taken(arrived.digest, acknowledge(message, control_id=new_id(), now=now))
            try:
                async with self.open_unit() as uow:
                    return await _once(uow, arrived, fresh, now)
            except VersionMismatch:
                continue
        raise Unavailable("这张床正被别人改动，请重发 (the bed is being changed; send it again)", "PV1^1^3")


async def _once(uow: Any, arrived: Arrived, fresh: Taken, now: datetime) -> bytes:
    """Apply a message, or give the answer that it got when it was taken.

    Raises
    ------
    ControlIdReused
        When another message was taken under the same control id.
    """
    system, control_id, adt = arrived.system, arrived.control_id, arrived.adt
    if await uow.exchange.take(system.id, control_id, fresh, trigger=adt.trigger.value, at=now):
        await bed_feed.take(uow, system, adt, now=now)
        return fresh.answer
    before: Taken = await uow.exchange.taken(system.id, control_id)
    if before.digest != fresh.digest:
        raise ControlIdReused("这个消息控制号用过别的消息 (another message bore this control id)", "MSH^1^10")
    return before.answer
