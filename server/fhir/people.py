"""A patient; what of the identifying facts is shown, whoever calls the map has decided."""

from dataclasses import dataclass

from server.fhir.words import ABSENT, RECORD_NUMBER, RESIDENT_ID, Resource, fhir_id, meta, phones, pruned, reference
from server.patients.identifiers import IdentifierSystem, masked_phone
from server.patients.model import Identifier, Patient


@dataclass(frozen=True, slots=True)
class Shown:
    """What the caller may read.

    Parameters
    ----------
    numbers
        Identifiers and telephone numbers in plain; otherwise that there is one, and of a phone a few digits.
    address
        The address.
    """

    numbers: bool = False
    address: bool = False


MASKED = Shown()
_SYSTEMS = {IdentifierSystem.RESIDENT_ID: RESIDENT_ID}


def patient(person: Patient, shown: Shown = MASKED) -> Resource:
    """Return a patient of the register."""
    phone = person.phone if shown.numbers else masked_phone(person.phone)
    return pruned(
        {
            "resourceType": "Patient",
            "id": fhir_id(person.id),
            "meta": meta(person.version),
            "identifier": [_record_number(person), *(_identifier(one, shown) for one in person.identifiers)],
            "active": True,
            "name": [{"use": "temp" if person.provisional else "official", "text": person.name}],
            "telecom": phones(phone),
            "gender": person.sex.value,
            "birthDate": person.birth_date.isoformat() if person.birth_date else None,
            "address": [{"text": person.address}] if shown.address and person.address else [],
            "managingOrganization": reference("Organization", person.organization_id),
        }
    )


def _record_number(person: Patient) -> Resource | None:
    return {"system": RECORD_NUMBER, "value": person.record_number} if person.record_number else None


def _identifier(one: Identifier, shown: Shown) -> Resource:
    """Return an identifier; a masked one says that it exists, and never half a number as if it were one."""
    system = _SYSTEMS.get(one.system, f"urn:lutong:identifier:{one.system.value}")
    named = {"system": f"{system}:{one.issuer}" if one.issuer else system}
    if shown.numbers:
        return named | {"value": one.value}
    return named | {"_value": {"extension": [{"url": ABSENT, "valueCode": "masked"}]}}
