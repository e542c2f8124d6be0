"""What the pages behind a patient's link say of a ticket: place, time, whom to call, or why there is no card."""

import re
from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType
from typing import Any

from referral.model import Direction
from referral.tickets import Ticket, TicketState
from referral.wards import label_of
from server.accounts.places import Organization
from server.clock import local_date
from server.documents.outcome_page import OutcomeAsked
from server.documents.patient_card import Contact, Notice, PatientCard, Reception
from server.patients.model import Patient, Sex

S = TicketState
HERE = frozenset({S.ARRIVED, S.ADMITTED, S.DISCHARGED, S.OUTCOME_SENT})
MOVING = frozenset({S.ACCEPTED, S.BED_HELD, S.EN_ROUTE})
AT_HOME = frozenset({S.HANDED_OVER, S.INFO_NEEDED, S.TAKEN_OVER, S.FIRST_VISIT_DONE})
SEXES: Mapping[Sex, str] = MappingProxyType({Sex.MALE: "男", Sex.FEMALE: "女", Sex.UNKNOWN: ""})


def notice_of(ticket: Ticket) -> Notice | None:
    """Return why a ticket has no card to show, None while it has one.

    Nobody is told on a telephone that somebody died: such a link is simply over.
    """
    if ticket.direction is Direction.DOWN:
        return None if ticket.state in AT_HOME else Notice.EXPIRED
    if ticket.state in MOVING:
        return None
    if ticket.state in HERE:
        return Notice.ARRIVED
    return Notice.EXPIRED if ticket.state in {S.DIED, S.CLOSED} else Notice.CANCELLED


async def card_of(uow: Any, ticket: Ticket, patient: Patient) -> PatientCard:
    """Return what the card says now."""
    there = await _place(uow, ticket.receives)
    wards = await uow.board.wards(ticket.receives) if ticket.receives else []
    bed = await uow.board.bed(ticket.bed_id, uow.now) if ticket.bed_id else None
    ward = next((w for w in wards if bed is not None and w.id == bed.bed.ward_id), None)
    return PatientCard(
        number=ticket.number,
        patient_name=patient.name,
        reception=_reception(ticket),
        organization=there.name if there else ticket.outside_name,
        department=ward.name if ward else ticket.department,
        bed=spoken_bed(label_of(ticket.bed_id)) if ticket.bed_id else "",
        at=await _when(uow, ticket),
        contacts=await contacts_of(uow, ticket),
    )


async def contacts_of(uow: Any, ticket: Ticket) -> tuple[Contact, ...]:
    """Return whom to call: the receiver's desk, then those who sent the patient; who has no number is left out."""
    there, here = await _place(uow, ticket.receives), await _place(uow, ticket.from_organization_id)
    desk = Contact(who=f"{there.name}转诊台", phone=there.phone) if there else None
    if there and ticket.direction is Direction.DOWN:
        desk = Contact(who=there.name, phone=there.phone)
    sender = Contact(who=here.name, phone=here.phone) if here else None
    return tuple(contact for contact in (desk, sender) if contact is not None and contact.phone)


async def asked_of(uow: Any, ticket: Ticket, patient: Patient, now: datetime) -> OutcomeAsked:
    """Return whose outcome a hospital outside the network is asked for."""
    here = await _place(uow, ticket.from_organization_id)
    age = patient.age(local_date(now))
    return OutcomeAsked(
        number=ticket.number,
        patient=patient.name,
        sex_age=f"{SEXES[patient.sex]} {'' if age is None else f'{age}岁'}".strip(),
        from_organization=here.name if here else "",
        sent_on=local_date(ticket.waiting_since or ticket.created_at),
        contact=Contact(who=here.name, phone=here.phone) if here and here.phone else None,
    )


def spoken_bed(label: str) -> str:
    """Return a bed as people say it: ``CCU-03`` is ``CCU 3 床``; other labels as they are."""
    found = re.fullmatch(r"(.+)-0*([1-9][0-9]*)", label)
    return f"{found[1]} {found[2]} 床" if found else label


def _reception(ticket: Ticket) -> Reception:
    if ticket.direction is Direction.DOWN:
        return Reception.HOME
    if ticket.bed_id:
        return Reception.BED
    return Reception.BAY if ticket.in_bay else Reception.DEPARTMENT


async def _when(uow: Any, ticket: Ticket) -> Any:
    """Return until when the bed is kept, when the patient is expected, or the day of the first visit at home."""
    if ticket.direction is Direction.DOWN:
        planned = ticket.plan.first_visit_due if ticket.plan else None
        return planned or (local_date(ticket.deadline_at) if ticket.deadline_at else None)
    hold = await uow.board.hold_of(ticket.id)
    return hold.ends_at if hold and ticket.bed_id else ticket.expected_arrival_at


async def _place(uow: Any, organization_id: str) -> Organization | None:
    found: Organization | None = await uow.organizations.get(organization_id) if organization_id else None
    return found
