"""The Verification and Storage SCU, sans-IO: an association that we ask for (PS3.4 Annex A, B).

Objects go out in the transfer syntax they are stored in: one context per (SOP class, transfer syntax).
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import TypeVar

from dicom.network.association import Association
from dicom.network.contexts import (
    EXPLICIT_VR_LITTLE_ENDIAN,
    IMPLEMENTATION_CLASS_UID,
    IMPLEMENTATION_VERSION_NAME,
    IMPLICIT_VR_LITTLE_ENDIAN,
    VERIFICATION,
    Context,
    accepted,
)
from dicom.network.dimse import (
    NO_DATA_SET,
    Command,
    CommandReceived,
    DataReceived,
    Element,
    InvalidMessage,
    MessageReader,
    encode_command,
)
from dicom.network.events import Accepted, Ended, Ending, Limits, ReleaseRequested
from dicom.network.framing import Fragment
from dicom.network.part10 import FileMeta
from dicom.network.pdu import MAX_CONTEXTS, AssociateRQ, ProposedContext, UserInformation, encode_data_header

T = TypeVar("T")
DATA_SET = 0x0001
MEDIUM = 0x0000
_PDV_OVERHEAD = 6
_UNLIMITED_PIECE = 131072  # a peer without a maximum gets pieces of our own

Offer = tuple[str, str]  # SOP class, transfer syntax


class NoContext(Exception):
    """The peer did not accept this SOP class in this transfer syntax."""


@dataclass(frozen=True, slots=True)
class Established:
    """The peer accepted; objects may be sent."""


@dataclass(frozen=True, slots=True)
class Responded:
    """The answer to an operation."""

    message_id: int
    status: int
    comment: str


@dataclass(frozen=True, slots=True)
class Titles:
    """Who calls whom, by AE title."""

    calling: str
    called: str


def plan(objects: Iterable[T], offer: Callable[[T], Offer]) -> Iterator[list[T]]:
    """Split objects into associations of at most 128 contexts, in their order (PS3.8 §9.3.2.2)."""
    group: list[T] = []
    offers: set[Offer] = set()
    for entry in objects:
        wanted = offer(entry)
        if wanted not in offers and len(offers) == MAX_CONTEXTS:
            yield group
            group, offers = [], set()
        group.append(entry)
        offers.add(wanted)
    if group:
        yield group


def _proposals(offers: Iterable[Offer]) -> tuple[ProposedContext, ...]:
    unique = dict.fromkeys(offers)
    if not unique:
        return (ProposedContext(1, VERIFICATION, (IMPLICIT_VR_LITTLE_ENDIAN, EXPLICIT_VR_LITTLE_ENDIAN)),)
    if len(unique) > MAX_CONTEXTS:
        raise ValueError(f"{len(unique)} contexts; at most {MAX_CONTEXTS} fit into one association")
    return tuple(ProposedContext(2 * n + 1, cls, (syntax,)) for n, (cls, syntax) in enumerate(unique))


class StorageUser:
    """Our side of an association with another AE's Storage (or Verification) SCP.

    Parameters
    ----------
    titles
        Our AE title and theirs.
    offers
        (SOP class, transfer syntax) pairs to propose; none proposes Verification.
    limits
        Bounds in force; `idle` is how long we wait for an answer.
    now
        Seconds of a monotonic clock.
    """

    def __init__(self, titles: Titles, offers: Iterable[Offer], *, limits: Limits, now: float) -> None:
        user = UserInformation(limits.max_length, IMPLEMENTATION_CLASS_UID, IMPLEMENTATION_VERSION_NAME)
        self._request = AssociateRQ(titles.called, titles.calling, _proposals(offers), user)
        self.association = Association(limits, now=now, request=self._request)
        self._contexts: dict[int, Context] = {}
        self._by_offer: dict[Offer, int] = {}
        self._reader = MessageReader(self._contexts)
        self._piece = _UNLIMITED_PIECE
        self._outgoing = 0

    def next_event(self) -> Established | Responded | Ended | None:
        """Return the next event, or None."""
        while (event := self.association.next_event()) is not None:
            told = self._translate(event)
            if told is not None:
                return told
        return None

    def _translate(self, event: object) -> Established | Responded | Ended | None:
        if isinstance(event, Accepted):
            self._contexts.update(accepted(self._request, event.answer))
            self._by_offer = {(c.abstract_syntax, c.transfer_syntax): c.id for c in self._contexts.values()}
            theirs = event.answer.user.max_length
            self._piece = min(theirs or _UNLIMITED_PIECE, _UNLIMITED_PIECE) - _PDV_OVERHEAD
            if self._piece < 1:
                self.association.abort(Ending.VIOLATION, "a maximum length that fits nothing")
                return None
            return Established()
        if isinstance(event, ReleaseRequested):
            self.association.release_response()
        if isinstance(event, Fragment):
            return self._on_fragment(event)
        return event if isinstance(event, Ended) else None

    def _on_fragment(self, fragment: Fragment) -> Responded | None:
        try:
            message = self._reader.receive(fragment)
            return self._on_message(message)
        except InvalidMessage as error:
            self.association.abort(Ending.VIOLATION, str(error))
            return None

    def _on_message(self, message: CommandReceived | DataReceived | None) -> Responded | None:
        if not isinstance(message, CommandReceived):
            return None
        command = message.command
        status, answered = command.number(Element.Status), command.number(Element.MessageIDBeingRespondedTo)
        if command.number(Element.CommandField) not in {Command.C_STORE_RSP, Command.C_ECHO_RSP}:
            raise InvalidMessage("an operation that we did not ask for")
        if status is None or answered is None:
            raise InvalidMessage("a response without its status")
        return Responded(answered, status, command.text(Element.ErrorComment))

    def accepts(self, meta: FileMeta) -> bool:
        """Say whether the peer takes objects of this kind."""
        return (meta.sop_class_uid, meta.transfer_syntax_uid) in self._by_offer

    def echo(self, message_id: int) -> None:
        """Send a C-ECHO-RQ (PS3.7 §9.3.5.1).

        Raises
        ------
        NoContext
            When Verification was refused.
        """
        context_id = next((c.id for c in self._contexts.values() if c.abstract_syntax == VERIFICATION), None)
        if context_id is None:
            raise NoContext
        values: dict[Element, int | str | bytes] = {
            Element.AffectedSOPClassUID: VERIFICATION,
            Element.CommandField: Command.C_ECHO_RQ,
            Element.MessageID: message_id,
            Element.CommandDataSetType: NO_DATA_SET,
        }
        self._send_command(context_id, encode_command(values))

    def store(self, meta: FileMeta, message_id: int) -> None:
        """Send the command of a C-STORE-RQ (PS3.7 §9.3.1.1); the data set follows by `frame`.

        Raises
        ------
        NoContext
            When the peer did not accept this kind of object.
        """
        context_id = self._by_offer.get((meta.sop_class_uid, meta.transfer_syntax_uid))
        if context_id is None:
            raise NoContext
        values: dict[Element, int | str | bytes] = {
            Element.AffectedSOPClassUID: meta.sop_class_uid,
            Element.CommandField: Command.C_STORE_RQ,
            Element.MessageID: message_id,
            Element.Priority: MEDIUM,
            Element.CommandDataSetType: DATA_SET,
            Element.AffectedSOPInstanceUID: meta.sop_instance_uid,
        }
        self._outgoing = context_id
        self._send_command(context_id, encode_command(values))

    def frame(self, data: memoryview, *, last: bool) -> Iterator[bytes | memoryview]:
        """Cut a part of the data set into P-DATA-TF PDUs: a header, its slice, and so on.

        They are written to the transport as they are; nothing is joined. `last` ends the data set.
        """
        size, at = len(data), 0
        while at < size or (last and not size):
            end = min(at + self._piece, size)
            yield encode_data_header(self._outgoing, end - at, command=False, last=last and end == size)
            yield data[at:end]
            if end == size:
                return
            at = end

    def _send_command(self, context_id: int, command: bytes) -> None:
        view, at = memoryview(command), 0
        while at < len(view):
            piece = view[at : at + self._piece]
            at += len(piece)
            header = encode_data_header(context_id, len(piece), command=True, last=at == len(view))
            self.association.send(header + piece)
