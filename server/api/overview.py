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


class DeskTaskView(View):
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
    tasks: Sequence[DeskTaskView]


@routes.get("/api/v1/overview", answer=OverviewView)
async def show(call: Call) -> OverviewView:
    """Show the desk of the caller's organizations."""
    ours = sorted(call.caller.organizations)
    numbers = await call.uow.overview.numbers(ours)
    unread = await call.uow.overview.unread(ours, now=call.now)
    tasks = await _tasks(call, ours)
    call.uow.audit(AuditEntry("list", "reading-orders", "overview"))
    return OverviewView(
        sending=numbers["sending"], reading=numbers["reading"], unread=len(unread), tasks=tasks,
        mine=MineView(returned=numbers["returned"], tasks=len(tasks)),
        moving=await _moving(call, ours), unread_reports=[unread_view(item) for item in unread],
    )  # fmt: skip


async def _tasks(call: Call, ours: list[str]) -> list[DeskTaskView]:
    roles = sorted(role.value for role in call.caller.roles)
    found = await call.uow.ledger.open_tasks(organization_ids=ours, roles=roles)
    return [DeskTaskView(**{name: getattr(task, name) for name in DeskTaskView.model_fields}) for task in found]


async def _moving(call: Call, ours: list[str]) -> list[OrderView]:
    asked = call.uow.worklist.filter(states=("open",), sent_by=tuple(ours))
    page = await call.uow.worklist.page(call.caller, frozenset(), asked, now=call.now, cursor="", limit=MOVING)
    return await order_views(call.uow, page.lines, call.caller, now=call.now)
