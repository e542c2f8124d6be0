"""DICOMweb as its reference client speaks it, and the answers that go beyond a client's habit (PS3.18)."""

import asyncio
import io
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import pydicom
import pytest
import requests
import sqlalchemy as sa
from aiohttp import ClientResponse
from dicomweb_client.api import DICOMwebClient
from PIL import Image

from dicom.multipart import boundary_of, last_boundary, media_type, part_head, split
from server.api.dicomweb_objects import DataSets
from server.db.tables.ledger import audit
from tests.builders.county import County, Person
from tests.builders.dicom_objects import (
    CT,
    GBK_UNDER_LATIN1,
    TRANSFER_SYNTAXES,
    ct_study,
    image_dataset,
    image_part10,
    part10,
)
from tests.builders.malformed_objects import not_dicom, without_uids

T = TypeVar("T")
MULTIPART = 'multipart/related; type="application/dicom"; boundary=b'


def uids(data: bytes) -> tuple[str, str, str]:
    """Return Study, Series and SOP Instance UID."""
    ds = pydicom.dcmread(io.BytesIO(data), stop_before_pixels=True)
    return str(ds.StudyInstanceUID), str(ds.SeriesInstanceUID), str(ds.SOPInstanceUID)


def body(*parts: bytes) -> bytes:
    heads = [part_head("b", {"Content-Type": "application/dicom"}, first=i == 0) for i in range(len(parts))]
    return b"".join(h + p for h, p in zip(heads, parts, strict=True)) + last_boundary("b")


async def stow(who: Person, *parts: bytes, path: str = "/dicom-web/studies", **headers: str) -> ClientResponse:
    own = {"Content-Type": MULTIPART, "Accept": "application/dicom+json"} | who.headers | headers
    return await who.client.post(path, data=io.BytesIO(body(*parts)), headers=own)


async def get(who: Person, path: str, accept: str = "*/*", **query: str) -> ClientResponse:
    return await who.client.get(path, params=query, headers=who.headers | {"Accept": accept})


def instance_path(data: bytes) -> str:
    study, series, instance = uids(data)
    return f"/dicom-web/studies/{study}/series/{series}/instances/{instance}"


async def with_client(who: Person, use: Callable[[DICOMwebClient], T]) -> T:
    """Let the reference client, which blocks, talk to the server from a thread."""
    session = requests.Session()
    session.headers.update(who.headers)
    client = DICOMwebClient(str(who.client.make_url("/dicom-web")), session=session)
    return await asyncio.to_thread(use, client)


async def test_the_reference_client_stores_finds_and_retrieves_a_study(here: County) -> None:
    lilan = await here.sign_in("lilan")
    objects = ct_study(slices=3)
    study, series, instance = uids(objects[1])

    def walk(client: DICOMwebClient) -> dict[str, Any]:
        answer = client.store_instances([pydicom.dcmread(io.BytesIO(o)) for o in objects])
        return {
            "stored": len(answer.ReferencedSOPSequence),
            "studies": client.search_for_studies(search_filters={"StudyInstanceUID": study}),
            "series": client.search_for_series(study),
            "instances": client.search_for_instances(study, series, fields=["InstanceNumber"]),
            "metadata": client.retrieve_series_metadata(study, series),
            "objects": client.retrieve_series(study, series),
            "one": client.retrieve_instance(study, series, instance),
            "frames": client.retrieve_instance_frames(study, series, instance, [1]),
            "rendered": client.retrieve_instance_rendered(study, series, instance, media_types=("image/png",)),
        }

    seen = await with_client(lilan, walk)
    assert seen["stored"] == len(seen["instances"]) == len(seen["metadata"]) == len(seen["objects"]) == 3
    assert [s["0020000D"]["Value"] for s in seen["studies"]] == [[study]]
    assert seen["series"][0]["00080060"]["Value"] == ["CT"]
    original = pydicom.dcmread(io.BytesIO(objects[1]))
    assert seen["one"].PixelData == original.PixelData
    assert seen["frames"][0] == original.PixelData
    assert Image.open(io.BytesIO(seen["rendered"])).size == (original.Columns, original.Rows)


@pytest.mark.parametrize("syntax", TRANSFER_SYNTAXES)
async def test_bytes_out_are_bytes_in_whatever_the_transfer_syntax(here: County, syntax: str) -> None:
    lilan = await here.sign_in("lilan")
    data = image_part10(CT, transfer_syntax=syntax)
    assert (await stow(lilan, data)).status == 200
    single = await get(lilan, instance_path(data), "application/dicom")
    assert await single.read() == data
    multi = await get(lilan, instance_path(data))
    media = media_type(multi.headers["Content-Type"])
    ((headers, part),) = split(await multi.read(), boundary_of(media))
    assert part == data
    assert headers["content-type"] == f"application/dicom; transfer-syntax={syntax}"
    plain = await get(
        lilan, instance_path(data), 'multipart/related; type="application/dicom"; transfer-syntax=1.2.840.10008.1.2.1'
    )
    ((_, part),) = split(await plain.read(), boundary_of(media_type(plain.headers["Content-Type"])))
    again = pydicom.dcmread(io.BytesIO(part))
    assert again.PixelData == pydicom.dcmread(io.BytesIO(image_part10(CT))).PixelData


async def test_frames_come_as_stored_or_plain_as_asked(here: County) -> None:
    lilan = await here.sign_in("lilan")
    data = image_part10(CT, transfer_syntax="1.2.840.10008.1.2.4.80")
    await stow(lilan, data)
    path = f"{instance_path(data)}/frames/1"
    stored = await get(lilan, path, 'multipart/related; type="image/jls"; transfer-syntax=*')
    ((headers, part),) = split(await stored.read(), boundary_of(media_type(stored.headers["Content-Type"])))
    assert headers["content-type"] == "image/jls; transfer-syntax=1.2.840.10008.1.2.4.80"
    assert part.startswith(b"\xff\xd8\xff")
    octets = await get(lilan, path, "application/octet-stream; transfer-syntax=1.2.840.10008.1.2.1")
    assert await octets.read() == pydicom.dcmread(io.BytesIO(image_part10(CT))).PixelData
    assert (await get(lilan, path, "image/gif")).status == 406
    assert (await get(lilan, f"{instance_path(data)}/frames/2")).status == 404
    assert (await get(lilan, f"{instance_path(data)}/frames/0")).status == 400


async def test_a_foreign_study_in_the_address_is_refused_with_0110(here: County) -> None:
    lilan = await here.sign_in("lilan")
    data = image_part10(CT)
    answer = await stow(lilan, data, path="/dicom-web/studies/1.2.3.4")
    document = await answer.json(content_type=None)
    assert answer.status == 409
    (failed,) = document["00081198"]["Value"]
    assert failed["00081197"]["Value"] == [0x0110]
    assert document["00081199"] == {"vr": "SQ", "Value": []}
    assert (await get(lilan, instance_path(data))).status == 404


@pytest.mark.parametrize("make", [not_dicom, lambda: without_uids("StudyInstanceUID")])
async def test_what_is_no_object_is_answered_400(here: County, make: Callable[[], bytes]) -> None:
    assert (await stow(await here.sign_in("lilan"), make())).status == 400


async def test_good_parts_are_kept_when_others_fail(here: County) -> None:
    lilan = await here.sign_in("lilan")
    good = image_part10(CT)
    answer = await stow(lilan, good, not_dicom())
    assert answer.status == 202
    assert (await get(lilan, instance_path(good), "application/dicom")).status == 200


async def test_the_same_again_is_200_and_other_bytes_are_202_with_a_warning(here: County) -> None:
    lilan = await here.sign_in("lilan")
    data = image_part10(CT)
    assert [(await stow(lilan, data)).status for _ in range(2)] == [200, 200]
    answer = await stow(lilan, data[:-2] + b"zz")
    (reference,) = (await answer.json(content_type=None))["00081199"]["Value"]
    assert (answer.status, reference["00081196"]["Value"]) == (202, [0xB000])
    assert await (await get(lilan, instance_path(data), "application/dicom")).read() == data


@pytest.mark.parametrize(
    ("content_type", "status"),
    [
        ("application/json", 415),
        ('multipart/related; type="application/dicom+json"; boundary=b', 415),
        ('multipart/related; type="application/dicom"', 400),
        ("multipart/form-data; boundary=b", 415),
    ],
)
async def test_bodies_of_other_kinds_are_refused(here: County, content_type: str, status: int) -> None:
    lilan = await here.sign_in("lilan")
    assert (await stow(lilan, image_part10(CT), **{"Content-Type": content_type})).status == status


async def test_a_compressed_body_is_refused(here: County) -> None:
    lilan = await here.sign_in("lilan")
    packed = {"Content-Encoding": "gzip"}
    assert (await stow(lilan, image_part10(CT), **packed)).status in {400, 415}


async def test_a_line_cut_in_the_middle_keeps_whole_parts_and_nothing_half(here: County) -> None:
    lilan = await here.sign_in("lilan")
    first, second = ct_study(slices=2)
    whole = body(first, second)
    server = lilan.client.make_url("/")
    _, writer = await asyncio.open_connection(server.host, server.port)
    headers = lilan.headers | {"Content-Type": MULTIPART, "Host": "x", "Content-Length": str(len(whole))}
    head = "POST /dicom-web/studies HTTP/1.1\r\n" + "".join(f"{k}: {v}\r\n" for k, v in headers.items()) + "\r\n"
    writer.write(head.encode() + whole[: len(whole) - 500])
    await writer.drain()
    await asyncio.sleep(0.3)
    writer.close()
    await asyncio.sleep(0.5)
    assert (await get(lilan, instance_path(first))).status == 200
    assert (await get(lilan, instance_path(second))).status == 404
    stored = [p for p in here.hub.settings.objects_path.rglob("*") if p.is_file() and not p.name.endswith(".facts")]
    assert len(stored) == 1


async def test_a_single_object_is_taken_as_it_is(here: County) -> None:
    lilan = await here.sign_in("lilan")
    data = image_part10(CT)
    headers = lilan.headers | {"Content-Type": "application/dicom"}
    assert (await lilan.client.post("/dicom-web/studies", data=data, headers=headers)).status == 200


async def test_names_are_found_in_chinese_in_pinyin_and_by_initials(here: County) -> None:
    lilan = await here.sign_in("lilan")
    await stow(lilan, image_part10(CT, name=GBK_UNDER_LATIN1))
    for pattern in ("马建国", "马*", "ma jianguo", "MAJIANGUO", "ma*", "mjg", "*建国"):
        found = await (await get(lilan, "/dicom-web/studies", PatientName=pattern)).json(content_type=None)
        assert [s["00100010"]["Value"] for s in found] == [[{"Alphabetic": "马建国"}]], pattern
    for pattern in ("张*", "jianguo", "ma"):
        assert await (await get(lilan, "/dicom-web/studies", PatientName=pattern)).json(content_type=None) == []
    fuzzy = await get(lilan, "/dicom-web/studies", PatientName="jianguo", fuzzymatching="true")
    assert len(await fuzzy.json(content_type=None)) == 1


@pytest.mark.parametrize(
    ("keys", "count"),
    [
        ({"PatientID": "T01-0001"}, 2),
        ({"00100020": "T01-*"}, 2),
        ({"PatientID": "x"}, 0),
        ({"StudyDate": "19000101-21000101"}, 2),
        ({"StudyDate": "-19000101"}, 0),
        ({"ModalitiesInStudy": "CT"}, 2),
        ({"ModalitiesInStudy": "MR"}, 0),
        ({"limit": "1"}, 1),
        ({"offset": "2"}, 0),
        ({"PatientName": "%"}, 0),
    ],
)
async def test_keys_narrow_the_search(here: County, keys: dict[str, str], count: int) -> None:
    lilan = await here.sign_in("lilan")
    await stow(lilan, image_part10(CT, study=1), image_part10(CT, study=2))
    answer = await get(lilan, "/dicom-web/studies", **keys)
    assert answer.status == 200
    assert len(await answer.json(content_type=None)) == count


@pytest.mark.parametrize(
    "keys",
    [
        {"StudyDate": "yesterday"},
        {"PatientName": "*a" * 40},
        {"limit": "-1"},
        {"limit": "x"},
        {"offset": "1000000000"},
        {"StudyInstanceUID": "1.2;drop"},
        {"fuzzymatching": "maybe"},
        {"includefield": ",".join("x" * 500)},
        {"<script>": "1"},
    ],
)
async def test_searches_that_make_no_sense_are_refused(here: County, keys: dict[str, str]) -> None:
    assert (await get(await here.sign_in("lilan"), "/dicom-web/studies", **keys)).status == 400


async def test_other_sites_see_nothing(here: County) -> None:
    data = image_part10(CT)
    await stow(await here.sign_in("lilan"), data)
    helin = await here.sign_in("helin")
    assert await (await get(helin, "/dicom-web/studies")).json(content_type=None) == []
    path = instance_path(data)
    for place in (path, f"{path}/metadata", f"{path}/rendered", f"{path}/frames/1", f"{path}/thumbnail", path[:60]):
        assert (await get(helin, place)).status == 404


async def test_looking_leaves_an_audit_record_for_each_request(here: County) -> None:
    lilan = await here.sign_in("lilan")
    data = image_part10(CT)
    await stow(lilan, data)
    for path in (instance_path(data), f"{instance_path(data)}/rendered", "/dicom-web/studies"):
        await get(lilan, path)
    async with here.hub.unit_of_work(read=True) as uow:
        rows = (await uow.connection.execute(sa.select(audit).where(audit.c.object_kind == "studies"))).all()
    assert [r.action for r in rows] == ["received", "read", "view", "search"]
    assert {r.actor_id for r in rows} == {lilan.session["user"]["id"]}


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ({"viewport": "16,16"}, 200),
        ({"window": "40,400", "quality": "50"}, 200),
        ({"window": "40,400,sigmoid"}, 200),
        ({"viewport": "16,16,0,0,8,8"}, 200),
        ({"viewport": "99999,99999"}, 400),
        ({"window": "40"}, 400),
        ({"window": "40,-1"}, 400),
        ({"quality": "0"}, 400),
        ({"viewport": "nan,1"}, 400),
    ],
)
async def test_pictures_follow_their_parameters_within_limits(here: County, query: dict[str, str], status: int) -> None:
    lilan = await here.sign_in("lilan")
    data = image_part10(CT)
    await stow(lilan, data)
    answer = await get(lilan, f"{instance_path(data)}/rendered", "image/jpeg", **query)
    assert answer.status == status
    if status == 200:
        assert Image.open(io.BytesIO(await answer.read())).format == "JPEG"


async def test_bulk_data_are_where_the_metadata_says(here: County) -> None:
    lilan = await here.sign_in("lilan")
    data = part10(image_dataset(CT, size=64))
    await stow(lilan, data)
    sent = await (await get(lilan, f"{instance_path(data)}/metadata")).json(content_type=None)
    assert DataSets.model_validate(sent).model_dump(by_alias=True, exclude_unset=True) == sent
    (metadata,) = sent
    uri = metadata["7FE00010"]["BulkDataURI"]
    assert uri.startswith(str(lilan.client.make_url("/dicom-web/studies/")))
    answer = await get(lilan, uri[uri.index("/dicom-web") :], "application/octet-stream")
    assert await answer.read() == pydicom.dcmread(io.BytesIO(data)).PixelData


async def test_a_preamble_that_runs_leaves_as_zeros(here: County) -> None:
    lilan = await here.sign_in("lilan")
    data = b"MZ" + image_part10(CT)[2:]
    await stow(lilan, data)
    answer = await get(lilan, instance_path(data), "application/dicom")
    assert await answer.read() == bytes(128) + data[128:]
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Content-Disposition"].startswith("attachment")


async def test_every_real_file_goes_in_and_comes_out_bit_for_bit(here: County, shared_data: Path) -> None:
    lilan = await here.sign_in("lilan")
    came: dict[str, bytes] = {}
    for path in sorted((shared_data / "dicom").rglob("*")):
        data = path.read_bytes() if path.is_file() else b""
        if not data:
            continue
        answer = await stow(lilan, data)
        assert answer.status in {200, 202, 400}, path
        for reference in (await answer.json(content_type=None))["00081199"]["Value"]:
            came.setdefault(reference["00081190"]["Value"][0], data)
    assert len(came) > 150
    for url, data in came.items():
        answer = await get(lilan, url[url.index("/dicom-web") :], "application/dicom")
        assert await answer.read() == data
