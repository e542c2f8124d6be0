"""Who somebody is to a consult, one act of consults in a transaction, and what acts when a time is over."""

from datetime import datetime
from typing import Any

from dicom.numbers import number, series_of
from server.accounts.model import AuditEntry, Caller, Role
from server.workflows.imaging import new_id
from video.consults import SYSTEM, Consult, Expert, Party
from video.errors import IllegalTransition, UnknownSubject
from video.events import Event
from video.service import due
from video.service.ground import DUE, Act
from video.service.rooms import RECORDING, destroy_recording

SENDING = (Role.TOWNSHIP_DOCTOR, Role.FAMILY_DOCTOR, Role.CONSULTANT, Role.REFERRAL_DESK)


def party_of(caller: Caller, consult: Consult) -> Party:
    """Return what the caller is to a consult: each word of the table."""
    asks, answers = consult.from_organization_id, consult.to_organization_id
    seated = caller.user_id in consult.experts and caller.has(Role.CONSULTANT, organization_id=answers)
    return Party(
        user_id=caller.user_id,
        name=caller.name,
        sender=caller.has(*SENDING, organization_id=asks),
        sender_lead=caller.has(Role.MEDICAL_AFFAIRS, organization_id=asks),
        desk=caller.has(Role.REFERRAL_DESK, organization_id=answers),
        lead=caller.has(Role.MEDICAL_AFFAIRS, organization_id=answers),
        expert=seated,
        host=seated and consult.host == caller.user_id,
    )


def act_of(uow: Any, party: Party, now: datetime) -> Act:
    """Return one act of somebody in a transaction."""
    return Act(uow, party, now, new_id, number, series_of)


async def put_expert(uow: Any, expert: Expert) -> Expert:
    """Put somebody on the roster, or change what it says of her; only a consultant of the house stands there.

    Raises
    ------
    UnknownSubject
        When she is no consultant there.
    IllegalTransition
        When she stands on another house's roster: she leaves that one first.
    """
    if not await uow.roster.may_join(expert.id, expert.organization_id):
        raise UnknownSubject("experts", expert.id)
    known = await uow.roster.get(expert.id)
    if known is not None and known.organization_id != expert.organization_id:
        raise IllegalTransition(known.organization_id, "join", ())
    await uow.roster.put(expert)
    uow.audit(AuditEntry("edit", "experts", expert.id, organization_id=expert.organization_id))
    standing, audience = "listed", (expert.organization_id,)
    uow.publish(Event("experts", "listed", expert.id, expert.version, standing, audience, expert.organization_id))
    found: Expert = await uow.roster.get(expert.id)
    return found


async def on_consult_due(uow: Any, consult_id: str, now: datetime) -> None:
    """End an offer, open a lobby, or climb the ladder for a consult that is late."""
    await due.consult_due(act_of(uow, SYSTEM, now), consult_id)


async def lock_consult(uow: Any, consult_id: str) -> None:
    """Lock a consult that is due."""
    await uow.consults.get(consult_id, lock=True)


async def on_recording_due(uow: Any, recording_id: str, now: datetime) -> None:
    """Destroy a recording that has been kept for long enough."""
    await destroy_recording(act_of(uow, SYSTEM, now), recording_id)
    uow.audit(AuditEntry("destroy", "consult-recordings", recording_id))


LOCKS = {DUE: lock_consult}
DEADLINES = {DUE: on_consult_due, RECORDING: on_recording_due}
