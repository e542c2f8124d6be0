"""Events about orders and reports, and items of work for people: who may hear, who has to act."""

import hashlib
from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType

from dicom.events import Event
from dicom.orders import ReadingOrder, Report
from dicom.ports import OpenItem, ReadingUnitOfWork

Data = dict[str, str | int | bool | None]
STAND_INS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "technician": ("township-doctor", "family-doctor", "medical-affairs"),
        "township-doctor": ("family-doctor", "medical-affairs"),
    }
)
"""Who takes a role's items of work in a place where nobody has it."""


async def announce(uow: ReadingUnitOfWork, order: ReadingOrder, name: str, **data: str | int | bool | None) -> None:
    """Publish what happened to an order, to the organizations it concerns."""
    more: Data = {"study_uid": order.study_uid, "centre_id": order.centre_id, "priority": order.priority.value, **data}
    uow.publish(
        Event(
            "reading-orders", name, order.id, order.version, order.state.value, await audience(uow, order),
            order.organization_id, more,
        )
    )  # fmt: skip


async def announce_report(
    uow: ReadingUnitOfWork, report: Report, order: ReadingOrder, name: str, **data: str | int | bool | None
) -> None:
    """Publish what happened to a report, to both organizations."""
    more: Data = {"order_id": order.id, "edition": report.edition, "study_uid": order.study_uid, **data}
    uow.publish(
        Event(
            "reports", name, report.id, report.version, report.state.value, await audience(uow, order),
            order.organization_id, more,
        )
    )  # fmt: skip


async def audience(uow: ReadingUnitOfWork, order: ReadingOrder) -> tuple[str, ...]:
    """Return the organizations that may hear of an order: the sender and its centre, or who sorts its doubts out."""
    other = order.centre_organization_id or await uow.centres.coordinator_of(order.organization_id)
    return tuple(dict.fromkeys((order.organization_id, other)))


async def ask(
    uow: ReadingUnitOfWork,
    order: ReadingOrder,
    kind: str,
    *,
    organization_id: str,
    role: str,
    due_at: datetime,
    zh: str,
    en: str,
    now: datetime,
    occasion: str = "",
) -> None:
    """Open an item of work about an order, once for each kind and occasion.

    It goes to somebody who is there: where nobody has the role, to who stands in, else to the same upward.
    """
    key = f"{kind}:{order.id}:{organization_id}:{occasion}"
    organization_id, role = await uow.centres.owner_of(organization_id, (role, *STAND_INS.get(role, ())))
    item = OpenItem(
        hashlib.sha256(key.encode()).hexdigest()[:24], kind, "reading-orders", order.id, organization_id, role, due_at,
        zh, en, now,
    )  # fmt: skip
    await uow.ledger.open_task(item, dedupe_key=key)
