"""What can be wrong with a waveform object, as typed facts without any transport status."""

from __future__ import annotations


class EcgUnreadable(ValueError):
    """The object holds no waveform that can be shown.

    Parameters
    ----------
    reason : str
        A stable word for programs, e.g. ``"no-waveform"``, ``"no-channels"``, ``"data-short"``.
    detail : str
        Where in the object, for the log. Never patient data.
    """

    def __init__(self, reason: str, detail: str = "") -> None:
        super().__init__(f"{reason}: {detail}" if detail else reason)
        self.reason = reason
        self.detail = detail


class RecipeImpossible(ValueError):
    """A synthetic ECG was asked for whose intervals cannot hold together."""
