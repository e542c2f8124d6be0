"""How a reading order looks on the wire."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from pydantic import ConfigDict, Field, GetJsonSchemaHandler
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema
from typing_extensions import override

from dicom.model import Flag, Kind, Priority
from dicom.orders import OrderState, Person, ReadingOrder, ReportState
from dicom.reading import Command, order_commands
from referral.lifecycle import Command as TicketCommand
from server.accounts.model import Caller, Role
from server.api.endpoint import View
from server.clock import local_date
from server.patients.identifiers import masked
from server.patients.model import Patient, Sex
from server.patients.names import masked_name
from server.workflows.reading import person_of, served
from video.lifecycle import Command as ConsultCommand


class OfferView(View):
    """What the caller may do, or why not."""

    name: str
    allowed: bool
    reason: str | None = None

    @classmethod
    @override
    def __get_pydantic_json_schema__(cls, core_schema: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        """Describe it as one of two: allowed, or refused with a reason, so that a screen need not guess which."""
        whole = handler(core_schema)
        fields = whole["properties"]
        kept = {name: fields[name] for name in fields if name not in {"allowed", "reason"}}
        allowed = {"name": fields["name"], "allowed": {"type": "boolean", "const": True}}
        refused = kept | {"allowed": {"type": "boolean", "const": False}, "reason": {"type": "string"}}
        return {
            "description": whole["description"],
            "oneOf": [
                {"type": "object", "required": ["name", "allowed"], "properties": allowed},
                {"type": "object", "required": ["name", "allowed", "reason"], "properties": refused},
            ],
        }


class CommandView(OfferView):
    """What the caller may do, or why not and until when."""

    until: datetime | None = None


class Ref(View):
    """Something by id and name."""

    id: str
    name: str


class PatientLine(View):
    """A patient as lists show one; assistance categories only to those who send or read."""

    id: str
    name: str
    sex: Sex
    age: int | None
    birth_date: date | None
    masked_id: str | None
    pinyin: str
    assistance: Sequence[str] | None = None


class DicomPatient(View):
    """What the objects say."""

    name: str
    id_masked: str


class Words(View):
    """One sentence in both languages."""

    zh: str
    en: str


class FlagLevel(StrEnum):
    """How much a flag matters, and that a machine raised it."""

    INFO = "info"
    WARN = "warn"
    MACHINE = "machine"
    CRITICAL = "critical"


class FlagView(View):
    """Something a person should know."""

    code: str
    level: FlagLevel
    zh: str
    en: str


class ReturnView(View):
    """Why and when a study was given back."""

    code: str
    reason: str
    at: datetime | None


class OrderView(View):
    """A reading order with what the caller may do."""

    model_config = ConfigDict(frozen=True, serialize_by_alias=True)

    id: str
    number: str
    kind: Kind
    state: OrderState
    version: int
    priority: Priority
    centre: Ref | None
    organization: Ref
    study_uid: str | None
    accession: str
    patient: PatientLine | None
    dicom_patient: DicomPatient | None
    title: str
    modalities: Sequence[str]
    question: str
    history: str
    instances: int
    expected_instances: int | None
    due_at: datetime | None
    limit_minutes: int | None
    paused_at: datetime | None
    paused_seconds: int
    received_at: datetime | None
    complete_at: datetime | None
    claimed_by: Ref | None
    claim_expires_at: datetime | None
    reader: Ref | None
    route_reason: Words | None
    rule_version: int | None
    flags: Sequence[FlagView]
    return_: ReturnView | None = Field(serialization_alias="return")
    fee_waiver: str | None
    report_id: str | None
    report_state: ReportState | None
    priors: int
    created_at: datetime
    final_at: datetime | None
    commands: Sequence[CommandView]


def command_views(commands: Sequence[Command | TicketCommand | ConsultCommand]) -> list[CommandView]:
    """Return commands as the wire shows them."""
    return [CommandView(name=c.name, allowed=c.allowed, reason=c.reason, until=c.until) for c in commands]


def flag_views(flags: Sequence[Flag]) -> list[FlagView]:
    """Return flags as the wire shows them."""
    return [FlagView(code=f.code, level=FlagLevel(f.level), zh=f.zh, en=f.en) for f in flags]


async def order_views(uow: Any, lines: Sequence[Any], caller: Caller, *, now: datetime) -> list[OrderView]:
    """Return lines of a worklist as the wire shows them, with names looked up once for all."""
    looked_after = await served(uow, caller)
    patients = await uow.patients.many([line.order.patient_id for line in lines if line.order.patient_id])
    people = await uow.centres.people(
        [user for line in lines for user in (line.order.claimed_by, line.order.reader_id) if user]
    )
    names = dict(await uow.centres.names()) | {c.id: c.name for c in await uow.centres.centres()} | dict(people)
    return [
        _order_view(line, person_of(caller, line.order, looked_after), caller, patients, names, now=now)
        for line in lines
    ]


def _order_view(
    line: Any,
    person: Person,
    caller: Caller,
    patients: Mapping[str, Patient],
    names: Mapping[str, str],
    *,
    now: datetime,
) -> OrderView:
    order: ReadingOrder = line.order
    named = is_named_to(person, caller, order)
    return OrderView(
        **{name: getattr(order, name) for name in PLAIN},
        kind=order.kind,
        state=order.state,
        priority=order.priority,
        centre=_ref(order.centre_id, names),
        organization=Ref(id=order.organization_id, name=names.get(order.organization_id, order.organization_id)),
        patient=patient_line(patients.get(order.patient_id or ""), person, named=named, now=now),
        dicom_patient=_dicom_patient(line, named=named),
        title=line.title,
        modalities=line.modalities,
        instances=line.instances,
        received_at=line.received_at,
        claimed_by=_ref(order.claimed_by, names),
        reader=_ref(order.reader_id, names),
        route_reason=Words(zh=order.route.zh, en=order.route.en) if order.route else None,
        flags=flag_views(order.flags),
        return_=_return(order),
        fee_waiver=(order.fee_waiver or None) if cares(person) else None,  # it tells of poverty
        report_id=line.report_id,
        report_state=line.report_state,
        priors=line.priors,
        commands=command_views(order_commands(order, person, now=now)),
    )


PLAIN = (
    "id", "number", "version", "study_uid", "accession", "question", "history", "expected_instances", "due_at",
    "limit_minutes", "paused_at", "paused_seconds", "complete_at", "claim_expires_at", "rule_version", "created_at",
    "final_at",
)  # fmt: skip


def is_named_to(person: Person, caller: Caller, order: ReadingOrder) -> bool:
    """Tell whether names are shown in full: to those who send, read or sort out; masked for others (privacy rule)."""
    consulted = caller.has(Role.CONSULTANT, organization_id=order.centre_organization_id or "")
    return person.sender or person.reader or person.reviewer or person.registrar or person.lead or consulted


def cares(person: Person) -> bool:
    """Tell whether assistance is shown: to care roles only (domain.md 0.8)."""
    return person.sender or person.reader or person.reviewer


def _ref(key: str | None, names: Mapping[str, str]) -> Ref | None:
    return Ref(id=key, name=names.get(key, key)) if key else None


def patient_line(patient: Patient | None, person: Person, *, named: bool, now: datetime) -> PatientLine | None:
    """Return a patient as this person may see one, None when nobody knows yet who it is."""
    if patient is None:
        return None
    today = local_date(now)
    return PatientLine(
        id=patient.id,
        name=patient.name if named else masked_name(patient.name),
        sex=patient.sex,
        age=patient.age(today),
        birth_date=patient.birth_date if named else None,
        masked_id=masked(patient.resident_id) if named and patient.resident_id else None,
        pinyin=patient.pinyin if named else "",
        assistance=[a.category for a in patient.assistance if a.is_active(today)] if cares(person) else None,
    )


def _dicom_patient(line: Any, *, named: bool) -> DicomPatient | None:
    if line.dicom_name is None:
        return None
    name = line.dicom_name if named else masked_name(line.dicom_name)
    return DicomPatient(name=name, id_masked=masked(line.dicom_patient_id or ""))


def _return(order: ReadingOrder) -> ReturnView | None:
    if order.return_code is None:
        return None
    return ReturnView(code=order.return_code, reason=order.return_reason, at=order.paused_at)
