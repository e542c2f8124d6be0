"""What every resource is made of: ids, references, codings, instants, and nothing that is empty."""

import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, Protocol

Resource = dict[str, Any]

HL7 = "http://terminology.hl7.org/CodeSystem"
TICKET_STATE = "urn:lutong:ticket-state"
REFERRAL_REASON = "urn:lutong:referral-reason"
DECISION = "urn:lutong:referral-decision"
DIRECTION = "urn:lutong:extension:direction"
LEVEL = "urn:lutong:extension:triage-level"
BOUNCE_OF = "urn:lutong:extension:bounce-of"
RAW_STATE = "urn:lutong:extension:raw-state"
ABSENT = "http://hl7.org/fhir/StructureDefinition/data-absent-reason"
TICKET_NUMBER = "urn:lutong:ticket-number"
ORGANIZATION_ID = "urn:lutong:organization"
RECORD_NUMBER = "urn:oid:2.16.156.10011.1.2"  # 城乡居民健康档案编号 (WS/T 500)
RESIDENT_ID = "urn:oid:2.16.156.10011.1.3"  # 居民身份证 (WS/T 500)
ICD_10 = "http://hl7.org/fhir/sid/icd-10"
ICD_NAMES = ("icd", "gb/t 14396")


class Coded(Protocol):
    """A coded diagnosis of any domain."""

    @property
    def code(self) -> str:
        """Return the code."""
        ...

    @property
    def system(self) -> str:
        """Return the code system with its version."""
        ...

    @property
    def name(self) -> str:
        """Return the words."""
        ...


def fhir_id(key: str) -> str:
    """Return a key of ours as a resource's id (R4: `[A-Za-z0-9.-]{1,64}`); `key_of` is its inverse.

    `C01/心内-01` is `C01-2f--5fc3--5185--2d-01`: whatever is no letter, digit or dot stands as its code point.
    """
    return re.sub(r"[^A-Za-z0-9.]", lambda found: f"-{ord(found[0]):x}-", key)


def key_of(resource_id: str) -> str:
    """Return our key of a resource's id; what cannot be one comes back as it is and finds nothing."""
    key = re.sub(r"-([0-9a-f]{1,5})-", lambda found: chr(int(found[1], 16)), resource_id)
    return key if key.isprintable() and fhir_id(key) == resource_id else resource_id


def reference(kind: str, key: str | None, display: str = "") -> Resource | None:
    """Return a reference to one of our resources, None to nobody."""
    return pruned({"reference": f"{kind}/{fhir_id(key)}", "display": display}) if key else None


def coding(system: str, code: str, display: str = "") -> Resource:
    """Return a coding."""
    return pruned({"system": system, "code": code, "display": display})


def concept(system: str, code: str, display: str = "", *, text: str = "") -> Resource | None:
    """Return a CodeableConcept of one coding, None without a code and a text."""
    codings = [coding(system, code, display)] if code else []
    return pruned({"coding": codings, "text": text}) or None


def instant(at: datetime | None) -> str | None:
    """Return an instant in UTC, to the second."""
    return at.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z") if at else None


def period(begins: datetime | None, ends: datetime | None = None) -> Resource:
    """Return a period; what is not known is left out."""
    return pruned({"start": instant(begins), "end": instant(ends)})


def diagnosis_concept(diagnosis: Coded) -> Resource | None:
    """Return a coded diagnosis; the edition of ICD-10 that the sender used stands as the coding's version."""
    is_icd = not diagnosis.system or diagnosis.system.lower().startswith(ICD_NAMES)
    coded: Resource = {
        "system": ICD_10 if is_icd else f"urn:lutong:code-system:{diagnosis.system}",
        "version": diagnosis.system if is_icd else "",
        "code": diagnosis.code,
        "display": diagnosis.name,
    }
    return pruned({"coding": [coded] if diagnosis.code else [], "text": diagnosis.name}) or None


def study_reference(uid: str) -> Resource:
    """Return a study as a logical reference: ImagingStudy is not served yet, its UID is known everywhere."""
    return {"type": "ImagingStudy", "identifier": {"system": "urn:dicom:uid", "value": f"urn:oid:{uid}"}}


def phones(*numbers: str) -> list[Resource]:
    """Return telephone numbers as contact points."""
    return [{"system": "phone", "value": number} for number in numbers if number]


def extension(url: str, **value: Any) -> Resource:
    """Return an extension with its one value, `valueCode="up"`."""
    return {"url": url, **value}


def meta(version: int, at: datetime | None = None) -> Resource:
    """Return a resource's version and when it last changed."""
    return pruned({"versionId": str(version), "lastUpdated": instant(at)})


def pruned(parts: Mapping[str, Any]) -> Resource:
    """Return the parts that say something: R4's JSON has no null and nothing empty."""
    found = {name: _pruned_value(value) for name, value in parts.items()}
    return {name: value for name, value in found.items() if not _is_empty(value)}


def _pruned_value(value: Any) -> Any:
    if isinstance(value, Mapping):
        return pruned(value)
    if isinstance(value, Sequence) and not isinstance(value, str):
        return [one for one in map(_pruned_value, value) if not _is_empty(one)]
    return value


def _is_empty(value: Any) -> bool:
    return value is None or value in ("", {}, [])
