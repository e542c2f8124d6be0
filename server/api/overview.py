"""The township's desk at one glance (`GET /api/v1/overview`)."""

from collections.abc import Sequence
from datetime import datetime

from server.accounts.model import AuditEntry
from server.api.endpoint import Call, Routes, View
from server.api.order_view import OrderView, order_views
from server.api.reports import UnreadView, unread_view

routes = Routes("overview")
MOVING = 50


class MineView(View):
    """What waits for the caller's organization."""

    returned: int
    tasks: int


class TaskView(View):
    """An item of work for a person."""

    id: str
    kind: str
    subject_kind: str
    subject_id: str
    due_at: datetime
    zh: str
    en: str


class OverviewView(View):
    """What is on the way, being read, given back, unread."""

    sending: int
    reading: int
    mine: MineView
    unread: int
    moving: Sequence[OrderView]
    unread_reports: Sequence[UnreadView]
    tasks: Sequence[TaskView]


@routes.get("/api/v1/overview", answer=OverviewView)
async def show(call: Call) -> OverviewView:
    """Show the desk of the caller's organizations."""
    uow, caller = call.uow, call.caller
    ours = sorted(caller.organizations)
    numbers = await uow.overview.numbers(ours)
    unread = await uow.overview.unread(ours, caller.user_id, now=call.now)
    tasks = await uow.ledger.open_tasks(organization_ids=ours, roles=sorted(role.value for role in caller.roles))
    page = await uow.worklist.page(
        caller, frozenset(), uow.worklist.filter(states=("open",), sent_by=tuple(ours)), now=call.now, cursor="",
        limit=MOVING,
    )  # fmt: skip
    uow.audit(AuditEntry("list", "reading-orders", "overview"))
    return OverviewView(
        sending=numbers["sending"],
        reading=numbers["reading"],
        mine=MineView(returned=numbers["returned"], tasks=len(tasks)),
        unread=len(unread),
        moving=await order_views(uow, page.lines, caller, now=call.now),
        unread_reports=[unread_view(item) for item in unread],
        tasks=[TaskView(**{name: getattr(task, name) for name in TaskView.model_fields}) for task in tasks],
    )
