"""What the patients' register refuses, as typed facts."""

from collections.abc import Mapping, Sequence
from typing import ClassVar


class PatientRefusal(Exception):
    """Base of every refusal about a patient's identity; `errors` points at fields."""

    code: ClassVar[str] = "PATIENT"

    def __init__(self, detail: str = "", *, errors: Sequence[Mapping[str, str]] = ()) -> None:
        super().__init__(detail or self.code)
        self.errors = list(errors)


class UnknownPatient(PatientRefusal):
    """No such patient, or the caller may not know that there is."""

    code = "NOT_FOUND"


class IdChecksum(PatientRefusal):
    """The resident ID's check character is wrong (GB 11643)."""

    code = "ID_CHECKSUM"


class IdDate(PatientRefusal):
    """The resident ID carries an impossible or future date."""

    code = "ID_DATE"


class IdSexMismatch(PatientRefusal):
    """The stated sex differs from the ID's 17th digit."""

    code = "ID_SEX_MISMATCH"


class IdBirthMismatch(PatientRefusal):
    """The stated birth date differs from the ID's."""

    code = "ID_BIRTH_MISMATCH"


class IdFormat(PatientRefusal):
    """An identifier that cannot be one of its system."""

    code = "ID_FORMAT"


class IdentityConflict(PatientRefusal):
    """The same identifier stands under another name: mistyped or borrowed, ask (never merged by itself)."""

    code = "IDENTITY_CONFLICT"


class DuplicateIdentifier(PatientRefusal):
    """The identifier belongs to a registered patient of the same name; `patient_id` opens that record."""

    code = "PATIENT_EXISTS"

    def __init__(self, patient_id: str) -> None:
        super().__init__("this person is registered already")
        self.patient_id = patient_id


class UnknownAssistance(PatientRefusal):
    """No such assistance category in this county."""

    code = "ASSISTANCE_UNKNOWN"


class DateOrder(PatientRefusal):
    """A period ends before it begins, or a birth lies in the future."""

    code = "DATE_ORDER"


class NameRequired(PatientRefusal):
    """A record needs a name; an unknown patient gets one that says so."""

    code = "NAME_REQUIRED"


class ResidentIdRequired(PatientRefusal):
    """A link for the family asks for the last four of the resident ID; this record has none yet."""

    code = "RESIDENT_ID_REQUIRED"
