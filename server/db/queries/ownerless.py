"""What is open and nobody's, or due at no time: the list that has to be empty (peers.md I4)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from dicom.orders import OrderState
from referral.follow_up import FOLLOW_UP
from referral.model import Diagnosis, Direction, Level, Needs
from referral.rules import owner_of
from referral.tickets import Package, Ticket, TicketState
from server.accounts.permissions import CARE_ROLES
from server.db.repositories.centres import UPWARD
from server.db.tables import beds, consults, imaging, ledger, people, referral
from video.consults import Application, Consult, ConsultState
from video.model import ConsultMode, Service, Urgency
from video.rules import CONSULT
from video.rules import owner_of as owner_of_consult

OWNER, DEADLINE = "owner", "deadline"
ANYBODY = tuple(sorted(role.value for role in CARE_ROLES))
t, o, f, i = referral.tickets.c, imaging.reading_orders.c, referral.follow_ups.c, beds.bed_intervals.c
_BLANK = Ticket(
    "", "", Direction.UP, TicketState.DRAFT, 1, "", "", "", None, "", Level.IV, "", Diagnosis("", "", ""), Needs(""),
    Package(), datetime(1970, 1, 1, tzinfo=UTC), "",
)  # fmt: skip


_BLANK_CONSULTS = {
    state.value: Consult(
        "", "", state, 1, Service.CONSULT, Urgency.ROUTINE, ConsultMode.VIDEO, "", "", "", Application(),
        datetime(1970, 1, 1, tzinfo=UTC), "",
    )
    for state in ConsultState
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Violation:
    """Something open that lacks what everything open has: `owner`, `deadline`, or both."""

    collection: str
    id: str
    missing: tuple[str, ...]
    organization_id: str


class Ownerless:
    """Looks for open items without an owner or without a deadline."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._c = connection

    async def list(self) -> list[Violation]:
        """Return every open ticket, order, follow-up, hold and consult that lacks one of the two."""
        staff = await self._staff()
        return [
            *await self._tickets(staff),
            *await self._orders(staff),
            *await self._follow_ups(staff),
            *await self._holds(),
            *await self._consults(staff),
        ]

    async def _staff(self) -> "_Staff":
        m, u, place = people.memberships.c, people.users.c, people.organizations.c
        held = await self._c.execute(
            sa.select(m.organization_id, m.role).join(people.users, u.id == m.user_id).where(u.disabled_at.is_(None))
        )
        parents = await self._c.execute(sa.select(place.id, place.parent_id).where(place.closed_at.is_(None)))
        return _Staff({(row[0], row[1]) for row in held}, {row[0]: row[1] for row in parents})

    async def _tickets(self, staff: "_Staff") -> Sequence[Violation]:
        light = (
            t.id, t.direction, t.state, t.from_organization_id, t.to_organization_id, t.level, t.in_bay, t.hold_id,
            t.acknowledged_at,
        )  # fmt: skip
        query = sa.select(*light, _deadline("referral", t.id)).where(t.ended_at.is_(None))
        found = []
        for row in await self._c.execute(query):
            organization, roles = owner_of(_owned(row))
            found.append(("referrals", row.id, organization, staff.has(organization, roles), row.due))
        return _violations(found)

    async def _orders(self, staff: "_Staff") -> Sequence[Violation]:
        """An order's time is its own, its study's, a deadline of any kind, or that of an item somebody has."""
        over = (OrderState.FINAL.value, OrderState.CANCELLED.value)
        item = ledger.tasks.c
        due = sa.select(ledger.deadlines.c.subject_id)
        asked = sa.select(item.subject_id).where(item.subject_kind == "reading-orders", item.done_at.is_(None))
        timed = sa.or_(o.due_at.is_not(None), o.id.in_(due), o.study_uid.in_(due), o.id.in_(asked))
        where = sa.func.coalesce(o.centre_organization_id, o.organization_id).label("place")
        rows = await self._c.execute(sa.select(o.id, where, timed.label("due")).where(o.state.not_in(over)))
        return _violations([("reading-orders", r.id, r.place, staff.has(r.place, ANYBODY), r.due) for r in rows])

    async def _follow_ups(self, staff: "_Staff") -> Sequence[Violation]:
        query = sa.select(f.id, f.organization_id.label("place"), _deadline(FOLLOW_UP, f.id)).where(f.state == "open")
        rows = await self._c.execute(query)
        return _violations([("follow-ups", r.id, r.place, staff.has(r.place, ANYBODY), r.due) for r in rows])

    async def _holds(self) -> Sequence[Violation]:
        """A hold belongs to a ticket that is on its way."""
        ticket = sa.exists().where(t.id == i.ticket_id, t.ended_at.is_(None)).label("owned")
        query = (
            sa.select(i.id, beds.beds.c.organization_id.label("place"), ticket, _deadline("bed-hold", i.id))
            .join(beds.beds, beds.beds.c.id == i.bed_id)
            .where(i.kind == "hold", i.state == "live")
        )
        rows = await self._c.execute(query)
        return _violations([("bed-holds", r.id, r.place, bool(r.owned), r.due) for r in rows])

    async def _consults(self, staff: "_Staff") -> Sequence[Violation]:
        c = consults.consults.c
        sides = ("offered_by", "from_organization_id", "to_organization_id")
        light = (c.id, c.state, *(c[name] for name in sides))
        found = []
        for row in await self._c.execute(sa.select(*light, _deadline(CONSULT, c.id)).where(c.ended_at.is_(None))):
            known: dict[str, Any] = {
                name: getattr(row, name) for name in ("offered_by", "from_organization_id", "to_organization_id")
            }
            organization, roles = owner_of_consult(replace(_BLANK_CONSULTS[row.state], **known))
            found.append(("consults", row.id, organization, staff.has(organization, roles), row.due))
        return _violations(found)


class _Staff:
    """Who has which role where, and which organization stands above which."""

    def __init__(self, held: set[tuple[str, str]], parents: Mapping[str, str | None]) -> None:
        self._held, self._parents = held, parents
        self._known: dict[tuple[str, tuple[str, ...]], bool] = {}

    def has(self, organization_id: str, roles: tuple[str, ...]) -> bool:
        """Tell whether anybody has one of the roles in the organization or above it, as items of work are given."""
        key = (organization_id, roles)
        if key not in self._known:
            self._known[key] = self._look(organization_id, roles)
        return self._known[key]

    def _look(self, organization_id: str, roles: tuple[str, ...]) -> bool:
        here: str | None = organization_id
        for _ in range(UPWARD):
            if here is None or here not in self._parents:
                return False
            if any((here, role) in self._held for role in roles):
                return True
            here = self._parents[here]
        return False


def _deadline(kind: str, subject: sa.Column[Any]) -> sa.ColumnElement[bool]:
    d = ledger.deadlines.c
    return sa.exists().where(d.kind == kind, d.subject_id == subject).label("due")


def _owned(row: Any) -> Ticket:
    """Return a ticket of which only what its owner depends on is known."""
    known: dict[str, Any] = {
        "direction": Direction(row.direction),
        "state": TicketState(row.state),
        "level": Level(row.level),
    }
    names = ("id", "from_organization_id", "to_organization_id", "in_bay", "hold_id", "acknowledged_at")
    return replace(_BLANK, **known, **{name: getattr(row, name) for name in names})


def _violations(found: Sequence[tuple[str, str, str, bool, bool]]) -> list[Violation]:
    return [
        Violation(collection, key, tuple(word for word, there in ((OWNER, owned), (DEADLINE, due)) if not there), place)
        for collection, key, place, owned, due in found
        if not (owned and due)
    ]
