"""Transport-wide congestion control: when each packet of a whole transport arrived.

The sender's estimator works on it. draft-holmer-rmcat-transport-wide-cc-extensions-01 §3.1 has the format.
"""

import struct
from dataclasses import dataclass

_NOT_RECEIVED, _SMALL, _LARGE = 0, 1, 2
_TICK = 0.00025  # seconds of a receive delta
_REFERENCE = 0.064  # seconds of the reference time
_PER_REFERENCE = 256  # ticks
MAX_PACKETS = 500  # per feedback: what comes beyond a hole as large is a new beginning


@dataclass(frozen=True, slots=True)
class TransportFeedback:
    """Arrivals from `base` on, None for what is missing; in ticks of 250 µs since `reference` times 64 ms."""

    sender: int
    media: int
    base: int
    reference: int  # 24 bits, signed
    number: int  # of this feedback, 8 bits
    arrivals: tuple[int | None, ...]


def build_feedback(feedback: TransportFeedback) -> bytes:
    """Write the feedback control information, padded to whole words with zeros."""
    symbols, deltas, last = [], bytearray(), 0
    for arrival in feedback.arrivals:
        if arrival is None:
            symbols.append(_NOT_RECEIVED)
            continue
        delta, last = arrival - last, arrival
        if 0 <= delta < 256:
            symbols.append(_SMALL)
            deltas.append(delta)
        else:
            symbols.append(_LARGE)
            deltas += struct.pack(">h", max(-32768, min(delta, 32767)))
    head = struct.pack(">HH", feedback.base, len(symbols))
    head += (feedback.reference & 0xFFFFFF).to_bytes(3) + bytes((feedback.number & 0xFF,))
    body = head + _chunks(symbols) + deltas
    return body + bytes(-len(body) % 4)


def _chunks(symbols: list[int]) -> bytes:
    """Write run-length chunks where seven or more are equal, else vectors of seven two-bit symbols."""
    chunks, at = bytearray(), 0
    while at < len(symbols):
        run = at + 1
        while run < len(symbols) and symbols[run] == symbols[at] and run - at < 0x1FFF:
            run += 1
        if run - at >= 7:
            chunks += struct.pack(">H", symbols[at] << 13 | run - at)
            at = run
            continue
        vector = 0
        for symbol in (symbols[at : at + 7] + [0] * 7)[:7]:
            vector = vector << 2 | symbol
        chunks += struct.pack(">H", 0xC000 | vector)
        at += 7
    return bytes(chunks)


def read_feedback(sender: int, media: int, fci: bytes) -> TransportFeedback:
    """Read the feedback control information.

    Raises
    ------
    struct.error
        It is shorter than it says.
    """
    base, count, reference = struct.unpack_from(">HHI", fci)
    symbols, at = _read_symbols(fci, count)
    arrivals: list[int | None] = []
    last = 0
    for symbol in symbols:
        if symbol == _SMALL:
            last += struct.unpack_from(">B", fci, at)[0]
            at += 1
        elif symbol == _LARGE:
            last += struct.unpack_from(">h", fci, at)[0]
            at += 2
        arrivals.append(last if symbol in {_SMALL, _LARGE} else None)
    signed = (reference >> 8) - ((reference >> 31) << 24)
    return TransportFeedback(sender, media, base, signed, reference & 0xFF, tuple(arrivals))


def _read_symbols(fci: bytes, count: int) -> tuple[list[int], int]:
    symbols: list[int] = []
    at = 8
    while len(symbols) < count:
        chunk = struct.unpack_from(">H", fci, at)[0]
        at += 2
        if not chunk & 0x8000:
            symbols += [chunk >> 13] * min(chunk & 0x1FFF, count - len(symbols))
            if not chunk & 0x1FFF:
                raise struct.error("an empty run")
        elif chunk & 0x4000:
            symbols += [chunk >> shift & 3 for shift in range(12, -2, -2)]
        else:
            symbols += [chunk >> shift & 1 for shift in range(13, -1, -1)]
    return symbols[:count], at


class ArrivalLog:
    """Collects arrivals of one transport and makes its feedback."""

    def __init__(self) -> None:
        self._arrivals: dict[int, float] = {}
        self._highest: int | None = None
        self._reported = 0  # the first number that no feedback has covered
        self._number = 0

    def arrived(self, number: int, *, now: float) -> None:
        """A packet with this transport-wide sequence number is here."""
        if self._highest is None:
            self._highest = self._reported = number + 0x10000
        delta = number - self._highest & 0xFFFF
        extended = self._highest + (delta if delta < 0x8000 else delta - 0x10000)
        if extended < self._reported:
            return  # reported as missing already; the sender has counted it as lost
        if extended - self._reported >= MAX_PACKETS:
            self._arrivals.clear()
            self._reported = extended
        self._highest = max(extended, self._highest)
        self._arrivals.setdefault(extended, now)

    def feedback(self, sender: int, media: int) -> TransportFeedback | None:
        """Return what has arrived since the last one, None if nothing has."""
        if not self._arrivals:
            return None
        first, last = self._reported, max(self._arrivals)
        reference = int(self._arrivals[min(self._arrivals)] / _REFERENCE)
        ticks = [
            None if (at := self._arrivals.get(number)) is None else round(at / _TICK) - reference * _PER_REFERENCE
            for number in range(first, last + 1)
        ]
        self._arrivals.clear()
        self._reported = last + 1
        self._number += 1
        wrapped = (reference + 0x800000 & 0xFFFFFF) - 0x800000
        return TransportFeedback(sender, media, first & 0xFFFF, wrapped, self._number - 1 & 0xFF, tuple(ticks))
