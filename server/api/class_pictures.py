"""What a class sees of what is shown in its room, while it is shown: pictures and metadata without a name."""

import asyncio
import gzip
from collections import OrderedDict
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from aiohttp import web

from dicom.errors import MalformedQuery, UnknownSubject
from dicom.ports import InstanceRecord
from server.api.classes import CLASSES
from server.api.consult_signal import BOARD
from server.api.dicomweb_media import require_json
from server.api.dicomweb_objects import DICOM_JSON, DataSets
from server.api.ecg_view import EcgView
from server.api.endpoint import REQUEST_ID, Call, Routes
from server.bootstrap import Hub
from server.workflows import class_pictures
from server.workflows.class_pictures import ECG, STUDY
from server.workflows.ecg import ecg_limits

routes = Routes("classes")
STUDIES = CLASSES + "/{id}/studies/{study}"
INSTANCE = STUDIES + "/series/{series}/instances/{instance}"
EDGE = 1024  # pixels: one size for a whole class, so that a slice is drawn once
KEPT = 64  # pictures
ONE_LOOK = timedelta(minutes=10)  # in which somebody's looks at a study are one on record
LOOKS_KEPT = 4096
Key = tuple[str, int, tuple[float, ...] | None]
Look = tuple[str, str, str]  # who, in which room, at which study


class Pictures:
    """Pictures that a class has asked for lately: fifty people who follow one hand want the same one."""

    def __init__(self, hub: Hub) -> None:
        self._hub = hub
        self._made: OrderedDict[Key, asyncio.Task[bytes]] = OrderedDict()
        self._looks: OrderedDict[Look, datetime] = OrderedDict()

    def is_first_look(self, look: Look, now: datetime) -> bool:
        """Tell whether somebody begins to look at a study: fifty who leaf through it are no row for every slice."""
        before = self._looks.get(look)
        if before is not None and timedelta() <= now - before < ONE_LOOK:
            return False
        self._looks[look] = now
        while len(self._looks) > LOOKS_KEPT:
            self._looks.popitem(last=False)
        return True

    async def of(self, record: InstanceRecord, frame: int, window: tuple[float, ...] | None) -> bytes:
        """Return a frame as JPEG, drawn once for all who ask."""
        key = (record.sop_instance_uid, frame, window)
        task = self._made.get(key)
        if task is None:
            task = self._made[key] = asyncio.create_task(self._draw(record, frame, window), name="class picture")
            while len(self._made) > KEPT:
                self._made.popitem(last=False)
        self._made.move_to_end(key)
        try:
            return await asyncio.shield(task)
        except Exception:
            self._made.pop(key, None)
            raise

    async def _draw(self, record: InstanceRecord, frame: int, window: tuple[float, ...] | None) -> bytes:
        answer = await self._hub.decoder.run(
            "render", self._hub.store.path(record.store_key), frame=frame - 1, window=window, function="linear",
            viewport=[EDGE, EDGE], quality=80, encoding="jpeg",
        )  # fmt: skip
        return bytes(answer.body)


PICTURES = web.AppKey("pictures", Pictures)


@routes.get(INSTANCE + "/metadata", answer=DataSets, media=DICOM_JSON, transaction="none")
async def metadata(call: Call) -> web.Response:
    """Retrieve the metadata of an instance that is shown to a class, de-identified."""
    require_json(call.request)
    record, view = await _picture(call)
    dataset = await class_pictures.data_set_of(call.hub.viewing, record, view)
    return web.json_response([dataset], content_type=DICOM_JSON)


@routes.get(INSTANCE + "/frames/{frame}/rendered", media="image/jpeg", transaction="none")
async def rendered(call: Call) -> web.Response:
    """Retrieve a frame that is shown to a class as a picture."""
    record, view = await _picture(call)
    await class_pictures.data_set_of(call.hub.viewing, record, view)
    frame = call.path("frame")
    if not (frame.isdecimal() and len(frame) < 7 and 1 <= int(frame) <= (record.frames or 1)):
        raise UnknownSubject("frames", frame[:16])
    body = await call.request.app[PICTURES].of(record, int(frame), _window(call.request.query.get("window")))
    return web.Response(body=body, headers={"Content-Type": "image/jpeg"})


@routes.get(STUDIES + "/ecg", answer=EcgView, transaction="none")
async def ecg(call: Call) -> web.Response:
    """Show the ECG that is shown to a class, without what people wrote on it."""
    record, answer = await _ecg(call)
    return web.json_response(class_pictures.ecg_for_class(answer.fields["ecg"], record.sop_instance_uid))


@routes.get(STUDIES + "/ecg/samples", media="application/octet-stream", transaction="none")
async def samples(call: Call) -> web.Response:
    """Give the samples of the ECG that is shown to a class (delta-coded 16-bit counts)."""
    _, answer = await _ecg(call)
    headers = {"Content-Type": "application/octet-stream"}
    if "gzip" not in call.request.headers.get("Accept-Encoding", ""):
        return web.Response(body=answer.body, headers=headers)
    packed = await call.hub.store.run(gzip.compress, answer.body, 6)
    return web.Response(body=packed, headers=headers | {"Content-Encoding": "gzip", "Vary": "Accept-Encoding"})


async def _picture(call: Call) -> tuple[InstanceRecord, Mapping[str, Any]]:
    view, found, _ = await _shown(call, STUDY)
    return class_pictures.the_picture(found.instances, call.request.match_info), view


async def _ecg(call: Call) -> tuple[InstanceRecord, Any]:
    _, found, limits = await _shown(call, ECG)
    record = class_pictures.the_ecg(found.instances)
    return record, await call.hub.decoder.run("ecg", call.hub.store.path(record.store_key), limits=limits)


async def _shown(call: Call, kind: str) -> tuple[Mapping[str, Any], Any, Mapping[str, Any]]:
    """Return the view that stands in the room where the caller looks on, what of the study lies here, ECG limits."""
    view = await call.request.app[BOARD].view_of(call.path("id")) or {}
    async with call.hub.unit_of_work(call.caller, read=True, request_id=call.request.get(REQUEST_ID)) as uow:
        address = call.request.match_info
        found = await class_pictures.shown_in(uow, call.caller, call.path("id"), view, kind=kind, address=address)
        if found.study_uid != call.path("study"):
            raise UnknownSubject("views", call.path("study")[:64])
        if call.request.app[PICTURES].is_first_look((call.caller.user_id, call.path("id"), found.study_uid), call.now):
            class_pictures.note_look_on(uow, call.path("id"), found)
        return view, found, await ecg_limits(uow, call.hub.settings.region, call.now) if kind == ECG else {}


def _window(text: str | None) -> tuple[float, float] | None:
    if text is None:
        return None
    try:
        centre, width = (round(float(part), 1) for part in text.split(","))
    except ValueError as error:
        raise MalformedQuery("window is centre,width") from error
    if not (abs(centre) < 1e6 and 0 < width < 1e6):
        raise MalformedQuery("window is centre,width")
    return centre, width
