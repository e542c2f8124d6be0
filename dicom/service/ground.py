"""What every use case of reading stands on: rules in force, an order found, a person's right, one move."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from dicom.errors import NotClaimHolder, NotPermitted, UnknownSubject
from dicom.model import Priority
from dicom.orders import OrderState, Person, ReadingOrder
from dicom.ports import ReadingUnitOfWork
from dicom.reading import ORDER_TABLE, Fact, decide
from dicom.reading.commands import may
from dicom.reading.table import rows_of
from dicom.routing import Rules, limits_of
from dicom.rules import DEFAULTS, FEE_WAIVER, READING, TURNAROUND, ReadingRules, reading_rules
from dicom.service.announce import announce

LEASE, RETURNED, CANCEL = "claim-lease", "returned", "cancel-request"
QUARANTINE, UNROUTED, PRELIMINARY, AMEND = "quarantine", "unrouted", "preliminary", "amend-late"

PAST = {
    "claim": "claimed", "release": "released", "lease-expired": "lease-expired", "return": "returned",
    "resent": "resent", "route": "routed", "cancel": "cancelled", "confirm-cancel": "cancelled", "keep": "kept",
    "completed": "completed", "set-aside": "set-aside", "no-route": "unrouted", "match": "matched",
    "report-signed": "report-signed", "report-sent-back": "report-sent-back", "report-verified": "final",
    "amend": "amending", "late-instance": "late-instance", "renew": "renewed",
}  # fmt: skip


async def _rule_at(
    uow: ReadingUnitOfWork, kind: str, organization_id: str, now: datetime, default: Mapping[str, Any]
) -> tuple[int, Mapping[str, Any]]:
    """Return version and row of a kind of rule where an organization lies; version 0 is the default."""
    region = await uow.centres.region_of(organization_id)
    return await uow.ledger.rule(kind, region, now) or (0, default)


async def rules_for(uow: ReadingUnitOfWork, organization_id: str, now: datetime) -> ReadingRules:
    """Return the deadlines in force where an organization lies."""
    return reading_rules(*await _rule_at(uow, READING, organization_id, now, {}))


async def routing_rules(uow: ReadingUnitOfWork, organization_id: str, now: datetime) -> Rules:
    """Return limits and hours in force where an organization lies."""
    version, row = await _rule_at(uow, TURNAROUND, organization_id, now, DEFAULTS[TURNAROUND])
    reading = await rules_for(uow, organization_id, now)
    return Rules(version, limits_of(row), reading.wait_for_opening)


async def fee_waiver(uow: ReadingUnitOfWork, order: ReadingOrder, now: datetime) -> str:
    """Return the words under which the fee is 0, "" when it is not (domain.md 2.10)."""
    if order.patient_id is None:
        return ""
    _, row = await _rule_at(uow, FEE_WAIVER, order.organization_id, now, DEFAULTS[FEE_WAIVER])
    held = await uow.matching.categories(order.patient_id, now.date())
    return str(row["words"]) if held & set(row["categories"]) else ""


async def the_order(uow: ReadingUnitOfWork, order_id: str, *, lock: bool = True) -> ReadingOrder:
    """Return an order, locked until the transaction ends unless it is only looked at.

    Raises
    ------
    UnknownSubject
        When there is none.
    """
    order = await uow.orders.get(order_id, lock=lock)
    if order is None:
        raise UnknownSubject("reading-orders", order_id)
    return order


def require(order: ReadingOrder, event: str, person: Person) -> None:
    """Refuse a person who is none of the parties that the table names; an unknown pair is left to `decide`.

    Raises
    ------
    NotPermitted, NotClaimHolder
        The latter when it is only the claim that is missing.
    """
    rows = rows_of(ORDER_TABLE, order.state, event) or [r for r in ORDER_TABLE if r.event == event]
    parties = {word for row in rows for word in row.who}
    if may(person, order, tuple(parties - {"holder"})):
        return
    if "holder" in parties and order.claimed_by == person.user_id:
        return
    if "holder" in parties and (person.reader or person.reviewer):
        if order.state in {OrderState.CLAIMED, OrderState.AMENDING, OrderState.CANCEL_REQUESTED}:
            raise NotClaimHolder
        return
    raise NotPermitted


async def move(
    uow: ReadingUnitOfWork, order: ReadingOrder, event: str, fact: Fact, *, now: datetime, quietly: bool = False
) -> ReadingOrder:
    """Move an order by the table, store it, set and clear its deadlines, and say so."""
    moved = decide(order, event, fact, now=now)
    await uow.orders.save(moved)
    await _keep_deadlines(uow, order, moved, now)
    if not quietly:
        name = "cancel-requested" if moved.state is OrderState.CANCEL_REQUESTED else PAST[event]
        await announce(uow, moved, name, actor=fact.by or None, code=fact.code or None)
    return moved


async def _keep_deadlines(uow: ReadingUnitOfWork, before: ReadingOrder, after: ReadingOrder, now: datetime) -> None:
    if after.state is OrderState.CLAIMED and after.claim_expires_at is not None:
        await uow.ledger.set_deadline(LEASE, after.id, after.claim_expires_at)
    elif before.state is OrderState.CLAIMED:
        await uow.ledger.clear_deadline(LEASE, after.id)
    if before.state is after.state:
        return
    for state, kind in _OF_STATE.items():
        if before.state is state:
            await uow.ledger.clear_deadline(kind, after.id)
        if after.state is state:
            rules = await rules_for(uow, after.organization_id, now)
            due = {
                RETURNED: now + rules.returned,
                CANCEL: now + rules.cancel,
                QUARANTINE: now + rules.quarantine[after.priority],
                UNROUTED: now + rules.quarantine[Priority.EMERGENCY],
            }[kind]
            await uow.ledger.set_deadline(kind, after.id, due, rule_version=rules.version)


_OF_STATE = {
    OrderState.RETURNED: RETURNED,
    OrderState.CANCEL_REQUESTED: CANCEL,
    OrderState.QUARANTINED: QUARANTINE,
    OrderState.UNROUTED: UNROUTED,
}
