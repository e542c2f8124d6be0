"""A patient as the register knows one: frozen facts, the identifying ones never in a repr."""

from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from server.patients.identifiers import IdentifierSystem


class Sex(StrEnum):
    """Administrative sex (GB/T 2261.1 in FHIR's words)."""

    MALE = "male"
    FEMALE = "female"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Identifier:
    """A number that names a patient; (system, issuer, value) belongs to one patient only."""

    system: IdentifierSystem
    value: str = field(repr=False)
    issuer: str = ""


@dataclass(frozen=True, slots=True)
class Assistance:
    """A dated assistance category of a patient (domain 0.8); both days included."""

    category: str
    valid_from: date
    valid_to: date | None = None

    def is_active(self, on: date) -> bool:
        """Tell whether it holds on a day."""
        return self.valid_from <= on and (self.valid_to is None or on <= self.valid_to)


@dataclass(frozen=True, slots=True)
class AssistanceCategory:
    """A kind of assistance as the county has it; poverty points and reserved beds go by `bed_priority`."""

    code: str
    zh: str
    en: str
    bed_priority: bool
    valid_from: date
    valid_to: date | None = None


@dataclass(frozen=True, slots=True)
class Patient:
    """One record of the register.

    Parameters
    ----------
    organization_id
        Who registered the patient.
    record_number
        The health record number of 17 digits; None where the organization issues none.
    pinyin
        How the name is read, for screens; the repository keeps every reading for search.
    provisional
        Nobody has seen a document yet (newborn, unknown emergency patient).
    """

    id: str
    organization_id: str
    name: str = field(repr=False)
    sex: Sex
    birth_date: date | None = field(repr=False)
    created_at: datetime
    created_by: str
    record_number: str | None = None
    pinyin: str = field(default="", repr=False)
    identifiers: tuple[Identifier, ...] = ()
    assistance: tuple[Assistance, ...] = ()
    phone: str = field(default="", repr=False)
    address: str = field(default="", repr=False)
    allergies: str = field(default="", repr=False)
    provisional: bool = False
    version: int = 1

    @property
    def resident_id(self) -> str | None:
        """Return the resident ID's plain value, None when there is none."""
        return next((i.value for i in self.identifiers if i.system is IdentifierSystem.RESIDENT_ID), None)

    def age(self, on: date) -> int | None:
        """Return completed years on a day, None when the birth date is unknown."""
        born = self.birth_date
        if born is None:
            return None
        return on.year - born.year - ((on.month, on.day) < (born.month, born.day))
