"""What the numbers make a machine suspect: a reason to look sooner, never a diagnosis.

Limits come as data (a dated row of the region); nothing in here is a medical threshold.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from dicom.ecg.measure import Measurements
from dicom.ecg.model import CHEST_LEADS


class Suspicion(StrEnum):
    """What is suspected; the words on the wire."""

    ST_ELEVATION = "st-elevation"
    WIDE_COMPLEX_TACHYCARDIA = "wide-complex-tachycardia"
    TACHYCARDIA = "tachycardia"
    BRADYCARDIA = "bradycardia"
    PAUSE = "pause"
    QTC_PROLONGED = "qtc-prolonged"
    ATRIAL_FIBRILLATION = "atrial-fibrillation"


WORDS_ZH: Final[Mapping[Suspicion, str]] = {
    Suspicion.ST_ELEVATION: "ST段抬高",
    Suspicion.WIDE_COMPLEX_TACHYCARDIA: "宽QRS心动过速",
    Suspicion.TACHYCARDIA: "心率过快",
    Suspicion.BRADYCARDIA: "心率过慢",
    Suspicion.PAUSE: "长间歇",
    Suspicion.QTC_PROLONGED: "QTc延长",
    Suspicion.ATRIAL_FIBRILLATION: "心房颤动",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class FindingLimits:
    """One version of a region's limits.

    Attributes
    ----------
    version : str
        Which row this is; every finding carries it.
    st_limb_mv, st_v1_v3_mv, st_v4_v6_mv : float
        ST elevation from which a lead counts.
    st_leads : int
        How many neighbouring leads must show it.
    brady_bpm, tachy_bpm : float
        At or below, at or above.
    wide_qrs_ms, wide_tachy_bpm : float
        QRS from which a complex is wide, and the rate from which such a rhythm is suspected.
    pause_s : float
        RR interval from which a pause is suspected.
    qtc_ms : float
        At or above.
    """

    version: str
    st_limb_mv: float
    st_v1_v3_mv: float
    st_v4_v6_mv: float
    st_leads: int
    brady_bpm: float
    tachy_bpm: float
    wide_qrs_ms: float
    wide_tachy_bpm: float
    pause_s: float
    qtc_ms: float


@dataclass(frozen=True, slots=True)
class SuspectedFinding:
    """A machine's suspicion, not confirmed by anyone.

    Attributes
    ----------
    suspicion : Suspicion
        What.
    leads : tuple of str
        Where; empty for the rhythm.
    value, unit : float, str
        The number that crossed its limit; the largest elevation for ST.
    limits_version : str
        Which row of limits it crossed.
    """

    suspicion: Suspicion
    leads: tuple[str, ...]
    value: float
    unit: str
    limits_version: str

    @property
    def text_zh(self) -> str:
        """One line for the worklist, saying that it is a suspicion."""
        where = f"（{'、'.join(self.leads)}）" if self.leads else ""
        return f"机器提示疑似{WORDS_ZH[self.suspicion]}{where}，未经医师确认"


# Leads that look at the same wall; chest leads are neighbours in their own order.
_WALLS: Final = (("II", "III", "aVF"), ("I", "aVL"), ("I", "aVL", "V5", "V6"))


def flags(measurements: Measurements, limits: FindingLimits) -> tuple[SuspectedFinding, ...]:
    """Return what the measurements make suspect, the gravest first."""
    found = [_st_elevation(measurements, limits), *_rate(measurements, limits)]
    found.append(_at_least(Suspicion.PAUSE, measurements.rr_longest_s, limits.pause_s, "s", limits))
    found.append(_fibrillation(measurements, limits))
    found.append(_at_least(Suspicion.QTC_PROLONGED, measurements.qtc_ms, limits.qtc_ms, "ms", limits))
    return tuple(finding for finding in found if finding is not None)


def _finding(suspicion: Suspicion, value: float, unit: str, limits: FindingLimits) -> SuspectedFinding:
    return SuspectedFinding(suspicion, (), value, unit, limits.version)


def _at_least(
    suspicion: Suspicion, value: float | None, limit: float, unit: str, limits: FindingLimits
) -> SuspectedFinding | None:
    return None if value is None or value < limit else _finding(suspicion, value, unit, limits)


def _rate(measurements: Measurements, limits: FindingLimits) -> list[SuspectedFinding]:
    rate, qrs = measurements.heart_rate_bpm, measurements.qrs_ms
    if rate is None:
        return []
    if qrs is not None and qrs >= limits.wide_qrs_ms and rate >= limits.wide_tachy_bpm:
        return [_finding(Suspicion.WIDE_COMPLEX_TACHYCARDIA, rate, "/min", limits)]
    if rate >= limits.tachy_bpm:
        return [_finding(Suspicion.TACHYCARDIA, rate, "/min", limits)]
    if rate <= limits.brady_bpm:
        return [_finding(Suspicion.BRADYCARDIA, rate, "/min", limits)]
    return []


def _fibrillation(measurements: Measurements, limits: FindingLimits) -> SuspectedFinding | None:
    """Irregular throughout, beats of one shape, and no P wave that comes with each."""
    alike = measurements.qrs_ms is not None
    if not (alike and measurements.irregular) or measurements.p_waves or measurements.heart_rate_bpm is None:
        return None
    return _finding(Suspicion.ATRIAL_FIBRILLATION, measurements.heart_rate_bpm, "/min", limits)


def _st_elevation(measurements: Measurements, limits: FindingLimits) -> SuspectedFinding | None:
    # Compared in whole µV: a stored 0.3 mV must not fail at 0.3 mV by the last bit.
    raised = {
        lead
        for lead, level in measurements.st_mv.items()
        if lead != "aVR" and round(level * 1000) >= round(_st_limit(lead, limits) * 1000)
    }
    leads: set[str] = set()
    for wall in (*_WALLS, *_chest_runs(raised)):
        here = raised.intersection(wall)
        if len(here) >= limits.st_leads:
            leads |= here
    if not leads:
        return None
    ordered = tuple(lead for lead in measurements.st_mv if lead in leads)
    highest = max(measurements.st_mv[lead] for lead in ordered)
    return SuspectedFinding(Suspicion.ST_ELEVATION, ordered, highest, "mV", limits.version)


def _st_limit(lead: str, limits: FindingLimits) -> float:
    if lead in CHEST_LEADS[:3]:
        return limits.st_v1_v3_mv
    return limits.st_v4_v6_mv if lead in CHEST_LEADS else limits.st_limb_mv


def _chest_runs(raised: set[str]) -> list[tuple[str, ...]]:
    """Return the runs of neighbouring chest leads that are raised."""
    runs: list[tuple[str, ...]] = []
    run: tuple[str, ...] = ()
    for lead in CHEST_LEADS:
        run = (*run, lead) if lead in raised else ()
        if run:
            runs.append(run)
    return runs
