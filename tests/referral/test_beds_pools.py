"""Which bed a claim may have: pools, what does not suit, what the ward knows, lending, quota (domain.md 4 a-c)."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from referral.beds import (
    BedRules,
    Choice,
    Claim,
    House,
    bed_rules,
    candidates,
    chosen,
    quota,
    quota_now,
    repays,
    unfit,
)
from referral.errors import BedTaken, BedUnsuitable, NotEligible
from referral.model import Level, Needs, Pool
from referral.wards import Bed, BedNow
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
ONE_OF_EACH = free(RESERVED, GENERAL, EMERGENCY)
MINUTE = timedelta(minutes=1)


def offered(claim: Claim, beds: list[BedNow], rules: BedRules = RULES, house: House | None = None) -> list[str]:
    return [c.bed.bed.label for c in candidates(claim, beds, rules, now=NOW, house=house or House())]


@pytest.mark.parametrize(
    ("level", "poor", "pools"),
    [
        (Level.I, False, ["emergency", "general", "reserved"]),
        (Level.II, False, ["emergency", "general", "reserved"]),
        (Level.I, True, ["emergency", "reserved", "general"]),
        (Level.II, True, ["emergency", "reserved", "general"]),
        (Level.III, True, ["reserved", "general"]),
        (Level.IV, True, ["reserved", "general"]),
        (Level.III, False, ["general"]),
        (Level.IV, False, ["general"]),
    ],
)
def test_each_level_goes_through_the_pools_in_its_own_order(level: Level, pools: list[str], *, poor: bool) -> None:
    choices = candidates(a_claim("A", level, bed_priority=poor), ONE_OF_EACH, RULES, now=NOW)
    assert [c.pool.value for c in choices] == pools
    assert [c.override for c in choices] == [level.is_green and not poor and p == "reserved" for p in pools]


def test_an_unproven_category_uses_reserved_beds_without_a_debt() -> None:
    choice = candidates(a_claim("A", Level.II, provisional=True), free(RESERVED), RULES, now=NOW)[0]
    assert not choice.override
    lapsed = a_claim("A", Level.II, hours(30), provisional=True)
    assert candidates(lapsed, free(RESERVED), RULES, now=NOW)[0].override


@pytest.mark.parametrize(
    ("rule", "claim", "bed"),
    [
        ("department", a_claim("A", Level.III, needs=Needs("呼吸")), GENERAL),
        ("sex", a_claim("A", Level.III, sex="male"), woman_only("心内-09")),
        ("sex", a_claim("A", Level.III, sex=None), woman_only("心内-09")),
        ("isolation", a_claim("A", Level.III, needs=Needs(CARDIO, isolation=True)), GENERAL),
        ("monitor", a_claim("A", Level.III, needs=Needs(CARDIO, icu=True)), GENERAL),
        ("devices", a_claim("A", Level.III, needs=Needs(CARDIO, devices=("ventilator",))), GENERAL),
        ("age", a_claim("A", Level.III, needs=Needs("儿科"), age=15), a_bed("儿-1", department="儿科")),
        ("obstetric", a_claim("A", Level.III, needs=Needs("产科"), sex="male"), a_bed("产-1", department="产科")),
        ("department", a_claim("A", Level.III, needs=Needs("")), a_bed("产-1", department="产科")),
        ("bay", a_claim("A", Level.III), a_bay("抢救-1")),
        ("pool", a_claim("A", Level.III), RESERVED),
        ("pool", a_claim("A", Level.III, bed_priority=True), EMERGENCY),
        ("withdrawn", a_claim("A", Level.III), a_bed("心内-05", withdrawn_at=NOW)),
        ("state", a_claim("A", Level.III), a_bed("心内-05", blocked_at=NOW, blocked_reason="监护仪维修")),
        ("state", a_claim("A", Level.III), a_bed("心内-05", to_clean_since=NOW)),
    ],
)
def test_a_bed_that_does_not_suit_is_no_candidate_and_the_rule_is_named(rule: str, claim: Claim, bed: Bed) -> None:
    no = unfit(claim, BedNow(bed), RULES, now=NOW)
    assert no is not None
    assert no.rule == rule
    assert offered(claim, free(bed)) == []


def test_what_suits_is_offered() -> None:
    child = a_claim("A", Level.III, needs=Needs("儿科"), age=14)
    ventilated = a_claim("A", Level.III, needs=Needs(CARDIO, icu=True, devices=("monitor", "ventilator")))
    assert offered(child, free(a_bed("儿-1", department="儿科"))) == ["儿-1"]
    assert offered(ventilated, free(a_bed("心内-08", monitored=True, devices=("ventilator",)))) == ["心内-08"]
    infectious = a_claim("A", Level.III, needs=Needs(CARDIO, isolation=True))
    assert offered(infectious, free(a_bed("心内-08", isolation=True))) == ["心内-08"]
    assert offered(a_claim("A", Level.III, needs=Needs("")), free(GENERAL)) == ["心内-03"]
    assert offered(a_claim("A", Level.III), free(a_bed("心内-05", blocked_at=NOW, blocked_until=NOW))) == ["心内-05"]


def test_the_bed_that_wastes_least_comes_first_in_its_pool() -> None:
    isolating, monitored = a_bed("心内-01", isolation=True), a_bed("心内-02", monitored=True, devices=("oxygen",))
    both, women = a_bed("心内-03"), woman_only("心内-09")
    beds = free(isolating, monitored, both, women)
    assert offered(a_claim("A", Level.III), beds) == ["心内-09", "心内-03", "心内-01", "心内-02"]


def test_an_occupied_bed_is_no_candidate_and_taken_when_named() -> None:
    taken = occupied(GENERAL)
    assert offered(a_claim("A", Level.I), [taken]) == []
    with pytest.raises(BedTaken):
        chosen(a_claim("A", Level.I), taken, RULES, now=NOW)


def test_a_bed_that_a_person_names_is_refused_by_what_is_wrong_with_it() -> None:
    plain, man = a_claim("A", Level.III), a_claim("B", Level.III, sex="male")
    with pytest.raises(NotEligible):
        chosen(plain, BedNow(RESERVED), RULES, now=NOW)
    with pytest.raises(BedUnsuitable) as unsuitable:
        chosen(man, BedNow(woman_only("心内-09")), RULES, now=NOW)
    assert (unsuitable.value.rule, unsuitable.value.zh) == ("sex", "心内-09 限女")
    with pytest.raises(BedTaken) as taken:
        chosen(plain, held(GENERAL, Level.IV, until=hours(2)), RULES, now=NOW)
    assert taken.value.until == (NOW + hours(2)).isoformat()
    with pytest.raises(BedUnsuitable, match="待清洁"):
        chosen(plain, BedNow(a_bed("心内-06", to_clean_since=NOW)), RULES, now=NOW)
    assert chosen(plain, BedNow(GENERAL), RULES, now=NOW).pool is Pool.GENERAL


def test_the_green_channel_takes_a_bed_of_an_old_board_last_and_says_so() -> None:
    old = a_bed("CCU-01", Pool.EMERGENCY, ward_id="old")
    house = House("county", {"old": NOW - hours(3) - MINUTE, GENERAL.ward_id: NOW})
    choices = candidates(a_claim("A", Level.I), free(old, GENERAL), RULES, now=NOW, house=house)
    assert [(c.bed.bed.label, c.stale) for c in choices] == [("心内-03", False), ("CCU-01", True)]
    assert choices[1].sentence.zh.endswith("床位 3 时 1 分前确认，先打电话核实")
    never = House("county", {})
    assert candidates(a_claim("A", Level.I), free(old), RULES, now=NOW, house=never)[0].sentence.zh.endswith(
        "病区没有确认过床位，先打电话核实"
    )


def test_for_the_others_the_pool_comes_before_the_age_of_the_board() -> None:
    house = House("county", {"old": NOW - hours(2) - MINUTE, GENERAL.ward_id: NOW - hours(2)})
    old_reserved, old_general = a_bed("1", Pool.RESERVED, ward_id="old"), a_bed("2", ward_id="old")
    poor = a_claim("A", Level.III, bed_priority=True)
    assert offered(poor, free(old_general, GENERAL, old_reserved), house=house) == ["1", "心内-03", "2"]


@pytest.mark.parametrize(
    ("kind", "reserved", "lent"), [("township", 1, 0), ("township", 2, 2), ("county", 2, 0), ("county", 3, 3)]
)
def test_lending_leaves_one_free_in_a_township_and_two_in_the_county(kind: str, reserved: int, lent: int) -> None:
    beds = free(*(a_bed(f"优-{n}", Pool.RESERVED) for n in range(reserved)))
    claim, lending = a_claim("A", Level.III), bed_rules(8, {"lending": True})
    found = candidates(claim, beds, lending, now=NOW, house=House(kind))
    assert len(found) == lent
    assert all(c.lent_until == NOW + hours(24) and not c.override for c in found)
    assert offered(claim, beds) == []  # off by default
    queue = [a_claim(f"T{n}", Level.IV) for n in range(4)]
    loans = [p for p in placed(queue, beds, lending, house=House(kind)).values() if isinstance(p, Choice)]
    assert len(loans) == max(0, reserved - {"township": 1, "county": 2}[kind])


def test_a_loan_is_taken_only_when_no_general_bed_is_left_and_says_when_it_is_back() -> None:
    beds = free(GENERAL, *(a_bed(f"优-{n}", Pool.RESERVED) for n in range(3)))
    lending = bed_rules(8, {"lending": True})
    choices = candidates(a_claim("A", Level.III), beds, lending, now=NOW)
    assert [c.bed.bed.label for c in choices] == ["心内-03", "优-0", "优-1", "优-2"]
    assert choices[1].sentence.zh == "优-0：优先床暂借，24 时内还；留 2 时"


@pytest.mark.parametrize(
    ("total", "kind", "reserved"),
    [
        (312, "county", 16), (300, "county", 15), (301, "county", 16), (99, "county", 5), (100, "county", 5),
        (0, "county", 0), (40, "township", 2), (30, "township", 2), (41, "township", 3),
        (500, "higher", 25), (6, "village", 0),
    ],
)  # fmt: skip
def test_five_in_a_hundred_rounded_up_and_two_in_a_township(total: int, kind: str, reserved: int) -> None:
    assert quota(total, kind, RULES) == reserved


def test_withdrawn_beds_and_bays_are_not_in_the_base_and_the_gap_is_told() -> None:
    beds = [
        *free(*(a_bed(str(n)) for n in range(100)), a_bay("抢救-1"), a_bed("x", withdrawn_at=NOW)),
        BedNow(RESERVED),
    ]
    beds += [held(a_bed("优-2", Pool.RESERVED), Level.III), occupied(a_bed("优-3", Pool.RESERVED))]
    now = quota_now(beds, "county", RULES, now=NOW, debt=1)
    assert (now.total, now.wanted, now.reserved, now.gap, now.debt) == (103, 6, 3, 3, 1)
    assert (now.free, now.held, now.occupied) == (1, 1, 1)


@pytest.mark.parametrize(
    ("debt", "bed", "pays"),
    [
        (1, GENERAL, True),
        (0, GENERAL, False),
        (1, RESERVED, False),
        (1, EMERGENCY, False),
        (1, a_bay("抢救-1"), False),
        (1, a_bed("心内-05", withdrawn_at=NOW), False),
    ],
)
def test_a_freed_general_bed_pays_a_debt_and_no_other_does(debt: int, bed: Bed, *, pays: bool) -> None:
    assert repays(debt, bed) is pays


@settings(max_examples=60, deadline=None)
@given(st.lists(st.booleans(), max_size=12))
def test_the_debt_always_returns_to_zero(comes: list[bool]) -> None:
    """Emergencies take reserved beds (True) and general beds are freed (False), in any order."""
    board = [a_bed(f"优-{n}", Pool.RESERVED) for n in range(12)]
    general = [a_bed(f"普-{n}") for n in range(24)]
    debt = owed = paid = 0
    for an_emergency in [*comes, *[False] * len(comes)]:
        if an_emergency:
            choice = candidates(a_claim("A", Level.I), free(*board), RULES, now=NOW)[0]
            board.remove(choice.bed.bed)
            debt, owed = debt + choice.override, owed + choice.override
        else:
            freed = general.pop()
            if repays(debt, freed):
                board.append(replace(freed, pool=Pool.RESERVED))
                debt, paid = debt - 1, paid + 1
        assert debt == owed - paid >= 0
    assert debt == 0
    assert len(board) == 12
