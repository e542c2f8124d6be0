"""What happened to consults, in the past tense; ids, codes, the reason a person gave, and whose word opened a class.

Reason and word are free words: only the two sides are shown them.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

WORDS = frozenset({"reason", "consent_by", "consent_relation", "consent_document"})
"""What a person wrote."""


@dataclass(frozen=True, slots=True)
class Event:
    """One fact about one subject; the fields are those of every domain's events (design.md 3, events)."""

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
