"""Orders as lists show them: scoped, filtered, sorted by level, doubt of a machine, due time; and the counters."""

import base64
import binascii
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from dicom.charset import shown
from dicom.errors import UnknownState
from dicom.numbers import SHANGHAI, parse
from dicom.orders import OrderState, ReadingOrder
from server.accounts.model import Caller
from server.db.repositories.orders import order_of
from server.db.repositories.studies import Studies
from server.db.scope import visible_to
from server.db.tables import imaging, people

FAR = datetime(9999, 1, 1, tzinfo=UTC)
DONE = (OrderState.FINAL.value, OrderState.CANCELLED.value)
NO_REPORT: tuple[str | None, str | None] = (None, None)
COUNTED = ("ready", "awaiting-verification", "returned", "amending", "quarantined", "unrouted", "receiving", "claimed")
t, s, p = imaging.reading_orders.c, imaging.studies.c, people.patients.c

LEVEL = sa.case((t.priority == "emergency", 0), (t.priority == "urgent", 1), else_=2)
_WORDS = sa.cast(imaging.reading_orders.c.flags, sa.Text)
CRITICAL = _WORDS.like('%"level": "critical"%')
SUSPECTED = sa.or_(CRITICAL, _WORDS.like('%"level": "machine"%'))
SORT = (
    sa.case((t.state.in_(DONE), 1), else_=0),
    LEVEL,
    sa.case((SUSPECTED, 0), else_=1),
    sa.func.coalesce(t.due_at, sa.literal(FAR, imaging.reading_orders.c.due_at.type)),
    t.id,
)


@dataclass(frozen=True, slots=True)
class Filter:
    """What a list is asked for; empty fields ask for nothing, `centre` may name several, comma-separated."""

    centre: str = ""
    states: tuple[str, ...] = ()
    mine: bool = False
    kind: str = ""
    patient: str = ""
    organization: str = ""
    q: str = ""
    critical: bool = False
    sent_by: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Line:
    """An order with what a list shows beside it."""

    order: ReadingOrder
    dicom_name: str | None
    dicom_patient_id: str | None
    title: str
    modalities: tuple[str, ...]
    instances: int
    received_at: datetime | None
    report_id: str | None
    report_state: str | None
    priors: int


@dataclass(frozen=True, slots=True)
class Page:
    """One page; `next` continues it."""

    lines: Sequence[Line]
    next: str | None


class Worklist:
    """Orders as lists show them."""

    def __init__(self, connection: AsyncConnection, studies: Studies) -> None:
        self._c, self._studies = connection, studies

    def filter(self, **asked: Any) -> Filter:
        """Return a filter.

        Raises
        ------
        UnknownState
            When a state is none of the life cycle's.
        """
        known = {state.value for state in OrderState} | {"open"}
        if unknown := [word for word in asked["states"] if word not in known]:
            raise UnknownState(unknown[0])
        return Filter(**asked)

    async def page(
        self, caller: Caller, served: frozenset[str], asked: Filter, *, now: datetime, cursor: str, limit: int
    ) -> Page:
        """Return one page of the orders that the caller may see, the most urgent first."""
        query = _lines().where(_seen_by(caller, served, now), *_conditions(caller, asked))
        if (after := _position(cursor)) is not None:
            query = query.where(_beyond(after))
        rows = (await self._c.execute(query.add_columns(*SORT[:4]).order_by(*SORT).limit(limit + 1))).all()
        more = _cursor(rows[limit - 1]) if len(rows) > limit else None
        return Page(await self._lines(rows[:limit]), more)

    async def counts(
        self, caller: Caller, served: frozenset[str], asked: Filter, *, now: datetime
    ) -> Mapping[str, int]:
        """Return the counters over everything the caller may see in this centre or organization."""
        midnight = now.astimezone(SHANGHAI).replace(hour=0, minute=0, second=0, microsecond=0).astimezone(UTC)
        wide = Filter(centre=asked.centre, organization=asked.organization)
        tallies = {state: t.state == state for state in COUNTED} | {
            "all": t.state.not_in(DONE),
            "mine": _mine(caller),
            "critical": sa.and_(CRITICAL, t.state.not_in(DONE)),
            "final-today": sa.and_(t.state == OrderState.FINAL.value, t.final_at >= midnight),
        }
        columns = [sa.func.coalesce(sa.func.sum(sa.case((c, 1), else_=0)), 0).label(n) for n, c in tallies.items()]
        query = sa.select(*columns).where(_seen_by(caller, served, now), *_conditions(caller, wide))
        row = (await self._c.execute(query)).one()
        return {name: int(getattr(row, name)) for name in tallies}

    async def one(self, caller: Caller, served: frozenset[str], order_id: str, *, now: datetime) -> Line | None:
        """Return one order, None when the caller may not know that there is."""
        query = _lines().where(_seen_by(caller, served, now), t.id == order_id)
        rows = await self._lines((await self._c.execute(query)).all())
        return rows[0] if rows else None

    async def _lines(self, rows: Sequence[Any]) -> list[Line]:
        reports = await self._reports([row.id for row in rows])
        priors = await self._priors([row.patient_id for row in rows if row.patient_id])
        return [
            Line(
                order_of(row),
                None if row.study_name is None else shown(row.study_name),
                None if row.study_patient_id is None else self._studies.opened(row.study_patient_id),
                row.study_title or row.question[:40],
                tuple(row.study_modalities or ()),
                row.study_instances or 0,
                row.study_received_at,
                reports.get(row.id, NO_REPORT)[0],
                reports.get(row.id, NO_REPORT)[1],
                max(0, priors.get(row.patient_id, 0) - (1 if row.study_uid else 0)),
            )
            for row in rows
        ]

    async def _reports(self, order_ids: Sequence[str]) -> dict[str, tuple[str, str]]:
        r = imaging.reports.c
        rows = await self._c.execute(
            sa.select(r.order_id, r.id, r.state).where(r.order_id.in_(order_ids)).order_by(r.edition)
        )
        return {row.order_id: (row.id, row.state) for row in rows}

    async def _priors(self, patient_ids: Sequence[str]) -> dict[str, int]:
        rows = await self._c.execute(
            sa.select(s.patient_id, sa.func.count()).where(s.patient_id.in_(set(patient_ids))).group_by(s.patient_id)
        )
        return {row[0]: row[1] for row in rows}


def _lines() -> sa.Select[Any]:
    return sa.select(
        imaging.reading_orders,
        s.dicom_name.label("study_name"),
        s.dicom_patient_id.label("study_patient_id"),
        s.description.label("study_title"),
        s.modalities.label("study_modalities"),
        s.instance_count.label("study_instances"),
        s.received_at.label("study_received_at"),
    ).select_from(
        imaging.reading_orders.outerjoin(imaging.studies, s.study_instance_uid == t.study_uid).outerjoin(
            people.patients, p.id == t.patient_id
        )
    )


def _seen_by(caller: Caller, served: frozenset[str], now: datetime) -> sa.ColumnElement[bool]:
    """Return what the caller may see: by the one door, and what her registrars and medical affairs look after."""
    scoped = visible_to(caller, imaging.reading_orders, now=now)
    return sa.or_(scoped, t.organization_id.in_(served)) if served else scoped


def _mine(caller: Caller) -> sa.ColumnElement[bool]:
    waiting = sa.and_(t.reader_id == caller.user_id, t.state == OrderState.AWAITING_VERIFICATION.value)
    return sa.or_(t.claimed_by == caller.user_id, waiting)


def _conditions(caller: Caller, asked: Filter) -> list[sa.ColumnElement[bool]]:
    states = tuple(OrderState(word) for word in asked.states if word != "open")
    found: list[tuple[object, sa.ColumnElement[bool]]] = [
        (asked.centre, t.centre_id.in_(asked.centre.split(","))),
        (states, t.state.in_([state.value for state in states])),
        ("open" in asked.states, t.state.not_in(DONE)),
        (asked.mine, _mine(caller)),
        (asked.kind, t.kind == asked.kind),
        (asked.patient, t.patient_id == asked.patient),
        (asked.organization, t.organization_id == asked.organization),
        (asked.critical, CRITICAL),
        (asked.sent_by, t.organization_id.in_(asked.sent_by)),
        (asked.q, _search(asked.q)),
    ]
    return [condition for wanted, condition in found if wanted]


def _search(q: str) -> sa.ColumnElement[bool]:
    spoken = parse(q)
    letters = q.strip().lower().replace(" ", "")
    fits = [t.number == (spoken or q.strip()), t.accession == q.strip(), p.name.contains(q.strip(), autoescape=True)]
    if letters.isascii():
        fits += [p.pinyin.contains(letters, autoescape=True), p.initials.contains(letters, autoescape=True)]
    return sa.or_(*fits)


def _cursor(row: Any) -> str:
    done, level, calm, due = row[-4:]
    text = json.dumps([done, level, calm, _aware(due).isoformat(), row.id])
    return base64.urlsafe_b64encode(text.encode()).decode()


def _aware(value: datetime | str) -> datetime:
    moment = datetime.fromisoformat(value) if isinstance(value, str) else value
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment


def _position(cursor: str) -> tuple[int, int, int, datetime, str] | None:
    """Return where a page begins; a cursor that is none of ours begins at the top."""
    try:
        done, level, calm, due, key = json.loads(base64.urlsafe_b64decode(cursor or "bnVsbA=="))
        return int(done), int(level), int(calm), _aware(due), str(key)
    except (ValueError, TypeError, binascii.Error):
        return None


def _beyond(after: tuple[int, int, int, datetime, str]) -> sa.ColumnElement[bool]:
    values = [sa.literal(after[0]), sa.literal(after[1]), sa.literal(after[2])]
    values += [sa.literal(after[3], imaging.reading_orders.c.due_at.type), sa.literal(after[4])]
    beyond: list[sa.ColumnElement[bool]] = []
    for place, (column, value) in enumerate(zip(SORT, values, strict=True)):
        equal = [c == v for c, v in zip(SORT[:place], values[:place], strict=True)]
        beyond.append(sa.and_(*equal, column > value))
    return sa.or_(*beyond)
