"""What our own tickets do to a hospital's beds is told to its system (ADT out): owed with the event, tried again.

Where no system of the hospital takes messages, nothing is owed.
"""

import hashlib
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Protocol

from referral.events import Event
from referral.tickets import Ticket
from server.accounts.model import Task
from server.hl7.acknowledgement import APPLICATION, verdict
from server.hl7.adt import Adt, Number, Person, Place, Trigger, build_adt
from server.hl7.charset import GB_18030, encode
from server.hl7.systems import HospitalSystem, NoAnswer, Outgoing
from server.patients.identifiers import IdentifierSystem
from server.patients.model import Patient
from server.workflows.imaging import new_id

SEND = "hl7-send"
DUE, SENT, FAILED = "due", "sent", "failed"
TRIES = 20  # about two hours with the pauses below
LONGEST_PAUSE = timedelta(minutes=10)
IN_TURN = timedelta(seconds=2)  # a message that waits for an earlier one looks again
WHO = ("referral-desk", "registrar", "medical-affairs")

Send = Callable[[str, int, bytes], Awaitable[bytes]]
"""Sends a message to host and port by MLLP and returns the answer; NoAnswer says why there is none."""


class Happened(Protocol):
    """An event as it was stored."""

    @property
    def id(self) -> str:
        """Return the event's id."""
        ...

    @property
    def at(self) -> datetime:
        """Return when it happened."""
        ...

    @property
    def event(self) -> Event:
        """Return what happened."""
        ...


@dataclass(frozen=True, slots=True)
class _Said:
    trigger: Trigger
    bed_id: str
    came_from: str | None = None


async def on_admitted(uow: Any, stored: Happened, now: datetime) -> None:
    """Owe A01 of a ticket's admission."""
    await _tell(uow, stored, stored.event.subject_id, Trigger.ADMIT, now)


async def on_discharged(uow: Any, stored: Happened, now: datetime) -> None:
    """Owe A03 of a ticket's discharge."""
    await _tell(uow, stored, stored.event.subject_id, Trigger.DISCHARGE, now)


async def on_bed_occupied(uow: Any, stored: Happened, now: datetime) -> None:
    """Owe A02 where a ticket's patient came from another bed; whoever came in otherwise is no transfer."""
    bed = await uow.board.bed(stored.event.subject_id, now)
    stay = bed.occupancy if bed is not None else None
    if stay is not None and stay.ticket_id is not None:
        await _tell(uow, stored, stay.ticket_id, Trigger.TRANSFER, now)


async def _tell(uow: Any, stored: Happened, ticket_id: str, trigger: Trigger, now: datetime) -> None:
    ticket: Ticket | None = await uow.tickets.get(ticket_id)
    systems = await _takers(uow, ticket)
    said = await _said(uow, ticket_id, trigger)
    if ticket is None or said is None or not systems:
        return
    patient = await uow.patients.get(ticket.patient_id)
    adt = Adt(
        said.trigger,
        stored.at,
        _person(patient, ticket.receives),
        await _place(uow, said.bed_id, now),
        await _place(uow, said.came_from, now) if said.came_from else None,
        ticket.number,
    )
    for system in systems:
        await _owe(uow, system, ticket, adt, stored=stored, now=now)


async def _takers(uow: Any, ticket: Ticket | None) -> Sequence[HospitalSystem]:
    if ticket is None or ticket.to_organization_id is None:
        return []
    return [one for one in await uow.exchange.systems(ticket.to_organization_id) if one.takes_messages]


async def _said(uow: Any, ticket_id: str, trigger: Trigger) -> _Said | None:
    beds = await uow.exchange.beds_of(ticket_id)
    if not beds or (trigger is Trigger.TRANSFER and len(beds) < 2):
        return None
    if trigger is Trigger.ADMIT:
        return _Said(trigger, beds[-1])
    return _Said(trigger, beds[0], beds[1] if trigger is Trigger.TRANSFER else None)


async def _place(uow: Any, bed_id: str, now: datetime) -> Place | None:
    found = await uow.board.bed(bed_id, now)
    return Place(found.bed.department, "", found.bed.label) if found is not None else None


def _person(patient: Patient | None, organization_id: str) -> Person:
    """Return the patient with the resident ID and the hospital's own numbers, and nobody else's."""
    if patient is None:
        return Person()
    kinds = {(IdentifierSystem.RESIDENT_ID, ""): "NI", (IdentifierSystem.LOCAL, organization_id): "PI"}
    numbers = [
        Number(one.value, one.issuer, kind)
        for one in patient.identifiers
        if (kind := kinds.get((one.system, one.issuer)))
    ]
    return Person(tuple(numbers), patient.name, patient.sex.value, patient.birth_date)


async def _owe(uow: Any, system: HospitalSystem, ticket: Ticket, adt: Adt, *, stored: Happened, now: datetime) -> None:
    control_id = hashlib.sha256(f"{stored.id}:{system.id}".encode()).hexdigest()[:20]  # MSH-10 has twenty characters
    raw = build_adt(
        adt,
        sender=(APPLICATION, ticket.receives),
        receiver=(system.application, system.facility),
        control_id=control_id,
        charset=system.charset,
    )
    message = Outgoing(
        id=new_id(),
        system_id=system.id,
        event_id=stored.id,
        ticket_id=ticket.id,
        trigger=adt.trigger.value,
        control_id=control_id,
        body=raw.decode("gb18030" if system.charset == GB_18030 else "utf-8"),
        charset=system.charset,
        state=DUE,
        attempts=0,
        error="",
        created_at=stored.at,
        at=now,
    )
    if await uow.exchange.owe(message):
        await uow.ledger.set_deadline(SEND, message.id, now)


async def send(hub: Any, message_id: str) -> None:
    """Send one message, unless an earlier one about the same ticket still waits; what fails is tried again."""
    async with hub.unit_of_work() as uow:
        message: Outgoing | None = await uow.exchange.outgoing(message_id)
        if message is None or message.state != DUE:
            await uow.ledger.clear_deadline(SEND, message_id)
            return
        if await uow.exchange.is_behind_another(message):
            await uow.ledger.set_deadline(SEND, message_id, hub.clock.now() + IN_TURN)
            return
        system: HospitalSystem | None = await uow.exchange.system(message.system_id)
    answer, words = await _try(hub.send_hl7, system, message)
    async with hub.unit_of_work() as uow:
        await _write_down(uow, system, message, answer, words, now=hub.clock.now())


async def _try(send_hl7: Send | None, system: HospitalSystem | None, message: Outgoing) -> tuple[str, str]:
    """Return what the system answered, `AA` and so on, `?` for nothing; and its words."""
    if system is None or not system.takes_messages or system.host is None or system.port is None:
        return "AR", "the system takes no messages any more"
    if send_hl7 is None:
        return "?", "this process sends nothing"
    try:
        return verdict(
            await send_hl7(system.host, system.port, encode(message.body, message.charset)), message.control_id
        )
    except NoAnswer as nothing:
        return "?", nothing.reason


async def _write_down(
    uow: Any, system: HospitalSystem | None, message: Outgoing, answer: str, words: str, *, now: datetime
) -> None:
    attempts = message.attempts + 1
    refused = answer in {"AR", "CR"}  # the message itself: the same again will not do (2.9.2.2)
    outcome = SENT if answer in {"AA", "CA"} else FAILED if refused or attempts >= TRIES else DUE
    await uow.exchange.tried(message.id, outcome, error=f"{answer} {words}"[:500].strip(), at=now)
    if outcome == DUE:
        pause = min(LONGEST_PAUSE, timedelta(seconds=2 ** min(attempts, 10)))
        await uow.ledger.set_deadline(SEND, message.id, now + pause)
        return
    await uow.ledger.clear_deadline(SEND, message.id)
    if outcome == FAILED and system is not None:
        await _ask(uow, system, message, now)


async def _ask(uow: Any, system: HospitalSystem, message: Outgoing, now: datetime) -> None:
    organization_id, role = await uow.neighbours.owner_of(system.organization_id, WHO)
    name = system.description or system.application
    task = Task(
        id=new_id(),
        kind="bed-message-failed",
        subject_kind="referrals",
        subject_id=message.ticket_id,
        organization_id=organization_id,
        role=role,
        due_at=now,
        zh=f"{message.trigger} 消息送不到 {name}：请在医院系统里补录",
        en=f"{message.trigger} cannot be delivered to {name}: enter it there by hand",
        created_at=now,
    )
    await uow.ledger.open_task(task, dedupe_key=f"hl7-failed:{message.id}")


HANDLERS: Mapping[str, Callable[[Any, Any, datetime], Awaitable[None]]] = {
    "adt.admitted": on_admitted,
    "adt.discharged": on_discharged,
    "adt.bed-occupied": on_bed_occupied,
}
LONG_WORK: Mapping[str, Callable[[Any, str], Awaitable[None]]] = {SEND: send}
