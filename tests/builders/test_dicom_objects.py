"""The builders build what they say, or the tests that use them prove nothing."""

import io
import zlib

import numpy as np
import pydicom
import pytest

from tests.builders import malformed_objects
from tests.builders.dicom_objects import (
    ASCII_NAME,
    CT,
    DX,
    GB18030_NAME,
    GBK_NAME,
    GBK_UNDECLARED,
    GBK_UNDER_LATIN1,
    ISO2022_NAME,
    SC,
    TRANSFER_SYNTAXES,
    US,
    UTF8_NAME,
    Modality,
    NameInBytes,
    ct_study,
    image_dataset,
    image_part10,
)


def parsed(data: bytes) -> pydicom.FileDataset:
    return pydicom.dcmread(io.BytesIO(data))


@pytest.mark.parametrize("transfer_syntax", TRANSFER_SYNTAXES, ids=lambda uid: uid.name)
@pytest.mark.parametrize("modality", [CT, DX, US, SC], ids=lambda modality: modality.name)
@pytest.mark.filterwarnings("ignore")
def test_every_modality_in_every_transfer_syntax_shows_the_same_pixels(
    modality: Modality, transfer_syntax: str
) -> None:
    ds = parsed(image_part10(modality, transfer_syntax=transfer_syntax))
    assert ds.file_meta.TransferSyntaxUID == transfer_syntax
    assert ds.SOPClassUID == modality.sop_class_uid
    plain = image_dataset(modality)
    assert np.array_equal(ds.pixel_array, plain.pixel_array)


@pytest.mark.parametrize("transfer_syntax", TRANSFER_SYNTAXES, ids=lambda uid: uid.name)
@pytest.mark.parametrize("name", [ASCII_NAME, UTF8_NAME, GBK_UNDER_LATIN1, GBK_UNDECLARED, ISO2022_NAME])
def test_the_name_stands_in_the_file_byte_for_byte(name: NameInBytes, transfer_syntax: str) -> None:
    data = image_part10(CT, name=name, transfer_syntax=transfer_syntax)
    if transfer_syntax == pydicom.uid.DeflatedExplicitVRLittleEndian:
        data = zlib.decompress(data[malformed_objects._meta_end(data) :], -zlib.MAX_WBITS)
    assert name.value in data


@pytest.mark.parametrize("name", [UTF8_NAME, GB18030_NAME, GBK_NAME, ISO2022_NAME])
def test_a_rightly_declared_name_is_read_right(name: NameInBytes) -> None:
    ds = parsed(image_part10(DX, name=name))
    # pydicom 3.0 leaves the escape sequences of ISO 2022 IR 58 in the text; the characters between them are right.
    shown = str(ds.PatientName).replace("\x1b$)A", "")
    assert shown.split("=")[-1].replace("^", "") == "马建国"


def test_gbk_under_latin1_is_the_mojibake_of_the_field() -> None:
    assert str(parsed(image_part10(DX, name=GBK_UNDER_LATIN1)).PatientName) == "Âí½¨¹ú"


def test_a_study_has_one_study_and_one_series_and_distinct_instances() -> None:
    slices = [parsed(data) for data in ct_study(7, slices=3)]
    assert len({ds.StudyInstanceUID for ds in slices}) == 1
    assert len({ds.SeriesInstanceUID for ds in slices}) == 1
    assert len({ds.SOPInstanceUID for ds in slices}) == 3


def test_a_bomb_is_small_until_it_inflates() -> None:
    bomb = malformed_objects.deflate_bomb(inflated=32 * 1024 * 1024)
    assert len(bomb) < 64 * 1024
    inflated = zlib.decompress(bomb[malformed_objects._meta_end(bomb) :], -zlib.MAX_WBITS)
    assert len(inflated) > 32 * 1024 * 1024


def test_missing_uids_are_missing_and_the_rest_is_readable() -> None:
    ds = pydicom.dcmread(io.BytesIO(malformed_objects.without_uids()))
    assert "StudyInstanceUID" not in ds
    assert ds.Rows == 32


def test_nesting_is_as_deep_as_asked() -> None:
    ds = parsed(malformed_objects.deeply_nested(depth=20))
    depth = 0
    while "ContentSequence" in ds and len(ds.ContentSequence):
        ds, depth = ds.ContentSequence[0], depth + 1
    assert depth == 20


@pytest.mark.parametrize("name", sorted(malformed_objects.ALL.keys() - {"deflate-bomb"}))
def test_every_malformed_object_can_be_built(name: str) -> None:
    assert malformed_objects.ALL[name]()
