"""The words of consults: what is asked for, how urgent, what became of it, and one sentence in two languages."""

from dataclasses import dataclass
from enum import StrEnum


class Service(StrEnum):
    """What kind of consult it is (domain.md 2.2): 会诊, 多学科会诊, 查房."""

    CONSULT = "consult"
    MDT = "mdt"
    WARD_ROUND = "ward-round"


class Urgency(StrEnum):
    """How soon an answer is needed: 急, 加急, 普通."""

    EMERGENCY = "emergency"
    URGENT = "urgent"
    ROUTINE = "routine"


class ConsultMode(StrEnum):
    """How the inviter wishes to be answered: seen together, or in writing (store and forward)."""

    VIDEO = "video"
    WRITTEN = "written"


class Side(StrEnum):
    """The two parties of a consult: 邀请方 and 受邀方."""

    INVITER = "inviter"
    INVITEE = "invitee"


class Adopted(StrEnum):
    """What the inviter made of an opinion; she decides, and is liable for what is done."""

    ADOPTED = "adopted"
    PARTLY = "partly"
    NOT = "not"


class Document(StrEnum):
    """The document of a consult. A diagnosis (`dicom.orders.Report`) is another type: they are never merged."""

    OPINION = "consult-opinion"


TEMPLATE = "2.16.156.10011.2.1.1.65"  # 会诊记录, C0045 (WS/T 500.45)


@dataclass(frozen=True, slots=True)
class Words:
    """One sentence in both languages."""

    zh: str
    en: str


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """A coded diagnosis: ICD-10 with the code system's version (domain.md 2.11)."""

    code: str = ""
    system: str = ""
    name: str = ""
