"""Every frame of `/api/v1/consults/{id}/signal` with its fields: one JSON object each, named by `type`.

What a client says is checked here, field by field; a frame may carry `id`, and its answer carries the same. What the
hub says is listed so that a client's author finds it: `render` prints both tables.
"""

import json
import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from video.errors import MalformedFrame
from video.signaling.seats import SOURCES

MAX_FRAME = 64 * 1024  # bytes
MAX_TEXT = 2000  # characters of a chat message
MAX_TRACKS = 200
MAX_SOURCES, MAX_MID = 8, 40
LIMITS = ("none", "low", "all")
CONNECTIONS = ("main", "screen")
CLASS = "class"
"""Instead of a seat: everybody of the class."""
Check = Callable[[Any], bool]


@dataclass(frozen=True, slots=True)
class Field:
    """One field: what it may hold, in words and as a check."""

    words: str
    holds: Check
    required: bool = True


@dataclass(frozen=True, slots=True)
class Shape:
    """One message: what it says, who may, with which fields."""

    says: str
    who: str
    fields: Mapping[str, Field]


@dataclass(frozen=True, slots=True)
class Frame:
    """What a client said; `id` is its own and comes back in the answer."""

    type: str
    id: int | None
    fields: Mapping[str, Any]

    def __getitem__(self, name: str) -> Any:
        return self.fields.get(name)


def _text(most: int, least: int = 0) -> Check:
    return lambda value: isinstance(value, str) and least <= len(value.strip()) and len(value) <= most


def _number(low: float, high: float) -> Check:
    def holds(value: Any) -> bool:
        number = isinstance(value, int | float) and not isinstance(value, bool)
        return number and math.isfinite(value) and low <= value <= high

    return holds


def _whole(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 1 << 53


def _flag(value: Any) -> bool:
    return isinstance(value, bool)


def _one_of(*words: str) -> Check:
    return lambda value: value in words


def _sources(value: Any) -> bool:
    if not isinstance(value, dict) or len(value) > MAX_SOURCES:
        return False
    return all(len(mid) <= MAX_MID and value[mid] in SOURCES for mid in value)


def _tracks(value: Any) -> bool:
    if not isinstance(value, dict) or len(value) > MAX_TRACKS:
        return False
    return all(isinstance(each, dict) and each.get("limit") in LIMITS for each in value.values())


def _view(value: Any) -> bool:
    return value is None or (isinstance(value, dict) and value.get("kind") in {"study", "ecg", "report"})


SEAT = Field("a seat's id", _text(40, 1))
SDP = Field("a session description", _text(MAX_FRAME, 1))
EPOCH = Field("which life of the room's media", _whole)
CONNECTION = Field(" or ".join(CONNECTIONS), _one_of(*CONNECTIONS))
COUNT = Field("a number", _number(0, 1e9), required=False)
PART = Field("0 to 1 of the shared picture", _number(0, 1), required=False)
FLAG = Field("true or false", _flag)
HOST, EXPERTS, SHARERS = "host", "host and experts", "experts and senders"
INSIDE, ALL = "whoever is inside", "everybody"


def _shape(says: str, who: str, **fields: Field) -> Shape:
    return Shape(says, who, MappingProxyType(fields))


FROM_CLIENT: Mapping[str, Shape] = MappingProxyType(
    {
        "join": _shape("takes her seat; the first frame, within 10 s", ALL),
        "probe": _shape(
            "tries the way of media before she joins: an offer of nothing, answered by a worker that forgets it; "
            "without `sdp` it names the relays", ALL,
            sdp=Field("a session description", _text(MAX_FRAME, 1), required=False),
        ),
        "publish": _shape(
            "offers what she sends; again with new ICE credentials to restart", INSIDE,
            connection=CONNECTION, epoch=EPOCH, sdp=SDP,
            sources=Field(f"mid to one of {', '.join(SOURCES)}", _sources),
        ),
        "unpublish": _shape("ends a connection that sends", INSIDE, connection=CONNECTION),
        "subscribe": _shape("asks for everybody's media; offers follow", INSIDE, epoch=EPOCH),
        "answer": _shape("answers an offer", INSIDE, epoch=EPOCH, version=Field("the offer's", _whole), sdp=SDP),
        "restart": _shape("asks for an offer with new ICE credentials", INSIDE, epoch=EPOCH),
        "want": _shape(
            "says which pictures she sees", INSIDE,
            tracks=Field("seat/source to {limit: none, low or all, priority}", _tracks),
        ),
        "devices": _shape("says what she sends now", INSIDE, microphone=FLAG, camera=FLAG, screen=FLAG),
        "hand": _shape("raises or lowers her hand", INSIDE, up=FLAG),
        "chat": _shape(
            "writes to all; `key` is her own name of the message, so that a retry writes nothing twice", INSIDE,
            key=Field("1 to 64 characters", _text(64, 1)), text=Field("1 to 2,000 characters", _text(MAX_TEXT, 1)),
        ),
        "view": _shape(
            "opens, changes or ends what all look at together: data, never pixels; before a class a picture that may "
            "show a name is refused (BURNED_IN) until `checked` stands in it", SHARERS,
            view=Field("{kind: study, ecg or report, …} or null", _view),
        ),
        "point": _shape("points at it", SHARERS, x=PART, y=PART),
        "admit": _shape("lets somebody in", EXPERTS, seat=SEAT),
        "mute": _shape(
            "switches somebody's source off, or everybody else's", HOST,
            seat=Field("a seat's id, or all", _text(40, 1)), kind=Field("microphone or camera", _one_of(*SOURCES[:2])),
        ),
        "remove": _shape(
            "sends somebody out, or everybody of the class", HOST, seat=Field(f"a seat's id, or {CLASS}", _text(40, 1))
        ),
        "close-class": _shape("ends the class: nobody looks on any more", "host, senders and patient"),
        "lock": _shape("keeps newcomers out", HOST, on=FLAG),
        "hand-over": _shape("makes another expert the host", HOST, seat=SEAT),
        "record": _shape("asks everybody to be recorded, or ends it", HOST, on=FLAG),
        "consent": _shape("says whether she may be recorded", INSIDE, recording=FLAG),
        "stats": _shape(
            "says how her line does, every 5 s", INSIDE,
            rtt_ms=COUNT, loss=COUNT, up_kbit=COUNT, down_kbit=COUNT, freezes=COUNT,
            audio_only=Field("true or false", _flag, required=False),
        ),
        "end": _shape("ends the call for all", HOST),
        "leave": _shape("hangs up, which is not finishing", ALL),
        "ping": _shape("asks whether anybody is there", ALL),
    }
)  # fmt: skip

FROM_HUB: Mapping[str, str] = MappingProxyType(
    {
        "welcome": "seat, ice_servers, now: she has her seat",
        "probed": "sdp, ice_servers: the answer to probe",
        "lobby": "lobby: what she waits for, again when it changes",
        "room": "room: the whole room as she may see it, again at each change",
        "media": "epoch: begin media, or begin anew because another worker has the room",
        "published": "connection, epoch, sdp: the answer to publish",
        "offer": "epoch, version, sdp, tracks [{mid, seat, source}]: what she receives",
        "paused": "seat, source, cause (line, limit, source): a picture stops",
        "resumed": "seat, source: it comes back",
        "gone": "connection: the hub's end of it is gone, begin it anew",
        "quality": "seats {seat: {rtt_ms, loss, kbit, level}}: all to the host, one's own to others",
        "chats": "messages: what was written before she came in",
        "chat": "message {key, id, seat, name, role, text, at}",
        "view": "view, by: what all look at",
        "point": "seat, x, y: where somebody points",
        "muted": "kind, by: the host switched it off",
        "ended": "the last frame: reason (ended, removed, replaced, cancelled, closed, arranging, link-over, left, "
        "class-over)",
        "ok": "id: done",
        "error": "id, code, detail: refused, and why",
        "pong": "now",
    }
)


def read(data: str) -> Frame:
    """Read a client's frame.

    Raises
    ------
    MalformedFrame
        It is no object of a known type with the fields that belong to it; `field` names what is wrong.
    """
    document = _object(data)
    shape = FROM_CLIENT.get(str(document.get("type")))
    if shape is None:
        raise MalformedFrame("type", f"one of {', '.join(FROM_CLIENT)}")
    number = document.get("id")
    if number is not None and not _whole(number):
        raise MalformedFrame("id", "a whole number")
    for name, field in shape.fields.items():
        absent = document.get(name) is None and not field.required
        if not absent and (name not in document or not field.holds(document[name])):
            raise MalformedFrame(name, field.words)
    return Frame(document["type"], number, {name: document.get(name) for name in shape.fields})


def _object(data: str) -> dict[str, Any]:
    try:
        document = json.loads(data)
    except (ValueError, RecursionError) as error:
        raise MalformedFrame("", "no JSON") from error
    if not isinstance(document, dict):
        raise MalformedFrame("", "no object")
    return document


def render() -> str:
    """Return both tables as text."""
    lines = ["client -> hub: type | who | fields | what it says"]
    for name, shape in FROM_CLIENT.items():
        fields = "; ".join(
            f"{key}{'' if field.required else '?'}: {field.words}" for key, field in shape.fields.items()
        )
        lines.append(f"{name} | {shape.who} | {fields or '-'} | {shape.says}")
    lines += ["", "hub -> client: type | fields and what it says"]
    return "\n".join([*lines, *(f"{name} | {says}" for name, says in FROM_HUB.items()), ""])
