"""What was kept aside: unreadable objects, other bytes under a known UID; a person writes what became of them."""

from collections.abc import Sequence
from datetime import datetime

from pydantic import Field

from dicom.errors import IllegalTransition, ReasonRequired, UnknownSubject
from server.accounts.model import AuditEntry
from server.api.endpoint import Body, Call, Routes, View
from server.api.order_view import Words
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
    item = await call.uow.set_asides.get(call.path("id"), call.caller, now=call.now)
    if item is None:
        raise UnknownSubject("set-aside", call.path("id")[:40])
    if item.resolved_at is not None:
        raise IllegalTransition("resolved", "resolve", ())
    if not call.body.resolution.strip():
        raise ReasonRequired
    await call.uow.set_asides.resolve(
        item.id, by=call.caller.user_id, at=call.now, resolution=call.body.resolution.strip()
    )
    await call.uow.ledger.close_tasks(
        "set-aside", item.digest, kinds=("dicom-invalid", "uid-conflict"), by=call.caller.user_id, at=call.now
    )
    call.uow.audit(AuditEntry("resolve", "set-aside", item.id, organization_id=item.organization_id))
    return _view(await call.uow.set_asides.get(item.id, call.caller, now=call.now))


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
