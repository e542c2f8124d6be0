"""Consults in a browser: the township asks, the desk offers, a time is chosen, an expert signs, it is adopted.

One story in its order on real screens of the four; every page it passes is looked at with axe, on a desk and a phone.
"""

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, Page, expect, sync_playwright

from tests.browser.colleagues import ROOT, Colleague, registers, serious, signs_in
from tests.flows.consulting import application
from tests.servers.hub import PASSWORD, RunningHub

pytestmark = pytest.mark.skipif(not (ROOT / "web/dist/index.html").is_file(), reason="web/dist is not built")
PATIENCE = 20_000
FORM = {
    "希望的职称": "副主任",
    "主诉": "反复胸闷3月",
    "现病史": "活动后加重",
    "病历摘要": "男，66岁，高血压10年",
    "会诊原因": "诊断不明",
    "会诊目的": "是否需要造影",
    "初步诊断": "稳定型心绞痛",
    "诊断编码": "I20.800x007",
    "谁书面同意的": "病人本人",
}
OPINION = {"所见资料": "静息心电图", "诊断": "冠心病，稳定型心绞痛", "治疗建议": "阿司匹林100mg"}


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Give a Chromium."""
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
        yield chromium
        chromium.close()


@pytest.fixture
def enter(browser: Browser, hub: RunningHub) -> Iterator[Callable[..., Page]]:
    """Return how somebody signs in, each in a browser of her own; no error of a page goes by."""
    expect.set_options(timeout=PATIENCE)
    screens: list[Page] = []
    broken: list[str] = []

    def sign_in(who: str, width: int = 1366, height: int = 768) -> Page:
        page = signs_in(browser, hub, who, width=width, height=height)
        page.on("pageerror", lambda error: broken.append(f"{who}: {error}"))
        page.set_default_timeout(PATIENCE)
        screens.append(page)
        return page

    yield sign_in
    for page in screens:
        page.context.close()
    assert broken == []


@pytest.fixture(scope="module")
def lilan(hub: RunningHub) -> Colleague:
    """Give the doctor of the township."""
    return Colleague(hub, "lilan")


def sheet(page: Page) -> Locator:
    return page.get_by_role("dialog")


def picks(page: Page, box: Locator, label: str) -> None:
    """Choose from a list that opens."""
    box.click()
    page.get_by_title(label, exact=False).first.click()


def stands(page: Page, state: str) -> None:
    """Wait until the page says how far the consult is."""
    expect(page.get_by_role("heading", name=re.compile(f"^{state} · H-"))).to_be_visible(timeout=PATIENCE)


def asks(page: Page, patient: dict[str, Any]) -> str:
    """Apply for a call about a patient from her own page; return the consult's address."""
    page.goto(f"/patients/{patient['id']}")
    page.get_by_role("button", name="申请会诊").click()
    page.get_by_role("radio", name="云岭县人民医院").click()
    page.get_by_role("radio", name="视频").click()
    page.get_by_role("combobox", name="请什么专业").fill("心内")
    page.keyboard.press("Enter")
    for label, words in FORM.items():
        page.get_by_role("textbox", name=label, exact=True).fill(words)
    page.get_by_label("第一希望").fill("2030-01-07T15:00")
    page.get_by_role("checkbox", name="病人或家属已书面同意").check()
    assert serious(page) == []
    page.get_by_role("button", name="送出申请").click()
    page.wait_for_url(re.compile(r"/consults/[0-9a-f]{24}$"))
    return page.url


def test_a_consult_goes_from_the_township_to_its_adoption_on_the_screens(
    enter: Callable[..., Page], lilan: Colleague
) -> None:
    township, desk, expert = enter("lilan", 390, 844), enter("zhoumin"), enter("zhaoning")
    address = asks(township, registers(lilan))
    stands(township, "待受理")
    assert serious(township) == []

    desk.goto(address)
    desk.get_by_role("button", name="受理，定专家").click()
    picks(desk, sheet(desk).get_by_role("combobox"), "赵宁 副主任 心内")
    desk.keyboard.press("Escape")
    sheet(desk).get_by_role("button", name="确定").click()
    stands(desk, "待安排")
    _offers_and_chooses(desk, township)
    _is_written_and_signed(expert, address)

    township.goto(address)
    stands(township, "待采纳")
    expect(township.get_by_text("冠心病，稳定型心绞痛")).to_be_visible()
    with township.context.expect_page() as paper:
        township.get_by_role("link", name="打印意见书").click()
    assert "/opinion/pdf" in paper.value.url or paper.value.url == "about:blank"
    paper.value.close()
    township.bring_to_front()  # a page behind another one does not end its motions: a closed sheet would stay
    township.get_by_role("button", name="填采纳情况").click()
    sheet(township).get_by_role("radio", name="部分采纳").check()
    sheet(township).get_by_role("textbox", name="没有全部采纳的，写原因").fill("本院无此药")
    sheet(township).get_by_role("button", name="确定").click()
    stands(township, "待结案")
    expect(sheet(township)).to_have_count(0)
    assert serious(township) == []
    township.get_by_role("button", name="结案", exact=True).click()
    stands(township, "已结案")


def _offers_and_chooses(desk: Page, township: Page) -> None:
    """Offer the first two times that expert and room have free; the township's page shows them by itself."""
    desk.get_by_role("button", name="提供时间").click()
    free = sheet(desk).get_by_role("checkbox")
    expect(free.first).to_be_attached(timeout=PATIENCE)
    for at in (0, 1):
        free.nth(at).check()
    expect(sheet(desk).get_by_role("list", name="要提供的时间").get_by_role("listitem")).to_have_count(2)
    assert serious(desk) == []
    sheet(desk).get_by_role("button", name="确定").click()
    stands(desk, "待选时间")
    township.get_by_role("button", name="选时间").click()  # it comes without a reload
    sheet(township).get_by_role("radio").nth(1).check()
    assert serious(township) == []
    sheet(township).get_by_role("button", name="确定").click()
    stands(township, "已约时间")
    chosen = township.locator("dd time").first.get_attribute("datetime") or ""
    desk.goto(f"/consults/schedule?day={_day(desk, chosen)}")
    expect(desk.get_by_role("list", name="会诊日程").get_by_role("link", name=re.compile("赵宁"))).to_have_count(1)
    assert serious(desk) == []


def _day(page: Page, instant: str) -> str:
    """Return the county's day of an instant, worked out by the browser."""
    return str(
        page.evaluate(
            "at => new Intl.DateTimeFormat('sv-SE', {timeZone: 'Asia/Shanghai'}).format(new Date(at))", instant
        )
    )


def _is_written_and_signed(expert: Page, address: str) -> None:
    expert.goto("/consults?box=mine")
    expect(expert.get_by_role("list", name="会诊").get_by_role("link")).not_to_have_count(0)
    expert.goto(address)
    expert.get_by_role("button", name="书面答复").click()
    stands(expert, "写意见")
    for label, words in OPINION.items():
        expert.get_by_role("textbox", name=label, exact=True).fill(words)
    expert.get_by_role("radio", name="不用转").check()
    expect(expert.get_by_text(re.compile("^已存"))).to_be_visible(timeout=PATIENCE)
    assert serious(expert) == []
    expert.get_by_role("button", name="签发意见").click()
    sheet(expert).get_by_label("登录密码").fill(PASSWORD)
    sheet(expert).get_by_role("button", name="确定").click()
    stands(expert, "待采纳")


def test_an_emergency_is_sent_with_who_approved_it(enter: Callable[..., Page], lilan: Colleague) -> None:
    page = enter("lilan")
    page.goto(f"/consults/new?patient={registers(lilan)['id']}")
    page.get_by_role("radio", name="云岭县人民医院").click()
    page.get_by_role("radio", name="急", exact=True).click()
    page.get_by_role("radio", name="视频").click()
    page.get_by_role("combobox", name="请什么专业").fill("心内")
    page.keyboard.press("Enter")
    page.get_by_role("textbox", name="病历摘要").fill("昏迷，病史不详")
    page.get_by_role("textbox", name="会诊目的").fill("如何处置")
    page.get_by_role("button", name="送出申请").click()
    expect(page.get_by_text("要写这一项").first).to_be_visible()
    assert serious(page) == []
    picks(page, page.get_by_role("combobox", name="谁批准"), "海英")
    page.get_by_role("textbox", name="为什么等不及同意").fill("家属在路上")
    page.get_by_role("button", name="送出申请").click()
    stands(page, "待受理")
    expect(page.get_by_text(re.compile("急会诊，.* 批准：家属在路上"))).to_be_visible()
    page.get_by_role("button", name="补书面同意").click()
    sheet(page).get_by_role("textbox", name="谁书面同意的").fill("长子")
    assert serious(page) == []
    sheet(page).get_by_role("button", name="确定").click()
    expect(page.get_by_text("长子 书面同意")).to_be_visible()
    expect(page.get_by_role("button", name="补书面同意")).to_have_count(0)


def test_medical_affairs_keeps_the_roster_and_a_township_reads_it(enter: Callable[..., Page]) -> None:
    township, affairs = enter("lilan", 390, 844), enter("yiwu")
    for page in (township, affairs):
        page.goto("/consults/experts")
        expect(page.get_by_role("list", name="云岭县人民医院").get_by_text("赵宁")).to_be_visible()
        assert serious(page) == []
        assert not page.evaluate("document.documentElement.scrollWidth > innerWidth")
    expect(township.get_by_role("button", name=re.compile("修改"))).to_have_count(0)
    affairs.get_by_role("button", name="修改 郭恒").click()
    sheet(affairs).get_by_role("button", name="加一段时间").click()
    assert serious(affairs) == []
    sheet(affairs).get_by_role("button", name="确定").click()
    expect(sheet(affairs)).to_have_count(0)
    expect(affairs.get_by_text(re.compile("周一 08:00–10:00"))).to_be_visible()


@pytest.mark.parametrize(("width", "height"), [(1366, 768), (390, 844), (360, 740)])
def test_every_page_fits_its_screen(enter: Callable[..., Page], lilan: Colleague, width: int, height: int) -> None:
    patient = registers(lilan)
    consult = lilan("POST", "/api/v1/consults", application(patient["id"]))
    page = enter("lilan", width, height)
    for path in (
        "/consults",
        "/consults/schedule",
        f"/consults/{consult['id']}",
        f"/consults/new?patient={patient['id']}",
    ):
        page.goto(path)
        page.get_by_role("heading", level=2).first.wait_for()
        assert not page.evaluate("document.documentElement.scrollWidth > innerWidth"), path
        assert serious(page) == [], path
