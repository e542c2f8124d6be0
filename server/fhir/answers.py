"""What a search and a refusal answer with: a searchset Bundle, an OperationOutcome."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType

from server.fhir.words import Resource, pruned

ISSUE: Mapping[int, str] = MappingProxyType(
    {  # HTTP status -> issue type (value set issue-type)
        400: "invalid", 401: "login", 403: "forbidden", 404: "not-found", 405: "not-supported", 406: "not-supported",
        409: "conflict", 412: "conflict", 413: "too-long", 415: "not-supported", 422: "business-rule",
        423: "lock-error", 503: "transient", 507: "no-store",
    }
)  # fmt: skip
CODES = "urn:lutong:refusal"


def searchset(base: str, resources: Sequence[Resource], *, self_url: str, next_url: str | None = None) -> Resource:
    """Return one page of a search (R4 3.1.1); how many there are in all is not counted.

    Parameters
    ----------
    base
        Where resources stand, `https://hub/fhir`.
    """
    links = [{"relation": "self", "url": self_url}]
    links += [{"relation": "next", "url": next_url}] if next_url else []
    entries = [
        {
            "fullUrl": f"{base}/{resource['resourceType']}/{resource['id']}",
            "resource": resource,
            "search": {"mode": "match"},
        }
        for resource in resources
    ]
    return pruned({"resourceType": "Bundle", "type": "searchset", "link": links, "entry": entries})


def operation_outcome(status: int, code: str, detail: str) -> Resource:
    """Return a refusal: R4's issue type from the HTTP status, our own stable code beside it."""
    kind = ISSUE.get(status, "exception" if status >= 500 else "processing")
    return {
        "resourceType": "OperationOutcome",
        "issue": [
            pruned(
                {
                    "severity": "fatal" if status >= 500 else "error",
                    "code": kind,
                    "details": {"coding": [{"system": CODES, "code": code}]},
                    "diagnostics": detail,
                }
            )
        ],
    }
