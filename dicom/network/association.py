"""One association, sans-IO: bytes in, events out, bytes out, one timer (PS3.8 §7, §9).

What may happen when is decided by the table in `states`; this file carries the actions out. Time is an argument,
in seconds of any monotonic clock.
"""

from collections import deque
from collections.abc import Callable, Mapping
from typing import ClassVar

from dicom.network import pdu
from dicom.network.events import Accepted, Ended, Ending, Event, Limits, ReleaseRequested, Requested
from dicom.network.framing import Fragment, Pdu, PduReader
from dicom.network.pdu import (
    Abort,
    AssociateAC,
    AssociateRJ,
    AssociateRQ,
    InvalidPdu,
    PduType,
)
from dicom.network.states import (
    TRANSITIONS,
    Action,
    LocalProtocolError,
    State,
    Trigger,
    next_state,
)

_PDU_TRIGGERS = {
    PduType.ASSOCIATE_RQ: Trigger.ASSOCIATE_RQ,
    PduType.ASSOCIATE_AC: Trigger.ASSOCIATE_AC,
    PduType.ASSOCIATE_RJ: Trigger.ASSOCIATE_RJ,
    PduType.P_DATA: Trigger.P_DATA,
    PduType.RELEASE_RQ: Trigger.RELEASE_RQ,
    PduType.RELEASE_RP: Trigger.RELEASE_RP,
    PduType.ABORT: Trigger.ABORT,
}
_DECODE: dict[PduType, Callable[[bytes], object]] = {
    PduType.ASSOCIATE_RQ: pdu.decode_associate_rq,
    PduType.ASSOCIATE_AC: pdu.decode_associate_ac,
    PduType.ASSOCIATE_RJ: pdu.decode_associate_rj,
    PduType.ABORT: pdu.decode_abort,
}
_TAKES_DATA = frozenset(state for (trigger, state), action in TRANSITIONS.items() if action in {"DT-2", "AR-6"})


class Association:
    """The upper layer of one transport connection, as acceptor or as requestor.

    Parameters
    ----------
    limits
        Bounds in force.
    now
        Seconds; the acceptor's ARTIM starts here.
    request
        What to ask for as the requestor; None makes the acceptor.
    """

    def __init__(self, limits: Limits, *, now: float, request: AssociateRQ | None = None) -> None:
        self.limits = limits
        self.state = State.IDLE
        self.request = request
        self._requestor = request is not None
        self._now = now
        self._reader = PduReader(max_control=limits.max_control, max_data=limits.max_length)
        self._events: deque[Event] = deque()
        self._out: list[bytes] = []
        self._artim: float | None = None
        self._pdu_since = self._heard = now
        self._pdu_seen = 0
        self._suspended = False
        self._ended = False
        self._received: object = None
        self._detail = ""
        if self._requestor:
            self._fire(Trigger.ASSOCIATE_REQUEST)
            self._fire(Trigger.TRANSPORT_CONFIRMED)
        else:
            self._fire(Trigger.TRANSPORT_INDICATION)

    # -- bytes and time in ---------------------------------------------------------------------------------

    def receive_data(self, data: memoryview, *, now: float) -> None:
        """Take bytes from the transport; fragments among the events are slices of `data`."""
        self._now = self._heard = now
        reader = self._reader
        reader.feed(data)
        try:
            while (item := reader.take()) is not None:
                if type(item) is Fragment:
                    self._events.append(item)
                elif type(item) is Pdu:
                    self._on_pdu(item)
        except InvalidPdu as error:
            self._on_invalid(error)
        if reader.started != self._pdu_seen:
            self._pdu_seen, self._pdu_since = reader.started, now

    def receive_eof(self) -> None:
        """The transport connection is gone."""
        if self.state is not State.IDLE:
            self._fire(Trigger.TRANSPORT_CLOSED)

    def _on_pdu(self, item: Pdu) -> None:
        if self.state is State.IDLE:
            return  # what still arrives after the end
        decode = _DECODE.get(item.type)
        self._received = decode(item.body) if decode else None
        self._detail = item.type.name
        self._fire(_PDU_TRIGGERS[item.type])

    def _on_invalid(self, error: InvalidPdu) -> None:
        self._reader.broken = True
        if self.state is not State.IDLE:
            self._received, self._detail = Abort(2, error.reason), str(error)
            self._fire(Trigger.INVALID_PDU)

    def get_timer(self) -> float | None:
        """Return when `handle_timer` is due next, or None."""
        if self._artim is not None:
            return self._artim
        if self._suspended or self.state in {State.IDLE, State.AWAITING_LOCAL_RESPONSE}:
            return None
        idle = self._heard + self.limits.idle
        return min(idle, self._pdu_since + self.limits.pdu) if self._reader.partial else idle

    def handle_timer(self, now: float) -> None:
        """Do what is due at `now`: nothing, or end the association."""
        due = self.get_timer()
        if due is None or now < due:
            return
        self._now = now
        if self._artim is not None:
            self._detail = "no A-ASSOCIATE-RQ in time"
            self._fire(Trigger.ARTIM_EXPIRED)
        else:
            self.abort(Ending.TIMEOUT, "a PDU took too long" if self._reader.partial else "idle")

    def suspend_timers(self) -> None:
        """Stop the peer's clock while we are the ones who keep it waiting."""
        self._suspended = True

    def resume_timers(self, *, now: float) -> None:
        """Start the peer's clock again."""
        self._suspended = False
        self._heard = self._pdu_since = now

    # -- events and bytes out ------------------------------------------------------------------------------

    def next_event(self) -> Event | None:
        """Return the next event, or None."""
        return self._events.popleft() if self._events else None

    @property
    def has_events(self) -> bool:
        """Whether events wait, and with them slices of what was received."""
        return bool(self._events)

    def data_to_send(self) -> bytes:
        """Return the bytes for the transport, all of them, once."""
        out = b"".join(self._out)
        self._out.clear()
        return out

    @property
    def closed(self) -> bool:
        """Whether the transport is to be closed once everything was sent."""
        return self.state is State.IDLE

    # -- what the local side asks for ----------------------------------------------------------------------

    def accept(self, answer: AssociateAC) -> None:
        """Answer a request with A-ASSOCIATE-AC."""
        self._fire(Trigger.LOCAL_ACCEPT, pdu.encode_associate_ac(answer))

    def reject(self, rejection: AssociateRJ) -> None:
        """Answer a request with A-ASSOCIATE-RJ."""
        self._received = rejection
        self._fire(Trigger.LOCAL_REJECT)

    def send(self, data: bytes) -> None:
        """Send whole P-DATA-TF PDUs, or a part of one."""
        self._fire(Trigger.LOCAL_DATA, data)

    def may_send(self) -> bool:
        """Whether P-DATA can be sent now."""
        return (Trigger.LOCAL_DATA, self.state) in TRANSITIONS

    def release(self) -> None:
        """Ask the peer to end the association in order."""
        self._fire(Trigger.LOCAL_RELEASE)

    def release_response(self) -> None:
        """Agree that the association ends; nothing when it has ended otherwise since it was asked."""
        if (Trigger.LOCAL_RELEASE_RESPONSE, self.state) in TRANSITIONS:
            self._fire(Trigger.LOCAL_RELEASE_RESPONSE)

    def abort(self, ending: Ending = Ending.STOPPED, detail: str = "") -> None:
        """End the association at once, in whatever state it is."""
        self._detail = detail
        if (Trigger.LOCAL_ABORT, self.state) in TRANSITIONS:
            self._end(ending)
            self._fire(Trigger.LOCAL_ABORT)
        elif self.state is not State.IDLE:  # no association yet, or none any more: only the transport is left
            self._end(ending)
            self._artim = None
            self._move(State.IDLE)

    # -- the machine ---------------------------------------------------------------------------------------

    def _fire(self, trigger: Trigger, data: bytes = b"") -> None:
        action = TRANSITIONS.get((trigger, self.state))
        if action is None:
            raise LocalProtocolError(trigger, self.state)
        self._move(next_state(action, requestor=self._requestor))
        if data:
            self._out.append(data)
        effect = self._EFFECTS.get(action)
        if effect is not None:
            effect(self)

    def _move(self, state: State) -> None:
        self.state = state
        self._reader.takes_data = state in _TAKES_DATA

    def _end(self, ending: Ending, *, rejection: AssociateRJ | None = None, abort: Abort | None = None) -> None:
        if not self._ended:
            self._ended = True
            detail = "" if ending in {Ending.RELEASED, Ending.REJECTED} else self._detail
            self._events.append(Ended(ending, detail, rejection, abort))

    def _start_artim(self, seconds: float) -> None:
        self._artim = self._now + seconds

    def _stop_artim(self) -> None:
        self._artim = None

    def _send_request(self) -> None:
        if self.request is not None:
            self._out.append(pdu.encode_associate_rq(self.request))

    def _tell_accepted(self) -> None:
        if isinstance(self._received, AssociateAC):
            self._events.append(Accepted(self._received))

    def _tell_rejected(self) -> None:
        rejection = self._received if isinstance(self._received, AssociateRJ) else None
        self._end(Ending.REJECTED, rejection=rejection)

    def _tell_requested(self) -> None:
        """AE-6, with the standard's own rejections: what no local policy could allow."""
        self._stop_artim()
        request = self._received
        if not isinstance(request, AssociateRQ):
            return
        self.request = request
        if not request.protocol_version & 1:
            self.reject(pdu.VERSION_NOT_SUPPORTED)
        elif request.application_context != pdu.APPLICATION_CONTEXT:
            self.reject(pdu.APPLICATION_CONTEXT_NOT_SUPPORTED)
        else:
            self._events.append(Requested(request))

    def _send_rejection(self) -> None:
        if isinstance(self._received, AssociateRJ):
            self._out.append(pdu.encode_associate_rj(self._received))
        self._tell_rejected()
        self._start_artim(self.limits.closing)

    def _tell_release(self) -> None:
        self._events.append(ReleaseRequested())

    def _send_release_response(self) -> None:
        self._out.append(pdu.RELEASE_RP)
        if self.state is State.AWAITING_CLOSE:
            self._end(Ending.RELEASED)
            self._start_artim(self.limits.closing)

    def _send_user_abort(self) -> None:
        self._out.append(pdu.encode_abort(Abort(0, 0)))
        self._end(Ending.VIOLATION)
        self._start_artim(self.limits.closing)

    def _send_provider_abort(self) -> None:
        # A PDU that is well-formed but out of place: unexpected-PDU (PS3.8 Table 9-26, 2).
        self._out.append(pdu.encode_abort(self._received if isinstance(self._received, Abort) else Abort(2, 2)))
        self._end(Ending.VIOLATION)
        self._start_artim(self.limits.closing)

    def _send_abort_again(self) -> None:
        self._out.append(pdu.encode_abort(Abort(2, 2)))

    def _give_up(self) -> None:
        """AA-2: ARTIM ran out, or the peer aborted before anything stood."""
        self._stop_artim()
        self._end(Ending.ABORTED if isinstance(self._received, Abort) else Ending.TIMEOUT)

    def _tell_aborted(self) -> None:
        self._end(Ending.ABORTED, abort=self._received if isinstance(self._received, Abort) else None)

    def _tell_lost(self) -> None:
        self._stop_artim()
        self._detail = "the connection closed"
        self._end(Ending.LOST)

    def _tell_released(self) -> None:
        self._end(Ending.RELEASED)

    def _start_request_artim(self) -> None:
        self._start_artim(self.limits.artim)

    def _send_release_request(self) -> None:
        self._out.append(pdu.RELEASE_RQ)

    _EFFECTS: ClassVar[Mapping[Action, Callable[["Association"], None]]] = {
        Action.AE_2: _send_request,
        Action.AE_3: _tell_accepted,
        Action.AE_4: _tell_rejected,
        Action.AE_5: _start_request_artim,
        Action.AE_6: _tell_requested,
        Action.AE_8: _send_rejection,
        Action.AR_1: _send_release_request,
        Action.AR_2: _tell_release,
        Action.AR_3: _tell_released,
        Action.AR_4: _send_release_response,
        Action.AR_5: _stop_artim,
        Action.AR_8: _tell_release,
        Action.AR_9: _send_release_response,
        Action.AA_1: _send_user_abort,
        Action.AA_2: _give_up,
        Action.AA_3: _tell_aborted,
        Action.AA_4: _tell_lost,
        Action.AA_5: _tell_lost,
        Action.AA_7: _send_abort_again,
        Action.AA_8: _send_provider_abort,
    }
