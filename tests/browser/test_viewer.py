"""The reading room's pictures: a still at once, then the stored 16 bits, through the window that the reader chose."""

import math
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from playwright.async_api import Browser, Page, expect
from pydicom.dataset import FileDataset

from server.cli.morning import PEOPLE
from tests.browser.screens import PHONE, at_a_screen, scrolls_sideways
from tests.builders.dicom_objects import CT, NameInBytes, image_dataset, part10
from tests.flows.county import County, as_registration
from tests.flows.devices import device_sends, written

LI = PEOPLE[2]
SENT: dict[int, str] = {}  # by the hub's port: the order of its CT
SIZE = 64
AIR, FAT, AORTA, BONE = -1000, -80, 60, 400
PATCHES = {AIR: (16, 16), FAT: (48, 16), AORTA: (16, 48), BONE: (48, 48)}  # HU: column, row of its middle
ABDOMEN, LUNG = (50.0, 380.0), (-600.0, 1500.0)
FULL = "canvas[data-sharpness=full]"
LOOK = """() => {
  const canvas = document.querySelector('canvas[data-sharpness=full]');
  const data = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data;
  const ratio = canvas.width / canvas.clientWidth;
  const box = canvas.dataset.box.split(',').map(Number);
  return { center: Number(canvas.dataset.center), width: Number(canvas.dataset.width), slice: canvas.dataset.slice,
           box, ratio, columns: canvas.width, red: Array.from(data.filter((_, at) => at % 4 === 0)) };
}"""


def patches(instance: int) -> FileDataset:
    """Return a CT slice of four squares of known HU, stored as signed 16 bits with an intercept of −1024."""
    ds = image_dataset(CT, study=77, instance=instance, size=SIZE, name=NameInBytes(LI.name.encode(), "ISO_IR 192"))
    half = SIZE // 2
    hu: npt.NDArray[np.int16] = np.zeros((SIZE, SIZE), dtype=np.int16)
    for value, (column, row) in PATCHES.items():
        top, left = row // half * half, column // half * half
        hu[top : top + half, left : left + half] = value
    ds.RescaleIntercept, ds.PixelData = "-1024", (hu + 1024).astype(np.int16).tobytes()
    ds.PatientID, ds.PatientSex, ds.PatientBirthDate = LI.resident_id, "F", LI.born
    return ds


def grey(value: float, center: float, width: float) -> float:
    """Return what PS3.3 C.11.2.1.2.1 makes of a modality value."""
    return min(255.0, max(0.0, ((value - (center - 0.5)) / (width - 1) + 0.5) * 255))


def seen(look: dict[str, Any], value: int) -> float:
    """Return the grey on the canvas in the middle of a patch."""
    left, top, width, height = look["box"]
    column, row = PATCHES[value]
    x = (left + column / SIZE * width) * look["ratio"]
    y = (top + row / SIZE * height) * look["ratio"]
    return float(look["red"][int(y) * look["columns"] + int(x)])


@pytest.fixture
async def ct(yunling: County, tmp_path: Path) -> str:
    """Return the one CT of this hub, whichever test asks for it first."""
    if yunling.hub.http_port not in SENT:
        SENT[yunling.hub.http_port] = await a_ct_waits(yunling, tmp_path)
    return SENT[yunling.hub.http_port]


async def a_ct_waits(county: County, folder: Path) -> str:
    """Let the township order a CT and its scanner send it; return the order's id once it can be claimed."""
    lilan = await county.person("lilan")
    patient = await county.registers(lilan, as_registration(LI))
    order = await lilan.places(patient, "radiology", "urgent", question="请排除夹层", expected_instances=2)
    slices = [patches(number) for number in (1, 2)]
    for ds in slices:
        ds.AccessionNumber = order["accession"]
    await device_sends(county.hub, "T01", written(folder, [part10(ds) for ds in slices]))
    await lilan.waits_for(order["id"], "ready")
    return str(order["id"])


async def matches_stored_values(page: Page, window: tuple[float, float]) -> dict[str, Any]:
    """Check every patch on the canvas against what the stored values give under that window."""
    canvas = page.locator(FULL)
    await expect(canvas).to_have_attribute("data-center", f"{window[0]:g}")
    await expect(canvas).to_have_attribute("data-width", f"{window[1]:g}")
    look: dict[str, Any] = await page.evaluate(LOOK)
    for value in PATCHES:
        assert math.isclose(seen(look, value), grey(value, *window), abs_tol=2), (value, window)
    return look


@pytest.mark.usefixtures("ct")
async def test_the_canvas_shows_the_stored_values_through_two_windows(yunling: County, browser: Browser) -> None:
    async with at_a_screen(browser, yunling, "hazhiyuan") as page:
        row = page.get_by_role("row").filter(has_text=LI.name)
        await row.dblclick()
        await page.wait_for_url("**/read/*")
        await expect(page.get_by_role("toolbar", name="阅片工具")).to_be_visible()
        await page.locator(FULL).wait_for()
        await page.keyboard.press("1")
        abdomen = await matches_stored_values(page, ABDOMEN)
        assert seen(abdomen, AORTA) > seen(abdomen, FAT)
        await page.keyboard.press("3")
        await matches_stored_values(page, LUNG)

        picture = page.get_by_role("slider", name="本次")
        await picture.focus()
        await page.keyboard.press("ArrowDown")
        await expect(picture).to_have_attribute("aria-valuenow", "2")
        await expect(page.locator(FULL)).to_have_attribute("data-slice", "2")
        await matches_stored_values(page, LUNG)

        await page.get_by_role("button", name="反相").click()
        await page.wait_for_timeout(300)
        look = await page.evaluate(LOOK)
        assert math.isclose(seen(look, AIR), 255 - grey(AIR, *LUNG), abs_tol=3)


@pytest.mark.usefixtures("ct")
async def test_a_length_is_measured_in_the_millimetres_of_the_device(yunling: County, browser: Browser) -> None:
    async with at_a_screen(browser, yunling, "hazhiyuan") as page:
        await page.get_by_role("row").filter(has_text=LI.name).dblclick()
        await page.locator(FULL).wait_for()
        await page.keyboard.press("l")
        look = await page.evaluate(LOOK)
        left, top, width, height = look["box"]
        surface = await page.get_by_role("slider", name="本次").bounding_box()
        assert surface is not None
        x, y = surface["x"] + left, surface["y"] + top
        await page.mouse.move(x + 16 / SIZE * width, y + 16 / SIZE * height)
        await page.mouse.down()
        await page.mouse.move(x + 48 / SIZE * width, y + 16 / SIZE * height, steps=4)
        await page.mouse.up()
        await expect(page.get_by_text("22.4 mm")).to_be_visible()  # 32 pixels of 0.7 mm


async def test_a_phone_gets_the_still_and_may_not_sign(yunling: County, browser: Browser, ct: str) -> None:
    reader = await yunling.person("hazhiyuan")
    if (await reader.sees(f"/api/v1/reading-orders/{ct}"))["state"] == "ready":  # no other test has claimed it yet
        await reader.does(f"/api/v1/reading-orders/{ct}/claim")
    async with at_a_screen(browser, yunling, "hazhiyuan", PHONE) as page:
        await page.get_by_role("button", name=LI.name).click()
        still = page.locator("canvas[data-sharpness=rendered][data-ready=true]")
        await still.wait_for()
        assert await page.locator(FULL).count() == 0
        assert not await scrolls_sideways(page)
        await page.get_by_text("报告", exact=True).click()
        sign = page.get_by_role("button", name="签名，送审并看下一份")
        await expect(sign).to_have_attribute("aria-disabled", "true")
        assert not await scrolls_sideways(page)
