"""A class in real Chromiums: opened with the patient's word, found on the list, looked on at, over at a press."""

import re
from contextlib import AsyncExitStack
from pathlib import Path

import pytest
from playwright.async_api import Page, Playwright, Response, expect

from tests.browser.calling import LI, at_the_door, chromium, enters, patient_at_the_door, play, plays
from tests.browser.screens import DESK, PHONE, at_a_screen, scrolls_sideways
from tests.browser.test_consult_room import CUTS, consult_at, hears, lets_in, serious
from tests.flows.county import County, Json

__all__ = ["play"]  # the fixture
pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]

NAMES = (LI.name, LI.resident_id, LI.born, "LI^YUZHEN")


class Overheard:
    """Every answer and every frame that reached somebody's browser."""

    def __init__(self, page: Page) -> None:
        self.texts: list[str] = []
        self._answers: list[Response] = []
        page.on("response", lambda answer: self._answers.append(answer))  # noqa: PLW0108  # it wraps functions alone
        page.on("websocket", lambda socket: socket.on("framereceived", lambda data: self.texts.append(str(data))))

    async def says_nothing_of_the_patient(self) -> None:
        for answer in self._answers:
            if "/api/" in answer.url and answer.ok and "events" not in answer.url:
                self.texts.append((await answer.body()).decode("latin-1"))
        assert len(self.texts) > 10
        for text in self.texts:
            for name in NAMES:
                assert name not in text, text[:500]
                assert name.encode().decode("latin-1") not in text, text[:500]


async def opens_the_class(page: Page, county: County, consult: Json) -> None:
    """Open a consult for teaching from its page: the houses, a person, the patient's word."""
    await page.goto(f"{county.hub.url}/consults/{consult['id']}")
    await page.get_by_role("button", name="开放教学旁听").click()
    await expect(page.get_by_role("combobox", name="哪些单位的人可以旁听")).to_be_focused()
    for field, typed, found in (
        ("哪些单位的人可以旁听", "柳沟", "柳沟镇卫生院"),
        ("或者点名", "马小", "马小燕 石门村卫生室"),
    ):
        await page.get_by_role("combobox", name=field).fill(typed)
        await expect(page.get_by_title(found)).to_be_visible()
        for key in ("ArrowDown", "Enter", "Tab"):
            await page.keyboard.press(key)
    await page.get_by_role("button", name="确定").click()
    await expect(page.get_by_text("病人没有书面同意，不能开放")).to_be_visible()
    await page.get_by_role("checkbox", name="病人已书面同意教学旁听").check()
    await page.get_by_label("谁书面同意的").fill(LI.name)
    await page.get_by_role("button", name="确定").click()
    await expect(page.get_by_text("柳沟镇卫生院、马小燕")).to_be_visible()


async def looks_on(page: Page) -> None:
    """Find the class on the list, and go in by one press."""
    await page.get_by_text("可旁听", exact=True).click()
    await page.get_by_role("list", name="可旁听").get_by_role("link").click()
    await page.get_by_role("button", name="进去旁听").click()
    await expect(page.get_by_role("toolbar", name="通话")).to_be_visible()


async def sees_the_picture(page: Page) -> None:
    """Look at what the host shows; nothing is cut, and everything is spoken."""
    picture = page.get_by_role("figure", name="大家在看的图").get_by_role("img")
    await expect(picture).to_be_visible()
    await expect(page.get_by_text("CT · 第")).to_be_visible()
    assert await picture.evaluate("image => image.naturalWidth") == 1024
    assert not await scrolls_sideways(page)
    assert await page.evaluate(CUTS) == []
    assert await serious(page) == []


async def test_a_class_looks_on_and_is_told_no_name(yunling: County, play: Playwright, tmp_path: Path) -> None:
    consult = await consult_at(yunling, tmp_path, "09:00")
    async with AsyncExitStack() as stack:
        doctor_at = await stack.enter_async_context(chromium(play))
        doctor = await stack.enter_async_context(at_a_screen(doctor_at, yunling, "lilan"))
        await opens_the_class(doctor, yunling, consult)
        patient = await stack.enter_async_context(patient_at_the_door(play, yunling, consult, PHONE))
        await patient.get_by_role("button", name="进入", exact=True).click()
        host = await stack.enter_async_context(at_the_door(play, yunling, "zhaoning", consult))
        await enters(host)
        await lets_in(host, LI.name)

        screens = await stack.enter_async_context(chromium(play))
        desk = await stack.enter_async_context(at_a_screen(screens, yunling, "helin", DESK))
        phone = await stack.enter_async_context(at_a_screen(screens, yunling, "maxiaoyan", PHONE))
        overheard = []
        for page in (desk, phone):
            await page.goto(f"{yunling.hub.url}/consults")
            overheard.append(Overheard(page))
            await looks_on(page)
            await plays(page.get_by_role("figure", name=re.compile("赵宁")).locator("video"))
            await hears(page, 2)
        await expect(host.get_by_text("教学旁听开着，2 人在看")).to_be_visible()
        await expect(patient.get_by_text("2 位医务人员在旁听学习")).to_be_visible()

        await host.get_by_role("button", name="给大家看").click()
        for page in (desk, phone):
            await sees_the_picture(page)
        await desk.get_by_role("button", name="举手").click()
        await expect(host.get_by_text("何林 举手")).to_be_visible()
        await phone.get_by_role("textbox", name="写给大家").fill("溶栓的指征是什么")
        await phone.get_by_role("button", name="发送").click()
        await expect(desk.get_by_text("溶栓的指征是什么")).to_be_visible()

        await patient.get_by_role("button", name="不要旁听了").click()
        for page in (desk, phone):
            await expect(page.get_by_text("旁听结束了")).to_be_visible()
        await expect(host.get_by_text("教学旁听开着")).to_have_count(0)
        for each in overheard:
            await each.says_nothing_of_the_patient()
