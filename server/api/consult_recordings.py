"""What was recorded of a consult: listed, and played track by track; each play is on record."""

import asyncio
from collections.abc import Sequence
from datetime import datetime
from functools import partial

from aiohttp import web

from server.accounts.model import AuditEntry
from server.api.consult_views import is_side
from server.api.consults import CONSULTS, visible_consult
from server.api.endpoint import Call, Routes, View
from server.api.order_view import Ref
from video.consults import Consult
from video.errors import NotPermitted, UnknownSubject
from video.signaling.seats import Recorded

routes = Routes("consults")
TYPE = "video/webm"


class RecordedTrackView(View):
    """One track: one person's camera, microphone or screen; it begins `start_ms` after the recording."""

    number: int
    name: str
    seat: str
    source: str
    codec: str
    start_ms: int
    milliseconds: int
    url: str


class RecordingView(View):
    """A stretch of a call; `destroyed_at` says that nobody plays it any more."""

    id: str
    started_at: datetime
    ended_at: datetime | None
    ended_why: str
    by: Ref
    destroy_after: datetime
    destroyed_at: datetime | None
    tracks: Sequence[RecordedTrackView]


class RecordingList(View):
    """Everything that was recorded of a consult, oldest first."""

    items: Sequence[RecordingView]


@routes.get(CONSULTS + "/{id}/recordings", answer=RecordingList)
async def show_recordings(call: Call) -> RecordingList:
    """List what was recorded of a consult, with its tracks."""
    consult = await of_my_side(call)
    recorded = await call.uow.rooms.recordings(consult.id)
    names = await call.uow.centres.people({each.by for each in recorded})
    call.uow.audit(AuditEntry("list", "consult-recordings", consult.id, consult.patient_id))
    return RecordingList(items=[await _shown(call, consult, each, names.get(each.by, each.by)) for each in recorded])


@routes.get(CONSULTS + "/{id}/recordings/{recording}/tracks/{number}", transaction="none", media=TYPE)
async def play(call: Call) -> web.StreamResponse:
    """Give a track as WebM, any range of it."""
    async with call.hub.unit_of_work(call.caller, read=True) as call.uow:
        consult = await of_my_side(call)
        recording = call.path("recording")
        if recording not in {each.id for each in await call.uow.rooms.recordings(consult.id)}:
            raise UnknownSubject("recordings", recording)
        key = await call.uow.rooms.key_of(recording)
        call.uow.audit(AuditEntry("play", "consult-recordings", recording, consult.patient_id))
    return await _stream(call, recording, key)


async def of_my_side(call: Call) -> Consult:
    """Return the consult; whoever only broke the glass plays nothing."""
    consult, party = await visible_consult(call, lock=False)
    if not is_side(party):
        raise NotPermitted
    return consult


async def _shown(call: Call, consult: Consult, recorded: Recorded, name: str) -> RecordingView:
    tracks: list[RecordedTrackView] = []
    key = await call.uow.rooms.key_of(recorded.id)
    if key and call.hub.recordings is not None:
        found = await asyncio.to_thread(call.hub.recordings.tracks, recorded.id, key)
        base = f"{CONSULTS}/{consult.id}/recordings/{recorded.id}/tracks"
        tracks = [
            RecordedTrackView(
                number=each.number, name=each.name, seat=each.seat, source=each.source, codec=each.codec,
                start_ms=each.start_ms, milliseconds=each.milliseconds, url=f"{base}/{each.number}",
            )
            for each in found
        ]  # fmt: skip
    return RecordingView(
        id=recorded.id, started_at=recorded.started_at, ended_at=recorded.ended_at, ended_why=recorded.ended_why,
        by=Ref(id=recorded.by, name=name), destroy_after=recorded.destroy_after, destroyed_at=recorded.destroyed_at,
        tracks=tracks,
    )  # fmt: skip


async def _stream(call: Call, recording: str, key: str) -> web.StreamResponse:
    number, shelf = call.path("number"), call.hub.recordings
    track = None
    if key and shelf is not None and number.isdigit():
        track = await asyncio.to_thread(shelf.open, recording, int(number), key)
    if track is None:
        raise UnknownSubject("tracks", number)
    with track:
        answer, begin, end = _ranged(call.request, track.size)
        await answer.prepare(call.request)
        pieces = track.read(begin, end)
        while (piece := await asyncio.to_thread(partial(next, pieces, None))) is not None:
            await answer.write(piece)
    return answer


def _ranged(request: web.Request, size: int) -> tuple[web.StreamResponse, int, int]:
    """Return the head of an answer, and which bytes follow (RFC 9110 §14)."""
    try:
        wanted = request.http_range
    except ValueError:
        wanted = slice(0, None)
    begin, end, _ = wanted.indices(size)
    headers = {"Accept-Ranges": "bytes", "Content-Type": TYPE}
    if "Range" not in request.headers:
        begin, end = 0, size
    elif begin >= end:
        return web.Response(status=416, headers={"Content-Range": f"bytes */{size}"}), 0, 0
    else:
        headers["Content-Range"] = f"bytes {begin}-{end - 1}/{size}"
    answer = web.StreamResponse(status=206 if "Content-Range" in headers else 200, headers=headers)
    answer.content_length = end - begin
    return answer, begin, end
