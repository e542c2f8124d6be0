"""The walk of new objects: does every element lie where the one before it says, to the end? Nothing is decoded.

It needs no codec and no copy of the pixels, so that it can be done to every object soon after it was acknowledged.
"""

import mmap
import os
import struct
import zlib
from collections.abc import Sequence
from typing import Any

from dicom.errors import DicomRefusal
from dicom.scan import DEFLATED, ITEM, ITEM_END, LONG, SEQUENCE_END, UNDEFINED, scan_part10

MAX_DEPTH = 64
MAX_ELEMENTS = 2_000_000
MAX_INFLATED = 64 << 20  # bytes of a deflated data set that are looked at
PIXELS = frozenset({0x7FE00008, 0x7FE00009, 0x7FE00010})
_HEAD = {True: struct.Struct("<HH"), False: struct.Struct(">HH")}
_SHORT = {True: struct.Struct("<H"), False: struct.Struct(">H")}
_LENGTH = {True: struct.Struct("<I"), False: struct.Struct(">I")}


def check(path: str, more: Sequence[str] = ()) -> tuple[dict[str, Any], bytes]:
    """Return for each object what is wrong with it, None when nothing is."""
    return {"notes": [_note(one) for one in (path, *more)]}, b""


def _note(path: str) -> str | None:
    try:
        return check_object(path)
    except (DicomRefusal, OSError, ValueError, zlib.error) as error:
        return f"{type(error).__name__}: {error}"[:300]


def check_object(path: str) -> str | None:
    """Return what is wrong with an object, None when every element can be followed.

    Raises
    ------
    DicomRefusal
        When its head cannot be read.
    """
    fd = os.open(path, os.O_RDONLY)
    try:
        size = os.fstat(fd).st_size
        found = scan_part10(lambda offset, length: os.pread(fd, length, offset), size)
        with mmap.mmap(fd, 0, prot=mmap.PROT_READ) as data:
            if found.transfer_syntax_uid not in DEFLATED:
                return Elements(data, found.encoding.little).follow(
                    found.dataset_offset, size, explicit=found.encoding.explicit
                )
            inflated = zlib.decompressobj(-15).decompress(data[found.dataset_offset :], MAX_INFLATED)
        note = Elements(inflated, little=True).follow(0, len(inflated), explicit=True)
        return None if len(inflated) == MAX_INFLATED else note
    finally:
        os.close(fd)


class Elements:
    """Follows a data set's lengths (PS3.5 §7.1, §7.5, §A.4) with a stack of bounded depth.

    Parameters
    ----------
    data
        Bytes to index, a mapped file for preference.
    """

    def __init__(self, data: bytes | mmap.mmap, little: bool) -> None:  # noqa: FBT001
        self._data = data
        self._head, self._short, self._length = _HEAD[little], _SHORT[little], _LENGTH[little]
        self._at = self._end = 0
        self._explicit = self._in_sequence = self._fragments = self._open = False
        self._stack: list[tuple[int, bool, bool, bool, bool]] = []

    def follow(self, at: int, end: int, *, explicit: bool) -> str | None:
        """Return what is wrong between two offsets, None when nothing is."""
        self._at, self._end, self._explicit = at, end, explicit
        for _ in range(MAX_ELEMENTS):
            if self._at < self._end:
                note = self._item() if self._in_sequence else self._element()
            elif not self._stack:
                return None
            elif self._open:
                note = "the bytes end inside a sequence"
            else:
                note = None
                self._leave()
            if note:
                return f"{note} at byte {self._at}"
        return "too many elements"

    def _element(self) -> str | None:
        at, data = self._at, self._data
        if self._end - at < 8:
            return "the bytes end inside an element"
        group, element = self._head.unpack_from(data, at)
        if group == 0xFFFE:
            return self._end_of_item(element)
        vr = data[at + 4 : at + 6] if self._explicit else b""
        if not vr.isupper():
            (length,), value = self._length.unpack_from(data, at + 4), at + 8
        elif vr not in LONG:
            (length,), value = self._short.unpack_from(data, at + 6), at + 8
        elif self._end - at < 12:
            return "the bytes end inside an element"
        else:
            (length,), value = self._length.unpack_from(data, at + 8), at + 12
        if length == UNDEFINED or vr == b"SQ":
            fragments = (group << 16 | element) in PIXELS and vr != b"SQ"
            return self._enter(value, length, explicit=self._explicit and vr != b"UN", fragments=fragments)
        return self._pass(value, length)

    def _end_of_item(self, element: int) -> str | None:
        if 0xFFFE0000 | element != ITEM_END or not self._open:
            return "an item ends that did not begin"
        self._at += 8
        self._leave()
        return None

    def _item(self) -> str | None:
        if self._end - self._at < 8:
            return "the bytes end inside a sequence"
        group, element = self._head.unpack_from(self._data, self._at)
        (length,) = self._length.unpack_from(self._data, self._at + 4)
        tag = group << 16 | element
        if tag == SEQUENCE_END and self._open:
            self._at += 8
            self._leave()
            return None
        if tag != ITEM or (self._fragments and length == UNDEFINED):
            return "something else stands where an item should"
        if self._fragments:
            return self._pass(self._at + 8, length)
        return self._enter(self._at + 8, length, explicit=self._explicit, in_sequence=False)

    def _pass(self, value: int, length: int) -> str | None:
        if value + length > self._end:
            return "a value reaches beyond its place"
        self._at = value + length
        return None

    def _enter(
        self, at: int, length: int, *, explicit: bool, fragments: bool = False, in_sequence: bool = True
    ) -> str | None:
        is_open = length == UNDEFINED
        if not is_open and at + length > self._end:
            return "a sequence reaches beyond its place"
        if len(self._stack) >= MAX_DEPTH:
            return "sequences are nested too deeply"
        self._stack.append((self._end, self._explicit, self._in_sequence, self._fragments, self._open))
        self._at, self._explicit, self._in_sequence, self._fragments = at, explicit, in_sequence, fragments
        self._end, self._open = (self._end if is_open else at + length), is_open
        return None

    def _leave(self) -> None:
        self._end, self._explicit, self._in_sequence, self._fragments, self._open = self._stack.pop()
