"""From a stream of bytes to whole control PDUs and slices of P-DATA fragments, bounded before anything is kept.

The hot path: a fragment is handed on as a slice of the caller's buffer, as soon as its bytes are there, never joined.
"""

from dataclasses import dataclass

from dicom.network.pdu import COMMAND, HEADER, LAST, PDV_HEADER, InvalidPdu, PduType

_CONTROL = {
    PduType.ASSOCIATE_RQ: None,
    PduType.ASSOCIATE_AC: None,
    PduType.ASSOCIATE_RJ: 4,
    PduType.RELEASE_RQ: 4,
    PduType.RELEASE_RP: 4,
    PduType.ABORT: 4,
}
# Some senders count the PDU header, or a PDV header, out of the maximum they were told.
SLACK = 64
UNRECOGNISED = 1  # A-P-ABORT reasons (PS3.8 Table 9-26)
INVALID_PARAMETER = 6


@dataclass(slots=True)
class Fragment:
    """A piece of a presentation data value, perhaps not its whole; `last` ends the command or data set.

    `data` is a slice of the buffer given to `feed`: whoever keeps it keeps that buffer.
    """

    context_id: int
    command: bool
    last: bool
    data: memoryview


@dataclass(frozen=True, slots=True)
class Pdu:
    """A whole control PDU without its header; a P-DATA-TF that came out of place, without its body."""

    type: PduType
    body: bytes


class PduReader:
    """Cuts PDUs from a stream.

    Parameters
    ----------
    max_control
        Longest A-ASSOCIATE PDU taken, bytes.
    max_data
        Longest P-DATA-TF taken, bytes: the maximum that we advertised.
    """

    __slots__ = (
        "_at",
        "_body",
        "_body_left",
        "_carry",
        "_command",
        "_context_id",
        "_empty",
        "_end",
        "_fragment_left",
        "_last",
        "_max_control",
        "_max_data",
        "_pdu_left",
        "_skip_left",
        "_type",
        "_view",
        "broken",
        "started",
        "takes_data",
    )

    def __init__(self, *, max_control: int, max_data: int) -> None:
        self._max_control = max_control
        self._max_data = max_data + SLACK
        self._view = memoryview(b"")
        self._at = self._end = 0
        self._carry = bytearray()
        self._type = PduType.P_DATA
        self._body = bytearray()
        self._body_left = self._pdu_left = self._skip_left = self._fragment_left = 0
        self._context_id = self._empty = 0
        self._command = self._last = False
        self.takes_data = False
        self.broken = False
        self.started = 0

    @property
    def partial(self) -> bool:
        """Whether a PDU has begun and not ended."""
        return bool(self._carry or self._body_left or self._pdu_left or self._skip_left)

    def feed(self, data: memoryview) -> None:
        """Give the next bytes; `take` them all before the next call."""
        self._view, self._at, self._end = data, 0, len(data)

    def take(self) -> Fragment | Pdu | None:
        """Return the next piece, or None when the bytes given are used up.

        Raises
        ------
        InvalidPdu
            On an unknown type, a length out of bounds or values that do not add up; all that follows is ignored.
        """
        try:
            return self._take()
        except InvalidPdu:
            self.broken = True
            self._at = self._end
            raise

    def _take(self) -> Fragment | Pdu | None:
        item: Fragment | Pdu | None = None
        while item is None and self._at < self._end and not self.broken:
            if self._fragment_left:
                return self._slice()
            if self._pdu_left:
                item = self._begin_fragment()
            elif self._body_left:
                item = self._collect()
            elif self._skip_left:
                self._skip()
            else:
                item = self._begin_pdu()
        if item is None:
            self._view = memoryview(b"")
        return item

    def _slice(self) -> Fragment:
        at = self._at
        size = min(self._fragment_left, self._end - at)
        self._at = at + size
        self._fragment_left -= size
        self._pdu_left -= size
        last = self._last and not self._fragment_left
        return Fragment(self._context_id, self._command, last, self._view[at : at + size])

    def _gather(self, size: int) -> memoryview | bytes | None:
        """Return `size` contiguous bytes, joining what an earlier call left over; None when they are not all here."""
        if not self._carry and self._end - self._at >= size:
            self._at += size
            return self._view[self._at - size : self._at]
        missing = min(size - len(self._carry), self._end - self._at)
        self._carry += self._view[self._at : self._at + missing]
        self._at += missing
        if len(self._carry) < size:
            return None
        whole = bytes(self._carry)
        self._carry.clear()
        return whole

    def _begin_fragment(self) -> Fragment | None:
        if self._pdu_left < PDV_HEADER.size:
            raise InvalidPdu("data values do not fill their PDU")
        header = self._gather(PDV_HEADER.size)
        if header is None:
            return None
        length, self._context_id, control = PDV_HEADER.unpack(header)
        self._pdu_left -= PDV_HEADER.size
        if not 2 <= length <= self._pdu_left + 2:
            raise InvalidPdu("data value longer than its PDU")
        self._command, self._last = bool(control & COMMAND), bool(control & LAST)
        self._fragment_left = length - 2
        if self._fragment_left:
            self._empty = 0
            return None
        self._empty += 1
        if self._empty > 1000:
            raise InvalidPdu("nothing but empty data values")
        return Fragment(self._context_id, self._command, self._last, self._view[:0])

    def _begin_pdu(self) -> Pdu | None:
        self.started += not self._carry  # the first byte of a PDU counts it
        header = self._gather(HEADER.size)
        if header is None:
            return None
        kind, length = HEADER.unpack(header)
        if kind == PduType.P_DATA:
            return self._begin_data(length)
        try:
            self._type = PduType(kind)
        except ValueError:
            raise InvalidPdu(f"unrecognised PDU {kind:#04x}", reason=UNRECOGNISED) from None
        exact = _CONTROL[self._type]
        if length != exact if exact else not 0 < length <= self._max_control:
            raise InvalidPdu(f"{self._type.name} of {length} bytes", reason=INVALID_PARAMETER)
        self._body_left = length
        self._body.clear()
        return None

    def _begin_data(self, length: int) -> Pdu | None:
        if not PDV_HEADER.size <= length <= self._max_data:
            raise InvalidPdu(f"P-DATA-TF of {length} bytes", reason=INVALID_PARAMETER)
        if self.takes_data:
            self._pdu_left = length
            return None
        self._skip_left = length
        return Pdu(PduType.P_DATA, b"")

    def _collect(self) -> Pdu | None:
        size = min(self._body_left, self._end - self._at)
        self._body += self._view[self._at : self._at + size]
        self._at += size
        self._body_left -= size
        return None if self._body_left else Pdu(self._type, bytes(self._body))

    def _skip(self) -> None:
        size = min(self._skip_left, self._end - self._at)
        self._at += size
        self._skip_left -= size
