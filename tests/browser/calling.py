"""People who meet in a consult's room by browser: each in a Chromium of her own, with a fake camera and microphone."""

import asyncio
import re
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from playwright.async_api import Browser, Locator, Page, Playwright, ViewportSize, async_playwright, expect
from pydicom.dataset import FileDataset

from server.cli.morning import PEOPLE
from tests.browser.conftest import BUILT, PATIENCE
from tests.browser.screens import DESK, at_a_screen
from tests.builders.dicom_objects import CT, NameInBytes, image_dataset, part10
from tests.flows.consulting import CONSULTS, application, commands
from tests.flows.county import County, Json, as_registration
from tests.flows.devices import device_sends, written
from tests.servers.processes import require_playwright

LI = PEOPLE[2]
LAST_FOUR = LI.resident_id[-4:]
CHROMIUM = Path("/usr/bin/chromium")
OPTIONS = ("--no-sandbox", "--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream")
SLICES = 8
SIZE = 256
PLAYED = "element => element.videoWidth === 0 || element.paused ? -1 : element.currentTime"


@pytest.fixture
async def play() -> AsyncIterator[Playwright]:
    """Give what starts browsers; skip where there is none, or nothing was built for them to show."""
    if not CHROMIUM.exists():
        pytest.skip("Chromium is not installed")
    require_playwright()
    if not BUILT.exists():
        pytest.skip("web/dist is not built")
    expect.set_options(timeout=PATIENCE)
    async with async_playwright() as playing:
        yield playing


@asynccontextmanager
async def chromium(playwright: Playwright, *more: str) -> AsyncIterator[Browser]:
    """Start somebody's own browser."""
    running = await playwright.chromium.launch(executable_path=CHROMIUM, args=[*OPTIONS, *more])
    try:
        yield running
    finally:
        await running.close()


def phantom(number: int) -> FileDataset:
    """Return a slice of a round body with a spine, an aorta and something that grows from slice to slice."""
    ds = image_dataset(CT, study=88, instance=number, size=SIZE, name=NameInBytes(LI.name.encode(), "ISO_IR 192"))
    y, x = np.mgrid[0:SIZE, 0:SIZE]

    def disc(cx: float, cy: float, rx: float, ry: float) -> Any:
        return ((x - cx) / rx) ** 2 + ((y - cy) / ry) ** 2 <= 1

    hu = np.full((SIZE, SIZE), -1000, dtype=np.int16)
    hu[disc(128, 132, 112, 84)] = -90
    hu[disc(128, 132, 102, 74)] = 55
    hu[disc(92, 110, 52, 44)] = 95
    hu[disc(128, 176, 20, 18)] = 480
    hu[disc(128, 152, 11, 11)] = 160
    hu[disc(168, 116, 4 + 2 * number, 3 + 1.5 * number)] = 20
    ds.RescaleIntercept, ds.PixelData = "-1024", (hu + 1024).astype(np.int16).tobytes()
    ds.PatientID, ds.PatientSex, ds.PatientBirthDate = LI.resident_id, "F", LI.born
    return ds


async def a_ct_is_sent(county: County, folder: Path) -> tuple[str, str]:
    """Register the patient at T01 and let its scanner send her CT; return the patient's id and the study's UID."""
    lilan = await county.person("lilan")
    patient = await county.registers(lilan, as_registration(LI))
    order = await lilan.places(patient, "radiology", "urgent", question="请排除夹层", expected_instances=SLICES)
    slices = [phantom(number) for number in range(1, SLICES + 1)]
    for ds in slices:
        ds.AccessionNumber = order["accession"]
    await device_sends(county.hub, "T01", written(folder, [part10(ds) for ds in slices]))
    await lilan.waits_for(order["id"], "ready")
    return patient, str(slices[0].StudyInstanceUID)


async def arranged(county: County, patient: str, begins: str, studies: Sequence[str] = ()) -> Json:
    """Apply for a video consult, take it on, offer a time and choose it; then it is 14 minutes before."""
    doctor, desk = await county.person("lilan"), await county.person("zhoumin")
    at = county.moment(begins)
    words = {"chief_complaint": "上腹痛 6 小时", "summary": "女，64 岁", "purpose": "要不要转上去"}
    wanted = application(patient, mode="video", wanted_times=[at.isoformat()], study_uids=list(studies), **words)
    consult = await doctor.does(CONSULTS, wanted)
    await commands(desk, consult, "triage", {"experts": ["zhaoning"]})
    slot = {"begins_at": at.isoformat(), "ends_at": (at + timedelta(minutes=30)).isoformat()}
    offered = await commands(desk, consult, "offer-slots", {"slots": [slot]})
    chosen = await commands(doctor, consult, "choose-slot", {"slot_id": offered["slots"][0]["id"]})
    hour, minute = divmod(int(begins[:2]) * 60 + int(begins[3:]) - 14, 60)
    await county.at(f"{hour:02d}:{minute:02d}")
    return chosen


@asynccontextmanager
async def at_the_door(
    playwright: Playwright, county: County, username: str, consult: Json, viewport: ViewportSize = DESK
) -> AsyncIterator[Page]:
    """Sign somebody in at a browser of her own, and let her try her devices before the room."""
    async with AsyncExitStack() as stack:
        browser = await stack.enter_async_context(chromium(playwright))
        page = await stack.enter_async_context(at_a_screen(browser, county, username, viewport))
        await page.goto(f"{county.hub.url}/consults/{consult['id']}")
        await page.get_by_role("button", name="进入会诊室").click()
        await page.wait_for_url("**/room")
        await expect(page.get_by_text("医院连得上")).to_be_visible()
        yield page


async def enters(page: Page) -> None:
    """Go in with what the device check found."""
    await page.get_by_role("button", name="进入会诊室").click()


@asynccontextmanager
async def patient_at_the_door(
    playwright: Playwright, county: County, consult: Json, viewport: ViewportSize
) -> AsyncIterator[Page]:
    """Open the patient's link in a phone's browser and prove the digits."""
    doctor = await county.person("lilan")
    link = await doctor.does(f"{CONSULTS}/{consult['id']}/links")
    async with chromium(playwright) as browser:
        context = await browser.new_context(viewport=viewport, locale="zh-CN", device_scale_factor=2, has_touch=True)
        page = await context.new_page()
        broken: list[str] = []
        page.on("pageerror", lambda error: broken.append(str(error)))
        await page.goto(link["url"])
        await page.get_by_role("textbox").fill(LAST_FOUR)
        await page.get_by_role("button").first.click()
        await expect(page.get_by_role("heading", name="先试一下手机")).to_be_visible()
        yield page
        assert broken == [], broken


async def plays(video: Locator, *, seconds: float = 60) -> None:
    """Wait until a picture moves; it may be paused and come anew meanwhile."""
    end, before = time.monotonic() + seconds, -1.0
    while True:
        at = await video.first.evaluate(PLAYED, timeout=1000 * seconds)
        if 0 <= before < at:
            return
        before = at
        assert time.monotonic() < end, "the picture stands still"
        await asyncio.sleep(0.3)


def face(page: Page, name: str) -> Locator:
    """Return somebody's picture in the staff's room."""
    return page.get_by_role("figure", name=re.compile(f"^{name}$")).locator("video")
