"""The papers of a consult: values from consult, opinion and record, and the code that a printed opinion carries."""

import hmac
import json
from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType
from typing import Any

from dicom.numbers import parse
from server.clock import local_date
from server.documents.consult_model import (
    AdoptionLines,
    ApplicationSheet,
    OpinionSheet,
    Participant,
    SheetPatient,
    SheetSignature,
    Sides,
)
from server.documents.model import Sex
from server.patients.identifiers import IdentifierSystem, masked
from server.patients.model import Patient
from server.workflows.referral_document import study_line
from video.consults import Consult, ConsultState, Opinion, OpinionText
from video.model import ConsultMode, Service

IDENTIFIERS: Mapping[IdentifierSystem, str] = MappingProxyType(
    {
        IdentifierSystem.RESIDENT_ID: "居民身份证",
        IdentifierSystem.PASSPORT: "护照",
        IdentifierSystem.HK_MACAU: "港澳居民来往内地通行证",
        IdentifierSystem.TAIWAN: "台湾居民来往大陆通行证",
        IdentifierSystem.FOREIGN_PERMANENT: "外国人永久居留身份证",
        IdentifierSystem.BIRTH_CERTIFICATE: "出生医学证明",
        IdentifierSystem.TEMPORARY: "临时编号",
        IdentifierSystem.LOCAL: "院内编号",
    }
)
DIGITS = 12
"""Of the digest that stand in the code: 48 bits, which nobody guesses at a page that answers one question at a time."""


def code_of(opinion: Opinion) -> str:
    """Return the code printed on a signed opinion: its number, and the first digits of the signed bytes' digest."""
    return f"{opinion.number}-{(opinion.digest or '')[:DIGITS].upper()}"


async def opinion_by_code(uow: Any, code: str) -> tuple[Consult, Opinion] | None:
    """Return the signed opinion that carries a code, with its consult; None where no paper can have been printed."""
    spoken, _, digits = code.strip().upper().rpartition("-")
    number = parse(spoken)
    opinion = await uow.opinions.by_number(number) if number else None
    if opinion is None or opinion.signed_at is None or not hmac.compare_digest(code_of(opinion), f"{number}-{digits}"):
        return None
    consult = await uow.consults.get(opinion.consult_id)
    return None if consult is None else (consult, opinion)


async def application_sheet(uow: Any, consult: Consult, *, url: str) -> ApplicationSheet:
    """Return what the application says as it stands now.

    Parameters
    ----------
    url
        Of this hub; the code leads to the consult there.
    """
    asked = consult.application
    names = await uow.centres.people(filter(None, (consult.created_by, asked.expert_id, asked.consent.approved_by)))
    return ApplicationSheet(
        number=consult.number,
        version=consult.version,
        service=consult.service,
        urgency=consult.urgency,
        mode=consult.mode,
        sides=await _sides(uow, consult),
        patient=await _patient(uow, consult),
        application=asked,
        doctor=names.get(consult.created_by, ""),
        expert=names.get(asked.expert_id, ""),
        approver=names.get(asked.consent.approved_by, ""),
        studies=await _studies(uow, asked.study_uids),
        reports=await _reports(uow, asked.report_ids),
        submitted_at=consult.created_at,
        changed_at=max(consult.created_at, *consult.timeline.values()) if consult.timeline else consult.created_at,
        url=f"{url}/consults/{consult.id}",
    )


async def opinion_sheet(uow: Any, consult: Consult, opinion: Opinion, *, url: str) -> OpinionSheet:
    """Return what was signed, from the signed bytes themselves, and what the inviter made of it since.

    Parameters
    ----------
    opinion
        Signed: it has a body and a digest.
    """
    signed: dict[str, Any] = json.loads(opinion.body or "{}")
    code = code_of(opinion)
    began, ended = _times(consult, opinion)
    return OpinionSheet(
        number=signed["number"],
        application_number=signed["application"],
        service=Service(signed["service"]),
        mode=ConsultMode(signed["mode"]),
        sides=await _sides(uow, consult),
        patient=await _patient(uow, consult),
        participants=tuple(map(_participant, signed["experts"])),
        text=OpinionText(**{name: signed[name] for name in OpinionText.__slots__}),
        signatures=await _signatures(uow, opinion),
        began_at=began,
        ended_at=ended,
        adoption=await _adoption(uow, consult),
        outcome="已结案" if consult.state is ConsultState.CLOSED else "",
        created_at=_last_written(consult, opinion),
        code=code,
        url=f"{url}/v/{code}",
        digest=opinion.digest or "",
    )


def _last_written(consult: Consult, opinion: Opinion) -> datetime:
    moments = (opinion.signed_at, consult.timeline.get("adopted"), consult.timeline.get("closed"))
    return max(filter(None, moments))


def _times(consult: Consult, opinion: Opinion) -> tuple[datetime | None, datetime | None]:
    """Return from when until when: the call, or the writing of what was answered without one."""
    reached = consult.timeline.get
    call = reached("in-call")
    return (call, reached("documenting")) if call else (reached("documenting"), opinion.signed_at)


def _participant(person: Mapping[str, Any]) -> Participant:
    return Participant(
        name=person["name"],
        title=person["title"],
        specialties=tuple(person["specialties"]),
        licence=person["licence"],
        practising_since=person["practising_since"],
    )


async def _signatures(uow: Any, opinion: Opinion) -> tuple[SheetSignature, ...]:
    standing = [each for each in await uow.opinions.signatures(opinion.consult_id) if each.voided_at is None]
    names = await uow.centres.people(each.user_id for each in standing)
    return tuple(SheetSignature(name=names.get(s.user_id, s.user_id), role=s.role, signed_at=s.at) for s in standing)


async def _adoption(uow: Any, consult: Consult) -> AdoptionLines | None:
    found = consult.adoption
    if found is None:
        return None
    by = await uow.centres.person_name(found.by)
    return AdoptionLines(what=found.what, reason=found.reason, by=by, at=found.at)


async def _sides(uow: Any, consult: Consult) -> Sides:
    names = await uow.centres.names()
    asks, answers = consult.from_organization_id, consult.to_organization_id
    return Sides(inviter=names.get(asks, asks), invitee=names.get(answers, answers))


async def _patient(uow: Any, consult: Consult) -> SheetPatient:
    patient: Patient = await uow.patients.get(consult.patient_id)
    day = local_date(consult.created_at)
    age = patient.age(day)
    shown = next(iter(sorted(patient.identifiers, key=lambda one: list(IDENTIFIERS).index(one.system))), None)
    categories = await uow.patients.categories()
    return SheetPatient(
        name=patient.name,
        sex=Sex(patient.sex.value),
        age="" if age is None else f"{age}岁",
        birth_date=patient.birth_date,
        identifier_type=IDENTIFIERS[shown.system] if shown else "",
        identifier=masked(shown.value) if shown else "",
        record_number=patient.record_number or "",
        phone=patient.phone,
        assistance=tuple(categories[a.category].zh for a in patient.assistance if a.is_active(day)),
    )


async def _studies(uow: Any, uids: tuple[str, ...]) -> tuple[str, ...]:
    found = [await uow.matching.study(uid) for uid in uids]
    return tuple(study_line(study) for study in found if study is not None)


async def _reports(uow: Any, report_ids: tuple[str, ...]) -> tuple[str, ...]:
    found = [await uow.reports.get(report_id) for report_id in report_ids]
    return tuple(f"报告 {report.number}，第 {report.edition} 版" for report in found if report is not None)
