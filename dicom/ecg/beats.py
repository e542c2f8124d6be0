"""Beats: found by spatial velocity over all leads, sorted by shape, and combined into a median beat."""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from dicom.ecg.model import Microvolts
from dicom.ecg.signal import band, moving_mean, velocity

Positions = npt.NDArray[np.int64]

RATE: Final = 500.0
"""Samples per second that everything in here works at."""
BEFORE: Final = round(0.50 * RATE)
AFTER: Final = round(0.70 * RATE)

_REFRACTORY: Final = round(0.20 * RATE)
_T_WAVE_UNTIL: Final = round(0.36 * RATE)
_QRS_HALF: Final = round(0.10 * RATE)
_SHIFT: Final = round(0.03 * RATE)
_SAME_SHAPE: Final = 0.85


@dataclass(frozen=True, slots=True, eq=False)
class Beats:
    """The beats of a recording.

    Attributes
    ----------
    positions : ndarray of int
        QRS of every beat, in samples at 500 Hz.
    dominant : ndarray of bool
        Which beats have the shape of most beats.
    """

    positions: Positions
    dominant: npt.NDArray[np.bool_]

    @property
    def rr_s(self) -> Microvolts:
        """RR intervals in seconds."""
        return np.asarray(np.diff(self.positions) / RATE, dtype=np.float64)


def find_beats(signal: Microvolts) -> Beats:
    """Find the QRS complexes of leads sampled at 500 Hz."""
    quick = band(signal, RATE, low_hz=5.0, high_hz=25.0)
    energy = moving_mean(velocity(quick), round(0.05 * RATE))
    positions = _pick(energy)
    if positions.size == 0:
        return Beats(positions, np.zeros(0, dtype=bool))
    shape = band(signal, RATE, low_hz=1.0, high_hz=40.0)
    positions = _align(shape, positions)
    return Beats(positions, _dominant(shape, positions))


def _pick(energy: Microvolts) -> Positions:
    window = round(2 * RATE)
    tops = [energy[start : start + window].max() for start in range(0, max(1, energy.size - window // 2), window // 2)]
    level = float(np.percentile(tops, 60))
    if level <= 0:
        return np.zeros(0, dtype=np.int64)
    candidates = _separate(energy, 0.2 * level)
    strong = [peak for peak in candidates if energy[peak] >= 0.35 * level]
    return np.array(_without_t_waves(energy, _searched_back(candidates, strong)), dtype=np.int64)


def _separate(energy: Microvolts, threshold: float) -> list[int]:
    """Return local maxima above the threshold, the larger of any two that stand within the refractory time."""
    inner = energy[1:-1]
    peaks = np.flatnonzero((inner >= energy[:-2]) & (inner > energy[2:]) & (inner >= threshold)) + 1
    kept: list[int] = []
    for peak in sorted(peaks.tolist(), key=lambda p: -energy[p]):
        if all(abs(peak - other) >= _REFRACTORY for other in kept):
            kept.append(peak)
    return sorted(kept)


def _searched_back(candidates: list[int], strong: list[int]) -> list[int]:
    """Add the weaker peaks that stand where a beat is missing."""
    if len(strong) < 3:
        return strong
    usual = float(np.median(np.diff(strong)))
    found = list(strong)
    for left, right in itertools.pairwise(strong):
        if right - left > 1.6 * usual:
            found += [c for c in candidates if left + 0.6 * usual < c < right - 0.6 * usual]
    return sorted(set(found))


def _without_t_waves(energy: Microvolts, peaks: list[int]) -> list[int]:
    kept: list[int] = []
    for peak in peaks:
        if kept and peak - kept[-1] < _T_WAVE_UNTIL and energy[peak] < 0.5 * energy[kept[-1]]:
            continue
        kept.append(peak)
    return kept


def _windows(signal: Microvolts, positions: Positions, before: int, after: int) -> Microvolts:
    """Return shape (beats, leads, before + after); what lies outside the recording repeats its edge."""
    index = np.clip(positions[:, None] + np.arange(-before, after), 0, signal.shape[1] - 1)
    return np.asarray(signal[:, index].transpose(1, 0, 2), dtype=np.float64)


def _align(signal: Microvolts, positions: Positions) -> Positions:
    for _ in range(2):
        template = np.median(_windows(signal, positions, _QRS_HALF, _QRS_HALF), axis=0)
        wide = _windows(signal, positions, _QRS_HALF + _SHIFT, _QRS_HALF + _SHIFT)
        scores = np.stack(
            [
                np.einsum("bls,ls->b", wide[:, :, shift : shift + 2 * _QRS_HALF], template)
                for shift in range(2 * _SHIFT + 1)
            ]
        )
        positions = np.clip(positions + np.argmax(scores, axis=0) - _SHIFT, 0, signal.shape[1] - 1)
    return np.unique(positions)


def _dominant(signal: Microvolts, positions: Positions) -> npt.NDArray[np.bool_]:
    flat = _windows(signal, positions, _QRS_HALF, _QRS_HALF).reshape(positions.size, -1)
    flat = flat - flat.mean(axis=1, keepdims=True)
    norm = np.linalg.norm(flat, axis=1, keepdims=True)
    unit = flat / np.where(norm > 0, norm, 1)
    alike = unit @ unit.T >= _SAME_SHAPE
    return np.asarray(alike[np.argmax(alike.sum(axis=1))], dtype=np.bool_)


def cut(signal: Microvolts, positions: Positions) -> Microvolts:
    """Return the beats that stand whole in the recording, each with the level before its QRS at zero.

    Shape (beats, leads, BEFORE + AFTER). Beats at the edges, edge repeated, are taken only where fewer than three
    others remain.
    """
    whole = positions[(positions >= BEFORE) & (positions + AFTER <= signal.shape[1])]
    found = _windows(signal, whole if whole.size >= 3 else positions, BEFORE, AFTER)
    level_at = slice(BEFORE - round(0.09 * RATE), BEFORE - round(0.06 * RATE))
    return np.asarray(found - np.median(found[:, :, level_at], axis=2, keepdims=True), dtype=np.float64)
