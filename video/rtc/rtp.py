"""RTP packets read where they lie (RFC 3550 §5.1), with their header extensions (RFC 8285)."""

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

HEADER = 12
_ONE_BYTE, _TWO_BYTE = 0xBEDE, 0x1000
_FIXED = struct.Struct(">BBHII")


class Extension(StrEnum):
    """The header extensions that we understand, by URI."""

    MID = "urn:ietf:params:rtp-hdrext:sdes:mid"  # RFC 8843 §15
    RID = "urn:ietf:params:rtp-hdrext:sdes:rtp-stream-id"  # RFC 8852 §3.1
    REPAIRED_RID = "urn:ietf:params:rtp-hdrext:sdes:repaired-rtp-stream-id"  # RFC 8852 §3.2
    AUDIO_LEVEL = "urn:ietf:params:rtp-hdrext:ssrc-audio-level"  # RFC 6464
    ABS_SEND_TIME = "http://www.webrtc.org/experiments/rtp-hdrext/abs-send-time"  # draft-alvestrand-rmcat-remb §3
    TRANSPORT_CC = "http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01"


class InvalidRtp(ValueError):
    """The bytes are no RTP packet."""


@dataclass(slots=True)
class Packet:
    """One RTP packet; `start` and `end` bound its payload, without padding, in the buffer that it was read from."""

    payload_type: int
    marker: bool
    sequence_number: int
    timestamp: int
    ssrc: int
    profile: int  # of the header extension, 0 without one
    extension_start: int
    start: int
    end: int


def parse(view: bytes | memoryview, size: int) -> Packet:
    """Read the packet that fills the first `size` bytes.

    Raises
    ------
    InvalidRtp
        A length in it leads outside, or the version is not 2.
    """
    if size < HEADER:
        raise InvalidRtp("shorter than a header")
    first, second, sequence_number, timestamp, ssrc = _FIXED.unpack_from(view)
    if first >> 6 != 2:
        raise InvalidRtp("not version 2")
    at, end, profile = HEADER + 4 * (first & 0x0F), size, 0
    if first & 0x10:
        if at + 4 > size:
            raise InvalidRtp("no room for the extension")
        profile, words = struct.unpack_from(">HH", view, at)
        at += 4 + 4 * words
    if first & 0x20:
        end -= view[size - 1] or size
    if at > end:
        raise InvalidRtp("header and padding overlap")
    extension_start = HEADER + 4 * (first & 0x0F) + 4
    return Packet(second & 0x7F, second > 127, sequence_number, timestamp, ssrc, profile, extension_start, at, end)


def extensions_of(view: bytes | memoryview, packet: Packet) -> Iterator[tuple[int, bytes]]:
    """Give each header extension's id and value (RFC 8285 §4.2, §4.3); what leads outside ends them."""
    if packet.profile == _ONE_BYTE:
        return _one_byte(view, packet.extension_start, packet.start)
    if packet.profile & 0xFFF0 == _TWO_BYTE:
        return _two_byte(view, packet.extension_start, packet.start)
    return iter(())


def _one_byte(view: bytes | memoryview, at: int, end: int) -> Iterator[tuple[int, bytes]]:
    while at < end:
        number, size = view[at] >> 4, (view[at] & 0x0F) + 1
        if number == 15:
            return
        if number == 0:  # padding
            at += 1
            continue
        if at + 1 + size > end:
            return
        yield number, bytes(view[at + 1 : at + 1 + size])
        at += 1 + size


def _two_byte(view: bytes | memoryview, at: int, end: int) -> Iterator[tuple[int, bytes]]:
    while at < end:
        number = view[at]
        if number == 0:  # padding
            at += 1
            continue
        if at + 2 > end or at + 2 + view[at + 1] > end:
            return
        yield number, bytes(view[at + 2 : at + 2 + view[at + 1]])
        at += 2 + view[at + 1]


def build_extensions(values: list[tuple[int, bytes]]) -> bytes:
    """Write a one-byte header extension block (RFC 8285 §4.2), empty without values.

    Each id is 1 to 14, each value 1 to 16 bytes.
    """
    if not values:
        return b""
    body = b"".join(bytes((number << 4 | len(value) - 1,)) + value for number, value in values)
    body += bytes(-len(body) % 4)
    return struct.pack(">HH", _ONE_BYTE, len(body) // 4) + body


def absolute_send_time(now: float) -> bytes:
    """Return abs-send-time: seconds as 6.18 fixed point, modulo 64 s."""
    return (int(now * (1 << 18)) & 0xFFFFFF).to_bytes(3)


class Sequence:
    """Follows a 16-bit sequence number over its wraps (RFC 3550 A.1); the result starts above 65535."""

    __slots__ = ("highest",)

    def __init__(self) -> None:
        self.highest: int | None = None

    def extend(self, number: int) -> int:
        """Return the extended number of a packet, and keep the highest."""
        if self.highest is None:
            self.highest = 0x10000 + number
            return self.highest
        delta = (number - self.highest) & 0xFFFF
        extended = self.highest + (delta if delta < 0x8000 else delta - 0x10000)
        self.highest = max(self.highest, extended)
        return extended
