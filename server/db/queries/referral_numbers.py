"""Referrals in numbers: how far tickets came, how long each stage took, why they were declined, who came back."""

import math
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from referral.model import Direction
from referral.tickets import TicketState
from server.db.prepared import KEYS
from server.db.tables import ledger, people, referral

S = TicketState
t, e = referral.tickets.c, ledger.events.c
MINUTE = timedelta(minutes=1)
BOUNCE = timedelta(days=30)  # peers.md RD6
ANSWERS = (S.ACCEPTED, S.DECLINED, S.ADVISED, S.REDIRECTED)

# Stage -> from the first time in one state to the first time in one of the others.
STAGES: Mapping[str, tuple[TicketState, tuple[TicketState, ...]]] = {
    "open": (S.SENT, (S.RECEIVED,)),
    "answer": (S.SENT, ANSWERS),
    "bed": (S.ACCEPTED, (S.BED_HELD,)),
    "depart": (S.BED_HELD, (S.EN_ROUTE,)),
    "road": (S.EN_ROUTE, (S.ARRIVED,)),
    "admit": (S.ARRIVED, (S.ADMITTED,)),
    "stay": (S.ADMITTED, (S.DISCHARGED,)),
    "outcome": (S.DISCHARGED, (S.OUTCOME_SENT,)),
    "close": (S.OUTCOME_SENT, (S.CLOSED,)),
    "take-over": (S.HANDED_OVER, (S.TAKEN_OVER,)),
    "first-visit": (S.TAKEN_OVER, (S.FIRST_VISIT_DONE,)),
}


@dataclass(frozen=True, slots=True)
class Period:
    """Which tickets: written from one instant until before another, sent or received by an organization ("" any)."""

    since: datetime
    until: datetime
    organization_id: str = ""


@dataclass(frozen=True, slots=True)
class StageTime:
    """How long a stage took: nearest-rank percentiles in minutes, waiting for the sender's answers left out."""

    stage: str
    tickets: int
    p50: float
    p90: float


@dataclass(frozen=True, slots=True)
class Share:
    """A part of a whole; no rate of nothing."""

    part: int
    whole: int

    @property
    def rate(self) -> float | None:
        """Return the part as a fraction."""
        return self.part / self.whole if self.whole else None


@dataclass(frozen=True, slots=True)
class TicketNumbers:
    """What the tickets of a period came to.

    Parameters
    ----------
    funnel
        Direction -> state -> how many ever reached it; `drafted` are all.
    declines
        Code -> how often, ways home that a township sent back among them.
    bounced
        Patients taken over at home who were sent up again within 30 days, of all taken over in the period.
    in_county
        Upward tickets that went to a house of the county, of all sent; one that was sent on counts by its successor.
    out_of_order, unreasoned
        Beds that a person held against the rule's order, and those of them without a written reason.
    """

    funnel: Mapping[str, Mapping[str, int]]
    stages: Sequence[StageTime]
    declines: Mapping[str, int]
    bounced: Share
    in_county: Share
    out_of_order: int
    unreasoned: int


class ReferralNumbers:
    """Counts tickets; nobody's name is read."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._c = connection

    async def of(self, *, since: datetime, until: datetime, organization_id: str = "") -> TicketNumbers:
        """Return the numbers of tickets written from one instant until before another; "" is every organization."""
        period = Period(since, until, organization_id)
        columns = (
            t.id, t.direction, t.state, t.timeline, t.paused_seconds, t.to_organization_id, t.waiting_since,
        )  # fmt: skip
        written = (t.created_at >= period.since, t.created_at < period.until)
        rows = (await self._c.execute(sa.select(*columns).where(*written, *_of(period)))).all()
        declined, skipped = await self._said([row.id for row in rows])
        return TicketNumbers(
            funnel=_funnel(rows),
            stages=list(_stages(rows)),
            declines=declined,
            bounced=await self._bounced(period),
            in_county=await self._in_county(rows),
            out_of_order=len(skipped),
            unreasoned=sum(not reason for reason in skipped),
        )

    async def _said(self, ticket_ids: Sequence[str]) -> tuple[dict[str, int], list[str]]:
        """Return how often tickets were declined for which code, and the reasons of beds held out of order."""
        declined: Counter[str] = Counter()
        skipped: list[str] = []
        for start in range(0, len(ticket_ids), KEYS):
            part = ticket_ids[start : start + KEYS]
            query = sa.select(e.name, e.data).where(
                e.collection == "referrals", e.subject_id.in_(part), e.name.in_(["declined", "out-of-order"])
            )
            for row in await self._c.execute(query):
                if row.name == "declined":
                    declined[str(row.data.get("code") or "other")] += 1
                else:
                    skipped.append(str(row.data.get("reason") or ""))
        return dict(declined), skipped

    async def _bounced(self, period: Period) -> Share:
        taken = (t.accepted_at >= period.since, t.accepted_at < period.until, t.direction == Direction.DOWN.value)
        home = {
            row.id: row.accepted_at
            for row in await self._c.execute(sa.select(t.id, t.accepted_at).where(*taken, *_of(period)))
        }
        again = sa.select(t.bounce_of, t.waiting_since).where(t.bounce_of.is_not(None), t.waiting_since.is_not(None))
        since = again.where(t.waiting_since >= period.since)
        back = {
            row.bounce_of
            for row in await self._c.execute(since)
            if row.bounce_of in home and row.waiting_since - home[row.bounce_of] <= BOUNCE
        }
        return Share(len(back), len(home))

    async def _in_county(self, rows: Sequence[Any]) -> Share:
        o = people.organizations.c
        higher = set(await self._c.scalars(sa.select(o.id).where(o.kind == "higher")))
        sent = [
            row
            for row in rows
            if row.direction == Direction.UP.value and row.waiting_since is not None and row.state != S.REDIRECTED.value
        ]
        stayed = [row for row in sent if row.to_organization_id is not None and row.to_organization_id not in higher]
        return Share(len(stayed), len(sent))


def _of(period: Period) -> list[sa.ColumnElement[bool]]:
    if not period.organization_id:
        return []
    ours = period.organization_id
    return [sa.or_(t.from_organization_id == ours, t.to_organization_id == ours)]


def _funnel(rows: Sequence[Any]) -> dict[str, dict[str, int]]:
    found: dict[str, Counter[str]] = {direction.value: Counter(drafted=0) for direction in Direction}
    for row in rows:
        reached = {state for state in row.timeline if state != S.DRAFT.value}
        found[row.direction].update(["drafted", *reached])
    return {direction: dict(counts) for direction, counts in found.items()}


def _stages(rows: Sequence[Any]) -> Iterator[StageTime]:
    for stage, (begins, ends) in STAGES.items():
        spans = sorted(span for row in rows if (span := _span(row, stage, begins, ends)) is not None)
        if spans:
            yield StageTime(stage, len(spans), percentile(spans, 50), percentile(spans, 90))


def _span(row: Any, stage: str, begins: TicketState, ends: Sequence[TicketState]) -> float | None:
    """Return the minutes of one stage of one ticket, None when it did not end, or was jumped over backwards."""
    begun = row.timeline.get(begins.value)
    ended = [row.timeline[state.value] for state in ends if state.value in row.timeline]
    if begun is None or not ended:
        return None
    span = datetime.fromisoformat(min(ended)) - datetime.fromisoformat(begun)
    if stage == "answer":
        span -= timedelta(seconds=row.paused_seconds)
    return span / MINUTE if span >= timedelta(0) else None


def percentile(ordered: Sequence[float], per_cent: int) -> float:
    """Return the nearest-rank percentile of a sorted, non-empty series, to a tenth."""
    return round(ordered[math.ceil(per_cent / 100 * len(ordered)) - 1], 1)
