"""Synthetic 12-lead ECGs with known intervals: for the simulator, and as the oracle of the measurements.

A beat is a sum of waves with compact support, so that every onset and offset is exactly where the recipe says.
The limb leads are built from I and II, so Einthoven's law holds to the count.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Final

import numpy as np
import numpy.typing as npt

from dicom.ecg.errors import RecipeImpossible
from dicom.ecg.model import LIMB_LEADS, TWELVE_LEADS, Counts, EcgRecording, Filters

Signal = npt.NDArray[np.float64]

_INDEPENDENT: Final = ("I", "II", "V1", "V2", "V3", "V4", "V5", "V6")
_LIMB_FROM_I_II: Final = np.array([[1, 0], [0, 1], [-1, 1], [-0.5, -0.5], [1, -0.5], [-0.5, 1]])

# mV in V1 … V6: P, first, main and last QRS deflection, T.
_CHEST_P: Final = (0.06, 0.07, 0.08, 0.08, 0.08, 0.08)
_CHEST_FIRST: Final = (0.20, 0.30, 0.10, -0.05, -0.10, -0.10)
_CHEST_MAIN: Final = (-0.90, -1.20, 0.60, 1.50, 1.40, 1.10)
_CHEST_LAST: Final = (0.05, -0.30, -0.70, -0.45, -0.25, -0.15)
_CHEST_T: Final = (0.08, 0.35, 0.40, 0.40, 0.32, 0.25)


@dataclass(frozen=True, slots=True, kw_only=True)
class EcgRecipe:
    """What the recording shall show.

    Attributes
    ----------
    rate_bpm, pr_ms, qrs_ms, qt_ms : float
        Heart rate, and intervals from the first onset to the last offset in any lead.
    axis_deg : float
        QRS axis in the frontal plane.
    st_mv : mapping of lead to float
        ST level in mV at and after the J point. Limb leads obey Einthoven: what is asked of several of them is met
        in the least-squares sense (II, III and aVF at 0.3 give exactly that, aVR and aVL at −0.15, I at 0).
    fibrillation : bool
        Atrial fibrillation: no P wave, irregular beats, fibrillatory waves.
    pause_s : float or None
        One RR interval of this length in the middle of the recording.
    noise_uv, wander_uv, mains_uv : float
        Standard deviation of muscle noise, amplitude of the baseline wander (0.25 Hz), amplitude at 50 Hz.
    leads_off, flat_leads : tuple of str
        Leads whose electrode is off (mains and drift at the rail), and leads that stay at zero.
    arms_reversed : bool
        Right and left arm electrodes exchanged.
    duration_s, sampling_rate : float
        Length in seconds and samples per second.
    """

    rate_bpm: float = 72.0
    pr_ms: float = 160.0
    qrs_ms: float = 90.0
    qt_ms: float = 390.0
    axis_deg: float = 50.0
    st_mv: Mapping[str, float] = field(default_factory=lambda: MappingProxyType({}))
    fibrillation: bool = False
    pause_s: float | None = None
    noise_uv: float = 8.0
    wander_uv: float = 0.0
    mains_uv: float = 0.0
    leads_off: tuple[str, ...] = ()
    flat_leads: tuple[str, ...] = ()
    arms_reversed: bool = False
    duration_s: float = 10.0
    sampling_rate: float = 500.0
    statements: tuple[str, ...] = ()


def synthesize(recipe: EcgRecipe, *, seed: int) -> EcgRecording:
    """Return twelve leads of 16-bit counts at 1 µV per count; the same seed gives the same samples.

    Raises
    ------
    RecipeImpossible
        The intervals do not fit into one cycle or into each other.
    """
    _check(recipe)
    random = np.random.default_rng(seed)
    onsets = _onsets(recipe, random)
    independent = _clean(recipe, onsets)
    if recipe.fibrillation:
        independent += _fibrillation(recipe, random, independent.shape)
    independent += _disturbance(recipe, random, independent.shape)
    counts = _twelve(independent * 1000.0, recipe)
    _fault(counts, recipe, random)
    return EcgRecording(
        leads=TWELVE_LEADS,
        counts=counts.astype(np.int32),
        microvolts_per_count=(1.0,) * 12,
        microvolts_at_zero=(0.0,) * 12,
        sampling_rate=recipe.sampling_rate,
        label="RHYTHM",
        filters=Filters(low_hz=0.05, high_hz=150.0),
        statements=recipe.statements,
    )


def qrs_onsets(recipe: EcgRecipe, *, seed: int) -> tuple[float, ...]:
    """Return the QRS onsets in seconds that `synthesize` places for this recipe and seed."""
    _check(recipe)
    return tuple(float(onset) for onset in _onsets(recipe, np.random.default_rng(seed)))


def _check(recipe: EcgRecipe) -> None:
    cycle_ms = 60_000 / recipe.rate_bpm if recipe.rate_bpm > 0 else 0.0
    possible = (
        0 < recipe.qrs_ms < recipe.qt_ms < cycle_ms
        and (recipe.fibrillation or recipe.pr_ms >= 60)
        and recipe.qt_ms - recipe.qrs_ms >= 80
        and recipe.duration_s > 0
        and recipe.sampling_rate >= 100
        and set(recipe.st_mv) | set(recipe.leads_off) | set(recipe.flat_leads) <= set(TWELVE_LEADS)
    )
    if not possible:
        raise RecipeImpossible("rate, PR, QRS, QT or a lead name do not fit together")


def _onsets(recipe: EcgRecipe, random: np.random.Generator) -> Signal:
    cycle = 60 / recipe.rate_bpm
    onset = 0.35 * cycle + recipe.pr_ms / 1000
    found = []
    paused = recipe.pause_s is None
    while onset + 0.05 < recipe.duration_s:
        found.append(onset)
        step = cycle * (float(random.uniform(0.65, 1.4)) if recipe.fibrillation else 1 + float(random.normal(0, 0.006)))
        step = max(step, (recipe.qt_ms + 20) / 1000)
        if recipe.pause_s is not None and not paused and onset > 0.3 * recipe.duration_s:
            step, paused = recipe.pause_s, True
        onset += step
    return np.array(found)


def _bump(t: Signal, start: float, end: float, *, peak: float = 0.5, power: float = 1.5) -> Signal:
    """Return a wave of height 1, zero outside [start, end]; `peak` is where it peaks, as a share of its width."""
    x = np.clip((t - start) / (end - start), 0.0, 1.0)
    warped = np.where(x < peak, x / (2 * peak), 0.5 + (x - peak) / (2 * (1 - peak)))
    return np.asarray(np.sin(np.pi * warped) ** power, dtype=np.float64)


def _plateau(t: Signal, j_point: float, end: float) -> Signal:
    """Return the ST segment: risen within the last 12 ms of QRS, level, then gone with the end of T."""
    rise = np.clip((t - (j_point - 0.012)) / 0.012, 0.0, 1.0)
    level_until = j_point + 0.45 * (end - j_point)
    fall = np.clip((t - level_until) / (end - level_until), 0.0, 1.0)
    return np.asarray(rise * (0.5 + 0.5 * np.cos(np.pi * fall)) * (t < end), dtype=np.float64)


def _clean(recipe: EcgRecipe, onsets: Signal) -> Signal:
    """Return I, II, V1 … V6 in mV without any disturbance."""
    t = np.arange(round(recipe.duration_s * recipe.sampling_rate)) / recipe.sampling_rate
    signal = np.zeros((len(_INDEPENDENT), t.size))
    p, first, main, last, t_wave, st = _amplitudes(recipe)
    qrs, qt, pr = recipe.qrs_ms / 1000, recipe.qt_ms / 1000, recipe.pr_ms / 1000
    p_width = min(0.1, pr - 0.04)
    t_start = qrs + 0.25 * (qt - qrs)
    for onset in onsets:
        near = (t >= onset - pr - 0.01) & (t <= onset + qt + 0.01)
        u = t[near] - onset
        beat = np.outer(first, _bump(u, 0, 0.36 * qrs))
        beat += np.outer(main, _bump(u, 0.22 * qrs, 0.78 * qrs))
        beat += np.outer(last, _bump(u, 0.66 * qrs, qrs))
        beat += np.outer(t_wave, _bump(u, t_start, qt, peak=0.58, power=2.0))
        beat += np.outer(st, _plateau(u, qrs, qt))
        if not recipe.fibrillation:
            beat += np.outer(p, _bump(u, -pr, -pr + p_width))
        signal[:, near] += beat
    return signal


def _amplitudes(recipe: EcgRecipe) -> tuple[Signal, Signal, Signal, Signal, Signal, Signal]:
    axis = math.radians(recipe.axis_deg)

    def frontal(size: float, angle: float, chest: tuple[float, ...]) -> Signal:
        limb = (size * math.cos(angle), size * math.cos(angle - math.radians(60)))
        return np.array(limb + chest)

    return (
        frontal(0.14, math.radians(55), _CHEST_P),
        frontal(-0.12, axis, _CHEST_FIRST),
        frontal(1.20, axis, _CHEST_MAIN),
        frontal(-0.15, axis, _CHEST_LAST),
        frontal(0.30, math.radians(45), _CHEST_T),
        _st_levels(recipe.st_mv),
    )


def _st_levels(asked: Mapping[str, float]) -> Signal:
    limbs = [lead for lead in LIMB_LEADS if lead in asked]
    levels = np.zeros(len(_INDEPENDENT))
    if limbs:
        rows = _LIMB_FROM_I_II[[LIMB_LEADS.index(lead) for lead in limbs]]
        levels[:2] = np.linalg.lstsq(rows, np.array([asked[lead] for lead in limbs]), rcond=None)[0]
    for position, lead in enumerate(_INDEPENDENT[2:], start=2):
        levels[position] = asked.get(lead, 0.0)
    return levels


def _fibrillation(recipe: EcgRecipe, random: np.random.Generator, shape: tuple[int, ...]) -> Signal:
    t = np.arange(shape[1]) / recipe.sampling_rate
    weights = np.array([0.2, 0.5, 1.0, 0.6, 0.3, 0.2, 0.15, 0.15]) * 0.07
    wave = np.zeros(shape[1])
    for frequency in random.uniform(4.5, 8.5, size=5):
        wobble = np.cumsum(random.normal(0, 0.03, size=shape[1]))
        wave += np.sin(2 * np.pi * frequency * t + wobble + random.uniform(0, 2 * np.pi))
    return np.outer(weights, wave / math.sqrt(5 / 2))


def _disturbance(recipe: EcgRecipe, random: np.random.Generator, shape: tuple[int, ...]) -> Signal:
    t = np.arange(shape[1]) / recipe.sampling_rate
    noise = random.normal(0, recipe.noise_uv / 1000, size=shape)
    phases = random.uniform(0, 2 * np.pi, size=(shape[0], 1))
    noise += recipe.wander_uv / 1000 * np.sin(2 * np.pi * 0.25 * t + phases)
    noise += recipe.mains_uv / 1000 * np.sin(2 * np.pi * 50 * t + phases)
    return np.asarray(noise, dtype=np.float64)


def _twelve(microvolts: Signal, recipe: EcgRecipe) -> Counts:
    """Round I, II and V1 … V6 to counts and derive the other limb leads from the rounded ones."""
    counts = np.rint(np.clip(microvolts, -32_000, 32_000)).astype(np.int32)
    one, two = (-counts[0], counts[1] - counts[0]) if recipe.arms_reversed else (counts[0], counts[1])
    limb = np.stack([one, two, two - one, -(one + two) // 2, one - two // 2, two - one // 2])
    return np.concatenate([limb, counts[2:]]).astype(np.int32)


def _fault(counts: Counts, recipe: EcgRecipe, random: np.random.Generator) -> None:
    t = np.arange(counts.shape[1]) / recipe.sampling_rate
    for lead in recipe.leads_off:
        hum = 2500 * np.sin(2 * np.pi * 50 * t) + 4000 * np.sin(2 * np.pi * 0.3 * t + random.uniform(0, 6))
        counts[TWELVE_LEADS.index(lead)] = np.rint(hum + random.normal(0, 300, size=t.size))
    for lead in recipe.flat_leads:
        counts[TWELVE_LEADS.index(lead)] = 0
