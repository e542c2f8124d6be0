"""What this interface can do (CapabilityStatement), from one table that the routes are compared with."""

from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType

from server.fhir.words import Resource, instant

SEARCHES: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "ServiceRequest": ("patient", "status", "requester", "performer", "identifier", "category"),
        "Task": ("patient", "status", "business-status", "requester", "owner", "identifier"),
        "Location": ("organization", "status", "operational-status", "partof"),
        "Encounter": ("patient", "status", "class", "service-provider", "location"),
        "Appointment": ("patient", "status", "date", "actor", "based-on", "identifier"),
        "DocumentReference": ("patient", "status", "type", "date", "custodian", "identifier"),
        "Organization": ("name", "identifier"),
        "Patient": (),
    }
)
READ_ONLY = frozenset({"Patient"})
# Of the others nobody knows when they last changed.
STAMPED = frozenset({"ServiceRequest", "Task", "Encounter", "DocumentReference"})
_TYPES: Mapping[str, str] = MappingProxyType(
    dict.fromkeys(("patient", "requester", "performer", "owner", "organization", "service-provider"), "reference")
    | dict.fromkeys(("partof", "location", "actor", "based-on", "custodian"), "reference")
    | dict.fromkeys(("status", "business-status", "operational-status", "identifier", "_id"), "token")
    | dict.fromkeys(("class", "category", "type"), "token")
    | {"name": "string", "_lastUpdated": "date", "date": "date"}
)


def capability_statement(url: str, version: str, *, now: datetime) -> Resource:
    """Return the statement of this installation."""
    return {
        "resourceType": "CapabilityStatement",
        "status": "active",
        "date": instant(now),
        "publisher": "Lütong 绿通",
        "kind": "instance",
        "software": {"name": "Lütong", "version": version},
        "implementation": {"description": "绿通: referral tickets, consults, beds and stays of a county", "url": url},
        "fhirVersion": "4.0.1",
        "format": ["application/fhir+json", "json"],
        "rest": [
            {
                "mode": "server",
                "security": {"cors": False, "description": "Authorization: Bearer, from POST /api/v1/session"},
                "resource": [_resource(kind) for kind in SEARCHES],
            }
        ],
    }


def _resource(kind: str) -> Resource:
    interactions = ["read"] if kind in READ_ONLY else ["read", "search-type"]
    described: Resource = {
        "type": kind,
        "interaction": [{"code": code} for code in interactions],
        "versioning": "versioned",
    }
    if kind in READ_ONLY:
        return described
    names = ("_id", *(("_lastUpdated",) if kind in STAMPED else ()), *SEARCHES[kind])
    return described | {"searchParam": [{"name": name, "type": _TYPES[name]} for name in names]}
