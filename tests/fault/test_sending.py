"""What devices do to a running hub: the same again, other bytes, any order, names that are paths (R11-R13, R20)."""

import asyncio
import io
import random
import re
import struct
from collections import Counter
from pathlib import Path
from typing import Any

import pydicom
import pytest
from pydicom.uid import generate_uid

from dicom.network import pdu
from dicom.network.dimse import Command, Element, encode_command
from dicom.network.pdu import AssociateRQ, ProposedContext
from tests.builders.dicom_objects import image_part10
from tests.fault.machinery import FULL, catches_up, people, person, process_ids, rows, sends, sends_at_once
from tests.servers.hub import RunningHub

SLICES = 500 if FULL else 96
CT, EXPLICIT = "1.2.840.10008.5.1.4.1.1.2", "1.2.840.10008.1.2.1"
OWN_NAME = re.compile(r"[0-9]{8}|[0-9a-f]{2}|[0-9a-f]{32}|set-aside|\.swept")
HOSTILE_UIDS = (
    "../../../tmp/evil",
    "/tmp/evil",
    "1.2.3/../../x",
    "..\\..\\evil",
    "1.2\0.3",
    "1.2\r\nX: y",
    "9" * 65,
    "1.2.%2e%2e",
    "CON",
    "",
    "1.2.马",
)


def objects(folder: Path, count: int, *, series: int = 1, **attributes: Any) -> list[Path]:
    """Write one study of so many instances, spread over series."""
    folder.mkdir(exist_ok=True)
    study, uids = generate_uid(), [generate_uid() for _ in range(series)]
    paths = []
    for number in range(count):
        ds = pydicom.dcmread(io.BytesIO(image_part10()))
        ds.StudyInstanceUID, ds.SeriesInstanceUID = study, uids[number % series]
        ds.SOPInstanceUID = ds.file_meta.MediaStorageSOPInstanceUID = generate_uid()
        ds.InstanceNumber = number + 1
        for keyword, value in attributes.items():
            setattr(ds, keyword, value)
        paths.append(folder / f"{number}.dcm")
        ds.save_as(paths[-1], enforce_file_format=True)
    return paths


def study_of(path: Path) -> str:
    return str(pydicom.dcmread(path, stop_before_pixels=True).StudyInstanceUID)


async def stored_keys(hub: RunningHub, study: str) -> list[str]:
    """Return where the study's objects lie; each must be there."""
    sql = f"SELECT store_key FROM instances WHERE study_instance_uid = '{study}'"
    keys = [str(key) for (key,) in await rows(hub, sql)]
    assert all((hub.data_dir / "objects" / key).is_file() for key in keys)
    return keys


def object_files(hub: RunningHub) -> int:
    """Count what lies in the store, without what the walk wrote beside it."""
    folder = hub.data_dir / "objects"
    return sum(1 for path in folder.rglob("*") if path.is_file() and path.suffix != ".facts" and path.name[0] != ".")


async def test_the_same_bytes_again_are_acknowledged_and_kept_once(hub: RunningHub, tmp_path: Path) -> None:
    paths = objects(tmp_path, 4)
    study = study_of(paths[0])
    before = object_files(hub)
    outcomes = [outcome for _ in range(5) for outcome in await sends(hub, paths)]
    outcomes += await sends_at_once(hub, [paths] * 8)
    assert Counter(outcome.status for outcome in outcomes) == {0: 13 * len(paths)}
    assert len(await stored_keys(hub, study)) == len(paths)
    assert object_files(hub) == before + len(paths)
    told = await rows(hub, f"SELECT basis FROM audit WHERE object_id = '{study}' AND action = 'received'")
    assert sum(int(str(basis).rsplit(" ", 1)[1]) for (basis,) in told) == 13 * len(paths)


async def test_other_bytes_under_a_known_uid_are_kept_aside_and_the_first_stays(
    hub: RunningHub, tmp_path: Path
) -> None:
    (path,) = objects(tmp_path, 1)
    (first,) = await sends(hub, [path])
    (key,) = await stored_keys(hub, study_of(path))
    stored = (hub.data_dir / "objects" / key).read_bytes()
    ds = pydicom.dcmread(path)
    ds.PixelData = bytes([ds.PixelData[0] ^ 1]) + ds.PixelData[1:]
    ds.save_as(path, enforce_file_format=True)
    outcomes = [*await sends(hub, [path]), *await sends(hub, [path])]
    assert [first.status, *(outcome.status for outcome in outcomes)] == [0, 0xB000, 0xB000]
    assert await stored_keys(hub, study_of(path)) == [key]
    assert (hub.data_dir / "objects" / key).read_bytes() == stored
    digests = await rows(hub, f"SELECT digest FROM set_aside WHERE sop_instance_uid = '{ds.SOPInstanceUID}'")
    assert len(digests) == 1
    tasks = await rows(hub, f"SELECT kind FROM tasks WHERE subject_id = '{digests[0][0]}'")
    assert tasks == [("uid-conflict",)]


async def test_a_study_shuffled_over_eight_associations_is_one_study_and_complete_once(
    hub: RunningHub, tmp_path: Path
) -> None:
    paths = objects(tmp_path, SLICES, series=4)
    study = study_of(paths[0])
    random.Random(13).shuffle(paths)
    outcomes = await sends_at_once(hub, [paths[i::8] for i in range(8)])
    assert Counter(outcome.status for outcome in outcomes) == {0: SLICES}
    await catches_up(hub, seconds=60)
    async with people(hub.url) as (client,):
        lan = await person(client, hub.url, "lilan")
        (found,) = await lan.finds(f"/dicom-web/studies?StudyInstanceUID={study}")
        counts = [found[tag]["Value"][0] for tag in ("00201206", "00201208")]
        series = await lan.finds(f"/dicom-web/studies/{study}/series")
    assert counts == [4, SLICES]
    assert sorted(one["00201209"]["Value"][0] for one in series) == [SLICES // 4] * 4
    completed = f"SELECT count(*) FROM events WHERE name = 'completed' AND subject_id = '{study}'"
    assert await rows(hub, completed) == [(1,)]


def command(uid: bytes) -> bytes:
    """Return a C-STORE-RQ with any bytes for its UID (PS3.7 §9.3.1.1)."""
    placeholder = b"1." + b"7" * (len(uid) + len(uid) % 2 - 2) if len(uid) > 2 else b"1.77"
    raw = encode_command(
        {
            Element.AffectedSOPClassUID: CT,
            Element.CommandField: Command.C_STORE_RQ,
            Element.MessageID: 1,
            Element.Priority: 0,
            Element.CommandDataSetType: 1,
            Element.AffectedSOPInstanceUID: placeholder.decode(),
        }
    ).replace(placeholder, uid.ljust(len(placeholder), b"\0"))
    return pdu.encode_data_header(1, len(raw), command=True, last=True) + raw


async def raw_store(hub: RunningHub, uid: bytes, data: bytes) -> int:
    """Send one data set under a UID that no library would let through; return the status, -1 for an abort."""
    request = pdu.encode_associate_rq(AssociateRQ("LUTONG", "T01", (ProposedContext(1, CT, (EXPLICIT,)),)))
    reader, writer = await asyncio.open_connection("127.0.0.1", hub.dicom_port)
    try:
        writer.write(request)
        async with asyncio.timeout(20):
            assert (await read_pdu(reader))[0] == 2
            writer.write(command(uid))
            writer.write(pdu.encode_data_header(1, len(data), command=False, last=True) + data)
            kind, body = await read_pdu(reader)
        if kind != 4:
            return -1
        return int(struct.unpack("<H", body[body.index(b"\0\0\0\x09\2\0\0\0") + 8 :][:2])[0])
    finally:
        writer.close()


async def read_pdu(reader: asyncio.StreamReader) -> tuple[int, bytes]:
    kind, length = pdu.HEADER.unpack(await reader.readexactly(6))
    return kind, await reader.readexactly(length)


def data_set(**attributes: bytes) -> bytes:
    """Return a CT's data set with these UIDs in it, whatever they are."""
    part10 = image_part10()
    ds = pydicom.dcmread(io.BytesIO(part10), stop_before_pixels=True)
    data = part10[144 + int(ds.file_meta.FileMetaInformationGroupLength) :]
    for keyword, value in attributes.items():
        elem = ds[keyword]
        old = struct.pack("<HH2sH", elem.tag.group, elem.tag.element, b"UI", len(ds[keyword].value.ljust(1)) + 1 & ~1)
        at = data.index(old)
        length = struct.unpack_from("<H", data, at + 6)[0]
        padded = value + b"\0" * (len(value) % 2)
        data = data[:at] + old[:6] + struct.pack("<H", len(padded)) + padded + data[at + 8 + length :]
    return data


def listing(folder: Path) -> set[Path]:
    """Return every file below a folder that is not the hub's data."""
    return {path for path in folder.rglob("*") if "data" not in path.relative_to(folder).parts[:1]}


@pytest.mark.parametrize("place", ["command", "StudyInstanceUID", "SeriesInstanceUID", "SOPInstanceUID"])
async def test_a_uid_that_is_a_path_names_no_file_anywhere(hub: RunningHub, place: str) -> None:
    around, ids = listing(hub.data_dir.parent), process_ids(hub)
    top = set(hub.data_dir.iterdir())
    for uid in (text.encode() for text in HOSTILE_UIDS):
        if place == "command":
            status = await raw_store(hub, uid, data_set())
        else:
            status = await raw_store(hub, b"1.2.3.4", data_set(**{place: uid}))
        assert status in {-1, 0x0106, 0x0115, 0xA900, 0xC000}, (uid, hex(status))
    assert listing(hub.data_dir.parent) == around
    assert set(hub.data_dir.iterdir()) - top <= {hub.data_dir / "uploads", hub.data_dir / "documents"}
    assert not Path("/tmp/evil").exists()
    names = {path.name.removesuffix(".facts") for path in (hub.data_dir / "objects").rglob("*")}
    assert {name for name in names if not OWN_NAME.fullmatch(name)} == set()
    assert process_ids(hub) == ids


async def test_an_ae_title_that_is_a_path_lets_nobody_in(hub: RunningHub) -> None:
    for title in ("../../etc", "T01\r\nX", "T01/..", "A" * 16, "'; DROP--"):
        request = pdu.encode_associate_rq(AssociateRQ("LUTONG", "T01", (ProposedContext(1, CT, (EXPLICIT,)),)))
        request = request.replace(b"T01".ljust(16), title.encode().ljust(16)[:16], 1)
        reader, writer = await asyncio.open_connection("127.0.0.1", hub.dicom_port)
        writer.write(request)
        async with asyncio.timeout(20):
            kind, _ = await read_pdu(reader)
        writer.close()
        assert kind in {3, 7}, title
