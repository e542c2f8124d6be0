"""What the hub does by itself when a study arrives, grows, comes late, or is complete."""

import secrets
from datetime import datetime
from typing import Any, Protocol

from dicom.events import Event
from dicom.orders import OrderState
from dicom.ports import ReadingUnitOfWork
from dicom.service.completion import begin_study, complete_if_all_there, complete_study, extend_study, set_aside
from dicom.service.intake import COMPLETE
from dicom.service.matching import NAME_MISMATCH, QUARANTINE_FLAGS, Identified, Origin


class StoredEvent(Protocol):
    """An event as it lies in the append-only table."""

    @property
    def id(self) -> str:
        """Return the event's id: handlers are idempotent on it."""
        ...

    @property
    def event(self) -> Event:
        """Return what happened."""
        ...


def new_id() -> str:
    """Return a fresh id of a row."""
    return secrets.token_hex(12)


async def on_study_started(uow: ReadingUnitOfWork, stored: StoredEvent, now: datetime) -> None:
    """Find or make the order of a new study."""
    uid = stored.event.subject_id
    await begin_study(uow, uid, _origin(stored.event), order_id=new_id(), now=now)
    await complete_if_all_there(uow, uid, now=now)


async def on_study_filled(uow: ReadingUnitOfWork, stored: StoredEvent, now: datetime) -> None:
    """Complete a study whose last expected instance has come."""
    await complete_if_all_there(uow, stored.event.subject_id, now=now)


async def on_study_extended(uow: ReadingUnitOfWork, stored: StoredEvent, now: datetime) -> None:
    """Open a complete study again: more instances came."""
    uid = stored.event.subject_id
    await extend_study(uow, uid, now=now)
    await complete_if_all_there(uow, uid, now=now)


async def on_study_set_aside(uow: ReadingUnitOfWork, stored: StoredEvent, now: datetime) -> None:
    """Keep a study aside whose objects contradict each other or the chosen patient."""
    uid = stored.event.subject_id
    code = str(stored.event.data.get("code") or NAME_MISMATCH)
    order = await begin_study(uow, uid, _origin(stored.event), order_id=new_id(), now=now)
    if order is None or order.state is OrderState.CANCELLED or any(f.code == code for f in order.flags):
        return
    if code in QUARANTINE_FLAGS:
        await set_aside(uow, order, Identified(None, code), now=now)


async def on_upload_done(uow: Any, stored: StoredEvent, now: datetime) -> None:
    """Complete at once what one upload brought whole: nothing more of it will come (decisions 11)."""
    uids = str(stored.event.data.get("study_uids") or "")
    for uid in filter(None, uids.split(",")):
        await complete_study(uow, uid, origin=await _origin_of(uow, uid), order_id=new_id(), now=now)


async def on_deadline_study_complete(uow: Any, study_uid: str, now: datetime) -> None:
    """Call a study complete whose quiet period has passed."""
    await complete_study(uow, study_uid, origin=await _origin_of(uow, study_uid), order_id=new_id(), now=now)


async def _origin_of(uow: Any, study_uid: str) -> Origin:
    """Return what came with a study's first object: its own event may not have been handled yet."""
    stored = await uow.ledger.events_of("studies", study_uid)
    return next((_origin(s.event) for s in stored if s.event.name == "started"), Origin())


def _origin(event: Event) -> Origin:
    order_id, patient_id = event.data.get("order_id"), event.data.get("patient_id")
    return Origin(str(order_id) if order_id else None, str(patient_id) if patient_id else None)


DEADLINES = {COMPLETE: on_deadline_study_complete}
