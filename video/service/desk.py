"""What the invitee's desk and both sides do with a consult before anything is written, and after it is adopted."""

from collections.abc import Sequence

from video.consults import Consult, ConsultState, Slot, expert_resource, room_resource
from video.lifecycle import Fact
from video.model import ConsultMode, Side
from video.service.ground import (
    ARRANGE,
    CHOOSE,
    WRITE,
    Act,
    ask_owner,
    move,
    require,
    rules_for,
    the_experts,
)
from video.service.opinions import void
from video.slots import Span, check_offer


async def triage(act: Act, consult: Consult, experts: Sequence[str]) -> Consult:
    """Take a consult on and name its experts, the one whom the inviter named where nobody else is; later, name others.

    Raises
    ------
    UnknownSubject, Incomplete, ExpertExperience, ExpertSpecialty
        Whoever answers practises there, for long enough, and what is asked.
    """
    require(consult, "triage", act.by)
    wanted = experts or tuple(filter(None, [consult.application.expert_id]))
    panel = await the_experts(act, wanted, consult.to_organization_id)
    rules = await rules_for(act, consult.to_organization_id)
    fact = Fact(experts=panel, on=act.today, least_years=rules.expert_years, whole=True)
    triaged = await move(act, consult, "triage", fact)
    await void(act, triaged)
    if consult.state is not ConsultState.REQUESTED:
        return triaged
    if triaged.mode is ConsultMode.WRITTEN:
        await ask_owner(act, triaged, ARRANGE, zh="已受理，请书面答复", en="taken on, answer it in writing")
    else:
        await ask_owner(act, triaged, ARRANGE, zh="已受理，请安排时间", en="taken on, offer times")
    return triaged


async def refuse(act: Act, consult: Consult, reason: str) -> Consult:
    """Refuse a consult; the reason is told to the inviter."""
    return await move(act, consult, "refuse", Fact(reason=reason))


async def offer(act: Act, consult: Consult, spans: Sequence[Span]) -> Consult:
    """Offer times: each is kept on both sides until one is chosen or the offer is over.

    Raises
    ------
    UnsoundSlot, SlotTaken
    """
    require(consult, "offer-slots", act.by)
    return await _offered(act, consult, "offer-slots", spans, side=Side.INVITEE, reason="")


async def reschedule(act: Act, consult: Consult, spans: Sequence[Span], reason: str) -> Consult:
    """Give a time back and offer others; the other side chooses.

    Raises
    ------
    ReasonRequired, UnsoundSlot, SlotTaken
    """
    require(consult, "reschedule", act.by)
    side = Side.INVITER if act.by.sender or act.by.sender_lead else Side.INVITEE
    await act.uow.calendar.release(consult.id, act.now)
    return await _offered(act, consult, "reschedule", spans, side=side, reason=reason)


async def _offered(
    act: Act, consult: Consult, event: str, spans: Sequence[Span], *, side: Side, reason: str
) -> Consult:
    rules = await rules_for(act, consult.to_organization_id)
    check_offer(spans, now=act.now, most=rules.most_offers, longest=rules.longest_slot)
    resources = (*map(expert_resource, consult.experts), room_resource(consult.from_organization_id))
    until = act.now + rules.slot_hold
    for span in sorted(spans, key=lambda each: each.begins_at):
        slot = Slot(act.new_id(), consult.id, span.begins_at, span.ends_at, tuple(sorted(resources)), until)
        await act.uow.calendar.keep(slot, act.now)
    held = await move(act, consult, event, Fact(slots=len(spans), side=side, reason=reason))
    await ask_owner(act, held, CHOOSE, zh="请选会诊时间", en="choose a time")
    return held


async def choose(act: Act, consult: Consult, slot_id: str) -> Consult:
    """Choose one of the offered times: it is booked on both sides, the others are given back.

    Raises
    ------
    SlotOver
        When it was not offered, or the offer is over.
    """
    slot = next((each for each in await act.uow.calendar.of(consult.id) if each.id == slot_id), None)
    scheduled = await move(act, consult, "choose-slot", Fact(slot=slot))
    await act.uow.calendar.book(slot_id, act.now)
    await act.uow.calendar.release(consult.id, act.now, besides=slot_id)
    return scheduled


async def answer_in_writing(act: Act, consult: Consult) -> Consult:
    """Answer without a call: its times are given back, and the experts write."""
    written = await move(act, consult, "answer-in-writing", Fact())
    await ask_owner(act, written, WRITE, zh="请书写会诊意见", en="write the opinion")
    return written


async def cancel(act: Act, consult: Consult, reason: str) -> Consult:
    """Call a consult off before it began."""
    return await move(act, consult, "cancel", Fact(reason=reason))


async def close(act: Act, consult: Consult) -> Consult:
    """Close a consult whose opinion was adopted or not."""
    return await move(act, consult, "close", Fact())
