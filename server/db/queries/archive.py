"""Searching and finding what lies in the archive, within what the caller may see (QIDO-RS, WADO-RS)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from dicom.json_model import Json, described
from dicom.ports import InstanceRecord
from dicom.query import Criterion, Key, Level, Matching, Search, folded_name
from server.accounts.crypto import Cipher
from server.accounts.model import Caller
from server.db.repositories.studies import Studies, instance_record, patient_id_index
from server.db.scope import visible_to
from server.db.tables import imaging as t

_COLUMNS: dict[str, sa.Column[Any]] = {
    "StudyInstanceUID": t.studies.c.study_instance_uid,
    "StudyDate": t.studies.c.study_date,
    "StudyTime": t.studies.c.study_time,
    "AccessionNumber": t.studies.c.accession_number,
    "ReferringPhysicianName": t.studies.c.referring_physician,
    "StudyDescription": t.studies.c.description,
    "PatientName": t.studies.c.dicom_name_key,
    "PatientID": t.studies.c.dicom_patient_id,
    "IssuerOfPatientID": t.studies.c.dicom_issuer,
    "PatientBirthDate": t.studies.c.dicom_birth_date,
    "PatientSex": t.studies.c.dicom_sex,
    "StudyID": t.studies.c.study_id,
    "SeriesInstanceUID": t.series.c.series_instance_uid,
    "Modality": t.series.c.modality,
    "SeriesDescription": t.series.c.description,
    "SeriesNumber": t.series.c.number,
    "BodyPartExamined": t.series.c.body_part,
    "SOPInstanceUID": t.instances.c.sop_instance_uid,
    "SOPClassUID": t.instances.c.sop_class_uid,
    "InstanceNumber": t.instances.c.number,
}


@dataclass(frozen=True, slots=True)
class Holding:
    """A study's or part of its instances, and whom reading them is recorded under."""

    study_uid: str
    organization_id: str
    patient_id: str | None
    instances: tuple[InstanceRecord, ...]


@dataclass(frozen=True, slots=True)
class Found:
    """Attributes of one match in the DICOM JSON Model, and the UIDs of its address."""

    uids: tuple[str, ...]
    attributes: Json


class Archive:
    """Reads across studies, series and instances."""

    def __init__(self, connection: AsyncConnection, cipher: Cipher) -> None:
        self._c, self._cipher = connection, cipher
        self._studies = Studies(connection, cipher)

    async def search(self, search: Search, caller: Caller, *, now: datetime) -> list[Found]:
        """Return a page of matches, newest study first; one more than the limit says that there are more."""
        study_columns: list[Any] = [c.label(f"s_{c.name}") for c in t.studies.c]
        source: Any = t.studies
        columns = study_columns
        order: list[sa.ColumnElement[Any]] = [t.studies.c.study_date.desc(), t.studies.c.study_instance_uid.desc()]
        condition = visible_to(caller, t.studies, now=now)
        if search.level is not Level.STUDY:
            source = source.join(t.series, t.series.c.study_instance_uid == t.studies.c.study_instance_uid)
            columns = [*columns, *(c.label(f"e_{c.name}") for c in t.series.c)]
            order += [t.series.c.number, t.series.c.series_instance_uid]
        if search.level is Level.INSTANCE:
            source = source.join(t.instances, t.instances.c.series_instance_uid == t.series.c.series_instance_uid)
            columns = [*columns, *(c.label(f"i_{c.name}") for c in t.instances.c)]
            order += [t.instances.c.number, t.instances.c.sop_instance_uid]
            condition = visible_to(caller, t.instances, now=now)
        query = sa.select(*columns).select_from(source).where(condition, *self._conditions(search))
        rows = await self._c.execute(query.order_by(*order).limit(search.limit + 1).offset(search.offset))
        describe = {Level.STUDY: self._study, Level.SERIES: self._series, Level.INSTANCE: self._instance}[search.level]
        return [describe(row) for row in rows]

    def _conditions(self, search: Search) -> list[sa.ColumnElement[bool]]:
        return [self._condition(c, fuzzy=search.fuzzy) for c in search.criteria]

    def _condition(self, criterion: Criterion, *, fuzzy: bool) -> sa.ColumnElement[bool]:
        key, value = criterion.key, criterion.values[0] if criterion.values else ""
        if key.keyword == "ModalitiesInStudy":
            e = t.series.alias()
            match = e.c.modality.like(_like(value), escape="!")
            return sa.exists().where(e.c.study_instance_uid == t.studies.c.study_instance_uid, match)
        column = _COLUMNS[key.keyword]
        if key.keyword == "PatientName":
            return _name(column, value, fuzzy=fuzzy)
        if key.keyword == "PatientID" and criterion.matching is Matching.SINGLE:
            return t.studies.c.dicom_patient_index == patient_id_index(self._cipher, value)
        return _compare(column, criterion, key)

    async def holding(
        self, caller: Caller, study: str, series: str | None = None, instance: str | None = None, *, now: datetime
    ) -> Holding | None:
        """Return the instances at an address that the caller may see, by series and number; None when there is none."""
        i, s = t.instances.c, t.studies.c
        query = (
            sa.select(t.instances, s.patient_id.label("of_patient"), s.organization_id.label("of_organization"))
            .join(t.studies, s.study_instance_uid == i.study_instance_uid)
            .join(t.series, t.series.c.series_instance_uid == i.series_instance_uid)
            .where(i.study_instance_uid == study, visible_to(caller, t.instances, now=now))
            .order_by(t.series.c.number, i.series_instance_uid, i.number, i.sop_instance_uid)
        )
        if series is not None:
            query = query.where(i.series_instance_uid == series)
        if instance is not None:
            query = query.where(i.sop_instance_uid == instance)
        rows = (await self._c.execute(query)).all()
        if not rows:
            return None
        records = tuple(instance_record(row) for row in rows)
        return Holding(study, rows[0].of_organization, rows[0].of_patient, records)

    def _study_attributes(self, r: Any) -> dict[str, tuple[str, Any]]:
        return {
            "00080005": ("CS", "ISO_IR 192"),
            "00080020": ("DA", r.s_study_date),
            "00080030": ("TM", r.s_study_time),
            "00080050": ("SH", r.s_accession_number),
            "00080056": ("CS", "ONLINE"),
            "00080061": ("CS", r.s_modalities),
            "00080090": ("PN", r.s_referring_physician),
            "00081030": ("LO", r.s_description),
            "00100010": ("PN", r.s_dicom_name),
            "00100020": ("LO", self._studies.opened(r.s_dicom_patient_id)),
            "00100021": ("LO", r.s_dicom_issuer),
            "00100030": ("DA", r.s_dicom_birth_date),
            "00100040": ("CS", r.s_dicom_sex),
            "0020000D": ("UI", r.s_study_instance_uid),
            "00200010": ("SH", r.s_study_id),
            "00201206": ("IS", r.s_series_count),
            "00201208": ("IS", r.s_instance_count),
        }

    def _study(self, r: Any) -> Found:
        return Found((r.s_study_instance_uid,), described(self._study_attributes(r)))

    def _series(self, r: Any) -> Found:
        return Found(
            (r.s_study_instance_uid, r.e_series_instance_uid),
            described(self._study_attributes(r) | _series_attributes(r)),
        )

    def _instance(self, r: Any) -> Found:
        attributes = {
            "00080016": ("UI", r.i_sop_class_uid),
            "00080018": ("UI", r.i_sop_instance_uid),
            "00083002": ("UI", r.i_transfer_syntax_uid),
            "00200013": ("IS", r.i_number),
            "00280008": ("IS", r.i_frames),
            "00280010": ("US", r.i_rows),
            "00280011": ("US", r.i_columns),
        }
        return Found(
            (r.s_study_instance_uid, r.e_series_instance_uid, r.i_sop_instance_uid),
            described(self._study_attributes(r) | _series_attributes(r) | attributes),
        )


def _series_attributes(r: Any) -> dict[str, tuple[str, Any]]:
    return {
        "00080060": ("CS", r.e_modality),
        "0008103E": ("LO", r.e_description),
        "00180015": ("CS", r.e_body_part),
        "0020000E": ("UI", r.e_series_instance_uid),
        "00200011": ("IS", r.e_number),
        "00201209": ("IS", r.e_instance_count),
    }


def _compare(column: sa.Column[Any], criterion: Criterion, key: Key) -> sa.ColumnElement[bool]:
    values: Sequence[str] = criterion.values
    match criterion.matching:
        case Matching.LIST:
            return column.in_(values)
        case Matching.RANGE:
            low, high = values
            bounds = [column >= low] if low else [column != ""]
            return sa.and_(*bounds, column <= f"{high}~") if high else sa.and_(*bounds)
        case Matching.WILDCARD:
            return column.like(_like(values[0]), escape="!")
        case Matching.SINGLE:
            return column == (int(values[0]) if key.vr == "IS" else values[0])


def _name(column: sa.Column[Any], value: str, *, fuzzy: bool) -> sa.ColumnElement[bool]:
    """Match spellings, readings and initials; fuzzy: every word begins one (PS3.18 §8.3.4.2)."""
    pattern = folded_name(value)
    if not fuzzy:
        return column.like(f"%|{_like(pattern)}|%", escape="!")
    words = pattern.replace("*", "").split()
    return sa.and_(*(sa.or_(*(column.like(f"%{c}{_like(w)}%", escape="!") for c in "| ")) for w in words))


def _like(pattern: str) -> str:
    escaped = pattern.replace("!", "!!").replace("%", "!%").replace("_", "!_")
    return escaped.replace("*", "%").replace("?", "_")
