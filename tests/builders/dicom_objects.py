"""Tiny CT, DX, US and SC studies for tests, as Part 10 bytes; names in any character set, right or wrong."""

from __future__ import annotations

import io
import warnings
from dataclasses import dataclass
from typing import Final

import numpy as np
import pydicom
from pydicom.dataelem import RawDataElement
from pydicom.dataset import Dataset, FileDataset, FileMetaDataset
from pydicom.tag import Tag
from pydicom.uid import (
    UID,
    DeflatedExplicitVRLittleEndian,
    ExplicitVRBigEndian,
    ExplicitVRLittleEndian,
    ImplicitVRLittleEndian,
    JPEG2000Lossless,
    JPEGLSLossless,
    RLELossless,
)

ROOT: Final = "1.2.826.0.1.3680043.10.990101.2"
TRANSFER_SYNTAXES: Final = (
    ImplicitVRLittleEndian,
    ExplicitVRLittleEndian,
    ExplicitVRBigEndian,
    DeflatedExplicitVRLittleEndian,
    RLELossless,
    JPEGLSLossless,
    JPEG2000Lossless,
)


@dataclass(frozen=True, slots=True)
class Modality:
    """What a tiny object of a modality needs."""

    name: str
    sop_class_uid: str
    signed: bool = False
    colour: bool = False


CT: Final = Modality("CT", "1.2.840.10008.5.1.4.1.1.2", signed=True)
DX: Final = Modality("DX", "1.2.840.10008.5.1.4.1.1.1.1")
US: Final = Modality("US", "1.2.840.10008.5.1.4.1.1.6.1", colour=True)
SC: Final = Modality("OT", "1.2.840.10008.5.1.4.1.1.7", colour=True)


@dataclass(frozen=True, slots=True)
class NameInBytes:
    """A Patient's Name as it stands on the wire, whatever the declared character set says.

    Attributes
    ----------
    value : bytes
        The element's value.
    declared : str or None
        Specific Character Set (backslash between values); None leaves the element out.
    """

    value: bytes
    declared: str | None


ASCII_NAME: Final = NameInBytes(b"MA^JIANGUO", None)
UTF8_NAME: Final = NameInBytes("马建国".encode(), "ISO_IR 192")
GB18030_NAME: Final = NameInBytes("Ma^Jianguo=马^建国".encode("gb18030"), "GB18030")
GBK_NAME: Final = NameInBytes("马建国".encode("gbk"), "GBK")
GBK_UNDER_LATIN1: Final = NameInBytes("马建国".encode("gbk"), "ISO_IR 100")
GBK_UNDECLARED: Final = NameInBytes("马建国".encode("gbk"), None)
UTF8_UNDER_LATIN1: Final = NameInBytes("马建国".encode(), "ISO_IR 100")
LATIN1_NAME: Final = NameInBytes("Müller^Jörg".encode("latin-1"), "ISO_IR 100")
ISO2022_NAME: Final = NameInBytes(
    b"Ma^Jianguo=" + b"\x1b$)A" + "马".encode("gb2312") + b"^\x1b$)A" + "建国".encode("gb2312"), "\\ISO 2022 IR 58"
)


def image_dataset(
    modality: Modality = CT,
    *,
    study: int = 1,
    series: int = 1,
    instance: int = 1,
    name: NameInBytes = ASCII_NAME,
    patient_id: str = "T01-0001",
    accession_number: str = "",
    size: int = 32,
) -> FileDataset:
    """Return an uncompressed dataset, Explicit VR Little Endian; UIDs are counted by study, series and instance."""
    meta = FileMetaDataset()
    meta.TransferSyntaxUID = ExplicitVRLittleEndian
    ds = FileDataset("", {}, file_meta=meta, preamble=b"\0" * 128)
    ds.SOPClassUID = meta.MediaStorageSOPClassUID = UID(modality.sop_class_uid)
    ds.SOPInstanceUID = meta.MediaStorageSOPInstanceUID = UID(f"{ROOT}.{study}.{series}.{instance}")
    ds.StudyInstanceUID, ds.SeriesInstanceUID = f"{ROOT}.{study}", f"{ROOT}.{study}.{series}"
    if name.declared is not None:
        ds.SpecificCharacterSet = name.declared.split("\\") if "\\" in name.declared else name.declared
    ds.StudyDate, ds.StudyTime, ds.Modality = "20261102", "081600", modality.name
    ds.StudyID, ds.SeriesNumber, ds.InstanceNumber = str(study), series, instance
    ds.AccessionNumber, ds.ReferringPhysicianName = accession_number, ""
    ds.PatientID, ds.PatientBirthDate, ds.PatientSex = patient_id, "19580312", "M"
    ds.PatientName = ""
    _add_pixels(ds, modality, size, value=study * 100 + instance)
    _set_name_bytes(ds, name.value)
    return ds


def _set_name_bytes(ds: Dataset, value: bytes) -> None:
    padded = value + b" " if len(value) % 2 else value
    tag = Tag("PatientName")
    ds[tag] = RawDataElement(tag, "PN", len(padded), padded, 0, is_implicit_VR=False, is_little_endian=True)


def _add_pixels(ds: Dataset, modality: Modality, size: int, *, value: int) -> None:
    ds.Rows = ds.Columns = size
    ramp = (np.add.outer(np.arange(size), np.arange(size)) * 7 + value) % 251
    if modality.colour:
        ds.SamplesPerPixel, ds.PhotometricInterpretation, ds.PlanarConfiguration = 3, "RGB", 0
        ds.BitsAllocated = ds.BitsStored = 8
        ds.HighBit, ds.PixelRepresentation = 7, 0
        ds.PixelData = np.stack([ramp, 255 - ramp, ramp // 2], axis=-1).astype(np.uint8).tobytes()
    else:
        ds.SamplesPerPixel, ds.PhotometricInterpretation = 1, "MONOCHROME2"
        ds.BitsAllocated = ds.BitsStored = 16
        ds.HighBit, ds.PixelRepresentation = 15, int(modality.signed)
        ds.PixelData = (ramp - 1024 * modality.signed).astype(np.int16 if modality.signed else np.uint16).tobytes()
    if modality is CT:
        ds.RescaleIntercept, ds.RescaleSlope = "0", "1"
        ds.WindowCenter, ds.WindowWidth = "40", "400"
        ds.PixelSpacing, ds.ImagePositionPatient = ["0.7", "0.7"], ["0", "0", str(ds.InstanceNumber * 5)]
        ds.ImageOrientationPatient, ds.SliceThickness = ["1", "0", "0", "0", "1", "0"], "5"


def part10(ds: FileDataset, transfer_syntax: str = ExplicitVRLittleEndian) -> bytes:
    """Return `ds` as a Part 10 file in that transfer syntax; the bytes of the name stay as they were set."""
    name = bytes(ds.get_item("PatientName").value)
    syntax = UID(transfer_syntax)
    if syntax.is_compressed and syntax != DeflatedExplicitVRLittleEndian:
        ds.compress(syntax, generate_instance_uid=False)
    elif syntax == ExplicitVRBigEndian:  # OW is swapped in words, 8-bit pixels too (PS3.5 8.1.1)
        ds.PixelData = np.frombuffer(ds.PixelData, "<u2").astype(">u2").tobytes()
    ds.file_meta.TransferSyntaxUID = syntax
    _set_name_bytes(ds, name.rstrip(b" "))
    buffer = io.BytesIO()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # wrong character sets are the point of these objects
        pydicom.dcmwrite(buffer, ds, enforce_file_format=True)
    return buffer.getvalue()


def image_part10(
    modality: Modality = CT,
    *,
    transfer_syntax: str = ExplicitVRLittleEndian,
    name: NameInBytes = ASCII_NAME,
    study: int = 1,
) -> bytes:
    """Return one tiny image as a Part 10 file."""
    return part10(image_dataset(modality, study=study, name=name), transfer_syntax)


def ct_study(study: int = 1, *, slices: int = 4, name: NameInBytes = ASCII_NAME) -> list[bytes]:
    """Return a CT series of some slices as Part 10 files."""
    return [part10(image_dataset(CT, study=study, instance=n + 1, name=name)) for n in range(slices)]
