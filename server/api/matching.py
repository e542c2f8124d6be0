"""A person says whose study it is (`POST /api/v1/studies/{uid}/match`)."""

from pydantic import Field

from dicom.errors import UnknownSubject
from dicom.service import reading as use
from server.accounts.model import AuditEntry
from server.api.endpoint import Body, Call, Routes
from server.api.order_view import OrderView
from server.api.reading_orders import answer, visible_order

routes = Routes("studies")


class MatchBody(Body):
    """Whose study it is, which order asked for it, and why one is sure."""

    patient_id: str = Field(min_length=1, max_length=40)
    order_id: str | None = Field(None, max_length=40)
    reason: str = Field("", max_length=2000)


@routes.post("/api/v1/studies/{uid}/match", body=MatchBody, answer=OrderView)
async def match(call: Call) -> OrderView:
    """Take a study out of quarantine: to this patient, for this order."""
    body, reason = call.body, call.body.reason
    order, person = await visible_order(call, await _order_id(call))
    target = (await visible_order(call, body.order_id))[0] if body.order_id else None
    moved = await use.match_study(
        call.uow, order, person, patient_id=body.patient_id, target=target, reason=reason, now=call.now
    )
    call.uow.audit(AuditEntry("match", "studies", call.path("uid"), moved.patient_id, basis=reason))
    return await answer(call, moved, "match")


async def _order_id(call: Call) -> str:
    """Return the id of the order that reads the study; the study is locked first, as everywhere."""
    study = await call.uow.matching.study(call.path("uid"), lock=True)
    order = await call.uow.orders.by_study(study.study_instance_uid) if study else None
    if order is None:
        raise UnknownSubject("studies", call.path("uid"))
    return str(order.id)
