"""Just enough of WFDB to read the reference records in tests: formats 16 and 212, one segment, one file."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np

from dicom.ecg.leads import lead_of_text
from dicom.ecg.model import EcgRecording

_SPEC = re.compile(r"(?P<format>\d+)(?:x\d+)?(?::\d+)?(?:\+(?P<skip>\d+))?")
_GAIN = re.compile(r"(?P<gain>[\d.eE+-]+?)?(?:\((?P<zero>-?\d+)\))?(?:/(?P<unit>\S+))?")


def read_wfdb(header: Path) -> EcgRecording | None:
    """Return the record of a header file, or None for a layout that this reader does not know."""
    lines = [line for line in header.read_text(encoding="latin-1").splitlines() if line.strip() and line[0] != "#"]
    first = lines[0].split()
    if "/" in first[0] or len(first) < 4:
        return None
    signals = [line.split() for line in lines[1 : 1 + int(first[1])]]
    specs = [_SPEC.fullmatch(signal[1]) for signal in signals]
    if len({signal[0] for signal in signals}) != 1 or not all(specs):
        return None
    spec = specs[0]
    assert spec is not None
    path = header.parent / signals[0][0]
    if spec["format"] not in {"16", "212"} or not path.exists():
        return None
    counts = _counts(path.read_bytes()[int(spec["skip"] or 0) :], spec["format"], len(signals))
    scales = [_scale(signal) for signal in signals]
    names = [" ".join(signal[8:]) for signal in signals]
    return EcgRecording(
        leads=tuple(lead_of_text(name) or name for name in names),
        counts=counts,
        microvolts_per_count=tuple(1000 / gain for gain, _ in scales),
        microvolts_at_zero=tuple(-zero * 1000 / gain for gain, zero in scales),
        sampling_rate=float(first[2].split("/")[0].split("(")[0]),
    )


def _counts(data: bytes, layout: str, channels: int) -> np.ndarray:
    if layout == "16":
        values = np.frombuffer(data[: len(data) // 2 * 2], "<i2").astype(np.int32)
    else:
        triple = np.frombuffer(data[: len(data) // 3 * 3], np.uint8).reshape(-1, 3).astype(np.int32)
        pairs = np.stack([triple[:, 0] | (triple[:, 1] & 0x0F) << 8, triple[:, 2] | (triple[:, 1] & 0xF0) << 4], axis=1)
        values = pairs.ravel()
        values = np.where(values >= 2048, values - 4096, values)
    whole = values[: values.size // channels * channels].reshape(-1, channels)
    return np.ascontiguousarray(whole.T, dtype=np.int32)


def _scale(signal: list[str]) -> tuple[float, float]:
    found = _GAIN.fullmatch(signal[2]) if len(signal) > 2 else None
    gain = float(found["gain"] or 200) if found else 200.0
    default_zero = float(signal[4]) if len(signal) > 4 else 0.0
    zero = float(found["zero"]) if found and found["zero"] is not None else default_zero
    return gain or 200.0, zero
