"""Organizations, practitioners, wards and beds; a bed's operational status is that of HL7 table 0116."""

from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType

from referral.model import BedKind, BedState
from referral.wards import BedNow, Ward
from server.accounts.places import Organization, OrganizationKind
from server.fhir.status import BED_STATUS
from server.fhir.words import (
    HL7,
    ORGANIZATION_ID,
    RAW_STATE,
    Resource,
    coding,
    concept,
    extension,
    fhir_id,
    instant,
    meta,
    phones,
    pruned,
    reference,
)

LEVELS: Mapping[OrganizationKind, str] = MappingProxyType(
    {
        OrganizationKind.VILLAGE: "村卫生室",
        OrganizationKind.TOWNSHIP: "乡镇卫生院",
        OrganizationKind.COUNTY: "县级医院",
        OrganizationKind.HIGHER: "上级医院",
        OrganizationKind.BUREAU: "卫生健康行政部门",
    }
)


def organization(place: Organization) -> Resource:
    """Return a site of the medical community."""
    kind = "govt" if place.kind is OrganizationKind.BUREAU else "prov"
    return pruned(
        {
            "resourceType": "Organization",
            "id": fhir_id(place.id),
            "meta": meta(place.version),
            "identifier": [{"system": ORGANIZATION_ID, "value": place.id}],
            "active": place.closed_at is None,
            "type": [concept(f"{HL7}/organization-type", kind, text=LEVELS[place.kind])],
            "name": place.name,
            "telecom": phones(place.phone),
            "partOf": reference("Organization", place.parent_id),
        }
    )


def ward(place: Ward) -> Resource:
    """Return a ward."""
    return pruned(
        {
            "resourceType": "Location",
            "id": fhir_id(place.id),
            "meta": meta(place.version, place.confirmed_at),
            "status": "active",
            "name": place.name,
            "description": place.department,
            "mode": "instance",
            "telecom": phones(place.phone),
            "physicalType": concept(f"{HL7}/location-physical-type", "wa", "Ward"),
            "managingOrganization": reference("Organization", place.organization_id),
        }
    )


def bed(place: BedNow, *, now: datetime) -> Resource:
    """Return a bed as it stands now; who is in it is not said here."""
    state, facts = place.state(now), place.bed
    status, display = BED_STATUS[state]
    return pruned(
        {
            "resourceType": "Location",
            "id": fhir_id(facts.id),
            "meta": meta(facts.version),
            "extension": _raw(place, state),
            "status": _status(place, state),
            "operationalStatus": coding(f"{HL7}/v2-0116", status, display),
            "name": facts.label,
            "description": facts.department,
            "mode": "instance",
            "type": [concept(f"{HL7}/v3-RoleCode", "ER", "Emergency room")] if facts.kind is BedKind.BAY else [],
            "physicalType": concept(f"{HL7}/location-physical-type", "bd", "Bed"),
            "managingOrganization": reference("Organization", facts.organization_id),
            "partOf": reference("Location", facts.ward_id),
        }
    )


def _status(place: BedNow, state: BedState) -> str:
    if place.bed.withdrawn_at is not None:
        return "inactive"
    return "suspended" if state is BedState.BLOCKED else "active"


def _raw(place: BedNow, state: BedState) -> list[Resource]:
    """Return our own state, and until when a hold stands: what R4's table cannot say."""
    parts = [extension(RAW_STATE, valueCode=state.value)]
    if state is BedState.HELD and place.hold is not None:
        until = instant(place.hold.ends_at)
        parts += [extension("urn:lutong:extension:held-until", valueInstant=until)] if until else []
    return parts
