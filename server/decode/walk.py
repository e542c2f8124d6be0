"""The full walk, once, after the acknowledgement: JSON metadata, where each frame lies, and what is wrong."""

import json
import struct
from collections.abc import Sequence
from pathlib import Path
from typing import Any, BinaryIO

from pydicom.dataelem import DataElement
from pydicom.dataset import Dataset
from pydicom.tag import Tag

from dicom.json_model import to_json
from dicom.scan import DEFLATED, EXPLICIT_BIG
from server.decode.opening import open_dataset, read_dataset, scan

BASE = "@BASE@"  # stands for the address of /dicom-web; replaced when it is answered
INLINE = 1024  # bytes; longer values are fetched apart
_ITEM, _END = 0xFFFEE000, 0xFFFEE0DD
Spans = list[list[int]]


def walk(path: str, base: str) -> tuple[dict[str, Any], bytes]:
    """Return what was found wrong, and the sidecar: a line of metadata and a line that says where frames lie.

    Parameters
    ----------
    base
        The instance's address below /dicom-web, for bulk data.
    """
    problems: list[str] = []

    def bulk(at: Sequence[str], elem: DataElement) -> str | None:
        long = elem.value is not None and not isinstance(elem.value, int | float) and len(elem.value) > INLINE
        return f"{BASE}{base}/bulkdata/{'-'.join(at)}" if long else None

    found, _ = scan(path)
    with Path(path).open("rb") as file:
        dataset = read_dataset(file, path, pixels=False)
        frames = None
        if found.transfer_syntax_uid not in DEFLATED:
            try:
                frames = _frames(file, dataset, explicit=found.encoding.explicit, little=found.encoding.little)
            except (TypeError, ValueError, struct.error) as error:
                problems.append(f"pixel data: {type(error).__name__}")
    metadata = to_json(dataset, bulk, problems)
    metadata["00080005"] = {"vr": "CS", "Value": ["ISO_IR 192"]}  # JSON is UTF-8, whatever the object was
    if "Rows" in dataset:
        metadata["7FE00010"] = {"vr": "OW", "BulkDataURI": f"{BASE}{base}/bulkdata/7FE00010"}
    if not found.complete:
        problems.append("the head ends early")
    swapped = found.transfer_syntax_uid == EXPLICIT_BIG and dataset.get("BitsAllocated") != 8
    table = {"frames": None if swapped else frames, "syntax": found.transfer_syntax_uid}
    lines = [json.dumps(line, ensure_ascii=False, separators=(",", ":")).encode() for line in (metadata, table)]
    return {"walk": "warning" if problems else "ok", "note": "; ".join(problems[:20])}, b"\n".join(lines)


def _frames(file: BinaryIO, dataset: Dataset, *, explicit: bool, little: bool) -> list[Spans] | None:
    """Return for each frame where its bytes lie, None when only a decoder can tell."""
    head = file.read(12)
    if len(head) < 12:
        return None
    order = "<" if little else ">"
    group, element = struct.unpack_from(f"{order}HH", head)
    if group << 16 | element not in {0x7FE00008, 0x7FE00009, 0x7FE00010}:
        return None
    (length,) = struct.unpack_from(f"{order}I", head, 8 if explicit else 4)
    begin = file.tell() - (0 if explicit else 4)
    if length == 0xFFFFFFFF:
        return _encapsulated(file, begin, dataset)
    return _native(dataset, begin, length)


def _native(dataset: Dataset, begin: int, length: int) -> list[Spans] | None:
    count = int(dataset.get("NumberOfFrames") or 1)
    bits = int(dataset.get("Rows") or 0) * int(dataset.get("Columns") or 0)
    bits *= int(dataset.get("SamplesPerPixel") or 1) * int(dataset.get("BitsAllocated") or 8)
    subsampled = str(dataset.get("PhotometricInterpretation") or "") == "YBR_FULL_422"
    size = bits * 2 // 3 // 8 if subsampled else bits // 8
    if not size or bits % 8 or count < 1 or size * count > length + 1:
        return None
    return [[[begin + i * size, size]] for i in range(count)]


def _encapsulated(file: BinaryIO, begin: int, dataset: Dataset) -> list[Spans] | None:
    """Follow the items (PS3.5 §A.4): the offset table, then fragments, which are frames when there are as many."""
    fragments: Spans = []
    offsets: tuple[int, ...] = ()
    at, first = begin, True
    while True:
        file.seek(at)
        head = file.read(8)
        if len(head) < 8:
            break
        group, element, length = struct.unpack("<HHI", head)
        if group << 16 | element != _ITEM:
            break
        if first:
            table = file.read(min(length, 1 << 24))
            offsets = struct.unpack(f"<{len(table) // 4}I", table[: len(table) // 4 * 4])
            first = False
        else:
            fragments.append([at + 8, length])
        at += 8 + length
    return _by_frame(fragments, offsets, int(dataset.get("NumberOfFrames") or 1))


def _by_frame(fragments: Spans, offsets: Sequence[int], count: int) -> list[Spans] | None:
    if not fragments:
        return None
    if len(fragments) == count:
        return [[span] for span in fragments]
    if count == 1:
        return [fragments]
    if len(offsets) != count:
        return None
    origin = fragments[0][0] - 8
    starts = [*(origin + o + 8 for o in offsets), 1 << 62]
    return [[s for s in fragments if starts[i] <= s[0] < starts[i + 1]] for i in range(count)]


def bulk_value(path: str, at: Sequence[str]) -> bytes:
    """Return the value at a path of tags and item numbers, as it stands in the object."""
    node: Any = open_dataset(path, pixels=at[0].startswith("7FE0"))
    for name, index in zip(at[:-1:2], at[1::2], strict=False):
        node = node[Tag(int(name, 16))].value[int(index)]
    value = node[Tag(int(at[-1], 16))].value
    return bytes(value) if isinstance(value, bytes | bytearray) else str(value).encode()
