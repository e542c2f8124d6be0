"""What the two papers of a consult say, in plain values: the application that asks, the opinion that answers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from server.documents.model import Sex
from video.consults import Application, OpinionText
from video.model import Adopted, ConsultMode, Service, Urgency


@dataclass(frozen=True, slots=True, kw_only=True)
class SheetPatient:
    """The patient as both papers name them.

    Attributes
    ----------
    name : str
        In full: the papers go from doctor to doctor.
    identifier_type, identifier : str
        What kind of document, and its number, masked already.
    assistance : tuple of str
        Categories in words that hold on the day.
    """

    name: str
    sex: Sex
    age: str
    birth_date: date | None = None
    identifier_type: str = ""
    identifier: str = ""
    record_number: str = ""
    phone: str = ""
    assistance: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Sides:
    """Who asks and who answers, by name."""

    inviter: str
    invitee: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ApplicationSheet:
    """远程会诊申请单 (domain.md 2.2).

    Attributes
    ----------
    doctor, expert : str
        Who applies, and the expert asked for by name; "" where any of the specialty may answer.
    studies, reports : tuple of str
        What of the record goes with it, each as one line in words.
    approver : str
        Who approved an emergency without written consent, by name.
    submitted_at, changed_at : datetime
        Aware; the second is the only date of the file, the same again gives the same bytes.
    url : str
        Page of the consult that the QR code opens; no patient data in it.
    """

    number: str
    version: int
    service: Service
    urgency: Urgency
    mode: ConsultMode
    sides: Sides
    patient: SheetPatient
    application: Application
    doctor: str
    submitted_at: datetime
    changed_at: datetime
    url: str
    expert: str = ""
    approver: str = ""
    studies: tuple[str, ...] = ()
    reports: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Participant:
    """An expert of the panel with the credentials that stand in the signed bytes.

    Attributes
    ----------
    licence : str
        Number of the practising certificate.
    practising_since : str
        Since when she works independently, an ISO date.
    """

    name: str
    title: str
    specialties: tuple[str, ...]
    licence: str
    practising_since: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SheetSignature:
    """Who signed, as what, when (aware)."""

    name: str
    role: str
    signed_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class AdoptionLines:
    """What the inviter made of it, why where it is not the whole, who says so and when."""

    what: Adopted
    reason: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class OpinionSheet:
    """远程会诊意见书 (domain.md 2.2), as it was signed.

    Attributes
    ----------
    began_at, ended_at : datetime or None
        The call; of an answer in writing the writing.
    adoption : AdoptionLines or None
        None while the inviter has said nothing yet: the lines stand empty.
    outcome : str
        What became of the consult, in words.
    code, url, digest : str
        How a printed copy is checked: the code in plain, the public page with it, the signed bytes' SHA-256.
    """

    number: str
    application_number: str
    service: Service
    mode: ConsultMode
    sides: Sides
    patient: SheetPatient
    participants: tuple[Participant, ...]
    text: OpinionText
    signatures: tuple[SheetSignature, ...]
    created_at: datetime
    code: str
    url: str
    digest: str
    began_at: datetime | None = None
    ended_at: datetime | None = None
    adoption: AdoptionLines | None = None
    outcome: str = ""
