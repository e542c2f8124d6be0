"""A referral on paper: the national forms filled from ticket and record, and which print of them it is."""

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType
from typing import Any

from dicom.model import Study
from referral.errors import IllegalTransition
from referral.events import Event
from referral.lifecycle import legal
from referral.model import Direction, Pathway
from referral.service.ground import audience
from referral.tickets import Ticket
from referral.wards import label_of
from server.accounts.model import AuditEntry
from server.accounts.places import Organization
from server.clock import local_date
from server.documents.model import Sex
from server.documents.referral_model import FormExtras, FormPatient, FormRoute, OutForm, Printing, ReturnForm
from server.patients.model import Patient

PATHWAYS: Mapping[Pathway, str] = MappingProxyType(
    {Pathway.CHEST_PAIN: "胸痛", Pathway.STROKE: "卒中", Pathway.TRAUMA: "创伤", Pathway.OBSTETRIC: "危重孕产妇"}
)
MODES: Mapping[str, str] = MappingProxyType({"ambulance": "救护车", "own": "自行前往", "other": "其他"})
BAY = "急诊抢救间"


class FormKind(StrEnum):
    """Which of the national forms."""

    OUT = "out"
    RETURN = "return"


async def print_form(
    uow: Any, ticket: Ticket, kind: FormKind, *, by: str, url: str, now: datetime
) -> tuple[OutForm | ReturnForm, Printing]:
    """Return what a form says and which print of it this is; the print stands in the ticket's history and the audit.

    Parameters
    ----------
    by
        Name of whoever prints.
    url
        Of this hub; the code leads to the ticket there.

    Raises
    ------
    IllegalTransition
        When there is nothing to return with yet, or a way home is asked for as a way out.
    """
    form = await _form(uow, ticket, kind, url)
    times = await uow.ledger.next_serial(f"print:{kind}:{ticket.id}")
    uow.audit(AuditEntry("print", "referrals", ticket.id, ticket.patient_id, basis=kind.value))
    uow.publish(
        Event(
            "referrals", "printed", ticket.id, ticket.version, ticket.state.value, audience(ticket),
            ticket.from_organization_id, {"form": kind.value, "times": times},
        )
    )  # fmt: skip
    return form, Printing(at=now, by=by, times=times)


def kind_of(ticket: Ticket) -> FormKind:
    """Return the form that goes with a ticket where nobody named one."""
    return FormKind.RETURN if ticket.direction is Direction.DOWN else FormKind.OUT


async def _form(uow: Any, ticket: Ticket, kind: FormKind, url: str) -> OutForm | ReturnForm:
    home = ticket.direction is Direction.DOWN
    possible = (ticket.plan if home else ticket.outcome) is not None if kind is FormKind.RETURN else not home
    if not possible:
        raise IllegalTransition(ticket.state.value, f"print the {kind.value} form", legal(ticket))
    patient: Patient = await uow.patients.get(ticket.patient_id)
    extras = await _extras(uow, ticket, kind, url)
    return await (_out if kind is FormKind.OUT else _return)(uow, ticket, patient, extras)


async def _out(uow: Any, ticket: Ticket, patient: Patient, extras: FormExtras) -> OutForm:
    package = ticket.package
    return OutForm(
        patient=_patient(ticket, patient),
        route=await _route(uow, ticket, sender=ticket.created_by, receiver=ticket.acknowledged_by or ticket.handler_id),
        impression=_lines(_coded(ticket), package.summary),
        present_history=package.present_history,
        past_history=_lines(package.past_history, _said("过敏", package.allergies or patient.allergies)),
        treatment=_lines(package.treatment, _said("用药", "；".join(package.medicines))),
        extras=extras,
    )


async def _return(uow: Any, ticket: Ticket, patient: Patient, extras: FormExtras) -> ReturnForm:
    plan, outcome = ticket.plan, ticket.outcome
    if plan is not None:
        return ReturnForm(
            patient=_patient(ticket, patient),
            route=await _route(uow, ticket, sender=ticket.created_by, receiver=ticket.handler_id),
            diagnosis=_coded(ticket),
            results=plan.results,
            treatment_and_plan=_lines(
                plan.discharge_summary, _said("带药", "；".join(plan.medicines)), _said("康复", plan.rehabilitation)
            ),
            extras=extras,
        )
    return ReturnForm(
        patient=_patient(ticket, patient),
        route=await _back(uow, ticket),
        diagnosis=outcome.diagnosis if outcome else "",
        treatment_and_plan=_lines(outcome.treatment, outcome.advice) if outcome else "",
        extras=extras,
    )


def _patient(ticket: Ticket, patient: Patient) -> FormPatient:
    age = patient.age(local_date(ticket.created_at))
    return FormPatient(
        name=patient.name,
        sex=Sex(patient.sex.value),
        age="" if age is None else f"{age}岁",
        record_number=patient.record_number or "",
        case_number=ticket.plan.case_number if ticket.plan else "",
        address=patient.address,
        phone=patient.phone,
    )


async def _route(uow: Any, ticket: Ticket, *, sender: str, receiver: str | None) -> FormRoute:
    here, there = await _place(uow, ticket.from_organization_id), await _place(uow, ticket.receives)
    names = await uow.centres.people([user for user in (sender, receiver) if user])
    return FormRoute(
        from_organization=here.name if here else ticket.from_organization_id,
        doctor=names.get(sender, ""),
        doctor_phone=here.phone if here else "",
        to_organization=there.name if there else ticket.outside_name,
        department=ticket.department,
        receiving_doctor=names.get(receiver or "", ""),
        on=local_date(ticket.waiting_since or ticket.created_at),
    )


async def _back(uow: Any, ticket: Ticket) -> FormRoute:
    """Return the way back of an outcome: from whoever received the patient to whoever sent him."""
    here, there = await _place(uow, ticket.from_organization_id), await _place(uow, ticket.receives)
    writer = ticket.outcome.by if ticket.outcome else ""
    names = await uow.centres.people([ticket.created_by, writer])
    at = ticket.outcome.at if ticket.outcome else None
    return FormRoute(
        from_organization=there.name if there else ticket.outside_name,
        doctor=names.get(writer, ""),
        doctor_phone=there.phone if there else "",
        to_organization=here.name if here else ticket.from_organization_id,
        receiving_doctor=names.get(ticket.created_by, ""),
        on=local_date(at) if at else None,
    )


async def _extras(uow: Any, ticket: Ticket, kind: FormKind, url: str) -> FormExtras:
    there = await _place(uow, ticket.from_organization_id if kind is FormKind.RETURN else ticket.receives)
    hold = await uow.board.hold_of(ticket.id)
    home = ticket.direction is Direction.DOWN
    transport, plan = ticket.package.transport, ticket.plan
    return FormExtras(
        number=ticket.number,
        receiving_url=f"{url}/referrals/{ticket.id}",
        direction=ticket.direction,
        level=None if home else ticket.level,
        pathway=PATHWAYS[ticket.pathway] if ticket.pathway else "",
        diagnosis=ticket.diagnosis.name,
        icd10=ticket.diagnosis.code,
        transport=" ".join(filter(None, (MODES.get(transport.mode, transport.mode), transport.vehicle))),
        escort=transport.escort,
        expected_arrival=ticket.expected_arrival_at,
        place=label_of(ticket.bed_id) if ticket.bed_id else BAY if ticket.in_bay else "",
        held_until=hold.ends_at if hold else None,
        first_visit_due=plan.first_visit_due if plan else None,
        desk_phone=there.phone if there else "",
        attention=plan.warning_signs if plan else ticket.package.attention,
        studies=await _studies(uow, ticket),
    )


async def _studies(uow: Any, ticket: Ticket) -> tuple[str, ...]:
    """Return the linked studies as lines in words: what it is and of which day."""
    found = [await uow.matching.study(uid) for uid in ticket.package.study_uids]
    return tuple(study_line(study) for study in found if study is not None)


def study_line(study: Study) -> str:
    """Return a study as a line in words: what it is and of which day."""
    day = study.study_date
    words = study.description or " ".join(study.modalities)
    return f"{words} {day[:4]}-{day[4:6]}-{day[6:8]}" if len(day) == len("20261123") else words


async def _place(uow: Any, organization_id: str) -> Organization | None:
    found: Organization | None = await uow.organizations.get(organization_id) if organization_id else None
    return found


def _coded(ticket: Ticket) -> str:
    code = f"（{ticket.diagnosis.code}）" if ticket.diagnosis.code else ""
    return f"{ticket.diagnosis.name}{code}"


def _said(label: str, text: str) -> str:
    return f"{label}：{text}" if text.strip() else ""


def _lines(*parts: str) -> str:
    return "\n".join(part for part in parts if part.strip())
