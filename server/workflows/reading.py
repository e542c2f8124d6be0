"""Who somebody is to one order, and what happens to orders when their deadlines pass."""

from datetime import datetime
from typing import Any

from dicom.model import Priority
from dicom.orders import SYSTEM, OrderState, Person, ReadingOrder, ReportState
from dicom.ports import ReadingUnitOfWork
from dicom.reading import Fact
from dicom.service.announce import ask
from dicom.service.ground import AMEND, CANCEL, LEASE, PRELIMINARY, QUARANTINE, RETURNED, UNROUTED, move
from server.accounts.model import Caller, Role
from server.accounts.titles import rank

SENDING = (Role.TOWNSHIP_DOCTOR, Role.TECHNICIAN, Role.FAMILY_DOCTOR)
S = OrderState


def person_of(caller: Caller, order: ReadingOrder, served: frozenset[str]) -> Person:
    """Return what the caller is to an order.

    Parameters
    ----------
    served
        The organizations whose doubts the caller's registrars and medical affairs look after (`served_by`).
    """
    sends = order.organization_id
    centre = order.centre_organization_id
    looks_after = sends in served and (centre is None or centre in caller.organizations)
    return Person(
        user_id=caller.user_id,
        name=caller.name,
        rank=rank(caller.title),
        sender=caller.has(*SENDING, organization_id=sends) or caller.has(Role.MEDICAL_AFFAIRS, organization_id=sends),
        reader=_of_centre(caller, order, Role.REPORTING_PHYSICIAN),
        reviewer=_of_centre(caller, order, Role.REVIEWING_PHYSICIAN),
        registrar=caller.has(Role.REGISTRAR) and looks_after,
        lead=looks_after
        and any(m.role is Role.MEDICAL_AFFAIRS and m.organization_id != sends for m in caller.memberships),
    )


def _leads(caller: Caller, order: ReadingOrder) -> bool:
    """Tell whether the caller is medical affairs above the sender: of another organization, or of its own centre's."""
    own = order.centre_organization_id == order.organization_id
    leads = {m.organization_id for m in caller.memberships if m.role is Role.MEDICAL_AFFAIRS}
    return bool(leads if own else leads - {order.organization_id})


def _of_centre(caller: Caller, order: ReadingOrder, role: Role) -> bool:
    return order.centre_id is not None and any(
        m.role is role and m.centre_id == order.centre_id for m in caller.memberships
    )


async def served(uow: Any, caller: Caller) -> frozenset[str]:
    """Return whose doubts the caller looks after; nobody's without such a role."""
    ours = {m.organization_id for m in caller.memberships if m.role in {Role.REGISTRAR, Role.MEDICAL_AFFAIRS}}
    found: frozenset[str] = await uow.centres.served_by(ours) if ours else frozenset()
    return found


async def on_deadline_claim_lease(uow: ReadingUnitOfWork, order_id: str, now: datetime) -> None:
    """End a claim whose reader has gone; the draft stays and the reader is told by the event."""
    order = await uow.orders.get(order_id, lock=True)
    if order is None or order.state is not S.CLAIMED:
        await uow.ledger.clear_deadline(LEASE, order_id)
    elif order.claim_expires_at is not None and order.claim_expires_at <= now:
        await move(uow, order, "lease-expired", Fact(by=SYSTEM.user_id), now=now)
    elif order.claim_expires_at is not None:
        await uow.ledger.set_deadline(LEASE, order_id, order.claim_expires_at)


async def on_deadline_quarantine(uow: ReadingUnitOfWork, order_id: str, now: datetime) -> None:
    """Nobody has said whose study it is: the lead hospital's medical affairs are asked."""
    await _escalate(uow, order_id, QUARANTINE, S.QUARANTINED, now=now, words=("核对病人超时", "nobody matched in time"))


async def on_deadline_unrouted(uow: ReadingUnitOfWork, order_id: str, now: datetime) -> None:
    """Nobody has named a centre: the lead hospital's medical affairs are asked."""
    await _escalate(
        uow, order_id, UNROUTED, S.UNROUTED, now=now, words=("指定中心超时", "nobody named a centre in time")
    )


async def on_deadline_returned(uow: ReadingUnitOfWork, order_id: str, now: datetime) -> None:
    """A returned study has not come again: the sender's head is asked."""
    order = await uow.orders.get(order_id, lock=True)
    await uow.ledger.clear_deadline(RETURNED, order_id)
    if order is not None and order.state is S.RETURNED:
        await ask(
            uow, order, "returned-late", organization_id=order.organization_id, role="medical-affairs", due_at=now,
            now=now, occasion=str(order.version),
            zh=f"{order.number} 退回后一天未重传：{order.return_reason}",
            en=f"{order.number} was returned a day ago and has not come again: {order.return_reason}",
        )  # fmt: skip


async def on_deadline_cancel_request(uow: ReadingUnitOfWork, order_id: str, now: datetime) -> None:
    """The reader has not answered a cancellation: the lead decides."""
    await _escalate(
        uow, order_id, CANCEL, S.CANCEL_REQUESTED, now=now, words=("取消申请无人确认", "nobody answered a cancellation")
    )


async def on_deadline_preliminary(uow: ReadingUnitOfWork, report_id: str, now: datetime) -> None:
    """A preliminary report was not replaced in time: the centre's reviewers are asked."""
    await uow.ledger.clear_deadline(PRELIMINARY, report_id)
    report = await uow.reports.get(report_id)
    order = await uow.orders.get(report.order_id) if report else None
    if report is None or order is None or report.state is not ReportState.PRELIMINARY:
        return
    await ask(
        uow, order, "preliminary-late", organization_id=order.centre_organization_id or order.organization_id,
        role="reviewing-physician", due_at=now, now=now,
        zh=f"临时报告到时未定稿：{order.number}", en=f"a preliminary report was not replaced in time: {order.number}",
    )  # fmt: skip


async def _escalate(
    uow: ReadingUnitOfWork, order_id: str, kind: str, state: OrderState, *, now: datetime, words: tuple[str, str]
) -> None:
    order = await uow.orders.get(order_id, lock=True)
    await uow.ledger.clear_deadline(kind, order_id)
    if order is None or order.state is not state:
        return
    above = order.centre_organization_id or await uow.centres.coordinator_of(order.organization_id)
    urgent = "急诊 " if order.priority is Priority.EMERGENCY else ""
    await ask(
        uow, order, kind, organization_id=above, role="medical-affairs", due_at=now, now=now, occasion="late",
        zh=f"{urgent}{words[0]}：{order.number}", en=f"{words[1]}: {order.number}",
    )  # fmt: skip


DEADLINES = {
    LEASE: on_deadline_claim_lease,
    QUARANTINE: on_deadline_quarantine,
    UNROUTED: on_deadline_unrouted,
    RETURNED: on_deadline_returned,
    CANCEL: on_deadline_cancel_request,
    PRELIMINARY: on_deadline_preliminary,
}
__all__ = ["AMEND", "DEADLINES", "person_of", "served"]
