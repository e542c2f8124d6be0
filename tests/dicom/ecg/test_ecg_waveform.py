"""Waveform objects are read as the standard says, and hostile ones are refused by name."""

import contextlib
import io
import os
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pydicom
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydicom.data import get_testdata_file
from pydicom.dataset import Dataset

from dicom.ecg.errors import EcgUnreadable
from dicom.ecg.leads import lead_of_code, lead_of_text
from dicom.ecg.model import TWELVE_LEADS, WaveformKind
from dicom.ecg.synthesis import EcgRecipe, synthesize
from dicom.ecg.waveform import main_recording, read_part10, read_recordings
from dicom.ecg.waveform_writer import write_part10
from tests.builders.ecg_objects import ecg_dataset, ecg_part10, identity, spoiled

SHARED = Path(os.environ.get("SHARED", "../shared")) / "data" / "ecg" / "dicom"


def test_what_is_written_is_read_back_to_the_count() -> None:
    written = synthesize(EcgRecipe(statements=("窦性心动过缓", "疑似下壁心肌梗死")), seed=1)
    (read,) = read_part10(write_part10((written,), identity()))
    assert read.leads == TWELVE_LEADS
    assert np.array_equal(read.counts, written.counts)
    assert np.array_equal(read.samples, written.samples)
    assert (read.sampling_rate, read.duration_s) == (500.0, 10.0)
    assert read.statements == ("窦性心动过缓", "疑似下壁心肌梗死")
    assert (read.filters.low_hz, read.filters.high_hz, read.filters.notch_hz) == (0.05, 150.0, None)


@pytest.mark.parametrize("character_set", ["ISO_IR 192", "GB18030", "GBK"])
def test_the_patient_is_written_in_the_declared_character_set(character_set: str) -> None:
    data = ecg_part10(character_set=character_set)
    ds = pydicom.dcmread(io.BytesIO(data))
    assert ds.SOPClassUID == "1.2.840.10008.5.1.4.1.1.9.1.1"
    assert str(ds.PatientName) == "马建国"
    assert "马建国".encode("utf-8" if character_set == "ISO_IR 192" else "gb18030") in data


def test_the_sample_of_pydicom_is_read_with_the_values_of_its_device() -> None:
    recordings = read_part10(Path(str(get_testdata_file("waveform_ecg.dcm"))).read_bytes())
    assert [recording.kind for recording in recordings] == [WaveformKind.RHYTHM, WaveformKind.MEDIAN]
    main = main_recording(recordings)
    assert main.leads == TWELVE_LEADS
    assert main.counts.shape == (12, 10_000)
    assert set(main.microvolts_per_count) == {1.25}
    assert {m.name: m.value for m in main.measurements}["qt"] == 368
    assert "ECG NORMALE" in main.statements
    reference = pydicom.dcmread(str(get_testdata_file("waveform_ecg.dcm"))).waveform_array(0)
    assert np.allclose(main.samples.T, reference)


@pytest.mark.skipif(not (SHARED / "wave_dfl").exists(), reason="left out: shared/data/ecg is not here")
def test_a_general_ecg_in_millivolts_comes_out_in_microvolts() -> None:
    (recording,) = read_part10((SHARED / "wave_dfl").read_bytes())
    assert recording.leads == TWELVE_LEADS
    assert recording.sampling_rate == 240
    assert recording.microvolts_per_count[0] == pytest.approx(1.22)


def test_big_endian_data_reads_the_same() -> None:
    ds = ecg_dataset()
    group = ds.WaveformSequence[0]
    group.WaveformData = np.frombuffer(group.WaveformData, "<i2").astype(">i2").tobytes()
    ds.file_meta.TransferSyntaxUID = pydicom.uid.ExplicitVRBigEndian
    (read,) = read_recordings(ds)
    assert np.array_equal(read.counts, synthesize(EcgRecipe(), seed=1).counts)


def test_baseline_and_correction_enter_the_scale() -> None:
    ds = ecg_dataset()
    channel = ds.WaveformSequence[0].ChannelDefinitionSequence[0]
    channel.ChannelSensitivity, channel.ChannelSensitivityCorrectionFactor, channel.ChannelBaseline = "2.5", "2", "-10"
    (read,) = read_recordings(ds)
    assert np.array_equal(read.samples[0], read.counts[0] * 5.0 - 10)


@pytest.mark.parametrize(
    ("text", "lead"),
    [("Lead I (Einthoven)", "I"), ("AVR", "aVR"), ("MLII", "II"), ("Lead V6", "V6"), ("MDC_ECG_LEAD_aVF", "aVF")],
)
def test_lead_names_of_many_devices_mean_the_same(text: str, lead: str) -> None:
    assert lead_of_text(text) == lead


def test_a_negated_lead_is_not_taken_for_the_lead() -> None:
    assert lead_of_text("-aVR") is None


@pytest.mark.parametrize(
    ("code", "scheme", "lead"),
    [
        ("5.6.3-9-61", "SCPECG", "III"),
        ("2:3", "MDC", "V1"),
        ("2:64", "MDC", "aVF"),
        ("2:3", "LN", None),
        ("x", "MDC", None),
    ],
)
def test_lead_codes(code: str, scheme: str, lead: str | None) -> None:
    assert lead_of_code(code, scheme) == lead


def _absent(keyword: str) -> Callable[[Dataset], object]:
    return lambda group: delattr(group, keyword)


def _set(keyword: str, value: object) -> Callable[[Dataset], object]:
    return lambda group: setattr(group, keyword, value)


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize(
    ("spoil", "reason"),
    [
        (_absent("WaveformData"), "data-short"),
        (_absent("ChannelDefinitionSequence"), "no-channels"),
        (_absent("SamplingFrequency"), "bad-sampling-frequency"),
        (_absent("NumberOfWaveformSamples"), "bad-element"),
        (_set("NumberOfWaveformChannels", 0), "no-channels"),
        (_set("NumberOfWaveformChannels", 11), "channels-disagree"),
        (_set("NumberOfWaveformSamples", 0), "no-samples"),
        (_set("NumberOfWaveformSamples", 2**32 - 1), "too-large"),
        (_set("NumberOfWaveformSamples", 5001), "data-short"),
        (_set("WaveformSampleInterpretation", "MB"), "sample-interpretation"),
        (_set("SamplingFrequency", "0"), "bad-sampling-frequency"),
        (_set("SamplingFrequency", "-500"), "bad-sampling-frequency"),
    ],
)
def test_a_group_that_does_not_hold_together_is_refused(spoil: Callable[[Dataset], object], reason: str) -> None:
    with pytest.raises(EcgUnreadable) as refusal:
        read_recordings(spoiled(spoil))
    assert refusal.value.reason == reason


def test_an_object_without_a_waveform_is_refused() -> None:
    ds = ecg_dataset()
    del ds.WaveformSequence
    with pytest.raises(EcgUnreadable, match="no-waveform"):
        read_recordings(ds)


def test_an_unknown_unit_is_refused_rather_than_drawn_at_a_wrong_height() -> None:
    ds = ecg_dataset()
    ds.WaveformSequence[0].ChannelDefinitionSequence[3].ChannelSensitivityUnitsSequence[0].CodeValue = "mm[Hg]"
    with pytest.raises(EcgUnreadable, match="sensitivity-unit"):
        read_recordings(ds)


def test_a_bad_annotation_does_not_hide_the_waveform() -> None:
    ds = ecg_dataset(EcgRecipe(statements=("a", "b")))
    ds.WaveformAnnotationSequence[0].add_new("NumericValue", "LO", "x")
    (read,) = read_recordings(ds)
    assert read.statements == ("b",)


def test_two_channels_of_one_lead_get_names_of_their_own() -> None:
    ds = ecg_dataset()
    definitions = ds.WaveformSequence[0].ChannelDefinitionSequence
    definitions[1].ChannelSourceSequence[0].CodeValue = "5.6.3-9-1"
    assert read_recordings(ds)[0].leads[:3] == ("I", "I#2", "III")


@pytest.mark.filterwarnings("ignore")
@settings(max_examples=150, deadline=None)
@given(st.data())
def test_bytes_changed_anywhere_are_read_or_refused_but_never_crash(data: st.DataObject) -> None:
    good = bytearray(ecg_part10(EcgRecipe(duration_s=1.5)))
    for _ in range(data.draw(st.integers(1, 6))):
        good[data.draw(st.integers(0, min(len(good), 6000) - 1))] = data.draw(st.integers(0, 255))
    cut = data.draw(st.integers(0, len(good)))
    with contextlib.suppress(EcgUnreadable):
        assert read_part10(bytes(good[:cut]) if data.draw(st.booleans()) else bytes(good))
