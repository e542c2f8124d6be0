"""A consult is applied for, and its application written on: what the inviter does."""

from dataclasses import dataclass, replace
from types import MappingProxyType

from video.consults import Application, Consult, ConsultState
from video.errors import AgreementRequired, ConsentRequired, Incomplete, NotOfPatient, UnknownSubject
from video.lifecycle import Fact
from video.model import ConsultMode, Service, Urgency
from video.policy import check_consent, check_inviter, is_consented, missing
from video.rules import SENDERS, next_deadline
from video.service.ground import (
    ANSWER,
    CONSENT,
    Act,
    announce,
    ask,
    ask_owner,
    close_items,
    keep_deadline,
    move,
    next_number,
    require,
    rules_for,
    the_experts,
)
from video.service.opinions import void

SERVICE = "consult"  # as agreements name it
URGENCY_ZH = MappingProxyType({Urgency.EMERGENCY: "急", Urgency.URGENT: "加急", Urgency.ROUTINE: "普通"})


@dataclass(frozen=True, slots=True)
class Wanted:
    """What an inviter asks for.

    Parameters
    ----------
    title
        The applicant's own.
    """

    service: Service
    urgency: Urgency
    mode: ConsultMode
    patient_id: str
    from_organization_id: str
    to_organization_id: str
    application: Application
    title: str


async def apply(act: Act, wanted: Wanted) -> Consult:
    """Send an application to the invitee's desk.

    Raises
    ------
    UnknownSubject
        When there is no such invitee, or the expert named is not on its roster.
    InviterTitle, Incomplete, NotOfPatient, AgreementRequired, ConsentRequired
        The first that stands in the way; an emergency goes on without consent when its responsible person approved.
    """
    inviter, invitee = wanted.from_organization_id, wanted.to_organization_id
    kind = await act.uow.neighbours.kind_of(invitee)
    if not kind or inviter == invitee:
        raise UnknownSubject("organizations", invitee)
    check_inviter(await act.uow.neighbours.kind_of(inviter), wanted.title)
    _complete(wanted.application, wanted.service, wanted.urgency, wanted.mode)
    await _of_patient(act, wanted.application, wanted.patient_id)
    if wanted.application.expert_id:
        await the_experts(act, [wanted.application.expert_id], invitee)
    if not await act.uow.neighbours.invites_under(inviter, invitee, SERVICE, act.today):
        raise AgreementRequired
    await _consented(act, wanted.application, wanted.urgency, inviter)
    return await _stored(act, wanted)


async def _stored(act: Act, wanted: Wanted) -> Consult:
    rules = await rules_for(act, wanted.to_organization_id)
    requested = ConsultState.REQUESTED
    consult = Consult(
        id=act.new_id(),
        number=await next_number(act, "H"),
        state=requested,
        version=1,
        service=wanted.service,
        urgency=wanted.urgency,
        mode=wanted.mode,
        patient_id=wanted.patient_id,
        from_organization_id=wanted.from_organization_id,
        to_organization_id=wanted.to_organization_id,
        application=wanted.application,
        created_at=act.now,
        created_by=act.by.user_id,
        rule_version=rules.version,
        timeline=MappingProxyType({requested.value: act.now}),
    )
    consult = replace(consult, deadline_at=next_deadline(consult, rules, now=act.now))
    await act.uow.consults.add(consult)
    await keep_deadline(act, consult)
    announce(act, consult, "requested")
    word = URGENCY_ZH[consult.urgency]
    await ask_owner(
        act, consult, ANSWER, zh=f"会诊申请（{word}），请受理", en=f"{consult.urgency.value} consult, answer"
    )
    if not is_consented(consult.application):
        await ask(
            act, consult, CONSENT, organization_id=consult.from_organization_id, roles=SENDERS,
            due_at=act.now + rules.consent, zh=f"{consult.number} 急会诊，请补书面知情同意",
            en=f"{consult.number}: the written consent of an emergency is to follow",
        )  # fmt: skip
    return consult


async def edit(act: Act, consult: Consult, application: Application) -> Consult:
    """Write on an application, an emergency's consent too; the state stays, the invitee sees it at once.

    Raises
    ------
    Incomplete, NotOfPatient, ConsentRequired
        What could not have been sent cannot be written either.
    """
    asked = consult.application
    kept = replace(application, specialties=asked.specialties, expert_id=asked.expert_id)  # triage went by them
    require(consult, "edit", act.by)
    _complete(kept, consult.service, consult.urgency, consult.mode)
    await _of_patient(act, kept, consult.patient_id)
    await _consented(act, kept, consult.urgency, consult.from_organization_id)
    changed = await move(act, consult, "edit", Fact(application=kept))
    await void(act, changed)
    if is_consented(kept):
        await close_items(act, changed, CONSENT)
    return changed


def _complete(application: Application, service: Service, urgency: Urgency, mode: ConsultMode) -> None:
    if lacking := missing(application, service=service, urgency=urgency, mode=mode):
        raise Incomplete(lacking)


async def _of_patient(act: Act, application: Application, patient_id: str) -> None:
    """Refuse another patient's pictures: what the application names, the invitee reads and prints."""
    studies, reports = application.study_uids, application.report_ids
    if strangers := await act.uow.neighbours.not_of(patient_id, studies, reports):
        raise NotOfPatient(strangers)


async def _consented(act: Act, application: Application, urgency: Urgency, inviter: str) -> None:
    """Refuse what nobody agreed to; who approved an emergency has to be the inviter's responsible person."""
    check_consent(application, urgency)
    if is_consented(application):
        return
    if not await act.uow.neighbours.leads(application.consent.approved_by, inviter):
        raise ConsentRequired(["approved_by"])
