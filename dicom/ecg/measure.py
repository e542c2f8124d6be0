"""The machine's own measurement of an ECG: rate, intervals, axis and ST levels of the median beat.

Every number is a machine's; where the beats disagree or a wave is missing the answer is None, shown as "—".
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Final

import numpy as np

from dicom.ecg.beats import BEFORE, RATE, Beats, cut, find_beats
from dicom.ecg.fiducials import Fiducials, locate
from dicom.ecg.model import TWELVE_LEADS, EcgRecording, Microvolts, WaveformKind
from dicom.ecg.quality import QualityFlag, faulty_leads
from dicom.ecg.signal import band, resampled

LABEL: Final = "自动测量，仅供参考"
"""What stands beside every number of this module wherever a person reads it."""

_LONGEST_S: Final = 60.0
_FEWEST_BEATS: Final = 3
_IRREGULAR: Final = 0.10
# How alike the stretches before QRS must be (correlation): more where the rhythm itself is irregular.
_P_ALIKE: Final = 0.45
_P_ALIKE_IRREGULAR: Final = 0.75
_SMALLEST_P_UV: Final = 20.0
_J_PLUS: Final = round(0.060 * RATE)
_MS: Final = 1000 / RATE
# How far the two halves of the beats may differ before an interval is withheld, in ms.
_AGREE_MS: Final = MappingProxyType({"pr": 24.0, "qrs": 24.0, "qt": 40.0})


@dataclass(frozen=True, slots=True, kw_only=True)
class Measurements:
    """What was measured; None means "not measurable here", never zero.

    Attributes
    ----------
    heart_rate_bpm : float or None
        60 / median RR.
    rr_longest_s, rr_shortest_s : float or None
        Longest and shortest RR interval seen, in seconds.
    irregular : bool
        The RR intervals vary by more than a tenth.
    p_waves : bool or None
        Whether every beat has the same P wave before it; None where that cannot be told.
    pr_ms, qrs_ms, qt_ms : float or None
        Of the median beat.
    qtc_ms : float or None
        QT corrected by `qtc_formula`.
    axis_deg : float or None
        QRS axis in the frontal plane, −180 … 180.
    st_mv : mapping of lead to float
        ST level 60 ms after the J point against the level before QRS, in mV; only leads that could be measured.
    beats, dominant_beats : int
        Beats found, and how many of them share one shape.
    measured_s : float
        Seconds of the recording that were looked at.
    excluded_leads : tuple of str
        Leads that were left out because they are flat, off or noisy.
    """

    heart_rate_bpm: float | None = None
    rr_longest_s: float | None = None
    rr_shortest_s: float | None = None
    irregular: bool = False
    p_waves: bool | None = None
    pr_ms: float | None = None
    qrs_ms: float | None = None
    qt_ms: float | None = None
    qtc_ms: float | None = None
    qtc_formula: str = "Bazett"
    axis_deg: float | None = None
    st_mv: Mapping[str, float] = field(default_factory=lambda: MappingProxyType({}))
    beats: int = 0
    dominant_beats: int = 0
    measured_s: float = 0.0
    excluded_leads: tuple[str, ...] = ()


def measure(recording: EcgRecording) -> Measurements:
    """Measure a rhythm recording; whatever cannot be measured is None."""
    samples = recording.counts.shape[1]
    if recording.kind is not WaveformKind.RHYTHM or samples < recording.sampling_rate:
        return Measurements(measured_s=recording.duration_s)
    rows, excluded = _usable(recording)
    looked_at = min(samples, round(_LONGEST_S * recording.sampling_rate))
    seconds = looked_at / recording.sampling_rate
    if not rows:
        return Measurements(measured_s=seconds, excluded_leads=excluded)
    signal = resampled(recording.samples[rows, :looked_at], recording.sampling_rate, RATE)
    signal = band(signal, RATE, low_hz=0.3, high_hz=100.0)
    leads = tuple(recording.leads[row] for row in rows)
    beats = find_beats(signal)
    return _measured(signal, leads, beats, seconds, excluded)


def _usable(recording: EcgRecording) -> tuple[list[int], tuple[str, ...]]:
    faults = faulty_leads(recording)
    # A noisy lead is still better than none: it is left out only while six good ones remain.
    hard = {lead for lead, flag in faults.items() if flag is not QualityFlag.NOISY_LEAD}
    good = [row for row, lead in enumerate(recording.leads) if lead not in faults and lead in TWELVE_LEADS]
    fair = [row for row, lead in enumerate(recording.leads) if lead not in hard]
    rows = good if len(good) >= 6 else fair
    return rows, tuple(lead for row, lead in enumerate(recording.leads) if row not in rows)


def _measured(
    signal: Microvolts, leads: tuple[str, ...], beats: Beats, seconds: float, excluded: tuple[str, ...]
) -> Measurements:
    rr = beats.rr_s
    if beats.positions.size < _FEWEST_BEATS:
        return Measurements(beats=beats.positions.size, measured_s=seconds, excluded_leads=excluded)
    usual_rr = float(np.median(rr))
    found = _Intervals.of(signal, leads, beats, usual_rr)
    return Measurements(
        heart_rate_bpm=60 / usual_rr,
        rr_longest_s=float(rr.max()),
        rr_shortest_s=float(rr.min()),
        irregular=_variation(rr) > _IRREGULAR,
        p_waves=found.p_waves,
        pr_ms=found.pr,
        qrs_ms=found.qrs,
        qt_ms=found.qt,
        qtc_ms=None if found.qt is None else found.qt / math.sqrt(usual_rr),
        axis_deg=found.axis,
        st_mv=MappingProxyType(found.st),
        beats=int(beats.positions.size),
        dominant_beats=int(beats.dominant.sum()),
        measured_s=seconds,
        excluded_leads=excluded,
    )


def _variation(rr: Microvolts) -> float:
    """Return how much neighbouring intervals differ, robust against a single extrasystole."""
    if rr.size < 2:
        return 0.0
    return float(np.median(np.abs(np.diff(rr))) / np.median(rr))


@dataclass(frozen=True, slots=True)
class _Intervals:
    p_waves: bool | None = None
    pr: float | None = None
    qrs: float | None = None
    qt: float | None = None
    axis: float | None = None
    st: dict[str, float] = field(default_factory=dict)

    @classmethod
    def of(cls, signal: Microvolts, leads: tuple[str, ...], beats: Beats, usual_rr: float) -> _Intervals:
        alike = beats.positions[beats.dominant]
        if alike.size < _FEWEST_BEATS or alike.size * 2 <= beats.positions.size:
            return cls()
        each = cut(signal, alike)
        median = np.median(each, axis=0)
        cycle = round(usual_rr * RATE)
        marks = locate(median, cycle)
        if marks is None:
            return cls()
        halves = [locate(np.median(half, axis=0), cycle) for half in (each[::2], each[1::2])]
        p_waves = _p_in_every_beat(each, marks, irregular=_variation(beats.rr_s) > _IRREGULAR)
        return cls(
            p_waves=p_waves,
            pr=_agreed("pr", marks, halves) if p_waves else None,
            qrs=_agreed("qrs", marks, halves),
            qt=_agreed("qt", marks, halves),
            axis=_axis(median, leads, marks),
            st=_st(median, leads, marks),
        )


def _interval(name: str, marks: Fiducials | None) -> float | None:
    if marks is None:
        return None
    start, end = {
        "pr": (marks.p_onset, marks.qrs_onset),
        "qrs": (marks.qrs_onset, marks.qrs_offset),
        "qt": (marks.qrs_onset, marks.t_offset),
    }[name]
    return None if start is None or end is None else (end - start) * _MS


def _agreed(name: str, marks: Fiducials, halves: list[Fiducials | None]) -> float | None:
    """Return the interval if the odd and the even beats by themselves say the same."""
    first, second = (_interval(name, half) for half in halves)
    if first is None or second is None or abs(first - second) > _AGREE_MS[name]:
        return None
    return _interval(name, marks)


def _p_in_every_beat(each: Microvolts, marks: Fiducials, *, irregular: bool) -> bool | None:
    """Compare the stretch before each QRS with that of the other beats: fibrillation looks different every time."""
    if marks.p_onset is None or marks.p_offset is None or len(each) < _FEWEST_BEATS:
        return None
    part = band(each[:, :, : BEFORE + 50], RATE, low_hz=None, high_hz=30.0)
    part = part[:, :, max(0, marks.p_onset - 15) : min(marks.qrs_onset - 2, marks.p_offset + 15)]
    ramp = np.linspace(0, 1, part.shape[2])
    part = part - (part[:, :, :1] * (1 - ramp) + part[:, :, -1:] * ramp)
    if float(np.abs(np.median(part, axis=0)).max()) < _SMALLEST_P_UV:
        return False
    flat = part.reshape(len(part), -1)
    alike = [_correlation(flat[k], np.median(np.delete(flat, k, axis=0), axis=0)) for k in range(len(flat))]
    return bool(np.median(alike) >= (_P_ALIKE_IRREGULAR if irregular else _P_ALIKE))


def _correlation(one: Microvolts, other: Microvolts) -> float:
    one, other = one - one.mean(), other - other.mean()
    norm = float(np.linalg.norm(one) * np.linalg.norm(other))
    return float(one @ other) / norm if norm > 0 else 0.0


def _level(lead: Microvolts, marks: Fiducials) -> float:
    """Return the level before QRS, in µV."""
    start = max(0, marks.qrs_onset - 10)
    return float(np.mean(lead[start : max(start + 1, marks.qrs_onset - 1)]))


def _axis(median: Microvolts, leads: tuple[str, ...], marks: Fiducials) -> float | None:
    if not {"I", "aVF"} <= set(leads):
        return None
    qrs = slice(marks.qrs_onset, marks.qrs_offset)
    net = {}
    for name in ("I", "aVF"):
        lead = median[leads.index(name)]
        net[name] = float(np.sum(lead[qrs] - _level(lead, marks)))
    # aVF is an augmented lead: its vector is √3/2 as long as that of lead I.
    return math.degrees(math.atan2(2 / math.sqrt(3) * net["aVF"], net["I"]))


def _st(median: Microvolts, leads: tuple[str, ...], marks: Fiducials) -> dict[str, float]:
    at = marks.qrs_offset + _J_PLUS
    if at + 3 > median.shape[1]:
        return {}
    return {
        name: (float(np.mean(lead[at - 2 : at + 3])) - _level(lead, marks)) / 1000
        for name, lead in zip(leads, median, strict=True)
    }
