"""What reaches the browser is what the device stored, to the count."""

import gzip
import json
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from dicom.ecg.errors import EcgUnreadable
from dicom.ecg.findings import SuspectedFinding, Suspicion
from dicom.ecg.measure import measure
from dicom.ecg.model import EcgRecording, WaveformKind
from dicom.ecg.quality import assess
from dicom.ecg.synthesis import EcgRecipe, synthesize
from dicom.ecg.transport import decode, encode, opinion


def _of(counts: np.ndarray) -> EcgRecording:
    rows = len(counts)
    return EcgRecording(
        tuple(f"L{n}" for n in range(rows)), counts.astype(np.int32), (2.5,) * rows, (0.5,) * rows, 500.0
    )


@given(arrays.arrays(np.int16, st.tuples(st.integers(1, 4), st.integers(1, 60))))
def test_sixteen_bits_come_back_exactly(counts: np.ndarray) -> None:
    payload = encode([_of(counts)])
    (back,) = decode(json.loads(json.dumps(payload.header)), payload.samples)
    assert np.array_equal(back.counts, counts)
    assert np.array_equal(back.samples, _of(counts).samples)


def test_several_groups_keep_their_places() -> None:
    rhythm = synthesize(EcgRecipe(), seed=1)
    median = replace(rhythm, counts=rhythm.counts[:, :600], kind=WaveformKind.MEDIAN, label="MEDIAN BEAT")
    payload = encode([rhythm, median])
    assert [group["kind"] for group in payload.header["groups"]] == ["rhythm", "median"]
    first, second = decode(payload.header, payload.samples)
    assert np.array_equal(first.counts, rhythm.counts)
    assert np.array_equal(second.counts, median.counts)


def test_the_layout_is_as_documented_byte_for_byte() -> None:
    payload = encode([_of(np.array([[1, 3, -32768], [32767, -1, 0]]))])
    assert payload.samples.hex() == "01000200fd7fff7f00800100"


def test_a_ten_second_ecg_is_small_on_the_wire() -> None:
    payload = encode([synthesize(EcgRecipe(noise_uv=5), seed=1)])
    assert len(payload.samples) == 120_000
    assert len(gzip.compress(payload.samples)) < 70_000


def test_more_than_sixteen_bits_are_scaled_and_said_to_be() -> None:
    counts = np.array([[0, 100_000, -100_000, 250_000]])
    payload = encode([_of(counts)])
    assert payload.header["groups"][0]["lossless"] is False
    (back,) = decode(payload.header, payload.samples)
    assert np.abs(back.samples - _of(counts).samples).max() <= back.microvolts_per_count[0]


def test_samples_that_are_too_short_are_refused() -> None:
    payload = encode([_of(np.zeros((1, 5)))])
    with pytest.raises(EcgUnreadable, match="data-short"):
        decode(payload.header, payload.samples[:-2])


def test_the_machines_opinion_is_json_and_says_whose_it_is() -> None:
    recording = synthesize(EcgRecipe(fibrillation=True, rate_bpm=90, qt_ms=320, flat_leads=("V3",)), seed=1)
    finding = SuspectedFinding(Suspicion.ATRIAL_FIBRILLATION, (), 90.4, "/min", "v1")
    said = json.loads(json.dumps(opinion(measure(recording), assess([recording]), [finding])))
    assert said["label"] == "自动测量，仅供参考"
    assert said["confirmed"] is False
    assert said["measurements"]["pr_ms"] is None
    assert said["quality"] == [{"flag": "flat-lead", "lead": "V3"}]
    assert said["incomplete"] is True
    assert said["suspicions"][0]["text"] == "机器提示疑似心房颤动，未经医师确认"
