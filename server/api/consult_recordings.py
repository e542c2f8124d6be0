"""What was recorded of a consult: listed, and played track by track; each play is on record."""

import asyncio
import re
from collections.abc import Collection, Mapping, Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from functools import partial

from aiohttp import web

from server.accounts.model import AuditEntry
from server.api.consult_views import is_side
from server.api.consults import CONSULTS, visible_consult
from server.api.endpoint import REQUEST_ID, Call, Routes, View
from server.api.order_view import Ref
from server.api.rooms.media import TROUBLE
from server.bootstrap import OpenTrack
from video.consults import Consult
from video.errors import NotPermitted, UnknownSubject
from video.signaling.journal import Consented, Note, consents
from video.signaling.seats import PATIENT, Recorded, RecordedTrack

routes = Routes("consults")
TYPE = "video/webm"
MOST = 1024 * 1024  # bytes of one range: a player of nine tracks would hold every connection that a browser has
LIKE = timedelta(minutes=1)  # so far may a worker's clock be from ours and still be believed
DIGITS = 4  # of a track's number
RANGE = re.compile(r"bytes=([0-9]{0,18})-([0-9]{0,18})")
SAME_PLAY = 600  # seconds in which ranges of one track, asked for by one person, are one play


class RecordedTrackView(View):
    """One track: one person's camera, microphone or screen; it begins `start_ms` after `clock_at`.

    `person` is hers whatever seat she had; `type` is what a player asks a browser about (RFC 6381).
    """

    number: int
    person: str
    name: str
    seat: str
    source: str
    codec: str
    type: str
    start_ms: int
    milliseconds: int
    url: str


class RecordingConsentView(View):
    """Who agreed to be recorded, and when; `withdrawn_at` where she took it back while it ran."""

    person: str
    name: str
    agreed_at: datetime | None
    withdrawn_at: datetime | None


class RecordingView(View):
    """A stretch of a call; `destroyed_at` says that nobody plays it any more.

    `clock_at` is the instant at which the clock of its tracks stands at nought, on the hub's clock.
    """

    id: str
    started_at: datetime
    ended_at: datetime | None
    ended_why: str
    by: Ref
    destroy_after: datetime
    destroyed_at: datetime | None
    clock_at: datetime
    consents: Sequence[RecordingConsentView]
    tracks: Sequence[RecordedTrackView]


class RecordingList(View):
    """Everything that was recorded of a consult, oldest first."""

    items: Sequence[RecordingView]


@routes.get(CONSULTS + "/{id}/recordings", answer=RecordingList)
async def show_recordings(call: Call) -> RecordingList:
    """List what was recorded of a consult, with who agreed to it, and its tracks."""
    consult = await of_my_side(call)
    recorded = await call.uow.rooms.recordings(consult.id)
    notes = await call.uow.rooms.notes(consult.id)
    persons = {person for each in recorded for person in (each.by, *each.consented)}
    names = await names_of(call, consult, persons)
    call.uow.audit(AuditEntry("list", "consult-recordings", consult.id, consult.patient_id))
    return RecordingList(items=[await _shown(call, consult, each, notes, names) for each in recorded])


@routes.get(CONSULTS + "/{id}/recordings/{recording}/tracks/{number}", transaction="none", media=TYPE)
async def play(call: Call) -> web.StreamResponse:
    """Give a track as WebM, any range of it, at most a mebibyte at once; who plays is on record."""
    recording = call.path("recording")
    async with call.hub.unit_of_work(call.caller, read=True, request_id=call.request.get(REQUEST_ID)) as call.uow:
        consult = await of_my_side(call)
        if recording not in {each.id for each in await call.uow.rooms.recordings(consult.id)}:
            raise UnknownSubject("recordings", recording)
        key = await call.uow.rooms.key_of(recording)
    number = _number(call)
    with await _opened(call, recording, number, key) as track:
        await _put_on_record(call, consult, recording, number)
        return await _stream(call, track)


def _number(call: Call) -> int:
    said = call.path("number")
    if not (said.isdecimal() and len(said) <= DIGITS):
        raise UnknownSubject("tracks", said)
    return int(said)


async def _opened(call: Call, recording: str, number: int, key: str) -> OpenTrack:
    shelf = call.hub.recordings
    track = await asyncio.to_thread(shelf.open, recording, number, key) if key and shelf is not None else None
    if track is None:
        raise UnknownSubject("tracks", str(number))
    return track


async def _put_on_record(call: Call, consult: Consult, recording: str, number: int) -> None:
    """Write down that she plays a track, once for all ranges of one play; without Redis for each range."""
    play, redis = f"lutong:play:{call.caller.user_id}:{recording}:{number}", call.hub.redis
    with suppress(*TROUBLE):
        if await redis.exists(play):
            return
    await call.uow.put_on_record(AuditEntry("play", "consult-recordings", f"{recording}/{number}", consult.patient_id))
    with suppress(*TROUBLE):
        await redis.set(play, 1, ex=SAME_PLAY, nx=True)  # not before it is on record


async def of_my_side(call: Call) -> Consult:
    """Return the consult; whoever only broke the glass plays nothing."""
    consult, party = await visible_consult(call, lock=False)
    if not is_side(party):
        raise NotPermitted
    return consult


async def names_of(call: Call, consult: Consult, persons: Collection[str]) -> dict[str, str]:
    """Return what people of a call are called."""
    names = dict(await call.uow.centres.people([each for each in persons if each != PATIENT]))
    if PATIENT in persons:
        patient = await call.uow.patients.get(consult.patient_id)
        names[PATIENT] = patient.name if patient else "患者"
    return names


async def _shown(
    call: Call, consult: Consult, recorded: Recorded, notes: Sequence[Note], names: Mapping[str, str]
) -> RecordingView:
    tracks: list[RecordedTrackView] = []
    clock_at, shelf = recorded.started_at, call.hub.recordings
    key = await call.uow.rooms.key_of(recorded.id)
    if key and shelf is not None:
        began_at = await asyncio.to_thread(shelf.began_at, recorded.id)
        clock_at = began_at if began_at and abs(began_at - clock_at) < LIKE else clock_at
        found = await asyncio.to_thread(shelf.tracks, recorded.id, key)
        base = f"{CONSULTS}/{consult.id}/recordings/{recorded.id}/tracks"
        seats = {each.seat: each.person for each in notes}
        tracks = [_track(each, seats.get(each.seat, each.seat), base) for each in found]
    return RecordingView(
        id=recorded.id, started_at=recorded.started_at, ended_at=recorded.ended_at, ended_why=recorded.ended_why,
        by=Ref(id=recorded.by, name=names.get(recorded.by, recorded.by)), destroy_after=recorded.destroy_after,
        destroyed_at=recorded.destroyed_at, clock_at=clock_at,
        consents=[_consent(each, names) for each in consents(recorded, notes)], tracks=tracks,
    )  # fmt: skip


def _track(track: RecordedTrack, person: str, base: str) -> RecordedTrackView:
    kind = "audio" if track.source == "microphone" else "video"
    return RecordedTrackView(
        number=track.number, person=person, name=track.name, seat=track.seat, source=track.source, codec=track.codec,
        type=f'{kind}/webm; codecs="{track.codec}"', start_ms=track.start_ms, milliseconds=track.milliseconds,
        url=f"{base}/{track.number}",
    )  # fmt: skip


def _consent(said: Consented, names: Mapping[str, str]) -> RecordingConsentView:
    return RecordingConsentView(
        person=said.person, name=said.name or names.get(said.person, said.person), agreed_at=said.agreed_at,
        withdrawn_at=said.withdrawn_at,
    )  # fmt: skip


async def _stream(call: Call, track: OpenTrack) -> web.StreamResponse:
    answer, begin, end = ranged(call.request, track.size)
    await answer.prepare(call.request)
    pieces = track.read(begin, end)
    while (piece := await asyncio.to_thread(partial(next, pieces, None))) is not None:
        await answer.write(piece)
    return answer


def ranged(request: web.Request, size: int) -> tuple[web.StreamResponse, int, int]:
    """Return the head of an answer, and which bytes follow (RFC 9110 §14): what is no range of ours is the whole."""
    headers = {"Accept-Ranges": "bytes", "Content-Type": TYPE}
    wanted = None if "If-Range" in request.headers else _wanted(request.headers.get("Range", ""), size)
    begin, end = wanted or (0, size)
    if begin >= end and wanted is not None:
        return web.Response(status=416, headers={"Content-Range": f"bytes */{size}"}), 0, 0
    if wanted is not None:
        end = min(end, begin + MOST)
        headers["Content-Range"] = f"bytes {begin}-{end - 1}/{size}"
    answer = web.StreamResponse(status=206 if wanted is not None else 200, headers=headers)
    answer.content_length = end - begin
    return answer, begin, end


def _wanted(said: str, size: int) -> tuple[int, int] | None:
    """Return from where to where a range is wanted, None where it is no single range of bytes; an empty one is none."""
    found = RANGE.fullmatch(said.strip())
    if found is None or not any(found.groups()):
        return None
    first, last = found.groups()
    if not first:
        return max(0, size - int(last)), size
    if last and int(last) < int(first):
        return None
    return int(first), min(int(last) + 1, size) if last else size
