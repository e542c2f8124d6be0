"""Where to: who has what is needed, has room and is near comes first, and each says why and how old that is."""

from dataclasses import replace
from datetime import timedelta

from referral.model import Level
from referral.targets import Place, Target, Wish, target_rules, targets
from tests.builders.tickets import MORNING

RULES = target_rules(0, {})
FRESH, OLD = MORNING - timedelta(minutes=20), MORNING - timedelta(hours=5)
C01 = Place("C01", "县人民医院", "county", ("心内", "CCU"), ("monitor",), icu=True, free=3, bay=True, minutes=42,
            confirmed_at=FRESH, on_duty=("赵宁",), phone="8888 0120")  # fmt: skip
M01 = Place("M01", "市中心医院", "higher", ("心内", "CCU", "心外"), ("monitor", "ecmo"), icu=True, isolation=True,
            free=8, bay=True, minutes=110, confirmed_at=FRESH)  # fmt: skip
T02 = Place("T02", "柳沟镇卫生院", "township", ("全科",), free=5, minutes=25, confirmed_at=FRESH)
WISH = Wish("T01", "心内", Level.III)


def offered(wish: Wish, *places: Place) -> list[str]:
    return [target.organization_id for target in targets(wish, places, RULES, now=MORNING)]


def first(wish: Wish, *places: Place) -> Target:
    return targets(wish, places, RULES, now=MORNING)[0]


def test_who_has_the_department_comes_before_who_is_near() -> None:
    assert offered(WISH, T02, M01, C01) == ["C01", "M01", "T02"]


def test_a_full_hospital_stands_behind_a_farther_one_with_a_bed_at_level_three() -> None:
    assert offered(WISH, replace(C01, free=0), M01) == ["M01", "C01"]
    assert offered(WISH, replace(C01, free=None), M01) == ["M01", "C01"], "unknown is no bed"


def test_at_level_one_the_emergency_bay_receives_and_the_nearest_is_first() -> None:
    full = first(replace(WISH, level=Level.I), M01, replace(C01, free=0))
    assert full.organization_id == "C01"
    assert "急诊抢救间接收" in full.reason.zh
    assert "emergency bay" in full.reason.en


def test_at_level_two_a_board_that_nobody_confirmed_is_no_bed() -> None:
    green = replace(WISH, level=Level.II)
    without_bay = replace(C01, bay=False)
    assert offered(green, replace(without_bay, confirmed_at=OLD), M01) == ["M01", "C01"]
    assert offered(green, without_bay, M01) == ["C01", "M01"]
    assert offered(WISH, replace(C01, confirmed_at=OLD), M01) == ["C01", "M01"], "at Ⅲ it is shown as old, no more"


def test_old_knowledge_is_shown_with_its_age() -> None:
    old = first(WISH, replace(C01, confirmed_at=OLD))
    assert (old.stale, old.age) == (True, timedelta(hours=5))
    assert "5 小时前" in old.reason.zh
    never = first(WISH, replace(C01, confirmed_at=None))
    assert (never.stale, never.age) == (True, None)
    assert "从未确认" in never.reason.zh
    assert not first(WISH, C01).stale


def test_the_reason_names_department_beds_minutes_and_who_is_on_duty() -> None:
    assert first(WISH, C01).reason.zh == "有心内，空床 3，42 分钟，值班：赵宁"
    assert first(WISH, C01).reason.en == "has 心内, 3 free, 42 min, on duty: 赵宁"


def test_what_is_lacking_is_named_and_the_place_still_offered_last() -> None:
    needy = replace(WISH, devices=("ecmo",), isolation=True)
    told = targets(needy, [C01, M01], RULES, now=MORNING)
    assert [target.organization_id for target in told] == ["M01", "C01"]
    assert told[1].lacking == ("ecmo", "isolation")


def test_the_sender_itself_is_never_offered_and_who_has_no_agreement_comes_later() -> None:
    assert offered(replace(WISH, from_organization_id="C01"), C01, M01) == ["M01"]
    assert offered(WISH, replace(C01, agreed=False), M01) == ["M01", "C01"]


def test_equal_places_go_to_the_lower_level_of_care_and_unknown_roads_last() -> None:
    near_city = replace(M01, minutes=42)
    assert offered(WISH, near_city, C01) == ["C01", "M01"]
    assert offered(WISH, replace(C01, minutes=None), M01) == ["M01", "C01"]


def test_nobody_reads_more_than_the_row_says() -> None:
    many = [replace(C01, organization_id=f"C{n:02}") for n in range(9)]
    assert len(targets(WISH, many, RULES, now=MORNING)) == 5
    assert len(targets(WISH, many, target_rules(1, {"most": 2}), now=MORNING)) == 2
