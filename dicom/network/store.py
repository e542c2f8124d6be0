"""The Verification and Storage SCP, sans-IO: an association's events become objects to write (PS3.4 Annex A, B).

The hot path of the hub. A data set passes as slices of the receive buffer; the shell writes `StoreBegan.head` and
then each `StoreData` to one file, makes it durable, and says so with `respond`. One object at a time.
"""

from dataclasses import dataclass
from functools import cached_property

from dicom.network.association import Association
from dicom.network.contexts import Context, accepted, is_storage, is_uid, negotiate
from dicom.network.dimse import (
    NO_DATA_SET,
    RESPONSE,
    Command,
    CommandSet,
    DataReceived,
    Element,
    InvalidMessage,
    MessageReader,
    encode_command,
)
from dicom.network.events import Ended, Ending, Limits, ReleaseRequested, Requested
from dicom.network.framing import Fragment
from dicom.network.part10 import write_head
from dicom.network.pdu import AssociateRJ, AssociateRQ, encode_data_header
from dicom.network.status import Status

MAX_COMMENT = 64  # Error Comment is a LO


@dataclass(frozen=True)
class StoreRequest:
    """A C-STORE-RQ that we take (PS3.7 §9.3.1.1)."""

    message_id: int
    context: Context
    sop_class_uid: str
    sop_instance_uid: str
    calling_ae_title: str

    @property
    def transfer_syntax_uid(self) -> str:
        """Return the transfer syntax negotiated for the context."""
        return self.context.transfer_syntax

    @cached_property
    def head(self) -> bytes:
        """Return what stands before the data set in the file."""
        return write_head(self.sop_class_uid, self.sop_instance_uid, self.transfer_syntax_uid, self.calling_ae_title)


@dataclass(frozen=True, slots=True)
class StoreBegan:
    """An object begins: write `store.head` first."""

    store: StoreRequest


@dataclass(frozen=True, slots=True)
class StoreComplete:
    """All bytes of the object are here; answer with `respond` once it is durable."""

    store: StoreRequest


@dataclass(frozen=True, slots=True)
class Echoed:
    """A C-ECHO was answered."""


@dataclass(frozen=True, slots=True)
class Refused:
    """An operation was, or will after its data set be, answered with a failure by the core itself."""

    command: int
    status: Status
    reason: str


StoreEvent = Requested | StoreBegan | DataReceived | StoreComplete | Echoed | Refused | Ended


class StorageProvider:
    """One peer's association with our Storage SCP.

    Parameters
    ----------
    limits
        Bounds of the association.
    now
        Seconds of a monotonic clock.
    private
        Take SOP classes outside DICOM's root too.
    max_object
        Longest data set, bytes; beyond it the association is aborted.
    """

    def __init__(self, limits: Limits, *, now: float, private: bool = False, max_object: int = 1 << 34) -> None:
        self.association = Association(limits, now=now)
        self._private = private
        self._max_object = max_object
        self._contexts: dict[int, Context] = {}
        self._reader = MessageReader(self._contexts)
        self._store: StoreRequest | None = None
        self._answer = b""  # what to send when the data set of a refused operation has passed
        self._context_id = 0
        self._complete = False
        self._pending = False
        self._size = 0
        self.request: AssociateRQ | None = None

    @property
    def pending(self) -> bool:
        """Whether a complete object waits for `respond`: no event comes before that."""
        return self._pending

    @property
    def in_object(self) -> bool:
        """Whether an object is being received or waits for its answer."""
        return self._pending or self._reader.in_message

    def accept(self) -> None:
        """Accept the association that `Requested` told of, with the contexts we serve."""
        request = self.association.request
        if request is None:
            return
        answer = negotiate(request, max_length=self.association.limits.max_length, private=self._private)
        self._contexts.update(accepted(request, answer))
        self.request = request
        self.association.accept(answer)

    def reject(self, rejection: AssociateRJ) -> None:
        """Reject the association that `Requested` told of."""
        self.association.reject(rejection)

    def next_event(self) -> StoreEvent | None:
        """Return the next event for the shell, or None; None too while an object waits for its answer."""
        if self._complete and self._store is not None:
            self._complete, self._pending = False, True
            return StoreComplete(self._store)
        while not self._pending:
            event = self.association.next_event()
            if event is None:
                return None
            told = self._translate(event)
            if told is not None:
                return told
        return None

    def respond(self, status: Status, comment: str = "") -> None:
        """Answer the object that `StoreComplete` told of."""
        if self._store is not None:
            self._send(self._store.context.id, _store_response(self._store, status, comment))
        self._store = None
        self._complete = self._pending = False

    def refuse(self, status: Status, comment: str = "") -> None:
        """Give up the object that is being received: the rest of it is passed over, then it is answered so."""
        if self._store is None:
            return
        if self._pending or self._complete:
            self.respond(status, comment)
            return
        self._answer = _store_response(self._store, status, comment)
        self._store = None

    def _translate(self, event: object) -> StoreEvent | None:
        if isinstance(event, Fragment):
            try:
                return self._on_fragment(event)
            except InvalidMessage as error:
                self.association.abort(Ending.VIOLATION, str(error))
        elif isinstance(event, ReleaseRequested):
            self.association.release_response()
        elif isinstance(event, Requested | Ended):
            return event
        return None

    def _on_fragment(self, fragment: Fragment) -> StoreEvent | None:
        if not self.association.may_send():
            return None  # ended meanwhile: what is left over concerns nobody
        message = self._reader.receive(fragment)
        if isinstance(message, DataReceived):
            return self._on_data(message)
        return None if message is None else self._on_command(message.context, message.command)

    def _on_data(self, data: DataReceived) -> StoreEvent | None:
        self._size += len(data.data)
        if self._size > self._max_object:
            raise InvalidMessage("data set too long")
        if self._store is not None:
            self._complete = data.last
            return data
        if data.last:
            self._send(self._context_id, self._answer)
        return None

    def _on_command(self, context: Context, command: CommandSet) -> StoreEvent | None:
        self._size, self._context_id = 0, context.id
        number = command.number(Element.CommandField)
        if number is None or (number & RESPONSE):
            raise InvalidMessage("a command that nobody asked for")
        if number == Command.C_STORE_RQ:
            return self._on_store(context, command)
        if number == Command.C_CANCEL_RQ:
            return None  # nothing of ours runs long enough to be cancelled
        if number == Command.C_ECHO_RQ:
            self._answer_to(command, number, Status.SUCCESS)
            return Echoed()
        known = number in Command.__members__.values()
        status = Status.SOP_CLASS_NOT_SUPPORTED if known else Status.UNRECOGNIZED_OPERATION
        self._answer_to(command, number, status)
        return Refused(number, status, "operation")

    def _on_store(self, context: Context, command: CommandSet) -> StoreEvent:
        sop_class_uid = command.text(Element.AffectedSOPClassUID)
        store = StoreRequest(
            command.number(Element.MessageID) or 0,
            context,
            sop_class_uid,
            command.text(Element.AffectedSOPInstanceUID),
            self.request.calling_ae_title if self.request else "",
        )
        problem = self._problem(store, command)
        if problem is None:
            self._store = store
            return StoreBegan(store)
        status, reason = problem
        self._answer_later(command, _store_response(store, status, reason))
        return Refused(Command.C_STORE_RQ, status, reason)

    def _problem(self, store: StoreRequest, command: CommandSet) -> tuple[Status, str] | None:
        """Say what is wrong with a C-STORE-RQ: every string in it is hostile until proven otherwise."""
        if not is_storage(store.context.abstract_syntax, private=self._private):
            return Status.SOP_CLASS_NOT_SUPPORTED, "no storage SOP class"
        if command.number(Element.MessageID) is None or not (store.sop_class_uid and store.sop_instance_uid):
            return Status.INVALID_ARGUMENT, "a required element is missing"
        if not (is_uid(store.sop_class_uid) and is_uid(store.sop_instance_uid)):
            return Status.DOES_NOT_MATCH, "not a UID"
        if store.sop_class_uid != store.context.abstract_syntax:
            return Status.DOES_NOT_MATCH, "not the SOP class of its context"
        if not command.has_data_set:
            return Status.CANNOT_UNDERSTAND, "no data set"
        return None

    def _answer_to(self, command: CommandSet, number: int, status: Status) -> None:
        values: dict[Element, int | str | bytes] = {
            Element.CommandField: number | RESPONSE,
            Element.MessageIDBeingRespondedTo: command.number(Element.MessageID) or 0,
            Element.CommandDataSetType: NO_DATA_SET,
            Element.Status: status,
        }
        sop_class_uid = command.text(Element.AffectedSOPClassUID)
        if is_uid(sop_class_uid):
            values[Element.AffectedSOPClassUID] = sop_class_uid
        self._answer_later(command, encode_command(values))

    def _answer_later(self, command: CommandSet, answer: bytes) -> None:
        self._store = None
        if command.has_data_set:
            self._answer = answer
        else:
            self._send(self._context_id, answer)

    def _send(self, context_id: int, command: bytes) -> None:
        # The peer may have gone while the object was made durable; then there is nobody to tell.
        if command and self.association.may_send():
            self.association.send(encode_data_header(context_id, len(command), command=True, last=True) + command)


def _store_response(store: StoreRequest, status: Status, comment: str) -> bytes:
    values: dict[Element, int | str | bytes] = {
        Element.CommandField: Command.C_STORE_RSP,
        Element.MessageIDBeingRespondedTo: store.message_id,
        Element.CommandDataSetType: NO_DATA_SET,
        Element.Status: status,
    }
    if is_uid(store.sop_class_uid):
        values[Element.AffectedSOPClassUID] = store.sop_class_uid
    if is_uid(store.sop_instance_uid):
        values[Element.AffectedSOPInstanceUID] = store.sop_instance_uid
    if comment:
        values[Element.ErrorComment] = comment[:MAX_COMMENT]
    return encode_command(values)
