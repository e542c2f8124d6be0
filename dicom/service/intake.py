"""Taking objects into the index: new, the same again, or another under a known UID (decisions 8, 9, 11)."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Protocol

from dicom.events import Event
from dicom.model import Header, Priority, Received, Sender, Study
from dicom.ports import InstanceFact, IntakeUnitOfWork, Known, SecondSender, StudyGrowth

COMPLETE = "study-complete"  # the deadline's kind
SLACK = timedelta(seconds=1)  # a burst does not move its study's deadline with every object


class Origin(Protocol):
    """Who sent an object, and how urgent she said it was."""

    @property
    def sender(self) -> Sender:
        """Return who sent it."""
        ...

    @property
    def priority(self) -> Priority | None:
        """Return the priority that came with it."""
        ...


class Outcome(StrEnum):
    """What became of one object."""

    STORED = "stored"
    DUPLICATE = "duplicate"
    CONFLICT = "conflict"


@dataclass(frozen=True, slots=True)
class Entry:
    """One object that waits for its rows; `mismatch` says how it contradicts the patient somebody chose for it."""

    received: Received
    header: Header
    mismatch: str | None = None


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of one entry, and why a person should look (`IDENTITY_CONFLICT`, `NAME_MISMATCH`)."""

    entry: Entry
    outcome: Outcome
    flag: str | None = None


@dataclass(slots=True)
class _Batch:
    """One transaction's worth of objects, sorted by what they mean."""

    known: Known
    taken: list[Taken] = field(default_factory=list)
    growths: dict[str, StudyGrowth] = field(default_factory=dict)
    duplicates: list[str] = field(default_factory=list)
    second_senders: list[SecondSender] = field(default_factory=list)
    expected: Mapping[str, int] = field(default_factory=dict)


async def receive_instances(
    uow: IntakeUnitOfWork, entries: Sequence[Entry], *, now: datetime, quiet: timedelta
) -> list[Taken]:
    """Give objects their rows, events and deadline; the caller's commit makes them acknowledged.

    Parameters
    ----------
    entries
        Objects that lie durable in the store, in the order of arrival.
    quiet
        How long after the last instance a study counts as complete.

    Returns
    -------
    list of Taken
        One for each entry, in order. A duplicate and a conflict changed nothing but their counters: the
        caller discards the bytes of the one and keeps those of the other aside.
    """
    batch = _Batch(await uow.studies.known([(e.header, e.received) for e in entries]))
    for entry in entries:
        batch.taken.append(_sort(batch, entry, now))
    await uow.studies.grow(
        list(batch.growths.values()), duplicates=batch.duplicates, second_senders=batch.second_senders
    )
    for growth in batch.growths.values():
        await uow.ledger.set_deadline(COMPLETE, growth.study.study_instance_uid, now + quiet, slack=SLACK)
    grown = [g.study.study_instance_uid for g in batch.growths.values() if not g.is_new]
    batch.expected = await uow.studies.expected(grown) if grown else {}
    uow.publish(*_events(batch))
    return batch.taken


def _sort(batch: _Batch, entry: Entry, now: datetime) -> Taken:
    uid, study_uid = entry.header.sop_instance_uid, entry.header.study_instance_uid
    digest, sender = entry.received.digest, entry.received.sender.organization_id
    fact = batch.known.instances.get(uid)
    if fact is None:
        flag = _add(batch, entry, now)
        batch.known.instances[uid] = InstanceFact(digest, study_uid, sender)
        return Taken(entry, Outcome.STORED, entry.mismatch or flag)
    if fact.digest != digest or fact.study_instance_uid != study_uid:
        return Taken(entry, Outcome.CONFLICT, "UID_CONFLICT")
    batch.duplicates.append(uid)
    if fact.organization_id != sender:
        batch.second_senders.append(SecondSender(uid, study_uid, sender, now))
    return Taken(entry, Outcome.DUPLICATE, _contradiction(batch, entry))


def _add(batch: _Batch, entry: Entry, now: datetime) -> str | None:
    """Add a new instance to its study's growth; return why it contradicts what the study says already."""
    header = entry.header
    study = batch.known.studies.get(header.study_instance_uid)
    flag = _contradiction(batch, entry)
    if study is None:
        study = study_of(header, entry.received, now)
    growth = batch.growths.setdefault(
        header.study_instance_uid,
        StudyGrowth(study, is_new=header.study_instance_uid not in batch.known.studies, first=header),
    )
    is_new_series = header.series_instance_uid not in batch.known.series
    batch.known.series.add(header.series_instance_uid)
    if is_new_series:
        growth.series.append(header)
    growth.instances.append((header, entry.received))
    growth.study = batch.known.studies[header.study_instance_uid] = replace(
        growth.study,
        modalities=_with(growth.study.modalities, header.modality),
        body_part=growth.study.body_part or header.body_part,
        series_count=growth.study.series_count + is_new_series,
        instance_count=growth.study.instance_count + 1,
        last_instance_at=now,
    )
    growth.flags.update(filter(None, (flag, entry.mismatch)))
    return flag


def _with(modalities: tuple[str, ...], modality: str) -> tuple[str, ...]:
    return modalities if not modality or modality in modalities else (*modalities, modality)


def _contradiction(batch: _Batch, entry: Entry) -> str | None:
    """Tell whether the study is another site's, or another patient's by its own words (decisions 9)."""
    study = batch.known.studies.get(entry.header.study_instance_uid)
    if study is None:
        return None
    same = (study.organization_id, study.dicom_patient_id, study.dicom_issuer) == (
        entry.received.sender.organization_id,
        entry.header.patient_id,
        entry.header.issuer_of_patient_id,
    )
    return None if same else "IDENTITY_CONFLICT"


def study_of(header: Header, origin: Origin, now: datetime) -> Study:
    """Return a study as its first object describes it, before it has instances."""
    return Study(
        study_instance_uid=header.study_instance_uid,
        organization_id=origin.sender.organization_id,
        ae_title=origin.sender.ae_title,
        patient_id=None,
        dicom_patient_id=header.patient_id,
        dicom_issuer=header.issuer_of_patient_id,
        dicom_name=header.patient_name.shown,
        dicom_birth_date=header.patient_birth_date,
        dicom_sex=header.patient_sex,
        name_guessed=header.patient_name.guessed_charset,
        accession_number=header.accession_number,
        study_id=header.study_id,
        study_date=header.study_date,
        study_time=header.study_time,
        description=header.study_description,
        modalities=(),
        body_part="",
        series_count=0,
        instance_count=0,
        received_at=now,
        last_instance_at=now,
        complete_at=None,
        priority=origin.priority or origin.sender.default_priority,
        version=0,
    )


def _events(batch: _Batch) -> Iterable[Event]:
    """Say what happened: one event for each study that grew, one for each doubt."""
    for growth in batch.growths.values():
        yield _event(
            growth.study, _growth_name(growth, batch.expected), _origin(growth) | {"instances": len(growth.instances)}
        )
        for flag in sorted(growth.flags):
            yield _event(growth.study, "set-aside", _origin(growth) | {"code": flag})
    for taken in batch.taken:
        study = batch.known.studies.get(taken.entry.header.study_instance_uid)
        if study is not None and taken.flag and taken.outcome is Outcome.DUPLICATE:
            yield _event(
                study, "set-aside", {"code": taken.flag, "sender": taken.entry.received.sender.organization_id}
            )


def _growth_name(growth: StudyGrowth, expected: Mapping[str, int]) -> str:
    """Name what happened to a study; only `started`, `filled` and `extended` have work behind them."""
    if growth.is_new:
        return "started"
    if growth.study.complete_at is not None:
        return "extended"
    awaited = expected.get(growth.study.study_instance_uid)
    return "filled" if awaited is not None and growth.study.instance_count >= awaited else "grew"


def _event(study: Study, name: str, data: Mapping[str, str | int | bool | None]) -> Event:
    state = "receiving" if study.complete_at is None else "complete"
    return Event(
        "studies", name, study.study_instance_uid, study.version + 1, state, (study.organization_id,),
        study.organization_id, data,
    )  # fmt: skip


def _origin(growth: StudyGrowth) -> dict[str, str | int | bool | None]:
    """Return ids and codes that the handlers of a study's events need."""
    _, received = growth.instances[-1]
    return {
        "order_id": received.order_id,
        "patient_id": received.patient_id,
        "upload_id": received.upload_id,
        "via": received.via.value,
        "sender": received.sender.organization_id,
        "priority": growth.study.priority.value,
    }
