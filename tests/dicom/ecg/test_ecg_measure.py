"""The measurement finds the intervals that the generator placed, and stays silent where there is nothing to find."""

import csv
import itertools
import os
from pathlib import Path

import numpy as np
import pytest
from pydicom.data import get_testdata_file

from dicom.ecg.findings import FindingLimits, Suspicion, flags
from dicom.ecg.measure import Measurements, measure
from dicom.ecg.model import TWELVE_LEADS, EcgRecording
from dicom.ecg.synthesis import EcgRecipe, synthesize
from dicom.ecg.waveform import main_recording, read_part10
from tests.builders.ecg_objects import INFERIOR_INFARCTION
from tests.builders.wfdb_records import read_wfdb

SHARED = Path(os.environ.get("SHARED", "../shared")) / "data" / "ecg"

CONSENSUS_2017 = FindingLimits(
    version="ecg-critical/2017",
    st_limb_mv=0.1,
    st_v1_v3_mv=0.3,
    st_v4_v6_mv=0.1,
    st_leads=2,
    brady_bpm=35,
    tachy_bpm=200,
    wide_qrs_ms=120,
    wide_tachy_bpm=150,
    pause_s=3.0,
    qtc_ms=550,
)


def suspected(recipe: EcgRecipe, seed: int = 1) -> dict[Suspicion, tuple[str, ...]]:
    found = flags(measure(synthesize(recipe, seed=seed)), CONSENSUS_2017)
    return {finding.suspicion: finding.leads for finding in found}


@pytest.mark.parametrize(
    ("rate", "pr", "qrs", "qt"),
    [
        case
        for case in itertools.product((45, 75, 100, 130), (120, 160, 220), (70, 90, 120, 150), (320, 400))
        if case[3] < 60_000 / case[0] - case[1] - 30
    ],
)
def test_intervals_are_found_where_the_generator_put_them(rate: int, pr: int, qrs: int, qt: int) -> None:
    recipe = EcgRecipe(rate_bpm=rate, pr_ms=pr, qrs_ms=qrs, qt_ms=qt, wander_uv=100)
    found = measure(synthesize(recipe, seed=rate + pr + qrs + qt))
    assert found.heart_rate_bpm == pytest.approx(rate, abs=2)
    assert found.pr_ms == pytest.approx(pr, abs=15)
    assert found.qrs_ms == pytest.approx(qrs, abs=15)
    assert found.qt_ms == pytest.approx(qt, abs=25)
    assert found.qtc_ms == pytest.approx(qt * (rate / 60) ** 0.5, abs=35)
    assert found.qtc_formula == "Bazett"


@pytest.mark.parametrize("sampling_rate", [250, 1000])
def test_another_sampling_rate_measures_the_same(sampling_rate: int) -> None:
    found = measure(synthesize(EcgRecipe(sampling_rate=sampling_rate), seed=1))
    assert found.pr_ms == pytest.approx(160, abs=15)
    assert found.qrs_ms == pytest.approx(90, abs=15)


@pytest.mark.parametrize("axis", [-60, -30, 0, 50, 90, 120, 170])
def test_the_axis_is_found(axis: int) -> None:
    assert measure(synthesize(EcgRecipe(axis_deg=axis), seed=2)).axis_deg == pytest.approx(axis, abs=12)


def test_the_inferior_infarction_of_scenario_a1_is_measured_and_suspected() -> None:
    found = measure(synthesize(INFERIOR_INFARCTION, seed=1))
    assert found.heart_rate_bpm == pytest.approx(52, abs=2)
    for lead, level in {"II": 0.3, "III": 0.3, "aVF": 0.3, "aVL": -0.15, "V2": 0.0}.items():
        assert found.st_mv[lead] == pytest.approx(level, abs=0.03)
    (finding,) = flags(found, CONSENSUS_2017)
    assert finding.suspicion is Suspicion.ST_ELEVATION
    assert finding.leads == ("II", "III", "aVF")
    assert finding.limits_version == "ecg-critical/2017"
    assert finding.text_zh == "机器提示疑似ST段抬高（II、III、aVF），未经医师确认"


@pytest.mark.parametrize("rate", [70, 90, 120, 150])
@pytest.mark.parametrize("seed", range(4))
def test_fibrillation_has_no_pr_and_is_suspected(rate: int, seed: int) -> None:
    recipe = EcgRecipe(fibrillation=True, rate_bpm=rate, qt_ms=300)
    found = measure(synthesize(recipe, seed=seed))
    assert found.pr_ms is None
    assert found.irregular
    assert Suspicion.ATRIAL_FIBRILLATION in suspected(recipe, seed)


def test_an_ordinary_ecg_makes_nothing_suspect() -> None:
    assert suspected(EcgRecipe()) == {}


def test_a_pause_is_suspected_and_measured() -> None:
    found = measure(synthesize(EcgRecipe(pause_s=3.4), seed=1))
    assert found.rr_longest_s == pytest.approx(3.4, abs=0.03)
    assert found.heart_rate_bpm == pytest.approx(72, abs=2)
    assert set(suspected(EcgRecipe(pause_s=3.4))) == {Suspicion.PAUSE}


@pytest.mark.parametrize(
    ("recipe", "suspicion"),
    [
        (EcgRecipe(rate_bpm=34, qt_ms=450), Suspicion.BRADYCARDIA),
        (EcgRecipe(rate_bpm=205, pr_ms=90, qt_ms=190, qrs_ms=80), Suspicion.TACHYCARDIA),
        (EcgRecipe(rate_bpm=165, pr_ms=100, qt_ms=320, qrs_ms=150), Suspicion.WIDE_COMPLEX_TACHYCARDIA),
        (EcgRecipe(rate_bpm=60, qt_ms=580), Suspicion.QTC_PROLONGED),
    ],
)
def test_rates_and_qtc_beyond_their_limits_are_suspected(recipe: EcgRecipe, suspicion: Suspicion) -> None:
    assert suspicion in suspected(recipe)


@pytest.mark.parametrize(
    ("levels", "leads"),
    [
        ({"V1": 0.3, "V2": 0.3}, ("V1", "V2")),
        ({"V2": 0.2, "V3": 0.2}, ()),
        ({"V3": 0.3, "V4": 0.1}, ("V3", "V4")),
        ({"V2": 0.3, "V4": 0.1}, ()),
        ({"II": 0.1, "aVF": 0.1}, ("II", "aVF")),
        ({"II": 0.1, "V6": 0.1}, ()),
        ({"I": 0.1, "V6": 0.1}, ("I", "V6")),
        ({"aVR": 0.5, "V1": 0.3}, ()),
        ({"II": 0.099, "III": 0.099}, ()),
    ],
)
def test_st_elevation_needs_neighbouring_leads_at_their_limits(
    levels: dict[str, float], leads: tuple[str, ...]
) -> None:
    found = flags(Measurements(st_mv=levels), CONSENSUS_2017)
    assert (found[0].leads if found else ()) == leads


def test_limits_are_data_and_another_region_suspects_earlier() -> None:
    shanxi = FindingLimits(
        **{name: getattr(CONSENSUS_2017, name) for name in FindingLimits.__slots__} | {"tachy_bpm": 180}
    )
    measured = Measurements(heart_rate_bpm=185)
    assert flags(measured, CONSENSUS_2017) == ()
    assert [finding.suspicion for finding in flags(measured, shanxi)] == [Suspicion.TACHYCARDIA]


def _of(samples: np.ndarray, rate: float = 500.0) -> EcgRecording:
    leads = TWELVE_LEADS[: len(samples)]
    return EcgRecording(leads, samples.astype(np.int32), (1.0,) * len(samples), (0.0,) * len(samples), rate)


@pytest.mark.parametrize(
    "samples",
    [
        np.zeros((12, 5000)),
        np.zeros((12, 1)),
        np.zeros((1, 600)),
        np.full((12, 5000), 2**30),
        np.random.default_rng(1).normal(0, 50, (12, 5000)),
        np.random.default_rng(1).normal(0, 5000, (12, 5000)),
        np.tile([0, 0, 0, 30000], (2, 1250)),
    ],
    ids=["zero", "one sample", "one lead", "rail", "noise", "loud noise", "square"],
)
@pytest.mark.parametrize("rate", [0.5, 50.0, 500.0, 8000.0])
def test_nothing_measurable_gives_no_number_and_no_exception(samples: np.ndarray, rate: float) -> None:
    found = measure(_of(samples, rate))
    assert found.pr_ms is None
    assert found.qt_ms is None or found.beats >= 3


def test_the_numbers_agree_with_the_device_on_the_sample_of_pydicom() -> None:
    recording = main_recording(read_part10(Path(str(get_testdata_file("waveform_ecg.dcm"))).read_bytes()))
    found = measure(recording)
    assert found.heart_rate_bpm == pytest.approx(61.1, abs=1)
    assert found.pr_ms == pytest.approx(161, abs=15)
    assert found.qrs_ms == pytest.approx(75, abs=15)
    assert found.qt_ms == pytest.approx(368, abs=25)


@pytest.mark.skipif(not (SHARED / "reference").exists(), reason="left out: shared/data/ecg is not here")
def test_no_record_of_the_reference_raises_and_sinus_rhythms_are_near_the_cardiologists_marks() -> None:
    table = (SHARED / "reference" / "reference.csv").read_text(encoding="utf-8").splitlines()
    rows = {row["file"]: row for row in csv.DictReader(table)}
    errors: dict[str, list[float]] = {"HR": [], "PR": [], "QRS": [], "QT": []}
    for header in sorted(SHARED.rglob("*.hea")):
        recording = read_wfdb(header)
        if recording is None:
            continue
        found = measure(recording)
        row = rows.get(str(header.relative_to(SHARED)).removeprefix("reference/").removesuffix(".hea"), {})
        if row.get("db") != "LUDB" or "Sinus" not in row["rhythm"] or "paced" in row["flags"]:
            continue
        numbers = {"HR": found.heart_rate_bpm, "PR": found.pr_ms, "QRS": found.qrs_ms, "QT": found.qt_ms}
        for name, value in numbers.items():
            if value is not None and row[name]:
                errors[name].append(value - float(row[name]))
    assert len(errors["HR"]) > 30
    for name, (bias, spread) in {"HR": (0.5, 1), "PR": (10, 12), "QRS": (10, 14), "QT": (12, 14)}.items():
        assert abs(np.mean(errors[name])) <= bias, name
        assert np.std(errors[name]) <= spread, name
