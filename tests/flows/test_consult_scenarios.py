"""Scenarios A1 (its video), A6, A7 and A12 (its round) of domain.md part 3, to the minute, on a running hub."""

import asyncio
import os
import signal
from contextlib import AsyncExitStack
from datetime import timedelta

from tests.flows.consulting import (
    CONSULTS,
    OPINION,
    application,
    commands,
    looks,
    opinion_of,
    possible,
    refused,
    signs,
    writes,
)
from tests.flows.county import County, Json, Person, minute, utc
from tests.flows.room import in_room, person_in
from tests.flows.talking import talking
from tests.flows.test_consult_media import pid_of
from tests.flows.test_consult_room import in_call, patient_of, until_state

FOOT: Json = {"code": "E11.500x044", "system": "ICD-10 国家临床版 2.0", "name": "2 型糖尿病足病"}


async def writes_and_signs(expert: Person, consult: Json, **more: object) -> Json:
    """Write the opinion and sign it."""
    saved = await writes(expert, consult, (await opinion_of(expert, consult))["version"], **OPINION | more)
    assert saved.status == 200, saved.body
    return await signs(expert, consult)


async def test_a1_a_chest_pain_is_looked_at_together_within_minutes(yunling: County) -> None:
    await yunling.at("08:27")
    doctor, expert = await yunling.person("lilan"), await yunling.person("zhaoning")
    consent = {"written": True, "by": "马建国", "at": yunling.moment("08:27").isoformat(), "document": "平板签名"}
    wanted = application(await patient_of(yunling), urgency="emergency", mode="video", wanted_times=[], consent=consent)
    consult = await commands(doctor, await doctor.does(CONSULTS, wanted), "ring")
    assert (consult["state"], utc(consult["deadline_at"]) - utc(consult["timeline"]["ringing"])) == (
        "ringing", timedelta(seconds=60)
    )  # fmt: skip
    assert await refused(expert, consult, "end") == "409 STATE"
    async with in_room(doctor, consult) as here:
        await here.hears("lobby")
        async with in_room(expert, consult) as there:
            room = await here.sees_room(lambda each: each["state"] == "in-call")
            assert person_in(room, "赵宁")["role"] == "host"
            await here.says("view", view={"kind": "ecg", "study_uid": "1.2.826.0.1.1", "pan": {"x": 0.1, "y": 0}})
            assert (await there.hears("view"))["by"] == room["me"]
            await there.says("chat", key="1", text="加做 V3R–V5R，慎用硝酸酯")
            begun = (await opinion_of(expert, consult))["version"]
            saved = await writes(expert, consult, begun, findings="V1–V4 ST 抬高 0.3 mV")
            assert saved.status == 200, "she writes while they speak"
            assert await refused(expert, consult, "sign", {"password": expert.password, "opinion_version": 1}) == (
                "409 STATE"
            )
            await yunling.at("08:36")
            await there.says("end")
            assert await here.ends() == "ended"
    await yunling.at("08:40")
    signed = await writes_and_signs(expert, consult, treatment="右胸导联；负荷抗血小板；立即转上级", refer_level=1)
    assert minute(signed["timeline"]["signed"]) == "08:40"
    adopted = await commands(doctor, consult, "adopt", {"adopted": "adopted"})
    assert (adopted["state"], adopted["adoption"]["by"]["name"]) == ("adopted", "李兰")


async def test_a6_two_specialties_meet_on_the_hour_that_was_chosen(yunling: County) -> None:
    await yunling.at("09:00")
    doctor, desk = await yunling.person("lilan"), await yunling.person("zhoumin")
    host = await yunling.person("zhaoning")
    starts = [yunling.moment("15:00") + timedelta(days=days) for days in (1, 2, 3)]
    wanted = application(
        await patient_of(yunling), service="mdt", mode="video", specialties=["心内", "内分泌"], diagnosis=FOOT,
        purpose="能否保肢", wanted_times=[at.isoformat() for at in starts],
    )  # fmt: skip
    consult = await doctor.does(CONSULTS, wanted)
    await yunling.at("12:40")
    assert await refused(desk, consult, "refuse", {"reason": " "}) == "422 REASON_REQUIRED"
    assert await refused(desk, consult, "triage", {"experts": ["zhaoning"]}) == "422 INCOMPLETE"
    await commands(desk, consult, "triage", {"experts": ["zhaoning", "guoheng"]})
    slots = [{"begins_at": at.isoformat(), "ends_at": (at + timedelta(hours=1)).isoformat()} for at in starts]
    offered = await commands(desk, consult, "offer-slots", {"slots": slots})
    await commands(doctor, consult, "choose-slot", {"slot_id": offered["slots"][1]["id"]})
    yunling.goes_on(days=2)
    await yunling.at("14:46")
    await until_state(yunling, consult, "lobby-open")
    await _meet(yunling, consult)
    written = await looks(host, consult)
    assert utc(written["deadline_at"]) - utc(written["timeline"]["documenting"]) == timedelta(hours=24)
    yunling.goes_on(days=1)
    await yunling.at("09:00")
    await writes_and_signs(host, consult)
    closed = await commands(doctor, consult, "adopt", {"adopted": "partly", "reason": "无血管外科"})
    assert closed["adoption"]["what"] == "partly"


async def _meet(yunling: County, consult: Json) -> None:
    """Two experts and the inviter's doctor meet; the host hands the room over, and takes it back to end it."""
    doctor, host, colleague = [await yunling.person(name) for name in ("lilan", "zhaoning", "guoheng")]
    async with AsyncExitStack() as stack:
        here = await stack.enter_async_context(in_room(doctor, consult))
        there = await stack.enter_async_context(in_room(host, consult))
        third = await stack.enter_async_context(in_room(colleague, consult))
        await yunling.at("15:00")
        room = await third.sees_room(lambda each: person_in(each, "李兰"))
        await third.says("admit", seat=person_in(room, "李兰")["id"])
        room = await here.sees_room(lambda each: len(each["seats"]) == 3)
        assert [seat["role"] for seat in room["seats"]].count("host") == 1
        assert await third.is_refused("end") == "FORBIDDEN"
        await there.says("hand-over", seat=person_in(room, "郭恒")["id"])
        await here.sees_room(lambda each: person_in(each, "郭恒")["role"] == "host")
        await third.says("hand-over", seat=person_in(room, "赵宁")["id"])
        await there.sees_room(lambda each: person_in(each, "赵宁")["role"] == "host")
        await yunling.at("15:25")
        await there.says("end")


async def test_a7_without_media_the_room_goes_on_in_writing_and_a_seat_outlasts_a_gap(yunling: County) -> None:
    await yunling.at("10:00")
    async with AsyncExitStack() as stack:
        consult, here, there = await in_call(yunling, stack, "11:00")
        doctor, expert = [await stack.enter_async_context(talking(room)) for room in (here, there)]
        await asyncio.gather(doctor.hears("赵宁/microphone"), expert.hears("李兰/microphone"))
        worker = pid_of(yunling, "media-0")
        os.kill(worker, signal.SIGSTOP)
        try:
            await expert.hears_nothing_of("李兰/microphone")
            await there.says("chat", key="1", text="听不到声音了，打字说")
            assert (await here.hears("chat"))["message"]["text"] == "听不到声音了，打字说"
        finally:
            os.kill(worker, signal.SIGCONT)
        await asyncio.gather(doctor.hears("赵宁/microphone"), expert.hears("李兰/microphone"))

        mine = (await here.sees_room())["me"]
        await here.connection.close()
        await there.sees_room(lambda each: person_in(each, "李兰")["status"] == "away")
        yunling.hub.set_clock(yunling.hub.clock_offset() + 55)
        back = await stack.enter_async_context(in_room(await yunling.person("lilan"), consult))
        assert (await back.sees_room())["me"] == mine
        await there.says("end")
    assert "sign" in possible(await looks(await yunling.person("zhaoning"), consult))


async def test_a12_a_round_by_video_is_written_by_the_expert_and_adopted_at_the_bed(yunling: County) -> None:
    await yunling.at("08:00")
    doctor, desk, expert = [await yunling.person(name) for name in ("lilan", "zhoumin", "zhaoning")]
    at = yunling.moment("09:00")
    wanted = application(
        await patient_of(yunling), service="ward-round", mode="video", ward="云病房", bed="TP-01",
        wanted_times=[at.isoformat()], purpose="PCI 术后第 6 天查房",
    )  # fmt: skip
    consult = await doctor.does(CONSULTS, wanted)
    await commands(desk, consult, "triage", {"experts": ["zhaoning"]})
    slot = {"begins_at": at.isoformat(), "ends_at": (at + timedelta(minutes=15)).isoformat()}
    offered = await commands(desk, consult, "offer-slots", {"slots": [slot]})
    await commands(doctor, consult, "choose-slot", {"slot_id": offered["slots"][0]["id"]})
    await yunling.at("08:46")
    await until_state(yunling, consult, "lobby-open")
    async with in_room(doctor, consult) as here, in_room(expert, consult) as there:
        room = await there.sees_room(lambda each: person_in(each, "李兰"))
        await there.says("admit", seat=person_in(room, "李兰")["id"])
        await here.sees_room()
        await there.says("end")
    await writes_and_signs(expert, consult, treatment="继续双抗；明日复查心电图", refer=False, refer_level=None)
    adopted = await commands(doctor, consult, "adopt", {"adopted": "adopted"})
    assert (adopted["service"], adopted["state"]) == ("ward-round", "adopted")
