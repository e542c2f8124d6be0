"""Rule rows of the imaging domain read into types; the defaults are version 0 and hold where no row does."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from types import MappingProxyType
from typing import Any

from dicom.model import Kind, Priority

READING, TURNAROUND, FEE_WAIVER, ECG_LIMITS = "reading", "turnaround", "fee-waiver", "ecg-limits"

# Numbers of domain.md 2.4, 2.5, 2.6 and lifecycles.md (a), [L] and [P]: a county changes them by a row.
DEFAULTS: Mapping[str, Mapping[str, Any]] = MappingProxyType(
    {
        READING: {
            "quiet_seconds": 30,
            "lease_minutes": 20,
            "returned_hours": 24,
            "cancel_minutes": 15,
            "quarantine_minutes": {"emergency": 10, "urgent": 120, "routine": 120},
            "preliminary_hours": 12,
            "same_patient_hours": 24,
            "wait_for_opening": False,
            "one_signer": [],
            "delivery_attempts": 10,
            "delivery_first_seconds": 5,
        },
        TURNAROUND: {
            "limits": [
                {"kind": "ecg", "emergency": 15, "urgent": 30, "routine": 30},
                {"kind": "radiology", "emergency": 30, "urgent": 60, "routine": 120},
                {"kind": "radiology", "modality": "CT", "emergency": 60, "urgent": 60, "routine": 240},
                {"kind": "radiology", "modality": "MR", "emergency": 60, "urgent": 60, "routine": 240},
                {"kind": "imaging", "emergency": 30, "urgent": 60, "routine": 120},
                {"kind": "lab", "emergency": 40, "urgent": 120, "routine": 1440},
            ]
        },
        ECG_LIMITS: {  # 2017 consensus, domain.md 2.4; provinces differ
            "st_limb_mv": 0.1,
            "st_v1_v3_mv": 0.3,
            "st_v4_v6_mv": 0.1,
            "st_leads": 2,
            "brady_bpm": 35,
            "tachy_bpm": 200,
            "wide_qrs_ms": 120,
            "wide_tachy_bpm": 150,
            "pause_s": 3.0,
            "qtc_ms": 550,
        },
        FEE_WAIVER: {
            "words": "海原〔2017〕74号",
            "categories": ["registered-poverty", "relapse-monitored", "subsistence-allowance", "extreme-hardship"],
        },
    }
)


@dataclass(frozen=True, slots=True)
class ReadingRules:
    """Deadlines of the reading order's life cycle."""

    version: int
    quiet: timedelta
    lease: timedelta
    returned: timedelta
    cancel: timedelta
    quarantine: Mapping[Priority, timedelta]
    preliminary: timedelta
    same_patient: timedelta
    wait_for_opening: bool
    one_signer: frozenset[Kind]
    delivery_attempts: int
    delivery_first: timedelta

    def delivery_pause(self, attempts: int) -> timedelta:
        """Return how long to wait after so many failed attempts: doubled each time, an hour at most."""
        return min(self.delivery_first * 2 ** max(0, attempts - 1), timedelta(hours=1))


def reading_rules(version: int, row: Mapping[str, Any]) -> ReadingRules:
    """Return the rules of a row; what it does not name is the default's."""
    data = {**DEFAULTS[READING], **row}
    return ReadingRules(
        version=version,
        quiet=timedelta(seconds=data["quiet_seconds"]),
        lease=timedelta(minutes=data["lease_minutes"]),
        returned=timedelta(hours=data["returned_hours"]),
        cancel=timedelta(minutes=data["cancel_minutes"]),
        quarantine={p: timedelta(minutes=data["quarantine_minutes"][p.value]) for p in Priority},
        preliminary=timedelta(hours=data["preliminary_hours"]),
        same_patient=timedelta(hours=data["same_patient_hours"]),
        wait_for_opening=bool(data["wait_for_opening"]),
        one_signer=frozenset(Kind(word) for word in data["one_signer"]),
        delivery_attempts=int(data["delivery_attempts"]),
        delivery_first=timedelta(seconds=data["delivery_first_seconds"]),
    )
