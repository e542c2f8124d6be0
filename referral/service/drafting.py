"""Writing a ticket: a draft pre-filled from the record, details while moving, and sending it with every check."""

from dataclasses import dataclass, replace
from datetime import datetime

from referral.errors import (
    AgreementRequired,
    ConsentRequired,
    DuplicateReferral,
    Incomplete,
    NotPermitted,
    ReviewRequired,
    UnknownSubject,
    WithinBaseScope,
)
from referral.guide import GUIDE, Verdict, guide_of, judge
from referral.lifecycle import Fact, legal
from referral.model import Diagnosis, Direction, Level, Needs, Pathway
from referral.news2 import Score, has_risen, news2
from referral.rules import missing
from referral.service.ground import (
    Act,
    announce,
    ask,
    ask_owner,
    change,
    close_items,
    keep_deadline,
    move,
    next_number,
    require,
    rule_at,
    rules_for,
    the_department,
    the_organization,
    the_patient,
    the_ticket,
)
from referral.service.reception import level_hold, receive_at_once
from referral.tickets import HomePlan, Package, Ticket, TicketState

S = TicketState


@dataclass(frozen=True, slots=True)
class Draft:
    """What a sender writes on a ticket; the rest comes from the record."""

    patient_id: str
    direction: Direction
    from_organization_id: str
    to_organization_id: str | None
    department: str
    level: Level
    reason_code: str
    diagnosis: Diagnosis
    needs: Needs
    package: Package
    outside_name: str = ""
    pathway: Pathway | None = None
    travel_minutes: int | None = None
    expected_arrival_at: datetime | None = None
    plan: HomePlan | None = None
    based_on: str | None = None
    unscheduled_reason: str = ""
    written_at: datetime | None = None


AS_WRITTEN = (
    "patient_id", "direction", "from_organization_id", "to_organization_id", "department", "reason_code", "diagnosis",
    "needs", "package", "pathway", "outside_name", "expected_arrival_at", "plan", "based_on", "unscheduled_reason",
)  # fmt: skip


async def draft(act: Act, wanted: Draft) -> Ticket:
    """Store a draft; a patient who is on the way to this department already is tracked instead.

    Parameters
    ----------
    wanted
        `written_at` names when a ticket that was worked on paper was written; both times are kept.

    Raises
    ------
    UnknownSubject
        When there is no such patient or receiver, or `based_on` is no ticket of this patient.
    DuplicateReferral
        With the ticket to follow.
    """
    await the_patient(act, wanted.patient_id)
    if wanted.to_organization_id is not None:
        await the_organization(act, wanted.to_organization_id)
    await _refuse_second(act, wanted)
    ticket_id = act.new_id()
    origin = await _origin(act, wanted)
    rules = await rules_for(act, wanted.from_organization_id)
    ticket = Ticket(
        id=ticket_id,
        number=await next_number(act),
        state=TicketState.DRAFT,
        version=1,
        episode_id=origin.episode_id if origin else ticket_id,
        level=await _level(act, wanted.patient_id, wanted.level),
        created_at=wanted.written_at or act.now,
        created_by=act.by.user_id,
        travel_minutes=await _minutes(act, wanted),
        bounce_of=await _bounced(act, wanted),
        rule_version=rules.version,
        recorded_at=act.now if wanted.written_at else None,
        deadline_at=act.now + rules.draft,
        timeline={TicketState.DRAFT.value: act.now},
        **{name: getattr(wanted, name) for name in AS_WRITTEN},
    )
    await act.uow.tickets.add(ticket)
    await keep_deadline(act, ticket, rules.version)
    await announce(act, ticket, "drafted")
    return ticket


async def edit(act: Act, ticket: Ticket, changed: Ticket) -> Ticket:
    """Write details while the patient is moving; the state stays, the receiver sees them at once."""
    written = replace(
        ticket,
        package=changed.package,
        pathway=changed.pathway,
        expected_arrival_at=changed.expected_arrival_at,
        diagnosis=changed.diagnosis,
        reason_code=changed.reason_code,
        needs=changed.needs,
        plan=changed.plan,
    )
    edited = await move(act, written, "edit", Fact())
    await _worse(act, ticket, edited)
    if edited.package.consent.given:
        await close_items(act, edited, "referral-consent")
    return edited


async def _worse(act: Act, before: Ticket, after: Ticket) -> None:
    """Ask for a new triage when the early warning score rose by a class of risk; it never moves the order by itself."""
    old, new = _score(before), _score(after)
    if new is None or not has_risen(old, new) or not after.receives or after.state is S.DRAFT:
        return
    since = old.total if old is not None else "-"
    await ask(
        act, after, "referral-retriage", organization_id=after.receives, roles=("consultant", "referral-desk"),
        due_at=act.now, occasion=f"news2:{new.total}",
        zh=f"{after.number} NEWS2 由 {since} 升到 {new.total}，请重新分诊",
        en=f"{after.number}: NEWS2 rose from {since} to {new.total}",
    )  # fmt: skip


def _score(ticket: Ticket) -> Score | None:
    return news2(ticket.package.vitals) if ticket.package.vitals else None


async def send(act: Act, ticket: Ticket, *, reason: str = "", phase: str = "") -> Ticket:
    """Send a ticket; at level Ⅰ and Ⅱ the system accepts it and finds a place in the same transaction.

    Parameters
    ----------
    reason
        Why the sender goes on although the guide says that its own level treats this.
    phase
        The disease's phase as the guide names it, "" where nobody said.

    Raises
    ------
    Incomplete, NoSuchDepartment, WithinBaseScope, AgreementRequired, ConsentRequired, ReviewRequired, DuplicateReferral
        The first that stands in the way; an emergency is held up by the first and the last alone.
    RehabPlanRequired
        On the way home.
    """
    require(ticket, "send", act.by)
    if ticket.direction is Direction.DOWN:
        return await _hand_over(act, ticket)
    ticket = replace(ticket, level=await _level(act, ticket.patient_id, ticket.level))
    lacking = missing(ticket)
    if lacking:
        raise Incomplete(lacking)
    if not ticket.level.is_green and ticket.receives:  # an emergency is received at the door, whatever was written
        await the_department(act, ticket.receives, ticket.department or ticket.needs.department)
    if reason.strip():
        ticket = replace(ticket, unscheduled_reason=reason.strip())
    await _within_scope(act, ticket, phase)
    await _agreement(act, ticket)
    await _consent(act, ticket)
    await _review(act, ticket)
    await _refuse_twin(act, ticket)
    sent = await move(act, ticket, "send", Fact())
    if sent.to_organization_id is None:
        return sent
    if sent.level.is_green:
        return await receive_at_once(act, sent)
    await ask_owner(
        act, sent, "referral-answer",
        zh=f"新转诊 {sent.number}，{sent.level.numeral} 级，{sent.department}",
        en=f"new referral {sent.number}, level {sent.level.numeral}, {sent.department}",
    )  # fmt: skip
    return sent


async def retriage(act: Act, ticket: Ticket, level: Level, reason: str) -> Ticket:
    """Set the level anew; a rise to Ⅰ or Ⅱ opens the green channel at once.

    Raises
    ------
    LevelForced
        When an open critical value keeps the patient at Ⅱ or above, or a level is lowered by nobody who may.
    """
    forced = await act.uow.neighbours.has_open_critical_value(ticket.patient_id)
    moved = await move(act, ticket, "retriage", Fact(level=level, reason=reason, critical=forced))
    await level_hold(act, moved)
    await close_items(act, moved, "referral-retriage")
    if not level.is_green:  # nobody could acknowledge the alarm any more
        await close_items(act, moved, "referral-green", "referral-preempt")
    elif moved.to_organization_id is not None and level < ticket.level:
        return await receive_at_once(act, moved, rings=not ticket.level.is_green)
    return moved


async def force_level(act: Act, patient_id: str) -> None:
    """Raise what a patient has on its way to Ⅱ: a physician has declared a critical value (domain.md 4)."""
    for seen in await act.uow.tickets.of_patient(patient_id):
        ticket = await the_ticket(act, seen.id)
        upward = ticket.direction is not Direction.DOWN and ticket.state is not S.DRAFT  # a draft is raised as it goes
        if upward and ticket.level > Level.II and "retriage" in legal(ticket):
            await retriage(act, ticket, Level.II, "有未处理的危急值")


async def _hand_over(act: Act, ticket: Ticket) -> Ticket:
    if not await act.uow.neighbours.agreed(ticket.receives, ticket.from_organization_id, act.today):
        raise AgreementRequired
    await _refuse_twin(act, ticket)
    handed = await move(act, ticket, "send", Fact(plan=ticket.plan))
    await ask_owner(
        act, handed, "referral-take-over", occasion=str(handed.version),
        zh=f"下转待接手 {handed.number}：{handed.diagnosis.name}",
        en=f"a patient is handed over, {handed.number}: {handed.diagnosis.name}",
    )  # fmt: skip
    return handed


async def _refuse_second(act: Act, wanted: Draft) -> None:
    live = await act.uow.tickets.live_of(wanted.patient_id, wanted.department, wanted.direction)
    if live is not None:
        raise DuplicateReferral(live.id, live.number)


async def _refuse_twin(act: Act, ticket: Ticket) -> None:
    live = await act.uow.tickets.live_of(ticket.patient_id, ticket.department, ticket.direction)
    if live is not None and live.id != ticket.id:
        raise DuplicateReferral(live.id, live.number)


async def _origin(act: Act, wanted: Draft) -> Ticket | None:
    if not wanted.based_on:
        return await _last_down(act, wanted)
    origin = await the_ticket(act, wanted.based_on, lock=False)
    elsewhere = wanted.direction is Direction.DOWN and origin.receives != wanted.from_organization_id
    if origin.patient_id != wanted.patient_id or elsewhere:
        raise UnknownSubject("referrals", wanted.based_on)
    return origin


async def _bounced(act: Act, wanted: Draft) -> str | None:
    """Return the downward ticket that an upward one comes back from: it was taken over and not closed long ago."""
    last = await _last_down(act, wanted)
    return last.id if last is not None else None


async def _last_down(act: Act, wanted: Draft) -> Ticket | None:
    if wanted.direction is not Direction.UP:
        return None
    rules = await rules_for(act, wanted.from_organization_id)
    for ticket in await act.uow.tickets.of_patient(wanted.patient_id):
        taken = ticket.timeline.get(TicketState.TAKEN_OVER.value)
        if ticket.direction is Direction.DOWN and taken is not None and act.now - taken <= rules.bounce:
            return ticket
    return None


async def _level(act: Act, patient_id: str, wanted: Level) -> Level:
    """Return the level in force: an open critical value forces Ⅱ at least (domain.md 4)."""
    forced = wanted > Level.II and await act.uow.neighbours.has_open_critical_value(patient_id)
    return Level.II if forced else wanted


async def _minutes(act: Act, wanted: Draft) -> int:
    if wanted.travel_minutes is not None:
        return wanted.travel_minutes
    if wanted.to_organization_id is None:
        return 0
    known = await act.uow.neighbours.travel_minutes(wanted.from_organization_id, wanted.to_organization_id)
    return known or 0


async def verdict(act: Act, organization_id: str, diagnosis: Diagnosis, phase: str) -> Verdict | None:
    """Return what the guide of tiered care says of a diagnosis at a sender, None where it says nothing."""
    guide = guide_of(*await rule_at(act, GUIDE, organization_id))
    return judge(diagnosis, phase, await act.uow.neighbours.kind_of(organization_id), guide)


async def _within_scope(act: Act, ticket: Ticket, phase: str) -> None:
    if ticket.level.is_green or ticket.unscheduled_reason.strip():
        return
    said = await verdict(act, ticket.from_organization_id, ticket.diagnosis, phase)
    if said is not None and said.keeps:
        raise WithinBaseScope(said.words.zh, said.words.en, said.rule_version)


async def _agreement(act: Act, ticket: Ticket) -> None:
    if ticket.to_organization_id is None:
        return
    asker = ticket.from_organization_id
    if ticket.predecessor_id is not None:  # sent on by its receiver: under the receiver's own agreement
        before = await the_ticket(act, ticket.predecessor_id, lock=False)
        asker = before.receives or asker
    if asker == ticket.to_organization_id:  # to another department of the same house
        return
    if await act.uow.neighbours.agreed(asker, ticket.to_organization_id, act.today):
        return
    if not ticket.level.is_green:
        raise AgreementRequired
    await ask(
        act, ticket, "referral-agreement", organization_id=ticket.from_organization_id, roles=("medical-affairs",),
        due_at=act.now + (await rules_for(act, ticket.from_organization_id)).afterwards,
        zh=f"{ticket.number} 无有效协议先行抢救转诊，请补办",
        en=f"{ticket.number} went without an agreement, rescue first",
    )  # fmt: skip


async def _consent(act: Act, ticket: Ticket) -> None:
    """Ask for the consent: refused by the patient, nobody but an emergency is sent; unsaid, it is asked for."""
    consent = ticket.package.consent
    if consent.given:
        return
    rules = await rules_for(act, ticket.from_organization_id)
    asked_and_refused = bool(consent.by)
    if not ticket.level.is_green and (asked_and_refused or ticket.level in rules.consent_levels):
        raise ConsentRequired
    await ask(
        act, ticket, "referral-consent", organization_id=ticket.from_organization_id, roles=("township-doctor",),
        due_at=act.now + rules.afterwards,
        zh=f"{ticket.number} 请补知情同意", en=f"{ticket.number}: the consent is still to be written",
    )  # fmt: skip


async def _review(act: Act, ticket: Ticket) -> None:
    """Beyond the county a transfer is reviewed: before it goes, or afterwards in an emergency (外转登记审核)."""
    if not await beyond_county(act, ticket):
        return
    reviewed = await act.uow.outward.of(ticket.id)
    if reviewed is not None and reviewed.approved:
        return
    if not ticket.level.is_green:
        raise ReviewRequired
    await act.uow.outward.register(ticket.id, ticket.reason_code, act.now)
    await ask(
        act, ticket, "referral-review", organization_id=ticket.from_organization_id, roles=("medical-affairs",),
        due_at=act.now + (await rules_for(act, ticket.from_organization_id)).afterwards,
        zh=f"{ticket.number} 急诊外转，请事后审核", en=f"{ticket.number} left the county in an emergency: review it",
    )  # fmt: skip


async def beyond_county(act: Act, ticket: Ticket) -> bool:
    """Tell whether a ticket leaves the county: to a higher hospital, or out of the network."""
    if ticket.direction is Direction.DOWN:
        return False
    if ticket.to_organization_id is None:
        return True
    return await act.uow.neighbours.kind_of(ticket.to_organization_id) == "higher"


async def ask_for_review(act: Act, ticket: Ticket, cause: str) -> Ticket:
    """Enter a draft into the register of outward transfers and ask medical affairs to review it."""
    require(ticket, "send", act.by)
    await act.uow.outward.register(ticket.id, cause, act.now)
    rules = await rules_for(act, ticket.from_organization_id)
    await ask(
        act, ticket, "referral-review", organization_id=ticket.from_organization_id, roles=("medical-affairs",),
        due_at=act.now + rules.review, zh=f"外转待审核 {ticket.number}",
        en=f"outward transfer to review: {ticket.number}",
    )  # fmt: skip
    return await change(act, ticket, "review-asked")


async def review(act: Act, ticket: Ticket, *, approved: bool, cause: str, reason: str) -> Ticket:
    """Review an outward transfer; its cause is kept for the analysis of why patients leave."""
    if not act.by.sender_lead:
        raise NotPermitted
    await act.uow.outward.review(
        ticket.id, approved=approved, cause=cause, reason=reason, by=act.by.user_id, now=act.now
    )
    await act.uow.ledger.close_tasks("referrals", ticket.id, kinds=("referral-review",), by=act.by.user_id, at=act.now)
    return await change(act, ticket, "reviewed")
