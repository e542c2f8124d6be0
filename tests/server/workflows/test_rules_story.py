"""Rules that a county edits: everybody reads what holds, the bureau writes the next version, and it works at once."""

import asyncio
from typing import Any

import pytest

from referral.rules import DEFAULTS
from server.workflows.rule_kinds import UnsoundRule, check
from tests.builders.reading_house import Answer, House
from tests.builders.referral_desk import Desk

KINDS = ("referral", "bed-priority", "tiered-guide", "pathways", "targets", "follow-up", "consult")
STAFF = ("lilan", "maxiaoyan", "wangke", "zhoumin", "yangfan", "yiwu", "weijian", "shenji", "admin", "shizhuan")


async def rule(house: House, kind: str, who: str = "lilan") -> dict[str, Any]:
    """Return a rule as it holds."""
    answer = await house.call(who, "GET", f"/api/v1/rules/{kind}")
    assert answer.status == 200, answer.body
    return dict(answer.body)


async def put(
    house: House, kind: str, data: Any, *, seen: int | None = None, who: str = "weijian", **more: Any
) -> Answer:
    """Write the next version on the one that was seen, the newest where nothing is said."""
    newest = (await rule(house, kind))["newest"] if seen is None else seen
    body = {"data": data} | more
    return await house.call(who, "PUT", f"/api/v1/rules/{kind}", body, If_Match=f'"{newest}"')


async def test_everybody_who_signed_in_reads_every_rule(house: House) -> None:
    for kind in KINDS:
        shown = await rule(house, kind)
        assert shown["kind"] == kind
        assert shown["region"] == "990101"
        assert shown["data"], kind
    for who in STAFF:
        assert (await rule(house, "targets", who))["data"]["most"] == 5, who
    assert (await house.call("lilan", "GET", "/api/v1/rules/fee-waiver")).status == 404
    assert (await house.call("", "GET", "/api/v1/rules/targets")).status == 401


async def test_the_bureau_writes_the_next_version_and_it_holds_at_once(house: House) -> None:
    before = await rule(house, "referral")
    changed = await put(house, "referral", {"open_minutes": [5, 10, 20, 20]})
    assert changed.status == 200, changed.body
    assert changed.body["version"] == before["newest"] + 1
    assert changed.body["data"]["open_minutes"] == [5, 10, 20, 20]
    assert changed.body["data"]["draft_hours"] == DEFAULTS["draft_hours"], "what it does not name is the default's"
    desk = Desk(house)
    ticket = await desk.ticket(await desk.send(await desk.patient()))
    assert ticket["deadline_at"] == "2026-11-23T00:20:00Z", "twenty minutes from eight"
    trail = await house.call("shenji", "GET", "/api/v1/audit?limit=200")
    assert any(r["action"] == "change" and r["object_kind"] == "rules" for r in trail.body["items"])


async def test_only_the_bureau_and_administrators_write(house: House) -> None:
    for who in set(STAFF) - {"weijian", "admin"}:
        refused = await put(house, "targets", {"most": 3}, who=who)
        assert (refused.status, refused.code) == (403, "FORBIDDEN"), who
    assert (await put(house, "targets", {"most": 3}, who="admin")).status == 200


async def test_a_version_is_written_on_the_one_that_was_seen(house: House) -> None:
    without = await house.call("weijian", "PUT", "/api/v1/rules/targets", {"data": {}})
    assert (without.status, without.code) == (400, "IF_MATCH_REQUIRED")
    seen = (await rule(house, "targets"))["newest"]
    assert (await put(house, "targets", {"most": 3}, seen=seen)).status == 200
    late = await put(house, "targets", {"most": 4}, seen=seen, who="admin")
    assert (late.status, late.code, late.body["current"]) == (412, "VERSION", seen + 1)
    assert (await rule(house, "targets"))["data"]["most"] == 3


async def test_of_two_who_write_at_once_one_is_told_to_look_again(either_house: House) -> None:
    house = either_house
    seen = (await rule(house, "targets"))["newest"]
    for who in ("weijian", "admin"):
        await rule(house, "targets", who)  # both are signed in before they race
    answers = await asyncio.gather(
        put(house, "targets", {"most": 2}, seen=seen), put(house, "targets", {"most": 4}, seen=seen, who="admin")
    )
    assert sorted(a.status for a in answers) == [200, 412]
    won = next(a for a in answers if a.status == 200)
    assert (await rule(house, "targets"))["data"]["most"] == won.body["data"]["most"]


async def test_a_version_to_come_waits_for_its_day_and_is_not_overwritten_unseen(house: House) -> None:
    before = await rule(house, "targets")
    planned = await put(house, "targets", {"most": 2}, valid_from="2026-11-24T00:00:00+08:00")
    assert planned.body["version"] == before["version"]
    assert planned.body["newest"] == before["newest"] + 1
    assert planned.body["data"]["most"] == 5
    assert (await put(house, "targets", {"most": 3}, seen=before["newest"])).status == 412
    house.at("00:00", day=24)
    after = await rule(house, "targets")
    assert (after["version"], after["data"]["most"]) == (planned.body["newest"], 2)
    assert after["since"] == "2026-11-23T16:00:00Z"


@pytest.mark.parametrize(
    ("kind", "data"),
    [
        ("referral", {"open_minute": [5, 5, 5, 5]}),
        ("referral", {"open_minutes": [5, 5, 5]}),
        ("referral", {"open_minutes": [5, 5, 5, -1]}),
        ("referral", {"draft_hours": "24"}),
        ("referral", {"draft_hours": True}),
        ("referral", {"draft_hours": 1e400}),
        ("referral", {"rungs_minutes": []}),
        ("referral", {"rungs_hours": [0, 24]}),
        ("referral", {"opens": "18:00", "closes": "08:00"}),
        ("referral", {"opens": "morning"}),
        ("referral", {"holidays": ["2026-02-30"]}),
        ("referral", {"consent_levels": [5]}),
        ("bed-priority", {"quota_percent": 101}),
        ("bed-priority", {"target_hours": {"2": 0, "3": 24, "4": 72}}),
        ("bed-priority", {"hold": {"least_minutes": 500}}),
        ("tiered-guide", {"rows": [{"prefix": "J00", "advice": "keep", "level": "moon", "zh": "一", "en": "a"}]}),
        ("tiered-guide", {"rows": [{"prefix": "J00", "advice": "maybe", "level": "township", "zh": "一", "en": "a"}]}),
        ("tiered-guide", {"rows": [{"prefix": "", "advice": "keep", "level": "township", "zh": "一", "en": "a"}]}),
        ("tiered-guide", {"rows": [{"prefix": "J00"}]}),
        ("pathways", {"stroke": {"clocks": [{"code": "x"}], "alerts": []}}),
        ("pathways", {"sepsis": {"clocks": [], "alerts": []}}),
        ("targets", {"most": 0}),
        ("follow-up", {"pressure": [140]}),
        ("follow-up", {"tier_months": {"red": "soon"}}),
    ],
)
def test_a_rule_that_its_reader_does_not_take_is_unsound(kind: str, data: Any) -> None:
    with pytest.raises(UnsoundRule):
        check(kind, data)


async def test_an_unsound_rule_is_not_stored_and_its_fault_is_named(house: House) -> None:
    before = await rule(house, "referral")
    refused = await put(house, "referral", {"open_minute": [5, 5, 5, 5]})
    assert (refused.status, refused.code) == (422, "RULE_UNSOUND")
    assert "open_minute" in refused.body["detail"]
    assert (await rule(house, "referral"))["newest"] == before["newest"]


@pytest.mark.parametrize("kind", KINDS)
async def test_what_is_shown_may_be_written_again_as_it_is(house: House, kind: str) -> None:
    shown = await rule(house, kind)
    again = await put(house, kind, shown["data"])
    assert again.status == 200, again.body
    assert again.body["data"] == shown["data"]


async def test_a_county_edits_the_guide_and_the_sender_hears_it(house: House) -> None:
    desk = Desk(house)
    rows = (await rule(house, "tiered-guide"))["data"]["rows"]
    own = {"prefix": "S72", "phase": "", "advice": "keep", "level": "township", "zh": "卫生院可处理", "en": "kept here"}
    changed = await put(house, "tiered-guide", {"rows": [*rows, own]})
    drafted = await desk.draft(await desk.patient())
    refused = await desk.asks("lilan", drafted.body["id"], "send")
    assert (refused.status, refused.code) == (422, "WITHIN_BASE_SCOPE")
    assert refused.body["rule_version"] == changed.body["version"]
    assert (await desk.asks("lilan", drafted.body["id"], "send", {"reason": "本院骨科停诊"})).status == 200


async def test_after_what_silence_a_sender_asks_is_the_rules(house: House) -> None:
    desk = Desk(house)
    ticket = await desk.accepted(await desk.patient(), 3)
    await desk.does("zhoumin", ticket, "hold-bed")
    await desk.does("yangfan", ticket, "arrive")
    house.at("08:30", day=24)
    unheard = "/api/v1/referrals?box=no-news"
    assert (await house.call("lilan", "GET", unheard)).body["counts"]["no-news"] == 0, "two days are not over"
    assert (await put(house, "referral", {"no_news_hours": 24})).status == 200
    page = await house.call("lilan", "GET", unheard)
    assert ([t["id"] for t in page.body["items"]], page.body["counts"]["no-news"]) == ([ticket], 1)


async def test_how_long_a_bed_is_waited_for_stands_in_the_rule_of_the_beds_alone(house: House) -> None:
    assert (await put(house, "bed-priority", {"target_hours": {"2": 2, "3": 6, "4": 72}})).status == 200
    desk = Desk(house)
    ticket = await desk.ticket(await desk.accepted(await desk.patient(), 3))
    assert ticket["deadline_at"] == "2026-11-23T06:00:00Z", "six hours from eight"


async def test_a_name_that_a_rule_no_longer_has_is_not_shown_and_stands_in_nobodys_way(house: House) -> None:
    async with house.hub.unit_of_work() as uow:
        version, row = await uow.ledger.rule("referral", "990101", house.clock.at) or (0, {})
        await uow.ledger.put_rule("referral", "990101", version + 1, house.clock.at, row | {"stale_board_minutes": 9})
    shown = await rule(house, "referral")
    assert "stale_board_minutes" not in shown["data"]
    assert (await put(house, "referral", shown["data"])).status == 200
