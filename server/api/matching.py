"""A person says whose study it is (`POST /api/v1/studies/{uid}/match`)."""

from pydantic import Field

from dicom.errors import UnknownSubject
from dicom.service import reading as use
from server.accounts.model import AuditEntry
from server.api.endpoint import Body, Call, Routes
from server.api.order_view import OrderView, order_views
from server.api.reading_orders import visible_order
from server.workflows.reading import served

routes = Routes("studies")


class MatchBody(Body):
    """Whose study it is, which order asked for it, and why one is sure."""

    patient_id: str = Field(min_length=1, max_length=40)
    order_id: str | None = Field(None, max_length=40)
    reason: str = Field("", max_length=2000)


@routes.post("/api/v1/studies/{uid}/match", body=MatchBody, answer=OrderView)
async def match(call: Call) -> OrderView:
    """Take a study out of quarantine: to this patient, for this order."""
    uow, body = call.uow, call.body
    study = await uow.matching.study(call.path("uid"), lock=True)
    current = await uow.orders.by_study(study.study_instance_uid) if study else None
    if current is None:
        raise UnknownSubject("studies", call.path("uid"))
    order, person = await visible_order(call, current.id)
    target = (await visible_order(call, body.order_id))[0] if body.order_id else None
    moved = await use.match_study(
        uow, order, person, patient_id=body.patient_id, target=target, reason=body.reason, now=call.now
    )
    uow.audit(AuditEntry("match", "studies", call.path("uid"), moved.patient_id, basis=body.reason))
    line = await uow.worklist.one(call.caller, await served(uow, call.caller), moved.id, now=call.now)
    return (await order_views(uow, [line], call.caller, now=call.now))[0]
