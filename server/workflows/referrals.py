"""Who somebody is to a ticket or a ward, one act of referrals in a transaction, and what acts when a time is over."""

from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from dicom.numbers import number, series_of
from referral.beds import Allotted
from referral.follow_up import FOLLOW_UP
from referral.model import Direction
from referral.service import drafting, due, visits
from referral.service.ground import DUE, HOLD, Act
from referral.service.queue import queue_of
from referral.service.wards import BLOCK, BOARD
from referral.tickets import SYSTEM, Party, Ticket
from server.accounts.model import Caller, Role
from server.workflows.imaging import new_id

PHYSICIANS = (Role.TOWNSHIP_DOCTOR, Role.FAMILY_DOCTOR, Role.CONSULTANT, Role.REFERRAL_DESK, Role.MEDICAL_AFFAIRS)
HOSPITAL = (Role.CONSULTANT, Role.REFERRAL_DESK, Role.MEDICAL_AFFAIRS, Role.WARD_NURSE)
DESK = (Role.REFERRAL_DESK, Role.TOWNSHIP_DOCTOR)  # a township's doctor is its desk and its ward too
DOCTOR = (Role.CONSULTANT, Role.TOWNSHIP_DOCTOR)
WARD = (Role.WARD_NURSE, Role.TOWNSHIP_DOCTOR)


def party_of(caller: Caller, ticket: Ticket, kin: frozenset[str] = frozenset()) -> Party:
    """Return what the caller is to a ticket: each word of the tables.

    Parameters
    ----------
    kin
        Organizations above those in which the caller is a family doctor: a village visits its township's patients.
    """
    sends, takes = ticket.from_organization_id, ticket.receives
    home = ticket.direction is Direction.DOWN
    sender = caller.has(*(HOSPITAL if home else PHYSICIANS), organization_id=sends)
    party = Party(
        user_id=caller.user_id,
        name=caller.name,
        sender=sender,
        sender_lead=caller.has(Role.MEDICAL_AFFAIRS, organization_id=sends),
        desk=caller.has(*DESK, organization_id=takes),
        doctor=caller.has(*DOCTOR, organization_id=takes),
        ward=caller.has(*WARD, organization_id=takes),
        lead=caller.has(Role.MEDICAL_AFFAIRS, organization_id=takes),
        family=caller.has(Role.FAMILY_DOCTOR, organization_id=takes) or (home and takes in kin),
    )
    if ticket.to_organization_id is None and sender:  # outside the network the sender keeps the receiver's book
        return replace(party, desk=True, doctor=True, ward=True)
    return party


def staff_of(caller: Caller, organization_id: str) -> Party:
    """Return what the caller is to the wards of an organization."""
    return Party(
        user_id=caller.user_id,
        name=caller.name,
        desk=caller.has(*DESK, organization_id=organization_id),
        ward=caller.has(*WARD, organization_id=organization_id),
        lead=caller.has(Role.MEDICAL_AFFAIRS, organization_id=organization_id),
    )


async def kin_of(uow: Any, caller: Caller) -> frozenset[str]:
    """Return the organizations right above those in which the caller is a family doctor."""
    ours = {m.organization_id for m in caller.memberships if m.role is Role.FAMILY_DOCTOR}
    places = [await uow.organizations.get(organization_id) for organization_id in sorted(ours)]
    return frozenset(place.parent_id for place in places if place is not None and place.parent_id)


def act_of(uow: Any, party: Party, now: datetime) -> Act:
    """Return one act of somebody in a transaction."""
    return Act(uow, party, now, new_id, number, series_of)


async def offers_at(uow: Any, organization_id: str, now: datetime) -> Mapping[str, Allotted]:
    """Return who would get which bed of an organization now, and who waits for what."""
    return (await queue_of(act_of(uow, SYSTEM, now), organization_id)).allotted()


async def tickets_seen(uow: Any, pairs: Collection[tuple[Caller, str]]) -> Mapping[tuple[Caller, str], Ticket]:
    """Return those of these tickets of which each caller may know."""
    tickets = await uow.tickets.many([ticket_id for _, ticket_id in pairs])
    found = {}
    for caller in {caller for caller, _ in pairs}:
        wanted = [ticket_id for who, ticket_id in pairs if who == caller and ticket_id in tickets]
        known = await uow.referral_board.known_to(caller, wanted, now=uow.now)
        found.update({(caller, ticket_id): tickets[ticket_id] for ticket_id in known})
    return found


async def on_ticket_due(uow: Any, ticket_id: str, now: datetime) -> None:
    """Climb the ladder for a ticket that is late."""
    await due.ticket_due(act_of(uow, SYSTEM, now), ticket_id)


async def on_hold_due(uow: Any, hold_id: str, now: datetime) -> None:
    """End a hold whose time is over, or prolong one that may not end silently."""
    await due.hold_due(act_of(uow, SYSTEM, now), hold_id)


async def on_block_due(uow: Any, bed_id: str, now: datetime) -> None:
    """Put a bed back into service."""
    await due.block_due(act_of(uow, SYSTEM, now), bed_id)


async def on_board_due(uow: Any, ward_id: str, now: datetime) -> None:
    """Ask a shift to confirm its board."""
    await due.board_due(act_of(uow, SYSTEM, now), ward_id)


async def on_visit_due(uow: Any, follow_up_id: str, now: datetime) -> None:
    """Put a missed follow-up on the overdue list."""
    await visits.visit_due(act_of(uow, SYSTEM, now), follow_up_id)


async def on_critical_declared(uow: Any, stored: Any, now: datetime) -> None:
    """Raise a patient's tickets when a critical value opens while they are on their way."""
    order = await uow.orders.get(stored.event.subject_id)
    if order is not None and order.patient_id and await uow.neighbours.has_open_critical_value(order.patient_id):
        await drafting.force_level(act_of(uow, SYSTEM, now), order.patient_id)


async def lock_ticket(uow: Any, ticket_id: str) -> None:
    """Lock a ticket that is due."""
    await uow.tickets.get(ticket_id, lock=True)


async def lock_ticket_of_hold(uow: Any, hold_id: str) -> None:
    """Lock the ticket whose hold is due."""
    hold = await uow.board.interval(hold_id)
    if hold is not None and hold.ticket_id is not None:
        await uow.tickets.get(hold.ticket_id, lock=True)


LOCKS = {DUE: lock_ticket, HOLD: lock_ticket_of_hold}
DEADLINES = {
    DUE: on_ticket_due,
    HOLD: on_hold_due,
    BLOCK: on_block_due,
    BOARD: on_board_due,
    FOLLOW_UP: on_visit_due,
}
