"""Tickets as desks and townships list them: boxes with their counts, what nobody was told of for long, a search."""

import base64
import binascii
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from dicom.errors import UnknownState
from dicom.numbers import parse
from referral.ports import Message
from referral.tickets import Ticket, TicketState
from referral.wards import Interval
from server.accounts.model import Caller
from server.db.prepared import KEYS
from server.db.repositories.bed_board import interval_of
from server.db.repositories.tickets import ticket_of
from server.db.scope import care_organizations, visible_to
from server.db.tables import beds, ledger, people, referral

S = TicketState
CLOSED_LATELY = timedelta(days=30)  # what the counter of closed tickets counts
UNPLACED = (S.SENT, S.RECEIVED, S.INFO_NEEDED, S.ACCEPTED, S.BED_HELD, S.CANCEL_REQUESTED)
THERE = (S.ARRIVED, S.ADMITTED, S.DISCHARGED, S.OUTCOME_SENT)
UNHEARD = (S.ARRIVED, S.ADMITTED, S.DISCHARGED)
t, p, e, m = referral.tickets.c, people.patients.c, ledger.events.c, referral.ticket_messages.c
Condition = sa.ColumnElement[bool]


@dataclass(frozen=True, slots=True)
class Page:
    """One page; `next` continues it."""

    tickets: Sequence[Ticket]
    next: str | None


class ReferralBoard:
    """Tickets as lists show them."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._c = connection

    async def page(
        self, caller: Caller, asked: Mapping[str, str], *, now: datetime, silence: timedelta, cursor: str, limit: int
    ) -> Page:
        """Return one page of a box: the next deadline first, of what is over the last one.

        Parameters
        ----------
        asked
            `box` (`in`, `out`, `moving`, `arrived`, `down`, `closed`, `no-news`, "" for every ticket), `state`
            (several, comma-separated), `department`, `patient`, `q`; "" asks for nothing.
        silence
            How long nothing has to have happened to a ticket to lie in `no-news`.

        Raises
        ------
        UnknownState
            When a state is none of the life cycle's.
        """
        over = asked["box"] == "closed"
        place = (t.ended_at if over else t.due_at, t.id)
        conditions = [visible_to(caller, referral.tickets, now=now), *_conditions(caller, asked, now, silence)]
        if (after := _position(cursor)) is not None:
            stands = sa.tuple_(sa.literal(after[0], place[0].type), sa.literal(after[1], t.id.type))
            conditions.append(sa.tuple_(*place) < stands if over else sa.tuple_(*place) > stands)
        query = sa.select(referral.tickets).where(*conditions)
        if asked["q"]:
            query = query.join(people.patients, p.id == t.patient_id)
        order = [column.desc() if over else column for column in place]
        rows = (await self._c.execute(query.order_by(*order).limit(limit + 1))).all()
        more = _cursor(rows[limit - 1], over=over) if len(rows) > limit else None
        return Page([ticket_of(row) for row in rows[:limit]], more)

    async def counts(self, caller: Caller, *, now: datetime, silence: timedelta) -> Mapping[str, int]:
        """Return how many lie in each box, and how many nobody has opened, acknowledged, or done in time."""
        ours = care_organizations(caller)
        everything = _boxes(caller, now, silence)
        boxes = {name: condition for name, condition in everything.items() if name != "closed"}
        incoming = t.to_organization_id.in_(ours)
        green = sa.and_(t.level <= 2, t.acknowledged_at.is_(None))
        tallies = boxes | {
            "unopened": sa.and_(incoming, t.state == S.SENT.value),
            "unacknowledged": sa.and_(incoming, t.direction != "down", green, t.state.in_([s.value for s in UNPLACED])),
            "overdue": t.due_at < now,
        }
        columns = [sa.func.coalesce(sa.func.sum(sa.case((c, 1), else_=0)), 0).label(n) for n, c in tallies.items()]
        live = sa.select(*columns).where(t.ended_at.is_(None), visible_to(caller, referral.tickets, now=now))
        row = (await self._c.execute(live)).one()
        lately = (everything["closed"], t.ended_at > now - CLOSED_LATELY)
        closed = await self._c.scalar(sa.select(sa.func.count()).select_from(referral.tickets).where(*lately))
        return {name: int(getattr(row, name)) for name in tallies} | {"closed": int(closed or 0)}

    async def is_visible(self, caller: Caller, ticket_id: str, *, now: datetime) -> bool:
        """Tell whether the caller may know of a ticket."""
        known = sa.exists().where(t.id == ticket_id, visible_to(caller, referral.tickets, now=now))
        return bool(await self._c.scalar(sa.select(known)))

    async def id_of(self, named: str) -> str:
        """Return the id of the ticket that somebody names by its spoken number; what is none is taken for an id."""
        spoken = parse(named)
        return (await self._c.scalar(sa.select(t.id).where(t.number == spoken)) or named) if spoken else named

    async def last_messages(self, ticket_ids: Sequence[str]) -> Mapping[str, Message]:
        """Return the newest line about each of these tickets that has one."""
        messages = referral.ticket_messages
        later = messages.alias("later")
        newer = sa.exists().where(
            later.c.ticket_id == m.ticket_id, sa.tuple_(later.c.at, later.c.id) > sa.tuple_(m.at, m.id)
        )
        found: dict[str, Message] = {}
        for part in _parts(ticket_ids):
            rows = await self._c.execute(sa.select(messages).where(m.ticket_id.in_(part), sa.not_(newer)))
            found |= {row.ticket_id: Message(*row) for row in rows}
        return found

    async def holds_of(self, ticket_ids: Sequence[str]) -> Mapping[str, Interval]:
        """Return the hold of each of these tickets that has one which was not ended."""
        c = beds.bed_intervals.c
        found: dict[str, Interval] = {}
        for part in _parts(ticket_ids):
            live = sa.select(beds.bed_intervals).where(c.ticket_id.in_(part), c.kind == "hold", c.state == "live")
            found |= {row.ticket_id: interval_of(row) for row in await self._c.execute(live)}
        return found

    async def known_to(self, caller: Caller, ticket_ids: Sequence[str], *, now: datetime) -> frozenset[str]:
        """Return those of these tickets that the caller may know of."""
        seen = visible_to(caller, referral.tickets, now=now)
        found: set[str] = set()
        for part in _parts(ticket_ids):
            found |= set(await self._c.scalars(sa.select(t.id).where(t.id.in_(part), seen)))
        return frozenset(found)

    async def numbers(self, ticket_ids: Sequence[str]) -> Mapping[str, str]:
        """Return the numbers that people say aloud, by id."""
        found: dict[str, str] = {}
        for part in _parts(ticket_ids):
            rows = await self._c.execute(sa.select(t.id, t.number).where(t.id.in_(part)))
            found |= {row.id: row.number for row in rows}
        return found

    async def admitted(self, ticket_ids: Sequence[str]) -> frozenset[str]:
        """Return those of these tickets whose patient is admitted: the ticket says when he leaves his bed."""
        found: set[str] = set()
        for part in _parts(ticket_ids):
            query = sa.select(t.id).where(t.id.in_(part), t.state == S.ADMITTED.value)
            found |= set(await self._c.scalars(query))
        return frozenset(found)


def _boxes(caller: Caller, now: datetime, silence: timedelta) -> dict[str, Condition]:
    """Return what lies in each box of the caller's organizations."""
    ours = care_organizations(caller)
    sent, received = t.from_organization_id.in_(ours), t.to_organization_id.in_(ours)
    live, onward = t.ended_at.is_(None), t.direction != "down"
    heard = sa.exists().where(e.collection == "referrals", e.subject_id == t.id, e.at > now - silence)
    return {
        "in": sa.and_(received, live, onward, _in(UNPLACED)),
        "out": sa.and_(sent, live, onward),
        "moving": sa.and_(sa.or_(received, sent), live, t.state == S.EN_ROUTE.value),
        "arrived": sa.and_(received, live, onward, _in(THERE)),
        "down": sa.and_(live, t.direction == "down"),
        "closed": sa.and_(sa.or_(received, sent), t.ended_at.is_not(None)),
        "no-news": sa.and_(sent, live, onward, _in(UNHEARD), sa.not_(heard)),
    }


def _in(states: Sequence[TicketState]) -> Condition:
    return t.state.in_([state.value for state in states])


def _conditions(caller: Caller, asked: Mapping[str, str], now: datetime, silence: timedelta) -> list[Condition]:
    try:
        states = [TicketState(word) for word in filter(None, asked["state"].split(","))]
    except ValueError as error:
        raise UnknownState(asked["state"]) from error
    found: list[tuple[object, Condition]] = [
        (asked["box"], _boxes(caller, now, silence).get(asked["box"], sa.true())),
        (states, _in(states)),
        (asked["department"], t.department == asked["department"]),
        (asked["patient"], t.patient_id == asked["patient"]),
        (asked["q"], _search(asked["q"])),
    ]
    return [condition for wanted, condition in found if wanted]


def _search(q: str) -> Condition:
    letters = q.strip().lower().replace(" ", "")
    fits = [t.number == (parse(q) or q.strip()), p.name.contains(q.strip(), autoescape=True)]
    if letters.isascii():
        fits += [p.pinyin.contains(letters, autoescape=True), p.initials.contains(letters, autoescape=True)]
    return sa.or_(*fits)


def _parts(keys: Sequence[str]) -> list[list[str]]:
    wanted = sorted(set(keys))
    return [wanted[start : start + KEYS] for start in range(0, len(wanted), KEYS)]


def _cursor(row: Any, *, over: bool) -> str:
    text = json.dumps([(row.ended_at if over else row.due_at).isoformat(), row.id])
    return base64.urlsafe_b64encode(text.encode()).decode()


def _position(cursor: str) -> tuple[datetime, str] | None:
    """Return where a page begins; a cursor that is none of ours begins at the top."""
    try:
        at, key = json.loads(base64.urlsafe_b64decode(cursor or "bnVsbA=="))
        return datetime.fromisoformat(at).astimezone(UTC), str(key)
    except (ValueError, TypeError, binascii.Error):
        return None
