"""Resumable uploads by tus 1.0 (tus.io): creation, expiration, checksum, termination."""

import asyncio
import base64
import binascii
import hmac
import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from email.utils import format_datetime
from typing import Any

from aiohttp import web

from dicom.charset import clean
from dicom.errors import BodyBroken, UnknownSubject
from dicom.model import Priority
from dicom.uploads.lifecycle import Upload, UploadState
from server.accounts import permissions
from server.accounts.errors import Forbidden
from server.accounts.model import AuditEntry
from server.api.body import body_of
from server.api.endpoint import Call, Routes, View
from server.api.problems import BadRequest
from server.workflows.uploads import MAX_LENGTH, WORDS, Wanted, begin_upload, note_received, terminate

routes = Routes("uploads")
UPLOADS = "/api/v1/uploads"
UPLOAD = f"{UPLOADS}/{{id}}"
VERSION = "1.0.0"
ALGORITHMS = ("sha256", "sha1", "md5")
PATIENCE = 20.0  # seconds that the last piece's answer waits for what became of the objects
PIECE = 1 << 20
_TUS = {"Tus-Resumable": VERSION, "Cache-Control": "no-store"}


class ResultView(View):
    """What became of one object."""

    file: str
    outcome: str
    code: str | None = None
    zh: str
    en: str
    study_uid: str | None = None
    sop_instance_uid: str | None = None


class UploadView(View):
    """An upload as it stands."""

    id: str
    state: str
    filename: str
    length: int
    offset: int
    patient_id: str | None
    order_id: str | None
    created_at: datetime
    expires_at: datetime | None
    results: Sequence[ResultView]


@routes.add("OPTIONS", UPLOADS, transaction="none")
async def options(_call: Call) -> web.Response:
    """Say what of tus is spoken."""
    headers = {
        "Tus-Version": VERSION,
        "Tus-Extension": "creation,expiration,checksum,termination",
        "Tus-Max-Size": str(MAX_LENGTH),
        "Tus-Checksum-Algorithm": ",".join(ALGORITHMS),
    }
    return web.Response(status=204, headers=_TUS | headers)


@routes.post(UPLOADS)
async def begin(call: Call) -> web.Response:
    """Begin an upload for a patient and an order (tus creation)."""
    _require_version(call)
    metadata = _metadata(call.request.headers.get("Upload-Metadata", ""))
    upload = await begin_upload(call.uow, _wanted(call, metadata), call.caller, now=call.now)
    await call.hub.partials.run(call.hub.partials.create, upload.id, upload.length)
    headers = {"Location": f"{UPLOADS}/{upload.id}", "Upload-Offset": "0"}
    return web.Response(status=201, headers=_TUS | headers | _expiry(upload))


@routes.add("HEAD", UPLOAD, transaction="none")
async def offset(call: Call) -> web.Response:
    """Say how much of an upload lies durable (tus)."""
    _require_version(call)
    upload = await _upload(call)
    headers = {"Upload-Offset": str(upload.received), "Upload-Length": str(upload.length)}
    return web.Response(status=200, headers=_TUS | headers | _expiry(upload))


@routes.get(UPLOAD, transaction="none", answer=UploadView)
async def show(call: Call) -> UploadView:
    """Show an upload and what became of its objects."""
    return _view(await _upload(call))


@routes.add("DELETE", UPLOAD, transaction="none")
async def remove(call: Call) -> web.Response:
    """Give up an upload that is not whole (tus termination)."""
    _require_version(call)
    upload = await _upload(call)
    async with call.hub.unit_of_work(call.caller) as uow:
        await terminate(uow, upload)
        uow.audit(AuditEntry("terminate", "uploads", upload.id, upload.patient_id))
    await call.hub.partials.run(call.hub.partials.remove, upload.id)
    return web.Response(status=204, headers=_TUS)


@routes.add("PATCH", UPLOAD, transaction="none")
async def append(call: Call) -> web.Response:
    """Append a piece where the upload stands (tus)."""
    _require_version(call)
    upload = await _upload(call)
    _require_piece(call.request, upload)
    upload = await asyncio.shield(call.hub.uploads.hold(_receive(call, upload)))  # a lost client ends no write
    headers = {"Upload-Offset": str(upload.received)} | _expiry(upload)
    if upload.state is UploadState.PROCESSING:
        headers |= await _outcome(call, upload)
    return web.Response(status=204, headers=_TUS | headers)


async def _receive(call: Call, upload: Upload) -> Upload:
    """Write the body; whatever ends it, what came is made durable and remembered before the answer.

    Raises
    ------
    BadRequest
        For a checksum that differs (460), or more than was announced: then nothing of the piece is kept.
    """
    algorithm, expected = _checksum(call.request)
    partials = call.hub.partials
    file = await partials.run(partials.open, upload.id, upload.received, algorithm)
    try:
        whole = await _write(call, file, upload.length - upload.received)
        length = await partials.run(file.finish)
        right = not algorithm or hmac.compare_digest(file.digest(), expected)
    finally:
        file.close()
    if algorithm and not (right and whole):
        raise BadRequest("CHECKSUM", "这一段传坏了，请重传 (the checksum differs; send the piece again)", status=460)
    async with call.hub.unit_of_work(call.caller) as uow:
        return await note_received(uow, upload, length, now=call.hub.clock.now())


async def _write(call: Call, file: Any, room: int) -> bool:
    """Append the body as it comes; False when it broke off (a cut line is no error: the client goes on later)."""
    waiting = bytearray()
    run = call.hub.partials.run
    try:
        async for data in body_of(call.request, MAX_LENGTH):
            room -= len(data)
            if room < 0:
                raise BadRequest("LENGTH", "比说好的长 (more than was announced)", status=413)
            waiting += data
            if len(waiting) >= PIECE:
                await run(file.write, bytes(waiting))
                waiting.clear()
    except BodyBroken:
        await run(file.write, bytes(waiting))
        return False
    await run(file.write, bytes(waiting))
    return True


async def _outcome(call: Call, upload: Upload) -> dict[str, str]:
    """Wait a moment for what became of the objects; one object that was not taken is a refusal of the upload."""
    task = call.hub.uploads.start(upload)
    await asyncio.wait({task}, timeout=PATIENCE)
    if not task.done() or task.cancelled() or task.exception() is not None:
        return {"Lutong-Outcome": "processing"}
    results = task.result().results
    outcome = {str(r["outcome"]) for r in results}
    if len(results) == 1 and outcome <= {"refused", "set-aside"}:
        zh, en = WORDS[str(results[0]["code"])]
        raise BadRequest(str(results[0]["code"]), f"{zh} ({en})", status=422)
    return {"Lutong-Outcome": outcome.pop() if len(outcome) == 1 else "mixed"}


async def _upload(call: Call) -> Upload:
    async with call.hub.unit_of_work(call.caller, read=True) as uow:
        upload: Upload | None = await uow.uploads.get(call.path("id"), call.caller, now=call.now)
    if upload is None:
        raise UnknownSubject("uploads", call.path("id")[:40])
    return upload


def _wanted(call: Call, metadata: Mapping[str, str]) -> Wanted:
    length = call.request.headers.get("Upload-Length", "")
    if not re.fullmatch(r"[0-9]{1,15}", length) or not 0 < int(length) <= MAX_LENGTH:
        raise BadRequest("LENGTH", "请给出 Upload-Length (send Upload-Length)", status=400 if not length else 413)
    allowed = permissions.organizations_for(call.caller, f"POST {UPLOADS}")
    own = [m.organization_id for m in call.caller.memberships if m.organization_id in allowed]
    if not own or metadata.get("organization", own[0]) not in own:
        raise Forbidden
    priority = metadata.get("priority")
    if priority and priority not in set(Priority):
        raise BadRequest("MALFORMED", "priority: emergency|urgent|routine")
    return Wanted(
        filename=clean(metadata.get("filename", "").replace("\\", "/").rsplit("/", 1)[-1])[:120] or "upload",
        length=int(length),
        organization_id=metadata.get("organization", own[0]),
        patient_id=metadata.get("patient_id") or None,
        order_id=metadata.get("order_id") or None,
        priority=Priority(priority) if priority else None,
    )


def _metadata(header: str) -> dict[str, str]:
    """Read Upload-Metadata: pairs of a key and a base64 value, separated by commas."""
    found: dict[str, str] = {}
    try:
        for pair in filter(None, (p.strip() for p in header[:8192].split(","))):
            key, _, value = pair.partition(" ")
            found[key] = base64.b64decode(value, validate=True).decode()
    except (binascii.Error, UnicodeDecodeError) as error:
        raise BadRequest("MALFORMED", "Upload-Metadata 写错了 (malformed)") from error
    return found


def _require_version(call: Call) -> None:
    if call.request.headers.get("Tus-Resumable", VERSION) != VERSION:
        raise BadRequest("TUS_VERSION", f"Tus-Resumable: {VERSION}", status=412)


def _require_piece(request: web.Request, upload: Upload) -> None:
    if request.content_type != "application/offset+octet-stream":
        raise BadRequest("MEDIA_TYPE", "application/offset+octet-stream", status=415)
    if upload.state is not UploadState.RECEIVING or request.headers.get("Upload-Offset") != str(upload.received):
        raise BadRequest("OFFSET", f"已收到 {upload.received} 字节，请从那里继续 (go on from there)", status=409)


def _checksum(request: web.Request) -> tuple[str, bytes]:
    algorithm, _, value = request.headers.get("Upload-Checksum", "").partition(" ")
    if algorithm and algorithm not in ALGORITHMS:
        raise BadRequest("CHECKSUM", f"one of {', '.join(ALGORITHMS)}")
    try:
        return algorithm, base64.b64decode(value, validate=True)
    except binascii.Error as error:
        raise BadRequest("CHECKSUM", "the checksum is no base64") from error


def _view(upload: Upload) -> UploadView:
    return UploadView(
        id=upload.id,
        state=upload.state.value,
        filename=upload.filename,
        length=upload.length,
        offset=upload.received,
        patient_id=upload.patient_id,
        order_id=upload.order_id,
        created_at=upload.created_at,
        expires_at=upload.expires_at if upload.state is UploadState.RECEIVING else None,
        results=[_result(r) for r in upload.results],
    )


def _expiry(upload: Upload) -> dict[str, str]:
    return {"Upload-Expires": format_datetime(upload.expires_at, usegmt=True)}


def _result(result: Mapping[str, Any]) -> ResultView:
    return ResultView.model_validate({name: result.get(name) for name in ResultView.model_fields})
