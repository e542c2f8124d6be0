"""What happened in the imaging domain, in the past tense; ids only, never a person's data."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Event:
    """One fact about one subject.

    Parameters
    ----------
    collection
        The REST collection's word, `reading-orders`, `studies`, `reports` …
    name
        What happened, past tense, `claimed`, `completed`.
    subject_id, version, state
        The subject as it stands after the fact.
    audience
        Organizations that may hear of it.
    data
        Ids and codes that handlers need.
    """

    collection: str
    name: str
    subject_id: str
    version: int
    state: str
    audience: tuple[str, ...]
    organization_id: str | None = None
    data: Mapping[str, str | int | bool | None] = field(default_factory=dict)

    @property
    def type(self) -> str:
        """Return `<collection>.<name>` (decisions 17)."""
        return f"{self.collection}.{self.name}"


@dataclass(frozen=True, slots=True)
class StoredEvent:
    """An event as it lies in the append-only table."""

    seq: int
    id: str
    at: datetime
    event: Event
    actor_id: str | None
