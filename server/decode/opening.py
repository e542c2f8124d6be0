"""Opening an object in a decode child: whatever its meta group lacks, with the character set we decided on."""

import os
from pathlib import Path
from typing import Any, BinaryIO

import pydicom
from pydicom import config
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.uid import UID

from dicom.errors import DicomRefusal
from dicom.index import header_of
from dicom.model import Header
from dicom.scan import Scan, scan_part10

config.settings.reading_validation_mode = config.IGNORE
GUESSED = {"GB18030": "gb18030", "ISO_IR 192": "utf_8"}
MAX_PIXELS = 256 << 20  # values of one decoded frame


def scan(path: str) -> tuple[Scan, Header]:
    """Scan an object's head as intake did."""
    fd = os.open(path, os.O_RDONLY)
    try:
        found = scan_part10(lambda offset, length: os.pread(fd, length, offset), os.fstat(fd).st_size)
    finally:
        os.close(fd)
    return found, header_of(found)


def open_dataset(path: str, *, pixels: bool = False) -> Dataset:
    """Return the data set; text is read by the set that intake believed (decisions 10)."""
    with Path(path).open("rb") as file:
        return read_dataset(file, path, pixels=pixels)


def read_dataset(file: BinaryIO, path: str, *, pixels: bool) -> Dataset:
    """Return the data set of an open object; without pixels the file stands where they begin."""
    dataset: Any = pydicom.dcmread(file, force=True, stop_before_pixels=not pixels)
    try:
        found, header = scan(path)
    except DicomRefusal:
        return dataset
    if not getattr(dataset, "file_meta", None):
        dataset.file_meta = FileMetaDataset()
    if "TransferSyntaxUID" not in dataset.file_meta:
        dataset.file_meta.TransferSyntaxUID = UID(found.transfer_syntax_uid)
    guessed = header.patient_name.guessed_charset
    if guessed in GUESSED:
        dataset.SpecificCharacterSet = guessed
        dataset.set_original_encoding(*dataset.original_encoding, GUESSED[guessed])
    return dataset
