"""WADO-RS (PS3.18 §10.4): instances as they were stored, their metadata and bulk data."""

from collections.abc import Mapping, Sequence
from typing import Any

from aiohttp import web
from pydantic import BaseModel, Field, RootModel

from dicom.errors import NotAcceptable, UnknownSubject
from dicom.multipart import MediaType
from dicom.ports import InstanceRecord
from dicom.scan import EXPLICIT_LITTLE
from server.api.dicomweb_media import (
    Part,
    Span,
    accepted,
    base_url,
    holding,
    read_span,
    require_json,
    send_multipart,
    send_single,
)
from server.api.endpoint import Call, Routes

routes = Routes("dicomweb")
STUDY = "/dicom-web/studies/{study}"
SERIES = f"{STUDY}/series/{{series}}"
INSTANCE = f"{SERIES}/instances/{{instance}}"
DICOM, BYTES = "application/dicom", "application/octet-stream"
DICOM_JSON = "application/dicom+json"
PREAMBLE = 128
EXECUTABLE = (b"MZ", b"\x7fELF", b"PK", b"#!", b"<", b"%PDF", b"\xca\xfe\xba\xbe", b"\xcf\xfa\xed\xfe")


class DicomElement(BaseModel):
    """One attribute of the DICOM JSON Model (PS3.18 §F.2.2): at most one of the three holds its value."""

    vr: str
    value: Sequence[Any] = Field((), alias="Value")
    bulk: str = Field("", alias="BulkDataURI")
    inline: str = Field("", alias="InlineBinary")


class DataSets(RootModel[Sequence[Mapping[str, DicomElement]]]):
    """Data sets without their pictures, one an instance, by eight-digit tags (PS3.18 §F.2)."""


@routes.get(STUDY, transaction="none")
async def study(call: Call) -> web.StreamResponse:
    """Retrieve the instances of a study (WADO-RS)."""
    return await _objects(call)


@routes.get(SERIES, transaction="none")
async def series(call: Call) -> web.StreamResponse:
    """Retrieve the instances of a series (WADO-RS)."""
    return await _objects(call)


@routes.get(INSTANCE, transaction="none")
async def instance(call: Call) -> web.StreamResponse:
    """Retrieve an instance (WADO-RS)."""
    return await _objects(call)


@routes.get(f"{STUDY}/metadata", answer=DataSets, media=DICOM_JSON, transaction="none")
async def study_metadata(call: Call) -> web.StreamResponse:
    """Retrieve the metadata of a study (WADO-RS)."""
    return await _metadata(call)


@routes.get(f"{SERIES}/metadata", answer=DataSets, media=DICOM_JSON, transaction="none")
async def series_metadata(call: Call) -> web.StreamResponse:
    """Retrieve the metadata of a series (WADO-RS)."""
    return await _metadata(call)


@routes.get(f"{INSTANCE}/metadata", answer=DataSets, media=DICOM_JSON, transaction="none")
async def instance_metadata(call: Call) -> web.StreamResponse:
    """Retrieve the metadata of an instance (WADO-RS)."""
    return await _metadata(call)


@routes.get(f"{INSTANCE}/bulkdata/{{path}}", transaction="none")
async def bulkdata(call: Call) -> web.StreamResponse:
    """Retrieve one bulk value of an instance (WADO-RS)."""
    single = _wants_single(call)
    (record,) = (await holding(call, "read")).instances
    at = call.path("path").split("-")
    if len(at) % 2 == 0 or len(at) > 65 or not all(p.isalnum() and len(p) <= 8 for p in at):
        raise UnknownSubject("bulkdata", call.path("path")[:64])
    data = await _bulk_value(call, record, at)
    part = Part(BYTES, [Span(data=data)])
    return await (send_single(call, part) if single else send_multipart(call, BYTES, [part]))


async def _bulk_value(call: Call, record: InstanceRecord, at: list[str]) -> bytes:
    if at == ["7FE00010"]:
        (walked,) = await call.hub.viewing.walked([record])
        if (frames := walked.frames) and record.transfer_syntax_uid in {EXPLICIT_LITTLE, "1.2.840.10008.1.2"}:
            return await read_span(call, record.store_key, [span for frame in frames for span in frame])
    answer = await call.hub.decoder.run("bulk", call.hub.store.path(record.store_key), at=at)
    return bytes(answer.body)


def _wants_single(call: Call) -> bool:
    """Tell whether octets are wanted as they are; multipart else."""
    for media in accepted(call.request):
        if media.name in {BYTES, "*/*", "application/*"}:
            return True
        if media.name == "multipart/related" and media.parameter("type") in {"", BYTES, "*/*"}:
            return False
    raise NotAcceptable("bulk data are answered as application/octet-stream, alone or in multipart/related")


async def _objects(call: Call) -> web.StreamResponse:
    ranges = accepted(call.request)
    if not any(_fits(media) for media in ranges):
        raise NotAcceptable("instances are answered as application/dicom, alone or in multipart/related")
    records = (await holding(call, "read")).instances
    for media in filter(_fits, ranges):
        single = media.name == DICOM
        if single and len(records) > 1:
            continue
        parts = await _parts(call, records, media.parameter("transfer-syntax"))
        if parts is None:
            continue
        if single:
            name = f'attachment; filename="{records[0].sop_instance_uid}.dcm"'
            return await send_single(call, parts[0], **{"Content-Disposition": name})
        return await send_multipart(call, DICOM, parts)
    raise NotAcceptable("no such transfer syntax can be made of these instances")


def _fits(media: MediaType) -> bool:
    if media.name == "multipart/related":
        return media.parameter("type").lower() in {"", DICOM, "*/*"}
    return media.name in {DICOM, "*/*", "application/*", "multipart/*"}


async def _parts(call: Call, records: Sequence[InstanceRecord], syntax: str) -> list[Part] | None:
    """Return the instances in a transfer syntax: as stored, or uncompressed; None where that cannot be."""
    parts: list[Part] = []
    for record in records:
        content_type = f"{DICOM}; transfer-syntax={record.transfer_syntax_uid}"
        if syntax in {"", "*", record.transfer_syntax_uid}:
            parts.append(Part(content_type, await _as_stored(call, record)))
        elif syntax == EXPLICIT_LITTLE:
            path = call.hub.store.path(record.store_key)
            answer = await call.hub.decoder.run("uncompressed", path)
            parts.append(Part(f"{DICOM}; transfer-syntax={EXPLICIT_LITTLE}", [Span(data=answer.body)]))
        else:
            return None
    return parts


async def _as_stored(call: Call, record: InstanceRecord) -> list[Span]:
    """Return the whole object; a preamble that would run or open as something else leaves as zeros (W27)."""
    whole = Span(record.store_key, 0, record.size)
    if record.dataset_offset < PREAMBLE + 4:
        return [whole]
    head = await read_span(call, record.store_key, [[0, PREAMBLE + 4]])
    if head[PREAMBLE:] != b"DICM" or not head.startswith(EXECUTABLE):
        return [whole]
    return [Span(data=bytes(PREAMBLE)), Span(record.store_key, PREAMBLE, record.size - PREAMBLE)]


async def _metadata(call: Call) -> web.StreamResponse:
    require_json(call.request)
    found: Any = await holding(call, "read")
    walked = await call.hub.viewing.walked(found.instances)
    body = b"[" + b",".join(w.metadata for w in walked) + b"]"
    body = body.replace(b"@BASE@", base_url(call).encode())
    return web.Response(body=body, headers={"Content-Type": DICOM_JSON})
