"""A call finds its way out whoever is missing, and nobody is told what is not so (decision 0016)."""

from contextlib import AsyncExitStack
from datetime import timedelta

from tests.flows.consulting import CONSULTS, commands, looks, refused
from tests.flows.county import County, Json
from tests.flows.room import InRoom, arranged, in_room, person_in
from tests.flows.test_consult_room import in_call, patient_of, until_state


async def mdt(county: County, stack: AsyncExitStack, begins: str, opens: str) -> tuple[Json, InRoom, InRoom, InRoom]:
    """Let two experts and the inviter's doctor meet; return the consult and the rooms of host, colleague and doctor."""
    names = ("zhaoning", "guoheng")
    consult = await arranged(
        county, await patient_of(county), begins, experts=names, service="mdt", specialties=["心内", "内分泌"]
    )
    await county.at(opens)
    await until_state(county, consult, "lobby-open")
    host, colleague = [await stack.enter_async_context(in_room(await county.person(name), consult)) for name in names]
    here = await stack.enter_async_context(in_room(await county.person("lilan"), consult))
    room = await host.sees_room(lambda each: person_in(each, "李兰"))
    await host.says("admit", seat=person_in(room, "李兰")["id"])
    await here.sees_room()
    return consult, host, colleague, here


async def test_a_host_who_hangs_up_is_followed_by_the_other_expert_who_can_end_it(yunling: County) -> None:
    await yunling.at("08:00")
    async with AsyncExitStack() as stack:
        consult, host, colleague, _ = await mdt(yunling, stack, "09:00", "08:46")
        assert await colleague.is_refused("end") == "FORBIDDEN"
        await host.says("record", on=True)
        await host.connection.send_json({"type": "leave"})
        assert await host.ends() == "left"
        await colleague.sees_room(lambda each: person_in(each, "郭恒")["role"] == "host")
        await colleague.says("end")
    written = await until_state(yunling, consult, "documenting")
    assert written["experts"][0]["name"] == "郭恒"


async def test_an_expert_inside_is_no_missing_one(yunling: County) -> None:
    await yunling.at("10:00")
    names = ("zhaoning", "guoheng")
    consult = await arranged(
        yunling, await patient_of(yunling), "11:00", experts=names, service="mdt", specialties=["心内", "内分泌"]
    )
    await yunling.at("10:46")
    await until_state(yunling, consult, "lobby-open")
    desk = await yunling.person("zhoumin")
    async with in_room(await yunling.person("guoheng"), consult):
        assert await refused(desk, consult, "no-show", {"absent": "expert"}) == "409 STATE"
    rung = await commands(desk, consult, "no-show", {"absent": "expert"})
    assert (rung["state"], rung["experts"][0]["name"]) == ("ringing", "郭恒")
    await commands(await yunling.person("lilan"), consult, "cancel", {"reason": "病人已转走"})


async def test_a_recording_that_runs_when_the_call_ends_has_an_end(yunling: County) -> None:
    await yunling.at("12:00")
    async with AsyncExitStack() as stack:
        consult, here, there = await in_call(yunling, stack, "13:00")
        await there.says("record", on=True)
        await here.says("consent", recording=True)
        await there.sees_room(lambda each: each["recording"] == "on")
        await there.says("end")
    doctor = await yunling.person("lilan")
    (recording,) = (await doctor.sees(f"{CONSULTS}/{consult['id']}/recordings"))["items"]
    assert (recording["ended_why"], recording["ended_at"] is not None) == ("ended", True)


async def test_whoever_arranges_ends_a_call_whose_expert_never_comes_back(yunling: County) -> None:
    await yunling.at("14:00")
    desk = await yunling.person("zhoumin")
    async with AsyncExitStack() as stack:
        consult, here, there = await in_call(yunling, stack, "15:00")
        assert await refused(desk, consult, "end") == "403 FORBIDDEN"
        await there.connection.close()
        await here.sees_room(lambda each: person_in(each, "赵宁").get("status") == "away")
        await yunling.at("14:47")
        await here.sees_room(lambda each: each["state"] == "interrupted")
        await commands(desk, consult, "end")
        assert await here.ends() == "ended"
    named = await commands(desk, await looks(desk, consult), "triage", {"experts": ["zhaoning"]})
    assert named["state"] == "documenting"


async def test_nobody_is_let_into_an_empty_room(yunling: County) -> None:
    await yunling.at("16:00")
    consult = await arranged(yunling, await patient_of(yunling), "17:00")
    await yunling.at("16:46")
    await until_state(yunling, consult, "lobby-open")
    await commands(await yunling.person("lilan"), consult, "check-in")
    expert = await yunling.person("zhaoning")
    assert await refused(expert, consult, "admit") == "404 NOT_FOUND"
    async with AsyncExitStack() as stack:
        here = await stack.enter_async_context(in_room(await yunling.person("lilan"), consult))
        there = await stack.enter_async_context(in_room(expert, consult))
        assert (await commands(expert, consult, "admit"))["state"] == "in-call"
        await here.sees_room()
        await there.says("end")


async def test_a_link_follows_the_consult_to_its_later_time_and_says_that_one_is_sought(yunling: County) -> None:
    await yunling.at("18:00")
    doctor, desk = await yunling.person("lilan"), await yunling.person("zhoumin")
    consult = await arranged(yunling, await patient_of(yunling), "19:00")
    link = await doctor.does(f"{CONSULTS}/{consult['id']}/links")
    later = yunling.moment("21:30")
    slot = {"begins_at": later.isoformat(), "ends_at": (later + timedelta(minutes=30)).isoformat()}
    offered = await commands(desk, consult, "reschedule", {"slots": [slot], "reason": "专家在抢救"})
    async with yunling.http.get(link["url"]) as page:
        assert (page.status, "会诊时间正在安排" in await page.text()) == (200, True)
    await commands(doctor, consult, "choose-slot", {"slot_id": offered["slots"][0]["id"]})
    await yunling.at("21:16")
    await until_state(yunling, consult, "lobby-open")
    async with yunling.http.get(link["url"]) as page:
        assert (page.status, "身份证最后 4 位" in await page.text()) == (200, True)


async def test_a_ring_that_nobody_answers_tells_whoever_waits_that_it_is_arranged_anew(yunling: County) -> None:
    await yunling.at("22:00")
    doctor = await yunling.person("lilan")
    consent = {"approved_by": "haiying", "approval_reason": "病人昏迷，家属在路上"}
    wanted = {
        "patient_id": await patient_of(yunling), "to_org": "C01", "urgency": "emergency", "mode": "video",
        "specialties": ["心内"], "summary": "胸痛 1 小时", "purpose": "是否溶栓", "consent": consent,
    }  # fmt: skip
    consult = await commands(doctor, await doctor.does(CONSULTS, wanted), "ring")
    async with in_room(doctor, consult) as here:
        await here.hears("lobby")
        await yunling.at("22:02")
        assert await here.ends() == "arranging"
