"""What an upload goes through: (state, event) -> state; anything else is refused."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum
from types import MappingProxyType
from typing import Any

from dicom.errors import IllegalTransition
from dicom.model import Priority

KEPT = timedelta(days=7)  # an upload that nobody goes on with is forgotten


class UploadState(StrEnum):
    """Where an upload stands."""

    RECEIVING = "receiving"
    PROCESSING = "processing"
    DONE = "done"


TRANSITIONS: Mapping[tuple[UploadState, str], UploadState] = MappingProxyType(
    {
        (UploadState.RECEIVING, "grow"): UploadState.RECEIVING,
        (UploadState.RECEIVING, "complete"): UploadState.PROCESSING,
        (UploadState.PROCESSING, "finish"): UploadState.DONE,
    }
)


@dataclass(frozen=True, slots=True)
class Upload:
    """One upload; `results` says what became of each object once it is done."""

    id: str
    user_id: str
    organization_id: str
    patient_id: str | None
    order_id: str | None
    priority: Priority | None
    filename: str
    length: int
    received: int
    state: UploadState
    created_at: datetime
    updated_at: datetime
    results: tuple[Mapping[str, Any], ...] = field(default=())
    version: int = 1

    @property
    def expires_at(self) -> datetime:
        """Return when it is forgotten if nobody goes on."""
        return self.updated_at + KEPT


def is_wanted(upload: Upload, now: datetime) -> bool:
    """Tell whether an upload's bytes are still needed: its objects go in, or somebody may go on with it."""
    return upload.state is UploadState.PROCESSING or (upload.state is UploadState.RECEIVING and now < upload.expires_at)


def move(upload: Upload, event: str, *, now: datetime, **changes: Any) -> Upload:
    """Return the upload after an event.

    Raises
    ------
    IllegalTransition
        When the table has no such pair.
    """
    state = TRANSITIONS.get((upload.state, event))
    if state is None:
        raise IllegalTransition(upload.state, event, [e for s, e in TRANSITIONS if s is upload.state])
    return replace(upload, state=state, updated_at=now, version=upload.version + 1, **changes)
