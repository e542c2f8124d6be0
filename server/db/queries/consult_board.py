"""Consults as both sides list them: boxes, a page after a page, the next deadline first."""

import base64
import binascii
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from dicom.errors import UnknownState
from dicom.numbers import parse
from server.accounts.model import Caller
from server.clock import CHINA
from server.db.repositories.consults import Consults
from server.db.scope import care_organizations, visible_to
from server.db.tables import consults as t
from video.consults import Consult, ConsultState

c, e = t.consults.c, t.consult_experts.c
Condition = sa.ColumnElement[bool]


@dataclass(frozen=True, slots=True)
class Page:
    """One page; `next` continues it."""

    consults: Sequence[Consult]
    next: str | None


class ConsultBoard:
    """Consults as lists show them."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._c = connection

    async def page(self, caller: Caller, asked: Mapping[str, str], *, now: datetime, cursor: str, limit: int) -> Page:
        """Return one page of a box: the next deadline first, of what is over the last one.

        Parameters
        ----------
        asked
            `box` (`in`, `out`, `mine`, `closed`, "" for every consult), `state` (several, comma-separated), `patient`,
            `day` (of the county, on which its time begins, 2026-11-23); "" asks for nothing.

        Raises
        ------
        UnknownState
            When a state is none of the life cycle's.
        """
        over = asked["box"] == "closed"
        place = (c.ended_at if over else c.due_at, c.id)
        conditions = [visible_to(caller, t.consults, now=now), *_conditions(caller, asked)]
        if (after := _position(cursor)) is not None:
            stands = sa.tuple_(sa.literal(after[0], place[0].type), sa.literal(after[1], c.id.type))
            conditions.append(sa.tuple_(*place) < stands if over else sa.tuple_(*place) > stands)
        order = [column.desc() if over else column for column in place]
        query = sa.select(t.consults).where(*conditions).order_by(*order).limit(limit + 1)
        rows = (await self._c.execute(query)).all()
        more = None
        if len(rows) > limit:
            last = rows[limit - 1]
            more = _cursor(last.ended_at if over else last.due_at, last.id)
        return Page(await Consults(self._c).read(rows[:limit]), more)

    async def is_visible(self, caller: Caller, consult_id: str, *, now: datetime) -> bool:
        """Tell whether the caller may know that there is such a consult."""
        there = sa.exists().where(c.id == consult_id, visible_to(caller, t.consults, now=now))
        return bool(await self._c.scalar(sa.select(there)))

    async def id_of(self, key: str) -> str:
        """Return the id of what is named by its number, as people type it; anything else is an id already."""
        number = parse(key)
        found = await self._c.scalar(sa.select(c.id).where(c.number == number)) if number else None
        return str(found) if found else key


def _conditions(caller: Caller, asked: Mapping[str, str]) -> list[Condition]:
    ours = care_organizations(caller)
    boxes: Mapping[str, Sequence[Condition]] = {
        "": (),
        "in": (c.to_organization_id.in_(ours), c.ended_at.is_(None)),
        "out": (c.from_organization_id.in_(ours), c.ended_at.is_(None)),
        "mine": (c.id.in_(sa.select(e.consult_id).where(e.user_id == caller.user_id)), c.ended_at.is_(None)),
        "closed": (c.ended_at.is_not(None),),
    }
    found = list(boxes[asked["box"]])
    if asked["state"]:
        found.append(c.state.in_([_state(word) for word in asked["state"].split(",")]))
    if asked["patient"]:
        found.append(c.patient_id == asked["patient"])
    if asked["day"]:
        begins = datetime.combine(date.fromisoformat(asked["day"]), time(), CHINA)
        within = (c.begins_at >= begins, c.begins_at < begins + timedelta(days=1))
        found += [*within, c.state.not_in([ConsultState.CANCELLED.value, ConsultState.REFUSED.value])]
    return found


def _state(word: str) -> str:
    if word not in {state.value for state in ConsultState}:
        raise UnknownState(word)
    return word


def _cursor(at: datetime, key: str) -> str:
    return base64.urlsafe_b64encode(json.dumps([at.isoformat(), key]).encode()).decode()


def _position(cursor: str) -> tuple[datetime, str] | None:
    """Return where a page went on; a cursor that is none begins at the start."""
    try:
        at, key = json.loads(base64.urlsafe_b64decode(cursor.encode()))
        return datetime.fromisoformat(at).astimezone(UTC), str(key)
    except (ValueError, TypeError, AttributeError, binascii.Error):
        return None
