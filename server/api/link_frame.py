"""What every page behind a link needs, and how a link that opens nothing is answered."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Any

from server.documents.patient_card import Notice
from server.workflows.patient_links import Gate

SHUT: Mapping[Gate, tuple[Notice, int]] = MappingProxyType(
    {
        Gate.EXPIRED: (Notice.EXPIRED, 410),
        Gate.USED: (Notice.USED, 403),
        Gate.LOCKED: (Notice.LOCKED, 423),
    }
)
Page = tuple[str, int]


@dataclass(frozen=True, slots=True)
class Frame:
    """What every page needs: rows, time, and the nonce of its style."""

    uow: Any
    now: datetime
    nonce: str
