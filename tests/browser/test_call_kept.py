"""A recorded call on its consult's page afterwards: played by a browser, and each play on record."""

import re
from contextlib import AsyncExitStack
from pathlib import Path

import pytest
from playwright.async_api import Locator, Page, Playwright, expect

from tests.browser.calling import at_the_door, chromium, enters, face, play, plays
from tests.browser.screens import PHONE, at_a_screen, scrolls_sideways
from tests.browser.test_consult_room import consult_at, lets_in, serious
from tests.flows.county import County, Json

__all__ = ["play"]  # the fixture
pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]

SAID = "请把手机靠近一点"
LENGTH = 12  # seconds
NOW = "each => each.currentTime"
TIMES = "all => all.map(each => each.currentTime)"
ALL_GO = "from => [...document.querySelectorAll('.ck-player audio, .ck-player video')].every(e => e.currentTime > from)"
# Where each track stands on the recording's clock: milliseconds between the first and the last of them.
APART = """tracks => { const at = tracks.map(({url, start_ms}) => 1000 * document.querySelector(
  `.ck-player [src="${url}"]`).currentTime + start_ms); return Math.max(...at) - Math.min(...at); }"""


async def is_recorded(county: County, play: Playwright, consult: Json) -> None:
    """Hold a call of two who agree to be recorded, look at a CT and write; the township's doctor withdraws at last."""
    async with AsyncExitStack() as stack:
        doctor = await stack.enter_async_context(at_the_door(play, county, "lilan", consult))
        expert = await stack.enter_async_context(at_the_door(play, county, "zhaoning", consult))
        await enters(doctor)
        await enters(expert)
        await lets_in(expert, "李兰")
        await plays(face(expert, "李兰"))
        await expert.get_by_role("button", name="录制").click()
        await doctor.get_by_role("button", name="同意录制").click()
        await expect(expert.get_by_text("正在录制")).to_be_visible()
        await expert.get_by_role("button", name="给大家看").click()
        await expert.get_by_text("对话", exact=True).click()
        await expert.get_by_role("textbox", name="写给大家").fill(SAID)
        await expert.keyboard.press("Enter")
        await expect(doctor.get_by_text("人同看")).to_be_visible()
        await plays(face(doctor, "赵宁"))
        await _goes_on(face(doctor, "赵宁"))
        await doctor.get_by_role("button", name="我不同意再录了").click()
        await expect(expert.get_by_text("正在录制")).to_have_count(0)
        await expert.get_by_role("button", name="结束会诊").click()
        await expert.get_by_role("dialog").get_by_role("button", name="结束会诊").click()
        await expect(expert.get_by_role("region", name="通话结束")).to_be_visible()


async def _goes_on(picture: Locator) -> None:
    """Let the call go on until there is something to play."""
    begun = await picture.first.evaluate(NOW)
    while await picture.first.evaluate(NOW) < begun + LENGTH:
        await plays(picture)


def media(page: Page) -> Locator:
    return page.locator(".ck-player audio, .ck-player video")


async def plays_of(county: County, recording: str) -> set[str]:
    """Return who has played a recording, as the auditor reads it."""
    auditor = await county.person("shenji")
    records = (await auditor.sees("/api/v1/audit?limit=500"))["items"]
    plays = (each for each in records if each["action"] == "play")
    return {each["actor_id"] for each in plays if each["object_id"].startswith(f"{recording}/")}


async def test_a_recorded_call_is_played_on_one_clock_and_each_play_is_on_record(
    yunling: County, play: Playwright, tmp_path: Path
) -> None:
    consult = await consult_at(yunling, tmp_path, "09:00")
    await is_recorded(yunling, play, consult)
    async with chromium(play, "--autoplay-policy=no-user-gesture-required") as browser:
        async with at_a_screen(browser, yunling, "lilan") as page:
            await page.goto(f"{yunling.hub.url}/consults/{consult['id']}")
            await page.get_by_role("button", name="看通话记录").click()
            await _says_what_happened(page)
            assert await serious(page) == []
            recording = await _recording_of(yunling, consult)
            assert await plays_of(yunling, recording["id"]) == set()
            await _plays_all(page, recording)
            assert await serious(page) == []
            assert await plays_of(yunling, recording["id"]) == {"lilan"}
        async with at_a_screen(browser, yunling, "zhaoning", PHONE) as page:
            await page.goto(f"{yunling.hub.url}/consults/{consult['id']}?call=1")
            await page.get_by_role("button", name="播放录像").click()
            await page.wait_for_function(ALL_GO, arg=0.2)
            assert not await scrolls_sideways(page)
            assert await serious(page) == []
            assert await plays_of(yunling, recording["id"]) == {"lilan", "zhaoning"}


async def _recording_of(county: County, consult: Json) -> Json:
    (found,) = (await (await county.person("lilan")).sees(f"/api/v1/consults/{consult['id']}/recordings"))["items"]
    return found


async def _says_what_happened(page: Page) -> None:
    """Who was there, what was looked at and written, who agreed and who took it back."""
    people = page.get_by_role("region", name="谁在场")
    await expect(people.get_by_text("主持 · 副主任 · 云岭县人民医院")).to_be_visible()
    await expect(people.get_by_text(re.compile("石门镇卫生院"))).to_be_visible()
    await expect(page.get_by_role("region", name="一起看过的").get_by_text("影像 CT")).to_be_visible()
    await expect(page.get_by_role("region", name="对话").get_by_text(SAID)).to_be_visible()
    await expect(page.get_by_text(re.compile(r"\d\d:\d\d 收回同意"))).to_be_visible()
    await expect(page.get_by_text("有人收回同意，停了")).to_be_visible()


async def _plays_all(page: Page, recording: Json) -> None:
    """Two pictures and two voices move together, stand together, and jump together."""
    await page.get_by_role("button", name="播放录像").click()
    await expect(media(page)).to_have_count(4)
    await page.wait_for_function(ALL_GO, arg=0.5)
    await page.get_by_role("button", name="暂停").click()
    await expect(page.get_by_role("button", name="播放", exact=True)).to_be_visible()
    before = await media(page).evaluate_all(TIMES)
    await page.keyboard.press("ArrowRight")
    await page.wait_for_function(ALL_GO, arg=max(before) + 3)
    await page.wait_for_function(f"tracks => ({APART})(tracks) <= 100", arg=recording["tracks"])
    await page.get_by_role("button", name=re.compile("^跳到 ")).click()
    await expect(page.locator("[aria-current=time]")).to_contain_text(SAID)
    await page.get_by_role("slider", name="放到哪里").focus()
    await page.keyboard.press("Home")
    await page.keyboard.press("Space")
    await page.wait_for_function(ALL_GO, arg=1)
