"""STOW-RS (PS3.18 §10.5): parts become files while they arrive; each is answered after its commit."""

import asyncio
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

from aiohttp import web

from dicom.errors import (
    DicomRefusal,
    MalformedMultipart,
    StorageFull,
    UidConflict,
    Unreadable,
    UnsupportedMedia,
    WrongStudy,
)
from dicom.json_model import described, element
from dicom.model import Header, Sender, Via
from dicom.multipart import (
    Event,
    MediaType,
    MultipartReader,
    PartBegan,
    PartData,
    PartEnded,
    boundary_of,
    media_type,
)
from server.accounts import permissions
from server.accounts.errors import Forbidden
from server.api.body import body_of
from server.api.dicomweb_media import base_url, require_json
from server.api.endpoint import Call, Routes
from server.workflows.intake import Origin

routes = Routes("dicomweb")
MAX_BODY = 16 << 30  # bytes of one request; more than any study of a county
AT_ONCE = 256  # parts that wait for their rows together
MAX_UNREADABLE = 100  # parts of one request that are no objects
DICOM = "application/dicom"
CODES = {Unreadable: 0xC000, StorageFull: 0xA700, WrongStudy: 0x0110}  # PS3.18 table I.2-2, PS3.4 B.2.3
COERCED = 0xB000


@dataclass(frozen=True, slots=True)
class Stored:
    """One part that was taken; `warning` where another object under its UID stays the valid one."""

    sop_class_uid: str
    sop_instance_uid: str
    study_uid: str
    series_uid: str
    warning: int | None = None


@dataclass(frozen=True, slots=True)
class Failed:
    """One part that was not taken; UIDs as far as they are known."""

    reason: int
    sop_class_uid: str = ""
    sop_instance_uid: str = ""


Result = Stored | Failed


@routes.post("/dicom-web/studies", transaction="none")
async def store(call: Call) -> web.StreamResponse:
    """Store instances (STOW-RS)."""
    return await _store(call, None)


@routes.post("/dicom-web/studies/{study}", transaction="none")
async def store_study(call: Call) -> web.StreamResponse:
    """Store instances of one study (STOW-RS)."""
    return await _store(call, call.path("study"))


async def _store(call: Call, study: str | None) -> web.StreamResponse:
    require_json(call.request)
    media = media_type(call.request.headers.get("Content-Type", ""))
    if (call.request.content_length or 0) > MAX_BODY:
        raise web.HTTPRequestEntityTooLarge(MAX_BODY, call.request.content_length or 0)
    return _answer(call, study, await _Request(call, study).receive(_events(call.request, media)))


async def _events(request: web.Request, media: MediaType) -> AsyncIterator[Event]:
    """Give parts as they arrive; a body of one object is one part.

    Raises
    ------
    MalformedMultipart, UnsupportedMedia
        Before anything of a body is read where that is possible.
    """
    single = media.name == DICOM
    if not single and (media.name != "multipart/related" or media.parameter("type").lower() not in {"", DICOM}):
        raise UnsupportedMedia(
            f"{media.name or 'no type'} is not taken; send multipart/related; type=application/dicom"
        )
    reader = None if single else MultipartReader(boundary_of(media))
    if reader is None:
        yield PartBegan({})
    async for data in body_of(request, MAX_BODY):
        for event in reader.feed(data) if reader else [PartData(data)]:
            yield event
    if reader is None:
        yield PartEnded()
    else:
        reader.close()


class _Request:
    """The parts of one request on their way in."""

    def __init__(self, call: Call, study: str | None) -> None:
        self._hub, self._study = call.hub, study
        self._origin = Origin(Sender(_organization(call), user_id=call.caller.user_id), Via.STOW)
        self._taking: list[asyncio.Task[Result]] = []
        self._room, self._unreadable = asyncio.Semaphore(AT_ONCE), 0

    async def receive(self, events: AsyncIterator[Event]) -> list[Result]:
        """Take every part; what came whole before a broken body is taken all the same."""
        writer = self._hub.store.writer()
        broken: DicomRefusal | None = None
        try:
            async for event in events:
                if isinstance(event, PartData):
                    await writer.write(event.data)
                elif isinstance(event, PartEnded):
                    await self._begin(await writer.finish())
                    writer = self._hub.store.writer()
        except (MalformedMultipart, StorageFull) as refusal:
            broken = refusal
        finally:
            await writer.abandon()
            results = list(await asyncio.gather(*self._taking))
        if broken is not None and not any(isinstance(r, Stored) for r in results):
            raise broken
        return [*results, Failed(CODES.get(type(broken), 0x0110))] if broken else results

    async def _begin(self, key: str) -> None:
        """Take a part while the next one arrives; a crowd of parts that are no objects is not waited for (W24)."""
        if self._unreadable > MAX_UNREADABLE:
            self._hub.store.discard(key)
            raise MalformedMultipart("too many parts that are no objects")
        await self._room.acquire()
        task = asyncio.create_task(self._take(key))
        task.add_done_callback(lambda _: self._room.release())
        self._taking.append(task)

    async def _take(self, key: str) -> Result:
        try:
            taken = await self._hub.intake.receive_part10(key, self._origin, self._require_study)
        except UidConflict as conflict:
            sop_class, study, series = conflict.args[1:4]
            return Stored(sop_class, str(conflict.args[0]), study, series, COERCED)
        except WrongStudy as refusal:
            return Failed(CODES[WrongStudy], *refusal.args[1:3])
        except (Unreadable, StorageFull) as refusal:
            self._unreadable += isinstance(refusal, Unreadable)
            return Failed(CODES[type(refusal)])
        header = taken.entry.header
        return Stored(
            header.sop_class_uid, header.sop_instance_uid, header.study_instance_uid, header.series_instance_uid
        )

    def _require_study(self, header: Header) -> None:
        if self._study is not None and header.study_instance_uid != self._study:
            raise WrongStudy("the object is of another study", header.sop_class_uid, header.sop_instance_uid)


def _organization(call: Call) -> str:
    """Return whose objects these are: the site for which the caller may store."""
    allowed = permissions.organizations_for(call.caller, "POST /dicom-web/studies")
    wanted = call.request.query.get("organization")
    if wanted is not None and wanted not in allowed:
        raise Forbidden(wanted)
    own = [m.organization_id for m in call.caller.memberships if m.organization_id in allowed]
    if not own:
        raise Forbidden
    return wanted or own[0]


def _answer(call: Call, study: str | None, results: list[Result]) -> web.Response:
    """Return the Store Instances Response (PS3.18 §10.5.3, table 10.5.3-1)."""
    base = base_url(call)
    stored = [r for r in results if isinstance(r, Stored)]
    failed = [r for r in results if isinstance(r, Failed)]
    body: dict[str, Any] = {"00081199": {"vr": "SQ", "Value": [_reference(base, r) for r in stored]}}
    if study or stored:
        body["00081190"] = element("UR", f"{base}/studies/{study or stored[0].study_uid}")
    known = [_failure(r) for r in failed if r.sop_instance_uid]
    if known:
        body["00081198"] = {"vr": "SQ", "Value": known}
    if others := [described({"00081197": ("US", r.reason)}) for r in failed if not r.sop_instance_uid]:
        body["0008119A"] = {"vr": "SQ", "Value": others}
    text = json.dumps(dict(sorted(body.items())), ensure_ascii=False).encode()
    return web.Response(status=_status(stored, failed), body=text, headers={"Content-Type": "application/dicom+json"})


def _status(stored: list[Stored], failed: list[Failed]) -> int:
    if stored:
        return 202 if failed or any(r.warning for r in stored) else 200
    reasons = {r.reason for r in failed}
    if reasons == {CODES[StorageFull]}:
        return 503
    return 409 if CODES[WrongStudy] in reasons else 400


def _reference(base: str, result: Stored) -> dict[str, Any]:
    url = f"{base}/studies/{result.study_uid}/series/{result.series_uid}/instances/{result.sop_instance_uid}"
    attributes: dict[str, tuple[str, Any]] = {
        "00081150": ("UI", result.sop_class_uid),
        "00081155": ("UI", result.sop_instance_uid),
        "00081190": ("UR", url),
    }
    if result.warning is not None:
        attributes["00081196"] = ("US", result.warning)
    return described(attributes)


def _failure(result: Failed) -> dict[str, Any]:
    return described(
        {
            "00081150": ("UI", result.sop_class_uid),
            "00081155": ("UI", result.sop_instance_uid),
            "00081197": ("US", result.reason),
        }
    )
