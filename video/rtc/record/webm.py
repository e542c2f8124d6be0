"""WebM of one track: header, clusters, cues (RFC 8794 for EBML, RFC 9559 for Matroska, WebM container guidelines)."""

import struct
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

_EBML, _SEGMENT, _INFO, _TRACKS, _CUES, _CLUSTER = (
    b"\x1a\x45\xdf\xa3",
    b"\x18\x53\x80\x67",
    b"\x15\x49\xa9\x66",
    b"\x16\x54\xae\x6b",
    b"\x1c\x53\xbb\x6b",
    b"\x1f\x43\xb6\x75",
)
_VIDEO, _AUDIO = 1, 2  # track types
_NANOSECONDS = 1_000_000  # of a timestamp unit: one millisecond
_SEEK_PREROLL = 80_000_000  # nanoseconds that Opus decodes before it is right (RFC 7845 §4.6)
_APPLICATION = b"lutong"


@dataclass(frozen=True, slots=True)
class Frame:
    """One coded frame with its time in milliseconds of the file."""

    at: int
    key: bool
    coded: bytes


@dataclass(frozen=True, slots=True)
class ClusterNote:
    """What the header says of a cluster: where it begins and ends in milliseconds, whether one can start with it."""

    begin: int
    end: int
    key: bool
    size: int  # bytes


def element(identifier: bytes, payload: bytes) -> bytes:
    """Return an element with its size in eight bytes, so that no size depends on another."""
    return identifier + b"\x01" + len(payload).to_bytes(7) + payload


def _number(identifier: bytes, value: int) -> bytes:
    return element(identifier, value.to_bytes(8))


def _real(identifier: bytes, value: float) -> bytes:
    return element(identifier, struct.pack(">d", value))


def video_track(width: int, height: int) -> bytes:
    """Return the Tracks element of a VP8 track; a key frame later on may have another size."""
    picture = _number(b"\xb0", width) + _number(b"\xba", height)
    return _track(_VIDEO, b"V_VP8", element(b"\xe0", picture))


def audio_track(channels: int = 2) -> bytes:
    """Return the Tracks element of an Opus track; WebRTC's Opus has nothing to skip (RFC 7845 §5.1)."""
    head = b"OpusHead" + struct.pack("<BBHIhB", 1, channels, 0, 48000, 0, 0)
    sound = _real(b"\xb5", 48000.0) + _number(b"\x9f", channels)
    described = element(b"\x63\xa2", head) + _number(b"\x56\xaa", 0) + _number(b"\x56\xbb", _SEEK_PREROLL)
    return _track(_AUDIO, b"A_OPUS", described + element(b"\xe1", sound))


def _track(kind: int, codec: bytes, described: bytes) -> bytes:
    named = _number(b"\xd7", 1) + _number(b"\x73\xc5", 1) + _number(b"\x83", kind) + _number(b"\x9c", 0)
    return element(_TRACKS, element(b"\xae", named + element(b"\x86", codec) + described))


def cluster(frames: Sequence[Frame]) -> bytes:
    """Return a cluster; frames are at most 32 s apart from the first."""
    begin = frames[0].at
    blocks = [
        element(b"\xa3", struct.pack(">BhB", 0x81, frame.at - begin, 0x80 if frame.key else 0) + frame.coded)
        for frame in frames
    ]
    return element(_CLUSTER, _number(b"\xe7", begin) + b"".join(blocks))


def header(tracks: bytes, clusters: Sequence[ClusterNote]) -> bytes:
    """Return what stands before the clusters, with cues so that a player can seek, and the length of it all."""
    ebml = element(
        _EBML,
        _number(b"\x42\x86", 1)
        + _number(b"\x42\xf7", 1)
        + _number(b"\x42\xf2", 4)
        + _number(b"\x42\xf3", 8)
        + element(b"\x42\x82", b"webm")
        + _number(b"\x42\x87", 4)
        + _number(b"\x42\x85", 2),
    )
    length = max((each.end for each in clusters), default=0)
    information = element(
        _INFO,
        _number(b"\x2a\xd7\xb1", _NANOSECONDS)
        + _real(b"\x44\x89", float(length))
        + element(b"\x4d\x80", _APPLICATION)
        + element(b"\x57\x41", _APPLICATION),
    )
    front = information + tracks
    first = len(front) + len(_cues(clusters, 0))  # positions have eight bytes: the cues' size depends on their count
    body = front + _cues(clusters, first)
    size = len(body) + sum(each.size for each in clusters)
    return ebml + _SEGMENT + b"\x01" + size.to_bytes(7) + body


def _cues(clusters: Iterable[ClusterNote], first: int) -> bytes:
    points = []
    at = first
    for each in clusters:
        if each.key:
            position = element(b"\xb7", _number(b"\xf7", 1) + _number(b"\xf1", at))
            points.append(element(b"\xbb", _number(b"\xb3", each.begin) + position))
        at += each.size
    return element(_CUES, b"".join(points)) if points else b""
