"""A recording written as 12-lead ECG Waveform Storage (PS3.3 A.34.3): what the simulator and the tests send."""

from __future__ import annotations

import io
from dataclasses import dataclass
from datetime import date, datetime

import numpy as np
import pydicom
from pydicom.dataset import Dataset, FileDataset, FileMetaDataset
from pydicom.sequence import Sequence as ItemSequence
from pydicom.uid import UID

from dicom.ecg.errors import EcgUnreadable
from dicom.ecg.leads import LEAD_NUMBERS, SCP_SCHEME, SCP_SCHEME_VERSION, scp_code
from dicom.ecg.model import EcgRecording, WaveformKind
from dicom.ecg.waveform import TWELVE_LEAD_ECG

_INT16 = np.iinfo(np.int16)


@dataclass(frozen=True, slots=True, kw_only=True)
class EcgIdentity:
    """Who was recorded, where, when, and under which UIDs.

    Attributes
    ----------
    acquired_at : datetime
        Aware; written with its offset as the device's clock said it.
    character_set : str
        Specific Character Set as declared, e.g. ``ISO_IR 192``, ``GB18030``; texts are encoded in it.
    """

    study_instance_uid: str
    series_instance_uid: str
    sop_instance_uid: str
    patient_name: str
    patient_id: str
    acquired_at: datetime
    issuer_of_patient_id: str = ""
    patient_birth_date: date | None = None
    patient_sex: str = ""
    accession_number: str = ""
    study_id: str = ""
    institution_name: str = ""
    station_name: str = ""
    study_description: str = "12-lead ECG"
    character_set: str = "ISO_IR 192"


def write_part10(recordings: tuple[EcgRecording, ...], identity: EcgIdentity) -> bytes:
    """Return the bytes of a Part 10 file, Explicit VR Little Endian.

    Parameters
    ----------
    recordings : tuple of EcgRecording
        One multiplex group each; leads must be of the twelve (or a right or posterior lead), counts 16 bit.
    identity : EcgIdentity
        Patient, study and instance.

    Raises
    ------
    EcgUnreadable
        A lead without a code, or counts beyond 16 bits.
    """
    meta = FileMetaDataset()
    meta.MediaStorageSOPClassUID = UID(TWELVE_LEAD_ECG)
    meta.MediaStorageSOPInstanceUID = UID(identity.sop_instance_uid)
    meta.TransferSyntaxUID = pydicom.uid.ExplicitVRLittleEndian
    ds = FileDataset("", {}, file_meta=meta, preamble=b"\0" * 128)
    _identify(ds, identity)
    ds.WaveformSequence = ItemSequence([_group(recording) for recording in recordings])
    annotations = [item for recording in recordings for item in _statements(recording)]
    if annotations:
        ds.WaveformAnnotationSequence = ItemSequence(annotations)
    buffer = io.BytesIO()
    pydicom.dcmwrite(buffer, ds, enforce_file_format=True)
    return buffer.getvalue()


def _identify(ds: Dataset, identity: EcgIdentity) -> None:
    at = identity.acquired_at
    ds.SpecificCharacterSet = identity.character_set
    ds.SOPClassUID = TWELVE_LEAD_ECG
    ds.SOPInstanceUID = identity.sop_instance_uid
    ds.StudyDate = ds.ContentDate = at.strftime("%Y%m%d")
    ds.StudyTime = ds.ContentTime = at.strftime("%H%M%S")
    ds.AcquisitionDateTime = at.strftime("%Y%m%d%H%M%S.%f%z")
    ds.TimezoneOffsetFromUTC = at.strftime("%z")
    ds.AccessionNumber = identity.accession_number
    ds.Modality = "ECG"
    ds.Manufacturer = "Lutong"
    ds.InstitutionName = identity.institution_name
    ds.ReferringPhysicianName = ""
    ds.StationName = identity.station_name
    ds.StudyDescription = identity.study_description
    ds.PatientName = identity.patient_name
    ds.PatientID = identity.patient_id
    if identity.issuer_of_patient_id:
        ds.IssuerOfPatientID = identity.issuer_of_patient_id
    born = identity.patient_birth_date
    ds.PatientBirthDate = born.strftime("%Y%m%d") if born else ""
    ds.PatientSex = identity.patient_sex
    ds.StudyInstanceUID = identity.study_instance_uid
    ds.SeriesInstanceUID = identity.series_instance_uid
    ds.StudyID = identity.study_id
    ds.SeriesNumber = 1
    ds.InstanceNumber = 1
    ds.AcquisitionContextSequence = ItemSequence([])


def _group(recording: EcgRecording) -> Dataset:
    counts = recording.counts
    if counts.size and (counts.min() < _INT16.min or counts.max() > _INT16.max):
        raise EcgUnreadable("beyond-16-bit")
    item = Dataset()
    item.MultiplexGroupTimeOffset = f"{recording.start_offset_s * 1000:.6g}"
    item.WaveformOriginality = "ORIGINAL" if recording.kind is WaveformKind.RHYTHM else "DERIVED"
    item.NumberOfWaveformChannels, item.NumberOfWaveformSamples = counts.shape
    item.SamplingFrequency = f"{recording.sampling_rate:.10g}"
    item.MultiplexGroupLabel = recording.label or recording.kind.value.upper()
    item.ChannelDefinitionSequence = ItemSequence([_channel(recording, row) for row in range(len(recording.leads))])
    item.WaveformBitsAllocated = 16
    item.WaveformSampleInterpretation = "SS"
    item.WaveformData = np.ascontiguousarray(counts.T, dtype="<i2").tobytes()
    item["WaveformData"].VR = "OW"
    return item


def _channel(recording: EcgRecording, row: int) -> Dataset:
    lead = recording.leads[row]
    if lead not in LEAD_NUMBERS:
        raise EcgUnreadable("lead-without-code", lead)
    channel = Dataset()
    channel.ChannelSourceSequence = ItemSequence(
        [_code(scp_code(lead), SCP_SCHEME, f"Lead {lead}", version=SCP_SCHEME_VERSION)]
    )
    channel.ChannelSensitivity = f"{recording.microvolts_per_count[row]:.10g}"
    channel.ChannelSensitivityUnitsSequence = ItemSequence([_code("uV", "UCUM", "microvolt", version="1.4")])
    channel.ChannelSensitivityCorrectionFactor = "1"
    channel.ChannelBaseline = f"{recording.microvolts_at_zero[row]:.10g}"
    channel.ChannelSampleSkew = "0"
    channel.WaveformBitsStored = 16
    filters = recording.filters
    for keyword, value in (
        ("FilterLowFrequency", filters.low_hz),
        ("FilterHighFrequency", filters.high_hz),
        ("NotchFilterFrequency", filters.notch_hz),
    ):
        if value is not None:
            setattr(channel, keyword, f"{value:.6g}")
    return channel


def _code(value: str, scheme: str, meaning: str, *, version: str = "") -> Dataset:
    item = Dataset()
    item.CodeValue, item.CodingSchemeDesignator, item.CodeMeaning = value, scheme, meaning
    if version:
        item.CodingSchemeVersion = version
    return item


def _statements(recording: EcgRecording) -> list[Dataset]:
    found = []
    for statement in recording.statements:
        item = Dataset()
        item.ReferencedWaveformChannels = [1, 0]
        item.AnnotationGroupNumber = 0
        item.UnformattedTextValue = statement
        found.append(item)
    return found
