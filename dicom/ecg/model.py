"""What an ECG is inside Lütong: leads, counts, scale, and what the device said about it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

Counts: TypeAlias = npt.NDArray[np.int32]
Microvolts: TypeAlias = npt.NDArray[np.float64]

LIMB_LEADS = ("I", "II", "III", "aVR", "aVL", "aVF")
CHEST_LEADS = ("V1", "V2", "V3", "V4", "V5", "V6")
TWELVE_LEADS = LIMB_LEADS + CHEST_LEADS


class WaveformKind(StrEnum):
    """What a multiplex group shows (PS3.3 C.10.9, Waveform Originality and Multiplex Group Label)."""

    RHYTHM = "rhythm"
    MEDIAN = "median"
    DERIVED = "derived"


@dataclass(frozen=True, slots=True)
class DeviceMeasurement:
    """A number that the recording device stored beside the waveform.

    Attributes
    ----------
    name : str
        Our word where the code is known (``"heart-rate"``, ``"pr"``, ``"qrs"``, ``"qt"``, ``"qtc"``, ``"rr"``,
        ``"p-axis"``, ``"qrs-axis"``, ``"t-axis"``), otherwise the device's own words.
    value : float
        The number as stored.
    unit : str
        UCUM unit as stored, e.g. ``"ms"``; empty when the device gave none.
    """

    name: str
    value: float
    unit: str


@dataclass(frozen=True, slots=True)
class Filters:
    """Filters that the device says it applied, in Hz; None where it says nothing."""

    low_hz: float | None = None
    high_hz: float | None = None
    notch_hz: float | None = None


@dataclass(frozen=True, slots=True, eq=False)
class EcgRecording:
    """Leads recorded together (one multiplex group).

    Attributes
    ----------
    leads : tuple of str
        Lead names, ``I II III aVR aVL aVF V1 … V6`` where known, else the device's own; one per row of `counts`.
    counts : ndarray of int32, shape (leads, samples)
        The stored values, untouched.
    microvolts_per_count, microvolts_at_zero : tuple of float
        Per lead; the value in µV is ``count * per_count + at_zero``.
    sampling_rate : float
        Samples per second and lead.
    start_offset_s : float
        Seconds from the acquisition time to the first sample.
    kind : WaveformKind
        Rhythm strip, median beat, or another derived group.
    label : str
        The group's label as stored.
    filters : Filters
        What the device says it filtered.
    measurements : tuple of DeviceMeasurement
        Numbers of the device, not ours.
    statements : tuple of str
        The device's interpretation in its own words, in stored order.
    """

    leads: tuple[str, ...]
    counts: Counts
    microvolts_per_count: tuple[float, ...]
    microvolts_at_zero: tuple[float, ...]
    sampling_rate: float
    start_offset_s: float = 0.0
    kind: WaveformKind = WaveformKind.RHYTHM
    label: str = ""
    filters: Filters = Filters()
    measurements: tuple[DeviceMeasurement, ...] = ()
    statements: tuple[str, ...] = ()

    @property
    def samples(self) -> Microvolts:
        """The signal in µV, shape (leads, samples)."""
        scale = np.asarray(self.microvolts_per_count, dtype=np.float64)[:, None]
        zero = np.asarray(self.microvolts_at_zero, dtype=np.float64)[:, None]
        return np.asarray(self.counts * scale + zero, dtype=np.float64)

    def only(self, rows: Sequence[int]) -> EcgRecording:
        """Return the same recording with some of its leads, in the order asked for."""
        return replace(
            self,
            leads=tuple(self.leads[row] for row in rows),
            counts=self.counts[list(rows)],
            microvolts_per_count=tuple(self.microvolts_per_count[row] for row in rows),
            microvolts_at_zero=tuple(self.microvolts_at_zero[row] for row in rows),
        )

    @property
    def duration_s(self) -> float:
        """Length in seconds."""
        return float(self.counts.shape[1] / self.sampling_rate)
