"""The README's pictures of a consult's call: the device check, the waiting room, four people beside a CT, a phone.

`python -m tests.browser.room_pictures` writes web/screenshots/*.png; nothing compares pixels, people look.
"""

import asyncio
import tempfile
from contextlib import AsyncExitStack
from pathlib import Path

from playwright.async_api import Page, ViewportSize, async_playwright, expect

from tests.browser.calling import LI, a_ct_is_sent, arranged, at_the_door, enters, patient_at_the_door, plays
from tests.browser.pictures import FOLDER, SIZES
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
        patient_id, study = await a_ct_is_sent(place, folder)
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


def main() -> None:
    """Take every picture."""
    with running_hub() as hub, tempfile.TemporaryDirectory() as folder:
        asyncio.run(pictures(hub, Path(folder)))


if __name__ == "__main__":
    main()
