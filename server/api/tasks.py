"""Open items of work for people: `/api/v1/tasks`."""

from collections.abc import Sequence
from datetime import datetime

from server.accounts.model import Role, Task
from server.api.endpoint import Body, Call, Routes, View

routes = Routes("tasks")


class TaskQuery(Body):
    """`mine=1` is the only view there is so far: what waits for one of the caller's roles."""

    mine: str = "1"


class SubjectView(View):
    """What an item is about."""

    kind: str
    id: str


class TaskView(View):
    """An open item: what, for whom, until when."""

    id: str
    kind: str
    subject: SubjectView
    organization_id: str
    role: Role
    due_at: datetime
    overdue: bool
    zh: str
    en: str
    created_at: datetime
    version: int


class TaskPage(View):
    """The caller's open items, most urgent first."""

    items: Sequence[TaskView]
    next: str | None = None


@routes.get("/api/v1/tasks", query=TaskQuery, answer=TaskPage)
async def listing(call: Call) -> TaskPage:
    """List what waits for the caller, most urgent first."""
    caller = call.caller
    found = await call.uow.ledger.open_tasks(organization_ids=sorted(caller.organizations), roles=sorted(caller.roles))
    mine = [task for task in found if caller.has(Role(task.role), organization_id=task.organization_id)]
    return TaskPage(items=[_view(task, call.now) for task in mine])


def _view(task: Task, now: datetime) -> TaskView:
    return TaskView(
        id=task.id,
        kind=task.kind,
        subject=SubjectView(kind=task.subject_kind, id=task.subject_id),
        organization_id=task.organization_id,
        role=Role(task.role),
        due_at=task.due_at,
        overdue=task.due_at < now,
        zh=task.zh,
        en=task.en,
        created_at=task.created_at,
        version=task.version,
    )
