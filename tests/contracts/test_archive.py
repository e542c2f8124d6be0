"""Searches, pages and uploads keep their word on SQLite and on PostgreSQL."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from dicom.model import Priority
from dicom.query import Level, parse_search
from dicom.service.intake import Outcome
from dicom.uploads.lifecycle import Upload, UploadState, move
from server.accounts.model import SYSTEM, Caller, Membership, Role
from tests.builders.dicom_objects import CT, GBK_UNDER_LATIN1, US, ct_study, image_part10
from tests.builders.small_hub import FROM_T01, FROM_T02, SmallHub, small_hub

NOW = datetime(2026, 11, 23, 4, 0, tzinfo=UTC)
LILAN = Caller("lilan", "李兰", "", (Membership("T01", Role.TOWNSHIP_DOCTOR),))
HELIN = Caller("helin", "何林", "", (Membership("T02", Role.TOWNSHIP_DOCTOR),))


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
async def hub(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[SmallHub]:
    url = request.getfixturevalue("empty_postgres_url") if request.param == "postgres" else None
    async with small_hub(tmp_path, url) as running:
        for data in (*ct_study(slices=3, name=GBK_UNDER_LATIN1), image_part10(US, study=2), image_part10(CT, study=3)):
            await running.intake.receive_part10(running.stage(data), FROM_T01)
        yield running


@pytest.mark.parametrize(
    ("level", "keys", "count"),
    [
        (Level.STUDY, {}, 3),
        (Level.STUDY, {"PatientName": "mjg"}, 1),
        (Level.STUDY, {"PatientName": "马*", "StudyDate": "19000101-"}, 1),
        (Level.STUDY, {"PatientName": "jianguo", "fuzzymatching": "true"}, 3),
        (Level.STUDY, {"ModalitiesInStudy": "US"}, 1),
        (Level.STUDY, {"PatientID": "T01-0001", "limit": "2"}, 3),
        (Level.STUDY, {"PatientSex": "?", "offset": "1"}, 2),
        (Level.SERIES, {"Modality": "CT"}, 2),
        (Level.SERIES, {"SeriesNumber": "1"}, 3),
        (Level.INSTANCE, {"InstanceNumber": "2"}, 1),
        (Level.INSTANCE, {"SOPClassUID": CT.sop_class_uid}, 4),
        (Level.INSTANCE, {"PatientName": "!%_"}, 0),
    ],
)
async def test_keys_narrow_a_search(hub: SmallHub, level: Level, keys: dict[str, str], count: int) -> None:
    async with hub.unit(read=True) as uow:
        found = await uow.archive.search(parse_search(level, list(keys.items())), LILAN, now=NOW)
        assert await uow.archive.search(parse_search(level, list(keys.items())), HELIN, now=NOW) == []
    assert len(found) == count  # one more than the limit says that there are more


async def test_a_second_sender_sees_her_own_instances_alone(hub: SmallHub) -> None:
    await hub.intake.receive_part10(hub.stage(ct_study(slices=4)[3]), FROM_T02)
    uid = "1.2.826.0.1.3680043.10.990101.2.1"
    async with hub.unit(read=True) as uow:
        whole = await uow.archive.holding(LILAN, uid, now=NOW)
        hers = await uow.archive.holding(HELIN, uid, now=NOW)
        nothing = await uow.archive.holding(HELIN, "1.2.826.0.1.3680043.10.990101.2.2", now=NOW)
    assert whole is not None
    assert hers is not None
    assert (len(whole.instances), len(hers.instances), nothing) == (4, 1, None)
    assert [i.number for i in whole.instances] == [1, 2, 3, 4]


async def test_a_second_sender_of_the_same_bytes_sees_what_she_sent(hub: SmallHub) -> None:
    uid, second = "1.2.826.0.1.3680043.10.990101.2.1", ct_study(slices=3, name=GBK_UNDER_LATIN1)[1]
    for _ in range(2):
        taken = await hub.intake.receive_part10(hub.stage(second), FROM_T02)
        assert (taken.outcome, taken.flag) == (Outcome.DUPLICATE, "IDENTITY_CONFLICT")
    async with hub.unit(read=True) as uow:
        hers = await uow.archive.holding(HELIN, uid, now=NOW)
        listed = await uow.archive.search(parse_search(Level.STUDY, []), HELIN, now=NOW)
        study = await uow.studies.get(uid, HELIN, now=NOW)
        whole = await uow.archive.holding(LILAN, uid, now=NOW)
    assert hers is not None
    assert whole is not None
    assert ([i.number for i in hers.instances], len(whole.instances)) == ([2], 3)
    assert [found.uids for found in listed] == [(uid,)]
    assert study is not None
    assert study.organization_id == "T01", "it stays the first sender's"


async def test_two_senders_of_one_object_at_one_instant_both_see_it(hub: SmallHub) -> None:
    data = image_part10(CT, study=7)
    await asyncio.gather(*(hub.intake.receive_part10(hub.stage(data), origin) for origin in (FROM_T01, FROM_T02)))
    async with hub.unit(read=True) as uow:
        for doctor in (LILAN, HELIN):
            assert await uow.archive.holding(doctor, "1.2.826.0.1.3680043.10.990101.2.7", now=NOW) is not None


async def test_pages_follow_each_other_and_states_narrow_them(hub: SmallHub) -> None:
    async with hub.unit(read=True) as uow:
        first, cursor = await uow.study_pages.page(LILAN, now=NOW, limit=2)
        rest, end = await uow.study_pages.page(LILAN, now=NOW, limit=2, cursor=cursor or "")
        none, _ = await uow.study_pages.page(LILAN, now=NOW, states=["quarantined"])
        waiting, _ = await uow.study_pages.page(SYSTEM, now=NOW, states=["receiving"])
    assert len({line.study.study_instance_uid for line in [*first, *rest]}) == 3
    assert (end, none, len(waiting)) == (None, [], 3)


async def test_an_upload_moves_by_its_table_and_one_writer_wins(hub: SmallHub) -> None:
    upload = Upload("u1", "lilan", "T01", None, None, Priority.URGENT, "x", 10, 0, UploadState.RECEIVING, NOW, NOW)
    async with hub.unit() as uow:
        await uow.uploads.add(upload)
        whole = move(upload, "complete", now=NOW, received=10)
        await uow.uploads.save(whole)
    async with hub.unit() as uow:
        assert await uow.uploads.get("u1", LILAN, now=NOW) == whole
        assert await uow.uploads.get("u1", HELIN, now=NOW) is None
        assert [u.id for u in await uow.uploads.processing()] == ["u1"]
        assert await uow.uploads.unfinished_bytes("lilan") == 10
        with pytest.raises(Exception, match="current version"):
            await uow.uploads.save(move(upload, "grow", now=NOW, received=5))
