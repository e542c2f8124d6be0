"""An ECG on its way to a browser: a JSON header, and delta-coded 16-bit samples that compress well.

Layout of the samples (``delta-int16-le``)
------------------------------------------
The groups follow each other in the order of the header, inside a group lead after lead, inside a lead sample after
sample: signed 16-bit little-endian. The first number of a lead is its first count, every further one the difference
to the count before, modulo 2**16: the running sum in an ``Int16Array`` gives the counts back exactly. A group begins
at ``byte_offset`` and takes ``leads * samples_per_lead * 2`` bytes. The value in µV of a count is
``count * microvolts_per_count[lead] + microvolts_at_zero[lead]``.

The few devices that store more than 16 bits are scaled down to fit; ``lossless`` is then false for that group.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any, Final

import numpy as np

from dicom.ecg.errors import EcgUnreadable
from dicom.ecg.findings import SuspectedFinding
from dicom.ecg.measure import LABEL, Measurements
from dicom.ecg.model import EcgRecording
from dicom.ecg.quality import QualityFinding, is_incomplete

ENCODING: Final = "delta-int16-le"
_LOWEST, _HIGHEST = -(2**15), 2**15 - 1


@dataclass(frozen=True, slots=True, eq=False)
class EcgPayload:
    """The two bodies that a browser asks for: JSON metadata and an octet stream."""

    header: dict[str, Any]
    samples: bytes


def encode(recordings: Sequence[EcgRecording]) -> EcgPayload:
    """Return header and samples of all groups; `decode` gives the same counts back."""
    groups: list[dict[str, Any]] = []
    parts: list[bytes] = []
    offset = 0
    for recording in recordings:
        fitted = _fitted(recording)
        part = _deltas(fitted)
        groups.append(_group_header(fitted, offset, lossless=fitted is recording))
        parts.append(part)
        offset += len(part)
    header: dict[str, Any] = {
        "version": 1,
        "encoding": ENCODING,
        "groups": groups,
        "device_measurements": [asdict(item) for item in recordings[0].measurements] if recordings else [],
        "device_statements": list(recordings[0].statements) if recordings else [],
    }
    return EcgPayload(header, b"".join(parts))


def decode(header: Mapping[str, Any], samples: bytes) -> tuple[EcgRecording, ...]:
    """Return the recordings of a payload (without the device's measurements): the reference for other readers.

    Raises
    ------
    EcgUnreadable
        The encoding is another, or the samples are not as long as the header says.
    """
    if header.get("encoding") != ENCODING:
        raise EcgUnreadable("encoding", str(header.get("encoding")))
    return tuple(_decoded(group, samples) for group in header["groups"])


def opinion(
    measurements: Measurements, quality: Sequence[QualityFinding], suspicions: Sequence[SuspectedFinding]
) -> dict[str, Any]:
    """Return what the machine thinks of the ECG as JSON, labelled as a machine's; None stands for "—"."""
    return {
        "label": LABEL,
        "confirmed": False,
        "measurements": _rounded(measurements),
        "incomplete": is_incomplete(quality),
        "quality": [{"flag": finding.flag.value, "lead": finding.lead or None} for finding in quality],
        "suspicions": [
            {
                "code": suspicion.suspicion.value,
                "leads": list(suspicion.leads),
                "value": round(suspicion.value, 2),
                "unit": suspicion.unit,
                "text": suspicion.text_zh,
                "limits_version": suspicion.limits_version,
            }
            for suspicion in suspicions
        ],
    }


def _fitted(recording: EcgRecording) -> EcgRecording:
    counts = recording.counts
    if counts.size == 0 or (counts.min() >= _LOWEST and counts.max() <= _HIGHEST):
        return recording
    widest = counts.astype(np.int64)
    middle = (widest.max(axis=1) + widest.min(axis=1)) // 2
    centred = widest - middle[:, None]
    step = np.maximum(1, -(-np.abs(centred).max(axis=1) // _HIGHEST))
    scale = np.asarray(recording.microvolts_per_count)
    zero = np.asarray(recording.microvolts_at_zero) + middle * scale
    return replace(
        recording,
        counts=np.rint(centred / step[:, None]).astype(np.int32),
        microvolts_per_count=tuple((scale * step).tolist()),
        microvolts_at_zero=tuple(zero.tolist()),
    )


def _deltas(recording: EcgRecording) -> bytes:
    deltas = np.diff(recording.counts, axis=1, prepend=0)
    return deltas.astype(np.uint16).astype("<u2").tobytes()


def _group_header(recording: EcgRecording, offset: int, *, lossless: bool) -> dict[str, Any]:
    leads, samples = recording.counts.shape
    return {
        "kind": recording.kind.value,
        "label": recording.label,
        "leads": list(recording.leads),
        "samples_per_lead": samples,
        "sampling_rate_hz": recording.sampling_rate,
        "start_offset_s": recording.start_offset_s,
        "byte_offset": offset,
        "byte_length": leads * samples * 2,
        "microvolts_per_count": list(recording.microvolts_per_count),
        "microvolts_at_zero": list(recording.microvolts_at_zero),
        "filters": asdict(recording.filters),
        "lossless": lossless,
    }


def _decoded(group: Mapping[str, Any], samples: bytes) -> EcgRecording:
    shape = (len(group["leads"]), int(group["samples_per_lead"]))
    start, size = int(group["byte_offset"]), shape[0] * shape[1]
    if start + 2 * size > len(samples):
        raise EcgUnreadable("data-short", f"{len(samples)} bytes")
    deltas = np.frombuffer(samples, dtype="<i2", count=size, offset=start).reshape(shape)
    counts = np.cumsum(deltas, axis=1, dtype=np.int64).astype(np.uint16).astype(np.int16)
    return EcgRecording(
        leads=tuple(group["leads"]),
        counts=counts.astype(np.int32),
        microvolts_per_count=tuple(group["microvolts_per_count"]),
        microvolts_at_zero=tuple(group["microvolts_at_zero"]),
        sampling_rate=float(group["sampling_rate_hz"]),
        start_offset_s=float(group["start_offset_s"]),
        label=str(group["label"]),
    )


def _rounded(measurements: Measurements) -> dict[str, Any]:
    def whole(value: float | None) -> int | None:
        return None if value is None else round(value)

    return {
        "heart_rate_bpm": whole(measurements.heart_rate_bpm),
        "rr_longest_ms": whole(None if measurements.rr_longest_s is None else measurements.rr_longest_s * 1000),
        "irregular": measurements.irregular,
        "p_waves": measurements.p_waves,
        "pr_ms": whole(measurements.pr_ms),
        "qrs_ms": whole(measurements.qrs_ms),
        "qt_ms": whole(measurements.qt_ms),
        "qtc_ms": whole(measurements.qtc_ms),
        "qtc_formula": measurements.qtc_formula,
        "axis_deg": whole(measurements.axis_deg),
        "st_mv": {lead: round(level, 2) for lead, level in measurements.st_mv.items()},
        "beats": measurements.beats,
        "excluded_leads": list(measurements.excluded_leads),
    }
