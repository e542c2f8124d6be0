"""The head of a file: what we write pydicom reads, what pydicom writes we read."""

import io

import pydicom
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dicom.network.contexts import IMPLEMENTATION_CLASS_UID
from dicom.network.part10 import NotPart10, read_head, write_head
from tests.builders.dicom_objects import image_part10

CT, EXPLICIT = "1.2.840.10008.5.1.4.1.1.2", "1.2.840.10008.1.2.1"
HEAD = write_head(CT, "1.2.34", EXPLICIT, "T01")


def test_pydicom_reads_the_head_we_write() -> None:
    meta = pydicom.dcmread(io.BytesIO(HEAD)).file_meta
    assert (meta.MediaStorageSOPClassUID, meta.MediaStorageSOPInstanceUID, meta.TransferSyntaxUID) == (
        CT,
        "1.2.34",
        EXPLICIT,
    )
    assert meta.ImplementationClassUID == IMPLEMENTATION_CLASS_UID
    assert meta.SourceApplicationEntityTitle == "T01"
    assert meta.FileMetaInformationGroupLength == len(HEAD) - 144


def test_we_read_the_head_that_pydicom_writes() -> None:
    whole = image_part10()
    head = read_head(whole[:65536])
    assert whole[head.dataset_offset : head.dataset_offset + 2] == b"\x08\0"
    assert head.transfer_syntax_uid == EXPLICIT


@settings(deadline=None)
@given(st.integers(0, HEAD.index(EXPLICIT.encode()) + len(EXPLICIT)))
def test_a_head_that_is_cut_before_its_three_uids_is_no_head(size: int) -> None:
    with pytest.raises(NotPart10):
        read_head(HEAD[:size])


@settings(deadline=None)
@given(st.binary(max_size=200))
def test_bytes_behind_the_prefix_are_a_head_or_refused(tail: bytes) -> None:
    with pytest.raises(NotPart10):
        read_head(HEAD[:132] + tail)
