"""What a paper referral form says, in plain values: the caller fills it from ticket and patient, or leaves it empty."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from referral.model import Direction, Level
from server.documents.model import Sex


@dataclass(frozen=True, slots=True, kw_only=True)
class FormPatient:
    """The patient as the form names them; what is empty prints as a line to write on.

    Attributes
    ----------
    name : str
        In full: the form goes from doctor to doctor.
    age : str
        As it shall be printed, e.g. ``68岁``.
    record_number : str
        Health record number (17 digits), of the outgoing form; its last eight are printed, as ``101-00023``.
    case_number : str
        Case number of the hospital, of the return form.
    address, phone : str
        Where they live, and how to reach them.
    """

    name: str = ""
    sex: Sex | None = None
    age: str = ""
    record_number: str = ""
    case_number: str = ""
    address: str = ""
    phone: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class FormRoute:
    """Who sends the patient to whom.

    Attributes
    ----------
    from_organization, doctor, doctor_phone : str
        The sender, the doctor who signs, and where that doctor is reached.
    to_organization, department, receiving_doctor : str
        The receiver.
    on : date or None
        Day of the referral.
    """

    from_organization: str = ""
    doctor: str = ""
    doctor_phone: str = ""
    to_organization: str = ""
    department: str = ""
    receiving_doctor: str = ""
    on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FormExtras:
    """What the ticket adds below the national form, in smaller print; empty parts are left out.

    Attributes
    ----------
    number : str
        Ticket number; without one the form is for work on paper and prints lines to fill in instead.
    receiving_url : str
        Page of the receiving desk that the QR code opens; no patient data in it.
    pathway : str
        In words, ``胸痛``.
    diagnosis, icd10 : str
        The coded diagnosis.
    place : str
        Where the patient is received, ``CCU-03`` or ``急诊抢救区``; `held_until` (aware) when a bed is held.
    entrance, desk_phone : str
        Where to go in, and whom to call when the line is down.
    attention : str
        注意事项, on a return form the warning signs.
    studies : tuple of str
        Linked studies, each as one line in words.
    """

    number: str = ""
    receiving_url: str = ""
    direction: Direction | None = None
    level: Level | None = None
    pathway: str = ""
    diagnosis: str = ""
    icd10: str = ""
    transport: str = ""
    escort: str = ""
    expected_arrival: datetime | None = None
    place: str = ""
    held_until: datetime | None = None
    first_visit_due: date | None = None
    entrance: str = ""
    desk_phone: str = ""
    attention: str = ""
    studies: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class OutForm:
    """双向转诊(转出)单 (domain.md 2.3); line breaks of the texts are kept."""

    patient: FormPatient = FormPatient()
    route: FormRoute = FormRoute()
    impression: str = ""
    present_history: str = ""
    past_history: str = ""
    treatment: str = ""
    extras: FormExtras = FormExtras()


@dataclass(frozen=True, slots=True, kw_only=True)
class ReturnForm:
    """双向转诊(回转)单 (domain.md 2.3): what was found, and how to go on at home."""

    patient: FormPatient = FormPatient()
    route: FormRoute = FormRoute()
    diagnosis: str = ""
    results: str = ""
    treatment_and_plan: str = ""
    extras: FormExtras = FormExtras()


@dataclass(frozen=True, slots=True, kw_only=True)
class Printing:
    """One print of a form: when (aware), by whom, and which one it is, the first being 1."""

    at: datetime
    by: str
    times: int = 1
