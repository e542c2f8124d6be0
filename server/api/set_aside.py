"""What was kept aside: unreadable objects, other bytes under a known UID; a person writes what became of them."""

from collections.abc import Sequence
from datetime import datetime

from pydantic import Field

from server.accounts.model import AuditEntry
from server.api.endpoint import Body, Call, Routes, View
from server.api.order_view import Words
from server.workflows.set_aside import resolve_set_aside
from server.workflows.uploads import WORDS

routes = Routes("set-aside")


class SetAsideView(View):
    """One object kept aside."""

    id: str
    code: str
    reason: Words
    note: str
    organization: str
    study_uid: str | None
    sop_instance_uid: str | None
    bytes: int
    via: str
    at: datetime
    resolved_at: datetime | None
    resolution: str | None


class SetAsidePage(View):
    """What waits for a person."""

    items: Sequence[SetAsideView]
    next: str | None = None


class ResolveBody(Body):
    """What became of it, in words."""

    resolution: str = Field(max_length=2000)


@routes.get("/api/v1/set-aside", answer=SetAsidePage)
async def listed(call: Call) -> SetAsidePage:
    """List what was kept aside and waits for a person, newest first."""
    items = await call.uow.set_asides.page(call.caller, now=call.now)
    call.uow.audit(AuditEntry("list", "set-aside", ""))
    return SetAsidePage(items=[_view(item) for item in items])


@routes.post("/api/v1/set-aside/{id}/resolve", body=ResolveBody, answer=SetAsideView)
async def resolve(call: Call) -> SetAsideView:
    """Write what became of an object that was kept aside; its bytes stay."""
    item = await resolve_set_aside(
        call.uow, call.path("id"), call.body.resolution.strip(), caller=call.caller, now=call.now
    )
    return _view(item)


def _view(item: object) -> SetAsideView:
    zh, en = WORDS.get(str(getattr(item, "reason", "")), ("已另存", "kept aside"))
    fields = {name: getattr(item, name, None) for name in SetAsideView.model_fields}
    return SetAsideView.model_validate(
        fields
        | {
            "code": getattr(item, "reason", ""),
            "reason": Words(zh=zh, en=en),
            "organization": getattr(item, "organization_id", ""),
            "study_uid": getattr(item, "study_instance_uid", None),
            "bytes": getattr(item, "size", 0),
        }
    )
