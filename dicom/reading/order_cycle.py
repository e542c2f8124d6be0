"""The reading order's life cycle (lifecycles.md a): one table, and the pure function that moves an order by it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from types import MappingProxyType

from dicom.errors import IllegalTransition, NotClaimHolder, ReasonRequired
from dicom.orders import OrderState, ReadingOrder
from dicom.reading.table import Row, legal_events, rows_of

S = OrderState


@dataclass(frozen=True, slots=True)
class Fact:
    """What comes with an event: who, why, until when a lease holds, when the answer is due."""

    by: str = ""
    code: str = ""
    reason: str = ""
    until: datetime | None = None
    due_at: datetime | None = None


SYSTEM, SENDER, READER, HOLDER = "system", "sender", "reader", "holder"
REVIEWER, REGISTRAR, LEAD, AUTHOR = "reviewer", "registrar", "lead", "author"

ORDER_TABLE: tuple[Row[OrderState], ...] = (
    Row((S.RECEIVING,), "completed", S.READY, (SYSTEM,), ("complete", "matched", "routed")),
    Row((S.RECEIVING,), "set-aside", S.QUARANTINED, (SYSTEM,), (), "quarantine"),
    Row((S.RECEIVING,), "no-route", S.UNROUTED, (SYSTEM,), ("complete", "matched"), "unrouted"),
    Row((S.QUARANTINED,), "completed", S.QUARANTINED, (SYSTEM,), ("complete",)),
    Row((S.QUARANTINED,), "match", S.READY, (REGISTRAR, SENDER), ("reason", "matched", "complete", "routed")),
    Row((S.QUARANTINED,), "match", S.UNROUTED, (REGISTRAR, SENDER), ("reason", "matched", "complete"), "unrouted"),
    Row((S.QUARANTINED,), "match", S.RECEIVING, (REGISTRAR, SENDER), ("reason", "matched")),
    Row((S.UNROUTED,), "route", S.READY, (REGISTRAR, LEAD), ("routed",)),
    Row((S.READY,), "claim", S.CLAIMED, (READER,), (), "claim-lease"),
    Row((S.CLAIMED,), "renew", S.CLAIMED, (HOLDER,), ("holder",), "claim-lease"),
    Row((S.CLAIMED,), "release", S.READY, (HOLDER, LEAD), ()),
    Row((S.CLAIMED,), "lease-expired", S.READY, (SYSTEM,), ("expired",)),
    Row((S.CLAIMED,), "return", S.RETURNED, (HOLDER,), ("holder", "reason"), "returned"),
    Row((S.RETURNED,), "resent", S.READY, (SENDER,), ("complete", "matched", "routed")),
    Row((S.CLAIMED,), "report-signed", S.AWAITING_VERIFICATION, (HOLDER,), ("holder",)),
    Row((S.AWAITING_VERIFICATION,), "report-sent-back", S.CLAIMED, (REVIEWER,), ("reason",), "claim-lease"),
    Row((S.AWAITING_VERIFICATION,), "report-verified", S.FINAL, (REVIEWER,), ()),
    Row((S.FINAL,), "amend", S.AMENDING, (AUTHOR, REVIEWER, LEAD), ("reason",)),
    Row((S.AMENDING,), "report-signed", S.AMENDING, (HOLDER,), ("holder",)),
    Row((S.AMENDING,), "report-sent-back", S.AMENDING, (REVIEWER,), ("reason",)),
    Row((S.AMENDING,), "report-verified", S.FINAL, (REVIEWER,), ()),
    Row((S.RECEIVING, S.UNROUTED, S.READY, S.RETURNED), "late-instance", S.RECEIVING, (SYSTEM,)),
    Row((S.QUARANTINED,), "late-instance", S.QUARANTINED, (SYSTEM,)),
    Row((S.CLAIMED,), "late-instance", S.CLAIMED, (SYSTEM,)),
    Row((S.AWAITING_VERIFICATION,), "late-instance", S.CLAIMED, (SYSTEM,), (), "claim-lease"),
    Row((S.FINAL,), "late-instance", S.FINAL, (SYSTEM,)),
    Row((S.AMENDING,), "late-instance", S.AMENDING, (SYSTEM,)),
    Row((S.CANCEL_REQUESTED,), "late-instance", S.CANCEL_REQUESTED, (SYSTEM,)),
    Row(
        (S.RECEIVING, S.QUARANTINED, S.UNROUTED, S.READY, S.RETURNED),
        "cancel",
        S.CANCELLED,
        (SENDER, LEAD),
        ("reason",),
    ),
    Row(
        (S.CLAIMED, S.AWAITING_VERIFICATION),
        "cancel",
        S.CANCEL_REQUESTED,
        (SENDER, LEAD),
        ("reason",),
        "cancel-request",
    ),
    Row((S.CANCEL_REQUESTED,), "confirm-cancel", S.CANCELLED, (HOLDER, REVIEWER, LEAD)),
    Row((S.CANCEL_REQUESTED,), "keep", None, (HOLDER, REVIEWER, LEAD, SENDER)),
)

Guard = Callable[[ReadingOrder, Fact, datetime], bool]

GUARDS: Mapping[str, Guard] = MappingProxyType(
    {
        "complete": lambda order, _fact, _now: order.complete_at is not None,
        "matched": lambda order, _fact, _now: order.patient_id is not None,
        "routed": lambda order, _fact, _now: order.centre_id is not None,
        "holder": lambda order, fact, _now: order.claimed_by == fact.by,
        "reason": lambda _order, fact, _now: bool(fact.reason.strip()),
        "expired": lambda order, _fact, now: order.claim_expires_at is not None and order.claim_expires_at <= now,
    }
)


def legal(state: OrderState) -> tuple[str, ...]:
    """Return the events that a state knows."""
    return legal_events(ORDER_TABLE, state)


def decide(order: ReadingOrder, event: str, fact: Fact, *, now: datetime) -> ReadingOrder:
    """Return the order after an event, one version on.

    Raises
    ------
    IllegalTransition
        When the table has no row for the pair, or none whose guard holds; it names the legal events.
    NotClaimHolder, ReasonRequired
        When that guard alone refuses.
    """
    rows = rows_of(ORDER_TABLE, order.state, event)
    failed: list[str] = []
    for row in rows:
        missing = [name for name in row.guards if not GUARDS[name](order, fact, now)]
        if not missing:
            to = row.to or order.cancelled_from or order.state
            changed = EFFECTS.get(event, _nothing)(order, fact, now)
            return replace(changed, state=to, version=order.version + 1)
        failed = missing
    if "holder" in failed:
        raise NotClaimHolder
    if "reason" in failed:
        raise ReasonRequired
    raise IllegalTransition(order.state.value, event, legal(order.state))


def _nothing(order: ReadingOrder, _fact: Fact, _now: datetime) -> ReadingOrder:
    return order


def _claimed(order: ReadingOrder, fact: Fact, now: datetime) -> ReadingOrder:
    return replace(order, claimed_by=fact.by, claimed_at=now, claim_expires_at=fact.until)


def _renewed(order: ReadingOrder, fact: Fact, _now: datetime) -> ReadingOrder:
    return replace(order, claim_expires_at=fact.until)


def _let_go(order: ReadingOrder, _fact: Fact, _now: datetime) -> ReadingOrder:
    return replace(order, claimed_by=None, claimed_at=None, claim_expires_at=None)


def _returned(order: ReadingOrder, fact: Fact, now: datetime) -> ReadingOrder:
    order = _let_go(order, fact, now)
    return replace(order, paused_at=now, return_code=fact.code or "other", return_reason=fact.reason)


def _resumed(order: ReadingOrder, fact: Fact, now: datetime) -> ReadingOrder:
    if order.paused_at is None:
        return replace(order, due_at=fact.due_at or order.due_at)
    pause = now - order.paused_at
    return replace(
        order,
        due_at=order.due_at + pause if order.due_at else fact.due_at,
        paused_at=None,
        paused_seconds=order.paused_seconds + int(pause.total_seconds()),
        return_code=None,
        return_reason="",
    )


def _signed(order: ReadingOrder, fact: Fact, now: datetime) -> ReadingOrder:
    return replace(_let_go(order, fact, now), reader_id=fact.by)


def _sent_back(order: ReadingOrder, fact: Fact, now: datetime) -> ReadingOrder:
    return replace(order, claimed_by=order.reader_id, claimed_at=now, claim_expires_at=fact.until)


def _late(order: ReadingOrder, fact: Fact, now: datetime) -> ReadingOrder:
    if order.state is S.AWAITING_VERIFICATION:
        return _sent_back(order, fact, now)
    if order.state in {S.READY, S.RETURNED, S.UNROUTED, S.RECEIVING, S.QUARANTINED}:
        return replace(order, complete_at=None)
    if order.state is S.AMENDING:
        return replace(order, claimed_by=order.claimed_by or order.reader_id)
    return order


def _verified(order: ReadingOrder, fact: Fact, now: datetime) -> ReadingOrder:
    return replace(_let_go(order, fact, now), final_at=now)


def _amended(order: ReadingOrder, fact: Fact, now: datetime) -> ReadingOrder:
    return replace(order, claimed_by=fact.by, claimed_at=now, claim_expires_at=None)


def _cancelled(order: ReadingOrder, fact: Fact, now: datetime) -> ReadingOrder:
    if order.state in {S.CLAIMED, S.AWAITING_VERIFICATION}:
        return replace(order, cancelled_from=order.state)
    return _let_go(order, fact, now)


def _kept(order: ReadingOrder, fact: Fact, _now: datetime) -> ReadingOrder:
    until = fact.until if order.cancelled_from is S.CLAIMED else None
    return replace(order, cancelled_from=None, claim_expires_at=until)


EFFECTS: Mapping[str, Callable[[ReadingOrder, Fact, datetime], ReadingOrder]] = MappingProxyType(
    {
        "completed": _resumed,
        "match": _resumed,
        "route": _resumed,
        "claim": _claimed,
        "renew": _renewed,
        "release": _let_go,
        "lease-expired": _let_go,
        "return": _returned,
        "resent": _resumed,
        "report-signed": _signed,
        "report-sent-back": _sent_back,
        "report-verified": _verified,
        "amend": _amended,
        "late-instance": _late,
        "cancel": _cancelled,
        "confirm-cancel": _let_go,
        "keep": _kept,
    }
)
