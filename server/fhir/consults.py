"""A consult as ServiceRequest (what is asked), Appointment (a time), Encounter (class VR) and DocumentReference.

The opinion is a document of its own kind: no DiagnosticReport is ever made of it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from server.fhir.consult_status import PRIORITY, ROWS, appointment_status, encounter_status
from server.fhir.words import (
    HL7,
    Resource,
    coding,
    concept,
    diagnosis_concept,
    fhir_id,
    instant,
    meta,
    period,
    pruned,
    reference,
    study_reference,
)
from video.consults import Consult, Opinion, Slot
from video.model import Service, Urgency

CONSULT_NUMBER = "urn:lutong:consult-number"
OPINION_NUMBER = "urn:lutong:opinion-number"
CONSULT_STATE = "urn:lutong:extension:consult-state"
USER = "urn:lutong:user"
CONSULTATION = {"system": "http://snomed.info/sct", "code": "11429006", "display": "Consultation"}
CONSULT_NOTE = {"system": "http://loinc.org", "code": "11488-4", "display": "Consult note"}
C0045 = {"system": "urn:oid:2.16.156.10011.2.4", "code": "C0045", "display": "会诊记录"}  # WS/T 500.45
NOT_A_DIAGNOSIS = "会诊意见供参考，诊断和治疗由邀请方决定并负责；不是诊断报告。No diagnosis: the inviter decides."
SERVICES = {Service.CONSULT: "远程会诊", Service.MDT: "远程多学科会诊", Service.WARD_ROUND: "远程查房"}
_ACT_PRIORITY = {Urgency.EMERGENCY: "EM", Urgency.URGENT: "UR", Urgency.ROUTINE: "R"}


@dataclass(frozen=True, slots=True)
class Around:
    """What consults are shown with.

    Parameters
    ----------
    places, people
        Names of organizations and users by id.
    named
        The caller belongs to one of the two sides and reads what was written about the patient; whoever only broke
        the glass learns that there is a consult.
    """

    places: Mapping[str, str]
    people: Mapping[str, str]
    named: bool


def service_request(consult: Consult, around: Around, *, changed_at: datetime | None = None) -> Resource:
    """Return what is asked."""
    asked, row = consult.application, ROWS[consult.state]
    invitee = _place(consult.to_organization_id, around)
    return pruned(
        {
            "resourceType": "ServiceRequest",
            "id": fhir_id(consult.id),
            "meta": meta(consult.version, changed_at or last_changed(consult)),
            "extension": [_state(consult)],
            "identifier": [{"system": CONSULT_NUMBER, "value": consult.number}],
            "status": row.service_request,
            "intent": "order",
            "category": [{"coding": [CONSULTATION]}],
            "priority": PRIORITY[consult.urgency],
            "code": {"text": " ".join((SERVICES[consult.service], *asked.specialties))},
            "subject": reference("Patient", consult.patient_id),
            "authoredOn": instant(consult.created_at),
            "requester": _place(consult.from_organization_id, around),
            "performerType": {"text": " ".join((*asked.specialties, asked.title)).strip()},
            "performer": [invitee, *(_person(user_id, around) for user_id in consult.experts)],
            "reasonCode": [diagnosis_concept(asked.diagnosis)] if around.named else [],
            "supportingInfo": [study_reference(uid) for uid in asked.study_uids] if around.named else [],
            "note": [{"text": text} for text in (asked.reason, asked.purpose) if text and around.named],
        }
    )


def appointment(slot: Slot, consult: Consult, around: Around, *, now: datetime) -> Resource:
    """Return a time that was offered or booked, with whom it keeps together."""
    status = appointment_status(slot, consult, now=now)
    settled = "tentative" if status == "proposed" else "accepted"
    experts = [each.removeprefix("expert:") for each in slot.resources if each.startswith("expert:")]
    people = [{"actor": _person(user_id, around), "status": settled} for user_id in experts]
    return pruned(
        {
            "resourceType": "Appointment",
            "id": fhir_id(slot.id),
            "meta": meta(consult.version),
            "identifier": [{"system": CONSULT_NUMBER, "value": consult.number}],
            "status": status,
            "serviceType": [{"text": SERVICES[consult.service]}],
            "specialty": [{"text": word} for word in consult.application.specialties],
            "start": instant(slot.begins_at),
            "end": instant(slot.ends_at),
            "minutesDuration": int((slot.ends_at - slot.begins_at).total_seconds()) // 60,
            "basedOn": [reference("ServiceRequest", consult.id)],
            "participant": [
                {
                    "actor": reference("Patient", consult.patient_id),
                    "status": "needs-action" if status == "proposed" else settled,
                },
                *people,
            ],
        }
    )


def encounter(
    consult: Consult, around: Around, *, slot_id: str | None = None, changed_at: datetime | None = None
) -> Resource:
    """Return the meeting, or the answer in writing; `slot_id` is the time that was booked for it."""
    return pruned(
        {
            "resourceType": "Encounter",
            "id": fhir_id(consult.id),
            "meta": meta(consult.version, changed_at or last_changed(consult)),
            "extension": [_state(consult)],
            "identifier": [{"system": CONSULT_NUMBER, "value": consult.number}],
            "status": encounter_status(consult),
            "class": coding(f"{HL7}/v3-ActCode", "VR", "virtual"),
            "type": [{"text": SERVICES[consult.service] + ("（书面）" if consult.in_writing else "")}],
            "priority": concept(f"{HL7}/v3-ActPriority", _ACT_PRIORITY[consult.urgency]),
            "subject": reference("Patient", consult.patient_id),
            "basedOn": [reference("ServiceRequest", consult.id)],
            "participant": [{"individual": _person(user_id, around)} for user_id in consult.experts],
            "appointment": [reference("Appointment", slot_id)],
            "period": period(*_held(consult)),
            "reasonCode": [diagnosis_concept(consult.application.diagnosis)] if around.named else [],
            "serviceProvider": _place(consult.to_organization_id, around),
        }
    )


def document_reference(opinion: Opinion, consult: Consult, around: Around, *, pdf_url: str) -> Resource:
    """Return a signed opinion as a document.

    Parameters
    ----------
    pdf_url
        Where its PDF is fetched with the caller's own session.
    """
    attachment = {
        "contentType": "application/pdf",
        "language": "zh-CN",
        "url": pdf_url,
        "title": f"远程会诊意见书 {opinion.number}",
        "creation": instant(opinion.signed_at),
    }
    return pruned(
        {
            "resourceType": "DocumentReference",
            "id": fhir_id(opinion.consult_id),
            "meta": meta(opinion.version, opinion.signed_at),
            "masterIdentifier": {"system": OPINION_NUMBER, "value": opinion.number},
            "status": "current",
            "docStatus": "final",
            "type": {"coding": [CONSULT_NOTE, C0045], "text": "会诊意见书"},
            "subject": reference("Patient", consult.patient_id),
            "date": instant(opinion.signed_at),
            "author": [_person(user_id, around) for user_id in consult.experts],
            "authenticator": _person(consult.host, around),
            "custodian": _place(consult.to_organization_id, around),
            "description": NOT_A_DIAGNOSIS,
            "content": [{"attachment": attachment}],
            "context": {
                "encounter": [reference("Encounter", consult.id)],
                "related": [reference("ServiceRequest", consult.id)],
            },
        }
    )


def last_changed(consult: Consult) -> datetime:
    """Return when a consult last moved."""
    return max(consult.created_at, *consult.timeline.values()) if consult.timeline else consult.created_at


def _held(consult: Consult) -> tuple[datetime | None, datetime | None]:
    """Return from when until when people met, or somebody wrote; nothing of what is still planned."""
    reached = consult.timeline.get
    if consult.in_writing:
        return reached("documenting"), reached("signed") or reached("closed")
    return reached("in-call"), reached("documenting") if reached("in-call") else None


def _state(consult: Consult) -> Resource:
    return {"url": CONSULT_STATE, "valueCode": consult.state.value}


def _place(organization_id: str, around: Around) -> Resource | None:
    return reference("Organization", organization_id, around.places.get(organization_id, ""))


def _person(user_id: str, around: Around) -> Resource | None:
    """Return somebody as a logical reference: Practitioner is not served."""
    if not user_id:
        return None
    named = {"system": USER, "value": user_id}
    return pruned({"type": "Practitioner", "identifier": named, "display": around.people.get(user_id, "")})
