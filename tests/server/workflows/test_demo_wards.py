"""The demo county has the wards and beds of the bed board's pictures, its roads, and the general rules."""

import tomllib
from collections import Counter
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from referral import beds, follow_up, guide, pathways, targets
from referral import rules as referral_rules
from server.db.tables.schema import metadata
from server.workflows import demo, demo_wards
from tests.builders.reading_house import House

COUNTY: dict[str, Any] = tomllib.loads(demo.COUNTY.read_text(encoding="utf-8"))
EIGHT = datetime(2026, 11, 23, tzinfo=UTC)  # 08:00 in the county
LABELS = ("free", "cleaning", "reserved", "bed")
# What f1-beds draws, before anything is held: in the picture CCU-03, 心内-12, 呼吸-02 and 呼吸-08 are promised.
FREE = {
    "急诊": {"抢救-1": "both", "留观-1": "both"},
    "CCU": {"CCU-03": "both"},
    "心内": {"心内-03": "both", "心内-09": "female", "心内-12": "both"},
    "呼吸": {"呼吸-02": "both", "呼吸-06": "male", "呼吸-08": "both"},
    "神内": {"神内-01": "both", "神内-04": "both", "神内-07": "female"},
    "骨科": {"骨科-02": "both", "骨科-03": "both", "骨科-06": "both", "骨科-08": "male"},
}
OTHERS = {
    "急诊": ["occupied"],
    "CCU": ["occupied", "occupied", "to-clean", "blocked"],
    "心内": ["occupied"] * 12 + ["to-clean"],
    "呼吸": ["occupied"] * 4 + ["blocked"],
    "神内": ["occupied"] * 5,
    "骨科": ["occupied"] * 3 + ["to-clean"],
}
RESERVED_IN_THE_PICTURE = {"心内-11", "心内-12", "呼吸-02", "神内-08", "骨科-06"}


async def board(house: House, who: str = "zhoumin", query: str = "") -> dict[str, Any]:
    answer = await house.call(who, "GET", f"/api/v1/beds{query}")
    assert answer.status == 200, answer.body
    body: dict[str, Any] = answer.body
    return body


async def test_each_house_has_its_beds_and_reserves_as_many_as_the_rule_asks(house: House) -> None:
    sizes = {"zhoumin": (312, 16), "lilan": (40, 2), "helin": (30, 2), "shizhuan": (60, 3)}
    for who, (total, wanted) in sizes.items():
        quota = (await board(house, who))["quota"]
        assert (quota["total"], quota["wanted"], quota["reserved"], quota["gap"]) == (total, wanted, wanted, 0)
        assert (quota["held"], quota["debt"]) == (0, 0)
    county = (await board(house))["quota"]
    assert (county["occupied"], county["free"]) == (11, 5), "of the free ones two are promised in the picture"


async def test_the_county_hospital_stands_as_the_picture_counts_it(either_house: House) -> None:
    page = await board(either_house)
    counted = Counter(bed["state"] for bed in page["items"] if bed["kind"] == "bed")
    assert counted == {"available": 29, "occupied": 268, "to-clean": 9, "blocked": 6}, "the five held ones are free"
    assert [(soon["label"], soon["at"][11:16]) for soon in page["soon"][:3]] == [
        ("心内-01", "03:00"), ("心内-07", "06:00"), ("呼吸-01", "08:00"),
    ]  # fmt: skip


async def test_the_wards_of_the_picture_are_drawn_bed_by_bed(house: House) -> None:
    for department, free in FREE.items():
        items = (await board(house, query=f"?department={department}"))["items"]
        assert {b["label"]: b["sex"] for b in items if b["state"] == "available"} == free
        assert sorted(b["state"] for b in items if b["state"] != "available") == sorted(OTHERS[department])
        assert {b["kind"] for b in items} == {"bay" if department == "急诊" else "bed"}
        wanted = {label for label in RESERVED_IN_THE_PICTURE if label.startswith(department)}
        assert {b["label"] for b in items if b["pool"] == "reserved"} == wanted


async def test_a_bed_shows_what_it_has_and_who_lies_in_it(house: House) -> None:
    beds_now = {bed["id"]: bed for bed in (await board(house))["items"]}
    ccu, blocked, isolation = (beds_now[f"C01.{label}"] for label in ("CCU-03", "CCU-05", "呼吸-04"))
    assert (ccu["ward_id"], ccu["pool"], ccu["monitored"]) == ("C01.CCU", "emergency", True)
    assert set(ccu["devices"]) == {"monitor", "ventilator", "oxygen"}
    assert blocked["blocked_reason"] == "监护仪维修"
    assert (isolation["state"], isolation["isolation"]) == ("blocked", True)
    assert beds_now["C01.神内-01"]["monitored"]
    assert beds_now["C01.呼吸-06"]["devices"] == ["oxygen"]
    first = beds_now["C01.CCU-01"]["occupancy"]
    assert (first["label"], first["sex"], first["expected_end_at"]) == ("丁*福", "male", "2026-11-24T02:00:00Z")
    assert beds_now["C01.抢救-2"]["occupancy"]["since"] == "2026-11-22T23:52:00Z"
    assert beds_now["C01.CCU-04"]["to_clean_since"] == "2026-11-22T23:42:00Z"
    assert beds_now["C01.骨科-01"]["occupancy"]["expected_end_at"] is None, "he waits to be referred down"


async def test_nobody_lies_in_a_bed_that_is_not_for_her(house: House) -> None:
    for who in ("zhoumin", "lilan", "helin", "shizhuan"):
        items = (await board(house, who))["items"]
        lying = [bed for bed in items if bed["occupancy"]]
        assert all("*" in b["occupancy"]["label"] or b["occupancy"]["label"] == "无名" for b in lying)
        assert not [b["label"] for b in lying if b["sex"] not in {"both", b["occupancy"]["sex"]}]


async def test_only_the_respiratory_ward_was_not_confirmed_lately(house: House) -> None:
    wards = (await board(house))["wards"]
    assert [ward["id"] for ward in wards if ward["stale"]] == ["C01.呼吸"]
    (old,) = [ward for ward in wards if ward["stale"]]
    assert old["confirmed_at"] == "2026-11-22T21:00:00Z", "three hours ago"
    assert all(ward["phone"] for ward in wards)


async def test_the_monitored_beds_of_the_next_hospital_are_free_for_the_county(house: House) -> None:
    page = await board(house, query="?org=M01&department=CCU&state=available")
    assert [bed["id"] for bed in page["items"]] == ["M01.CCU-03", "M01.CCU-06"]
    async with house.hub.unit_of_work(read=True) as uow:
        wards = {ward.id: ward for ward in await uow.board.wards()}
    assert all("PCI" in wards[f"{place}.CCU"].capabilities for place in ("C01", "M01"))


async def test_the_roads_are_written_down(house: House) -> None:
    roads = {
        ("T01", "C01"): 42, ("T02", "C01"): 50, ("C01", "M01"): 68, ("V0101", "T01"): 15, ("V0101", "C01"): 57,
        ("T01", "M01"): 110, ("M01", "T02"): 118, ("T01", "T02"): None,
    }  # fmt: skip
    async with house.hub.unit_of_work(read=True) as uow:
        assert {road: await uow.neighbours.travel_minutes(*road) for road in roads} == roads


async def test_every_installation_has_version_one_of_every_rule_as_its_module_says_it(house: House) -> None:
    readers: dict[str, tuple[Any, Any]] = {
        referral_rules.REFERRAL: (referral_rules.referral_rules, referral_rules.DEFAULTS),
        beds.BED_PRIORITY: (beds.bed_rules, beds.DEFAULTS),
        guide.GUIDE: (guide.guide_of, guide.DEFAULTS),
        pathways.PATHWAYS: (pathways.pathway_rules, pathways.DEFAULTS),
        targets.TARGETS: (targets.target_rules, targets.DEFAULTS),
        follow_up.FOLLOW_UP: (follow_up.follow_up_rules, follow_up.DEFAULTS),
    }
    async with house.hub.unit_of_work(read=True) as uow:
        for kind, (read, defaults) in readers.items():
            version, row = await uow.ledger.rule(kind, "elsewhere", house.clock.at) or (0, {})
            assert version == 1, kind
            assert read(1, row) == read(1, defaults), kind


async def test_a_second_start_changes_nothing_of_the_county(house: House) -> None:
    before = await everything(house)
    house.clock.at += timedelta(hours=1)
    await demo.seed_installation(house.hub)
    await demo.seed_demo(house.hub)
    assert await everything(house) == before
    assert len(before["beds"]) == 312 + 40 + 30 + 60 + 4, "with the bays"


async def everything(house: House) -> dict[str, list[str]]:
    """Return every row of every table, but when the hub looks for ownerless items next: each start begins that anew."""
    async with house.hub.unit_of_work(read=True) as uow:
        return {
            name: sorted(repr(tuple(r)) for r in await uow.connection.execute(sa.select(table)) if r[0] != "watch")
            for name, table in metadata.tables.items()
        }


async def test_who_lay_there_before_leaves_nothing_to_be_done(house: House) -> None:
    async with house.hub.unit_of_work(read=True) as uow:
        assert await uow.outbox.owed(EIGHT, EIGHT, limit=1) == []
        assert await uow.ledger.open_tasks(organization_ids=["C01"], roles=["ward-nurse"]) == []
        assert await uow.board.quota_debt("C01") == 0


@pytest.mark.parametrize("row", COUNTY["wards"], ids=lambda row: f"{row['organization']}.{row['ward']}")
def test_every_bed_that_the_file_names_is_one_of_its_ward(row: dict[str, Any]) -> None:
    plan = demo_wards.plan_of({**COUNTY, "wards": [row]}, EIGHT)
    named = {label for word in LABELS for label in row.get(word, ())}
    assert named <= {bed.label for bed in plan.beds}


@pytest.mark.parametrize("hour", [0, 3, 9, 15, 23])
def test_nobody_was_expected_to_leave_before_the_county_was_built(hour: int) -> None:
    now = EIGHT + timedelta(hours=hour, minutes=7)
    ends = [stay.expected_end_at for stay in demo_wards.plan_of(COUNTY, now).stays]
    assert all(end is None or now < end <= now + timedelta(days=6) for end in ends)
