"""What a machine may say of an ECG, by which version of which limits (domain 2.4: limits differ by province)."""

from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType
from typing import Any

RULE = "ecg-flags"
CONSENSUS_2017: Mapping[str, Any] = MappingProxyType(
    {
        "version": "ecg-critical/2017",
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
    }
)


async def ecg_limits(uow: Any, region: str, now: datetime) -> dict[str, Any]:
    """Return the limits in force in a region, with the version that every flag carries."""
    rule = await uow.ledger.rule(RULE, region, now)
    version, data = rule or (None, {})
    own = {"version": f"{RULE}/{region}/{version}"} if version is not None else {}
    return dict(CONSENSUS_2017) | dict(data) | own
