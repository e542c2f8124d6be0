"""What every use case of consults stands on: who acts when, a consult found, one move, what is said of it."""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from video.consults import SYSTEM, Consult, ConsultState, Expert, Party
from video.errors import IllegalTransition, UnknownSubject
from video.events import Event
from video.lifecycle import Fact, decide, legal, permit
from video.ports import ConsultUnitOfWork, OpenItem
from video.rules import CONSULT, ConsultRules, consult_rules, next_deadline, owner_of
from video.working_time import SHANGHAI

S = ConsultState
DUE = "consult"
PAST = {
    "triage": "triaged", "refuse": "refused", "offer-slots": "slots-offered", "choose-slot": "scheduled",
    "hold-expired": "hold-expired", "reschedule": "rescheduled", "lobby-opens": "lobby-opened",
    "answer-in-writing": "documenting", "sign": "signed", "close-without-opinion": "closed-without-opinion",
    "adopt": "adopted", "close": "closed", "cancel": "cancelled", "edit": "edited", "ring": "rung",
    "ring-next": "rung-next", "exhausted": "ring-exhausted", "join": "joined", "check-in": "checked-in",
    "admit": "begun", "interrupt": "interrupted", "rejoin": "rejoined", "hand-over": "handed-over", "end": "ended",
    "no-show": "missed", "open-class": "class-opened", "close-class": "class-closed",
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

    uow: ConsultUnitOfWork
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


async def rules_for(act: Act, organization_id: str) -> ConsultRules:
    """Return the deadlines in force where an organization lies."""
    region = await act.uow.neighbours.region_of(organization_id)
    return consult_rules(*(await act.uow.ledger.rule(CONSULT, region, act.now) or (0, {})))


async def next_number(act: Act, letter: str) -> str:
    """Return a fresh number: H for a consult (会诊), Y for an opinion (意见)."""
    series = act.series(letter, act.now)
    return act.number(series, await act.uow.ledger.next_serial(series))


async def the_consult(act: Act, consult_id: str, *, lock: bool = True) -> Consult:
    """Return a consult, locked until the transaction ends unless it is only looked at.

    Raises
    ------
    UnknownSubject
        When there is none.
    """
    consult = await act.uow.consults.get(consult_id, lock=lock)
    if consult is None:
        raise UnknownSubject("consults", consult_id)
    return consult


async def the_experts(act: Act, user_ids: Sequence[str], organization_id: str) -> tuple[Expert, ...]:
    """Return experts of an organization in this order, each once.

    Raises
    ------
    UnknownSubject
        For whoever is not on its roster: a person is invited through her house (国卫医发〔2018〕25号).
    """
    found = []
    for user_id in dict.fromkeys(user_ids):
        expert = await act.uow.roster.get(user_id)
        if expert is None or expert.organization_id != organization_id:
            raise UnknownSubject("experts", user_id)
        found.append(expert)
    return tuple(found)


def require(consult: Consult, event: str, party: Party) -> None:
    """Refuse who may not, then what is not possible now, where something else is looked at before the consult moves.

    Raises
    ------
    NotPermitted
        When she is none of the parties.
    IllegalTransition
        When the table has no row for the pair.
    """
    permit(consult, event, party)
    if event not in legal(consult):
        raise IllegalTransition(consult.state.value, event, legal(consult))


async def move(act: Act, consult: Consult, event: str, fact: Fact, **said: str) -> Consult:
    """Move a consult by its table, give it its next deadline, store it, give back what it no longer needs, say so."""
    moved = decide(consult, event, replace(fact, by=act.by.user_id), now=act.now, party=act.by)
    rules = await rules_for(act, moved.to_organization_id)
    moved = replace(moved, deadline_at=next_deadline(moved, rules, now=act.now), rule_version=rules.version)
    await act.uow.consults.save(moved)
    await keep_deadline(act, moved)
    if not moved.is_live or (moved.begins_at is None and not moved.offered_by):
        await act.uow.calendar.release(moved.id, act.now)
    if not moved.is_live:
        await close_items(act, moved)
    elif moved.state is not consult.state:
        await close_items(act, moved, *(kind for kind in ITEMS if kind != CONSENT))
    words = fact.reason.strip()
    name = "co-signed" if event == "sign" and moved.state is consult.state else PAST[event]
    announce(act, moved, name, reason=words or None, **said)
    return moved


async def keep_deadline(act: Act, consult: Consult) -> None:
    """Write down when the next person is late with a consult, or that nobody can be any more."""
    if consult.deadline_at is None:
        await act.uow.ledger.clear_deadline(DUE, consult.id)
    else:
        await act.uow.ledger.set_deadline(DUE, consult.id, consult.deadline_at, rule_version=consult.rule_version)


def announce(act: Act, consult: Consult, name: str, **data: str | int | bool | None) -> None:
    """Publish what happened to a consult, to both sides."""
    more = {"service": consult.service.value, "urgency": consult.urgency.value, **data}
    act.uow.publish(
        Event(
            "consults", name, consult.id, consult.version, consult.state.value,
            tuple(dict.fromkeys((consult.from_organization_id, consult.to_organization_id))),
            consult.from_organization_id, more,
        )
    )  # fmt: skip


ANSWER, ARRANGE, CHOOSE, WRITE, ADOPT = (
    "consult-answer", "consult-arrange", "consult-slot", "consult-opinion", "consult-adopt",
)  # fmt: skip
CONSENT, LATE, RING = "consult-consent", "consult-late", "consult-ring"
ITEMS = (ANSWER, ARRANGE, CHOOSE, WRITE, ADOPT, CONSENT, LATE, RING)


async def ask(
    act: Act,
    consult: Consult,
    kind: str,
    *,
    organization_id: str,
    roles: tuple[str, ...],
    due_at: datetime,
    zh: str,
    en: str,
    occasion: str = "",
) -> str:
    """Open an item of work about a consult, once for each kind and occasion, with somebody who is there; say who."""
    told, role = await act.uow.neighbours.owner_of(organization_id, roles)
    digest = hashlib.sha256(f"{kind}:{consult.id}:{organization_id}:{occasion}".encode()).hexdigest()
    item = OpenItem(digest[:24], kind, "consults", consult.id, told, role, due_at, zh, en, act.now)
    await act.uow.ledger.open_task(item, dedupe_key=digest)
    return f"{role}@{told}"


async def ask_owner(act: Act, consult: Consult, kind: str, *, zh: str, en: str) -> None:
    """Open an item of work with whoever has to act next."""
    organization_id, roles = owner_of(consult)
    await ask(
        act, consult, kind, organization_id=organization_id, roles=roles, due_at=consult.deadline_at or act.now,
        zh=f"{consult.number} {zh}", en=f"{consult.number}: {en}", occasion=str(consult.version),
    )  # fmt: skip


async def close_items(act: Act, consult: Consult, *kinds: str) -> None:
    """Mark the items of work about a consult as done: those of these kinds, or all."""
    await act.uow.ledger.close_tasks("consults", consult.id, kinds=kinds or ITEMS, by=act.by.user_id, at=act.now)
