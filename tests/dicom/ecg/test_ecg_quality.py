"""Quality flags say what is wrong and nothing about what is right."""

import itertools

import pytest

from dicom.ecg.model import EcgRecording
from dicom.ecg.quality import QualityFinding, QualityFlag, assess, is_incomplete
from dicom.ecg.synthesis import EcgRecipe, synthesize


def recorded(**recipe: object) -> EcgRecording:
    return synthesize(EcgRecipe(**recipe), seed=1)  # type: ignore[arg-type]  # any field of a recipe by name


@pytest.mark.parametrize(("axis", "rate", "noise"), list(itertools.product((-60, 0, 50, 100), (45, 72, 130), (5, 25))))
def test_a_good_recording_has_no_flags(axis: int, rate: int, noise: int) -> None:
    assert assess([recorded(axis_deg=axis, rate_bpm=rate, qt_ms=300, noise_uv=noise, wander_uv=150)]) == ()


def test_a_recording_of_eight_seconds_is_too_short() -> None:
    found = assess([recorded(duration_s=8)])
    assert found == (QualityFinding(QualityFlag.TOO_SHORT),)
    assert is_incomplete(found)


def test_missing_leads_are_named() -> None:
    found = assess([recorded().only(range(10))])
    assert found == (QualityFinding(QualityFlag.LEADS_MISSING, "V5"), QualityFinding(QualityFlag.LEADS_MISSING, "V6"))


def test_leads_of_several_groups_count_together() -> None:
    full = recorded()
    assert assess([full.only(range(6)), full.only(range(6, 12))]) == ()


def test_a_flat_lead_is_named() -> None:
    found = assess([recorded(flat_leads=("V4",))])
    assert found == (QualityFinding(QualityFlag.FLAT_LEAD, "V4"),)
    assert is_incomplete(found)


def test_a_lead_that_is_off_only_warns() -> None:
    found = assess([recorded(leads_off=("V2",))])
    assert found == (QualityFinding(QualityFlag.LEAD_OFF, "V2"),)
    assert not is_incomplete(found)


def test_noise_is_told_from_a_lead_that_is_off() -> None:
    assert {finding.flag for finding in assess([recorded(noise_uv=120)])} == {QualityFlag.NOISY_LEAD}


@pytest.mark.parametrize("axis", [0, 30, 50])
def test_exchanged_arms_are_suspected(axis: int) -> None:
    found = assess([recorded(arms_reversed=True, axis_deg=axis)])
    assert found == (QualityFinding(QualityFlag.ARM_LEADS_REVERSED),)
    assert is_incomplete(found)


def test_a_right_axis_is_not_taken_for_exchanged_arms() -> None:
    assert assess([recorded(axis_deg=105)]) == ()
