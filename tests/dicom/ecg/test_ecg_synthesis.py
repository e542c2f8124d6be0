"""The generator gives what its recipe says, the same for the same seed."""

import numpy as np
import pytest

from dicom.ecg.errors import RecipeImpossible
from dicom.ecg.model import TWELVE_LEADS, EcgRecording, Microvolts
from dicom.ecg.synthesis import EcgRecipe, qrs_onsets, synthesize
from tests.builders.ecg_objects import INFERIOR_INFARCTION


def lead(recording: EcgRecording, name: str) -> Microvolts:
    return recording.samples[recording.leads.index(name)]


def test_the_same_seed_gives_the_same_samples_and_another_seed_others() -> None:
    recipe = EcgRecipe()
    assert np.array_equal(synthesize(recipe, seed=3).counts, synthesize(recipe, seed=3).counts)
    assert not np.array_equal(synthesize(recipe, seed=3).counts, synthesize(recipe, seed=4).counts)


def test_ten_seconds_of_twelve_leads_at_500_hz_fit_into_16_bits() -> None:
    recording = synthesize(EcgRecipe(leads_off=("V3",), wander_uv=400), seed=1)
    assert recording.leads == TWELVE_LEADS
    assert recording.counts.shape == (12, 5000)
    assert np.abs(recording.counts).max() < 2**15


def test_einthoven_holds_to_the_count() -> None:
    recording = synthesize(EcgRecipe(noise_uv=30), seed=1)
    assert np.array_equal(lead(recording, "III"), lead(recording, "II") - lead(recording, "I"))
    assert np.abs(sum(lead(recording, name) for name in ("aVR", "aVL", "aVF"))).max() <= 2


def test_inferior_elevation_is_there_and_mirrored_in_avl() -> None:
    onset = qrs_onsets(INFERIOR_INFARCTION, seed=1)[2]
    recording = synthesize(INFERIOR_INFARCTION, seed=1)
    at = round((onset + 0.092 + 0.06) * 500)
    before = slice(round((onset - 0.03) * 500), round((onset - 0.01) * 500))
    level = {
        name: lead(recording, name)[at - 3 : at + 4].mean() - lead(recording, name)[before].mean()
        for name in TWELVE_LEADS
    }
    assert level["II"] == pytest.approx(300, abs=25)
    assert level["aVF"] == pytest.approx(300, abs=25)
    assert level["aVL"] == pytest.approx(-150, abs=25)
    assert level["V2"] == pytest.approx(0, abs=25)


def test_fibrillation_is_irregular_and_sinus_rhythm_is_not() -> None:
    irregular = np.diff(qrs_onsets(EcgRecipe(fibrillation=True, rate_bpm=90, qt_ms=340), seed=5))
    regular = np.diff(qrs_onsets(EcgRecipe(rate_bpm=90, qt_ms=340), seed=5))
    assert irregular.std() / irregular.mean() > 0.1
    assert regular.std() / regular.mean() < 0.02


def test_a_pause_is_one_long_interval() -> None:
    intervals = np.diff(qrs_onsets(EcgRecipe(pause_s=3.4), seed=1))
    assert intervals.max() == pytest.approx(3.4)
    assert np.count_nonzero(intervals > 1.2) == 1


@pytest.mark.parametrize(
    "recipe",
    [
        EcgRecipe(rate_bpm=0),
        EcgRecipe(qt_ms=900),
        EcgRecipe(qrs_ms=400),
        EcgRecipe(st_mv={"V9": 1.0}),
        EcgRecipe(pr_ms=20),
    ],
)
def test_a_recipe_that_cannot_be_is_refused(recipe: EcgRecipe) -> None:
    with pytest.raises(RecipeImpossible):
        synthesize(recipe, seed=1)
