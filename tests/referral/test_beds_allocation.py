"""A whole queue before a whole board, and the sentences that a family could be shown (domain.md 4 f, g)."""

import json
from datetime import datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from referral.beds import (
    Alternative,
    BedRules,
    Choice,
    Claim,
    Reception,
    Waiting,
    bed_rules,
    explain,
    pool_order,
    rank,
    unfit,
)
from referral.model import BedKind, Level, Needs, Pool, SexRule
from referral.wards import BedNow
from tests.builders.bed_queue import (
    CARDIO,
    NOW,
    RULES,
    a_bay,
    a_bed,
    a_claim,
    free,
    held,
    hours,
    occupied,
    placed,
    woman_only,
)

GENERAL, RESERVED = a_bed("心内-03"), a_bed("心内-11", Pool.RESERVED)
EMERGENCY = a_bed("心内-01", Pool.EMERGENCY)
MINUTE = timedelta(minutes=1)


@st.composite
def boards(draw: st.DrawFn) -> list[BedNow]:
    beds = []
    for number in range(draw(st.integers(0, 8))):
        bed = a_bed(
            f"床-{number}",
            draw(st.sampled_from(list(Pool))),
            department=draw(st.sampled_from([CARDIO, "呼吸"])),
            sex=draw(st.sampled_from(list(SexRule))),
            isolation=draw(st.booleans()),
            kind=draw(st.sampled_from([BedKind.BED] * 4 + [BedKind.BAY])),
            to_clean_since=draw(st.sampled_from([None, None, None, NOW])),
            blocked_at=draw(st.sampled_from([None, None, None, NOW])),
        )
        stands = draw(st.sampled_from(["free", "free", "free", "held", "occupied"]))
        on_it = (
            held(bed, draw(st.sampled_from(list(Level)))) if stands == "held" else occupied(bed, NOW + hours(number))
        )
        beds.append(BedNow(bed) if stands == "free" else on_it)
    return beds


@st.composite
def queues(draw: st.DrawFn) -> list[Claim]:
    return [
        a_claim(
            f"T{number}",
            draw(st.sampled_from(list(Level))),
            draw(st.integers(0, 100)) * hours(1),
            bed_priority=draw(st.booleans()),
            needs=Needs(draw(st.sampled_from([CARDIO, "呼吸"])), isolation=draw(st.booleans())),
            sex=draw(st.sampled_from(["male", "female", "unknown"])),
        )
        for number in range(draw(st.integers(0, 8)))
    ]


@settings(max_examples=200, deadline=None)
@given(claims=queues(), beds=boards(), lending=st.booleans())
def test_whoever_stands_first_is_served_first_and_nothing_is_given_twice(
    claims: list[Claim], beds: list[BedNow], *, lending: bool
) -> None:
    rules = bed_rules(9, {"lending": lending})
    places = placed(claims, beds, rules)
    given_beds = [p.bed.bed.id for p in places.values() if isinstance(p, Choice)]
    bays = [p.bay.id for p in places.values() if isinstance(p, Reception) and p.bay is not None]
    holds = [p.pre_emption.bed.id for p in places.values() if isinstance(p, Reception) and p.pre_emption is not None]
    for given_once in (given_beds + bays, holds):
        assert len(given_once) == len(set(given_once))
    still_free = [b for b in beds if b.bed.id not in given_beds]
    for ranked in rank(claims, rules, now=NOW):
        place = places[ranked.claim.ticket_id]
        if isinstance(place, Choice):
            _is_lawful(place, lending=lending)
            continue
        assert isinstance(place, Reception) is ranked.claim.level.is_green
        later = [
            p.bed for p in places.values() if isinstance(p, Choice) and _stands_after(p, ranked.position, claims, rules)
        ]
        for bed in [b for b in still_free if b.bed.kind is BedKind.BED] + later:
            assert unfit(ranked.claim, bed, rules, now=NOW) is not None


def _is_lawful(choice: Choice, *, lending: bool) -> None:
    claim, bed = choice.claim, choice.bed.bed
    assert bed.kind is BedKind.BED
    assert choice.bed.state(NOW).value == "available"
    assert bed.department == claim.needs.department
    assert bed.isolation or not claim.needs.isolation
    assert bed.sex.value in {"both", claim.sex}
    if not claim.level.is_green:
        assert bed.pool is not Pool.EMERGENCY
        assert bed.pool is Pool.GENERAL or claim.bed_priority or (lending and choice.lent_until is not None)
    assert choice.override is (claim.level.is_green and bed.pool is Pool.RESERVED and not claim.bed_priority)


def _stands_after(choice: Choice, position: int, claims: list[Claim], rules: BedRules) -> bool:
    own = next(r.position for r in rank(claims, rules, now=NOW) if r.claim.ticket_id == choice.claim.ticket_id)
    return own > position


def test_who_waits_is_told_where_why_and_when_and_later_ones_get_the_later_bed() -> None:
    tomorrow = datetime(2026, 11, 24, 2, 0, tzinfo=NOW.tzinfo)
    beds = [
        occupied(a_bed("心内-07"), tomorrow),
        occupied(a_bed("心内-01"), NOW + hours(2)),
        occupied(a_bed("心内-02")),
    ]
    beds += [occupied(a_bed("优-1", Pool.RESERVED), NOW + hours(1)), occupied(a_bed("呼吸-1", department="呼吸"), NOW)]
    places = placed([a_claim(f"T{n}", Level.III, hours(9 - n)) for n in range(3)], beds)
    waiting = [p for p in places.values() if isinstance(p, Waiting)]
    assert [(w.position, w.estimate) for w in waiting] == [(1, NOW + hours(2)), (2, tomorrow), (3, None)]
    assert waiting[0].sentence.zh == "心内没有空床；排第 1，预计 10:37 有床；Ⅲ级，15 分：等待 15"
    assert waiting[1].sentence.zh == "心内没有空床；排第 2，预计 11-24 10:00 有床；Ⅲ级，13 分：等待 13"
    assert waiting[2].sentence.zh == "心内没有空床；排第 3，还没有预计时间；Ⅲ级，11 分：等待 11"


def test_who_waits_beside_a_free_bed_is_told_why_it_is_not_hers() -> None:
    man = a_claim("A", Level.III, sex="male")
    waiting = placed([man], free(woman_only("心内-09")))["A"]
    assert isinstance(waiting, Waiting)
    assert waiting.reason.zh == "心内空着的床不合适：心内-09 限女"


def test_an_end_that_is_past_is_expected_now() -> None:
    waiting = placed([a_claim("A", Level.III)], [occupied(GENERAL, NOW - hours(5))])["A"]
    assert isinstance(waiting, Waiting)
    assert waiting.estimate == NOW


def test_two_dying_patients_get_two_bays_and_two_holds_and_a_third_is_received_all_the_same() -> None:
    beds = [*free(a_bay("抢救-2"), a_bay("抢救-1")), held(GENERAL, Level.III)]
    places = placed([a_claim(name, Level.I) for name in "ABC"], beds)
    found = [p for p in places.values() if isinstance(p, Reception)]
    assert [p.bay.label if p.bay else None for p in found] == ["抢救-1", "抢救-2", None]
    assert [p.pre_emption is not None for p in found] == [True, False, False]
    assert found[0].sentence.zh == "Ⅰ级现在就收：先到急诊抢救位 抢救-1，不排队等床；可收回已留的 心内-03，由人确认"


def test_every_answer_explains_itself_with_inputs_that_can_be_stored_and_the_version_of_the_rule() -> None:
    claims = [a_claim("A", Level.I, travel=42), a_claim("B", Level.III, hours(6), travel=60, bed_priority=True)]
    claims += [a_claim("C", Level.IV), a_claim("D", Level.II)]
    places = placed(claims, free(EMERGENCY, GENERAL, RESERVED), alternatives=[Alternative("M01", "市中心医院", 68)])
    ranked = rank(claims, RULES, now=NOW)
    answers = [explain(answer) for answer in (*ranked, *places.values())]
    for answer in answers:
        assert answer.zh
        assert answer.en.isprintable()
        assert answer.rule_version == 7
        assert json.loads(json.dumps(dict(answer.inputs))) == answer.inputs
    b = places["B"]
    assert isinstance(b, Choice)
    joined = explain(ranked[2], b)
    assert joined.zh == (
        "Ⅲ级，30 分：等待 10，优先床类别 15，路程 5；心内-11：优先床，优先床类别可用，科室、性别、设备合适；留 3 时"
    )
    assert joined.inputs["position"] == 3
    assert joined.inputs["pools"] == [pool.value for pool in pool_order(claims[1], RULES, NOW)]


def test_the_printed_sum_is_that_of_its_parts() -> None:
    ranked = rank([a_claim("A", Level.III, hours(6), travel=60, bed_priority=True)], RULES, now=NOW)[0]
    zh, en = ranked.explanation.zh, ranked.explanation.en
    assert zh == "Ⅲ级，30 分：等待 10，优先床类别 15，路程 5"
    assert en == "Level Ⅲ, 30 points: waiting 10, priority category 15, road 5"


def test_nothing_but_the_levels_word_is_said_of_level_one() -> None:
    ranked = rank([a_claim("A", Level.I, travel=42, bed_priority=True)], RULES, now=NOW)[0]
    assert ranked.sentence.zh == "Ⅰ级濒危：立即，排在所有 Ⅱ–Ⅳ 级之前，救助类别不计分；路程 3"
    assert ranked.score == 3


@pytest.mark.parametrize(
    ("waited", "words"),
    [
        (hours(2) + timedelta(seconds=1), "Ⅱ级里最先：已等 2 时 1 分，超过 2 时目标"),
        (hours(2) + 59 * MINUTE + timedelta(seconds=1), "Ⅱ级里最先：已等 3 时，超过 2 时目标"),
        (hours(5) + 30 * MINUTE, "Ⅱ级里最先：已等 5 时，超过 2 时目标"),
    ],
)
def test_an_overdue_wait_is_told_to_the_minute_in_its_first_hour(waited: timedelta, words: str) -> None:
    assert rank([a_claim("A", Level.II, waited)], RULES, now=NOW)[0].sentence.zh == words


def test_the_second_overdue_ticket_is_not_called_the_first() -> None:
    ranked = rank([a_claim("A", Level.III, hours(30)), a_claim("B", Level.III, hours(26))], RULES, now=NOW)
    assert ranked[1].sentence.zh == "Ⅲ级里先于未超时的：已等 26 时，超过 24 时目标"
