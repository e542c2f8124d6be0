"""The header scan reads what pydicom reads, within bounds, and never loses its way (decisions 7; R19, R21, R22)."""

import io
import struct
import time
import tracemalloc
import warnings
from pathlib import Path

import pydicom
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydicom.dataset import Dataset

from dicom.errors import DicomRefusal, Unreadable
from dicom.index import header_of
from dicom.model import Header
from dicom.scan import REQUIRED, Scan, scan_part10
from tests.builders import malformed_objects
from tests.builders.dicom_objects import CT, TRANSFER_SYNTAXES, image_dataset, image_part10, part10

SAMPLE = image_part10(CT)


def scan(data: bytes) -> Scan:
    return scan_part10(lambda offset, length: data[offset : offset + length], len(data))


def header(data: bytes) -> Header:
    return header_of(scan(data))


@pytest.mark.parametrize("syntax", TRANSFER_SYNTAXES)
def test_every_transfer_syntax_gives_the_same_header(syntax: str) -> None:
    data = image_part10(CT, transfer_syntax=syntax)
    seen, plain = header(data), header(SAMPLE)
    assert seen.transfer_syntax_uid == syntax
    assert (seen.sop_instance_uid, seen.patient_name, seen.rows, seen.modality, seen.has_pixels) == (
        plain.sop_instance_uid,
        plain.patient_name,
        plain.rows,
        plain.modality,
        True,
    )


@pytest.mark.parametrize("syntax", TRANSFER_SYNTAXES[:3])
def test_an_object_without_preamble_and_meta_group_is_recognised(syntax: str) -> None:
    data = image_part10(CT, transfer_syntax=syntax)
    bare = data[scan(data).dataset_offset :]
    assert header(bare).sop_instance_uid == header(SAMPLE).sop_instance_uid
    assert scan(bare).transfer_syntax_uid == syntax


def test_a_meta_group_that_names_another_encoding_is_not_believed() -> None:
    data = image_part10(CT, transfer_syntax="1.2.840.10008.1.2.1")
    lying = data.replace(b"1.2.840.10008.1.2.1\0", b"1.2.840.10008.1.2\0\0\0", 1)
    assert header(lying).sop_instance_uid == header(SAMPLE).sop_instance_uid


def test_every_real_file_is_read_as_pydicom_reads_it(shared_data: Path) -> None:
    compared = 0
    for path in sorted((shared_data / "dicom").rglob("*")):
        data = path.read_bytes() if path.is_file() else b""
        try:
            found = scan(data)
        except Unreadable:
            continue
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            try:
                ds = pydicom.dcmread(io.BytesIO(data), force=True, stop_before_pixels=True)
                theirs = [str(ds[tag].value) if tag in ds else "" for tag in REQUIRED]
            except (NotImplementedError, ValueError):
                continue
        assert [found.values.get(tag, b"").rstrip(b"\0 ").decode() for tag in REQUIRED] == theirs, path
        compared += 1
    assert compared > 200


@pytest.mark.parametrize("name", sorted(malformed_objects.ALL))
def test_hostile_objects_cost_little_time_and_memory(name: str) -> None:
    data = malformed_objects.ALL[name]()
    tracemalloc.start()
    started = time.perf_counter()
    try:
        header(data)
    except DicomRefusal:
        pass
    finally:
        _, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
    assert time.perf_counter() - started < 2
    assert peak < 8 << 20


@pytest.mark.parametrize("depth", [10, 31, 100, 3000])
def test_nesting_beyond_the_limit_is_refused_and_never_recursed_into(depth: int) -> None:
    begin = struct.pack("<HH2sHI", 0x0008, 0x1140, b"SQ", 0, 0xFFFFFFFF)
    item = struct.pack("<HHI", 0xFFFE, 0xE000, 0xFFFFFFFF)
    ends = struct.pack("<HHI", 0xFFFE, 0xE00D, 0) + struct.pack("<HHI", 0xFFFE, 0xE0DD, 0)
    at = SAMPLE.index(struct.pack("<HH", 0x0010, 0x0010) + b"PN")
    data = SAMPLE[:at] + (begin + item) * depth + ends * depth + SAMPLE[at:]
    if depth > 32:
        with pytest.raises(Unreadable, match="nested"):
            scan(data)
    else:
        assert header(data).patient_name.value


@settings(max_examples=300, deadline=None)
@given(data=st.binary(max_size=600))
def test_no_bytes_at_all_bring_it_down(data: bytes) -> None:
    for prefix in (b"", bytes(128) + b"DICM", SAMPLE[:300]):
        try:
            header(prefix + data)
        except DicomRefusal:
            continue


def test_an_object_cut_anywhere_before_its_uids_is_refused() -> None:
    begins = SAMPLE.index(struct.pack("<HH2s", 0x0020, 0x000E, b"UI"))  # the last of the three
    for cut in range(begins):
        with pytest.raises(Unreadable):
            header(SAMPLE[:cut])


@settings(max_examples=300, deadline=None)
@given(changes=st.lists(st.tuples(st.integers(0, 1200), st.integers(0, 255)), max_size=8), cut=st.integers(1, 4000))
def test_no_change_of_a_real_object_brings_it_down(changes: list[tuple[int, int]], cut: int) -> None:
    data = bytearray(SAMPLE[:cut])
    for place, value in changes:
        if place < len(data):
            data[place] = value
    try:
        found = header(bytes(data))
    except DicomRefusal:
        return
    assert all(set(uid) <= set("0123456789.") for uid in (found.study_instance_uid, found.sop_instance_uid))


@pytest.mark.parametrize(
    "uid", ["../../../tmp/evil", "1.2.3/../../x", "1.2\n3", "CON", "%2e%2e", "1" * 65, "１.２", "1.2\0.3", ""]
)
@pytest.mark.parametrize("keyword", ["StudyInstanceUID", "SeriesInstanceUID", "SOPInstanceUID"])
def test_what_cannot_be_a_uid_is_refused(uid: str, keyword: str) -> None:
    ds = image_dataset(CT)
    value = uid.encode("utf-8")
    value += b"\0" * (len(value) % 2)
    data = part10(ds)
    original = str(ds[keyword].value).encode()
    padded = original + b"\0" * (len(original) % 2)
    head = struct.pack("<HH2sH", ds[keyword].tag.group, ds[keyword].tag.element, b"UI", len(padded)) + padded
    at = data.rindex(head)
    hostile = head[:6] + struct.pack("<H", len(value)) + value
    with pytest.raises(Unreadable):
        header(data[:at] + hostile + data[at + len(head) :])


def test_leading_zeros_in_a_uid_are_carried() -> None:
    ds: Dataset = image_dataset(CT)
    data = part10(ds)
    wanted = str(ds.StudyInstanceUID).replace(".990101.", ".0990101.")
    old, new = str(ds.StudyInstanceUID).encode(), wanted.encode()
    head = struct.pack("<HH2sH", 0x0020, 0x000D, b"UI", len(old) + len(old) % 2) + old + b"\0" * (len(old) % 2)
    fresh = struct.pack("<HH2sH", 0x0020, 0x000D, b"UI", len(new) + len(new) % 2) + new + b"\0" * (len(new) % 2)
    assert header(data.replace(head, fresh)).study_instance_uid == wanted
