"""What every use case of referrals stands on: who acts when, a ticket found, a right, one move, what is said of it."""

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from referral.beds import BED_PRIORITY, BedRules, bed_rules
from referral.errors import IllegalTransition, NoSuchDepartment, UnknownSubject
from referral.events import Event
from referral.lifecycle import Fact, decide, end, legal, permit
from referral.ports import OpenItem, PatientFacts, ReferralUnitOfWork
from referral.rules import REFERRAL, ReferralRules, next_deadline, owner_of, referral_rules, waits_for_bed
from referral.tickets import SYSTEM, Party, Ticket
from referral.wards import Interval

SHANGHAI = ZoneInfo("Asia/Shanghai")
DUE, HOLD = "referral", "bed-hold"
LOAN = "referral-loan"

PAST = {
    "send": "sent", "system-accept": "accepted", "open": "opened", "acknowledge": "acknowledged", "ask": "asked",
    "answer": "answered", "advise": "advised", "accept": "accepted", "decline": "declined", "redirect": "redirected",
    "hold-bed": "bed-held", "hold-expired": "hold-expired", "release-hold": "hold-released",
    "hold-pre-empted": "hold-pre-empted", "depart": "departed", "arrive": "arrived", "not-arrived": "not-arrived",
    "admit": "admitted", "treat-and-release": "treated", "admitted-elsewhere": "admitted-elsewhere",
    "discharge": "discharged", "send-outcome": "outcome-sent", "take-over": "taken-over",
    "first-visit": "first-visit-done", "confirm-cancel": "cancelled", "refuse-cancel": "kept",
    "die": "died", "close": "closed", "retriage": "retriaged", "override": "overridden", "edit": "edited",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Act:
    """One act in one transaction: of whom, when, and where fresh ids and numbers come from.

    Parameters
    ----------
    new_id
        Returns a fresh id of a row.
    number
        Returns the number that people say aloud of a serial in its series (decisions 19).
    series
        Returns the series of a letter at an instant.
    """

    uow: ReferralUnitOfWork
    by: Party
    now: datetime
    new_id: Callable[[], str]
    number: Callable[[str, int], str]
    series: Callable[[str, datetime], str]

    @property
    def today(self) -> date:
        """Return the county's day."""
        return self.now.astimezone(SHANGHAI).date()

    def as_system(self) -> "Act":
        """Return the same act as the hub's own."""
        return replace(self, by=SYSTEM)


async def rule_at(act: Act, kind: str, organization_id: str) -> tuple[int, Mapping[str, Any]]:
    """Return version and row of a kind of rule where an organization lies; version 0 has none."""
    region = await act.uow.neighbours.region_of(organization_id)
    return await act.uow.ledger.rule(kind, region, act.now) or (0, {})


async def rules_for(act: Act, organization_id: str) -> ReferralRules:
    """Return the deadlines in force where an organization lies."""
    return referral_rules(*await rule_at(act, REFERRAL, organization_id))


async def bed_rules_for(act: Act, organization_id: str) -> BedRules:
    """Return the rule of the beds in force where an organization lies."""
    return bed_rules(*await rule_at(act, BED_PRIORITY, organization_id))


async def next_number(act: Act) -> str:
    """Return a fresh number for a ticket."""
    series = act.series("R", act.now)
    return act.number(series, await act.uow.ledger.next_serial(series))


async def the_ticket(act: Act, ticket_id: str, *, lock: bool = True) -> Ticket:
    """Return a ticket, locked until the transaction ends unless it is only looked at.

    Raises
    ------
    UnknownSubject
        When there is none.
    """
    ticket = await act.uow.tickets.get(ticket_id, lock=lock)
    if ticket is None:
        raise UnknownSubject("referrals", ticket_id)
    return ticket


async def the_organization(act: Act, organization_id: str) -> str:
    """Return what kind of organization it is.

    Raises
    ------
    UnknownSubject
        When there is none: nobody is sent where nobody is.
    """
    kind = await act.uow.neighbours.kind_of(organization_id)
    if not kind:
        raise UnknownSubject("organizations", organization_id)
    return kind


async def the_department(act: Act, organization_id: str, wanted: str) -> str:
    """Return a department of an organization by name; where nobody wrote any down, nobody can say.

    Raises
    ------
    NoSuchDepartment
        With those that it has: nobody waits for a bed that never comes.
    """
    known = await act.uow.neighbours.departments_of(organization_id)
    if known and wanted not in known:
        raise NoSuchDepartment(wanted, known)
    return wanted


async def the_patient(act: Act, patient_id: str) -> PatientFacts:
    """Return what the rules may know of a patient today.

    Raises
    ------
    UnknownSubject
        When there is none.
    """
    patient = await act.uow.neighbours.patient(patient_id, act.today)
    if patient is None:
        raise UnknownSubject("patients", patient_id)
    return patient


def require(ticket: Ticket, event: str, party: Party) -> None:
    """Refuse who may not, then what is not possible now, where something else is looked at before the ticket moves.

    Raises
    ------
    NotPermitted
        When she is none of the parties.
    IllegalTransition
        When the table has no row for the pair.
    """
    permit(ticket, event, party)
    if event not in legal(ticket):
        raise IllegalTransition(ticket.state.value, event, legal(ticket))


async def move(act: Act, ticket: Ticket, event: str, fact: Fact, *, quietly: bool = False) -> Ticket:
    """Move a ticket by its table, give it its next deadline, store it, end what it held when it is over, and say so."""
    moved = decide(ticket, event, replace(fact, by=act.by.user_id), now=act.now, party=act.by)
    rules = await rules_for(act, ticket.receives or ticket.from_organization_id)
    waits = waits_for_bed(moved)
    targets = (await bed_rules_for(act, moved.receives or moved.from_organization_id)).targets if waits else {}
    due_at = next_deadline(moved, rules, now=act.now, targets=targets)
    moved = replace(moved, deadline_at=due_at, rule_version=rules.version)
    await act.uow.tickets.save(moved)
    await keep_deadline(act, moved, rules.version)
    if not moved.is_live:
        await end_hold(act, ticket, "release", reason=event)
        await close_items(act, moved)
    elif moved.state is not ticket.state:
        await close_items(act, moved, "referral-late")
    if not quietly:
        words = (fact.reason or fact.text).strip()  # why: the ticket's own history is where it is kept for good
        await announce(act, moved, _past(event, moved), code=fact.code or None, reason=words or None)
    return moved


async def change(act: Act, ticket: Ticket, name: str) -> Ticket:
    """Store facts that move nothing, one version on, and say so."""
    changed = replace(ticket, version=ticket.version + 1)
    await act.uow.tickets.save(changed)
    await announce(act, changed, name)
    return changed


async def keep_deadline(act: Act, ticket: Ticket, rule_version: int) -> None:
    """Write down when the next person is late with a ticket, or that nobody can be any more."""
    if ticket.deadline_at is None:
        await act.uow.ledger.clear_deadline(DUE, ticket.id)
    else:
        await act.uow.ledger.set_deadline(DUE, ticket.id, ticket.deadline_at, rule_version=rule_version)


async def end_hold(act: Act, ticket: Ticket, event: str, *, reason: str) -> Interval | None:
    """End the ticket's hold where it has one: its range is cut to what was, and its deadline forgotten."""
    hold = await act.uow.board.hold_of(ticket.id)
    if hold is None:
        return None
    ended = end(hold, event, now=act.now, reason=reason)
    await act.uow.board.change(ended)
    if ended.override and event != "consume":  # nobody lay in it: nothing is owed
        await act.uow.board.forgive(ticket.id)
    if event != "consume":
        await end_loan(act, ticket.id)
    await act.uow.ledger.clear_deadline(HOLD, hold.id)
    await announce_hold(act, ended, ticket)
    return ended


async def end_loan(act: Act, ticket_id: str | None) -> None:
    """Ask nobody any more for a reserved bed that was lent to a ticket: it is back."""
    if ticket_id is not None:
        await act.uow.ledger.close_tasks("referrals", ticket_id, kinds=(LOAN,), by=act.by.user_id, at=act.now)


def _past(event: str, ticket: Ticket) -> str:
    if event == "cancel":
        return "cancel-requested" if ticket.is_live else "cancelled"
    return PAST[event]


def audience(ticket: Ticket) -> tuple[str, ...]:
    """Return the organizations that hear of a ticket: the sender, and the receiver once it was sent."""
    if ticket.waiting_since is None:
        return (ticket.from_organization_id,)
    return tuple(filter(None, dict.fromkeys((ticket.from_organization_id, ticket.receives))))


async def announce(act: Act, ticket: Ticket, name: str, **data: str | int | bool | None) -> None:
    """Publish what happened to a ticket, to the organizations it concerns."""
    more = {"level": int(ticket.level), "direction": ticket.direction.value, "department": ticket.department, **data}
    act.uow.publish(
        Event(
            "referrals", name, ticket.id, ticket.version, ticket.state.value, audience(ticket),
            ticket.from_organization_id, more,
        )
    )  # fmt: skip


async def announce_hold(act: Act, hold: Interval, ticket: Ticket) -> None:
    """Publish what became of a hold: desks, wards and the sender see the board change."""
    data: dict[str, str | int | bool | None] = {"bed_id": hold.bed_id, "ticket_id": ticket.id}
    act.uow.publish(
        Event(
            "bed-holds", hold.state.value, hold.id, hold.version, hold.state.value, audience(ticket),
            ticket.receives, data,
        )
    )  # fmt: skip


async def ask(
    act: Act,
    ticket: Ticket,
    kind: str,
    *,
    organization_id: str,
    roles: tuple[str, ...],
    due_at: datetime,
    zh: str,
    en: str,
    occasion: str = "",
) -> tuple[str, str]:
    """Open an item of work about a ticket, once for each kind and occasion, with somebody who is there.

    Returns
    -------
    tuple
        The organization and the role that were told.
    """
    item = Item(kind, "referrals", ticket.id, zh, en, occasion)
    return await open_item(act, item, organization_id=organization_id, roles=roles, due_at=due_at)


@dataclass(frozen=True, slots=True)
class Item:
    """What there is to do, about what, in words; the same occasion is opened once."""

    kind: str
    subject_kind: str
    subject_id: str
    zh: str
    en: str
    occasion: str = ""


async def open_item(
    act: Act, item: Item, *, organization_id: str, roles: tuple[str, ...], due_at: datetime
) -> tuple[str, str]:
    """Give an item of work to the first of these roles that anybody has, there or above; return who was told."""
    told, role = await act.uow.neighbours.owner_of(organization_id, roles)
    key = f"{item.kind}:{item.subject_id}:{organization_id}:{item.occasion}"
    digest = hashlib.sha256(key.encode()).hexdigest()
    await act.uow.ledger.open_task(
        OpenItem(
            digest[:24], item.kind, item.subject_kind, item.subject_id, told, role, due_at, item.zh, item.en, act.now
        ),
        dedupe_key=digest,
    )
    return told, role


async def ask_owner(act: Act, ticket: Ticket, kind: str, *, zh: str, en: str, occasion: str = "") -> None:
    """Open an item of work with whoever has to act next."""
    organization_id, roles = owner_of(ticket)
    due_at = ticket.deadline_at or act.now
    await ask(
        act, ticket, kind, organization_id=organization_id, roles=roles, due_at=due_at, zh=zh, en=en, occasion=occasion
    )


ITEMS = (
    "referral-green", "referral-answer", "referral-info", "referral-late", "referral-bed", "referral-arrival",
    "referral-outcome", "referral-take-over", "referral-visit", "referral-cancel", "referral-retriage",
    "referral-consent", "referral-review", "referral-verify", "referral-agreement", "referral-preempt",
    "referral-acknowledge", "referral-ward", LOAN,
)  # fmt: skip


async def close_items(act: Act, ticket: Ticket, *kinds: str) -> None:
    """Mark the items of work about a ticket as done: those of these kinds, or all."""
    await act.uow.ledger.close_tasks("referrals", ticket.id, kinds=kinds or ITEMS, by=act.by.user_id, at=act.now)
