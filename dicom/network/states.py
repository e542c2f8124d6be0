"""The upper layer's state machine as data: PS3.8 Table 9-10, cell by cell, in the standard's own names.

Everything that decides what an association may do next stands here; `association` carries the actions out.
"""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType


class State(StrEnum):
    """PS3.8 Tables 9-1 to 9-5."""

    IDLE = "Sta1"
    AWAITING_RQ = "Sta2"
    AWAITING_LOCAL_RESPONSE = "Sta3"
    AWAITING_TRANSPORT = "Sta4"
    AWAITING_AC = "Sta5"
    ESTABLISHED = "Sta6"
    AWAITING_RELEASE_RP = "Sta7"
    AWAITING_LOCAL_RELEASE = "Sta8"
    COLLISION_REQUESTOR_LOCAL = "Sta9"
    COLLISION_ACCEPTOR_RP = "Sta10"
    COLLISION_REQUESTOR_RP = "Sta11"
    COLLISION_ACCEPTOR_LOCAL = "Sta12"
    AWAITING_CLOSE = "Sta13"


class Trigger(StrEnum):
    """PS3.8 Table 9-10, its rows."""

    ASSOCIATE_REQUEST = "Evt1"
    TRANSPORT_CONFIRMED = "Evt2"
    ASSOCIATE_AC = "Evt3"
    ASSOCIATE_RJ = "Evt4"
    TRANSPORT_INDICATION = "Evt5"
    ASSOCIATE_RQ = "Evt6"
    LOCAL_ACCEPT = "Evt7"
    LOCAL_REJECT = "Evt8"
    LOCAL_DATA = "Evt9"
    P_DATA = "Evt10"
    LOCAL_RELEASE = "Evt11"
    RELEASE_RQ = "Evt12"
    RELEASE_RP = "Evt13"
    LOCAL_RELEASE_RESPONSE = "Evt14"
    LOCAL_ABORT = "Evt15"
    ABORT = "Evt16"
    TRANSPORT_CLOSED = "Evt17"
    ARTIM_EXPIRED = "Evt18"
    INVALID_PDU = "Evt19"


class Action(StrEnum):
    """PS3.8 Tables 9-6 to 9-9."""

    AE_1 = "AE-1"  # open the transport
    AE_2 = "AE-2"  # send A-ASSOCIATE-RQ
    AE_3 = "AE-3"  # tell: accepted
    AE_4 = "AE-4"  # tell: rejected; close
    AE_5 = "AE-5"  # start ARTIM
    AE_6 = "AE-6"  # stop ARTIM; tell: requested (or reject what the protocol itself does not allow)
    AE_7 = "AE-7"  # send A-ASSOCIATE-AC
    AE_8 = "AE-8"  # send A-ASSOCIATE-RJ; start ARTIM
    DT_1 = "DT-1"  # send P-DATA-TF
    DT_2 = "DT-2"  # tell: data
    AR_1 = "AR-1"  # send A-RELEASE-RQ
    AR_2 = "AR-2"  # tell: release requested
    AR_3 = "AR-3"  # tell: released; close
    AR_4 = "AR-4"  # send A-RELEASE-RP; start ARTIM
    AR_5 = "AR-5"  # stop ARTIM
    AR_6 = "AR-6"  # tell: data
    AR_7 = "AR-7"  # send P-DATA-TF
    AR_8 = "AR-8"  # tell: release requested (collision)
    AR_9 = "AR-9"  # send A-RELEASE-RP
    AR_10 = "AR-10"  # tell: released (collision)
    AA_1 = "AA-1"  # send A-ABORT (user); restart ARTIM
    AA_2 = "AA-2"  # stop ARTIM; close
    AA_3 = "AA-3"  # tell: aborted by the peer; close
    AA_4 = "AA-4"  # tell: connection lost
    AA_5 = "AA-5"  # stop ARTIM
    AA_6 = "AA-6"  # ignore
    AA_7 = "AA-7"  # send A-ABORT
    AA_8 = "AA-8"  # send A-ABORT (provider); tell: aborted; start ARTIM


S, T, A = State, Trigger, Action

# Where each action leads. AE-6 and AR-8 fork in the standard: the first state here is the common one; the
# other (Sta13 after a protocol rejection; Sta10 for the acceptor) is picked by `next_state`.
NEXT: Mapping[Action, State] = MappingProxyType(
    {
        A.AE_1: S.AWAITING_TRANSPORT,
        A.AE_2: S.AWAITING_AC,
        A.AE_3: S.ESTABLISHED,
        A.AE_4: S.IDLE,
        A.AE_5: S.AWAITING_RQ,
        A.AE_6: S.AWAITING_LOCAL_RESPONSE,
        A.AE_7: S.ESTABLISHED,
        A.AE_8: S.AWAITING_CLOSE,
        A.DT_1: S.ESTABLISHED,
        A.DT_2: S.ESTABLISHED,
        A.AR_1: S.AWAITING_RELEASE_RP,
        A.AR_2: S.AWAITING_LOCAL_RELEASE,
        A.AR_3: S.IDLE,
        A.AR_4: S.AWAITING_CLOSE,
        A.AR_5: S.IDLE,
        A.AR_6: S.AWAITING_RELEASE_RP,
        A.AR_7: S.AWAITING_LOCAL_RELEASE,
        A.AR_8: S.COLLISION_REQUESTOR_LOCAL,
        A.AR_9: S.COLLISION_REQUESTOR_RP,
        A.AR_10: S.COLLISION_ACCEPTOR_LOCAL,
        A.AA_1: S.AWAITING_CLOSE,
        A.AA_2: S.IDLE,
        A.AA_3: S.IDLE,
        A.AA_4: S.IDLE,
        A.AA_5: S.IDLE,
        A.AA_6: S.AWAITING_CLOSE,
        A.AA_7: S.AWAITING_CLOSE,
        A.AA_8: S.AWAITING_CLOSE,
    }
)

# The states of an association that stands or is being released: a wrong PDU there is AA-8.
_OPEN = (
    S.ESTABLISHED,
    S.AWAITING_RELEASE_RP,
    S.AWAITING_LOCAL_RELEASE,
    S.COLLISION_REQUESTOR_LOCAL,
    S.COLLISION_ACCEPTOR_RP,
    S.COLLISION_REQUESTOR_RP,
    S.COLLISION_ACCEPTOR_LOCAL,
)
_PDUS = (T.ASSOCIATE_AC, T.ASSOCIATE_RJ, T.ASSOCIATE_RQ, T.P_DATA, T.RELEASE_RQ, T.RELEASE_RP, T.INVALID_PDU)


def _table() -> dict[tuple[Trigger, State], Action]:
    # Rules first: a PDU out of place is AA-1 before anyone is known, AA-8 afterwards, ignored once aborted.
    cells = {(pdu, state): A.AA_8 for pdu in _PDUS for state in (S.AWAITING_LOCAL_RESPONSE, S.AWAITING_AC, *_OPEN)}
    cells |= {(pdu, S.AWAITING_RQ): A.AA_1 for pdu in _PDUS} | {(pdu, S.AWAITING_CLOSE): A.AA_6 for pdu in _PDUS}
    cells |= {(T.LOCAL_ABORT, state): A.AA_1 for state in (S.AWAITING_LOCAL_RESPONSE, S.AWAITING_AC, *_OPEN)}
    cells |= {(T.ABORT, state): A.AA_3 for state in (S.AWAITING_LOCAL_RESPONSE, S.AWAITING_AC, *_OPEN)}
    waiting = (S.AWAITING_LOCAL_RESPONSE, S.AWAITING_TRANSPORT, S.AWAITING_AC, *_OPEN)
    cells |= {(T.TRANSPORT_CLOSED, state): A.AA_4 for state in waiting}
    return cells | _PROPER


# Then what is in place.
_PROPER: dict[tuple[Trigger, State], Action] = {
    (T.ASSOCIATE_REQUEST, S.IDLE): A.AE_1,
    (T.TRANSPORT_CONFIRMED, S.AWAITING_TRANSPORT): A.AE_2,
    (T.ASSOCIATE_AC, S.AWAITING_AC): A.AE_3,
    (T.ASSOCIATE_RJ, S.AWAITING_AC): A.AE_4,
    (T.TRANSPORT_INDICATION, S.IDLE): A.AE_5,
    (T.ASSOCIATE_RQ, S.AWAITING_RQ): A.AE_6,
    (T.ASSOCIATE_RQ, S.AWAITING_CLOSE): A.AA_7,
    (T.LOCAL_ACCEPT, S.AWAITING_LOCAL_RESPONSE): A.AE_7,
    (T.LOCAL_REJECT, S.AWAITING_LOCAL_RESPONSE): A.AE_8,
    (T.LOCAL_DATA, S.ESTABLISHED): A.DT_1,
    (T.LOCAL_DATA, S.AWAITING_LOCAL_RELEASE): A.AR_7,
    (T.P_DATA, S.ESTABLISHED): A.DT_2,
    (T.P_DATA, S.AWAITING_RELEASE_RP): A.AR_6,
    (T.LOCAL_RELEASE, S.ESTABLISHED): A.AR_1,
    (T.RELEASE_RQ, S.ESTABLISHED): A.AR_2,
    (T.RELEASE_RQ, S.AWAITING_RELEASE_RP): A.AR_8,
    (T.RELEASE_RP, S.AWAITING_RELEASE_RP): A.AR_3,
    (T.RELEASE_RP, S.COLLISION_ACCEPTOR_RP): A.AR_10,
    (T.RELEASE_RP, S.COLLISION_REQUESTOR_RP): A.AR_3,
    (T.LOCAL_RELEASE_RESPONSE, S.AWAITING_LOCAL_RELEASE): A.AR_4,
    (T.LOCAL_RELEASE_RESPONSE, S.COLLISION_REQUESTOR_LOCAL): A.AR_9,
    (T.LOCAL_RELEASE_RESPONSE, S.COLLISION_ACCEPTOR_LOCAL): A.AR_4,
    (T.LOCAL_ABORT, S.AWAITING_TRANSPORT): A.AA_2,
    (T.ABORT, S.AWAITING_RQ): A.AA_2,
    (T.ABORT, S.AWAITING_CLOSE): A.AA_2,
    (T.TRANSPORT_CLOSED, S.AWAITING_RQ): A.AA_5,
    (T.TRANSPORT_CLOSED, S.AWAITING_CLOSE): A.AR_5,
    (T.ARTIM_EXPIRED, S.AWAITING_RQ): A.AA_2,
    (T.ARTIM_EXPIRED, S.AWAITING_CLOSE): A.AA_2,
    (T.INVALID_PDU, S.AWAITING_CLOSE): A.AA_7,
}
TRANSITIONS: Mapping[tuple[Trigger, State], Action] = MappingProxyType(_table())


class LocalProtocolError(Exception):
    """We asked for what the state does not allow; the peer saw nothing of it."""

    def __init__(self, trigger: Trigger, state: State) -> None:
        super().__init__(f"{trigger.name} ({trigger}) is not possible in {state.name} ({state})")
        self.trigger, self.state = trigger, state


def next_state(action: Action, *, requestor: bool) -> State:
    """Return the state after an action; a release collision depends on who asked for the association (AR-8)."""
    if action is A.AR_8 and not requestor:
        return S.COLLISION_ACCEPTOR_RP
    return NEXT[action]


def render() -> str:
    """Return the table as text, events down and states across, for a person to lay beside the standard."""
    names = list(State)
    lines = ["event  " + " ".join(f"{state:<5}" for state in names).rstrip()]
    for trigger in Trigger:
        cells = (TRANSITIONS.get((trigger, state)) for state in names)
        lines.append(f"{trigger:<6} " + " ".join(f"{cell or '-':<5}" for cell in cells).rstrip())
    lines += ["", "action next"]
    forks = {A.AE_6: " or Sta13", A.AR_8: " or Sta10"}
    lines += [f"{action:<6} {NEXT[action]}{forks.get(action, '')}" for action in Action]
    return "\n".join(lines) + "\n"
