"""Zero-phase filters, resampling and running means on arrays of leads; numpy only."""

from __future__ import annotations

import numpy as np

from dicom.ecg.model import Microvolts

_PADDING_S = 1.5


def band(signal: Microvolts, rate: float, *, low_hz: float | None, high_hz: float | None) -> Microvolts:
    """Return the band of each row, without phase shift.

    Parameters
    ----------
    signal : ndarray, shape (leads, samples)
        Any unit.
    rate : float
        Samples per second.
    low_hz, high_hz : float or None
        Half-amplitude frequencies of fourth-order roll-offs; None leaves that side open.
    """
    samples = signal.shape[-1]
    pad = min(round(_PADDING_S * rate), samples - 1)
    # An odd reflection keeps level and slope at both ends, so that the ends do not ring.
    head = 2 * signal[..., :1] - signal[..., pad:0:-1]
    tail = 2 * signal[..., -1:] - signal[..., -2 : -pad - 2 : -1]
    padded = np.concatenate([head, signal, tail], axis=-1)
    frequency = np.fft.rfftfreq(padded.shape[-1], 1 / rate)
    gain = np.ones_like(frequency)
    if low_hz is not None:
        gain[0] = 0.0
        gain[1:] /= 1 + (low_hz / frequency[1:]) ** 4
    if high_hz is not None:
        gain /= 1 + (frequency / high_hz) ** 4
    filtered = np.fft.irfft(np.fft.rfft(padded, axis=-1) * gain, n=padded.shape[-1], axis=-1)
    return np.asarray(filtered[..., pad : pad + samples], dtype=np.float64)


def moving_mean(signal: Microvolts, width: int) -> Microvolts:
    """Return the centred running mean over `width` samples; shorter at the ends."""
    width = max(1, min(width, signal.shape[-1]))
    sums = np.cumsum(np.concatenate([np.zeros((*signal.shape[:-1], 1)), signal], axis=-1), axis=-1)
    positions = np.arange(signal.shape[-1])
    start = np.clip(positions - width // 2, 0, None)
    end = np.clip(positions - width // 2 + width, None, signal.shape[-1])
    return np.asarray((sums[..., end] - sums[..., start]) / (end - start), dtype=np.float64)


def resampled(signal: Microvolts, rate: float, to_rate: float) -> Microvolts:
    """Return the rows at another sampling rate, by linear interpolation after an anti-aliasing mean."""
    if rate == to_rate:
        return signal
    smooth = moving_mean(signal, round(rate / to_rate)) if rate > to_rate else signal
    samples = signal.shape[-1]
    positions = np.arange(int((samples - 1) * to_rate / rate) + 1) * (rate / to_rate)
    whole = np.minimum(positions.astype(np.int64), samples - 1)
    after = np.minimum(whole + 1, samples - 1)
    share = positions - whole
    return np.asarray(smooth[..., whole] * (1 - share) + smooth[..., after] * share, dtype=np.float64)


def velocity(signal: Microvolts) -> Microvolts:
    """Return the spatial velocity: the length of the change over all leads, per sample."""
    return np.asarray(np.sqrt(np.sum(np.gradient(signal, axis=-1) ** 2, axis=0)), dtype=np.float64)
