"""Tickets come back as they were, and a patient has one on its way to a department, whoever sends at once."""

import asyncio
import dataclasses
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from types import MappingProxyType
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st

from referral.errors import DuplicateReferral, VersionMismatch
from referral.follow_up import Assessment, FollowUp, FollowUpKind, Form
from referral.model import Diagnosis, Direction, Level, Needs, Pathway, Words
from referral.ports import Message, Outward, Round, StoredRanking, Waiting
from referral.tickets import TERMINAL, HomePlan, Outcome, Package, Ticket, TicketState
from server.db.dataclass_json import from_json, to_json
from server.db.engine import Database
from server.db.tables.referral import tickets as table
from server.patients.links import PatientLink
from server.patients.model import Assistance, AssistanceCategory
from tests.builders.referral_facts import TICKET
from tests.builders.referral_register import HOUR, NOON, furnish, person, unit

LATER = NOON + timedelta(days=3)
S = TicketState
INSTANTS = st.datetimes(
    min_value=datetime(2000, 1, 1),  # noqa: DTZ001 - hypothesis takes the zone apart from the limits
    max_value=datetime(2100, 1, 1),  # noqa: DTZ001
    timezones=st.sampled_from([UTC, *(datetime.fromisoformat("2026-01-01T00:00:00+08:00").tzinfo,)]),
)
st.register_type_strategy(datetime, INSTANTS)
st.register_type_strategy(float, st.floats(allow_nan=False, allow_infinity=False, width=32))


@pytest.fixture
async def register(either_database: Database) -> Database:
    await furnish(either_database)
    return either_database


def fresh(key: str, **facts: Any) -> Ticket:
    """Return a ticket of patient p1 to a department of its own."""
    return replace(TICKET, **({"id": key, "number": f"R-{key}", "patient_id": "p1", "department": key} | facts))


FULL = fresh(
    "full",
    direction=Direction.LATERAL, state=S.DECLINED, pathway=Pathway.STROKE, level=Level.IV, outside_name="省医院",
    to_organization_id=None, travel_minutes=55, deadline_at=NOON, paused_at=NOON, paused_seconds=3, info_rounds=2,
    question="几点起病", acknowledged_at=NOON, acknowledged_by="u2", handler_id="u3", expected_arrival_at=NOON,
    bed_id="C01/CCU-01", hold_id="h1", in_bay=True, earmark="出院后", plan=HomePlan(first_visit_due=date(2026, 12, 1)),
    outcome=Outcome("心梗", "PCI", "双抗", NOON, "u4"), based_on="a", bounce_of="b", predecessor_id="c",
    successor_id="d", cancelled_from=S.EN_ROUTE, reason_text="无床", decision_code="no-bed",
    unscheduled_reason="家属要求", manual_rank=0, manual_reason="孕妇", rule_version=7, recorded_at=NOON,
    diagnosis=Diagnosis("I63.9", "ICD-10", "脑梗死"), needs=Needs("神内", isolation=True, icu=True, devices=("ct",)),
    timeline=MappingProxyType({"draft": NOON, "declined": LATER}),
)  # fmt: skip


async def test_every_field_of_a_ticket_comes_back(register: Database) -> None:
    plain = fresh("plain", timeline={"draft": NOON})
    untouched = {f.name for f in dataclasses.fields(Ticket) if getattr(FULL, f.name) == f.default}
    assert untouched == set(), "a field that stands at its default proves nothing"
    async with unit(register) as uow:
        await uow.tickets.add(FULL)
        await uow.tickets.add(plain)
    async with unit(register, read=True) as uow:
        assert await uow.tickets.get("full") == FULL
        assert await uow.tickets.get("plain", lock=True) == plain
        assert await uow.tickets.get("nobody") is None


@pytest.mark.parametrize("kind", [Package, HomePlan, Outcome, Needs, Form, Assessment])
def test_what_lies_in_json_comes_back_equal_whatever_it_holds(kind: type) -> None:
    @given(st.from_type(kind))
    def both_ways(value: Any) -> None:
        stored = to_json(value)
        assert from_json(kind, stored) == value
        assert from_json(kind, stored | {"of_a_later_release": 1}) == value

    both_ways()


def test_an_older_row_takes_the_defaults_and_a_naive_instant_is_refused() -> None:
    assert from_json(Needs, {"department": "CCU"}) == Needs("CCU")
    with pytest.raises(ValueError, match="naive"):
        to_json(Outcome(at=datetime(2026, 1, 1)))  # noqa: DTZ001 - the naive one is the point


async def test_the_next_version_is_stored_and_an_overtaken_one_refused(register: Database) -> None:
    moved = fresh("t9", version=4, state=S.RECEIVED)
    async with unit(register) as uow:
        await uow.tickets.add(fresh("t9"))
        await uow.tickets.save(moved)
    with pytest.raises(VersionMismatch) as refused:
        async with unit(register) as uow:
            await uow.tickets.save(replace(moved, question="?"))
    assert refused.value.current == 4
    async with unit(register, read=True) as uow:
        assert await uow.tickets.get("t9") == moved


async def test_a_second_ticket_on_its_way_is_refused_with_the_first(register: Database) -> None:
    """Lateral ones count with upward ones; whoever is refused may go on in the same transaction."""
    async with unit(register) as uow:
        await uow.tickets.add(fresh("a", department="CCU"))
        for second in (fresh("b", department="CCU"), fresh("c", department="CCU", direction=Direction.LATERAL)):
            with pytest.raises(DuplicateReferral) as refused:
                await uow.tickets.add(second)
            assert (refused.value.existing, refused.value.number) == ("a", "R-a")
        draft = fresh("d", department="CCU", state=S.DRAFT)
        await uow.tickets.add(draft)
        with pytest.raises(DuplicateReferral) as refused:
            await uow.tickets.save(replace(draft, state=S.SENT, version=4))
        assert refused.value.number == "R-a"
        await uow.tickets.add(fresh("e", department="神内"))
        await uow.tickets.add(fresh("f", department="CCU", patient_id="p2"))
        await uow.tickets.add(fresh("g", department="CCU", direction=Direction.DOWN, state=S.HANDED_OVER))
    async with unit(register, read=True) as uow:
        found = [await uow.tickets.live_of("p1", "CCU", way) for way in Direction]
        assert [ticket and ticket.id for ticket in found] == ["a", "g", "a"]
        assert await uow.tickets.get("d") == draft


@pytest.mark.parametrize("state", [*sorted(TERMINAL), S.DRAFT, S.DISCHARGED, S.OUTCOME_SENT, S.FIRST_VISIT_DONE])
async def test_whoever_is_not_on_the_way_may_be_sent_again(register: Database, state: TicketState) -> None:
    async with unit(register) as uow:
        await uow.tickets.add(fresh("a", department="CCU"))
        await uow.tickets.save(fresh("a", department="CCU", state=state, version=4))
        await uow.tickets.add(fresh("b", department="CCU"))


async def test_of_many_who_send_one_patient_at_once_one_does(register: Database) -> None:
    async def send(number: int) -> str:
        try:
            async with unit(register) as uow:
                await uow.tickets.add(fresh(f"s{number}", department="CCU"))
        except DuplicateReferral as refusal:
            return refusal.number
        return "sent"

    told = await asyncio.gather(*(send(number) for number in range(8)))
    (first,) = (number for number, answer in enumerate(told) if answer == "sent")
    assert sorted(told) == [f"R-s{first}"] * 7 + ["sent"]


async def test_who_waits_at_a_hospital_the_longest_first(register: Database) -> None:
    there = [
        fresh("w1", state=S.ACCEPTED, waiting_since=NOON),
        fresh("w2", state=S.INFO_NEEDED, waiting_since=NOON - HOUR),
        fresh("w3", state=S.EN_ROUTE, in_bay=True, waiting_since=NOON - 2 * HOUR),
        fresh("n1", state=S.EN_ROUTE),
        fresh("n2", state=S.DRAFT),
        fresh("n3", to_organization_id="T02"),
        fresh("n4", state=S.CANCELLED, in_bay=True),
        fresh("n5", direction=Direction.DOWN, state=S.SENT),
    ]
    async with unit(register) as uow:
        for ticket in there:
            await uow.tickets.add(ticket)
    async with unit(register, read=True) as uow:
        waiting = await uow.tickets.waiting_at("C01", "", NOON.date())
        assert [w.id for w in waiting if w.id not in {"t1", "t2", "t3"}] == ["w3", "w2", "w1"]
        assert [w.id for w in await uow.tickets.waiting_at("C01", "w1", NOON.date())] == ["w1"]
        assert {t.id for t in await uow.tickets.of_patient("p1")} == {"t1", *(t.id for t in there)}
        assert await uow.tickets.many(["w1", "n3", "nobody"]) == {"w1": there[0], "n3": there[5]}


async def test_a_waiting_ticket_shows_what_the_rule_looks_at(register: Database) -> None:
    needs = Needs("CCU", icu=True, devices=("ventilator",))
    there = fresh("w", needs=needs, travel_minutes=42, manual_rank=2, manual_reason="孕妇", waiting_since=NOON)
    poor = AssistanceCategory("poor", "脱贫户", "poor", True, date(2014, 1, 1))
    unseen = replace(person("p8", "某人"), provisional=True)
    async with unit(register) as uow:
        await uow.patients.put_category(poor)
        await uow.patients.add(replace(person("p9", "王某"), assistance=(Assistance("poor", date(2020, 1, 1)),)))
        await uow.patients.add(unseen)
        await uow.tickets.add(replace(there, patient_id="p9"))
        await uow.tickets.add(fresh("x", department="w", patient_id="p8", waiting_since=NOON + HOUR))
    async with unit(register, read=True) as uow:
        waiting = await uow.tickets.waiting_at("C01", "w", NOON.date())
        facts = await uow.neighbours.patients(["p8", "p9"], NOON.date())
    assert [(f.bed_priority, f.provisional) for f in (facts["p9"], facts["p8"])] == [(True, False), (False, True)]
    assert waiting[0] == Waiting("w", "R-w", S.SENT, there.level, "w", needs, 42, NOON, facts["p9"], 2, "孕妇")
    assert waiting[1].patient == facts["p8"], "both ways to know a patient agree"


ENDS: Sequence[tuple[Direction, dict[str, datetime], tuple[datetime | None, datetime | None]]] = [
    (Direction.UP, {"sent": NOON}, (None, None)),
    (Direction.UP, {"accepted": NOON, "bed-held": LATER}, (NOON, None)),
    (Direction.UP, {"accepted": NOON, "closed": LATER}, (NOON, LATER)),
    (Direction.UP, {"sent": NOON, "declined": LATER}, (None, LATER)),
    (Direction.DOWN, {"handed-over": NOON}, (None, None)),
    (Direction.DOWN, {"handed-over": NOON, "taken-over": LATER}, (LATER, None)),
]


@pytest.mark.parametrize(("direction", "timeline", "span"), ENDS)
async def test_the_row_says_since_when_the_receiver_answers_for_the_patient(
    register: Database, direction: Direction, timeline: Any, span: Any
) -> None:
    state = TicketState(list(timeline)[-1])
    async with unit(register) as uow:
        await uow.tickets.add(fresh("a", direction=direction, state=state, timeline=timeline))
        row = (await uow.connection.execute(sa.select(table).where(table.c.id == "a"))).one()
    assert (row.accepted_at, row.ended_at) == span


async def test_messages_and_rankings_are_kept_in_order(register: Database) -> None:
    lines = [Message(f"m{n}", "t1", NOON + n * HOUR, "u1", "T01", f"第 {n} 句") for n in (2, 1)]
    kept = [
        StoredRanking(f"r{n}", "t1", NOON + n * HOUR, n, None, "第一", "first", {"A": 20, "wait": 1.5}, 3)
        for n in (1, 2)
    ]
    async with unit(register) as uow:
        for line in lines:
            await uow.tickets.add_message(line)
        for ranking in kept:
            await uow.tickets.keep_ranking(ranking)
    async with unit(register, read=True) as uow:
        assert await uow.tickets.messages("t1") == lines[::-1]
        assert await uow.tickets.rankings("t1") == kept[::-1]
        assert (await uow.tickets.messages("t2"), await uow.tickets.rankings("t2")) == ([], [])


async def test_a_follow_up_comes_back_with_its_form(register: Database) -> None:
    opened = FollowUp("f1", FollowUpKind.VISIT, "p1", "t1", "T01", NOON + HOUR, NOON, Words("随访", "visit"))
    form = Form(date(2026, 11, 23), systolic=150, glucose=7.25, dangers=frozenset(), medicines=("氨氯地平",))
    done = replace(opened, done_at=NOON, done_by="lilan", form=form, version=2)
    done = replace(done, assessment=Assessment(controlled=False, urgent=False, next_due=date(2026, 12, 7)))
    other = replace(opened, id="f2", due_at=NOON, ticket_id=None)
    async with unit(register) as uow:
        await uow.follow_ups.add(opened)
        await uow.follow_ups.add(other)
        await uow.follow_ups.save(done)
    with pytest.raises(VersionMismatch):
        async with unit(register) as uow:
            await uow.follow_ups.save(done)
    async with unit(register, read=True) as uow:
        assert await uow.follow_ups.get("f1", lock=True) == done
        assert await uow.follow_ups.get("f9") is None
        assert await uow.follow_ups.of_patient("p1") == [done, other]
        assert await uow.follow_ups.of_ticket("t1") == [done]


async def test_the_register_of_outward_transfers_keeps_what_was_reviewed(register: Database) -> None:
    async with unit(register) as uow:
        await uow.outward.register("t1", "本县无此技术", NOON)
        await uow.outward.register("t1", "本县无此设备", LATER)
        assert await uow.outward.of("t1") == Outward("t1", "本县无此设备", NOON)
        await uow.outward.review("t1", approved=True, cause="急救", reason="同意", by="u1", now=LATER)
        await uow.outward.register("t1", "另一个", LATER)
        assert await uow.outward.of("t1") == Outward("t1", "急救", NOON, True, "同意", "u1", LATER)
        await uow.outward.review("t2", approved=False, cause="", reason="可在本县", by="u1", now=LATER)
        refused = await uow.outward.of("t2")
        assert refused is not None
        assert refused.approved is False
        assert await uow.outward.of("t3") is None


async def test_a_round_keeps_its_words_and_takes_signatures(register: Database) -> None:
    first, second = (Round(f"r{n}", "t1", NOON + n * HOUR, "平稳", {"systolic": 130}, "续用") for n in (1, 2))
    async with unit(register) as uow:
        await uow.rounds.add(second)
        await uow.rounds.add(first)
        await uow.rounds.save(replace(first, note="改过", hospital_signed_by="u1", township_signed_by="u2"))
        signed = replace(first, hospital_signed_by="u1", township_signed_by="u2")
        assert await uow.rounds.get("r1") == signed
        assert await uow.rounds.of("t1") == [signed, second]
        assert await uow.rounds.get("r9") is None


async def test_a_link_belongs_to_the_browser_that_opened_it_first(register: Database) -> None:
    link = PatientLink("d1", "card", "t1", NOON, "lilan", LATER)
    async with unit(register) as uow:
        await uow.patient_links.add(link)
        await uow.patient_links.add(replace(link, token_digest="d2", kind="outcome"))
        assert [await uow.patient_links.bind("d1", b) for b in ("b1", "b1", "b2")] == [True, True, False]
        assert [await uow.patient_links.count_try("d1") for _ in range(2)] == [1, 2]
        await uow.patient_links.revoke("t1", "card", NOON + HOUR)
        found = await uow.patient_links.get("d1")
        other = await uow.patient_links.get("d2")
        assert await uow.patient_links.get("d9") is None
    assert found == replace(link, browser_digest="b1", tries=2, revoked_at=NOON + HOUR)
    assert other is not None
    assert [found.opens(NOON), other.opens(NOON), other.opens(LATER)] == [False, True, False]
