"""DIMSE: command sets to and from bytes, and messages from fragments (PS3.7 §6.3, §9.3, Annex E)."""

import struct
from dataclasses import dataclass, field
from enum import IntEnum

from dicom.network.contexts import Context
from dicom.network.framing import Fragment

MAX_COMMAND = 65536  # bytes; a C-STORE-RQ needs some 200
NO_DATA_SET = 0x0101
_ELEMENT = struct.Struct("<HHI")
_GROUP_LENGTH = struct.Struct("<HHII")


class Element(IntEnum):
    """Elements of group 0000 (PS3.7 Table E.1-1), by their number, in the order they are written."""

    AffectedSOPClassUID = 0x0002
    RequestedSOPClassUID = 0x0003
    CommandField = 0x0100
    MessageID = 0x0110
    MessageIDBeingRespondedTo = 0x0120
    MoveDestination = 0x0600
    Priority = 0x0700
    CommandDataSetType = 0x0800
    Status = 0x0900
    OffendingElement = 0x0901
    ErrorComment = 0x0902
    AffectedSOPInstanceUID = 0x1000
    RequestedSOPInstanceUID = 0x1001
    MoveOriginatorApplicationEntityTitle = 0x1030
    MoveOriginatorMessageID = 0x1031


class Command(IntEnum):
    """Command Field (PS3.7 Table E.1-1); a response has bit 15 set."""

    C_STORE_RQ = 0x0001
    C_STORE_RSP = 0x8001
    C_GET_RQ = 0x0010
    C_FIND_RQ = 0x0020
    C_MOVE_RQ = 0x0021
    C_ECHO_RQ = 0x0030
    C_ECHO_RSP = 0x8030
    N_EVENT_REPORT_RQ = 0x0100
    N_GET_RQ = 0x0110
    N_SET_RQ = 0x0120
    N_ACTION_RQ = 0x0130
    N_CREATE_RQ = 0x0140
    N_DELETE_RQ = 0x0150
    C_CANCEL_RQ = 0x0FFF


RESPONSE = 0x8000
_UIDS = frozenset(
    {
        Element.AffectedSOPClassUID,
        Element.RequestedSOPClassUID,
        Element.AffectedSOPInstanceUID,
        Element.RequestedSOPInstanceUID,
    }
)


class InvalidMessage(Exception):
    """What came is no DIMSE message; the association is aborted."""


@dataclass(frozen=True, slots=True)
class CommandSet:
    """A decoded command: raw values by element number."""

    values: dict[int, bytes] = field(default_factory=dict)

    def number(self, element: Element) -> int | None:
        """Return an unsigned short, or None when it is missing or of another length."""
        raw = self.values.get(element)
        return int.from_bytes(raw, "little") if raw is not None and len(raw) == 2 else None

    def text(self, element: Element) -> str:
        """Return a string without its padding; bytes that are not ASCII become U+FFFD and match nothing."""
        return self.values.get(element, b"").rstrip(b"\0 ").decode("ascii", "replace")

    @property
    def has_data_set(self) -> bool:
        """Whether a data set follows (PS3.7 §6.3.1)."""
        return self.number(Element.CommandDataSetType) != NO_DATA_SET


def encode_command(values: dict[Element, int | str | bytes]) -> bytes:
    """Encode a command set in Implicit VR Little Endian, its group length first (PS3.7 §6.3.1)."""
    body = b"".join(_encode_element(element, values[element]) for element in sorted(values))
    return _GROUP_LENGTH.pack(0, 0, 4, len(body)) + body


def _encode_element(element: Element, value: int | str | bytes) -> bytes:
    if isinstance(value, int):
        raw = value.to_bytes(2, "little")
    else:
        raw = value.encode("ascii", "replace") if isinstance(value, str) else value
        if len(raw) % 2:
            raw += b"\0" if element in _UIDS else b" "
    return _ELEMENT.pack(0, element, len(raw)) + raw


def decode_command(data: bytes) -> CommandSet:
    """Decode a command set.

    Raises
    ------
    InvalidMessage
        When lengths do not add up or an element is not of group 0000. Group lengths are not believed.
    """
    values: dict[int, bytes] = {}
    at = 0
    while at < len(data):
        if len(data) - at < 8:
            raise InvalidMessage("command set is cut off")
        group, element, length = _ELEMENT.unpack_from(data, at)
        at += 8
        if group or length > len(data) - at:
            raise InvalidMessage("command set does not add up")
        values[element] = data[at : at + length]
        at += length
    return CommandSet(values)


@dataclass(frozen=True, slots=True)
class CommandReceived:
    """A whole command set and the context it came in."""

    context: Context
    command: CommandSet


@dataclass(frozen=True, slots=True)
class DataReceived:
    """A slice of the data set that belongs to the last command; `last` ends the message."""

    data: memoryview
    last: bool


class MessageReader:
    """Puts fragments together to commands and lets data sets through untouched (PS3.8 Annex E, PS3.7 §6.3.1)."""

    __slots__ = ("_command", "_context_id", "_contexts", "_expects_data")

    def __init__(self, contexts: dict[int, Context]) -> None:
        self._contexts = contexts
        self._command = bytearray()
        self._context_id = 0
        self._expects_data = False

    @property
    def in_message(self) -> bool:
        """Whether a message has begun and not ended."""
        return self._expects_data or bool(self._command)

    def receive(self, fragment: Fragment) -> CommandReceived | DataReceived | None:
        """Take a fragment.

        Raises
        ------
        InvalidMessage
            When it belongs to no accepted context, comes out of order, or the command is too long.
        """
        if not fragment.command:
            if not self._expects_data or fragment.context_id != self._context_id:
                raise InvalidMessage("a data set without its command")
            self._expects_data = not fragment.last
            return DataReceived(fragment.data, fragment.last)
        return self._on_command(fragment)

    def _on_command(self, fragment: Fragment) -> CommandReceived | None:
        if self._expects_data or (self._command and fragment.context_id != self._context_id):
            raise InvalidMessage("a command inside another message")
        context = self._contexts.get(fragment.context_id)
        if context is None:
            raise InvalidMessage("a presentation context that was not accepted")
        if len(self._command) + len(fragment.data) > MAX_COMMAND:
            raise InvalidMessage("command set too long")
        self._context_id = fragment.context_id
        self._command += fragment.data
        if not fragment.last:
            return None
        command = decode_command(bytes(self._command))
        self._command.clear()
        self._expects_data = command.has_data_set
        return CommandReceived(context, command)
