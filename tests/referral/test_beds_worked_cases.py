"""The worked cases E1–E9 of the rule of the beds, with the figures of their table (domain.md 4)."""

from dataclasses import replace
from datetime import timedelta

from referral.beds import (
    Alternative,
    Choice,
    Claim,
    Ranked,
    Reception,
    Waiting,
    candidates,
    chosen,
    pre_emptable,
    rank,
    repays,
)
from referral.model import Level, Pool
from tests.builders.bed_queue import NOW, RULES, a_bay, a_bed, a_claim, free, held, hours, placed

GENERAL, RESERVED = a_bed("心内-03"), a_bed("心内-11", Pool.RESERVED)


def order(*claims: Claim) -> list[Ranked]:
    return rank(claims, RULES, now=NOW)


def parts(ranked: Ranked) -> tuple[int, int, int, int]:
    return ranked.score, ranked.ageing, ranked.priority, ranked.distance


def taken(place: object) -> str:
    assert isinstance(place, Choice)
    return place.bed.bed.label


def test_e1_level_two_goes_before_level_three_whatever_the_scores() -> None:
    a = a_claim("A", Level.II, timedelta(minutes=5), travel=20)
    b = a_claim("B", Level.III, hours(20), travel=90, bed_priority=True)
    first, second = order(b, a)
    assert (first.claim, second.claim) == (a, b)
    assert parts(second) == (55, 33, 15, 7)
    assert first.score < second.score
    assert taken(placed([a, b], free(GENERAL))["A"]) == "心内-03"


def test_e2_a_reserved_bed_is_not_for_an_overdue_ticket_without_priority() -> None:
    a = a_claim("A", Level.III, hours(30))
    b = a_claim("B", Level.IV, hours(10), bed_priority=True)
    places = placed([a, b], free(RESERVED))
    assert taken(places["B"]) == "心内-11"
    assert isinstance(places["A"], Waiting)
    assert places["A"].ranked.overdue
    assert places["A"].reason.zh == "心内没有空的普通床，优先床只给优先床类别，空着也留"


def test_e2_once_triaged_to_level_two_it_takes_the_reserved_bed_and_a_bed_is_owed() -> None:
    a = a_claim("A", Level.II, hours(30))
    b = a_claim("B", Level.IV, hours(10), bed_priority=True)
    places = placed([a, b], free(RESERVED))
    assert isinstance(places["A"], Choice)
    assert places["A"].override
    assert isinstance(places["B"], Waiting)


def test_e3_shock_takes_the_reserved_bed_and_the_next_general_bed_pays_it_back() -> None:
    a = a_claim("A", Level.I)
    b = a_claim("B", Level.III, hours(3), bed_priority=True)
    places = placed([b, a], free(RESERVED))
    assert isinstance(places["A"], Choice)
    assert places["A"].override
    assert places["A"].sentence.zh == "心内-11：优先床让给Ⅰ级急救，下一张普通床还回；留 2 时"
    assert isinstance(places["B"], Waiting)
    assert repays(1, GENERAL)
    relabelled = replace(GENERAL, pool=Pool.RESERVED)
    assert not repays(0, relabelled)
    assert taken(placed([b], free(relabelled))["B"]) == "心内-03"
    assert not candidates(replace(b, bed_priority=False), free(relabelled), RULES, now=NOW)


def test_e4_thirty_points_go_before_twenty_two_and_after_thirty_two() -> None:
    a = a_claim("A", Level.III, hours(12), travel=24)
    b = a_claim("B", Level.III, hours(6), travel=60, bed_priority=True)
    first, second = order(a, b)
    assert (first.claim, parts(first)) == (b, (30, 10, 15, 5))
    assert (second.claim, parts(second)) == (a, (22, 20, 0, 2))
    assert first.sentence.zh == "Ⅲ级，30 分：等待 10，优先床类别 15，路程 5"
    assert second.sentence.zh == "Ⅲ级，22 分：等待 20，路程 2"
    later = a_claim("A", Level.III, hours(18), travel=24)
    assert [(r.claim.ticket_id, r.score) for r in order(b, later)] == [("A", 32), ("B", 30)]


def test_e5_of_two_with_forty_one_points_the_overdue_one_goes_first() -> None:
    a = a_claim("A", Level.III, hours(25), travel=12)
    b = a_claim("B", Level.III, hours(10), travel=120, bed_priority=True)
    first, second = order(b, a)
    assert (first.claim, first.score, first.overdue) == (a, 41, True)
    assert (second.claim, second.score, second.overdue) == (b, 41, False)
    assert first.sentence.zh == "Ⅲ级里最先：已等 25 时，超过 24 时目标"
    assert first.sentence.en == "First of level Ⅲ: waited 25 h, target 24 h"


def test_e6_at_level_two_poverty_gives_no_points() -> None:
    a = a_claim("A", Level.II, timedelta(minutes=30), travel=24)
    b = a_claim("B", Level.II, timedelta(minutes=20), travel=24, bed_priority=True)
    first, second = order(b, a)
    assert (first.claim, parts(first)) == (a, (12, 10, 0, 2))
    assert (second.claim, parts(second)) == (b, (8, 6, 0, 2))


def test_e7_twenty_hours_are_inside_the_bounded_favour_of_level_four() -> None:
    a = a_claim("A", Level.IV, hours(60))
    b = a_claim("B", Level.IV, hours(40), travel=24, bed_priority=True)
    first, second = order(a, b)
    assert (first.claim, parts(first)) == (b, (39, 22, 15, 2))
    assert (second.claim, parts(second)) == (a, (33, 33, 0, 0))
    assert first.sentence.zh == "Ⅳ级，39 分：等待 22，优先床类别 15，路程 2"
    assert second.sentence.zh == "Ⅳ级，33 分：等待 33"


def test_e8_without_any_bed_level_one_is_received_now_and_waits_on_no_list() -> None:
    a = a_claim("A", Level.I, travel=42, bed_priority=True)
    city = Alternative("M01", "市中心医院", 68, free=2)
    place = placed([a], free(a_bay("抢救-1")), alternatives=[city])["A"]
    assert isinstance(place, Reception)
    assert place.bay is not None
    assert place.sentence.zh == "Ⅰ级现在就收：先到急诊抢救位 抢救-1，不排队等床；备选：市中心医院（68 分钟，空 2）"
    nowhere = placed([a], [], alternatives=[city])["A"]
    assert isinstance(nowhere, Reception)
    assert nowhere.bay is None
    assert nowhere.sentence.zh.startswith("Ⅰ级现在就收：先到急诊抢救位，不排队等床")


def test_e9_level_one_takes_a_hold_of_level_three_on_the_road_who_keeps_her_time() -> None:
    bumped = a_claim("T-心内-11", Level.III, hours(9), bed_priority=True)
    shock = a_claim("A", Level.I)
    kept = held(RESERVED, Level.III, en_route=True)
    proposal = pre_emptable(shock, [kept], RULES, now=NOW)
    assert proposal is kept
    taken_back = chosen(shock, replace(kept, hold=None), RULES, now=NOW)
    assert taken_back.override
    assert order(bumped)[0].wait == hours(9)
    assert taken(placed([bumped], free(a_bed("心内-12", Pool.RESERVED)))[bumped.ticket_id]) == "心内-12"
