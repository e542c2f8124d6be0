"""Objects are durable, indexed and announced before they are answered; nothing is overwritten, nothing is lost."""

import asyncio
import hashlib
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from dicom.errors import UidConflict, Unreadable
from dicom.service.intake import Outcome
from server.clock import SystemClock
from server.db.tables import imaging, ledger
from server.storage.anchor import FileAnchorLog
from server.workflows import audit
from server.workflows.intake import sweep
from tests.builders import malformed_objects
from tests.builders.dicom_objects import GBK_UNDER_LATIN1, LATIN1_NAME, ct_study, image_part10
from tests.builders.small_hub import FROM_T01, FROM_T02, SmallHub, small_hub


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
async def hub(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[SmallHub]:
    url = request.getfixturevalue("empty_postgres_url") if request.param == "postgres" else None
    async with small_hub(tmp_path, url) as running:
        yield running


async def test_a_study_sent_in_parallel_is_one_study_with_right_counts(hub: SmallHub) -> None:
    objects = ct_study(slices=12)
    taken = await asyncio.gather(*(hub.intake.receive_part10(hub.stage(data), FROM_T01) for data in objects))
    assert {t.outcome for t in taken} == {Outcome.STORED}
    (study,) = await hub.rows(sa.select(imaging.studies))
    (series,) = await hub.rows(sa.select(imaging.series))
    assert (study.instance_count, study.series_count, series.instance_count) == (12, 1, 12)
    assert study.modalities == ["CT"]
    (deadline,) = await hub.rows(sa.select(ledger.deadlines))
    assert (deadline.kind, deadline.subject_id) == ("study-complete", study.study_instance_uid)
    events = await hub.rows(sa.select(ledger.events).order_by(ledger.events.c.seq))
    assert [e.name for e in events].count("started") == 1
    assert sum(e.data["instances"] for e in events) == 12


async def test_stored_bytes_are_the_bytes_that_came(hub: SmallHub) -> None:
    data = image_part10()
    await hub.intake.receive_part10(hub.stage(data), FROM_T01)
    (row,) = await hub.rows(sa.select(imaging.instances))
    assert hub.store.path(row.store_key).read_bytes() == data
    assert hashlib.sha256(data[row.dataset_offset :]).hexdigest() == row.digest


async def test_the_same_object_again_is_a_success_and_takes_no_room(hub: SmallHub) -> None:
    data = image_part10()
    await hub.intake.receive_part10(hub.stage(data), FROM_T01)
    taken = await asyncio.gather(*(hub.intake.receive_part10(hub.stage(data), FROM_T01) for _ in range(7)))
    assert {t.outcome for t in taken} == {Outcome.DUPLICATE}
    (row,) = await hub.rows(sa.select(imaging.instances))
    assert row.duplicates == 7
    files = [p for p in hub.store.path("").rglob("*") if p.is_file()]
    assert files == [hub.store.path(row.store_key)]


async def test_other_bytes_under_a_known_uid_are_kept_aside_and_the_first_stays(hub: SmallHub) -> None:
    first = image_part10()
    other = first[:-2] + b"\x7f\x7f"
    await hub.intake.receive_part10(hub.stage(first), FROM_T01)
    with pytest.raises(UidConflict):
        await hub.intake.receive_part10(hub.stage(other), FROM_T01)
    (row,) = await hub.rows(sa.select(imaging.instances))
    (aside,) = await hub.rows(sa.select(imaging.set_aside))
    (task,) = await hub.rows(sa.select(ledger.tasks))
    assert hub.store.path(row.store_key).read_bytes() == first
    assert hub.store.path(aside.store_key).read_bytes() == other
    assert (aside.reason, task.kind, task.role) == ("UID_CONFLICT", "uid-conflict", "registrar")


@pytest.mark.parametrize("name", ["not_dicom", "only_a_preamble", "without_uids", "deflate_bomb", "deeply_nested"])
async def test_what_cannot_be_read_is_refused_and_kept_with_a_task_or_stored(hub: SmallHub, name: str) -> None:
    data = getattr(malformed_objects, name)(*(["StudyInstanceUID"] if name == "without_uids" else []))
    try:
        await hub.intake.receive_part10(hub.stage(data), FROM_T01)
    except Unreadable:
        (aside,) = await hub.rows(sa.select(imaging.set_aside))
        assert aside.store_key.startswith("set-aside/")
        assert hub.store.path(aside.store_key).read_bytes() == data
        assert len(await hub.rows(sa.select(ledger.tasks))) == 1
    else:
        (row,) = await hub.rows(sa.select(imaging.instances))
        assert hub.store.path(row.store_key).read_bytes() == data


async def test_one_bad_object_in_a_batch_fails_alone(hub: SmallHub) -> None:
    good = [hub.stage(data) for data in ct_study(slices=3)]
    lost = hub.stage(image_part10(study=2))
    take = [hub.intake.receive_part10(key, FROM_T01) for key in good]
    gone = asyncio.create_task(hub.intake.receive_part10(lost, FROM_T01))
    hub.store.discard(lost)
    results = await asyncio.gather(*take, gone, return_exceptions=True)
    assert [isinstance(r, BaseException) for r in results] == [False, False, False, True]
    assert len(await hub.rows(sa.select(imaging.instances))) == 3


async def test_names_in_chinese_bytes_under_latin_1_are_read_and_flagged(hub: SmallHub) -> None:
    await hub.intake.receive_part10(hub.stage(image_part10(name=GBK_UNDER_LATIN1)), FROM_T01)
    await hub.intake.receive_part10(hub.stage(image_part10(name=LATIN1_NAME, study=2)), FROM_T01)
    async with hub.unit(read=True) as uow:
        rows = await hub.rows(sa.select(imaging.studies.c.study_instance_uid))
        studies = [await uow.studies.get(r.study_instance_uid) for r in rows]
    named = {s.dicom_name: s.name_guessed for s in studies if s}
    assert named == {"马建国": "GB18030", "Müller Jörg": None}


async def test_a_study_from_two_sites_stays_the_first_senders_and_is_flagged(hub: SmallHub) -> None:
    first, second = ct_study(slices=2)
    await hub.intake.receive_part10(hub.stage(first), FROM_T01)
    taken = await hub.intake.receive_part10(hub.stage(second), FROM_T02)
    assert taken.flag == "IDENTITY_CONFLICT"
    (study,) = await hub.rows(sa.select(imaging.studies))
    assert study.organization_id == "T01"
    events = await hub.rows(sa.select(ledger.events).where(ledger.events.c.name == "set-aside"))
    assert [e.data["code"] for e in events] == ["IDENTITY_CONFLICT"]


async def test_a_resident_id_as_patient_id_is_encrypted_in_the_row(hub: SmallHub) -> None:
    from tests.builders.dicom_objects import image_dataset, part10

    data = part10(image_dataset(patient_id="990101195803120035"))
    await hub.intake.receive_part10(hub.stage(data), FROM_T01)
    (row,) = await hub.rows(sa.select(imaging.studies))
    assert "990101195803120035" not in row.dicom_patient_id
    async with hub.unit(read=True) as uow:
        study = await uow.studies.get(row.study_instance_uid)
    assert study is not None
    assert study.dicom_patient_id == "990101195803120035"


async def test_files_without_a_row_are_swept_and_files_with_one_stay(hub: SmallHub) -> None:
    import os

    await hub.intake.receive_part10(hub.stage(image_part10()), FROM_T01)
    orphan, fresh = hub.stage(b"half"), hub.stage(b"being written")
    for path in (p for p in hub.store.path("").rglob("*") if p.is_file() and p != hub.store.path(fresh)):
        os.utime(path, (1, 1))
    assert await sweep(hub.store, lambda: hub.unit(read=True), hub.unit) == 1
    (row,) = await hub.rows(sa.select(imaging.instances))
    assert not hub.store.exists(orphan)
    assert hub.store.exists(fresh)
    assert hub.store.exists(row.store_key)


async def test_every_real_file_that_opens_comes_back_bit_for_bit_or_is_set_aside(
    hub: SmallHub, shared_data: Path
) -> None:
    files = [p for p in sorted((shared_data / "dicom").rglob("*")) if p.is_file()]
    seen: dict[str, bytes] = {}
    for path in files:
        data = path.read_bytes()
        try:
            taken = await hub.intake.receive_part10(hub.stage(data), FROM_T01)
        except (Unreadable, UidConflict):
            continue
        seen.setdefault(taken.entry.header.sop_instance_uid, data)
    rows = await hub.rows(sa.select(imaging.instances))
    assert {r.sop_instance_uid: hub.store.path(r.store_key).read_bytes() for r in rows} == seen
    aside = await hub.rows(sa.select(imaging.set_aside))
    kept = {r.store_key for r in aside}
    assert all(hub.store.exists(key) for key in kept)
    assert len(rows) > 150


async def test_objects_of_one_sender_and_study_share_a_record_until_it_is_sealed(hub: SmallHub, tmp_path: Path) -> None:
    *first, last = ct_study(slices=4)
    for data in first:
        await hub.intake.receive_part10(hub.stage(data), FROM_T01)
    await audit.seal(hub.unit, FileAnchorLog(tmp_path / "anchor.log"), now=SystemClock().now())
    await hub.intake.receive_part10(hub.stage(last), FROM_T01)
    records = await hub.rows(sa.select(ledger.audit.c.basis).order_by(ledger.audit.c.seq))
    assert [r.basis for r in records] == ["stow stored 3", "stow stored 1"]
