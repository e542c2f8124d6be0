"""The bounded header scan before the acknowledgement (decisions 7): raw values, no decoding, no recursion.

It reads an object's head through a function, follows lengths with a stack of bounded depth, inflates at most
1 MiB and stops behind the image module's rows and columns. What it cannot follow it leaves; what it must have
(the three UIDs) `dicom.index` asks for.
"""

import struct
import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from dicom.errors import Unreadable

Reader = Callable[[int, int], bytes]  # (offset, length) -> bytes, shorter at the object's end

IMPLICIT_LITTLE = "1.2.840.10008.1.2"
EXPLICIT_LITTLE = "1.2.840.10008.1.2.1"
EXPLICIT_BIG = "1.2.840.10008.1.2.2"
DEFLATED = frozenset({"1.2.840.10008.1.2.1.99", "1.2.840.10008.1.2.4.95", "1.2.840.10008.1.2.4.205"})
IMPLICIT = frozenset({IMPLICIT_LITTLE, "1.2.840.113619.5.2"})  # the second is GE's, little endian but for pixels

MAX_INFLATED = 1 << 20
MAX_DEPTH = 32
MAX_ELEMENTS = 100_000
MAX_VALUE = 1 << 16
WINDOW = 1 << 16
UNDEFINED = 0xFFFFFFFF

MEDIA_SOP_CLASS, MEDIA_SOP_INSTANCE, META_SYNTAX = 0x00020002, 0x00020003, 0x00020010
SOP_INSTANCE, STUDY_INSTANCE, SERIES_INSTANCE = 0x00080018, 0x0020000D, 0x0020000E
WANTED = frozenset(
    {
        0x00080005, 0x00080016, SOP_INSTANCE, 0x00080020, 0x00080030, 0x00080050, 0x00080060, 0x00080090,
        0x00081030, 0x0008103E, 0x00100010, 0x00100020, 0x00100021, 0x00100030, 0x00100040, 0x00180015,
        STUDY_INSTANCE, SERIES_INSTANCE, 0x00200010, 0x00200011, 0x00200013, 0x00280008, 0x00280010, 0x00280011,
        0x00280100,
    }
)  # fmt: skip
REQUIRED = (SOP_INSTANCE, STUDY_INSTANCE, SERIES_INSTANCE)
LAST_GROUP = 0x0028

LONG = frozenset({b"OB", b"OD", b"OF", b"OL", b"OV", b"OW", b"SQ", b"SV", b"UC", b"UN", b"UR", b"UT", b"UV"})
ITEM, ITEM_END, SEQUENCE_END = 0xFFFEE000, 0xFFFEE00D, 0xFFFEE0DD


@dataclass(frozen=True, slots=True)
class Encoding:
    """How a data set's elements are written (PS3.5 §7.1, §7.3)."""

    explicit: bool
    little: bool


@dataclass(frozen=True, slots=True)
class Scan:
    """What stands in an object's head, as raw bytes.

    `complete` is False when the head ended in something the scan could not follow; `dataset_offset` counts
    bytes from the object's begin.
    """

    transfer_syntax_uid: str
    dataset_offset: int
    encoding: Encoding
    values: Mapping[int, bytes]
    complete: bool
    meta: Mapping[int, bytes] = field(default_factory=dict)


class _Lost(Exception):
    """The bytes end here, or make no sense from here on."""


class _Source:
    """The object's bytes, fetched a window at a time."""

    __slots__ = ("_base", "_read", "_window")

    def __init__(self, read: Reader) -> None:
        self._read, self._base, self._window = read, 0, b""

    def take(self, offset: int, length: int) -> bytes:
        """Return up to `length` bytes; fewer at the end."""
        start = offset - self._base
        if start < 0 or start + length > len(self._window):
            self._window, self._base, start = self._read(offset, max(length, WINDOW)), offset, 0
        return self._window[start : start + length]


_HEADS = {True: struct.Struct("<HH"), False: struct.Struct(">HH")}
_SHORTS = {True: struct.Struct("<H"), False: struct.Struct(">H")}
_LONGS = {True: struct.Struct("<I"), False: struct.Struct(">I")}


def scan_part10(read: Reader, size: int) -> Scan:
    """Scan a whole object: preamble, meta group and data set (PS3.10 §7.1), or what is left of them.

    Raises
    ------
    Unreadable
        When nothing in it looks like a data set.
    """
    source = _Source(read)
    at, meta = _meta(source, _meta_begin(source), size)
    head = source.take(at, 8)
    if len(head) < 8:
        raise Unreadable("there is no data set")
    if not meta and not _plausible_start(head):
        raise Unreadable("this is no DICOM object")
    declared = meta.get(META_SYNTAX, b"").rstrip(b"\0 ").decode("ascii", "replace")
    return _scan(read, at, size, declared or _guess_syntax(head), meta)


def scan_dataset(read: Reader, offset: int, size: int, transfer_syntax_uid: str) -> Scan:
    """Scan the data set that begins at `offset` of an object of `size` bytes."""
    return _scan(read, offset, size, transfer_syntax_uid, {})


def _scan(read: Reader, offset: int, size: int, syntax: str, meta: Mapping[int, bytes]) -> Scan:
    begin, end = offset, size
    if syntax in DEFLATED:
        inflated = _inflate(read, offset)
        read, begin, end = _over(inflated), 0, len(inflated)
    source = _Source(read)
    encoding = encoding_of(source.take(begin, 6), syntax)
    values: dict[int, bytes] = {}
    complete = _elements(source, begin, end, encoding, values)
    return Scan(syntax, offset, encoding, values, complete, meta)


def encoding_of(head: bytes, syntax: str) -> Encoding:
    """Return how the data set is written: its first element's word counts more than what the meta group claims."""
    if len(head) < 6 or head[:2] == b"\0\0":
        return Encoding(syntax not in IMPLICIT, syntax != EXPLICIT_BIG)
    little = head[1] == 0
    return Encoding(_is_vr(head[4:6]), little) if _plausible_group(head) else Encoding(syntax not in IMPLICIT, little)


def _meta_begin(source: _Source) -> int:
    head = source.take(0, 132)
    if head[128:132] == b"DICM":
        return 132
    return 4 if head[:4] == b"DICM" else 0


def _meta(source: _Source, at: int, size: int) -> tuple[int, dict[int, bytes]]:
    """Follow the meta group, which is explicit little endian (PS3.10 §7.1), by its elements and not by its length."""
    meta: dict[int, bytes] = {}
    for _ in range(64):
        head = source.take(at, 12)
        if head[:2] != b"\x02\x00" or len(head) < 8:
            break
        try:
            tag, _vr, length, value = _element(head, at, Encoding(_is_vr(head[4:6]), little=True))
        except _Lost as error:
            raise Unreadable("the meta group ends within an element") from error
        if length > min(size - value, 1 << 20):
            raise Unreadable("the meta group lies about its lengths")
        if tag in {MEDIA_SOP_CLASS, MEDIA_SOP_INSTANCE, META_SYNTAX}:
            meta[tag] = source.take(value, min(length, MAX_VALUE))
        at = value + length
    return at, meta


def _plausible_start(head: bytes) -> bool:
    if not _plausible_group(head):
        return False
    little = head[1] == 0
    return _is_vr(head[4:6]) or _LONGS[little].unpack_from(head, 4)[0] <= 1 << 16


def _plausible_group(head: bytes) -> bool:
    return (head[1] == 0 and head[0] <= 0x20) or (head[0] == 0 and head[1] <= 0x20)


def _guess_syntax(head: bytes) -> str:
    if not _is_vr(head[4:6]):
        return IMPLICIT_LITTLE
    return EXPLICIT_LITTLE if head[1] == 0 else EXPLICIT_BIG


def _is_vr(vr: bytes) -> bool:
    return len(vr) == 2 and vr.isalpha() and vr.isupper()


def _inflate(read: Reader, offset: int) -> bytes:
    """Inflate at most 1 MiB of head (PS3.5 §A.5: raw deflate; a zlib header is met in the field)."""
    head = read(offset, 2)
    zlib_header = len(head) == 2 and head[0] & 0x0F == 8 and (head[0] << 8 | head[1]) % 31 == 0
    engine = zlib.decompressobj(15 if zlib_header else -15)
    out = bytearray()
    while len(out) < MAX_INFLATED and not engine.eof:
        chunk = read(offset, WINDOW)
        offset += len(chunk)
        if not chunk:
            break
        try:
            out += engine.decompress(chunk, MAX_INFLATED - len(out))
        except zlib.error:
            break
    return bytes(out)


def _over(data: bytes) -> Reader:
    return lambda offset, length: data[offset : offset + length]


def _element(head: bytes, at: int, encoding: Encoding) -> tuple[int, bytes, int, int]:
    """Return tag, VR (empty when implicit), length and where the value begins."""
    if len(head) < 8:
        raise _Lost
    little = encoding.little
    group, element = _HEADS[little].unpack_from(head)
    vr = head[4:6]
    if group == 0xFFFE or not encoding.explicit or not _is_vr(vr):
        return group << 16 | element, b"", _LONGS[little].unpack_from(head, 4)[0], at + 8
    if vr in LONG:
        if len(head) < 12:
            raise _Lost
        return group << 16 | element, vr, _LONGS[little].unpack_from(head, 8)[0], at + 12
    return group << 16 | element, vr, _SHORTS[little].unpack_from(head, 6)[0], at + 8


def _elements(source: _Source, at: int, end: int, encoding: Encoding, values: dict[int, bytes]) -> bool:
    """Gather wanted values; return False when the bytes ended or made no sense before the head did."""
    budget = MAX_ELEMENTS
    try:
        while at < end:
            tag, vr, length, value = _element(source.take(at, 12), at, encoding)
            if tag >> 16 > LAST_GROUP and all(uid in values for uid in REQUIRED):
                return True
            budget -= 1
            if length == UNDEFINED:
                at, budget = _skip(
                    source, value, end, Encoding(encoding.explicit and vr != b"UN", encoding.little), budget
                )
                continue
            if value + length > end or budget < 0:
                return False
            if tag in WANTED and tag not in values and length <= MAX_VALUE:
                values[tag] = source.take(value, length)
            at = value + length
    except _Lost:
        return False
    return True


def _skip(source: _Source, at: int, end: int, encoding: Encoding, budget: int) -> tuple[int, int]:
    """Step over a value of undefined length (PS3.5 §7.5): a stack of sequences and items, never recursion."""
    stack = [(True, encoding)]  # (is a sequence, not an item; how it is written)
    while stack:
        if len(stack) > 2 * MAX_DEPTH:
            raise Unreadable("sequences are nested too deeply")
        budget -= 1
        in_sequence, inner = stack[-1]
        tag, vr, length, value = _element(source.take(at, 12), at, inner)
        if budget < 0 or value > end:
            raise _Lost
        at = value
        if tag in {ITEM_END, SEQUENCE_END}:
            _close(stack, tag)
        elif in_sequence and tag != ITEM:
            raise _Lost
        elif length != UNDEFINED:
            at += length
        else:
            stack.append((not in_sequence, Encoding(inner.explicit and vr != b"UN", inner.little)))
    return at, budget


def _close(stack: list[tuple[bool, Encoding]], tag: int) -> None:
    is_sequence, _ = stack.pop()
    if tag == SEQUENCE_END and not is_sequence and stack:
        stack.pop()  # the item's own end is missing
