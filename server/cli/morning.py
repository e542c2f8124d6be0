"""The morning's material: who comes, and the objects their devices make (real samples or generated ones)."""

import io
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from itertools import count
from pathlib import Path

import numpy as np
import pydicom
from pydicom.data import get_testdata_file
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.uid import ExplicitVRLittleEndian, generate_uid

from dicom.ecg.synthesis import EcgRecipe, synthesize
from dicom.ecg.waveform_writer import EcgIdentity, write_part10
from server.patients.resident_id import check_character

DX_SOP_CLASS = "1.2.840.10008.5.1.4.1.1.1.1"
ECG_SOP_CLASS = "1.2.840.10008.5.1.4.1.1.9.1.1"
SAMPLES = {"CT": "CT_small.dcm", "MR": "MR_small.dcm", "US": "examples_ybr_color.dcm"}


@dataclass(frozen=True, slots=True)
class Person:
    """A resident of the demo county; the resident ID is made from division 990101 with its right check character."""

    name: str
    sex: str
    born: str
    serial: int
    phone: str = ""
    poverty: bool = False

    @property
    def resident_id(self) -> str:
        """Return the 18-character resident ID (GB 11643); its 17th digit is odd for a man."""
        digit = self.serial * 2 + (1 if self.sex == "male" else 0)
        stem = f"990101{self.born}{digit:03d}"
        return stem + check_character(stem)

    @property
    def birth_date(self) -> str:
        """Return the birth date as REST writes it."""
        return f"{self.born[:4]}-{self.born[4:6]}-{self.born[6:]}"


@dataclass(frozen=True, slots=True)
class Sample:
    """What a device makes of somebody: modality, what it is called, how many instances."""

    modality: str
    title: str
    copies: int = 1


MA = Person("马建国", "male", "19580312", 1, "13800000187", poverty=True)
PEOPLE = (
    MA,
    Person("虎占山", "male", "19670506", 11),
    Person("李玉珍", "female", "19620715", 1),
    Person("海小军", "male", "19920120", 12),
    Person("苏进财", "male", "19540902", 13, poverty=True),
    Person("田秀花", "female", "19780411", 14),
    Person("杨生贵", "male", "19600208", 15),
    Person("冶文兰", "female", "19970603", 16),
    Person("田桂兰", "female", "19550919", 17),
    Person("王有才", "male", "19561130", 18),
)


def ecg_object(person: Person, recipe: EcgRecipe, *, accession: str, at: datetime, seed: int) -> bytes:
    """Return a 12-lead ECG of the person as a Part 10 object."""
    identity = EcgIdentity(
        patient_id=person.resident_id,
        patient_name=person.name,
        patient_birth_date=date.fromisoformat(person.birth_date),
        patient_sex="M" if person.sex == "male" else "F",
        accession_number=accession,
        study_instance_uid=generate_uid(),
        series_instance_uid=generate_uid(),
        sop_instance_uid=generate_uid(),
        acquired_at=at,
        study_description="心电 12 导联",
    )
    return write_part10((synthesize(recipe, seed=seed),), identity)


def chest_object(person: Person, *, accession: str, at: datetime, gbk_under_latin: bool = False) -> bytes:
    """Return a chest phantom as a DX object; the name may be GBK bytes that claim to be Latin, as old devices send."""
    ds = _phantom(at)
    _stamp(ds, person, accession, generate_uid(), at)
    if gbk_under_latin:
        ds.SpecificCharacterSet = "ISO_IR 100"
        for keyword in ("PatientName", "StudyDescription"):
            setattr(ds, keyword, str(ds.get(keyword)).encode("gbk").decode("latin-1"))
    return _part10(ds)


def sample_objects(
    person: Person, sample: Sample, *, accession: str, at: datetime, files: Path | None = None
) -> list[bytes]:
    """Return one study of a real sample, stamped for the person: from `files`, else from pydicom's own samples."""
    study, series = generate_uid(), generate_uid()
    objects = []
    for number, path in zip(range(1, sample.copies + 1), _sources(sample.modality, files), strict=False):
        ds = pydicom.dcmread(path)
        _stamp(ds, person, accession, study, at)
        ds.SeriesInstanceUID = series
        ds.StudyDescription = sample.title
        ds.InstanceNumber = number
        objects.append(_part10(ds))
    return objects


def _sources(modality: str, files: Path | None) -> Iterator[Path]:
    found = [p for p in sorted(files.rglob("*.dcm")) if _modality(p) == modality] if files else []
    sample = get_testdata_file(SAMPLES.get(modality, "CT_small.dcm"))
    paths = found or [Path(str(sample))]
    return (paths[i % len(paths)] for i in count())


def _modality(path: Path) -> str:
    try:
        return str(pydicom.dcmread(path, specific_tags=["Modality"], stop_before_pixels=True).get("Modality", ""))
    except (OSError, pydicom.errors.InvalidDicomError):
        return ""


def _stamp(ds: Dataset, person: Person, accession: str, study: str, at: datetime) -> None:
    ds.SpecificCharacterSet = "ISO_IR 192"
    ds.PatientName, ds.PatientID = person.name, person.resident_id
    ds.PatientBirthDate, ds.PatientSex = person.born, "M" if person.sex == "male" else "F"
    ds.AccessionNumber = accession
    ds.StudyInstanceUID, ds.SeriesInstanceUID = study, generate_uid()
    ds.SOPInstanceUID = ds.file_meta.MediaStorageSOPInstanceUID = generate_uid()
    ds.StudyDate, ds.StudyTime = f"{at:%Y%m%d}", f"{at:%H%M%S}"


def _part10(ds: Dataset) -> bytes:
    buffer = io.BytesIO()
    ds.save_as(buffer, enforce_file_format=True)
    return buffer.getvalue()


def _phantom(at: datetime) -> Dataset:
    """Return a frontal chest phantom: two lungs, ribs, spine and heart, 16 bits stored."""
    size = 1024
    y, x = np.mgrid[-1 : 1 : size * 1j, -1 : 1 : size * 1j]
    image = 2600 - 500 * (x**2 + y**2)
    for side in (-1, 1):
        lung = ((x - 0.42 * side) / 0.33) ** 2 + ((y + 0.05) / 0.68) ** 2
        image -= 1500 * np.clip(1.15 - lung, 0, 1) ** 0.6
        for rib in range(9):
            curve = y - (-0.62 + 0.15 * rib + 0.35 * (abs(x) - 0.1) ** 2)
            image += 260 * np.exp(-((curve / 0.018) ** 2)) * (abs(x) > 0.09) * (x * side > 0) * (abs(x) < 0.78)
    image += 700 * np.exp(-((x / 0.07) ** 2)) + 900 * np.clip(
        1 - ((x - 0.1) / 0.3) ** 2 - ((y - 0.3) / 0.32) ** 2, 0, 1
    )
    image += np.random.default_rng(1).normal(0, 12, image.shape)
    pixels = np.clip(image, 0, 4095).astype("<u2")
    ds = Dataset()
    ds.file_meta = FileMetaDataset()
    ds.file_meta.MediaStorageSOPClassUID = ds.SOPClassUID = DX_SOP_CLASS
    ds.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
    ds.Modality, ds.SeriesNumber, ds.InstanceNumber = "DX", 1, 1
    ds.StudyDescription, ds.BodyPartExamined, ds.ViewPosition = "胸部 DR 正位", "CHEST", "PA"
    ds.ContentDate, ds.ContentTime = f"{at:%Y%m%d}", f"{at:%H%M%S}"
    ds.Rows = ds.Columns = size
    ds.SamplesPerPixel, ds.PhotometricInterpretation = 1, "MONOCHROME2"
    ds.BitsAllocated, ds.BitsStored, ds.HighBit, ds.PixelRepresentation = 16, 12, 11, 0
    ds.WindowCenter, ds.WindowWidth = 1900, 2400
    ds.PixelSpacing = [0.4, 0.4]
    ds.PixelData = pixels.tobytes()
    return ds
