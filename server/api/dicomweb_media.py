"""What DICOMweb's answers share: addresses, who may see which instances, media types, multipart bodies."""

import os
import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

from dicom.errors import NotAcceptable, UnknownSubject
from dicom.multipart import MediaType, last_boundary, media_ranges, part_head
from server.accounts.model import AuditEntry
from server.api.endpoint import REQUEST_ID, Call

CHUNK = 1 << 20
JSON_TYPES = frozenset({"application/dicom+json", "application/json", "application/*", "*/*"})


def base_url(call: Call) -> str:
    """Return the address of /dicom-web as the caller sees it."""
    settings = call.hub.settings
    origin = settings.public_url.rstrip("/") or str(call.request.url.origin())
    return f"{origin}/dicom-web"


def accepted(request: web.Request) -> list[MediaType]:
    """Return what the caller takes, preferred first; the `accept` parameter wins (PS3.18 §8.3.3.1)."""
    return media_ranges(request.query.get("accept") or ",".join(request.headers.getall("Accept", [])) or "*/*")


def require_json(request: web.Request) -> None:
    """Refuse a caller that takes no DICOM JSON.

    Raises
    ------
    NotAcceptable
    """
    if not any(r.name in JSON_TYPES for r in accepted(request)):
        raise NotAcceptable("this is answered as application/dicom+json")


async def holding(call: Call, action: str) -> Any:
    """Return the instances at the request's address, and record that they were looked at.

    Raises
    ------
    UnknownSubject
        When there is none that the caller may see.
    """
    place = call.request.match_info
    study = place["study"]
    async with call.hub.unit_of_work(call.caller, read=True, request_id=call.request.get(REQUEST_ID)) as uow:
        found = await uow.archive.holding(call.caller, study, place.get("series"), place.get("instance"), now=call.now)
        if found is None:
            raise UnknownSubject("studies", study)
        basis = "/".join(filter(None, (place.get("series"), place.get("instance"))))
        uow.audit(
            AuditEntry(
                action,
                "studies",
                study,
                patient_id=found.patient_id,
                basis=basis or None,
                organization_id=found.organization_id,
            )
        )
    return found


@dataclass(frozen=True, slots=True)
class Span:
    """Some bytes of a stored object, or bytes at hand."""

    key: str = ""
    offset: int = 0
    length: int = 0
    data: bytes | None = None

    @property
    def size(self) -> int:
        """Return how many bytes it has."""
        return self.length if self.data is None else len(self.data)


@dataclass(frozen=True, slots=True)
class Part:
    """One part of an answer: headers and what it consists of."""

    content_type: str
    spans: Sequence[Span]
    headers: dict[str, str] = field(default_factory=dict)

    @property
    def size(self) -> int:
        """Return the part's length in bytes."""
        return sum(span.size for span in self.spans)


async def send_single(call: Call, part: Part, **headers: str) -> web.StreamResponse:
    """Answer one part as the whole body."""
    response = web.StreamResponse(headers={"Content-Type": part.content_type} | part.headers | headers)
    response.content_length = part.size
    await response.prepare(call.request)
    for span in part.spans:
        await _send(call, response, span)
    await response.write_eof()
    return response


async def send_multipart(call: Call, kind: str, parts: Sequence[Part]) -> web.StreamResponse:
    """Answer parts as multipart/related; their lengths are known, so the whole length is announced."""
    boundary = secrets.token_hex(16)
    heads = [
        part_head(boundary, {"Content-Type": p.content_type} | p.headers, first=i == 0) for i, p in enumerate(parts)
    ]
    end = last_boundary(boundary)
    content_type = f'multipart/related; type="{kind}"; boundary={boundary}'
    response = web.StreamResponse(headers={"Content-Type": content_type})
    response.content_length = sum(map(len, heads)) + sum(p.size for p in parts) + len(end)
    await response.prepare(call.request)
    for head, part in zip(heads, parts, strict=True):
        await response.write(head)
        for span in part.spans:
            await _send(call, response, span)
    await response.write_eof(end)
    return response


async def _send(call: Call, response: web.StreamResponse, span: Span) -> None:
    if span.data is not None:
        await response.write(span.data)
        return
    store = call.hub.store
    file = await store.run(os.open, store.path(span.key), os.O_RDONLY | os.O_CLOEXEC)
    try:
        at, end = span.offset, span.offset + span.length
        while at < end:
            data = await store.run(os.pread, file, min(CHUNK, end - at), at)
            if not data:
                break  # the row says more than the file has: the connection ends short, nothing is made up
            at += len(data)
            await response.write(data)
    finally:
        os.close(file)


async def read_span(call: Call, key: str, spans: Sequence[Sequence[int]]) -> bytes:
    """Return the bytes at some places of an object, joined."""

    def read(reader: Any, _size: int) -> bytes:
        return b"".join(reader(offset, length) for offset, length in spans)

    return bytes(await call.hub.store.inspect(key, read))
