"""What keeps a bed as Encounter: a hold is planned, an occupancy in progress, then finished."""

from datetime import datetime

from referral.model import IntervalKind
from referral.wards import Interval
from server.fhir.status import encounter_status
from server.fhir.words import HL7, Resource, coding, fhir_id, instant, meta, period, pruned, reference

PLACED = {"planned": "reserved", "in-progress": "active", "finished": "completed", "cancelled": "completed"}


def encounter(interval: Interval, organization_id: str, *, in_bay: bool = False) -> Resource:
    """Return a stay, or the one that a hold prepares; of somebody without a record the label that the ward wrote.

    Parameters
    ----------
    organization_id
        Whose bed it is.
    in_bay
        The place is a bay of the emergency department.
    """
    status = encounter_status(interval.kind, interval.state)
    kind = coding(f"{HL7}/v3-ActCode", *(("EMER", "emergency") if in_bay else ("IMP", "inpatient encounter")))
    subject = reference("Patient", interval.patient_id)
    return pruned(
        {
            "resourceType": "Encounter",
            "id": fhir_id(interval.id),
            "meta": meta(interval.version, last_changed(interval)),
            "status": status,
            "class": kind,
            "subject": subject or ({"display": interval.label} if interval.label else None),
            "basedOn": [reference("ServiceRequest", interval.ticket_id)],
            "period": _period(interval),
            "location": [
                {
                    "location": reference("Location", interval.bed_id),
                    "status": PLACED[status],
                    "period": period(interval.begins_at, interval.ends_at),
                }
            ],
            "serviceProvider": reference("Organization", organization_id),
        }
    )


def last_changed(interval: Interval) -> datetime:
    """Return the last instant that is known of an interval: its beginning, or the end of one that is over."""
    over = interval.ends_at is not None and encounter_status(interval.kind, interval.state) in {"finished", "cancelled"}
    return interval.ends_at if over and interval.ends_at is not None else interval.begins_at


def _period(interval: Interval) -> Resource:
    """Return when the patient is in; a hold is a promise, nobody has come yet."""
    if interval.kind is IntervalKind.HOLD:
        return {}
    return pruned({"start": instant(interval.begins_at), "end": instant(interval.ends_at)})
