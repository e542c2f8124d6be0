"""Walk B: a consult is asked for, met in real Chromiums, written, signed, adopted and closed.

Request → triage → slot → one-time personal link → device check → waiting room → admitted → in call (images looked at
together, chat kept, recording only with every consent) → interrupted and rejoined → media ended → opinion signed →
adopted by the township → closed.
"""

from contextlib import AsyncExitStack
from pathlib import Path

import pytest
from playwright.async_api import Page, Playwright, ViewportSize, expect

from tests.browser.calling import (
    LI,
    a_ct_is_sent,
    arranged,
    at_the_door,
    enters,
    face,
    patient_at_the_door,
    play,
    plays,
)
from tests.flows.consulting import CONSULTS, OPINION, commands, looks, opinion_of, signs, writes
from tests.flows.county import County, Json
from tests.flows.test_consult_room import until_state

__all__ = ["play"]  # the fixture
pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]
PHONE = ViewportSize(width=390, height=844)


class Call:
    """李兰 and her patient at T01 meet 赵宁 of the county hospital over a CT."""

    def __init__(self, yunling: County, doctor: Page, expert: Page, patient: Page) -> None:
        self.yunling = yunling
        self.doctor, self.expert, self.patient = doctor, expert, patient

    async def they_wait_and_are_let_in_one_by_one(self) -> None:
        await self.patient.get_by_role("button", name="进入", exact=True).click()
        await enters(self.doctor)
        await expect(self.patient.get_by_text("医生还没到，请您别走开")).to_be_visible()
        await enters(self.expert)
        await expect(self.patient.get_by_text("医生到了，马上请您进去")).to_be_visible()
        for name in (LI.name, "李兰"):
            await self.expert.get_by_role("button", name=f"请 {name} 进来").first.click()
        for name in (LI.name, "李兰"):
            await plays(face(self.expert, name))
        await plays(self.patient.locator(".large video"))

    async def they_look_at_the_ct_together(self) -> None:
        await self.expert.get_by_role("button", name="给大家看").click()
        await self.expert.get_by_role("slider").focus()
        await self.expert.keyboard.press("ArrowDown")
        await expect(self.doctor.get_by_role("slider")).to_have_attribute("aria-valuenow", "2")

    async def what_is_written_is_kept(self) -> None:
        await self.expert.get_by_text("对话", exact=True).click()
        await self.expert.get_by_role("textbox", name="写给大家").fill("请把手机靠近一点")
        await self.expert.keyboard.press("Enter")
        await expect(self.patient.get_by_role("button", name="文字 1 条新的")).to_be_visible()

    async def nothing_is_recorded_before_the_last_yes(self, consult: Json) -> None:
        doctor = await self.yunling.person("lilan")
        recordings = f"{CONSULTS}/{consult['id']}/recordings"
        await self.expert.get_by_role("button", name="录制").click()
        await self.doctor.get_by_role("button", name="同意录制").click()
        assert (await doctor.sees(recordings))["items"] == []
        await self.patient.get_by_role("button", name="同意录制").click()
        await expect(self.expert.get_by_text("正在录制")).to_be_visible()
        await plays(face(self.expert, LI.name))
        await self.patient.get_by_role("button", name="不要再录了").click()
        await expect(self.expert.get_by_text("正在录制")).to_have_count(0)
        (recording,) = (await doctor.sees(recordings))["items"]
        assert recording["ended_why"] == "withdrawn"

    async def who_was_interrupted_comes_back_to_her_seat(self, consult: Json) -> None:
        await self.doctor.reload()
        await plays(face(self.doctor, "赵宁"))
        await expect(self.expert.get_by_role("button", name="请 李兰 进来")).to_have_count(0)
        await self.patient.get_by_role("button", name="离开").click()
        await self.patient.get_by_role("button", name="回去").click()
        assert (await looks(await self.yunling.person("lilan"), consult))["state"] == "in-call"

    async def the_host_ends_it_for_all(self) -> None:
        await self.expert.get_by_role("button", name="结束会诊").click()
        await self.expert.get_by_role("dialog").get_by_role("button", name="结束会诊").click()
        await expect(self.expert.get_by_role("region", name="通话结束")).to_be_visible()


async def test_a_consult_is_met_written_signed_adopted_and_closed(
    yunling: County, play: Playwright, tmp_path: Path
) -> None:
    await yunling.at("14:00")
    patient_id, study = await a_ct_is_sent(yunling, tmp_path)
    consult = await arranged(yunling, patient_id, "15:00", [study])
    await until_state(yunling, consult, "lobby-open")
    async with AsyncExitStack() as stack:
        patient = await stack.enter_async_context(patient_at_the_door(play, yunling, consult, PHONE))
        doctor = await stack.enter_async_context(at_the_door(play, yunling, "lilan", consult))
        expert = await stack.enter_async_context(at_the_door(play, yunling, "zhaoning", consult))
        call = Call(yunling, doctor, expert, patient)
        await call.they_wait_and_are_let_in_one_by_one()
        await call.they_look_at_the_ct_together()
        await call.what_is_written_is_kept()
        await call.nothing_is_recorded_before_the_last_yes(consult)
        await call.who_was_interrupted_comes_back_to_her_seat(consult)
        await call.the_host_ends_it_for_all()
    await _it_is_signed_adopted_and_closed(yunling, consult)


async def _it_is_signed_adopted_and_closed(yunling: County, consult: Json) -> None:
    doctor, expert = await yunling.person("lilan"), await yunling.person("zhaoning")
    saved = await writes(expert, consult, (await opinion_of(expert, consult))["version"], **OPINION)
    assert saved.status == 200, saved.body
    assert (await signs(expert, consult))["state"] == "signed"
    kept = await doctor.sees(f"{CONSULTS}/{consult['id']}/call")
    assert [each["text"] for each in kept["messages"]] == ["请把手机靠近一点"]
    assert (await commands(doctor, consult, "adopt", {"adopted": "adopted"}))["state"] == "adopted"
    closed = await commands(doctor, consult, "close")
    reached = ("requested", "triaged", "slot-held", "scheduled", "lobby-open", "waiting", "in-call", "documenting")
    assert set(reached) <= set(closed["timeline"])
    assert closed["state"] == "closed"
