"""Beds fed by a hospital's own system (ADT in): each message is applied once, in its order, or refused with its reason.

A bed keeps the time of the last message about it: an older one is stale and changes nothing, whoever sends it (B09).
What the hospital says and what stands here may differ; then nothing is overwritten and a person is told.
"""

import hashlib
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Any

from referral.errors import BedTaken, ReferralRefusal, StaleFeed, VersionMismatch
from referral.model import IntervalKind
from referral.service import journey, wards
from referral.service.ground import Act
from referral.service.wards import WalkIn
from referral.tickets import Party, TicketState
from referral.wards import Bed, BedNow, Interval
from server.accounts.model import AuditEntry, Task
from server.clock import local_date
from server.hl7.adt import Adt, Number, Person, Place, Trigger
from server.hl7.errors import Hl7Refusal, NotDone, UnknownBed
from server.hl7.systems import HospitalSystem
from server.patients import resident_id
from server.patients.errors import PatientRefusal
from server.patients.identifiers import IdentifierSystem, normalised
from server.patients.model import Patient
from server.patients.names import masked_name, tidy
from server.workflows.referrals import act_of

AHEAD = timedelta(minutes=10)  # how far a hospital's clock may run before ours: beyond it all later messages were stale
LOOK_WITHIN = timedelta(minutes=30)
RESIDENT = frozenset({"NI", "NNCHN"})  # HL7 table 0203: national person identifier
WHO = ("ward-nurse", "referral-desk", "medical-affairs")
QUIET = frozenset({"STALE_FEED"})  # late and harmless: nobody has to do anything


@dataclass(frozen=True, slots=True)
class Feed:
    """One message at work: the act of the hospital's ward, what it says, and whom it names.

    Parameters
    ----------
    label
        The patient's name as a board may show it.
    """

    uow: Any
    act: Act
    adt: Adt
    patient: Patient | None
    label: str

    @property
    def version(self) -> int:
        """Return what orders the messages about a bed: microseconds of the hospital's time."""
        return int(self.adt.recorded_at.timestamp() * 1_000_000)


Step = Callable[[Feed, Bed | None, Bed | None], Awaitable[None]]


async def take(uow: Any, system: HospitalSystem, adt: Adt, *, now: datetime) -> None:
    """Do what a message says.

    Raises
    ------
    UnknownBed
        When the hospital names a bed that nobody knows here.
    NotDone
        `STALE_FEED` for a late message, `FUTURE` for a clock that runs ahead, else the code of what stands in the way.
    VersionMismatch
        When somebody changed the bed meanwhile: look again.
    """
    if adt.recorded_at > now + AHEAD:
        raise NotDone("FUTURE", "医院系统的时钟快了 (the sender's clock runs ahead)", "EVN^1^2")
    party = Party("system", system.description or system.application, ward=True)
    act = act_of(uow, party, now)
    patient = await _known(uow, system, adt.person)
    feed = Feed(uow, act, adt, patient, masked_name(tidy(adt.person.name)))
    if adt.trigger is Trigger.UPDATE and (adt.place is None or adt.expected_end_at is None):
        return  # nothing about a bed
    here, there = await _bed_at(feed, system, adt.place), await _bed_at(feed, system, adt.came_from)
    try:
        await _claim(feed, here, filled=adt.trigger in FILLS)
        await _claim(feed, there, filled=False)
        await STEPS[adt.trigger](feed, here, there)
    except VersionMismatch:
        raise
    except ReferralRefusal as refusal:
        raise NotDone(refusal.code, str(refusal), "PV1^1^3") from refusal
    extra = {"trigger": adt.trigger.value, "system": system.id}
    uow.audit(
        AuditEntry(
            "adt", "beds", here.id if here else "", patient.id if patient else None,
            organization_id=system.organization_id, extra=extra,
        )
    )  # fmt: skip


async def tell(uow: Any, system: HospitalSystem, adt: Adt, refusal: Hl7Refusal, *, now: datetime) -> None:
    """Give a person what a message could not do; the same trouble with the same bed once a day."""
    if refusal.code in QUIET:
        return
    place = adt.place.words if adt.place else "-"
    key = f"bed-feed:{system.id}:{refusal.code}:{place}:{local_date(now)}"
    organization_id, role = await uow.neighbours.owner_of(system.organization_id, WHO)
    task = Task(
        id=hashlib.sha256(key.encode()).hexdigest()[:24],
        kind="bed-feed",
        subject_kind="hl7-systems",
        subject_id=system.id,
        organization_id=organization_id,
        role=role,
        due_at=now + LOOK_WITHIN,
        zh=f"医院系统关于床 {place} 的 {adt.trigger} 消息没有执行（{refusal.code}）：{refusal.detail}",
        en=f"{adt.trigger} of the hospital's system about bed {place} was not done: {refusal.code}",
        created_at=now,
    )
    await uow.ledger.open_task(task, dedupe_key=key[:160])


async def _admit(feed: Feed, bed: Bed | None, _from: Bed | None) -> None:
    """Take the patient in; one who arrived with a ticket is admitted on it."""
    now = await _look(feed, bed)
    if now.occupancy is not None:
        await _same(feed, now.occupancy)
        return
    hold = now.hold
    ticket = await feed.act.uow.tickets.get(hold.ticket_id, lock=True) if hold and hold.ticket_id else None
    expected = ticket is not None and feed.patient is not None and ticket.patient_id == feed.patient.id
    if ticket is not None and expected and ticket.state is TicketState.ARRIVED:
        await journey.admit(feed.act, ticket, bed_id=now.bed.id)
        return
    walk_in = WalkIn(
        feed.patient.id if feed.patient else None, feed.label, feed.adt.person.sex, feed.adt.expected_end_at
    )
    await wards.occupy(feed.act, now.bed.id, walk_in)


async def _discharge(feed: Feed, bed: Bed | None, _from: Bed | None) -> None:
    """Let the patient out; a ticket's patient is discharged on the ticket. An empty bed is what the hospital says."""
    now = await _look(feed, bed)
    stay = now.occupancy
    if stay is None:
        return
    await _same(feed, stay)
    ticket = await feed.act.uow.tickets.get(stay.ticket_id, lock=True) if stay.ticket_id else None
    if ticket is not None and ticket.state is TicketState.ADMITTED:
        await journey.discharge(feed.act, ticket)
    else:
        await wards.vacate(feed.act, now.bed.id)


async def _transfer(feed: Feed, bed: Bed | None, came_from: Bed | None) -> None:
    """Move the patient; from a bed that is empty here already he is taken in."""
    now, before = await _look(feed, bed), await _look(feed, came_from)
    if before.occupancy is None:
        await _admit(feed, bed, None)
        return
    await _same(feed, before.occupancy)
    await wards.move_patient(feed.act, before.bed.id, now.bed.id)


async def _cancel_admit(feed: Feed, bed: Bed | None, _from: Bed | None) -> None:
    """Empty a bed that nobody came to; an admission on a ticket is a person's to undo."""
    now = await _look(feed, bed)
    if now.occupancy is not None:
        await _same(feed, now.occupancy)
        await wards.vacate(feed.act, now.bed.id)


async def _update(feed: Feed, bed: Bed | None, _from: Bed | None) -> None:
    """Note when the patient is expected to leave: waiting tickets get their estimate from it."""
    now = await _look(feed, bed)
    if now.occupancy is not None:
        await _same(feed, now.occupancy)
        await wards.expect(feed.act, now.bed.id, feed.adt.expected_end_at)


STEPS: Mapping[Trigger, Step] = MappingProxyType(
    {
        Trigger.ADMIT: _admit,
        Trigger.TRANSFER: _transfer,
        Trigger.DISCHARGE: _discharge,
        Trigger.UPDATE: _update,
        Trigger.CANCEL_ADMIT: _cancel_admit,
        Trigger.CANCEL_TRANSFER: _transfer,
        Trigger.CANCEL_DISCHARGE: _admit,
    }
)
FILLS = frozenset({Trigger.ADMIT, Trigger.TRANSFER, Trigger.CANCEL_TRANSFER, Trigger.CANCEL_DISCHARGE})


async def _bed_at(feed: Feed, system: HospitalSystem, place: Place | None) -> Bed | None:
    """Return the bed that a hospital's place is: its label, or ward and label together, in its organization."""
    if place is None:
        return None
    names = {place.bed, f"{place.ward}-{place.bed}", place.words}
    beds = await feed.act.uow.board.beds(feed.act.now, organization_id=system.organization_id)
    found: list[Bed] = [one.bed for one in beds if one.bed.label in names]
    if len(found) != 1:
        raise UnknownBed(f"绿通里没有这张床：{place.words} (no such bed here)", "PV1^1^3^1^3")
    return found[0]


async def _claim(feed: Feed, bed: Bed | None, *, filled: bool) -> None:
    """Make this the last message about a bed; whoever else claims it at the same time has to look again.

    A bed that the hospital fills was cleaned, whatever the board says.
    """
    if bed is None:
        return
    if feed.version < bed.feed_version:
        raise StaleFeed("关于这张床已有更新的消息 (a newer message about the bed is known)")
    cleaned = None if filled else bed.to_clean_since
    claimed = replace(bed, feed_version=feed.version, to_clean_since=cleaned, version=bed.version + 1)
    await feed.act.uow.board.save_bed(claimed)


async def _look(feed: Feed, bed: Bed | None) -> BedNow:
    return await wards.the_bed(feed.act, bed.id if bed else "")


async def _same(feed: Feed, stay: Interval) -> None:
    """Refuse when somebody else lies in the bed: by the register's id where both are known, else by the board's label.

    Raises
    ------
    BedTaken
    """
    if feed.patient is not None and stay.patient_id is not None:
        same = feed.patient.id == stay.patient_id
    else:
        known: Patient | None = await feed.uow.patients.get(stay.patient_id) if stay.patient_id else None
        same = (masked_name(known.name) if known else stay.label) == feed.label
    if not same or stay.kind is not IntervalKind.OCCUPANCY:
        raise BedTaken(stay.bed_id, holder=stay.label)


async def _known(uow: Any, system: HospitalSystem, person: Person) -> Patient | None:
    """Return the register's patient, by a number and never by a name."""
    for one in person.numbers:
        found: Patient | None = await _by_number(uow, system, one)
        if found is not None:
            return found
    return None


async def _by_number(uow: Any, system: HospitalSystem, one: Number) -> Any:
    try:
        if one.kind in RESIDENT:
            return await uow.patients.by_identifier(IdentifierSystem.RESIDENT_ID, resident_id.normalise(one.value))
        value = normalised(IdentifierSystem.LOCAL, one.value)
    except PatientRefusal:
        return None
    return await uow.patients.by_identifier(IdentifierSystem.LOCAL, value, system.organization_id)
