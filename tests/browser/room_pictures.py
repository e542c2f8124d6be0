"""The README's pictures of a consult's call: the device check, the waiting room, four people beside a CT, a phone,
a class that looks on, and what stays of a call.

`python -m tests.browser.room_pictures` writes web/screenshots/*.png; nothing compares pixels, people look.
"""

import asyncio
import tempfile
from contextlib import AsyncExitStack
from pathlib import Path

from playwright.async_api import Page, ViewportSize, async_playwright, expect

from tests.browser.calling import LI, a_ct_is_sent, arranged, at_the_door, chromium, enters, patient_at_the_door, plays
from tests.browser.pictures import FOLDER, SIZES
from tests.browser.screens import DESK, at_a_screen
from tests.browser.test_call_kept import is_recorded
from tests.browser.test_consult_class import looks_on, opens_the_class
from tests.browser.test_consult_room import SENT, consult_at
from tests.flows.county import county
from tests.servers.hub import RunningHub, running_hub

PHONE = ViewportSize(width=SIZES["phone"][0], height=SIZES["phone"][1])
PATIENCE = 60_000  # milliseconds: four browsers encode on one machine
SETTLE = 6000


async def taken(page: Page, name: str) -> None:
    """Take one picture."""
    await page.screenshot(path=FOLDER / f"{name}.png")


async def pictures(hub: RunningHub, folder: Path) -> None:
    """Play a call of four and take its pictures."""
    expect.set_options(timeout=PATIENCE)
    async with AsyncExitStack() as stack:
        place = await stack.enter_async_context(county(hub))
        playing = await stack.enter_async_context(async_playwright())
        await place.at("14:00")
        patient_id, study = SENT[hub.http_port] = await a_ct_is_sent(place, folder)
        consult = await arranged(place, patient_id, "15:00", [study])
        patient = await stack.enter_async_context(patient_at_the_door(playing, place, consult, PHONE))
        await patient.wait_for_timeout(SETTLE)
        await taken(patient, "device-check-phone")
        expert = await stack.enter_async_context(at_the_door(playing, place, "zhaoning", consult))
        await expert.wait_for_timeout(SETTLE)
        await taken(expert, "device-check-desk")
        await patient.get_by_role("button", name="进入", exact=True).click()
        doctor = await stack.enter_async_context(at_the_door(playing, place, "lilan", consult))
        head = await stack.enter_async_context(at_the_door(playing, place, "haiying", consult))
        for page in (doctor, head, expert):
            await enters(page)
        await expect(patient.get_by_text("医生到了，马上请您进去")).to_be_visible()
        await taken(patient, "waiting-room-phone")
        await taken(doctor, "waiting-room-desk")
        for name in (LI.name, "李兰", "海英"):
            await expert.get_by_role("button", name=f"请 {name} 进来").first.click()
        await plays(patient.locator(".large video"))
        await expert.get_by_role("button", name="给大家看").click()
        await expert.wait_for_timeout(2 * SETTLE)
        await taken(expert, "room-desk")
        await taken(patient, "room-phone")


async def pictures_of_a_class(hub: RunningHub, folder: Path) -> None:
    """Let a class look on at a call, and take its pictures at a desk and on a phone."""
    async with AsyncExitStack() as stack:
        place = await stack.enter_async_context(county(hub))
        playing = await stack.enter_async_context(async_playwright())
        consult = await consult_at(place, folder, "17:00")
        screens = await stack.enter_async_context(chromium(playing))
        doctor = await stack.enter_async_context(at_a_screen(screens, place, "lilan"))
        await opens_the_class(doctor, place, consult)
        patient = await stack.enter_async_context(patient_at_the_door(playing, place, consult, PHONE))
        await patient.get_by_role("button", name="进入", exact=True).click()
        host = await stack.enter_async_context(at_the_door(playing, place, "zhaoning", consult))
        await enters(host)
        await host.get_by_role("button", name=f"请 {LI.name} 进来").first.click()
        looking = await stack.enter_async_context(chromium(playing))
        for name, who, size in (("class-desk", "helin", DESK), ("class-phone", "maxiaoyan", PHONE)):
            page = await stack.enter_async_context(at_a_screen(looking, place, who, size))
            await page.goto(f"{hub.url}/consults")
            await looks_on(page)
            if size is DESK:
                await host.get_by_role("button", name="给大家看").click()
            await page.wait_for_timeout(2 * SETTLE)
            await taken(page, name)


async def pictures_of_what_stays(hub: RunningHub, folder: Path) -> None:
    """Record a call, and take pictures of what stays of it."""
    async with AsyncExitStack() as stack:
        place = await stack.enter_async_context(county(hub))
        playing = await stack.enter_async_context(async_playwright())
        consult = await consult_at(place, folder, "19:00")
        await is_recorded(place, playing, consult)
        screens = await stack.enter_async_context(chromium(playing, "--autoplay-policy=no-user-gesture-required"))
        for name, who, size in (("call-kept-desk", "lilan", DESK), ("call-kept-phone", "zhaoning", PHONE)):
            page = await stack.enter_async_context(at_a_screen(screens, place, who, size))
            await page.goto(f"{hub.url}/consults/{consult['id']}?call=1")
            await page.get_by_role("button", name="播放录像").click()
            await page.wait_for_timeout(SETTLE)
            await page.get_by_role("group", name="会诊录像").scroll_into_view_if_needed()
            await taken(page, name)


def main() -> None:
    """Take every picture."""
    with running_hub() as hub, tempfile.TemporaryDirectory() as folder:
        for play in (pictures, pictures_of_a_class, pictures_of_what_stays):
            asyncio.run(play(hub, Path(folder)))


if __name__ == "__main__":
    main()
