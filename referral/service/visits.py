"""Follow-ups at home: a call or a visit is written down, judged, and leads to the next; a missed one climbs."""

from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta

from referral.errors import IllegalTransition, NotPermitted
from referral.events import Event
from referral.follow_up import (
    FOLLOW_UP,
    Assessment,
    Care,
    FollowUp,
    FollowUpKind,
    FollowUpRules,
    Form,
    assess,
    check,
    follow_up_rules,
)
from referral.follow_up.plan import WORDS
from referral.lifecycle import Fact, legal
from referral.model import Direction, Level
from referral.service.drafting import Draft, draft
from referral.service.ground import SHANGHAI, Act, Item, ask, move, open_item, rule_at
from referral.tickets import Package, Ticket, TicketState, Vitals

KINDS = ("follow-up-due", "follow-up-overdue")


@dataclass(frozen=True, slots=True)
class Visited:
    """What came of a visit: the record, the next one, and the emergency ticket that was drafted."""

    done: FollowUp
    next: FollowUp | None
    drafted: Ticket | None


async def rules_at(act: Act, organization_id: str) -> FollowUpRules:
    """Return the rules of follow-up in force where an organization lies."""
    return follow_up_rules(*await rule_at(act, FOLLOW_UP, organization_id))


async def complete(act: Act, visit: FollowUp, form: Form) -> Visited:
    """Write a visit down; the next is planned by the strictest rule, an emergency drafts its ticket at once.

    Raises
    ------
    VisitInFuture, BloodPressureOrder, OutOfRange
        When the form cannot be true.
    IllegalTransition
        When it is done already.
    """
    if not (act.by.family or act.by.doctor or act.by.desk):
        raise NotPermitted
    if visit.state != "open":
        raise IllegalTransition(visit.state, "complete", ())
    for refusal in check(form, today=act.today):
        raise refusal
    rules = await rules_at(act, visit.organization_id)
    ticket = await act.uow.tickets.get(visit.ticket_id, lock=True) if visit.ticket_id else None
    previous = await _previous(act, visit)
    judged = assess(form, previous, care=await _care(act, visit, ticket, rules), rules=rules)
    done = replace(
        visit, done_at=act.now, done_by=act.by.user_id, form=form, assessment=judged, version=visit.version + 1
    )
    await act.uow.follow_ups.save(done)
    await act.uow.ledger.clear_deadline(FOLLOW_UP, visit.id)
    await act.uow.ledger.close_tasks("follow-ups", visit.id, kinds=KINDS, by=act.by.user_id, at=act.now)
    _tell(act, done, "completed")
    if ticket is not None and visit.kind is FollowUpKind.VISIT and ticket.state is TicketState.TAKEN_OVER:
        await move(act, ticket, "first-visit", Fact())
    return Visited(done, await _plan_next(act, done, judged), await _emergency(act, done, ticket, judged))


async def plan(act: Act, visit: FollowUp) -> FollowUp:
    """Store a follow-up with its deadline, and give it to the family doctor."""
    await act.uow.follow_ups.add(visit)
    await act.uow.ledger.set_deadline(FOLLOW_UP, visit.id, visit.due_at)
    item = Item("follow-up-due", "follow-ups", visit.id, visit.words.zh, visit.words.en)
    roles = ("family-doctor", "township-doctor")
    await open_item(act, item, organization_id=visit.organization_id, roles=roles, due_at=visit.due_at)
    _tell(act, visit, "planned")
    return visit


async def end_visits_at_home(act: Act, patient_id: str) -> None:
    """End the visits of a patient who is in hospital again, and ask whoever follows him to end the way home too."""
    await end_all(act, patient_id)
    for ticket in await act.uow.tickets.of_patient(patient_id):
        if ticket.direction is Direction.DOWN and "admitted-elsewhere" in legal(ticket):
            await ask(
                act, ticket, "referral-visit", organization_id=ticket.receives,
                roles=("family-doctor", "township-doctor"), due_at=act.now, occasion="admitted",
                zh=f"{ticket.number} 病人又住院，请结束这次下转",
                en=f"the patient of {ticket.number} is in hospital again: end this way home",
            )  # fmt: skip


async def end_all(act: Act, patient_id: str) -> None:
    """End what is open for a patient who is back in hospital or dead."""
    for visit in await act.uow.follow_ups.of_patient(patient_id):
        if visit.state == "open":
            ended = replace(visit, ended_at=act.now, version=visit.version + 1)
            await act.uow.follow_ups.save(ended)
            await act.uow.ledger.clear_deadline(FOLLOW_UP, visit.id)
            await act.uow.ledger.close_tasks("follow-ups", visit.id, kinds=KINDS, by=act.by.user_id, at=act.now)
            _tell(act, ended, "ended")


async def visit_due(act: Act, follow_up_id: str) -> None:
    """Put a missed follow-up on the overdue list, and tell the township's lead when it stays there."""
    visit = await act.uow.follow_ups.get(follow_up_id, lock=True)
    if visit is None or visit.state != "open":
        await act.uow.ledger.clear_deadline(FOLLOW_UP, follow_up_id)
        return
    rules = await rules_at(act, visit.organization_id)
    rung = visit.rung(act.now, rules)
    await act.uow.ledger.set_deadline(FOLLOW_UP, visit.id, _next_look(visit, rung, rules, act.now))
    if rung == 0:
        return
    roles = ("family-doctor", "township-doctor") if rung == 1 else ("medical-affairs", "township-doctor")
    item = Item(
        "follow-up-overdue",
        "follow-ups",
        visit.id,
        f"随访逾期：{visit.words.zh}",
        f"overdue: {visit.words.en}",
        str(rung),
    )
    told, role = await open_item(act, item, organization_id=visit.organization_id, roles=roles, due_at=act.now)
    _tell(act, visit, "overdue", told=f"{role}@{told}", rung=rung)


def _next_look(visit: FollowUp, rung: int, rules: FollowUpRules, now: datetime) -> datetime:
    """Return when to look again: at the first overdue day, at the lead's day, then daily."""
    due = visit.due_at.astimezone(SHANGHAI).date()
    if rung >= 2:
        return now + timedelta(days=1)
    day = due + timedelta(days=rules.overdue_days if rung == 0 else rules.lead_days)
    return datetime.combine(day, time(0), SHANGHAI).astimezone(now.tzinfo)


async def _previous(act: Act, visit: FollowUp) -> Form | None:
    for other in await act.uow.follow_ups.of_patient(visit.patient_id):
        if other.id != visit.id and other.form is not None and other.done_at is not None:
            return other.form
    return None


async def _care(act: Act, visit: FollowUp, ticket: Ticket | None, rules: FollowUpRules) -> Care:
    patient = await act.uow.neighbours.patient(visit.patient_id, act.today)
    code = ticket.diagnosis.code if ticket else ""
    return Care(
        age=patient.age(act.today) if patient else None,
        tier=visit.tier,
        hypertension=rules.names("hypertension", code),
        diabetes=rules.names("diabetes", code),
    )


async def _plan_next(act: Act, done: FollowUp, judged: Assessment) -> FollowUp | None:
    """Plan the next contact unless an earlier one is open already, or there is none to come."""
    if judged.next_due is None:
        await end_all(act, done.patient_id)
        return None
    at = datetime.combine(judged.next_due, time(18), SHANGHAI).astimezone(act.now.tzinfo)
    others = await act.uow.follow_ups.of_patient(done.patient_id)
    if any(other.state == "open" and other.due_at <= at for other in others):
        return None
    later = FollowUp(
        act.new_id(), FollowUpKind.REVIEW, done.patient_id, done.ticket_id, done.organization_id, at, act.now,
        WORDS[FollowUpKind.REVIEW], done.tier,
    )  # fmt: skip
    return await plan(act, later)


async def _emergency(act: Act, done: FollowUp, ticket: Ticket | None, judged: Assessment) -> Ticket | None:
    """Draft the ticket of an emergency, pre-filled; a person sends it."""
    if not judged.urgent or ticket is None or done.form is None:
        return None
    form = done.form
    words = "；".join(suggestion.words.zh for suggestion in judged.suggestions)
    pressure = f"血压 {form.systolic}/{form.diastolic}" if form.systolic and form.diastolic else ""
    wanted = Draft(
        patient_id=done.patient_id,
        direction=Direction.UP,
        from_organization_id=done.organization_id,
        to_organization_id=ticket.from_organization_id,
        department=ticket.needs.department or "急诊",
        level=Level.II,
        reason_code="critical",
        diagnosis=ticket.diagnosis,
        needs=replace(ticket.needs, department=ticket.needs.department or "急诊"),
        package=Package(
            summary=f"随访发现：{pressure} {words}".strip(),
            past_history=ticket.package.past_history,
            allergies=ticket.package.allergies,
            medicines=ticket.package.medicines,
            vitals=Vitals(
                at=act.now, systolic=form.systolic, diastolic=form.diastolic, heart_rate=form.heart_rate,
                temperature=form.temperature,
            ),
        ),
    )  # fmt: skip
    live = await act.uow.tickets.live_of(done.patient_id, wanted.department, Direction.UP)
    return live or await draft(act, wanted)


def _tell(act: Act, visit: FollowUp, name: str, **data: str | int | bool | None) -> None:
    act.uow.publish(
        Event(
            "follow-ups", name, visit.id, visit.version, visit.state, (visit.organization_id,), visit.organization_id,
            {"ticket_id": visit.ticket_id, "kind": visit.kind.value, **data},
        )
    )  # fmt: skip
