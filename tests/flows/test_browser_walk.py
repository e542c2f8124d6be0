"""Walk A in the browser: 李兰 sends, 哈志远 reads and signs, 罗燕 verifies, the report is back on 李兰's desk.

In the middle the web process is killed: the pages stay, the walk goes on, what was written is there.
"""

import asyncio
import contextlib
import re
import signal
from collections.abc import AsyncIterator
from pathlib import Path

import psutil
import pytest
from playwright.async_api import Browser, Page, async_playwright, expect

from server.cli.morning import MA as P1
from server.cli.morning import chest_object
from server.clock import SystemClock
from server.settings import ROOT
from tests.flows.devices import written
from tests.servers.hub import PASSWORD, RunningHub
from tests.servers.processes import require_playwright, system_program, wait_until

pytestmark = pytest.mark.browser
expect.set_options(timeout=30_000)
PATIENCE = 30_000  # milliseconds; the machine may be busy
FINDINGS, IMPRESSION = "两肺纹理清晰，未见气胸线。", "未见气胸。"


@pytest.fixture
async def browser() -> AsyncIterator[Browser]:
    if not (ROOT / "web" / "dist" / "index.html").is_file():
        pytest.skip("web/dist is not built (make setup)")
    chromium = system_program("chromium", "chromium")
    require_playwright()
    async with async_playwright() as playwright:
        running = await playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        yield running
        await running.close()


async def signs_in(browser: Browser, hub: RunningHub, username: str) -> Page:
    """Open a browser of her own and sign in; she comes to where her work begins."""
    context = await browser.new_context(base_url=hub.url, locale="zh-CN", viewport={"width": 1440, "height": 900})
    page = await context.new_page()
    page.set_default_timeout(PATIENCE)
    await page.goto("/login")
    await page.get_by_label("用户名").fill(username)
    await page.get_by_label("密码", exact=True).fill(PASSWORD)
    await page.get_by_role("button", name=re.compile(r"^登\s*录$")).click()
    await page.wait_for_url(lambda address: "/login" not in address)
    return page


async def registers(page: Page) -> None:
    """Register 马建国 on the way to sending; the ID card fills sex and birth date."""
    await page.goto("/send")
    await page.get_by_role("button", name="登记居民").click()
    await page.get_by_label("身份证号", exact=True).fill("990101195803120036")
    await expect(page.get_by_text("号码正确")).to_have_count(0)
    await page.get_by_label("身份证号", exact=True).fill("990101195803120035")
    await expect(page.get_by_text("号码正确：男，1958-03-12 出生")).to_be_visible()
    await page.get_by_label("姓名").fill("马建国")
    await page.get_by_role("button", name=re.compile(r"^登\s*记$")).click()
    await page.wait_for_url(re.compile("patient="))


async def sends(page: Page, file: Path) -> None:
    """Choose the file, say what is asked and how soon, send; every byte arrives."""
    await page.locator("input[type=file]").first.set_input_files(file)
    await page.locator("#question").fill("胸痛 1 小时，除外气胸")
    await page.get_by_text("急诊", exact=True).click()
    await page.get_by_role("button", name="胸痛").click()
    await expect(page.get_by_text("DX → 放射诊断中心")).to_be_visible()
    await page.get_by_role("button", name="发出，送放射诊断中心").click()
    await expect(page.get_by_text("1 张都已到县里").first).to_be_visible()


async def claims_and_writes(page: Page) -> None:
    """Take the study from the worklist, look at it, write; the page saves by itself."""
    await page.goto("/worklist")
    await page.get_by_text("马建国").first.click()
    await page.get_by_role("button", name="领取并阅片").click()
    await page.wait_for_url(re.compile("/read"))
    await page.get_by_label("所见").fill(FINDINGS)
    await page.get_by_label("诊断意见").fill(IMPRESSION)
    await expect(page.get_by_text("已存到服务器")).to_be_visible()


async def signs(page: Page, opens: re.Pattern[str], confirms: str, told: str) -> None:
    """Prove who she is, and sign or verify."""
    await page.get_by_role("button", name=opens).first.click()
    dialog = page.get_by_role("dialog")
    await dialog.get_by_label("再写一次密码").fill(PASSWORD)
    await dialog.get_by_role("button", name=confirms).click()
    await expect(page.get_by_text(told).first).to_be_visible()


async def verifies(page: Page) -> None:
    """Find what waits for the second physician, and release it."""
    await page.goto("/worklist")
    await page.get_by_text("马建国").first.click()
    await page.get_by_role("button", name=re.compile("打开看看")).click()
    await page.wait_for_url(re.compile("/read"))
    await expect(page.get_by_text(IMPRESSION).first).to_be_visible()
    await signs(page, re.compile("审核签发"), "审核签发", "已签发，报告已回到送检机构")


async def finds_the_report_on_her_desk(page: Page) -> None:
    """See the unread result and open it: that is the receipt of an ordinary report; then nothing is unread."""
    await page.goto("/desk")
    await page.get_by_text(IMPRESSION).first.click()
    await page.wait_for_url(re.compile("/results/"))
    await expect(page.get_by_text(FINDINGS)).to_be_visible()
    receipt = page.locator("dt", has_text="签收").locator("xpath=following-sibling::dd[1]")
    await expect(receipt).to_contain_text("李兰")
    await page.goto("/results")
    await expect(page.get_by_text("都看过了").first).to_be_visible()


def web_of(hub: RunningHub) -> psutil.Process | None:
    """Return the process that answers HTTP now."""
    for child in psutil.Process(hub.process.pid).children(recursive=True):
        with contextlib.suppress(psutil.NoSuchProcess):  # a zombie is one too
            if child.cmdline()[-1:] == ["web"]:
                return child
    return None


async def the_web_process_is_killed(hub: RunningHub) -> None:
    """Kill it as a power cut would, and wait until the supervisor has another."""
    before = web_of(hub)
    assert before is not None
    before.send_signal(signal.SIGKILL)

    def another_answers() -> bool:
        now = web_of(hub)
        return now is not None and now.pid != before.pid and hub.is_ready()

    await asyncio.to_thread(wait_until, another_answers, seconds=40, what="another web process", log=hub.log)


async def test_a_study_goes_to_the_county_and_back_in_the_browser(
    module_hub: RunningHub, browser: Browser, tmp_path: Path
) -> None:
    (file,) = written(tmp_path, [chest_object(P1, accession="", at=SystemClock().now())], "chest")
    lan = await signs_in(browser, module_hub, "lilan")
    await registers(lan)
    await sends(lan, file)
    reader = await signs_in(browser, module_hub, "hazhiyuan")
    await claims_and_writes(reader)
    await the_web_process_is_killed(module_hub)
    await expect(reader.get_by_label("所见")).to_have_value(FINDINGS)
    await reader.reload()
    await expect(reader.get_by_label("诊断意见")).to_have_value(IMPRESSION)
    await signs(reader, re.compile("签名"), "签名并送审", "已签名，送审核医师")
    reviewer = await signs_in(browser, module_hub, "luoyan")
    await verifies(reviewer)
    await finds_the_report_on_her_desk(lan)
