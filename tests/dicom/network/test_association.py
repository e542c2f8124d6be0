"""The state machine at work: what the network sees of each state, and time as an argument."""

from collections.abc import Callable

import pytest

from dicom.network import pdu
from dicom.network.association import Association
from dicom.network.contexts import negotiate
from dicom.network.events import Accepted, Ended, Ending, Event, Limits, ReleaseRequested, Requested
from dicom.network.framing import Fragment
from dicom.network.pdu import Abort, AssociateRQ, ProposedContext, UserInformation
from dicom.network.states import TRANSITIONS, LocalProtocolError, State, Trigger

REQUEST = AssociateRQ("LUTONG", "T01", (ProposedContext(1, "1.2.840.10008.1.1", ("1.2.840.10008.1.2",)),))
REQUEST_PDU = pdu.encode_associate_rq(REQUEST)
LIMITS = Limits(artim=30, closing=2, pdu=55, idle=55)
DATA = pdu.encode_data_header(1, 4, command=True, last=True) + b"echo"
ABORT = pdu.encode_abort(Abort(0, 0))
ABORT_PDU_TYPE = 7


def acceptor(now: float = 0.0) -> Association:
    return Association(LIMITS, now=now)


def requestor(now: float = 0.0) -> Association:
    return Association(LIMITS, now=now, request=REQUEST)


def give(association: Association, data: bytes, now: float = 0.0) -> list[Event]:
    association.receive_data(memoryview(data), now=now)
    return events(association)


def events(association: Association) -> list[Event]:
    found = []
    while (event := association.next_event()) is not None:
        found.append(event)
    return found


def roundtrip(one: Association, other: Association) -> None:
    """Move bytes both ways until neither has any, as two sockets would."""
    while True:
        there, back = one.data_to_send(), other.data_to_send()
        if not there and not back:
            return
        other.receive_data(memoryview(there), now=0)
        one.receive_data(memoryview(back), now=0)


def answer(association: Association) -> None:
    association.accept(negotiate(REQUEST, max_length=16384, private=False))


def standing() -> Association:
    association = acceptor()
    assert [type(event) for event in give(association, REQUEST_PDU)] == [Requested]
    answer(association)
    association.data_to_send()
    return association


def releasing() -> Association:
    association = standing()
    association.release()
    association.data_to_send()
    return association


def requested() -> Association:
    association = acceptor()
    give(association, REQUEST_PDU)
    return association


def asked_to_release() -> Association:
    association = standing()
    assert give(association, pdu.RELEASE_RQ) == [ReleaseRequested()]
    return association


def calling() -> Association:
    association = requestor()
    association.data_to_send()
    return association


def ended() -> Association:
    association = asked_to_release()
    association.release_response()
    association.data_to_send()
    events(association)
    return association


def test_two_associations_talk_until_one_releases() -> None:
    ours, theirs = requestor(), acceptor()
    roundtrip(ours, theirs)
    answer(theirs)
    roundtrip(ours, theirs)
    assert [type(event) for event in events(ours)] == [Accepted]
    ours.send(DATA)
    roundtrip(ours, theirs)
    request, fragment = events(theirs)
    assert isinstance(request, Requested)
    assert isinstance(fragment, Fragment)
    assert bytes(fragment.data) == b"echo"
    ours.release()
    roundtrip(ours, theirs)
    assert events(theirs) == [ReleaseRequested()]
    theirs.release_response()
    roundtrip(ours, theirs)
    assert events(ours) == [Ended(Ending.RELEASED)]
    assert ours.closed
    theirs.receive_eof()
    assert events(theirs) == [Ended(Ending.RELEASED)]
    assert theirs.closed


def test_both_may_ask_for_release_at_once() -> None:
    ours, theirs = requestor(), acceptor()
    roundtrip(ours, theirs)
    answer(theirs)
    roundtrip(ours, theirs)
    ours.release()
    theirs.release()
    roundtrip(ours, theirs)
    assert (ours.state, theirs.state) == (State.COLLISION_REQUESTOR_LOCAL, State.COLLISION_ACCEPTOR_RP)
    ours.release_response()
    roundtrip(ours, theirs)
    theirs.release_response()
    roundtrip(ours, theirs)
    assert ours.closed
    assert theirs.state is State.AWAITING_CLOSE


def test_a_rejection_says_why_and_the_caller_closes() -> None:
    ours, theirs = requestor(), acceptor()
    roundtrip(ours, theirs)
    theirs.reject(pdu.CALLING_NOT_RECOGNISED)
    roundtrip(ours, theirs)
    assert events(ours) == [Ended(Ending.REJECTED, rejection=pdu.CALLING_NOT_RECOGNISED)]
    assert ours.closed


@pytest.mark.parametrize(
    ("request_", "rejection"),
    [
        (AssociateRQ("L", "T", REQUEST.contexts, protocol_version=2), pdu.VERSION_NOT_SUPPORTED),
        (AssociateRQ("L", "T", REQUEST.contexts, application_context="1.2"), pdu.APPLICATION_CONTEXT_NOT_SUPPORTED),
    ],
)
def test_the_protocol_itself_rejects_what_no_policy_could_allow(
    request_: AssociateRQ, rejection: pdu.AssociateRJ
) -> None:
    association = acceptor()
    assert give(association, pdu.encode_associate_rq(request_)) == [Ended(Ending.REJECTED, rejection=rejection)]
    assert association.data_to_send() == pdu.encode_associate_rj(rejection)


WIRE = {
    Trigger.ASSOCIATE_RQ: REQUEST_PDU,
    Trigger.ASSOCIATE_AC: pdu.encode_associate_ac(negotiate(REQUEST, max_length=16384, private=False)),
    Trigger.ASSOCIATE_RJ: pdu.encode_associate_rj(pdu.LOCAL_LIMIT_EXCEEDED),
    Trigger.P_DATA: DATA,
    Trigger.RELEASE_RQ: pdu.RELEASE_RQ,
    Trigger.RELEASE_RP: pdu.RELEASE_RP,
    Trigger.ABORT: ABORT,
    Trigger.INVALID_PDU: bytes.fromhex("ff0000000004") + bytes(4),
}
STANDS = {
    State.AWAITING_RQ: acceptor,
    State.AWAITING_LOCAL_RESPONSE: requested,
    State.AWAITING_AC: calling,
    State.ESTABLISHED: standing,
    State.AWAITING_RELEASE_RP: releasing,
    State.AWAITING_LOCAL_RELEASE: asked_to_release,
    State.AWAITING_CLOSE: ended,
}
# What the peer sees of an action: the type of the PDU that comes back, and whether we close.
SEEN = {
    "AA-1": (7, False),
    "AA-2": (None, True),
    "AA-3": (None, True),
    "AA-6": (None, False),
    "AA-7": (7, False),
    "AA-8": (7, False),
    "AE-3": (None, False),
    "AE-4": (None, True),
    "AE-6": (None, False),
    "AR-2": (None, False),
    "AR-3": (None, True),
    "AR-6": (None, False),
    "AR-8": (None, False),
    "DT-2": (None, False),
}


@pytest.mark.parametrize("trigger", WIRE)
@pytest.mark.parametrize(("state", "stand"), STANDS.items())
def test_each_pdu_in_each_state_has_the_standards_reaction(
    state: State, stand: Callable[[], Association], trigger: Trigger
) -> None:
    association = stand()
    assert association.state is state
    give(association, WIRE[trigger])
    out = association.data_to_send()
    action = TRANSITIONS[trigger, state]
    assert (out[0] if out else None, association.closed) == SEEN[action]


@pytest.mark.parametrize(("state", "stand"), STANDS.items())
def test_a_lost_connection_ends_every_state_and_is_told_once(state: State, stand: Callable[[], Association]) -> None:
    association = stand()
    told = len([event for event in events(association) if isinstance(event, Ended)])
    association.receive_eof()
    association.receive_eof()
    told += len([event for event in events(association) if isinstance(event, Ended)])
    assert association.closed
    assert told == (0 if state is State.AWAITING_CLOSE else 1)


def test_an_illegal_wish_changes_nothing() -> None:
    association = acceptor()
    with pytest.raises(LocalProtocolError):
        association.release()
    assert association.state is State.AWAITING_RQ
    assert association.data_to_send() == b""


def test_a_connection_that_asks_for_nothing_is_closed_after_thirty_seconds() -> None:
    association = acceptor(now=100)
    association.receive_data(memoryview(REQUEST_PDU[:40]), now=129)
    association.handle_timer(129.9)
    assert not association.closed
    association.handle_timer(130)
    assert association.closed
    assert events(association) == [Ended(Ending.TIMEOUT, "no A-ASSOCIATE-RQ in time")]


def test_a_pdu_that_drips_has_one_budget_however_steadily_it_comes() -> None:
    association = standing()
    tick, now = 1.0, 0.0
    for byte in DATA * 8:
        association.receive_data(memoryview(bytes([byte])), now=now)
        association.handle_timer(now)
        now += tick
    assert association.state is State.ESTABLISHED, "each whole PDU starts a new budget"
    long = pdu.encode_data_header(1, 100, command=True, last=True) + bytes(100)
    began = now
    for byte in long:
        now += tick
        association.receive_data(memoryview(bytes([byte])), now=now)
        association.handle_timer(now)
        if association.state is not State.ESTABLISHED:
            break
    assert 54 <= now - began <= 57
    assert association.data_to_send() == ABORT
    association.handle_timer(now + 3)
    assert association.closed


def test_an_idle_association_gives_its_slot_back_but_not_while_we_keep_it_waiting() -> None:
    association = standing()
    association.suspend_timers()
    association.handle_timer(1000)
    assert association.state is State.ESTABLISHED
    association.resume_timers(now=1000)
    association.handle_timer(1054)
    assert association.state is State.ESTABLISHED
    association.handle_timer(1055)
    assert association.data_to_send() == ABORT
    assert Ended(Ending.TIMEOUT, "idle") in events(association)


def test_four_gigabytes_declared_before_anyone_is_known_are_refused_at_the_header() -> None:
    association = acceptor()
    (end,) = give(association, b"\1\0\xff\xff\xff\xff" + bytes(1000))
    assert isinstance(end, Ended)
    assert end.ending is Ending.VIOLATION
    assert association.data_to_send()[0] == ABORT_PDU_TYPE
    assert give(association, REQUEST_PDU) == []


def test_the_maximum_we_say_is_the_maximum_we_take() -> None:
    association = standing()
    size = LIMITS.max_length - 6
    header = pdu.encode_data_header(1, size, command=False, last=True)
    assert sum(len(e.data) for e in give(association, header + bytes(size)) if isinstance(e, Fragment)) == size
    (end,) = give(association, pdu.encode_data_header(1, size + 1000, command=False, last=True))
    assert isinstance(end, Ended)


def test_a_request_larger_than_64_kib_is_refused() -> None:
    contexts = tuple(ProposedContext(2 * i + 1, "1" * 64, ("1" * 64,) * 10) for i in range(128))
    big = pdu.encode_associate_rq(AssociateRQ("L", "T", contexts, UserInformation()))
    assert len(big) > 65536
    (end,) = give(acceptor(), big)
    assert isinstance(end, Ended)
    assert end.ending is Ending.VIOLATION
