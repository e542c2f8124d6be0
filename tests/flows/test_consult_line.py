"""A call over a line that breaks: another address, and a cut of half a minute, leave it alive (C07, targets V6).

Two Chromiums and a real hub. All media, and the township's pages, go over a line that the test holds. It is cut for
longer than the hub waits for a silent peer, and for longer than a worker keeps a room of which nobody tells it.
"""

import asyncio
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, replace

import pytest
from playwright.async_api import Page, Playwright, expect

from tests.browser.calling import arranged, at_the_door, enters, face, play, plays
from tests.flows.county import County, Json, county
from tests.flows.test_consult_room import patient_of
from tests.servers.hub import RunningHub, running_hub
from tests.servers.line import AT, Line, line_to

__all__ = ["play"]  # the fixture
pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]
CUT = 35.0  # seconds


@dataclass(frozen=True, slots=True)
class Call:
    """李兰 behind the line and 赵宁 beside the hub see each other."""

    consult: Json
    line: Line
    doctor: Page
    expert: Page

    async def goes_on(self) -> None:
        """Both see each other move, and nobody stands before the door again."""
        await asyncio.gather(plays(face(self.doctor, "赵宁")), plays(face(self.expert, "李兰")))
        await expect(self.expert.get_by_role("button", name="请 李兰 进来")).to_have_count(0)


@pytest.fixture(scope="module")
def far_hub() -> Iterator[RunningHub]:
    """Give a hub that is reached over lines."""
    with running_hub(LUTONG_MEDIA_ADDRESS=AT) as running:
        yield running


@asynccontextmanager
async def call(hub: RunningHub, play: Playwright, begins: str, *, udp: bool = True) -> AsyncIterator[Call]:
    """Let the two meet, over TCP alone where the line lets no UDP through."""
    async with AsyncExitStack() as stack:
        near = await stack.enter_async_context(county(hub))
        line = await stack.enter_async_context(line_to(hub))
        line.lets_udp = udp
        far: County = replace(near, hub=replace(hub, http_port=line.http_port))
        await near.at(f"{int(begins[:2]) - 1:02d}:00")
        consult = await arranged(near, await patient_of(near), begins)
        doctor = await stack.enter_async_context(at_the_door(play, far, "lilan", consult))
        expert = await stack.enter_async_context(at_the_door(play, near, "zhaoning", consult))
        await enters(expert)
        await enters(doctor)
        await expert.get_by_role("button", name="请 李兰 进来").first.click()
        both = Call(consult, line, doctor, expert)
        await both.goes_on()
        yield both


async def writes(page: Page, words: str) -> None:
    """Write to everybody."""
    await page.get_by_text("对话", exact=True).click()
    await page.get_by_role("textbox", name="写给大家").fill(words)
    await page.keyboard.press("Enter")


async def test_another_address_of_everybodys_media_is_no_end(far_hub: RunningHub, play: Playwright) -> None:
    async with call(far_hub, play, "09:00") as both:
        for _ in range(2):
            await both.line.moves()
            await both.goes_on()
        await expect(both.doctor.get_by_text("您在别处进了这个会诊室")).to_have_count(0)


async def test_after_a_cut_everything_is_back_and_what_was_written_meanwhile_is_there_once(
    far_hub: RunningHub, play: Playwright
) -> None:
    async with call(far_hub, play, "11:00") as both:
        both.line.cut()
        begun = time.monotonic()
        await expect(both.doctor.get_by_text("正在重新接通").first).to_be_visible()
        await writes(both.doctor, "断线时写的")
        await writes(both.expert, "您那边断了，请别走开")
        await asyncio.sleep(max(0.0, begun + CUT - time.monotonic()))
        both.line.mend()
        mended = time.monotonic()
        await both.goes_on()
        print(f"\ncut for {mended - begun:.0f} s: both pictures moved again {time.monotonic() - mended:.1f} s after it")
        for page in (both.doctor, both.expert):
            for words in ("断线时写的", "您那边断了，请别走开"):
                await expect(page.get_by_text(words, exact=True)).to_have_count(1)
        await expect(both.doctor.get_by_text("正在重新接通")).to_have_count(0)


async def test_where_no_udp_gets_through_the_call_goes_over_tcp(far_hub: RunningHub, play: Playwright) -> None:
    async with call(far_hub, play, "16:00", udp=False) as both:
        assert both.line.carried == 0
        await expect(both.expert.get_by_text("走不通")).to_have_count(0)


async def test_before_the_call_it_is_said_which_way_media_get_through(far_hub: RunningHub, play: Playwright) -> None:
    async with county(far_hub) as near, line_to(far_hub) as line:
        await near.at("13:00")
        consult = await arranged(near, await patient_of(near), "14:00")
        far: County = replace(near, hub=replace(far_hub, http_port=line.http_port))
        async with at_the_door(play, far, "lilan", consult) as doctor:
            await expect(doctor.get_by_text("声音和画面：直接走得通")).to_be_visible()
            line.lets_udp = False
            await doctor.reload()
            await expect(doctor.get_by_text("声音和画面：只有 TCP 走得通")).to_be_visible()
