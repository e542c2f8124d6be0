"""What the forwarder looks at inside payloads: key frames, VP8 picture ids, RED blocks, RTX.

Nothing is decoded; these are the descriptors that the payload formats put before the coded bytes.
"""

from dataclasses import dataclass
from enum import StrEnum


class Codec(StrEnum):
    """The codecs that are forwarded, by their names in SDP in lower case."""

    OPUS = "opus"  # RFC 7587
    RED = "red"  # RFC 2198
    VP8 = "vp8"  # RFC 7741
    H264 = "h264"  # RFC 6184
    RTX = "rtx"  # RFC 4588


CLOCK_RATE = {Codec.OPUS: 48000, Codec.RED: 48000, Codec.VP8: 90000, Codec.H264: 90000, Codec.RTX: 90000}
_IDR, _SPS, _STAP_A, _FU_A = 5, 7, 24, 28


@dataclass(frozen=True, slots=True)
class Vp8:
    """A VP8 payload descriptor (RFC 7741 §4.2); offsets are into the payload, -1 where the field is absent."""

    keyframe: bool
    picture_id_at: int = -1
    picture_id: int = -1
    wide: bool = False  # 15 bits, else 7
    tl0picidx_at: int = -1
    tl0picidx: int = -1


_NO_VP8 = Vp8(keyframe=False)


def read_vp8(data: bytes) -> Vp8:
    """Read the descriptor; what is too short is no key frame."""
    try:
        return _read_vp8(data)
    except IndexError:
        return _NO_VP8


def vp8_frame_at(data: bytes) -> int:
    """Return where the coded bytes begin behind the descriptor (RFC 7741 §4.2), the end where there are none."""
    if not data or not data[0] & 0x80:
        return 1
    if len(data) < 2:
        return len(data)
    extension, at = data[1], 2
    if extension & 0x80:
        at += 2 if at < len(data) and data[at] & 0x80 else 1
    return at + bool(extension & 0x40) + bool(extension & 0x30)


def _read_vp8(data: bytes) -> Vp8:
    first, at = data[0], 1
    picture_id_at = picture_id = tl0picidx_at = tl0picidx = -1
    wide = False
    if first & 0x80:
        extension, at = data[1], 2
        if extension & 0x80:
            picture_id_at, wide = at, bool(data[at] & 0x80)
            picture_id = (data[at] & 0x7F) << 8 | data[at + 1] if wide else data[at] & 0x7F
            at += 2 if wide else 1
        if extension & 0x40:
            tl0picidx_at, tl0picidx = at, data[at]
            at += 1
        if extension & 0x30:
            at += 1
    begins_frame = first & 0x17 == 0x10  # S, and partition 0
    keyframe = begins_frame and not data[at] & 0x01
    return Vp8(keyframe, picture_id_at, picture_id, wide, tl0picidx_at, tl0picidx)


def begins_h264_keyframe(data: bytes) -> bool:
    """Tell whether the payload begins an IDR picture or carries its parameter set (RFC 6184 §5.6 to §5.8)."""
    if len(data) < 2:
        return False
    kind = data[0] & 0x1F
    if kind == _FU_A:
        return data[1] & 0x9F in {0x80 | _IDR, 0x80 | _SPS}
    if kind != _STAP_A:
        return kind in {_IDR, _SPS}
    at = 1
    while at + 2 < len(data):
        if data[at + 2] & 0x1F in {_IDR, _SPS}:
            return True
        at += 2 + (data[at] << 8 | data[at + 1])
    return False


def begins_keyframe(codec: Codec, data: bytes) -> bool:
    """Tell whether a decoder that has seen nothing can start with this payload."""
    if codec is Codec.VP8:
        return read_vp8(data).keyframe
    return begins_h264_keyframe(data) if codec is Codec.H264 else True


def renumber_red(data: bytes, payload_types: dict[int, int]) -> bytes | None:
    """Return a RED payload with its blocks' payload types in the receiver's numbers (RFC 2198 §3).

    None if a block is of a type that the receiver has not, or the headers lead outside.
    """
    written = bytearray(data)
    at = 0
    while at < len(data):
        more, payload_type = data[at] & 0x80, payload_types.get(data[at] & 0x7F)
        if payload_type is None:
            return None
        written[at] = more | payload_type
        if not more:
            return bytes(written)
        at += 4
    return None


def primary_of_red(data: bytes) -> bytes | None:
    """Return the primary block, the last one (RFC 2198 §3); None if the headers lead outside."""
    at = skipped = 0
    while at + 4 <= len(data) and data[at] & 0x80:
        skipped += (data[at + 2] & 0x03) << 8 | data[at + 3]
        at += 4
    begin = at + 1 + skipped
    return data[begin:] if begin < len(data) and not data[at] & 0x80 else None
