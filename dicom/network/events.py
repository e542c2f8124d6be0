"""What an association tells, and the bounds it keeps: small dataclasses, a sentence each."""

from dataclasses import dataclass
from enum import StrEnum

from dicom.network.framing import Fragment
from dicom.network.pdu import Abort, AssociateAC, AssociateRJ, AssociateRQ

MAX_LENGTH = 131072


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds of one association; times in seconds, lengths in bytes.

    The times are a little below a minute, so that a peer that vanished has given its slot back within one.
    """

    max_length: int = MAX_LENGTH  # P-DATA-TF that we take, and advertise
    max_control: int = 65536  # A-ASSOCIATE PDU
    artim: float = 30.0  # until the A-ASSOCIATE-RQ is complete (PS3.8 §9.1.5)
    closing: float = 2.0  # ARTIM again: until the peer closes, after the last word was said
    pdu: float = 55.0  # for one PDU as a whole, however steadily it drips
    idle: float = 55.0  # without a byte from the peer


class Ending(StrEnum):
    """How an association ended."""

    RELEASED = "released"
    REJECTED = "rejected"
    ABORTED = "aborted-by-peer"
    VIOLATION = "protocol-violation"
    TIMEOUT = "timeout"
    STOPPED = "aborted-here"
    LOST = "connection-lost"


@dataclass(frozen=True, slots=True)
class Requested:
    """The peer asks for an association; answer with `accept` or `reject`."""

    request: AssociateRQ


@dataclass(frozen=True, slots=True)
class Accepted:
    """The peer took our request."""

    answer: AssociateAC


@dataclass(frozen=True, slots=True)
class ReleaseRequested:
    """The peer is done; answer with `release_response` when everything is answered."""


@dataclass(frozen=True, slots=True)
class Ended:
    """The association is over; comes exactly once. `rejection` or `abort` are the peer's, where there is one."""

    ending: Ending
    detail: str = ""
    rejection: AssociateRJ | None = None
    abort: Abort | None = None


Event = Requested | Accepted | ReleaseRequested | Ended | Fragment
