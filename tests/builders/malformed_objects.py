"""Objects that no device should send: cut, anonymous to the point of having no UIDs, bottomless, explosive."""

from __future__ import annotations

import io
import struct
import zlib
from collections.abc import Callable
from typing import Final

import pydicom

from tests.builders.dicom_objects import CT, image_dataset, image_part10

_PREFIX: Final = b"\0" * 128 + b"DICM"


def truncated(*, keep: float = 0.6) -> bytes:
    """Return a good image cut in the middle of its pixels."""
    data = image_part10(CT)
    return data[: round(len(data) * keep)]


def without_uids(*missing: str) -> bytes:
    """Return an image whose dataset lacks the named UIDs (by default all three)."""
    ds = image_dataset(CT)
    for keyword in missing or ("StudyInstanceUID", "SeriesInstanceUID", "SOPInstanceUID"):
        delattr(ds, keyword)
    buffer = io.BytesIO()
    pydicom.dcmwrite(buffer, ds, enforce_file_format=False)
    return buffer.getvalue()


def deeply_nested(depth: int = 3000) -> bytes:
    """Return an image with `depth` sequences inside each other before its pixels."""
    opened = b"".join(
        struct.pack("<HH2sHI", 0x0040, 0xA730, b"SQ", 0, 0xFFFFFFFF) + struct.pack("<HHI", 0xFFFE, 0xE000, 0xFFFFFFFF)
        for _ in range(depth)
    )
    closed = (struct.pack("<HHI", 0xFFFE, 0xE00D, 0) + struct.pack("<HHI", 0xFFFE, 0xE0DD, 0)) * depth
    return _with_element_before_pixels(opened + closed)


def deflate_bomb(*, inflated: int = 256 * 1024 * 1024) -> bytes:
    """Return a Deflated Explicit VR file of a few hundred kilobytes that inflates to `inflated` bytes."""
    good = image_part10(CT, transfer_syntax=pydicom.uid.DeflatedExplicitVRLittleEndian)
    meta = good[: _meta_end(good)]
    deflater = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS)
    body = zlib.decompress(good[len(meta) :], -zlib.MAX_WBITS)
    parts = [deflater.compress(body[: _pixel_data_at(body)])]
    parts.append(deflater.compress(struct.pack("<HH2sHI", 0x7FE0, 0x0010, b"OW", 0, inflated)))
    zeros = bytes(1024 * 1024)
    parts.extend(deflater.compress(zeros) for _ in range(inflated // len(zeros)))
    parts.append(deflater.flush())
    return meta + b"".join(parts)


def huge_length(length: int = 0xFFFFFFF0) -> bytes:
    """Return an image whose Image Comments announce `length` bytes that are not there."""
    return _with_element_before_pixels(struct.pack("<HH2sHI", 0x0020, 0x9999, b"UT", 0, length))


def many_elements(count: int = 200_000) -> bytes:
    """Return an image with `count` empty private elements."""
    return _with_element_before_pixels(
        b"".join(struct.pack("<HH2sH", 0x0043 + 2 * (n >> 15), 0x1000 + (n & 0x7FFF), b"LO", 0) for n in range(count))
    )


def not_dicom() -> bytes:
    """Return a JPEG's first bytes under a DICOM file name, as people send them."""
    return b"\xff\xd8\xff\xe0\x00\x10JFIF\x00" + bytes(512)


def only_a_preamble() -> bytes:
    """Return a file that ends after its prefix."""
    return _PREFIX


ALL: Final[dict[str, Callable[[], bytes]]] = {
    "truncated": truncated,
    "without-uids": without_uids,
    "deeply-nested": deeply_nested,
    "deflate-bomb": deflate_bomb,
    "huge-length": huge_length,
    "many-elements": many_elements,
    "not-dicom": not_dicom,
    "only-a-preamble": only_a_preamble,
}


def _with_element_before_pixels(element: bytes) -> bytes:
    good = image_part10(CT)
    at = _pixel_data_at(good)
    return good[:at] + element + good[at:]


def _pixel_data_at(data: bytes) -> int:
    return data.rindex(struct.pack("<HH2s", 0x7FE0, 0x0010, b"OW"))


def _meta_end(data: bytes) -> int:
    # (0002,0000) UL 4: the group length stands first in the meta information (PS3.10 7.1).
    (length,) = struct.unpack_from("<I", data, len(_PREFIX) + 8)
    return len(_PREFIX) + 12 + int(length)
