"""The room of a consult, frame by frame: knocked at, let in, spoken in, interrupted, ended (walk B without media)."""

import asyncio
import json
from contextlib import AsyncExitStack

import aiohttp
import pytest

from tests.flows.consulting import CONSULTS, commands, looks, possible, refused
from tests.flows.county import MA, County, Json, Person
from tests.flows.room import InRoom, arranged, in_room, patient_in_room, person_in

HOST_MAY = ["admit", "mute", "remove", "lock", "hand-over", "record", "end", "view", "chat"]
LAST_FOUR = MA["identifiers"][0]["value"][-4:]


async def until_state(county: County, consult: Json, state: str) -> Json:
    """Look until a consult is in a state."""
    desk, found = await county.person("zhoumin"), {}
    for _ in range(400):
        found = await looks(desk, consult)
        if found["state"] == state:
            return found
        await asyncio.sleep(0.1)
    raise AssertionError(f"stayed in {found.get('state')}, not {state}")


async def in_call(county: County, stack: AsyncExitStack, begins: str) -> tuple[Json, InRoom, InRoom]:
    """Arrange a consult, open its lobby, let the township's doctor in; return it, her room and the expert's."""
    doctor, expert = await county.person("lilan"), await county.person("zhaoning")
    consult = await arranged(county, await patient_of(county), begins)
    hour, minute = map(int, begins.split(":"))
    await county.at(f"{hour - 1:02d}:{minute + 46}")
    await until_state(county, consult, "lobby-open")
    here = await stack.enter_async_context(in_room(doctor, consult))
    there = await stack.enter_async_context(in_room(expert, consult))
    room = await there.sees_room(lambda each: person_in(each, "李兰"))
    await there.says("admit", seat=person_in(room, "李兰")["id"])
    await here.sees_room()
    return consult, here, there


async def patient_of(county: County) -> str:
    doctor = await county.person("lilan")
    found = (await doctor.sees("/api/v1/patients?q=马建国"))["items"]
    return str(found[0]["id"]) if found else await county.registers(doctor, MA)


async def test_a_consult_is_knocked_at_begun_and_ended(yunling: County) -> None:
    await yunling.at("14:00")
    doctor, expert = await yunling.person("lilan"), await yunling.person("zhaoning")
    consult = await arranged(yunling, await patient_of(yunling), "15:00")
    link = await doctor.does(f"{CONSULTS}/{consult['id']}/links", {"text_patient": True})
    assert link["sent"]
    (texted,) = [json.loads(line) for line in (yunling.hub.data_dir / "sms.jsonl").read_text().splitlines()]
    assert (texted["to"], link["url"] in texted["text"], "马" in texted["text"]) == (MA["phone"], True, False)
    assert link["url"] not in yunling.hub.log.read_text(errors="replace")
    await _is_too_early(yunling, consult, link["url"])
    await yunling.at("14:46")
    await until_state(yunling, consult, "lobby-open")
    async with AsyncExitStack() as stack:
        patient = await stack.enter_async_context(patient_in_room(yunling, link["url"], consult, LAST_FOUR))
        await _waits(yunling, consult, patient)
        host = await stack.enter_async_context(in_room(expert, consult))
        room = await host.sees_room(lambda each: len(each["seats"]) == 2)
        assert room["may"] == HOST_MAY
        await patient.hears("lobby", lambda each: each["lobby"]["host_here"])
        await host.says("admit", seat=person_in(room, "马建国")["id"])
        inside = await patient.sees_room()
        assert (inside["state"], inside["may"]) == ("in-call", ["chat"])

        here = await stack.enter_async_context(in_room(doctor, consult))
        room = await host.sees_room(lambda each: person_in(each, "李兰"))
        assert person_in(room, "李兰")["status"] == "waiting"
        await host.says("admit", seat=person_in(room, "李兰")["id"])
        await here.sees_room()
        await _speak(patient, here)
        assert await here.is_refused("end") == "FORBIDDEN"
        await host.says("end")
        assert [await each.ends() for each in (host, here, patient)] == ["ended"] * 3
    written = await looks(expert, consult)
    assert written["state"] == "documenting"
    assert {"write-opinion", "sign"} <= possible(written)
    await _is_on_record(doctor, consult)
    async with yunling.http.get(link["url"]) as page:
        assert (page.status, "视频会诊已经结束" in await page.text()) == (410, True)


async def _is_on_record(doctor: Person, consult: Json) -> None:
    """Who was there, what was written and looked at, and how the lines did stays with the consult."""
    kept = await doctor.sees(f"{CONSULTS}/{consult['id']}/call")
    assert [(each["name"], each["text"]) for each in kept["messages"]] == [("马建国", "胸口不痛了")]
    assert {(each["name"], each["rtt_ms"]) for each in kept["lines"]} == {("马建国", 180), ("李兰", 40)}
    house = {"赵宁": "云岭县人民医院", "李兰": "石门镇卫生院", "马建国": ""}
    assert {(each["name"], each["role"], each["organization"]) for each in kept["people"]} == {
        (name, role, house[name]) for name, role in (("赵宁", "host"), ("马建国", "patient"), ("李兰", "sender"))
    }
    spans = [span for each in kept["people"] for span in each["spans"]]
    assert len(spans) == 3
    assert all(span["since"] <= span["until"] for span in spans)
    (look,) = kept["looks"]
    assert (look["kind"], look["study_uid"], look["by"]) == ("ecg", "1.2.3", "李兰")
    assert look["until"], "nobody looks at anything in an empty room"


async def _is_too_early(county: County, consult: Json, url: str) -> None:
    async with in_room(await county.person("lilan"), consult, join=False) as early:
        assert await early.is_refused("join", microphone=True, camera=True) == "TOO_EARLY"
    async with county.http.get(url) as page:
        assert "提前 30 分钟" in await page.text()


async def _waits(county: County, consult: Json, patient: InRoom) -> None:
    """A patient before the door is told who comes and when, and says nothing into the room."""
    lobby = (await patient.hears("lobby"))["lobby"]
    assert (lobby["number"], lobby["host_here"]) == (consult["number"], False)
    assert [each["name"] for each in lobby["experts"]] == ["赵宁"]
    assert (await looks(await county.person("lilan"), consult))["state"] == "waiting"
    assert await patient.is_refused("chat", key="1", text="有人吗") == "NOT_ADMITTED"


async def _speak(patient: InRoom, here: InRoom) -> None:
    """What is written comes once, lines are kept; what is opened for all is seen by all, and opened by doctors only."""
    assert (await patient.says("chat", key="a", text="胸口不痛了"))["message"]["name"] == "马建国"
    await patient.says("chat", key="a", text="胸口不痛了")
    assert (await here.hears("chat"))["message"]["text"] == "胸口不痛了"
    await here.says("view", view={"kind": "ecg", "study_uid": "1.2.3"})
    assert (await patient.hears("view"))["view"]["study_uid"] == "1.2.3"
    assert await patient.is_refused("view", view=None) == "FORBIDDEN"
    assert len([each for each in here.heard if each["type"] == "chat"]) == 1, "a retry was written twice"
    for each, rtt in ((patient, 180), (here, 40)):
        await each.connection.send_json({"type": "stats", "rtt_ms": rtt, "loss": 0.02, "audio_only": False})
        await each.says("ping")


async def test_who_is_away_comes_back_to_her_seat_and_a_call_with_one_side_is_interrupted(yunling: County) -> None:
    await yunling.at("08:00")
    async with AsyncExitStack() as stack:
        consult, here, there = await in_call(yunling, stack, "09:00")
        mine = person_in(await there.sees_room(), "李兰")["id"]
        await here.connection.close()
        await there.sees_room(lambda each: person_in(each, "李兰").get("status") == "away")
        again = await stack.enter_async_context(in_room(await yunling.person("lilan"), consult))
        room = await again.sees_room()
        assert (room["me"], room["state"]) == (mine, "in-call"), "a reload is no new seat and no end"

        await again.connection.close()
        await there.sees_room(lambda each: person_in(each, "李兰").get("status") == "away")
        await yunling.at("08:47")
        await there.sees_room(lambda each: each["state"] == "interrupted" and not person_in(each, "李兰"))
        back = await stack.enter_async_context(in_room(await yunling.person("lilan"), consult))
        assert (await back.hears("lobby"))["lobby"]["state"] == "interrupted"
        room = await there.sees_room(lambda each: person_in(each, "李兰").get("status") == "waiting")
        await there.says("admit", seat=person_in(room, "李兰")["id"])
        await back.sees_room(lambda each: each["state"] == "in-call")


async def test_whoever_sits_in_a_call_is_not_idle(yunling: County) -> None:
    await yunling.at("01:00")
    async with AsyncExitStack() as stack:
        consult, here, there = await in_call(yunling, stack, "02:00")
        doctor = await yunling.person("lilan")
        for later in ("01:55", "02:05", "02:15", "02:25", "02:35", "02:45"):  # half an hour unused ends a session
            await yunling.at(later)
            await asyncio.sleep(1.5)
        assert (await there.says("ping"))["type"] == "pong"
        assert here.closed is None
        token = doctor.token
        assert (await looks(doctor, consult))["state"] == "in-call"
        assert doctor.token == token, "she had to sign in again in the middle of a call"


async def test_the_host_removes_locks_and_silences_and_nobody_else_does(yunling: County) -> None:
    await yunling.at("10:00")
    async with AsyncExitStack() as stack:
        consult, here, there = await in_call(yunling, stack, "11:00")
        await here.says("devices", microphone=True, camera=True, screen=False)
        room = await there.sees_room(lambda each: person_in(each, "李兰").get("microphone"))
        seat = person_in(room, "李兰")["id"]
        assert await here.is_refused("mute", seat="all", kind="microphone") == "FORBIDDEN"
        assert await here.is_refused("remove", seat=seat) == "FORBIDDEN"
        await there.says("mute", seat="all", kind="microphone")
        assert (await here.hears("muted"))["by"] == "赵宁"
        await here.sees_room(lambda each: person_in(each, "李兰")["silenced"] == ["microphone"])
        await here.says("devices", microphone=True, camera=True, screen=False)
        await here.sees_room(lambda each: person_in(each, "李兰")["silenced"] == [])

        await there.says("lock", on=True)
        await there.says("remove", seat=seat)
        assert await here.ends() == "removed"
        shut = await stack.enter_async_context(in_room(await yunling.person("lilan"), consult, join=False))
        assert await shut.is_refused("join", microphone=True, camera=True) == "ROOM_LOCKED"


async def test_a_recording_asks_everybody_and_a_no_ends_it(yunling: County) -> None:
    await yunling.at("12:00")
    async with AsyncExitStack() as stack:
        _, here, there = await in_call(yunling, stack, "13:00")
        await there.says("record", on=True)
        assert (await here.sees_room(lambda each: each["recording"] != "off"))["recording"] == "asking"
        await here.says("consent", recording=True)
        await there.sees_room(lambda each: each["recording"] == "on")
        await here.says("consent", recording=False)
        await there.sees_room(lambda each: each["recording"] == "off" and each["version"] > 0)


async def test_a_call_that_is_called_off_closes_its_room(yunling: County) -> None:
    await yunling.at("16:00")
    doctor = await yunling.person("lilan")
    consult = await arranged(yunling, await patient_of(yunling), "17:00")
    await yunling.at("16:46")
    await until_state(yunling, consult, "lobby-open")
    async with in_room(doctor, consult) as here:
        await here.hears("lobby")
        await commands(doctor, consult, "cancel", {"reason": "病人已转走"})
        assert await here.ends() == "cancelled"


@pytest.mark.parametrize("data", ["{", "[]", '{"type":"shout"}', '{"type":"lock"}', '{"type":"chat","id":"1"}'])
async def test_a_malformed_frame_is_named_and_ends_the_socket(yunling: County, data: str) -> None:
    await yunling.at("18:00")
    consult = await arranged(yunling, await patient_of(yunling), "20:00")
    async with in_room(await yunling.person("lilan"), consult, join=False) as here:
        await here.connection.send_str(data)
        assert (await here.hears("error"))["code"] == "MALFORMED"
        for _ in range(100):
            if here.closed is not None:
                break
            await asyncio.sleep(0.05)
        assert here.closed == 1008
    await commands(await yunling.person("lilan"), consult, "cancel", {"reason": "测试"})


async def test_a_page_of_another_site_and_whoever_is_nobody_open_no_socket(yunling: County) -> None:
    url = f"{yunling.hub.url}{CONSULTS}/none/signal"
    stale = {"Authorization": "Bearer none"}
    for headers, status in (({}, 403), ({"Origin": "https://evil.example"}, 403), (stale, 401)):
        with pytest.raises(aiohttp.WSServerHandshakeError) as refusal:
            await yunling.http.ws_connect(url, headers=headers)
        assert refusal.value.status == status
    async with yunling.http.ws_connect(url, headers={"Origin": yunling.hub.url}) as ours:
        assert await ours.receive_json() == {"type": "ended", "reason": "link-over"}, "a page of ours is told why"
        await ours.receive()
        assert ours.close_code == 4000


async def test_whoever_rang_comes_into_an_emergency_that_was_answered_before_her(yunling: County) -> None:
    await yunling.at("22:00")
    doctor, expert = await yunling.person("lilan"), await yunling.person("zhaoning")
    consent = {"approved_by": "haiying", "approval_reason": "病人昏迷，家属在路上"}
    wanted = {
        "patient_id": await patient_of(yunling), "to_org": "C01", "urgency": "emergency", "mode": "video",
        "specialties": ["心内"], "summary": "胸痛 1 小时", "purpose": "是否溶栓", "consent": consent,
    }  # fmt: skip
    consult = await commands(doctor, await doctor.does(CONSULTS, wanted), "ring")
    link = await doctor.does(f"{CONSULTS}/{consult['id']}/links")
    async with in_room(expert, consult) as there:
        await there.sees_room(lambda each: each["state"] == "in-call")
        async with (
            in_room(doctor, consult) as here,
            patient_in_room(yunling, link["url"], consult, LAST_FOUR) as patient,
        ):
            assert person_in(await here.sees_room(), "李兰")["status"] == "inside"
            await patient.hears("lobby")  # the patient is let in by a person
            await there.says("end")


async def test_an_emergency_rings_one_expert_after_the_other_and_whoever_answers_leads(yunling: County) -> None:
    await yunling.at("21:00")
    doctor, desk = await yunling.person("lilan"), await yunling.person("zhoumin")
    consent = {"approved_by": "haiying", "approval_reason": "病人昏迷，家属在路上"}
    wanted = {
        "patient_id": await patient_of(yunling), "to_org": "C01", "urgency": "emergency", "mode": "video",
        "specialties": ["心内"], "summary": "胸痛 1 小时", "purpose": "是否溶栓", "consent": consent,
    }  # fmt: skip
    consult = await doctor.does(CONSULTS, wanted)
    rung = await commands(doctor, consult, "ring")
    assert (rung["state"], rung["experts"][0]["name"]) == ("ringing", "赵宁")
    async with in_room(doctor, consult) as here:
        await here.hears("lobby")
        async with in_room(await yunling.person("zhaoning"), consult) as there:
            await there.sees_room(lambda each: each["state"] == "in-call")
            room = await here.sees_room()
            assert person_in(room, "赵宁")["role"] == "host"
            await there.says("end")
    other = await doctor.does(CONSULTS, wanted)
    await commands(doctor, other, "ring")
    await yunling.at("21:02")
    assert (await until_state(yunling, other, "triaged"))["experts"][0]["name"] == "赵宁"
    assert await desk.task(other["number"], "无人接听")
    assert await refused(doctor, other, "ring") == "409 STATE"
