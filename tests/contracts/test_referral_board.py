"""Desks and townships find their tickets in boxes, counted alike on SQLite and on PostgreSQL; nothing is nobody's."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest
import sqlalchemy as sa

from dicom.errors import MalformedQuery, UnknownState
from dicom.numbers import number
from referral.events import Event
from referral.follow_up import FollowUp, FollowUpKind
from referral.model import Direction, IntervalState, Level, Words
from referral.ports import Message
from referral.tickets import Ticket, TicketState
from server.accounts.model import Caller, Membership, Role, Task
from server.accounts.people import User
from server.db.engine import Database
from server.db.queries.ownerless import Violation
from server.db.tables import imaging, people, referral
from tests.builders.referral_facts import TICKET
from tests.builders.referral_register import BED, HOUR, NOON, furnish, hold, unit
from tests.contracts.test_patients_repository import insert

S = TicketState
DAY = 24 * HOUR
NOTHING = {"box": "", "state": "", "department": "", "patient": "", "q": ""}


def somebody(role: Role, organization_id: str) -> Caller:
    return Caller(f"{role}@{organization_id}", "某人", "", (Membership(organization_id, role),))


DESK, TOWNSHIP = somebody(Role.REFERRAL_DESK, "C01"), somebody(Role.TOWNSHIP_DOCTOR, "T01")
BUREAU = somebody(Role.BUREAU, "C01")


def ticket(key: str, state: TicketState = S.SENT, **facts: Any) -> Ticket:
    """Return a ticket of p1 from T01 to C01 and a department of its own, due at noon."""
    plain: dict[str, Any] = {
        "id": key, "number": f"R-{key}", "patient_id": "p1", "department": key, "state": state, "deadline_at": NOON,
        "timeline": {"draft": NOON - DAY, state.value: NOON - DAY},
    }  # fmt: skip
    return replace(TICKET, **(plain | facts))


@pytest.fixture
async def register(either_database: Database) -> Database:
    """Give the register without its three tickets."""
    await furnish(either_database)
    async with unit(either_database) as uow:
        await uow.connection.execute(referral.tickets.delete())
    return either_database


async def bring(database: Database, *tickets: Ticket) -> None:
    async with unit(database) as uow:
        for each in tickets:
            await uow.tickets.add(each)


async def page(
    database: Database, caller: Caller, *, cursor: str = "", limit: int = 50, **asked: str
) -> tuple[list[str], str | None]:
    async with unit(database, read=True) as uow:
        found = await uow.referral_board.page(
            caller, NOTHING | asked, now=NOON, silence=2 * DAY, cursor=cursor, limit=limit
        )
    return [t.id for t in found.tickets], found.next


async def box(database: Database, caller: Caller, name: str) -> set[str]:
    return set((await page(database, caller, box=name))[0])


HOME: dict[str, Any] = {"direction": Direction.DOWN, "from_organization_id": "C01", "to_organization_id": "T01"}
EVERY = [
    ticket("draft", S.DRAFT),
    ticket("sent"),
    ticket("held", S.BED_HELD, deadline_at=NOON + HOUR, acknowledged_at=NOON),
    ticket("road", S.EN_ROUTE, level=Level.IV, deadline_at=NOON - HOUR),
    ticket("here", S.ARRIVED),
    ticket("bed", S.ADMITTED),
    ticket("told", S.OUTCOME_SENT),
    ticket("over", S.CLOSED),
    ticket("long-over", S.CLOSED, timeline={"closed": NOON - 40 * DAY}),
    ticket("between", direction=Direction.LATERAL, level=Level.III),
    ticket("others", from_organization_id="T02"),
    ticket("home", S.HANDED_OVER, **HOME),
    ticket("home-draft", S.DRAFT, **HOME),
]
BOXES: Sequence[tuple[str, set[str], set[str]]] = [  # the box, what the hospital finds in it, what the township
    ("in", {"sent", "held", "between", "others"}, set()),
    ("out", set(), {"draft", "sent", "held", "road", "here", "bed", "told", "between"}),
    ("moving", {"road"}, {"road"}),
    ("arrived", {"here", "bed", "told"}, set()),
    ("down", {"home", "home-draft"}, {"home"}),
    ("closed", {"over", "long-over"}, {"over", "long-over"}),
    ("no-news", set(), {"here", "bed"}),
]


@pytest.mark.parametrize(("name", "hospital", "township"), BOXES)
async def test_each_box_holds_what_its_name_says(
    register: Database, name: str, hospital: set[str], township: set[str]
) -> None:
    await bring(register, *EVERY)
    assert (await box(register, DESK, name), await box(register, TOWNSHIP, name)) == (hospital, township)
    assert await box(register, BUREAU, name) == set()


async def test_the_counters_count_what_the_boxes_hold(register: Database) -> None:
    await bring(register, *EVERY)
    async with unit(register, read=True) as uow:
        hospital = await uow.referral_board.counts(DESK, now=NOON, silence=2 * DAY)
        township = await uow.referral_board.counts(TOWNSHIP, now=NOON, silence=2 * DAY)
        nobody = await uow.referral_board.counts(BUREAU, now=NOON, silence=2 * DAY)
    sizes = {name: (len(here), len(there)) for name, here, there in BOXES} | {"closed": (1, 1)}  # of the last month
    assert {name: (hospital[name], township[name]) for name in sizes} == sizes
    assert (hospital["unopened"], hospital["unacknowledged"], hospital["overdue"]) == (3, 2, 1)
    assert (township["unopened"], township["unacknowledged"], township["overdue"]) == (0, 0, 1)
    assert set(nobody.values()) == {0}


async def test_what_happened_lately_is_news_and_another_tickets_events_are_not(register: Database) -> None:
    await bring(register, ticket("a", S.ARRIVED), ticket("b", S.ARRIVED), ticket("c", S.DISCHARGED))
    assert await box(register, TOWNSHIP, "no-news") == {"a", "b", "c"}
    async with unit(register) as uow:  # at noon
        uow.publish(Event("referrals", "message-sent", "a", 2, "arrived", ("T01",)))
        uow.publish(Event("follow-ups", "set", "b", 2, "open", ("T01",)))
    assert await box(register, TOWNSHIP, "no-news") == {"b", "c"}
    async with unit(register, read=True) as uow:
        later = await uow.referral_board.page(
            TOWNSHIP, NOTHING | {"box": "no-news"}, now=NOON + 2 * DAY, silence=2 * DAY, cursor="", limit=9
        )
    assert {t.id for t in later.tickets} == {"a", "b", "c"}


async def test_pages_follow_one_another_without_a_gap(register: Database) -> None:
    """Three are due at one instant, one has no deadline, and what is over comes last first."""
    dues = [NOON, NOON, NOON, NOON - HOUR, None]
    await bring(register, *(ticket(f"k{n}", deadline_at=due) for n, due in enumerate(dues)))
    ended = [NOON - n * DAY for n in range(3)]
    await bring(register, *(ticket(f"e{n}", S.CLOSED, timeline={"closed": at}) for n, at in enumerate(ended)))

    async def walk(name: str) -> list[str]:
        found, cursor = await page(register, DESK, box=name, limit=2)
        while cursor is not None:
            more, cursor = await page(register, DESK, box=name, limit=2, cursor=cursor)
            found += more
        return found

    assert await walk("in") == ["k3", "k0", "k1", "k2", "k4"]
    assert await walk("closed") == ["e0", "e1", "e2"]
    assert (await page(register, DESK, box="closed", cursor="x"))[0] == ["e0", "e1", "e2"]


async def test_a_list_is_narrowed_by_state_department_patient_and_what_was_typed(register: Database) -> None:
    spoken = number("R-2611", 387)
    await bring(register, ticket("a", number=spoken), ticket("b", S.RECEIVED), ticket("c", patient_id="p2"))
    asked: list[tuple[dict[str, Any], set[str]]] = [
        ({"state": "received"}, {"b"}),
        ({"state": "received,sent"}, {"a", "b", "c"}),
        ({"department": "c"}, {"c"}),
        ({"patient": "p2"}, {"c"}),
        ({"q": "马建"}, {"a", "b"}),
        ({"q": "bxy"}, {"c"}),
        ({"q": "baixiu"}, {"c"}),
        ({"q": spoken.lower().replace("-", "")}, {"a"}),
        ({"q": "R-b"}, {"b"}),
        ({"q": "%"}, set()),
        ({"box": "in", "q": "bai", "state": "sent"}, {"c"}),
    ]
    for words, found in asked:
        assert set((await page(register, DESK, **words))[0]) == found, words
    with pytest.raises(UnknownState):
        await page(register, DESK, state="sent,lost")


async def test_what_a_list_shows_beside_its_tickets(register: Database) -> None:
    await bring(register, ticket("a"), ticket("b"), ticket("c"))
    lines = [Message(f"m{n}", "a", NOON + n // 2 * HOUR, "u", "T01", f"{n}") for n in range(4)]
    async with unit(register) as uow:
        for line in lines:
            await uow.tickets.add_message(line)
        await uow.board.keep(hold("h", "b"))
        await uow.board.keep(replace(hold("x", "c", 5, 6), state=IntervalState.RELEASED))
        keys = ["a", "b", "c", "nobody"]
        assert await uow.referral_board.last_messages(keys) == {"a": lines[3]}
        assert await uow.referral_board.holds_of(keys) == {"b": hold("h", "b")}
        assert await uow.referral_board.numbers(keys) == {"a": "R-a", "b": "R-b", "c": "R-c"}
        callers = (DESK, TOWNSHIP, BUREAU, somebody(Role.TOWNSHIP_DOCTOR, "T02"))
        seen = [await uow.referral_board.is_visible(caller, "a", now=NOON) for caller in callers]
    assert seen == [True, True, False, False]


def visit(key: str, due_at: datetime, **facts: Any) -> FollowUp:
    opened = FollowUp(key, FollowUpKind.VISIT, "p1", None, "T01", due_at, NOON, Words("随访", "visit"))
    return replace(opened, **facts)


async def test_follow_ups_are_listed_by_due_day_and_late_from_the_day_after(register: Database) -> None:
    tonight = NOON.replace(hour=15, minute=59)  # 23:59 in the county
    visits = [
        visit("late", NOON - DAY),
        visit("today", NOON - HOUR),
        visit("tonight", tonight, patient_id="p2"),
        visit("next", NOON + DAY),
        visit("done", NOON - DAY, done_at=NOON, done_by="u"),
        visit("elsewhere", NOON - DAY, organization_id="T02"),
    ]
    async with unit(register) as uow:
        for each in visits:
            await uow.follow_ups.add(each)
    nothing = {"due_before": "", "state": "open", "patient": "", "ticket": "", "limit": 50}
    asked: list[tuple[dict[str, Any], list[str]]] = [
        ({}, ["late", "today", "tonight", "next"]),
        ({"due_before": "2026-11-23"}, ["late", "today", "tonight"]),
        ({"due_before": "2026-11-23T03:30:00+00:00"}, ["late", "today"]),
        ({"state": "overdue"}, ["late"]),
        ({"state": "done"}, ["done"]),
        ({"state": "", "patient": "p2"}, ["tonight"]),
        ({"ticket": "t1"}, []),
        ({"limit": 1}, ["late"]),
    ]
    async with unit(register, read=True) as uow:
        for words, found in asked:
            shown = await uow.follow_up_list.page(TOWNSHIP, nothing | words, now=NOON)
            assert ([v.id for v in shown.items], shown.overdue) == (found, 1), words
        with pytest.raises(MalformedQuery):
            await uow.follow_up_list.page(TOWNSHIP, nothing | {"due_before": "soon"}, now=NOON)
        seen = [await uow.follow_up_list.one(TOWNSHIP, key, now=NOON) for key in ("late", "elsewhere", "nobody")]
    assert seen == [visits[0], None, None]


async def staff(database: Database) -> None:
    """Give the hospital a desk and the township a doctor; nobody works at T02."""
    people_of = {"zhou": ("C01", Role.REFERRAL_DESK), "lilan": ("T01", Role.TOWNSHIP_DOCTOR)}
    async with unit(database) as uow:
        for key, (place, role) in people_of.items():
            somebody_there = User(key, key, key, "", NOON, memberships=(Membership(place, role),))
            await uow.users.add(somebody_there, password_hash="x")


async def violations(database: Database) -> list[Violation]:
    async with unit(database, read=True) as uow:
        return sorted(await uow.ownerless.list(), key=lambda v: v.id)


async def test_nothing_open_is_without_owner_or_time(register: Database) -> None:
    await staff(register)
    await bring(register, ticket("a"), ticket("draft", S.DRAFT), ticket("over", S.CLOSED))
    await insert(register, imaging.reading_orders, id="o1", number="n1", organization_id="T01", state="returned")
    await insert(
        register, imaging.reading_orders, id="o2", number="n2", organization_id="T01", state="ready", due_at=NOON
    )
    await insert(register, imaging.reading_orders, id="o3", number="n3", organization_id="T01", state="unrouted")
    await insert(register, imaging.reading_orders, id="o4", number="n4", organization_id="nowhere", state="final")
    asked = Task("k", "route-order", "reading-orders", "o3", "C01", "registrar", NOON, "定", "route", NOON)
    async with unit(register) as uow:
        await uow.board.keep(hold("h", "a"))
        await uow.follow_ups.add(visit("f", NOON))
        due = [
            ("referral", "a"),
            ("referral", "draft"),
            ("bed-hold", "h"),
            ("follow-up", "f"),
            ("order-returned", "o1"),
        ]
        for kind, key in due:
            await uow.ledger.set_deadline(kind, key, NOON)
        await uow.ledger.open_task(asked, dedupe_key="k")
    assert await violations(register) == []


async def test_whatever_is_nobodys_or_due_at_no_time_is_named_with_what_it_lacks(register: Database) -> None:
    """Of each kind one is planted without a time, and one without anybody who could act."""
    await staff(register)
    await bring(
        register, ticket("a"), ticket("b", to_organization_id="T02"), ticket("c", S.DRAFT, from_organization_id="T02"),
        ticket("d", S.CLOSED),
    )  # fmt: skip
    for key, place in (("o1", "T01"), ("o2", "T02")):
        await insert(register, imaging.reading_orders, id=key, number=key, organization_id=place, state="receiving")
    async with unit(register) as uow:
        await uow.board.keep(hold("h1", "a", 0, 1))
        await uow.board.keep(hold("h2", "d", 1, 2))
        for each in (visit("f1", NOON), visit("f2", NOON, organization_id="T02")):
            await uow.follow_ups.add(each)
        for kind, key in (("referral", "b"), ("bed-hold", "h2"), ("follow-up", "f2")):
            await uow.ledger.set_deadline(kind, key, NOON)
    assert await violations(register) == [
        Violation("referrals", "a", ("deadline",), "C01"),
        Violation("referrals", "b", ("owner",), "T02"),
        Violation("referrals", "c", ("owner", "deadline"), "T02"),
        Violation("follow-ups", "f1", ("deadline",), "T01"),
        Violation("follow-ups", "f2", ("owner",), "T02"),
        Violation("bed-holds", "h1", ("deadline",), "C01"),
        Violation("bed-holds", "h2", ("owner",), BED.organization_id),
        Violation("reading-orders", "o1", ("deadline",), "T01"),
        Violation("reading-orders", "o2", ("owner", "deadline"), "T02"),
    ]


async def test_the_one_above_answers_where_nobody_is_and_a_disabled_account_is_nobody(register: Database) -> None:
    await staff(register)
    await bring(register, ticket("b", to_organization_id="T02"))
    async with unit(register) as uow:
        await uow.ledger.set_deadline("referral", "b", NOON)
        places = people.organizations
        await uow.connection.execute(places.update().where(places.c.id == "T02").values(parent_id="C01"))
    assert await violations(register) == []
    async with unit(register) as uow:
        await uow.connection.execute(sa.update(people.users).values(disabled_at=NOON))
    assert await violations(register) == [Violation("referrals", "b", ("owner",), "T02")]
