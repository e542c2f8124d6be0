"""One port for STUN, DTLS, RTP and RTCP, over UDP and over TCP (RFC 7983, RFC 5761, RFC 4571)."""

import struct
from collections.abc import Iterator
from enum import Enum

MAX_FRAME = 0xFFFF


class Protocol(Enum):
    """What a datagram is, by its first bytes."""

    STUN = 1
    DTLS = 2
    RTP = 3
    RTCP = 4


def protocol_of(first: int, second: int) -> Protocol | None:
    """Tell what a datagram is by its first two bytes, None for what is dropped.

    References
    ----------
    RFC 7983 §7 for the first byte, RFC 5761 §4 for RTCP packet types 192 to 223 beside RTP.
    """
    if 128 <= first < 192:
        return Protocol.RTCP if 192 <= second < 224 else Protocol.RTP
    if 20 <= first < 64:
        return Protocol.DTLS
    return Protocol.STUN if first < 4 else None


class FrameTooLong(ValueError):
    """A frame on the stream is longer than any datagram that we take."""


class FrameReader:
    """Cuts a TCP stream into the datagrams that it carries (RFC 4571 §2).

    Parameters
    ----------
    max_frame
        Longest datagram taken, bytes: nothing longer is ever kept.
    """

    def __init__(self, max_frame: int = 2048) -> None:
        self._max_frame = max_frame
        self._kept = bytearray()

    def feed(self, data: bytes) -> Iterator[bytes]:
        """Take bytes of the stream; give the datagrams that are whole now.

        Raises
        ------
        FrameTooLong
            The stream carries something else, or somebody who means harm: close it.
        """
        self._kept += data
        at = 0
        try:
            while len(self._kept) - at >= 2:
                size = self._kept[at] << 8 | self._kept[at + 1]
                if size > self._max_frame:
                    raise FrameTooLong(f"a frame of {size} bytes")
                if len(self._kept) - at - 2 < size:
                    return
                yield bytes(self._kept[at + 2 : at + 2 + size])
                at += 2 + size
        finally:
            del self._kept[:at]


def frame(data: bytes | memoryview) -> bytes:
    """Return the datagram as it goes on a TCP stream (RFC 4571 §2)."""
    return struct.pack(">H", len(data)) + bytes(data)
