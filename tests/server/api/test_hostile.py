"""Hostile HTTP on a running hub (W20-W28, S10, S12): the right refusal, no fault, the same processes, little memory."""

import asyncio
import io
import secrets
import stat
import struct
import time
import zipfile
import zlib
from collections import Counter
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pydicom
import pytest
from pydicom.uid import generate_uid

from dicom.multipart import last_boundary, part_head
from tests.builders.dicom_objects import image_part10
from tests.fault.machinery import FULL, process_ids, resident_bytes
from tests.flows.county import Answer, Json, Person
from tests.flows.sending import begins, goes_on, stows
from tests.servers.hub import RunningHub

pytestmark = pytest.mark.flow
GROWTH = 256 << 20  # bytes that the web process may grow by
MULTIPART = "multipart/related; type=application/dicom; boundary=b"
XSS = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "javascript:alert(1)",
    "{{7*7}}${7*7}",
    "</title><svg/onload=alert(1)>",
)
SQL = (
    "' OR '1'='1",
    "'; DROP TABLE studies; --",
    '" OR ""="',
    "1) UNION SELECT * FROM users --",
    "\\'; SELECT pg_sleep(9); --",
    "%' OR 1=1 --",
    "x' || (SELECT password_hash FROM users LIMIT 1) || '",
    "马' OR 1=1",
)


@pytest.fixture
async def lilan(hub: RunningHub) -> AsyncIterator[Person]:
    """Give a township doctor, and look afterwards whether the hub is what it was."""
    ids, before = process_ids(hub), resident_bytes(hub, "web")
    around = {path for path in hub.data_dir.parent.rglob("*") if hub.data_dir not in path.parents}
    async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=90)) as http:
        yield await Person("lilan", http, hub.url).sign_in()
    assert process_ids(hub) == ids
    assert resident_bytes(hub, "web") - before < GROWTH
    assert {path for path in hub.data_dir.parent.rglob("*") if hub.data_dir not in path.parents} == around


def a_ct(**attributes: str) -> bytes:
    """Return a CT with fresh UIDs and these attributes, in UTF-8."""
    ds = pydicom.dcmread(io.BytesIO(image_part10()))
    ds.StudyInstanceUID, ds.SeriesInstanceUID = generate_uid(), generate_uid()
    ds.SOPInstanceUID = ds.file_meta.MediaStorageSOPInstanceUID = generate_uid()
    ds.SpecificCharacterSet = "ISO_IR 192"
    for keyword, value in attributes.items():
        setattr(ds, keyword, value)
    buffer = io.BytesIO()
    ds.save_as(buffer, enforce_file_format=True)
    return buffer.getvalue()


def study_of(part10: bytes) -> str:
    return str(pydicom.dcmread(io.BytesIO(part10), stop_before_pixels=True).StudyInstanceUID)


def archive(*entries: tuple[str | zipfile.ZipInfo, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as file:
        for name, data in entries:
            file.writestr(name, data)
    return out.getvalue()


async def uploaded(who: Person, content: bytes) -> Json:
    """Upload an archive in one piece; return the upload when it is done."""
    place = await begins(who, content)
    await goes_on(who, place, content)
    end = time.monotonic() + 60
    while (upload := await who.sees(place))["state"] not in {"done", "failed"}:
        assert time.monotonic() < end, upload
        await asyncio.sleep(0.1)
    return upload


async def posts(who: Person, path: str, data: Any, **headers: str) -> Answer:
    sent = {"Authorization": f"Bearer {who.token}", "Accept": "application/dicom+json"}
    sent |= {name.replace("_", "-"): value for name, value in headers.items()}
    async with who.http.post(who.url + path, data=data, headers=sent) as response:
        return Answer(response.status, None, response.headers, await response.read())


def raw_request(who: Person, *lines: str) -> bytes:
    head = ("POST /dicom-web/studies HTTP/1.1", "Host: hub", f"Authorization: Bearer {who.token}", *lines)
    return "\r\n".join((*head, "", "")).encode()


async def raw(hub: RunningHub, request: bytes, *, more: bytes = b"") -> list[int]:
    """Send bytes as they are; return the statuses of every answer that comes within a few seconds."""
    reader, writer = await asyncio.open_connection("127.0.0.1", hub.http_port)
    try:
        writer.write(request + more)
        received = b""
        try:
            async with asyncio.timeout(4):
                while data := await reader.read(65536):
                    received += data
        except (TimeoutError, ConnectionError):
            pass
        return [int(line.split()[1]) for line in received.split(b"\r\n") if line.startswith(b"HTTP/1.")]
    finally:
        writer.close()


# -- archives ----------------------------------------------------------------------------------------------


async def test_names_in_an_archive_lead_nowhere(lilan: Person) -> None:
    link = zipfile.ZipInfo("link.dcm")
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    names = ("../../../evil.dcm", "/etc/evil.dcm", "..\\..\\evil.dcm", "C:\\evil.dcm", "a/../../evil.dcm", "evil.dcm")
    upload = await uploaded(lilan, archive(*((name, a_ct()) for name in names), (link, b"/etc/passwd")))
    outcomes = Counter((result["outcome"], result["code"]) for result in upload["results"])
    assert outcomes == {("stored", "STORED"): len(names), ("refused", "ZIP_LINK"): 1}
    assert not any(".." in result["file"] for result in upload["results"])


def bomb() -> bytes:
    return archive(("zeros.dcm", bytes(512 << 20)))


def lying_sizes() -> bytes:
    """Return an archive whose entry says that it stays small."""
    data = bytearray(archive(("zeros.dcm", bytes(64 << 20))))
    directory = data.rindex(b"PK\1\2")
    struct.pack_into("<I", data, directory + 24, 100_000)
    return bytes(data)


def crowd() -> bytes:
    with zipfile.ZipFile(out := io.BytesIO(), "w") as file:
        for number in range(25_000):
            file.writestr(str(number), b"")
    return out.getvalue()


def overlapping() -> bytes:
    """Return an archive whose 5,000 entries are all the same two megabytes."""
    whole = archive(("a.dcm", zlib.compress(secrets.token_bytes(1000)) + bytes(2 << 20)))
    start = whole.rindex(b"PK\1\2")
    entry, end = whole[start : whole.rindex(b"PK\5\6")], whole[whole.rindex(b"PK\5\6") :]
    directory = entry * 5000
    tail = end[:8] + struct.pack("<HHII", 5000, 5000, len(directory), start) + end[20:]
    return whole[:start] + directory + tail


@pytest.mark.parametrize("make", [bomb, lying_sizes, crowd, overlapping])
async def test_an_archive_that_explodes_is_stopped_at_its_limit(hub: RunningHub, lilan: Person, make: Any) -> None:
    content = await asyncio.to_thread(make)
    began = time.monotonic()
    upload = await uploaded(lilan, content)
    assert time.monotonic() - began < 45
    assert {result["outcome"] for result in upload["results"]} == {"refused"}, upload["results"][:3]
    assert not any((hub.data_dir / "uploads").iterdir()), "the upload's bytes are still there"


async def test_a_compressed_body_is_refused_before_it_is_opened(lilan: Person) -> None:
    content = zlib.compress(bytes(64 << 20), 9, wbits=31)
    for path, kind in (("/dicom-web/studies", "application/dicom"), ("/api/v1/patients", "application/json")):
        answer = await posts(lilan, path, content, Content_Type=kind, Content_Encoding="gzip", Idempotency_Key="z")
        assert answer.status in {400, 413, 415}, (path, answer.content)


# -- bodies ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "lines",
    [
        ("Content-Length: 107374182400", "Content-Type: application/dicom"),
        ("Content-Length: -1",),
        ("Content-Length: 12x",),
        ("Content-Length: 5", "Content-Length: 6"),
        ("Content-Length: 4", "Transfer-Encoding: chunked"),
        ("Transfer-Encoding: chunked, identity",),
        (f"X-Long: {'a' * (1 << 20)}",),
        ("Content-Length: 0", "Content-Type: application/dicom"),
    ],
)
async def test_lengths_that_lie_are_refused_at_once(hub: RunningHub, lilan: Person, lines: tuple[str, ...]) -> None:
    told = await raw(
        hub, raw_request(lilan, "Accept: application/dicom+json", *lines), more=b"0\r\n\r\nGET / HTTP/1.1\r\n"
    )
    assert len(told) == 1, told
    assert 400 <= told[0] < 500, told


def many_parts(count: int) -> bytes:
    head = part_head("b", {"Content-Type": "application/dicom"}, first=False)
    return (head + b"x") * count + last_boundary("b")


@pytest.mark.parametrize(
    ("body", "statuses"),
    [
        (lambda: many_parts(25_000), {400}),
        (lambda: part_head("b", {"Content-Type": "application/dicom"}, first=True) + bytes(1000), {400}),
        (lambda: b"--b\r\nX: " + b"a" * (1 << 20) + b"\r\n\r\n", {400}),
        (lambda: b"--b" + b" " * (1 << 20), {400}),
        (lambda: b"no boundary anywhere " * 100_000, {400}),
        (lambda: last_boundary("b"), {400}),
        (lambda: b"", {400}),
    ],
    ids=["a crowd of parts", "no end", "long headers", "a line without end", "no boundary", "no part", "nothing"],
)
async def test_multipart_bodies_that_are_none_are_refused(lilan: Person, body: Any, statuses: set[int]) -> None:
    began = time.monotonic()
    answer = await posts(lilan, "/dicom-web/studies", io.BytesIO(body()), Content_Type=MULTIPART)
    assert answer.status in statuses, answer.content[:300]
    assert time.monotonic() - began < 30


async def test_a_body_byte_by_byte_holds_nobody_up(lilan: Person) -> None:
    async def drips() -> AsyncIterator[bytes]:
        for byte in many_parts(40):
            yield bytes([byte])

    async with aiohttp.ClientSession() as other:
        body = asyncio.create_task(posts(lilan, "/dicom-web/studies", drips(), Content_Type=MULTIPART))
        waits = []
        while not body.done():
            began = time.monotonic()
            async with other.get(f"{lilan.url}/healthz") as answer:
                assert answer.status == 200
            waits.append(time.monotonic() - began)
            await asyncio.sleep(0.01)
    assert (await body).status == 400
    assert sorted(waits)[len(waits) * 99 // 100] < (0.2 if FULL else 2.0)


# -- pictures and searches ---------------------------------------------------------------------------------


async def test_pictures_beyond_reason_are_refused_and_cost_little(lilan: Person) -> None:
    content = a_ct()
    assert (await stows(lilan, content)).status == 200
    path = f"/dicom-web/studies/{study_of(content)}/rendered"
    for query in (
        "viewport=99999,99999",
        "viewport=0,0",
        "viewport=1e9,1",
        "viewport=64,64,0,0,100000000,100000000",
        "viewport=64,64,-1000000000,-1000000000,2000000000,2000000000",
        "viewport=nan,inf",
        "window=1,0",
        "window=1e400,1",
        "quality=100000",
        "annotation=" + "a" * 5000,
    ):
        answer = await lilan.asks("GET", f"{path}?{query}", Accept="image/jpeg")
        assert answer.status in {200, 400, 404, 413, 422}, (query, answer.status, answer.content[:200])
        assert len(answer.content) < 1 << 20
    for frames in ("0", "99999", ",".join(["1"] * 5000), "-1", "1;2"):
        answer = await lilan.asks("GET", f"{path.removesuffix('/rendered')}/series/1/instances/1/frames/{frames}")
        assert answer.status in {400, 404}, (frames, answer.status)


async def test_a_preamble_that_runs_elsewhere_leaves_as_zeros_or_not_at_all(lilan: Person) -> None:
    for magic in (b"MZ\x90\0", b"\x7fELF\2\1", b"<html><script>alert(1)</script>", b"PK\3\4", b"#!/bin/sh\n"):
        content = magic.ljust(128, b"\0") + a_ct()[128:]
        answer = await stows(lilan, content)
        if answer.status == 400:
            continue
        path = f"/dicom-web/studies/{study_of(content)}"
        (found,) = await lilan.finds(f"{path}/instances")
        place = f"{path}/series/{found['0020000E']['Value'][0]}/instances/{found['00080018']['Value'][0]}"
        got = await lilan.asks("GET", place, Accept="application/dicom; transfer-syntax=*")
        assert got.content[:128] == bytes(128)
        assert got.content[128:] == content[128:]
        assert got.headers["X-Content-Type-Options"] == "nosniff"


async def test_searches_without_bounds_are_bounded_or_refused(lilan: Person) -> None:
    storm = ["PatientName=*?*?*?*?*?*?*", "PatientName=*%3F*a*%3F*b*c*d*e*f", "limit=1000000000", "offset=1000000000"]
    storm += ["limit=-1", "offset=x", "includefield=" + ",".join(["00100010"] * 500), "PatientName=" + "*" * 5000]
    storm += ["fuzzymatching=true&PatientName=*a*", "&".join(f"0010{n:04x}=1" for n in range(300)), "StudyDate=-"]
    storm += ["StudyInstanceUID=" + ",".join(["1.2.3"] * 3000), "PatientName=%00%ff%fe", "[]=1", "a" * 3000 + "=1"]

    async def ask(query: str) -> tuple[str, int, float]:
        began = time.monotonic()
        answer = await lilan.asks("GET", f"/dicom-web/studies?{query}", Accept="application/dicom+json")
        return query[:60], answer.status, time.monotonic() - began

    answers = await asyncio.gather(*(ask(query) for query in (storm * 4)[:50]))
    assert {status for _, status, _ in answers} <= {200, 204, 400, 414}, answers
    refused = {query for query, status, _ in answers if status >= 400}
    assert {"limit=-1", "offset=x", "offset=1000000000"} <= refused
    assert max(took for *_, took in answers) < (2.0 if FULL else 10.0)


# -- texts -------------------------------------------------------------------------------------------------


async def test_texts_that_would_run_are_stored_and_given_back_as_data_only(lilan: Person) -> None:
    for text in XSS:
        content = a_ct(PatientName=text.replace("^", ""), StudyDescription=text, SeriesDescription=text, PatientID=text)
        assert (await stows(lilan, content)).status == 200
        study = study_of(content)
        for path in (f"/dicom-web/studies?StudyInstanceUID={study}", f"/api/v1/studies/{study}", "/api/v1/studies"):
            answer = await lilan.asks("GET", path)
            assert answer.status == 200, (path, answer.body)
            kind = answer.headers["Content-Type"].split(";")[0]
            assert kind in {"application/json", "application/dicom+json"}
            assert answer.headers["X-Content-Type-Options"] == "nosniff"
        (found,) = await lilan.finds(f"/dicom-web/studies?StudyInstanceUID={study}")
        assert found["00081030"]["Value"] == [text]
        for path in (f"/api/v1/studies/{text}", f"/studies/{text}", f"/api/v1/none?x={text}"):
            answer = await lilan.asks("GET", path)
            assert text.encode() not in answer.content or "json" in answer.headers["Content-Type"], path


async def test_texts_that_are_sql_find_nothing_and_break_nothing(lilan: Person) -> None:
    kept = a_ct()
    assert (await stows(lilan, kept)).status == 200
    keys = (
        "PatientName",
        "PatientID",
        "StudyDescription",
        "AccessionNumber",
        "StudyInstanceUID",
        "StudyDate",
        "00080061",
    )
    for text in SQL:
        for key in keys:
            async with lilan.http.get(
                f"{lilan.url}/dicom-web/studies",
                params={key: text},
                headers={"Authorization": f"Bearer {lilan.token}"},
            ) as answer:
                assert answer.status in {200, 204, 400}, (key, text, answer.status)
                found = await answer.json(content_type=None) if answer.status == 200 else []
                assert found == [], (key, text)
        for path in (
            "patients?q=",
            "studies?state=",
            "reading-orders?centre=",
            "reading-orders?q=",
            "studies?patient=",
        ):
            listed = await lilan.asks("GET", f"/api/v1/{path}{text}")
            assert listed.status < 500, (path, text)
    assert len(await lilan.finds(f"/dicom-web/studies?StudyInstanceUID={study_of(kept)}")) == 1
