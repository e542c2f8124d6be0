"""Referrals and beds in numbers, against a day that was counted by hand."""

from typing import Any

import pytest

from tests.builders.reading_house import House
from tests.builders.referral_desk import Desk

NUMBERS = "/api/v1/statistics/referrals?from=2026-11-23&to=2026-11-30"
GENERAL, RESERVED = "骨科-03", "骨科-06"
HOME: dict[str, Any] = {
    "to_org": "T01", "discharge_summary": "内固定术后", "medicines": ["钙片"], "warning_signs": "肿胀就诊",
    "rehabilitation": "抬腿", "send": True,
}  # fmt: skip


@pytest.fixture
def desk(house: House) -> Desk:
    return Desk(house)


@pytest.fixture
def either_desk(either_house: House) -> Desk:
    return Desk(either_house)


async def numbers(desk: Desk, who: str = "weijian", more: str = "") -> dict[str, Any]:
    """Return the numbers of the week."""
    answer = await desk.house.call(who, "GET", NUMBERS + more)
    assert answer.status == 200, answer.body
    return dict(answer.body)


async def a_day_of_twelve(desk: Desk) -> None:
    """Play twelve upward tickets: a, b declined; c advised; d to the end; e cancelled; f died; g sent on as h."""
    a, b, c, d, e, f, g, k = await _sent(desk)
    at = desk.house.at
    at("08:10")
    for ticket in (a, b, c, d, e, f, g):
        await desk.does("zhoumin", ticket, "open")
    at("08:15")
    await desk.does("zhoumin", b, "ask", {"text": "受伤时间？"})
    at("08:20")
    await desk.does("zhoumin", a, "decline", {"code": "no-capability"})
    await desk.does("zhoumin", c, "advise", {"text": "门诊复查"})
    for ticket in (d, e, f):
        await desk.does("zhoumin", ticket, "accept")
    at("08:25")
    await desk.does("lilan", b, "answer", {"text": "今晨"})
    at("08:30")
    await desk.does("zhoumin", g, "redirect", {"to_org": "C01", "department": "心内", "reason": "改心内"})
    at("08:40")
    await desk.does("zhoumin", b, "decline", {"code": "other", "reason": "家属要求市级"})
    await desk.does("zhoumin", d, "hold-bed")
    await desk.does("lilan", e, "cancel", {"reason": "家属放弃"})
    await desk.does("lilan", f, "die", {"reason": "院前死亡"})
    await desk.does("zhoumin", e, "confirm-cancel")
    await _to_the_end(desk, d, k)


async def _sent(desk: Desk) -> list[str]:
    """Send a–g at Ⅲ, k at Ⅰ to the CCU and one to the province; draft i, which stays so, and j, which is dropped."""
    sent = [await desk.send(await desk.patient()) for _ in "abcdefg"]
    await desk.draft(await desk.patient())
    j = (await desk.draft(await desk.patient())).body["id"]
    await desk.does("lilan", j, "cancel")
    k = await desk.send(await desk.patient(), 1, department="CCU")  # accepted and held at once
    outward = (await desk.draft(await desk.patient(), to_org=None, outside_name="省人民医院")).body["id"]
    await desk.does("haiying", outward, "review", {"approved": True, "cause": "本县无此专科"})
    await desk.does("lilan", outward, "send")
    return [*sent, k]


async def _to_the_end(desk: Desk, d: str, k: str) -> None:
    """Bring d and k in: d is admitted for two days, k goes home within the hour."""
    at = desk.house.at
    at("09:00")
    for ticket in (d, k):
        await desk.does("lilan", ticket, "depart")
    at("09:40")
    for ticket in (d, k):
        await desk.does("zhoumin", ticket, "arrive")
    at("10:00")
    await desk.does("yangfan", d, "admit")
    await desk.does("zhaoning", k, "treat-and-release", {"reason": "保守治疗"})
    at("11:00")
    await desk.does("zhaoning", k, "send-outcome", {"diagnosis": "胸壁痛", "treatment": "观察"})
    at("10:00", day=25)
    await desk.does("zhaoning", d, "discharge")
    at("12:00", day=25)
    await desk.does("zhaoning", d, "send-outcome", {"diagnosis": "股骨颈骨折", "treatment": "内固定"})
    at("13:00", day=25)
    await desk.does("lilan", d, "close")


async def test_twelve_tickets_are_counted_as_by_hand(either_desk: Desk) -> None:
    desk = either_desk
    await a_day_of_twelve(desk)
    week = await numbers(desk)
    assert week["funnel"]["up"] == {
        "drafted": 12, "sent": 10, "received": 7, "info-needed": 1, "accepted": 4, "bed-held": 2, "en-route": 2,
        "arrived": 2, "admitted": 1, "discharged": 2, "outcome-sent": 2, "closed": 1, "declined": 2, "advised": 1,
        "redirected": 1, "cancel-requested": 1, "cancelled": 2, "died": 1,
    }  # fmt: skip
    assert week["funnel"]["down"] == {"drafted": 0}
    assert week["declines"] == {"no-capability": 1, "other": 1}
    assert week["in_county"] == {"part": 8, "whole": 9, "rate": 0.8889}, "g counts as h; the provincial one left"
    assert week["bounce_backs"] == {"part": 0, "whole": 0, "rate": None}
    stages = {s["stage"]: (s["tickets"], s["p50_minutes"], s["p90_minutes"]) for s in week["stages"]}
    assert stages == {
        "open": (7, 10, 10),
        "answer": (8, 20, 30),  # 0, 20 five times, 30 twice: ten minutes of b's forty were the sender's
        "bed": (2, 0, 20),
        "depart": (2, 20, 60),
        "road": (2, 40, 40),
        "admit": (1, 20, 20),
        "stay": (1, 2880, 2880),
        "outcome": (2, 60, 120),
        "close": (1, 60, 60),
    }


async def test_a_house_sees_its_own_the_bureau_all_and_nobody_a_name(desk: Desk) -> None:
    name = "尕尕"
    await desk.send(await desk.patient(name=name))
    await desk.send(await desk.patient(by="helin"), by="helin")
    drafted = {who: (await numbers(desk, who))["funnel"]["up"]["drafted"] for who in ("lilan", "helin", "yiwu")}
    assert drafted == {"lilan": 1, "helin": 1, "yiwu": 2}
    everything = await numbers(desk)
    assert (everything["organization"], everything["funnel"]["up"]["drafted"]) == (None, 2)
    assert (await numbers(desk, more="&organization=T02"))["funnel"]["up"]["drafted"] == 1
    assert name not in str(everything)
    for who in ("yangfan", "shenji", "admin"):
        refused = await desk.house.call(who, "GET", NUMBERS)
        assert (refused.status, refused.code) == (403, "FORBIDDEN"), who
    assert (await desk.house.call("lilan", "GET", NUMBERS + "&organization=T02")).status == 403
    turned = await desk.house.call("weijian", "GET", "/api/v1/statistics/referrals?from=2026-11-30&to=2026-11-23")
    assert (turned.status, turned.code) == (400, "PERIOD")
    before = await desk.house.call("weijian", "GET", "/api/v1/statistics/referrals?from=2026-11-01&to=2026-11-22")
    assert before.body["funnel"]["up"] == {"drafted": 0}, "a day is the county's"


async def test_reserved_beds_and_wasted_holds_are_counted_as_by_hand(either_desk: Desk) -> None:
    desk = either_desk
    await desk.leave_free("骨科", GENERAL, RESERVED)
    lent = (await numbers(desk, "yiwu"))["reserved_beds"]["lent"]["count"]  # who lay there before the hub came
    poor, early, late, dying = [await desk.patient(poor=n == 0) for n in range(4)]
    eligible = await desk.accepted(poor, 4)
    assert (await desk.does("zhoumin", eligible, "hold-bed"))["place"]["label"] == RESERVED
    desk.house.at("09:30")
    await desk.does("zhoumin", eligible, "release-hold", {"reason": "改期"})  # an hour and a half for nothing
    await desk.does("lilan", eligible, "cancel", {"reason": "改期"})
    x = await desk.accepted(early)
    assert (await desk.does("zhoumin", x, "hold-bed"))["place"]["label"] == GENERAL
    desk.house.at("12:00")
    await desk.house.pump()  # the hold ended at 11:30: two hours for nothing
    z = await desk.accepted(late)
    desk.house.at("12:10")
    await desk.does("zhoumin", z, "hold-bed", {"bed_id": f"C01.{GENERAL}"})  # before x, and nobody says why
    desk.house.at("12:20")
    await desk.does("zhoumin", z, "release-hold", {"reason": "点错"})  # ten minutes for nothing
    await desk.does("zhoumin", z, "hold-bed", {"bed_id": f"C01.{GENERAL}", "reason": "x 的家属未到"})
    desk.house.at("12:30")
    y = await desk.send(dying, 2)
    assert (await desk.ticket(y))["place"]["label"] == RESERVED, "an emergency takes it"
    desk.house.at("13:00")
    await desk.does("zhoumin", y, "arrive")
    await desk.does("yangfan", y, "admit")
    desk.house.at("15:00")
    week = await numbers(desk, "yiwu")
    assert week["hold_waste"] == {"expired": {"count": 1, "hours": 2.0}, "released": {"count": 2, "hours": 1.7}}
    assert week["out_of_order"] == {"holds": 2, "without_reason": 1}
    assert week["reserved_beds"]["eligible"] == {"count": 1, "hours": 1.5}
    assert week["reserved_beds"]["override"] == {"count": 2, "hours": 2.5}, "promised half an hour, in it for two"
    assert week["reserved_beds"]["lent"]["count"] == lent
    assert (await numbers(desk, "helin"))["hold_waste"]["expired"]["count"] == 0, "the beds are not hers"


async def sent_home(desk: Desk) -> str:
    """Return a patient whom T01 took over."""
    patient = await desk.patient()
    ticket = await desk.accepted(patient)
    await desk.does("zhoumin", ticket, "hold-bed")
    await desk.does("zhoumin", ticket, "arrive")
    await desk.does("yangfan", ticket, "admit")
    home = await desk.does("zhaoning", ticket, "refer-down", HOME)
    await desk.does("haiying", home["id"], "take-over", {"medicines": True, "equipment": True})
    await desk.does("zhaoning", ticket, "discharge")
    return patient


async def test_who_is_sent_up_again_within_thirty_days_came_back(either_desk: Desk) -> None:
    desk = either_desk
    back, home, thinking = [await sent_home(desk) for _ in range(3)]
    del home  # stays well
    desk.house.at("09:00", day=28)
    again = await desk.send(back)
    await desk.draft(thinking)  # a draft is no way back yet
    assert (await desk.ticket(again))["bounce_of"]
    week = await numbers(desk)
    assert week["bounce_backs"] == {"part": 1, "whole": 3, "rate": 0.3333}
    assert week["funnel"]["down"] == {"drafted": 3, "handed-over": 3, "taken-over": 3}
