"""One packet as it is forwarded to everybody: the part that is the same for all is made once."""

from dataclasses import dataclass

from video.rtc import payload, rtp
from video.rtc.negotiate import EXTENSION_NUMBERS
from video.rtc.payload import Codec, Vp8
from video.rtc.rtp import HEADER, Extension

_SEND_TIME = EXTENSION_NUMBERS[Extension.ABS_SEND_TIME]
_LEVEL = EXTENSION_NUMBERS[Extension.AUDIO_LEVEL]
SEND_TIME_AT = HEADER + 5  # behind the block's header and the element's
_NO_VP8 = Vp8(keyframe=False)


@dataclass(slots=True)
class Forwarded:
    """A packet without the twelve bytes that differ per receiver; `body` is extensions and payload.

    `picture_at` and `tl0_at` are offsets in the whole packet, 0 where there is nothing to rewrite. `primary` is the
    same sound without RED, for a receiver that did not take RED.
    """

    index: int  # the extended sequence number
    timestamp: int
    marker: int  # 0x80 or 0
    body: bytes
    payload_at: int  # in `body`
    keyframe: bool
    picture_at: int = 0
    picture_id: int = 0
    wide: bool = False
    tl0_at: int = 0
    tl0picidx: int = 0
    red: bool = False
    primary: "Forwarded | None" = None


def make(
    codec: Codec, data: bytes, *, index: int, timestamp: int, marker: bool, level: bytes | None, now: float
) -> Forwarded:
    """Make what is forwarded of one payload; `level` is the value of the audio level extension."""
    values = [(_SEND_TIME, rtp.absolute_send_time(now))]
    if level is not None:
        values.append((_LEVEL, level[:1]))
    block = rtp.build_extensions(values)
    made = Forwarded(index, timestamp, marker << 7, block + data, len(block), keyframe=True)
    if codec is Codec.VP8:
        _describe(made, payload.read_vp8(data))
    elif codec is Codec.H264:
        made.keyframe = payload.begins_h264_keyframe(data)
    return made


def _describe(made: Forwarded, descriptor: Vp8) -> None:
    begin = HEADER + made.payload_at
    made.keyframe = descriptor.keyframe
    if descriptor.picture_id_at >= 0:
        made.picture_at, made.picture_id = begin + descriptor.picture_id_at, descriptor.picture_id
        made.wide = descriptor.wide
    if descriptor.tl0picidx_at >= 0:
        made.tl0_at, made.tl0picidx = begin + descriptor.tl0picidx_at, descriptor.tl0picidx


def make_audio(
    codec: Codec,
    data: bytes,
    numbers: dict[int, int],
    *,
    index: int,
    timestamp: int,
    marker: bool,
    level: bytes | None,
    now: float,
) -> Forwarded | None:
    """Make what is forwarded of sound; RED's blocks get the receivers' payload types. None if RED makes no sense."""
    made = make(codec, data, index=index, timestamp=timestamp, marker=marker, level=level, now=now)
    if codec is not Codec.RED:
        return made
    renumbered, alone = payload.renumber_red(data, numbers), payload.primary_of_red(data)
    if renumbered is None or alone is None:
        return None
    made.red, made.body = True, made.body[: made.payload_at] + renumbered
    made.primary = make(Codec.OPUS, alone, index=index, timestamp=timestamp, marker=marker, level=level, now=now)
    return made
