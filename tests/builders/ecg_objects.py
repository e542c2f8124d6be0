"""ECG objects for tests: a recipe in, recordings, datasets and Part 10 bytes out, and ways to break them."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import UTC, date, datetime

import pydicom
from pydicom.dataset import Dataset

from dicom.ecg.synthesis import EcgRecipe, synthesize
from dicom.ecg.waveform_writer import EcgIdentity, write_part10

INFERIOR_INFARCTION = EcgRecipe(
    rate_bpm=52, pr_ms=180, qrs_ms=92, qt_ms=430, st_mv={"II": 0.3, "III": 0.3, "aVF": 0.3}, noise_uv=6
)


def identity(number: int = 1, **changes: object) -> EcgIdentity:
    """Return P1's identity with UIDs counted by `number`."""
    values: dict[str, object] = {
        "study_instance_uid": f"1.2.826.0.1.3680043.10.990101.1.{number}",
        "series_instance_uid": f"1.2.826.0.1.3680043.10.990101.1.{number}.1",
        "sop_instance_uid": f"1.2.826.0.1.3680043.10.990101.1.{number}.1.1",
        "patient_name": "马建国",
        "patient_id": "T01-0001",
        "acquired_at": datetime(2026, 11, 2, 0, 16, tzinfo=UTC),
        "patient_birth_date": date(1958, 3, 12),
        "patient_sex": "M",
        "accession_number": "A0001",
        "institution_name": "石门镇卫生院",
    }
    return EcgIdentity(**(values | changes))  # type: ignore[arg-type]  # a builder takes any field by name


def ecg_part10(recipe: EcgRecipe | None = None, *, seed: int = 1, number: int = 1, **changes: object) -> bytes:
    """Return a 12-lead ECG as a Part 10 file."""
    return write_part10((synthesize(recipe or EcgRecipe(), seed=seed),), identity(number, **changes))


def ecg_dataset(recipe: EcgRecipe | None = None) -> Dataset:
    """Return the same as a dataset that a test may spoil."""
    return pydicom.dcmread(io.BytesIO(ecg_part10(recipe)))


def spoiled(spoil: Callable[[Dataset], object]) -> Dataset:
    """Return an ECG dataset after `spoil` has had its way with its first multiplex group."""
    ds = ecg_dataset()
    spoil(ds.WaveformSequence[0])
    return ds
