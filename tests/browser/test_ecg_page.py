"""The ECG page: paper that is true to size, calipers that read milliseconds, a report signed by two."""

from itertools import pairwise
from pathlib import Path

from playwright.async_api import Browser, Page, expect

from dicom.ecg.synthesis import EcgRecipe
from server.cli.morning import MA, PEOPLE, Person, ecg_object
from tests.browser.screens import at_a_screen
from tests.flows.county import County, as_registration
from tests.flows.devices import device_sends, written
from tests.servers.hub import PASSWORD

SU, TIAN = PEOPLE[4], PEOPLE[5]
INFERIOR = EcgRecipe(rate_bpm=60, pr_ms=180, qt_ms=410, st_mv={"II": 0.3, "III": 0.3, "aVF": 0.3})
SHEET = "12 导联心电图，3×4+1，25 毫米每秒，10 毫米每毫伏"
STRONG_LINES = """(canvas) => {
  const row = canvas.getContext('2d').getImageData(0, canvas.height - 3, canvas.width, 1).data;
  const strong = [];
  for (let x = 0; x < canvas.width; x += 1) {
    const [red, green, blue] = row.slice(4 * x, 4 * x + 3);
    if (red === 0xED && green === 0xB4 && blue === 0xA8) strong.push(x * canvas.clientWidth / canvas.width);
  }
  return strong;
}"""


async def an_ecg_waits(county: County, folder: Path, who: Person) -> str:
    """Let the township order an ECG and its device send it; return the order's id once it can be claimed."""
    lilan = await county.person("lilan")
    patient = await county.registers(lilan, as_registration(who))
    order = await lilan.places(patient, "ecg", "emergency", question="胸痛 50 分钟", expected_instances=1)
    content = ecg_object(who, INFERIOR, accession=order["accession"], at=county.moment("08:16"), seed=5)
    await device_sends(county.hub, "T01", written(folder, [content], "ecg"))
    await lilan.waits_for(order["id"], "ready")
    return str(order["id"])


async def drag(page: Page, name: str, millimetres: float, px_per_mm: float) -> None:
    """Draw the calipers over so many millimetres of paper."""
    box = await page.get_by_role("application", name=name).bounding_box()
    assert box is not None
    x, y = box["x"] + 120, box["y"] + 200
    await page.mouse.move(x, y)
    await page.mouse.down()
    await page.mouse.move(x + millimetres * px_per_mm, y, steps=5)
    await page.mouse.up()


async def test_the_paper_is_true_to_size_and_calipers_read_it(
    yunling: County, browser: Browser, tmp_path: Path
) -> None:
    order = await an_ecg_waits(yunling, tmp_path, SU)
    async with at_a_screen(browser, yunling, "wangke") as page:
        await page.goto(f"{yunling.hub.url}/ecg/{order}")
        sheet = page.get_by_role("img", name=SHEET)
        await expect(sheet).to_be_visible()
        px_per_mm = float(await page.locator("[data-px-per-mm]").get_attribute("data-px-per-mm") or 0)
        assert abs(5 * px_per_mm - 18.9) <= 0.1
        lines = await sheet.locator("canvas").evaluate(STRONG_LINES)
        assert len(lines) >= 50, lines
        assert all(abs(b - a - 5 * px_per_mm) <= 1 for a, b in pairwise(lines)), lines  # whole pixels of the screen

        await page.keyboard.press("l")
        await drag(page, "卡尺", 25, px_per_mm)
        reading = page.get_by_role("status").filter(has_text="ms")
        await expect(reading).to_contain_text("1000 ms")
        await expect(reading).to_contain_text("60/min")
        table = page.get_by_role("table", name="测量")
        await expect(table.get_by_role("row", name="心率")).to_contain_text("60")
        await expect(page.get_by_text("自动测量，仅供参考").first).to_be_visible()


async def test_a_critical_ecg_is_signed_by_one_and_released_by_another(
    yunling: County, browser: Browser, tmp_path: Path
) -> None:
    order = await an_ecg_waits(yunling, tmp_path, MA)
    async with at_a_screen(browser, yunling, "wangke") as page:
        await page.get_by_role("row").filter(has_text=MA.name).dblclick()
        await page.wait_for_url(f"**/ecg/{order}")
        await page.get_by_role("textbox", name="诊断意见").fill("急性下壁心肌梗死")
        await page.get_by_role("checkbox", name="危急").check()
        await expect(page.get_by_text("马上打电话给石门镇卫生院")).to_be_visible()
        await expect(page.get_by_text("已存到服务器")).to_be_visible()
        await page.keyboard.press("Control+Enter")
        await page.get_by_label("再写一次密码").fill(PASSWORD)
        await page.keyboard.press("Enter")
        await expect(page.get_by_text("已签名，送审核医师")).to_be_visible()

    wangke = await yunling.person("wangke")
    report = await wangke.sees(f"/api/v1/reading-orders/{order}/report")
    assert (report["state"], report["impression"], report["critical"]) == ("signed", "急性下壁心肌梗死", True)

    async with at_a_screen(browser, yunling, "chenyue") as page:
        await page.goto(f"{yunling.hub.url}/ecg/{order}")
        await expect(page.get_by_text("急性下壁心肌梗死")).to_be_visible()
        await page.get_by_role("button", name="审核签发").click()
        await page.get_by_label("再写一次密码").fill(PASSWORD)
        await page.keyboard.press("Enter")
        await page.wait_for_url("**/worklist")
        await page.goto(f"{yunling.hub.url}/ecg/{order}")
        await expect(page.get_by_text("已签发", exact=True)).to_be_visible()


async def test_who_wrote_a_report_is_told_why_she_cannot_release_it(
    yunling: County, browser: Browser, tmp_path: Path
) -> None:
    order = await an_ecg_waits(yunling, tmp_path, TIAN)
    chenyue = await yunling.person("chenyue")
    await chenyue.reads_and_signs(order, "", "窦性心律")
    async with at_a_screen(browser, yunling, "chenyue") as page:
        await page.goto(f"{yunling.hub.url}/ecg/{order}")
        release = page.get_by_role("button", name="审核签发")
        await expect(release).to_have_attribute("aria-disabled", "true")
        await expect(page.get_by_text("报告人和审核人不能是同一个人")).to_be_visible()
