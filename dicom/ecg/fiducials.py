"""Onsets and offsets of P, QRS and T in a median beat of several leads."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from dicom.ecg.beats import AFTER, BEFORE, RATE
from dicom.ecg.model import Microvolts
from dicom.ecg.signal import band, velocity

# Shares of the largest spatial velocity at which a wave counts as begun or ended, and search widths.
_QRS_CORE: Final = 0.20
_QRS_ONSET: Final = 0.04
_QRS_OFFSET: Final = 0.065
_QRS_HALF_WIDEST: Final = round(0.15 * RATE)
_STILL: Final = round(0.008 * RATE)
_P_ONSET: Final = 0.25
_P_EARLIEST: Final = round(0.32 * RATE)
_P_LATEST: Final = round(0.03 * RATE)
_SMALLEST_T_UV: Final = 60.0


@dataclass(frozen=True, slots=True)
class Fiducials:
    """Positions in samples at 500 Hz from the start of the median beat; None where nothing was found."""

    qrs_onset: int
    qrs_offset: int
    t_offset: int | None
    p_onset: int | None
    p_offset: int | None


def locate(median: Microvolts, cycle: int) -> Fiducials | None:
    """Return the boundaries of the waves, or None when there is no QRS.

    Parameters
    ----------
    median : ndarray, shape (leads, BEFORE + AFTER)
        Median beat in µV at 500 Hz, its QRS near BEFORE.
    cycle : int
        Median RR interval in samples.
    """
    speed = velocity(band(median, RATE, low_hz=None, high_hz=60.0))
    bounds = _qrs(speed)
    if bounds is None:
        return None
    onset, offset = bounds
    t_offset = _t_offset(median, onset, offset, cycle)
    p = _p(median, onset, (t_offset or offset) - cycle)
    return Fiducials(onset, offset, t_offset, *(p or (None, None)))


def _qrs(speed: Microvolts) -> tuple[int, int] | None:
    around = slice(BEFORE - _QRS_HALF_WIDEST, BEFORE + _QRS_HALF_WIDEST)
    fastest = float(speed[around].max())
    if fastest <= 0:
        return None
    core = np.flatnonzero(speed[around] > _QRS_CORE * fastest) + BEFORE - _QRS_HALF_WIDEST
    rest = float(np.percentile(speed[around.start - 60 : around.stop + 60], 10))
    onset = _walk(speed, int(core[0]), -1, max(_QRS_ONSET * fastest, 1.5 * rest))
    offset = _walk(speed, int(core[-1]), +1, max(_QRS_OFFSET * fastest, 1.5 * rest))
    return onset, offset


def _walk(speed: Microvolts, start: int, step: int, threshold: float) -> int:
    """Return the last position on the way from `start` before the curve stays still for 8 ms."""
    position = start
    while 0 < position < speed.size - 1:
        ahead = speed[position + 1 : position + 1 + _STILL] if step > 0 else speed[max(0, position - _STILL) : position]
        if ahead.size == 0 or float(ahead.max()) < threshold:
            break
        position += step
    return position


def _t_offset(median: Microvolts, qrs_onset: int, qrs_offset: int, cycle: int) -> int | None:
    """Return the end of T: the median over the leads that have one."""
    smooth = band(median, RATE, low_hz=None, high_hz=20.0)
    start = qrs_offset + round(0.06 * RATE)
    # Before the next P, or at the latest before the next QRS; an ordinary QT leaves room for both.
    end = min(BEFORE + AFTER - 1, qrs_onset + cycle - round(0.10 * RATE), qrs_onset + round(0.40 * RATE + 0.25 * cycle))
    if end - start < round(0.12 * RATE):
        return None
    levels = np.median(smooth[:, qrs_onset - 10 : qrs_onset], axis=1)
    ends = [_t_end_of(lead, level, start, end) for lead, level in zip(smooth, levels, strict=True)]
    found = [position for position in ends if position is not None]
    return round(float(np.median(found))) if len(found) * 3 >= len(ends) else None


def _t_end_of(lead: Microvolts, level: float, start: int, end: int) -> int | None:
    """Return the end of T in one lead: where the trapezium between the steepest fall and rest is largest.

    References
    ----------
    Vázquez-Seisdedos et al., "New approach for T-wave end detection on electrocardiogram", BioMed Eng OnLine 10:77
    (2011): the idea of the trapezium's area.
    """
    height = np.abs(lead[start:end] - level)
    peak = start + int(np.argmax(height))
    if height[peak - start] < _SMALLEST_T_UV or peak >= end - 20:
        return None
    slope = np.abs(np.gradient(lead[peak : min(end, peak + round(0.16 * RATE))]))
    steepest = peak + int(np.argmax(slope))
    rest = min(end, steepest + round(0.13 * RATE))
    x = np.arange(steepest, rest)
    area = 0.5 * np.abs(lead[steepest] - lead[steepest:rest]) * (2 * rest - x - steepest)
    return int(x[np.argmax(area)])


def _p(median: Microvolts, qrs_onset: int, previous_t_offset: int) -> tuple[int, int] | None:
    """Return onset and offset of P in the median beat, whether it is there in each beat or not."""
    start = max(5, qrs_onset - _P_EARLIEST, previous_t_offset)
    end = qrs_onset - _P_LATEST
    if end - start < round(0.05 * RATE):
        return None
    smooth = band(median, RATE, low_hz=None, high_hz=30.0)
    level = np.median(smooth[:, qrs_onset - 8 : qrs_onset - 2], axis=1, keepdims=True)
    magnitude = np.sqrt(np.sum((smooth - level) ** 2, axis=0))
    peak = start + int(np.argmax(magnitude[start:end]))
    speed = velocity(smooth)
    rise = slice(max(start, peak - round(0.09 * RATE)), peak)
    fall = slice(peak + 1, min(qrs_onset - 2, peak + round(0.09 * RATE)))
    if rise.stop - rise.start < 8 or fall.stop - fall.start < 4:
        return None
    steepest_rise, steepest_fall = float(speed[rise].max()), float(speed[fall].max())
    onset = _walk(speed, rise.start + int(np.argmax(speed[rise])), -1, _P_ONSET * steepest_rise)
    offset = _walk(speed, fall.start + int(np.argmax(speed[fall])), +1, _P_ONSET * steepest_fall)
    return max(onset, start), min(offset, qrs_onset)
