"""WADO-RS for the eye (PS3.18 §10.4.1.1.3, §10.4.1.2): frames as stored or plain, pictures, thumbnails."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from aiohttp import web

from dicom.errors import MalformedQuery, NotAcceptable, UnknownSubject
from dicom.multipart import MediaType
from dicom.ports import InstanceRecord
from dicom.scan import EXPLICIT_BIG, EXPLICIT_LITTLE, IMPLICIT_LITTLE
from server.api.dicomweb_media import Part, Span, accepted, holding, read_span, send_multipart, send_single
from server.api.dicomweb_objects import BYTES, INSTANCE, SERIES, STUDY
from server.api.endpoint import Call, Routes

routes = Routes("dicomweb")
MAX_FRAMES = 512  # of one request
MAX_EDGE = 4096  # pixels of a picture's edge
THUMBNAIL = 160
MEDIA = {
    **dict.fromkeys(("50", "51", "57", "70"), "image/jpeg"),
    **dict.fromkeys(("80", "81"), "image/jls"),
    **dict.fromkeys(("90", "91"), "image/jp2"),
    **dict.fromkeys(("201", "202", "203"), "image/jphc"),
}  # last component below 1.2.840.10008.1.2.4 -> media type (PS3.18 table 8.7.3-5)
PLAIN = frozenset({IMPLICIT_LITTLE, EXPLICIT_LITTLE, "1.2.840.10008.1.2.1.99", EXPLICIT_BIG})
FRAMES = f"{INSTANCE}/frames/{{frames}}"
_NUMBER = re.compile(r"-?[0-9]{1,9}(\.[0-9]{1,6})?")


@dataclass(frozen=True, slots=True)
class Picture:
    """How a picture is asked for."""

    encoding: str
    quality: int = 85
    window: Sequence[float] | None = None
    function: str = "linear"
    viewport: Sequence[float] | None = field(default=None)


@routes.get(FRAMES, transaction="none")
async def frames(call: Call) -> web.StreamResponse:
    """Retrieve frames (WADO-RS)."""
    numbers = _numbers(call.path("frames"))
    (record,) = (await holding(call, "read")).instances
    if max(numbers) > (record.frames or 1):
        raise UnknownSubject("frames", call.path("frames")[:64])
    for media in accepted(call.request):
        single = media.name not in {"multipart/related", "*/*"}
        plain = _plain_or_stored(media, record)
        if plain is not None and not (single and len(numbers) > 1):
            return await _send_frames(call, record, numbers, media, plain=plain, single=single)
    raise NotAcceptable("frames are answered as stored, or as application/octet-stream uncompressed")


async def _send_frames(
    call: Call, record: InstanceRecord, numbers: Sequence[int], media: MediaType, *, plain: bool, single: bool
) -> web.StreamResponse:
    name = BYTES if plain or _wanted(media) in {BYTES, ""} else _media_of(record)
    syntax = EXPLICIT_LITTLE if plain else record.transfer_syntax_uid
    load = _plain_frames if plain else _stored_frames
    kind = f"{name}; transfer-syntax={syntax}"
    parts = [Part(kind, [Span(data=data)]) for data in await load(call, record, numbers)]
    return await (send_single(call, parts[0]) if single else send_multipart(call, name, parts))


def _numbers(text: str) -> list[int]:
    parts = text.split(",")
    if len(parts) > MAX_FRAMES or not all(p.isdecimal() and len(p) <= 6 and int(p) > 0 for p in parts):
        raise MalformedQuery(f"frames are numbers from 1, at most {MAX_FRAMES}")
    return [int(p) for p in parts]


def _wanted(media: MediaType) -> str:
    return media.parameter("type").lower() if media.name == "multipart/related" else media.name.replace("*/*", "")


def _media_of(record: InstanceRecord) -> str:
    root, _, last = record.transfer_syntax_uid.rpartition(".")
    if record.transfer_syntax_uid == "1.2.840.10008.1.2.5":
        return "image/dicom-rle"
    return MEDIA.get(last, BYTES) if root == "1.2.840.10008.1.2.4" else BYTES


def _plain_or_stored(media: MediaType, record: InstanceRecord) -> bool | None:
    """Tell whether frames go out uncompressed (True) or as stored (False); None where this range fits neither."""
    wanted, syntax = _wanted(media), media.parameter("transfer-syntax")
    stored = record.transfer_syntax_uid
    if wanted in {BYTES, "application/*"}:
        if syntax in {"*", stored}:
            return stored in PLAIN
        return True if syntax in {"", EXPLICIT_LITTLE} else None
    if wanted in {"", "*/*", "image/*", _media_of(record)} and syntax in {"", "*", stored}:
        return stored in PLAIN
    return None


async def _stored_frames(call: Call, record: InstanceRecord, numbers: Sequence[int]) -> list[bytes]:
    (walked,) = await call.hub.viewing.walked([record])
    table = walked.frames
    if table is not None and max(numbers) <= len(table):
        return [await read_span(call, record.store_key, table[n - 1]) for n in numbers]
    path = call.hub.store.path(record.store_key)
    return [(await call.hub.decoder.run("stored-frame", path, frame=n - 1)).body for n in numbers]


async def _plain_frames(call: Call, record: InstanceRecord, numbers: Sequence[int]) -> list[bytes]:
    if record.transfer_syntax_uid in {IMPLICIT_LITTLE, EXPLICIT_LITTLE}:
        return await _stored_frames(call, record, numbers)
    path = call.hub.store.path(record.store_key)
    return [(await call.hub.decoder.run("plain", path, frame=n - 1)).body for n in numbers]


@routes.get(f"{STUDY}/rendered", transaction="none")
async def study_rendered(call: Call) -> web.StreamResponse:
    """Retrieve a picture that stands for a study (WADO-RS)."""
    return await _rendered(call, _picture(call))


@routes.get(f"{SERIES}/rendered", transaction="none")
async def series_rendered(call: Call) -> web.StreamResponse:
    """Retrieve a picture that stands for a series (WADO-RS)."""
    return await _rendered(call, _picture(call))


@routes.get(f"{INSTANCE}/rendered", transaction="none")
async def instance_rendered(call: Call) -> web.StreamResponse:
    """Retrieve an instance's first frame as a picture (WADO-RS)."""
    return await _rendered(call, _picture(call))


@routes.get(f"{FRAMES}/rendered", transaction="none")
async def frame_rendered(call: Call) -> web.StreamResponse:
    """Retrieve a frame as a picture (WADO-RS)."""
    return await _rendered(call, _picture(call), _numbers(call.path("frames"))[0])


@routes.get(f"{STUDY}/thumbnail", transaction="none")
async def study_thumbnail(call: Call) -> web.StreamResponse:
    """Retrieve a small picture that stands for a study (WADO-RS)."""
    return await _rendered(call, _thumbnail(call))


@routes.get("/api/v1/studies/{study}/thumbnail", transaction="none")
async def thumbnail(call: Call) -> web.StreamResponse:
    """Show a small picture that stands for a study."""
    return await _rendered(call, _thumbnail(call))


@routes.get(f"{SERIES}/thumbnail", transaction="none")
async def series_thumbnail(call: Call) -> web.StreamResponse:
    """Retrieve a small picture that stands for a series (WADO-RS)."""
    return await _rendered(call, _thumbnail(call))


@routes.get(f"{INSTANCE}/thumbnail", transaction="none")
async def instance_thumbnail(call: Call) -> web.StreamResponse:
    """Retrieve a small picture of an instance (WADO-RS)."""
    return await _rendered(call, _thumbnail(call))


async def _rendered(call: Call, how: Picture, frame: int | None = None) -> web.StreamResponse:
    record = _representative((await holding(call, "view")).instances)
    number = frame or 1
    if record is None or number > (record.frames or 1):
        raise UnknownSubject("pixels", call.path("study"))
    answer = await call.hub.decoder.run(
        "render",
        call.hub.store.path(record.store_key),
        frame=number - 1,
        window=how.window,
        function=how.function,
        viewport=how.viewport,
        quality=how.quality,
        encoding=how.encoding,
    )
    return web.Response(body=answer.body, headers={"Content-Type": f"image/{how.encoding}"})


def _representative(records: Sequence[InstanceRecord]) -> InstanceRecord | None:
    """Return the middle image of the first series that has images."""
    images = [r for r in records if r.has_pixels]
    series = [r for r in images if r.series_instance_uid == images[0].series_instance_uid]
    return series[len(series) // 2] if series else None


def _encoding(call: Call) -> str:
    for media in accepted(call.request):
        if media.name in {"image/jpeg", "image/png"}:
            return media.name.removeprefix("image/")
        if media.name in {"*/*", "image/*"}:
            return "jpeg"
    raise NotAcceptable("pictures are answered as image/jpeg or image/png")


def _picture(call: Call) -> Picture:
    """Read the rendering parameters (PS3.18 §8.3.5).

    Raises
    ------
    MalformedQuery
        For numbers that make no sense, or a picture larger than we make.
    """
    query = call.request.query
    quality = _floats("quality", query.get("quality", "85"), (1,))
    window = query.get("window")
    centre = function = None
    if window is not None:
        *numbers, function = window.split(",") if window.count(",") == 2 else [*window.split(","), "linear"]
        centre = _floats("window", ",".join(numbers), (2,))
        if function.lower() not in {"linear", "linear-exact", "sigmoid"} or centre[1] <= 0:
            raise MalformedQuery("window is centre,width[,linear|linear-exact|sigmoid]")
    viewport = _floats("viewport", query["viewport"], (2, 6)) if "viewport" in query else None
    if viewport and not all(1 <= edge <= MAX_EDGE for edge in viewport[:2]):
        raise MalformedQuery(f"viewport is at most {MAX_EDGE} wide and high")
    if not 1 <= quality[0] <= 100:
        raise MalformedQuery("quality is 1 to 100")
    return Picture(_encoding(call), int(quality[0]), centre, (function or "linear").lower(), viewport)


def _thumbnail(call: Call) -> Picture:
    asked = _floats("viewport", call.request.query.get("viewport", f"{THUMBNAIL},{THUMBNAIL}"), (2,))
    edges = [min(max(edge, 1), 512) for edge in asked]
    return Picture(_encoding(call), quality=75, viewport=edges)


def _floats(name: str, text: str, counts: tuple[int, ...]) -> list[float]:
    parts = text.split(",")
    if len(parts) not in counts or not all(_NUMBER.fullmatch(p.strip()) for p in parts):
        raise MalformedQuery(f"{name} is {' or '.join(map(str, counts))} numbers")
    return [float(p) for p in parts]
