"""Uploads that break off go on; archives open safely; every object goes the way of every object (W20, W22, W32)."""

import asyncio
import base64
import hashlib
import io
import stat
import zipfile
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from dicom.uploads.lifecycle import UploadState
from server.db.tables.imaging import uploads
from server.tasks import office
from tests.builders.county import P1, County, Person
from tests.builders.dicom_objects import CT, GBK_UNDER_LATIN1, LATIN1_NAME, ct_study, image_part10
from tests.builders.malformed_objects import not_dicom, without_uids

UPLOADS = "/api/v1/uploads"
TUS = {"Tus-Resumable": "1.0.0"}
PIECE = {"Content-Type": "application/offset+octet-stream"}


def metadata(**values: str) -> dict[str, str]:
    pairs = (f"{key} {base64.b64encode(value.encode()).decode()}" for key, value in values.items())
    return {"Upload-Metadata": ",".join(pairs)}


async def begin(who: Person, length: int, **values: str) -> str:
    headers = who.headers | TUS | {"Upload-Length": str(length)} | metadata(**values)
    answer = await who.client.post(UPLOADS, headers=headers)
    assert answer.status == 201, await answer.text()
    return answer.headers["Location"]


async def patch(who: Person, url: str, data: bytes, offset: int, **headers: str) -> Any:
    own = who.headers | TUS | PIECE | {"Upload-Offset": str(offset)} | headers
    return await who.client.patch(url, data=io.BytesIO(data), headers=own)


async def send(who: Person, data: bytes, **values: str) -> tuple[Any, dict[str, Any]]:
    """Upload in one piece; return the last answer and the upload when it is done."""
    url = await begin(who, len(data), **values)
    answer = await patch(who, url, data, 0)
    return answer, await done(who, url)


async def done(who: Person, url: str) -> dict[str, Any]:
    """Return an upload when it is done."""
    async with asyncio.timeout(10):
        while (upload := (await who.get(url))[1])["state"] != "done":
            await asyncio.sleep(0.05)
    return upload


def archive(entries: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as file:
        for name, data in entries.items():
            file.writestr(name, data)
    return out.getvalue()


async def test_an_upload_goes_on_where_it_broke_off_and_is_the_same_object(here: County) -> None:
    lilan = await here.sign_in("lilan")
    data = image_part10(CT)
    url = await begin(lilan, len(data), filename="IM0001.dcm")
    cut = int(len(data) * 0.4)
    answer = await patch(lilan, url, data[:cut], 0)
    assert (answer.status, answer.headers["Upload-Offset"]) == (204, str(cut))
    head = await lilan.client.head(url, headers=lilan.headers | TUS)
    assert (head.headers["Upload-Offset"], head.headers["Upload-Length"]) == (str(cut), str(len(data)))
    assert "Upload-Expires" in head.headers
    assert (await patch(lilan, url, data[cut:], 0)).status == 409
    last = await patch(lilan, url, data[cut:], cut)
    assert (last.status, last.headers["Lutong-Outcome"]) == (204, "stored")
    _, upload = await lilan.get(url)
    (result,) = upload["results"]
    assert (upload["state"], result["outcome"], result["file"]) == ("done", "stored", "IM0001.dcm")
    study = f"/dicom-web/studies/{result['study_uid']}"
    answer = await lilan.client.get(study, headers=lilan.headers)
    assert data in await answer.read()


async def a_part(here: County, data: bytes, received: int) -> tuple[str, Path]:
    """Let 李兰 begin an upload and send some of it; return its address and where its bytes lie."""
    lilan = await here.sign_in("lilan")
    url = await begin(lilan, len(data))
    assert (await patch(lilan, url, data[:received], 0)).status == 204
    return url, here.hub.partials.path(url.rpartition("/")[2])


async def after(here: County, *, days: float) -> Person:
    """Let so many days go by, the worker do what is due, and 李兰 sign in again."""
    here.clock.offset += timedelta(days=days)
    await office.work(here.hub)
    return await here.sign_in("lilan")


async def test_a_week_after_its_last_piece_an_unfinished_upload_is_forgotten_with_its_bytes(here: County) -> None:
    data = image_part10(CT)
    url, file = await a_part(here, data, 1000)
    lilan = await after(here, days=6)
    assert (await patch(lilan, url, data[1000:1500], 1000)).status == 204
    lilan = await after(here, days=6)
    assert (await lilan.client.head(url, headers=lilan.headers | TUS)).headers["Upload-Offset"] == "1500"
    assert file.stat().st_size == 1500, "six days after a piece it is still there"
    lilan = await after(here, days=1.01)
    assert (await lilan.client.head(url, headers=lilan.headers | TUS)).status == 404
    assert not file.exists()
    async with here.hub.unit_of_work(read=True) as uow:
        assert await uow.uploads.unfinished_bytes("lilan") == 0
        assert await uow.ledger.due(here.clock.now() + timedelta(days=30), only=["upload-expiry"]) == []


@pytest.mark.parametrize("ending", ["DELETE", "PATCH"])
async def test_bytes_that_a_killed_process_left_of_an_upload_that_is_over_go_too(here: County, ending: str) -> None:
    data = image_part10(CT)
    url, file = await a_part(here, data, 1000)
    lilan = await here.sign_in("lilan")
    if ending == "DELETE":
        assert (await lilan.client.delete(url, headers=lilan.headers | TUS)).status == 204
    else:
        assert (await patch(lilan, url, data[1000:], 1000)).status == 204
        await done(lilan, url)
    file.write_bytes(data)
    await after(here, days=7.01)
    assert not file.exists()


async def test_a_piece_for_an_upload_whose_bytes_are_gone_is_told_so(here: County) -> None:
    data = image_part10(CT)
    url, file = await a_part(here, data, 1000)
    file.unlink()
    assert (await patch(await here.sign_in("lilan"), url, data[1000:], 1000)).status == 404


async def test_a_line_that_is_cut_in_the_middle_of_a_piece_loses_little(here: County) -> None:
    lilan = await here.sign_in("lilan")
    data = image_part10(CT)
    url = await begin(lilan, len(data))
    server = lilan.client.make_url(url)
    _, writer = await asyncio.open_connection(server.host, server.port)
    headers = lilan.headers | TUS | PIECE | {"Upload-Offset": "0", "Host": "x", "Content-Length": str(len(data))}
    head = f"PATCH {url} HTTP/1.1\r\n" + "".join(f"{k}: {v}\r\n" for k, v in headers.items()) + "\r\n"
    writer.write(head.encode() + data[:1500])
    await writer.drain()
    await asyncio.sleep(0.2)
    writer.close()
    await asyncio.sleep(0.3)
    answer = await lilan.client.head(url, headers=lilan.headers | TUS)
    offset = int(answer.headers["Upload-Offset"])
    assert offset == 1500
    assert (await patch(lilan, url, data[offset:], offset)).headers["Lutong-Outcome"] == "stored"


async def test_a_wrong_checksum_keeps_nothing_of_the_piece(here: County) -> None:
    lilan = await here.sign_in("lilan")
    data = image_part10(CT)
    url = await begin(lilan, len(data))
    wrong = {"Upload-Checksum": f"sha256 {base64.b64encode(hashlib.sha256(b'x').digest()).decode()}"}
    assert (await patch(lilan, url, data[:100], 0, **wrong)).status == 460
    right = {"Upload-Checksum": f"sha256 {base64.b64encode(hashlib.sha256(data[:100]).digest()).decode()}"}
    assert (await patch(lilan, url, data[:100], 0, **right)).headers["Upload-Offset"] == "100"
    assert (await patch(lilan, url, data[:100] + data, 100)).status == 413


async def test_an_archive_is_opened_and_each_file_answered(here: County) -> None:
    lilan = await here.sign_in("lilan")
    entries = {f"STUDY/IM{i}": data for i, data in enumerate(ct_study(slices=3))}
    data = archive(
        entries
        | {"STUDY/README.txt": b"hello", "again": entries["STUDY/IM0"], "broken": without_uids("StudyInstanceUID")}
    )
    answer, upload = await send(lilan, data, filename="study.zip")
    assert (answer.status, answer.headers["Lutong-Outcome"]) == (204, "mixed")
    outcomes = {r["file"]: (r["outcome"], r["code"]) for r in upload["results"]}
    assert outcomes["STUDY/README.txt"] == ("refused", "NOT_DICOM")
    assert outcomes["broken"] == ("set-aside", "DICOM_INVALID")
    assert sorted(o for n, (o, _) in outcomes.items() if n not in {"STUDY/README.txt", "broken"}) == [
        "duplicate", "stored", "stored", "stored"
    ]  # fmt: skip
    assert all(r["zh"] and r["en"] for r in upload["results"])


async def test_names_inside_an_archive_never_become_paths(here: County) -> None:
    lilan = await here.sign_in("lilan")
    link = zipfile.ZipInfo("link")
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as file:
        for name in ("../../evil", "/abs", "a\\..\\b", "x"):
            file.writestr(name, image_part10(CT, study=len(name)))
        file.writestr(link, "/etc/passwd")
    _, upload = await send(lilan, out.getvalue(), filename="../../x.zip")
    outcomes = {r["file"]: r["outcome"] for r in upload["results"]}
    assert outcomes == {"evil": "stored", "abs": "stored", "a/b": "stored", "x": "stored", "link": "refused"}
    names = {p.name for p in here.hub.settings.data_path.rglob("*")}
    assert not names & {"evil", "abs", "b", "link", "x"}


@pytest.mark.parametrize(
    ("make", "code"),
    [
        (lambda: archive({"bomb": bytes(300 << 20)}), "ZIP_BOMB"),
        (lambda: archive({f"{i}": b"" for i in range(20_001)}), "ZIP_TOO_MANY"),
        (lambda: archive({"x": image_part10(CT)})[:-30] + b"PK\x05\x06" + bytes(18), "NOTHING"),
        (lambda: b"PK\x03\x04" + bytes(500), "ZIP_DAMAGED"),
    ],
)
async def test_archives_that_lie_cost_little(here: County, make: Any, code: str) -> None:
    lilan = await here.sign_in("lilan")
    _, upload = await send(lilan, make(), filename="bad.zip")
    assert upload["state"] == "done"
    assert {r["code"] for r in upload["results"]} <= {code}


async def test_what_is_no_object_is_said_at_the_last_piece(here: County) -> None:
    lilan = await here.sign_in("lilan")
    for data, code in ((not_dicom(), "NOT_DICOM"), (without_uids("StudyInstanceUID"), "DICOM_INVALID")):
        answer, upload = await send(lilan, data)
        assert (answer.status, (await answer.json(content_type=None))["code"]) == (422, code)
        assert upload["results"][0]["code"] == code


async def test_another_patients_images_are_taken_and_flagged(here: County) -> None:
    lilan = await here.sign_in("lilan")
    _, patient = await lilan.post("/api/v1/patients", P1)
    _, right = await send(lilan, image_part10(CT, name=GBK_UNDER_LATIN1), patient_id=patient["id"])
    _, wrong = await send(lilan, image_part10(CT, name=LATIN1_NAME, study=2), patient_id=patient["id"])
    assert [u["results"][0]["code"] for u in (right, wrong)] == ["STORED", "NAME_MISMATCH"]


async def test_nobody_uploads_for_a_patient_or_order_she_may_not_know(here: County) -> None:
    lilan, helin = await here.sign_in("lilan"), await here.sign_in("helin")
    _, patient = await lilan.post("/api/v1/patients", P1)
    headers = TUS | {"Upload-Length": "10"}
    for values in ({"patient_id": patient["id"]}, {"order_id": "nothing"}):
        answer = await helin.client.post(UPLOADS, headers=helin.headers | headers | metadata(**values))
        assert answer.status == 404
    url = await begin(lilan, 10)
    assert (await helin.client.head(url, headers=helin.headers | TUS)).status == 404
    assert (await patch(helin, url, b"x", 0)).status == 404


async def test_an_upload_can_be_given_up(here: County) -> None:
    lilan = await here.sign_in("lilan")
    url = await begin(lilan, 10)
    assert (await lilan.client.delete(url, headers=lilan.headers | TUS)).status == 204
    assert (await lilan.client.head(url, headers=lilan.headers | TUS)).status == 404
    assert not list((here.hub.settings.data_path / "uploads").iterdir())


async def test_the_same_key_begins_one_upload(here: County) -> None:
    lilan = await here.sign_in("lilan")
    headers = lilan.headers | TUS | {"Upload-Length": "10", "Idempotency-Key": "one"}
    places = [(await lilan.client.post(UPLOADS, headers=headers)).headers["Location"] for _ in range(2)]
    assert places[0] == places[1]


async def test_options_say_what_is_spoken(here: County) -> None:
    lilan = await here.sign_in("lilan")
    answer = await lilan.client.options(UPLOADS, headers=lilan.headers)
    assert answer.headers["Tus-Extension"] == "creation,expiration,checksum,termination"


async def test_a_killed_process_goes_on_with_a_whole_upload(here: County) -> None:
    lilan = await here.sign_in("lilan")
    data = image_part10(CT)
    url = await begin(lilan, len(data))
    await here.hub.partials.run(here.hub.partials.path(url.rsplit("/", 1)[-1]).write_bytes, data)
    async with here.hub.unit_of_work() as uow:
        row = {"state": UploadState.PROCESSING.value, "received": len(data)}
        await uow.connection.execute(uploads.update().values(**row))
    await here.hub.recover()
    assert (await done(lilan, url))["results"][0]["outcome"] == "stored"
