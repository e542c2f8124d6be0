"""Who touched what: `/api/v1/audit`, for the auditor."""

from collections.abc import Sequence
from datetime import datetime

from pydantic import Field

from server.api.endpoint import Body, Call, Routes, View
from server.audit.chain import Record
from server.workflows import audit

routes = Routes("audit")


class AuditQuery(Body):
    """Records about one patient, or all; `cursor` continues a page."""

    patient: str | None = Field(None, max_length=40)
    cursor: int | None = Field(None, ge=1)
    limit: int = Field(100, ge=1, le=500)


class AuditView(View):
    """One audit record."""

    seq: int
    at: datetime
    actor_id: str | None
    actor_name: str
    organization_id: str | None
    action: str
    object_kind: str
    object_id: str
    patient_id: str | None
    outcome: str
    basis: str | None
    request_id: str | None


class AuditPage(View):
    """Records, the newest first."""

    items: Sequence[AuditView]
    next: str | None


@routes.get("/api/v1/audit", query=AuditQuery, answer=AuditPage)
async def listing(call: Call) -> AuditPage:
    """List audit records, the newest first; reading them is on record too."""
    query: AuditQuery = call.query
    found = await audit.read_audit(call.uow, patient_id=query.patient, before=query.cursor, limit=query.limit)
    names = await call.uow.users.names(sorted({r.actor_id for r in found if r.actor_id}))
    following = str(found[-1].seq) if len(found) == query.limit else None
    return AuditPage(items=[_view(record, names.get(record.actor_id or "", "")) for record in found], next=following)


def _view(record: Record, actor_name: str) -> AuditView:
    fields = {name: getattr(record, name) for name in AuditView.model_fields if name != "actor_name"}
    return AuditView(actor_name=actor_name, **fields)
