"""The queue of an organization as the rule sees it: claims from tickets, the order, and who gets which bed now."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from referral.beds import (
    Allotted,
    Alternative,
    BedRules,
    Choice,
    Claim,
    Explanation,
    House,
    Ranked,
    allocate,
    chosen,
    explain,
    rank,
)
from referral.errors import BedUnsuitable
from referral.model import BedKind, BedState
from referral.ports import PatientFacts, StoredRanking, Waiting
from referral.service.ground import Act, bed_rules_for
from referral.tickets import Ticket, TicketState
from referral.wards import BedNow, Ward

READY = frozenset({TicketState.ACCEPTED, TicketState.EN_ROUTE, TicketState.ARRIVED})


@dataclass(frozen=True, slots=True)
class Queue:
    """The tickets that wait in one place, in the rule's order, with the beds there are."""

    act: Act
    tickets: Mapping[str, Ticket | Waiting]
    ranked: Sequence[Ranked]
    beds: Sequence[BedNow]
    rules: BedRules
    house: House
    alternatives: Sequence[Alternative] = ()

    def of(self, ticket_id: str) -> Ranked | None:
        """Return a ticket's place in the order, None when it does not wait."""
        return next((r for r in self.ranked if r.claim.ticket_id == ticket_id), None)

    def position(self, ticket_id: str) -> int:
        """Return where a ticket stands, from 1; 0 when it does not wait."""
        ranked = self.of(ticket_id)
        return ranked.position if ranked else 0

    def allotted(self) -> Mapping[str, Allotted]:
        """Return who would get which bed now: those who are accepted and have none, in their order."""
        ready = [r.claim for r in self.ranked if self.tickets[r.claim.ticket_id].state in READY]
        return allocate(
            ready, self.beds, self.rules, now=self.act.now, house=self.house, alternatives=self.alternatives
        )

    def without(self, bed_id: str) -> "Queue":
        """Return the queue before a board on which one bed is gone: somebody was faster."""
        return replace(self, beds=[bed for bed in self.beds if bed.bed.id != bed_id])

    def past(self, ticket_id: str) -> "Queue":
        """Return the queue in which one ticket lets the others go before it."""
        return replace(self, ranked=[ranked for ranked in self.ranked if ranked.claim.ticket_id != ticket_id])

    def chosen(self, claim: Claim, bed: BedNow) -> Choice:
        """Return the choice of a bed that a person named.

        Raises
        ------
        BedTaken, BedUnsuitable, NotEligible
            By the first rule that keeps the patient out of it.
        """
        if bed.bed.kind is BedKind.BAY:
            raise BedUnsuitable(
                bed.bed.id, "bay", "抢救位不预留，随到随收", "a bay is not held: it takes whoever comes"
            )
        return chosen(claim, bed, self.rules, now=self.act.now, house=self.house)


def claim_of(ticket: Ticket | Waiting, patient: PatientFacts | None, act: Act) -> Claim:
    """Return what the rule of the beds looks at in a ticket; an unknown patient claims nothing by poverty."""
    return Claim(
        ticket_id=ticket.id,
        level=ticket.level,
        bed_priority=patient is not None and patient.bed_priority,
        provisional=patient is not None and patient.provisional,
        waiting_since=min(ticket.waiting_since or act.now, act.now),  # another process may have been faster
        travel_minutes=ticket.travel_minutes,
        needs=ticket.needs if ticket.needs.department else replace(ticket.needs, department=ticket.department),
        sex=patient.sex if patient else "unknown",
        age=patient.age(act.today) if patient else None,
        manual_rank=ticket.manual_rank,
        manual_reason=ticket.manual_reason,
    )


async def queue_of(act: Act, organization_id: str, department: str = "", *, also: Ticket | None = None) -> Queue:
    """Return the queue of an organization, of one department or of all.

    Parameters
    ----------
    also
        A ticket that is ranked with the others as it stands now, whatever its state.
    """
    waiting = await act.uow.tickets.waiting_at(organization_id, department, act.today)
    tickets: dict[str, Ticket | Waiting] = {w.id: w for w in waiting}
    patients: dict[str, PatientFacts | None] = {w.id: w.patient for w in waiting}
    if also is not None:
        tickets[also.id] = also
        patients[also.id] = await act.uow.neighbours.patient(also.patient_id, act.today)
    rules = await bed_rules_for(act, organization_id)
    claims = [claim_of(ticket, patients[key], act) for key, ticket in tickets.items()]
    return Queue(
        act,
        tickets,
        rank(claims, rules, now=act.now),
        await act.uow.board.beds(act.now, organization_id=organization_id),
        rules,
        house_of(await act.uow.neighbours.kind_of(organization_id), await act.uow.board.wards(organization_id)),
        await _alternatives(act, also) if also is not None and also.level.is_green else (),
    )


async def _alternatives(act: Act, ticket: Ticket) -> Sequence[Alternative]:
    """Return the other hospitals that have the department, nearest first: whom to phone when no bed is left here."""
    names = await act.uow.neighbours.names()
    wards = [w for w in await act.uow.board.wards() if w.department == ticket.needs.department]
    found = []
    for organization_id in sorted({w.organization_id for w in wards} - {ticket.receives}):
        minutes = await act.uow.neighbours.travel_minutes(ticket.receives, organization_id)
        if minutes is not None:
            beds = await act.uow.board.beds(
                act.now, organization_id=organization_id, department=ticket.needs.department
            )
            free = sum(bed.state(act.now) is BedState.AVAILABLE for bed in beds)
            found.append(Alternative(organization_id, names.get(organization_id, organization_id), minutes, free))
    return sorted(found, key=lambda other: other.minutes)


def house_of(kind: str, wards: Iterable[Ward]) -> House:
    """Return what the rule knows of a receiver beside its beds: its kind, and how old each ward's board is."""
    return House(kind or "county", {ward.id: ward.confirmed_at for ward in wards})


async def keep_ranking(act: Act, queue: Queue, ticket: Ticket, choice: Choice | None, explanation: Explanation) -> None:
    """Keep why a ticket stood where it stood, with its inputs: a family may ask (PIPL 24; domain.md 4 g)."""
    await act.uow.tickets.keep_ranking(
        StoredRanking(
            act.new_id(), ticket.id, act.now, queue.position(ticket.id), choice.bed.bed.id if choice else None,
            explanation.zh, explanation.en, explanation.inputs, explanation.rule_version,
        )
    )  # fmt: skip


def why(queue: Queue, ticket_id: str, place: Allotted | None = None) -> Explanation | None:
    """Return why a ticket stands where it stands, and what place that gives it."""
    ranked = queue.of(ticket_id)
    if ranked is None:
        return None
    if place is None or isinstance(place, Choice):
        return explain(ranked, place)
    answer = explain(place)
    return Explanation(answer.zh, answer.en, {**explain(ranked).inputs, **answer.inputs}, answer.rule_version)
