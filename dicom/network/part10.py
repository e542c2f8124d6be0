"""The head of a Part 10 file: preamble, DICM and the meta group, written from a command set, read for sending."""

import struct
from dataclasses import dataclass

from dicom.network.contexts import IMPLEMENTATION_CLASS_UID, IMPLEMENTATION_VERSION_NAME, is_uid

PREAMBLE = bytes(128) + b"DICM"
MAX_META = 65536  # bytes of meta group that we read; a real one has some 200
_SHORT = struct.Struct("<HH2sH")
_LONG = struct.Struct("<HH2sxxI")
_LONG_VRS = frozenset({b"OB", b"OW", b"UN", b"UT", b"OF", b"OD", b"OL", b"OV", b"UC", b"UR", b"SQ", b"SV", b"UV"})
_VERSION = _LONG.pack(2, 0x0001, b"OB", 2) + b"\0\1"
_CLASS, _INSTANCE, _SYNTAX = 0x0002, 0x0003, 0x0010


class NotPart10(Exception):
    """The bytes do not begin as a Part 10 file that can be sent (PS3.10 §7.1)."""


@dataclass(frozen=True, slots=True)
class FileMeta:
    """What sending a file needs to know; `dataset_offset` counts bytes from the file's beginning."""

    sop_class_uid: str
    sop_instance_uid: str
    transfer_syntax_uid: str
    dataset_offset: int


def _short(element: int, vr: bytes, value: str, pad: bytes) -> bytes:
    raw = value.encode("ascii")
    raw += pad * (len(raw) % 2)
    return _SHORT.pack(2, element, vr, len(raw)) + raw


_OURS = _short(0x0012, b"UI", IMPLEMENTATION_CLASS_UID, b"\0") + _short(
    0x0013, b"SH", IMPLEMENTATION_VERSION_NAME, b" "
)


def write_head(sop_class_uid: str, sop_instance_uid: str, transfer_syntax_uid: str, source_ae_title: str) -> bytes:
    """Return everything of a Part 10 file before its data set (PS3.10 §7.1, Table 7.1-1)."""
    group = b"".join(
        (
            _VERSION,
            _short(_CLASS, b"UI", sop_class_uid, b"\0"),
            _short(_INSTANCE, b"UI", sop_instance_uid, b"\0"),
            _short(_SYNTAX, b"UI", transfer_syntax_uid, b"\0"),
            _OURS,
            _short(0x0016, b"AE", source_ae_title, b" "),
        )
    )
    return PREAMBLE + _SHORT.pack(2, 0, b"UL", 4) + struct.pack("<I", len(group)) + group


def read_head(head: bytes) -> FileMeta:
    """Read the head of a Part 10 file from its first bytes (`MAX_META` of them are always enough).

    Raises
    ------
    NotPart10
        When there is no preamble, the group does not add up or a UID is missing or none.
    """
    if head[128:132] != b"DICM":
        raise NotPart10("no DICM prefix")
    values: dict[int, bytes] = {}
    at = len(PREAMBLE)
    while head[at : at + 2] == b"\2\0":
        element, start, end = _element(head, at)
        values[element] = head[start:end]
        at = end
    uids = [
        values.get(element, b"").rstrip(b"\0 ").decode("ascii", "replace") for element in (_CLASS, _INSTANCE, _SYNTAX)
    ]
    if not all(map(is_uid, uids)):
        raise NotPart10("meta group without its UIDs")
    return FileMeta(uids[0], uids[1], uids[2], at)


def _element(head: bytes, at: int) -> tuple[int, int, int]:
    """Return the number of the meta element at `at`, and where its value begins and ends."""
    if len(head) - at < _LONG.size:
        raise NotPart10("meta group is cut off")
    _, element, vr, length = _SHORT.unpack_from(head, at)
    start = at + _SHORT.size
    if vr in _LONG_VRS:
        length = _LONG.unpack_from(head, at)[3]
        start = at + _LONG.size
    if length > len(head) - start:
        raise NotPart10("meta group is cut off")
    return element, start, start + length
