"""The call of a consult: rung for, waited for, begun, interrupted and ended; the room's seats follow in `rooms`."""

from collections.abc import Sequence

from video.consults import Consult, ConsultState, Expert
from video.errors import ExpertExperience, ExpertSpecialty
from video.lifecycle import Fact
from video.policy import check_experience, check_specialty
from video.service.ground import ARRANGE, RING, WRITE, Act, ask, ask_owner, move, require, rules_for, the_experts
from video.signaling.seats import Place

S = ConsultState


async def ring(act: Act, consult: Consult, experts: Sequence[str]) -> Consult:
    """Ring for an expert at once, one after the other; without names everybody on the roster who may answer.

    Raises
    ------
    UnknownSubject, Incomplete, ExpertExperience, ExpertSpecialty
    """
    require(consult, "ring", act.by)
    rules = await rules_for(act, consult.to_organization_id)
    wanted = experts or tuple(filter(None, [consult.application.expert_id]))
    panel = await the_experts(act, wanted, consult.to_organization_id)
    if not panel:
        panel = await _whoever_may_answer(act, consult, rules.expert_years)
    fact = Fact(experts=panel, on=act.today, least_years=rules.expert_years, whole=True)
    return await _rings(act, await move(act, consult, "ring", fact))


async def _whoever_may_answer(act: Act, consult: Consult, least: int) -> tuple[Expert, ...]:
    found = []
    for expert in await act.uow.roster.all(organization_id=consult.to_organization_id):
        try:
            check_experience([expert], act.today, least)
            check_specialty([expert], consult.application.specialties, whole=False)
        except (ExpertExperience, ExpertSpecialty):
            continue
        found.append(expert)
    return tuple(found)


async def nobody_answered(act: Act, consult: Consult) -> Consult:
    """Ring the next expert, or give the consult to the desk when all were rung."""
    if len(consult.experts) > consult.rung:
        return await _rings(act, await move(act, consult, "ring-next", Fact()))
    back = await move(act, consult, "exhausted", Fact())
    await ask_owner(act, back, ARRANGE, zh="急会诊无人接听，请立即打电话安排", en="nobody answered: telephone now")
    return back


async def _rings(act: Act, consult: Consult) -> Consult:
    await ask(
        act, consult, RING, organization_id=consult.to_organization_id, roles=("consultant", "medical-affairs"),
        due_at=consult.deadline_at or act.now, occasion=f"{consult.version}",
        zh=f"{consult.number} 急会诊呼叫，请接听", en=f"{consult.number}: an emergency consult rings, answer it",
    )  # fmt: skip
    return consult


async def check_in(act: Act, consult: Consult) -> Consult:
    """Take note that somebody of the inviter's side is before the door."""
    return await move(act, consult, "check-in", Fact())


async def begin(act: Act, consult: Consult) -> Consult:
    """Begin the call: somebody who waited is let in."""
    return await move(act, consult, "admit", Fact())


async def answer_ring(act: Act, consult: Consult) -> Consult:
    """Answer a ring: the call begins, and whoever answers leads it."""
    return await move(act, consult, "join", Fact())


async def follow(act: Act, consult: Consult, *, two_sided: bool) -> Consult:
    """Take note that a side of the call has gone, or that both are there again."""
    if consult.state is S.IN_CALL and not two_sided:
        return await move(act.as_system(), consult, "interrupt", Fact())
    if consult.state is S.INTERRUPTED and two_sided:
        return await move(act.as_system(), consult, "rejoin", Fact())
    return consult


async def hand_over(act: Act, consult: Consult, user_id: str) -> Consult:
    """Make another of the experts the one who leads and signs."""
    return await move(act, consult, "hand-over", Fact(leads=user_id))


async def end(act: Act, consult: Consult) -> Consult:
    """End the call: the experts write."""
    ended = await move(act, consult, "end", Fact())
    await ask_owner(act, ended, WRITE, zh="通话已结束，请书写会诊意见", en="the call is over, write the opinion")
    return ended


async def no_show(act: Act, consult: Consult, absent: str, reason: str) -> Consult:
    """Take note of who has not come: for an expert the next one is rung, a patient's consult ends."""
    if absent == "expert" and (await act.uow.rooms.get(consult.id)).has_side(Place.EXPERT):
        absent = ""  # one is there, and may let people in
    missed = await move(act, consult, "no-show", Fact(absent=absent, reason=reason))
    return await _rings(act, missed) if missed.state is S.RINGING else missed
