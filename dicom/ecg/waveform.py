"""DICOM waveform objects read into recordings: 12-lead, general and ambulatory ECG (PS3.3 A.34, C.10.9)."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Final

import numpy as np
import pydicom

from dicom.ecg import elements
from dicom.ecg.errors import EcgUnreadable
from dicom.ecg.leads import lead_of_code, lead_of_text, plain_name
from dicom.ecg.model import Counts, DeviceMeasurement, EcgRecording, Filters, WaveformKind

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pydicom.dataset import Dataset

TWELVE_LEAD_ECG: Final = "1.2.840.10008.5.1.4.1.1.9.1.1"

# Technical ceilings, far above any ECG: what lies beyond is an attack or a mistake.
_MOST_GROUPS: Final = 16
_MOST_CHANNELS: Final = 64
_MOST_VALUES: Final = 256 * 1024 * 1024
_FASTEST_HZ: Final = 100_000.0
_MOST_STATEMENTS: Final = 200

_DTYPES: Final = {"SS": "i2", "US": "u2", "SB": "i1", "UB": "u1", "SL": "i4"}
_TO_MICROVOLTS: Final = {"uV": 1.0, "µV": 1.0, "mV": 1e3, "V": 1e6, "nV": 1e-3}

# PS3.16 CID 3228/3229 and the SCPECG codes seen in the field.
_MEASUREMENTS: Final = {
    ("SCPECG", "5.10.2.1-3"): "rr",
    ("SCPECG", "5.13.5-7"): "pr",
    ("SCPECG", "5.13.5-9"): "qrs",
    ("SCPECG", "5.13.5-11"): "qt",
    ("SCPECG", "5.10.2.5-5"): "qtc",
    ("SCPECG", "5.10.3-11"): "p-axis",
    ("SCPECG", "5.10.3-13"): "qrs-axis",
    ("SCPECG", "5.10.3-15"): "t-axis",
    ("LN", "8867-4"): "heart-rate",
    ("MDC", "2:16016"): "heart-rate",
    ("MDC", "2:15872"): "pr",
    ("MDC", "2:16156"): "qrs",
    ("MDC", "2:16160"): "qt",
    ("MDC", "2:15876"): "qtc",
    ("MDC", "2:16168"): "rr",
}


def read_part10(data: bytes) -> tuple[EcgRecording, ...]:
    """Read every multiplex group of a Part 10 file.

    Raises
    ------
    EcgUnreadable
        No DICOM object, or none with a waveform.
    """
    try:
        ds = pydicom.dcmread(io.BytesIO(data), force=True)
    except Exception as error:
        # Whatever the parser stumbles over, to the caller the file is unreadable.
        raise EcgUnreadable("not-dicom", type(error).__name__) from error
    return read_recordings(ds)


def read_recordings(ds: Dataset) -> tuple[EcgRecording, ...]:
    """Return all multiplex groups of a waveform object in stored order.

    Parameters
    ----------
    ds : Dataset
        A dataset with a Waveform Sequence, as read by pydicom.

    Raises
    ------
    EcgUnreadable
        There is no waveform, or its description and its data do not agree.
    """
    groups = elements.items(ds, "WaveformSequence")
    if not groups:
        raise EcgUnreadable("no-waveform")
    if len(groups) > _MOST_GROUPS:
        raise EcgUnreadable("too-many-groups", str(len(groups)))
    measurements, statements = _annotations(ds)
    order = "<" if _is_little_endian(ds) else ">"
    return tuple(_group(group, order, measurements, statements) for group in groups)


def main_recording(recordings: Sequence[EcgRecording]) -> EcgRecording:
    """Return the recording that a reader looks at first: a rhythm, with most leads, and the longest of those.

    Raises
    ------
    EcgUnreadable
        There is none.
    """
    if not recordings:
        raise EcgUnreadable("no-waveform")
    return max(recordings, key=lambda r: (r.kind is WaveformKind.RHYTHM, len(r.leads), r.counts.shape[1]))


def _is_little_endian(ds: Dataset) -> bool:
    meta = getattr(ds, "file_meta", None)
    return meta is None or str(meta.get("TransferSyntaxUID", "")) != pydicom.uid.ExplicitVRBigEndian


def _group(
    group: Dataset, order: str, measurements: tuple[DeviceMeasurement, ...], statements: tuple[str, ...]
) -> EcgRecording:
    channels = elements.items(group, "ChannelDefinitionSequence")
    counts = _counts(group, order, len(channels))
    rate = elements.number(group, "SamplingFrequency")
    if rate is None or not 0 < rate <= _FASTEST_HZ:
        raise EcgUnreadable("bad-sampling-frequency")
    scales = [_scale(channel) for channel in channels]
    label = elements.text(group, "MultiplexGroupLabel")
    kind = _kind(group, label)
    return EcgRecording(
        leads=_distinct([_lead(channel, position) for position, channel in enumerate(channels)]),
        counts=counts,
        microvolts_per_count=tuple(per_count for per_count, _ in scales),
        microvolts_at_zero=tuple(at_zero for _, at_zero in scales),
        sampling_rate=rate,
        start_offset_s=(elements.number(group, "MultiplexGroupTimeOffset") or 0.0) / 1000,
        kind=kind,
        label=label,
        filters=_filters(channels[0]),
        measurements=measurements,
        statements=statements,
    )


def _kind(group: Dataset, label: str) -> WaveformKind:
    if elements.text(group, "WaveformOriginality").upper() != "DERIVED":
        return WaveformKind.RHYTHM
    return WaveformKind.MEDIAN if "MEDIAN" in label.upper() else WaveformKind.DERIVED


def _counts(group: Dataset, order: str, channel_definitions: int) -> Counts:
    channels = _whole(group, "NumberOfWaveformChannels")
    samples = _whole(group, "NumberOfWaveformSamples")
    if channels == 0 or channel_definitions == 0:
        raise EcgUnreadable("no-channels")
    if channels != channel_definitions:
        raise EcgUnreadable("channels-disagree", f"{channels} announced, {channel_definitions} defined")
    if samples == 0:
        raise EcgUnreadable("no-samples")
    if channels > _MOST_CHANNELS or channels * samples > _MOST_VALUES:
        raise EcgUnreadable("too-large", f"{channels} x {samples}")
    interpretation = elements.text(group, "WaveformSampleInterpretation").upper()
    if interpretation not in _DTYPES:
        raise EcgUnreadable("sample-interpretation", interpretation[:4])
    dtype = np.dtype(order + _DTYPES[interpretation])
    data = elements.blob(group, "WaveformData")
    needed = channels * samples * dtype.itemsize
    if len(data) < needed:
        raise EcgUnreadable("data-short", f"{len(data)} of {needed} bytes")
    values = np.frombuffer(data, dtype=dtype, count=channels * samples).reshape(samples, channels)
    return np.ascontiguousarray(values.T, dtype=np.int32)


def _whole(group: Dataset, keyword: str) -> int:
    value = elements.number(group, keyword)
    if value is None or value < 0 or value != int(value):
        raise EcgUnreadable("bad-element", keyword)
    return int(value)


def _scale(channel: Dataset) -> tuple[float, float]:
    """Return µV per count and µV at count zero (PS3.3 C.10.9.1.4: value = stored * sensitivity * correction + base)."""
    sensitivity = elements.number(channel, "ChannelSensitivity")
    if sensitivity is None:
        return 1.0, 0.0
    unit, _, _ = elements.code(channel, "ChannelSensitivityUnitsSequence")
    factor = _TO_MICROVOLTS.get(unit)
    if factor is None:
        raise EcgUnreadable("sensitivity-unit", unit[:8])
    correction = elements.number(channel, "ChannelSensitivityCorrectionFactor")
    baseline = elements.number(channel, "ChannelBaseline") or 0.0
    return sensitivity * (1.0 if correction is None else correction) * factor, baseline * factor


def _lead(channel: Dataset, position: int) -> str:
    value, scheme, meaning = elements.code(channel, "ChannelSourceSequence")
    label = elements.text(channel, "ChannelLabel")
    known = lead_of_code(value, scheme) or lead_of_text(meaning) or lead_of_text(label)
    return known or plain_name(meaning or label, position)


def _distinct(names: Sequence[str]) -> tuple[str, ...]:
    """Give a channel that repeats a name its position, so that every row can be asked for by its own name."""
    seen: set[str] = set()
    result: list[str] = []
    for position, name in enumerate(names):
        result.append(f"{name}#{position + 1}" if name in seen else name)
        seen.add(name)
    return tuple(result)


def _filters(channel: Dataset) -> Filters:
    return Filters(
        low_hz=elements.number(channel, "FilterLowFrequency"),
        high_hz=elements.number(channel, "FilterHighFrequency"),
        notch_hz=elements.number(channel, "NotchFilterFrequency"),
    )


def _annotations(ds: Dataset) -> tuple[tuple[DeviceMeasurement, ...], tuple[str, ...]]:
    """Read what can be read: a bad annotation must not hide a good waveform."""
    measurements: list[DeviceMeasurement] = []
    statements: list[str] = []
    for item in _annotation_items(ds):
        try:
            measured, stated = _measurement(item), elements.text(item, "UnformattedTextValue")
        except EcgUnreadable:
            continue
        if measured is not None:
            measurements.append(measured)
        if stated:
            statements.append(stated)
    return tuple(measurements[:_MOST_STATEMENTS]), tuple(statements[:_MOST_STATEMENTS])


def _annotation_items(ds: Dataset) -> Sequence[Dataset]:
    try:
        return elements.items(ds, "WaveformAnnotationSequence")
    except EcgUnreadable:
        return ()


def _measurement(item: Dataset) -> DeviceMeasurement | None:
    value = elements.number(item, "NumericValue")
    if value is None:
        return None
    code, scheme, meaning = elements.code(item, "ConceptNameCodeSequence")
    unit, _, _ = elements.code(item, "MeasurementUnitsCodeSequence")
    return DeviceMeasurement(_MEASUREMENTS.get((scheme, code), meaning or code), value, unit)
