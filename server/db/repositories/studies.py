"""Studies, series and instances: the index of what lies in the store."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, replace
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection

from dicom.charset import shown
from dicom.errors import VersionMismatch
from dicom.model import Header, Priority, Received, Study
from dicom.ports import InstanceFact, InstanceRecord, Known, SecondSender, StudyGrowth
from server.accounts.crypto import Cipher
from server.accounts.model import Caller
from server.db.prepared import Lookup, Prepared
from server.db.scope import visible_to
from server.db.tables import imaging as t
from server.patients.names import sound

PATIENT_ID_COLUMN = "studies.dicom_patient_id"
_RESIDENT_ID = re.compile(r"[0-9]{17}[0-9Xx]|[0-9]{15}")
_SEALED = "\x1f"  # no text of an object carries it: the scan strips control characters
_PARAMETERS = 500  # values of one IN list; SQLite takes 32766, older ones 999

_GROWS = ("modalities", "body_part", "series_count", "instance_count", "last_instance_at")
_i, _s, _o, _e = t.instances.c, t.studies.c, t.reading_orders.c, t.series.c
_FACTS = Lookup(
    sa.select(_i.sop_instance_uid, _i.digest, _i.study_instance_uid, _i.organization_id), _i.sop_instance_uid
)
_GROWING = Lookup(
    sa.select(t.studies, _o.expected_instances)
    .outerjoin(t.reading_orders, _o.study_uid == _s.study_instance_uid)
    .with_for_update(of=t.studies),
    _s.study_instance_uid,
)
_EXPECTED = Lookup(sa.select(_o.study_uid, _o.expected_instances), _o.study_uid)
_SERIES = Lookup(sa.select(_e.series_instance_uid), _e.series_instance_uid)
_NEW_STUDIES, _NEW_SERIES, _NEW_INSTANCES = (Prepared(x.insert()) for x in (t.studies, t.series, t.instances))
_GROWN_STUDIES = Prepared(
    t.studies.update()
    .where(_s.study_instance_uid == sa.bindparam("uid"))
    .values({name: sa.bindparam(f"now_{name}") for name in _GROWS} | {"version": _s.version + 1})
)
_GROWN_SERIES = Prepared(
    t.series.update()
    .where(_e.series_instance_uid == sa.bindparam("uid"))
    .values(instance_count=_e.instance_count + sa.bindparam("more"))
)
_WALKS = Prepared(
    t.instances.update()
    .where(_i.sop_instance_uid == sa.bindparam("uid"))
    .values(walk=sa.bindparam("result"), walk_note=sa.bindparam("note"))
)
_DUPLICATES = Prepared(
    t.instances.update()
    .where(_i.sop_instance_uid == sa.bindparam("uid"))
    .values(duplicates=_i.duplicates + sa.bindparam("more"))
)
_SECOND_SENDERS = {
    name: Prepared(dialect.insert(t.second_senders).on_conflict_do_nothing())
    for name, dialect in (("sqlite", sqlite), ("postgresql", postgresql))
}


class Studies:
    """The rows of studies, series and instances."""

    def __init__(self, connection: AsyncConnection, cipher: Cipher) -> None:
        self._c, self._cipher = connection, cipher

    async def known(self, objects: Sequence[tuple[Header, Received]]) -> Known:
        """Return what the index holds about these objects; the studies' rows are locked where that is possible."""
        facts = await _FACTS.rows(self._c, {h.sop_instance_uid for h, _ in objects})
        studies = await _GROWING.rows(self._c, {h.study_instance_uid for h, _ in objects})
        series = await _SERIES.rows(self._c, {h.series_instance_uid for h, _ in objects}) if studies else []
        return Known(
            {r.sop_instance_uid: InstanceFact(r.digest, r.study_instance_uid, r.organization_id) for r in facts},
            {r.study_instance_uid: self.of_row(r) for r in studies},
            {r.series_instance_uid for r in series},
            {r.study_instance_uid: r.expected_instances for r in studies if r.expected_instances},
        )

    async def grow(
        self, growths: Sequence[StudyGrowth], *, duplicates: Sequence[str], second_senders: Sequence[SecondSender]
    ) -> None:
        """Write new rows and counters; count duplicates by SOP Instance UID; remember who else sent an instance."""
        await _NEW_STUDIES.run(self._c, [self._study_row(g) for g in growths if g.is_new])
        await _GROWN_STUDIES.run(self._c, [_grown(g.study) for g in growths if not g.is_new])
        await _NEW_SERIES.run(self._c, [_series_row(header) for g in growths for header in g.series])
        instances = [_instance_row(h, r, g.study.last_instance_at) for g in growths for h, r in g.instances]
        await _NEW_INSTANCES.run(self._c, instances)
        more = Counter(h.series_instance_uid for g in growths for h, _ in g.instances)
        await _GROWN_SERIES.run(self._c, [{"uid": uid, "more": count} for uid, count in more.items()])
        again = Counter(duplicates)
        await _DUPLICATES.run(self._c, [{"uid": uid, "more": count} for uid, count in again.items()])
        await _SECOND_SENDERS[self._c.dialect.name].run(self._c, [asdict(sender) for sender in second_senders])

    async def expected(self, study_uids: Sequence[str]) -> dict[str, int]:
        """Return how many instances the orders of these studies announced, where one did."""
        rows = await _EXPECTED.rows(self._c, study_uids)
        return {r.study_uid: r.expected_instances for r in rows if r.expected_instances is not None}

    async def get(self, study_uid: str, caller: Caller | None = None, *, now: datetime | None = None) -> Study | None:
        """Return a study; with a caller only when it is theirs to see."""
        query = sa.select(t.studies).where(t.studies.c.study_instance_uid == study_uid)
        if caller is not None and now is not None:
            query = query.where(visible_to(caller, t.studies, now=now))
        row = (await self._c.execute(query)).first()
        return self.of_row(row) if row else None

    async def save(self, study: Study) -> Study:
        """Store patient, completion and priority of a study as its next version.

        Raises
        ------
        VersionMismatch
            When it grew or changed since it was read.
        """
        c = t.studies.c
        changed = await self._c.execute(
            t.studies.update()
            .where(c.study_instance_uid == study.study_instance_uid, c.version == study.version)
            .values(
                patient_id=study.patient_id,
                complete_at=study.complete_at,
                priority=study.priority.value,
                version=study.version + 1,
            )
        )
        if changed.rowcount != 1:
            current = await self._c.scalar(sa.select(c.version).where(c.study_instance_uid == study.study_instance_uid))
            raise VersionMismatch(int(current or 0))
        return replace(study, version=study.version + 1)

    async def instances(self, study_uid: str) -> list[InstanceRecord]:
        """Return a study's instances by series and number."""
        i = t.instances.c
        rows = await self._c.execute(
            sa.select(t.instances)
            .where(i.study_instance_uid == study_uid)
            .order_by(i.series_instance_uid, i.number, i.sop_instance_uid)
        )
        return [instance_record(row) for row in rows]

    async def unwalked(self, limit: int) -> list[tuple[str, str]]:
        """Return (SOP Instance UID, key in the store) of instances that no child has walked yet, oldest first."""
        query = sa.select(_i.sop_instance_uid, _i.store_key).where(_i.walk.is_(None))
        return [(r[0], r[1]) for r in await self._c.execute(query.order_by(_i.received_at).limit(limit))]

    async def record_walks(self, found: Sequence[tuple[str, str | None]]) -> None:
        """Keep what the walk found wrong with each of these instances, None for nothing."""
        rows = [{"uid": uid, "result": "warning" if note else "ok", "note": note} for uid, note in found]
        await _WALKS.run(self._c, rows)

    async def stored_keys(self, keys: Sequence[str]) -> set[str]:
        """Return which of these keys of the store have a row."""
        found: set[str] = set()
        for column in (t.instances.c.store_key, t.set_aside.c.store_key):
            for start in range(0, len(keys), _PARAMETERS):
                part = keys[start : start + _PARAMETERS]
                found.update(await self._c.scalars(sa.select(column).where(column.in_(part))))
        return found

    def _study_row(self, growth: StudyGrowth) -> dict[str, Any]:
        study, header = growth.study, growth.first
        return {
            "study_instance_uid": study.study_instance_uid,
            "organization_id": study.organization_id,
            "ae_title": study.ae_title,
            "dicom_patient_id": self._sealed(study.dicom_patient_id),
            "dicom_patient_index": patient_id_index(self._cipher, study.dicom_patient_id),
            "dicom_issuer": study.dicom_issuer,
            "dicom_name": header.patient_name.value,
            "dicom_name_key": name_key(header.patient_name.value),
            "dicom_birth_date": study.dicom_birth_date,
            "dicom_sex": study.dicom_sex,
            "name_guessed": study.name_guessed,
            "accession_number": study.accession_number,
            "study_id": study.study_id,
            "study_date": study.study_date,
            "study_time": study.study_time,
            "description": study.description,
            "referring_physician": header.referring_physician,
            "modalities": list(study.modalities),
            "body_part": study.body_part,
            "series_count": study.series_count,
            "instance_count": study.instance_count,
            "received_at": study.received_at,
            "last_instance_at": study.last_instance_at,
            "priority": study.priority.value,
            "version": 1,
        }

    def _sealed(self, patient_id: str) -> str:
        if not _RESIDENT_ID.fullmatch(patient_id):
            return patient_id
        return _SEALED + self._cipher.encrypt(patient_id, column=PATIENT_ID_COLUMN)

    def opened(self, stored: str) -> str:
        """Return a stored Patient ID as the object says it."""
        if not stored.startswith(_SEALED):
            return stored
        return self._cipher.decrypt(stored.removeprefix(_SEALED), column=PATIENT_ID_COLUMN)

    def of_row(self, r: Any) -> Study:
        """Return the study that a row holds."""
        return Study(
            r.study_instance_uid, r.organization_id, r.ae_title, r.patient_id, self.opened(r.dicom_patient_id),
            r.dicom_issuer, shown(r.dicom_name), r.dicom_birth_date, r.dicom_sex, r.name_guessed, r.accession_number,
            r.study_id, r.study_date, r.study_time, r.description, tuple(r.modalities), r.body_part, r.series_count,
            r.instance_count, r.received_at, r.last_instance_at, r.complete_at, Priority(r.priority), r.version,
        )  # fmt: skip


def patient_id_index(cipher: Cipher, patient_id: str) -> str | None:
    """Return the blind index of a DICOM Patient ID, None for an empty one."""
    return cipher.blind_index(patient_id.upper(), kind="dicom-patient-id") if patient_id else None


def name_key(value: str) -> str:
    """Return a PN folded for search: `|spelling|reading|initials|`, lower case, components separated by a space.

    A search for the beginning of a spelling or reading looks for `|` and the pattern.
    """
    words: list[str] = []
    for group in value.split("="):
        spaced = " ".join(filter(None, (c.strip() for c in group.split("^"))))
        if not spaced:
            continue
        words += [spaced.casefold(), spaced.replace(" ", "").casefold()]
        if not spaced.isascii():
            heard = sound(spaced.replace(" ", ""))
            words += [heard.pinyin, *heard.readings, *heard.initials]
    return f"|{'|'.join(dict.fromkeys(w for w in words if w))}|" if words else ""


def _grown(study: Study) -> dict[str, Any]:
    now: dict[str, Any] = {f"now_{name}": getattr(study, name) for name in _GROWS}
    return now | {"uid": study.study_instance_uid, "now_modalities": list(study.modalities)}


def _series_row(header: Header) -> dict[str, Any]:
    return {
        "series_instance_uid": header.series_instance_uid,
        "study_instance_uid": header.study_instance_uid,
        "modality": header.modality,
        "number": header.series_number,
        "description": header.series_description,
        "body_part": header.body_part,
        "instance_count": 0,
    }


def _instance_row(header: Header, received: Received, at: datetime) -> dict[str, Any]:
    return {
        "sop_instance_uid": header.sop_instance_uid,
        "study_instance_uid": header.study_instance_uid,
        "series_instance_uid": header.series_instance_uid,
        "organization_id": received.sender.organization_id,
        "sop_class_uid": header.sop_class_uid or received.sop_class_uid,
        "transfer_syntax_uid": received.transfer_syntax_uid,
        "number": header.instance_number,
        "rows": header.rows,
        "columns": header.columns,
        "frames": header.number_of_frames,
        "has_pixels": header.has_pixels,
        "store_key": received.key,
        "size": received.size,
        "dataset_offset": received.dataset_offset,
        "digest": received.digest,
        "via": received.via.value,
        "sent_by": received.sender.user_id or received.sender.ae_title,
        "received_at": at,
        "duplicates": 0,
    }


def instance_record(r: Any) -> InstanceRecord:
    """Return one instance's row as the domain knows it."""
    return InstanceRecord(
        r.sop_instance_uid, r.study_instance_uid, r.series_instance_uid, r.organization_id, r.sop_class_uid,
        r.transfer_syntax_uid, r.number, r.rows, r.columns, r.frames, r.has_pixels, r.store_key, r.size,
        r.dataset_offset, r.digest,
    )  # fmt: skip
