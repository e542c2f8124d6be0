"""Studies: what arrived, what is in each, and its ECG."""

import gzip
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from aiohttp import web
from pydantic import BaseModel, ConfigDict, Field

from dicom.errors import UnknownSubject
from dicom.numbers import SHANGHAI
from dicom.orders import OrderState
from dicom.reading import order_commands
from server.accounts.model import AuditEntry, Caller, Role
from server.api.ecg_view import EcgView
from server.api.endpoint import REQUEST_ID, Call, Routes, View
from server.api.order_view import (
    CommandView,
    FlagView,
    PatientLine,
    Ref,
    Words,
    command_views,
    flag_views,
    is_named_to,
    patient_line,
)
from server.patients.identifiers import masked
from server.patients.model import Sex
from server.patients.names import masked_name
from server.workflows.ecg import ecg_limits
from server.workflows.reading import person_of, served

routes = Routes("studies")
ECG_CLASSES = "1.2.840.10008.5.1.4.1.1.9."
SEXES = {"M": Sex.MALE, "F": Sex.FEMALE}


class StudyQuery(BaseModel):
    """What the list is asked for; states separated by commas."""

    model_config = ConfigDict(extra="forbid")

    state: str = Field("", max_length=200)
    patient: str = Field("", max_length=40)
    organization: str = Field("", max_length=40)
    cursor: str = Field("", max_length=200)
    limit: int = Field(50, ge=1, le=200)


class SaidPatient(View):
    """What the objects say about the patient."""

    name: str
    id: str | None
    birth_date: str | None
    sex: Sex


class StudyView(View):
    """A study as lists show it."""

    uid: str
    state: OrderState
    version: int
    organization: Ref
    ae_title: str | None
    patient: PatientLine | None
    order_id: str | None
    accession: str
    description: str | None
    modalities: Sequence[str]
    study_at: datetime | None
    received_at: datetime
    complete_at: datetime | None
    series_count: int
    instance_count: int
    bytes: int
    reason: Words | None
    dicom_patient: SaidPatient
    name_guessed: str | None
    flags: Sequence[FlagView]
    commands: Sequence[CommandView]


class StudyPage(View):
    """One page of studies."""

    items: Sequence[StudyView]
    next: str | None


class InstanceView(View):
    """One instance, and where to fetch it."""

    uid: str
    number: int | None
    sop_class: str
    transfer_syntax: str
    rows: int | None
    columns: int | None
    frames: int
    has_pixels: bool
    url: str


class SeriesView(View):
    """One series."""

    uid: str
    number: int | None
    modality: str
    description: str | None
    instances: Sequence[InstanceView]


class StudyDetail(StudyView):
    """A study with its series."""

    series: Sequence[SeriesView]


@routes.get("/api/v1/studies", query=StudyQuery, answer=StudyPage)
async def listed(call: Call) -> StudyPage:
    """List studies that the caller may see, newest first."""
    asked: StudyQuery = call.query
    narrowed = {"patient": asked.patient, "organization": asked.organization, "cursor": asked.cursor}
    states = [word for word in asked.state.split(",") if word]
    lines, more = await call.uow.study_pages.page(
        call.caller, now=call.now, states=states, limit=asked.limit, **narrowed
    )
    call.uow.audit(AuditEntry("list", "studies", "", patient_id=asked.patient or None, basis=asked.state or None))
    return StudyPage(items=[StudyView(**line) for line in await _lines(call, lines)], next=more)


@routes.get("/api/v1/studies/{uid}", answer=StudyDetail)
async def shown(call: Call) -> StudyDetail:
    """Show a study with its series and instances."""
    line, series = await _one(call)
    (view,) = await _lines(call, [line])
    call.uow.audit(AuditEntry("read", "studies", line.study.study_instance_uid, line.study.patient_id))
    return StudyDetail(**view, series=[_series_view(line.study.study_instance_uid, s) for s in series])


async def _one(call: Call) -> Any:
    found = await call.uow.study_pages.one(call.caller, call.path("uid"), now=call.now)
    if found is None:
        raise UnknownSubject("studies", call.path("uid")[:64])
    return found


async def _lines(call: Call, lines: Sequence[Any]) -> list[dict[str, Any]]:
    looked_after = await served(call.uow, call.caller)
    patients = await call.uow.patients.many([line.study.patient_id for line in lines if line.study.patient_id])
    names = await call.uow.centres.names()
    return [_line(call, line, looked_after, patients, names) for line in lines]


def _line(
    call: Call, line: Any, looked_after: frozenset[str], patients: Mapping[str, Any], names: Mapping[str, str]
) -> dict[str, Any]:
    study, order = line.study, line.order
    person = person_of(call.caller, order, looked_after) if order else None
    named = study.organization_id in call.caller.organizations or (
        is_named_to(person, call.caller, order) if person else _looks_after(call.caller, study, looked_after)
    )
    patient = patients.get(study.patient_id or "")
    commands = [c for c in order_commands(order, person, now=call.now) if c.name == "match"] if person else []
    doubts = [f for f in order.flags if f.level == "warn"] if order else []
    return {
        "uid": study.study_instance_uid,
        "state": order.state if order else OrderState.RECEIVING,
        "version": study.version,
        "organization": Ref(id=study.organization_id, name=names.get(study.organization_id, study.organization_id)),
        "ae_title": study.ae_title,
        "patient": patient_line(patient, person, named=named, now=call.now) if person else None,
        "order_id": order.id if order else None,
        "accession": study.accession_number,
        "description": study.description or None,
        "modalities": study.modalities,
        "study_at": _study_at(study.study_date, study.study_time),
        "received_at": study.received_at,
        "complete_at": study.complete_at,
        "series_count": study.series_count,
        "instance_count": study.instance_count,
        "bytes": line.bytes,
        "reason": Words(zh=doubts[0].zh, en=doubts[0].en) if doubts else None,
        "dicom_patient": _said(study, named=named),
        "name_guessed": study.name_guessed,
        "flags": flag_views(order.flags) if order else [],
        "commands": command_views(commands),
    }


def _looks_after(caller: Caller, study: Any, looked_after: frozenset[str]) -> bool:
    return caller.has(Role.REGISTRAR) and study.organization_id in looked_after


def _said(study: Any, *, named: bool) -> SaidPatient:
    return SaidPatient(
        name=study.dicom_name if named else masked_name(study.dicom_name),
        id=masked(study.dicom_patient_id) if study.dicom_patient_id else None,
        birth_date=(study.dicom_birth_date or None) if named else None,
        sex=SEXES.get(study.dicom_sex.upper(), Sex.UNKNOWN),
    )


def _study_at(date: str, time: str) -> datetime | None:
    """Return when the device says the study was made; it knows local time only."""
    try:
        return datetime.strptime(f"{date}{(time.partition('.')[0] or '000000'):0<6}", "%Y%m%d%H%M%S").replace(
            tzinfo=SHANGHAI
        )
    except ValueError:
        return None


def _series_view(study_uid: str, series: Any) -> SeriesView:
    base = f"/dicom-web/studies/{study_uid}/series/{series.uid}"
    return SeriesView(
        uid=series.uid,
        number=series.number,
        modality=series.modality,
        description=series.description or None,
        instances=[
            InstanceView(
                uid=i.sop_instance_uid,
                number=i.number,
                sop_class=i.sop_class_uid,
                transfer_syntax=i.transfer_syntax_uid,
                rows=i.rows,
                columns=i.columns,
                frames=i.frames or 1,
                has_pixels=i.has_pixels,
                url=f"{base}/instances/{i.sop_instance_uid}",
            )
            for i in series.instances
        ],
    )


@routes.get("/api/v1/studies/{uid}/ecg", answer=EcgView, transaction="none")
async def ecg(call: Call) -> web.Response:
    """Show a study's ECG: its groups, the device's words, the machine's opinion."""
    record, limits, prior = await _ecg_of(call)
    answer = await call.hub.decoder.run("ecg", call.hub.store.path(record.store_key), limits=limits)
    return web.json_response(
        dict(answer.fields["ecg"]) | {"sop_instance_uid": record.sop_instance_uid, "prior_study_uid": prior}
    )


@routes.get("/api/v1/studies/{uid}/ecg/samples", media="application/octet-stream", transaction="none")
async def samples(call: Call) -> web.Response:
    """Give the ECG's samples as the header describes them (delta-coded 16-bit counts)."""
    record, limits, _ = await _ecg_of(call)
    answer = await call.hub.decoder.run("ecg", call.hub.store.path(record.store_key), limits=limits)
    headers = {"Content-Type": "application/octet-stream"}
    if "gzip" not in call.request.headers.get("Accept-Encoding", ""):
        return web.Response(body=answer.body, headers=headers)
    packed = await call.hub.store.run(gzip.compress, answer.body, 6)
    return web.Response(body=packed, headers=headers | {"Content-Encoding": "gzip", "Vary": "Accept-Encoding"})


async def _ecg_of(call: Call) -> tuple[Any, Mapping[str, Any], str | None]:
    """Return the newest ECG of the study, the limits in force, and the patient's ECG before it.

    Raises
    ------
    UnknownSubject
        When there is no such study to the caller, or no ECG in it.
    """
    async with call.hub.unit_of_work(call.caller, read=True, request_id=call.request.get(REQUEST_ID)) as uow:
        call.uow = uow
        line, series = await _one(call)
        records = [i for s in series for i in s.instances if i.sop_class_uid.startswith(ECG_CLASSES)]
        if not records:
            raise UnknownSubject("ecg", call.path("uid")[:64])
        limits = await ecg_limits(uow, call.hub.settings.region, call.now)
        prior = await uow.study_pages.prior_ecg(line.study, ECG_CLASSES)
        uow.audit(AuditEntry("view", "studies", line.study.study_instance_uid, line.study.patient_id, basis="ecg"))
    return records[-1], limits, prior
