"""What is wrong with a recording before anyone reads it (`ECG_INCOMPLETE`): flags, never a refusal by themselves.

An emergency ECG is accepted with its flags; whether a routine one is, the caller decides.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from dicom.ecg.model import TWELVE_LEADS, EcgRecording, Microvolts, WaveformKind
from dicom.ecg.signal import band, moving_mean


class QualityFlag(StrEnum):
    """What was found; the words on the wire."""

    LEADS_MISSING = "leads-missing"
    TOO_SHORT = "too-short"
    FLAT_LEAD = "flat-lead"
    ARM_LEADS_REVERSED = "arm-leads-reversed"
    LEAD_OFF = "lead-off"
    NOISY_LEAD = "noisy-lead"


INCOMPLETE = frozenset(
    {QualityFlag.LEADS_MISSING, QualityFlag.TOO_SHORT, QualityFlag.FLAT_LEAD, QualityFlag.ARM_LEADS_REVERSED}
)
"""Flags that make a recording `ECG_INCOMPLETE`; the others only warn."""


@dataclass(frozen=True, slots=True)
class QualityFinding:
    """A flag and the lead it concerns; an empty lead means the whole recording."""

    flag: QualityFlag
    lead: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class QualityLimits:
    """When a signal counts as faulty: properties of electrodes and amplifiers, not of medicine.

    Attributes
    ----------
    leads, duration_s : int, float
        How many of the twelve leads and how many seconds a complete recording has.
    flat_uv : float
        A lead whose 1st to 99th percentile spans less is flat.
    noise_uv : float
        Median spread above 40 Hz within 100 ms that makes a lead noisy.
    off_uv : float
        The same, or a step of the running mean, that no attached electrode shows.
    """

    leads: int = 12
    duration_s: float = 10.0
    flat_uv: float = 15.0
    noise_uv: float = 60.0
    off_uv: float = 500.0


def assess(recordings: Sequence[EcgRecording], limits: QualityLimits | None = None) -> tuple[QualityFinding, ...]:
    """Return what is wrong with the rhythm groups of an object, the whole recording first, then lead by lead.

    Parameters
    ----------
    recordings : sequence of EcgRecording
        All groups of the object; leads of several groups (3x4 formats) count together.
    limits : QualityLimits, optional
        Thresholds; the class says the usual ones.
    """
    limits = limits or QualityLimits()
    rhythms = [recording for recording in recordings if recording.kind is WaveformKind.RHYTHM] or list(recordings)
    found = _whole(rhythms, limits)
    for recording in rhythms:
        found += [QualityFinding(flag, lead) for lead, flag in faulty_leads(recording, limits).items()]
    return tuple(found)


def is_incomplete(findings: Sequence[QualityFinding]) -> bool:
    """Return whether the findings amount to `ECG_INCOMPLETE`."""
    return any(finding.flag in INCOMPLETE for finding in findings)


def faulty_leads(recording: EcgRecording, limits: QualityLimits | None = None) -> dict[str, QualityFlag]:
    """Return the leads that are flat, off or noisy."""
    limits = limits or QualityLimits()
    signal = recording.samples
    low, high = np.percentile(signal, [1, 99], axis=1)
    noise, jump = _noise_and_jump(signal, recording.sampling_rate)
    result: dict[str, QualityFlag] = {}
    for row, lead in enumerate(recording.leads):
        if high[row] - low[row] < limits.flat_uv:
            result[lead] = QualityFlag.FLAT_LEAD
        elif max(noise[row], jump[row] / 4) > limits.off_uv:
            result[lead] = QualityFlag.LEAD_OFF
        elif noise[row] > limits.noise_uv:
            result[lead] = QualityFlag.NOISY_LEAD
    return result


def _noise_and_jump(signal: Microvolts, rate: float) -> tuple[Microvolts, Microvolts]:
    """Return per lead the usual spread above 40 Hz, and how far the running mean travels, both in µV."""
    usual = np.zeros(len(signal))
    if rate > 100:
        fast = band(signal, rate, low_hz=40.0, high_hz=None)
        power = moving_mean(fast**2, round(0.1 * rate))
        usual = np.sqrt(np.median(power, axis=1))
    slow = moving_mean(signal, round(1.0 * rate))
    return usual, np.asarray(np.ptp(slow, axis=1))


def _whole(rhythms: Sequence[EcgRecording], limits: QualityLimits) -> list[QualityFinding]:
    found = []
    present = {lead for recording in rhythms for lead in recording.leads}
    missing = [lead for lead in TWELVE_LEADS if lead not in present]
    if len(TWELVE_LEADS) - len(missing) < limits.leads:
        found += [QualityFinding(QualityFlag.LEADS_MISSING, lead) for lead in missing]
    if max((recording.duration_s for recording in rhythms), default=0.0) < limits.duration_s:
        found.append(QualityFinding(QualityFlag.TOO_SHORT))
    if any(arms_look_reversed(recording) for recording in rhythms):
        found.append(QualityFinding(QualityFlag.ARM_LEADS_REVERSED))
    return found


def arms_look_reversed(recording: EcgRecording) -> bool:
    """Return whether left and right arm electrodes look exchanged.

    Lead I is upside down (QRS and what surrounds it) while V6, which looks the same way, is not, and aVR is upright.
    Dextrocardia is told apart by its V6, which points down as well; a steep axis (beyond about 60°) hides an exchange.
    """
    if not {"I", "aVR", "V6"} <= set(recording.leads):
        return False
    signal = band(recording.samples, recording.sampling_rate, low_hz=0.5, high_hz=40.0)
    one, avr, v6 = (_direction(signal[recording.leads.index(lead)]) for lead in ("I", "aVR", "V6"))
    agreement = _correlation(signal[recording.leads.index("I")], signal[recording.leads.index("V6")])
    return one < -0.2 and v6 > 0.2 and avr > -0.2 and agreement < -0.5


def _direction(lead: Microvolts) -> float:
    """Return −1 … 1: how much further the lead reaches up than down."""
    low, high = np.percentile(lead, [0.5, 99.5]) - np.median(lead)
    span = high - low
    return float((high + low) / span) if span > 0 else 0.0


def _correlation(one: Microvolts, other: Microvolts) -> float:
    norm = float(np.linalg.norm(one) * np.linalg.norm(other))
    return float(one @ other) / norm if norm > 0 else 0.0
