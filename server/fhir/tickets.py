"""A referral ticket as ServiceRequest (what is asked) and Task (the work on it)."""

from collections.abc import Mapping
from datetime import datetime

from referral.tickets import Ticket
from server.fhir.status import PRIORITY, row_of
from server.fhir.words import (
    BOUNCE_OF,
    DECISION,
    DIRECTION,
    LEVEL,
    REFERRAL_REASON,
    TICKET_NUMBER,
    TICKET_STATE,
    Resource,
    concept,
    diagnosis_concept,
    extension,
    instant,
    meta,
    period,
    pruned,
    reference,
    study_reference,
)

Names = Mapping[str, str]
REFERRAL = {"system": "http://snomed.info/sct", "code": "3457005", "display": "Patient referral"}


def last_changed(ticket: Ticket) -> datetime:
    """Return when a ticket last moved."""
    return max(ticket.created_at, *ticket.timeline.values()) if ticket.timeline else ticket.created_at


def service_request(ticket: Ticket, names: Names, *, changed_at: datetime | None = None) -> Resource:
    """Return what is asked.

    Parameters
    ----------
    names
        Names of organizations by id.
    changed_at
        When anything about it last changed; when it last moved, where nobody knows better.
    """
    row = row_of(ticket.direction, ticket.state)
    return pruned(
        {
            "resourceType": "ServiceRequest",
            "id": ticket.id,
            "meta": meta(ticket.version, changed_at or last_changed(ticket)),
            "extension": _extensions(ticket),
            "identifier": [{"system": TICKET_NUMBER, "value": ticket.number}],
            "basedOn": [_asked(ticket.based_on)],
            "replaces": [_asked(ticket.predecessor_id)],
            "requisition": {"system": "urn:lutong:episode", "value": ticket.episode_id},
            "status": row.service_request,
            "intent": "order",
            "category": [{"coding": [REFERRAL]}],
            "priority": PRIORITY[ticket.level],
            "code": {"text": f"双向转诊 {ticket.department}".strip()},
            "subject": reference("Patient", ticket.patient_id),
            "authoredOn": instant(ticket.waiting_since or ticket.created_at),
            "requester": _sender(ticket, names),
            "performer": [_receiver(ticket, names)],
            "reasonCode": [diagnosis_concept(ticket.diagnosis), concept(REFERRAL_REASON, ticket.reason_code)],
            "supportingInfo": [study_reference(uid) for uid in ticket.package.study_uids],
            "note": [{"text": ticket.package.summary}] if ticket.package.summary else [],
        }
    )


def task(ticket: Ticket, names: Names, *, changed_at: datetime | None = None) -> Resource:
    """Return the work: who has it, until when, and what came of it; see `service_request` for the parameters."""
    row = row_of(ticket.direction, ticket.state)
    return pruned(
        {
            "resourceType": "Task",
            "id": ticket.id,
            "meta": meta(ticket.version, changed_at or last_changed(ticket)),
            "identifier": [{"system": TICKET_NUMBER, "value": ticket.number}],
            "basedOn": [_asked(ticket.id)],
            "status": row.task,
            "statusReason": concept(DECISION, ticket.decision_code, text=ticket.reason_text),
            "businessStatus": concept(TICKET_STATE, ticket.state.value, row.en, text=row.zh),
            "intent": "order",
            "priority": PRIORITY[ticket.level],
            "code": {"coding": [{"system": "http://hl7.org/fhir/CodeSystem/task-code", "code": "fulfill"}]},
            "focus": _asked(ticket.id),
            "for": reference("Patient", ticket.patient_id),
            "executionPeriod": _worked(ticket),
            "authoredOn": instant(ticket.waiting_since or ticket.created_at),
            "lastModified": instant(changed_at or last_changed(ticket)),
            "requester": _sender(ticket, names),
            "owner": _receiver(ticket, names),
            "location": reference("Location", ticket.bed_id),
            "restriction": {"period": period(None, ticket.deadline_at)},
            "output": _outputs(ticket),
        }
    )


def _extensions(ticket: Ticket) -> list[Resource]:
    parts = [
        extension(DIRECTION, valueCode=ticket.direction.value),
        extension(LEVEL, valueInteger=int(ticket.level)),
    ]
    bounced = _asked(ticket.bounce_of)
    return [*parts, extension(BOUNCE_OF, valueReference=bounced)] if bounced else parts


def _asked(ticket_id: str | None) -> Resource | None:
    return reference("ServiceRequest", ticket_id)


def _sender(ticket: Ticket, names: Names) -> Resource | None:
    return reference("Organization", ticket.from_organization_id, names.get(ticket.from_organization_id, ""))


def _receiver(ticket: Ticket, names: Names) -> Resource | None:
    """Return who is to take the patient: an organization of ours, or one outside by its name alone."""
    ours = reference("Organization", ticket.to_organization_id, names.get(ticket.receives, ""))
    return ours or ({"display": ticket.outside_name} if ticket.outside_name else None)


def _worked(ticket: Ticket) -> Resource:
    begun = ticket.timeline.get("accepted") or ticket.timeline.get("taken-over")
    ended = ticket.timeline.get("outcome-sent") or (None if ticket.is_live else last_changed(ticket))
    return period(begun, ended) if begun else {}


def _outputs(ticket: Ticket) -> list[Resource]:
    """Return what came of it: where the patient goes instead, and the outcome that the sender reads."""
    onward = _asked(ticket.successor_id)
    outputs: list[Resource] = [{"type": {"text": "onward referral"}, "valueReference": onward}] if onward else []
    if ticket.outcome is not None:
        parts = (ticket.outcome.diagnosis, ticket.outcome.treatment, ticket.outcome.advice)
        if said := "\n".join(filter(None, parts)):
            outputs.append({"type": {"text": "outcome"}, "valueString": said})
    return outputs
