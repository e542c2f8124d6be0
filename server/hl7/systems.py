"""With whom messages are exchanged: the hospitals' systems, and what is on its way to them."""

from dataclasses import dataclass, field
from datetime import datetime

from server.hl7.charset import UTF_8


@dataclass(frozen=True, slots=True)
class HospitalSystem:
    """An information system of an organization (HIS).

    Parameters
    ----------
    application, facility
        How it names itself (MSH-3, MSH-4); the two belong to one system only.
    charset
        In which character set it is written to.
    addresses
        Networks from which it may call; none named means any.
    host, port
        Where it takes messages of ours; None where it takes none.
    """

    id: str
    organization_id: str
    application: str
    facility: str
    created_at: datetime
    description: str = ""
    charset: str = UTF_8
    addresses: tuple[str, ...] = ()
    host: str | None = None
    port: int | None = None
    last_seen_at: datetime | None = None
    disabled_at: datetime | None = None
    version: int = 1

    @property
    def takes_messages(self) -> bool:
        """Tell whether messages of ours are sent to it."""
        return self.disabled_at is None and self.host is not None and self.port is not None


@dataclass(frozen=True, slots=True)
class Taken:
    """A message that was taken, and what it was answered."""

    digest: str
    answer: bytes


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A message of ours on its way to one system; `state` is due, sent or failed."""

    id: str
    system_id: str
    event_id: str
    ticket_id: str
    trigger: str
    control_id: str
    body: str = field(repr=False)
    charset: str
    state: str
    attempts: int
    error: str
    created_at: datetime
    at: datetime


class NoAnswer(Exception):
    """A system did not answer; `reason` says what was seen."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason
