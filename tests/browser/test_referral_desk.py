"""The referral desk in a browser: only what may be done, why not the rest, clocks, the telephone, news, and keys."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, Page, expect, sync_playwright

from tests.browser.colleagues import ROOT, Colleague, refers, serious, signs_in
from tests.servers.hub import RunningHub

KIDNEY = ("N18.900", "慢性肾脏病")
BRAIN = ("I63.900", "脑梗死")
WORDS = {"accept": "接收", "ask": "请补资料", "redirect": "改送他院", "decline": "婉拒", "arrive": "登记到院"}
SOON = 8_000  # ms within which another's act has to be seen

pytestmark = pytest.mark.skipif(not (ROOT / "web/dist/index.html").is_file(), reason="web/dist is not built")


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Give a Chromium."""
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
        yield chromium
        chromium.close()


@pytest.fixture(scope="module")
def page(browser: Browser, hub: RunningHub) -> Iterator[Page]:
    """Give the desk's screen: 周敏 signs in once for all of these tests; no error of a page goes by."""
    broken: list[str] = []
    screen = signs_in(browser, hub, "zhoumin")
    screen.on("pageerror", lambda error: broken.append(str(error)))
    yield screen
    screen.context.close()
    assert broken == []


@pytest.fixture(scope="module")
def lilan(hub: RunningHub) -> Colleague:
    """Give the doctor of the township, who refers."""
    return Colleague(hub, "lilan")


@pytest.fixture(scope="module")
def hanxue(hub: RunningHub) -> Colleague:
    """Give the other one at the desk."""
    return Colleague(hub, "hanxue")


def shows(page: Page, ticket: dict[str, Any]) -> Locator:
    """Open a ticket on the desk; from here on a reload would be noticed."""
    page.goto(f"/referrals/{ticket['id']}")
    shown = page.get_by_role("article", name=f"转诊单 {ticket['number']}")
    expect(shown.get_by_role("heading", name=ticket["patient"]["name"])).to_be_visible(timeout=20_000)
    page.evaluate("window.sameAsBefore = true")
    return shown


def row(page: Page, ticket: dict[str, Any]) -> Locator:
    """Return a ticket's row of the list."""
    return page.get_by_label("转诊单", exact=True).locator(f"[data-row='{ticket['id']}']")


def button(of: Locator, command: str) -> Locator:
    """Return the button of a command by its word."""
    return of.get_by_role("button", name=re.compile(f"^{WORDS[command]}"))


def test_only_what_is_legal_may_be_pressed_and_the_rest_says_why(page: Page, hub: RunningHub, lilan: Colleague) -> None:
    zhoumin = Colleague(hub, "zhoumin")
    opened = refers(lilan, "肾内", KIDNEY)
    zhoumin("POST", f"/api/v1/referrals/{opened['id']}/open")
    for ticket in (refers(lilan, "肾内", KIDNEY), opened):
        shown = shows(page, ticket)
        commands = zhoumin("GET", f"/api/v1/referrals/{ticket['id']}")["commands"]
        legal = {command["name"] for command in commands if command["allowed"]}
        assert WORDS.keys() - legal, "something is to be grey"
        for name in WORDS.keys() - {"accept"} | ({"accept"} & legal):
            if name in legal:
                expect(button(shown, name)).not_to_have_attribute("aria-disabled", "true")
            else:
                expect(button(shown, name)).to_have_attribute("aria-disabled", "true")
                expect(button(shown, name)).to_have_accessible_description(re.compile("^要先到“"))


def test_nobody_turns_a_dying_patient_away_and_the_button_says_who_may_send_on(page: Page, lilan: Colleague) -> None:
    shown = shows(page, refers(lilan, "肾内", BRAIN, level=1))
    expect(shown.get_by_role("button", name=re.compile("^接收"))).not_to_have_attribute("aria-disabled", "true")
    decline = button(shown, "decline")
    expect(decline).to_have_accessible_description("Ⅰ / Ⅱ 级不能婉拒，须由医务部主任改送")
    decline.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("dialog")).to_have_count(0)


def test_the_stage_s_clock_says_limit_and_hour_stands_still_and_goes_on(page: Page, lilan: Colleague) -> None:
    ticket = refers(lilan, "肾内", KIDNEY)
    shown = shows(page, ticket)
    expect(shown.get_by_role("timer")).to_have_text(re.compile(r"^剩 (29:\d\d|30:00)$"))
    expect(shown.get_by_text(re.compile(r"^内打开（限 30 分，\d\d:\d\d）$"))).to_be_visible()
    shown.get_by_role("button", name=re.compile("^打开")).click()
    expect(shown.get_by_text(re.compile(r"^内答复（限 30 分，\d\d:\d\d）$"))).to_be_visible()
    button(shown, "ask").click()
    page.get_by_role("dialog").get_by_role("textbox").fill("请补肾功能")
    page.get_by_role("dialog").get_by_role("button", name="问对方，计时暂停").click()
    expect(row(page, ticket).get_by_role("timer")).to_have_text(re.compile("^暂停"))
    lilan("POST", f"/api/v1/referrals/{ticket['id']}/answer", {"text": "肌酐 380"})
    expect(row(page, ticket).get_by_role("timer")).to_have_text(re.compile("^剩 "), timeout=SOON)
    expect(shown.get_by_label("事件与对话")).to_contain_text("肌酐 380")


def test_the_sender_is_one_tap_away(page: Page, lilan: Colleague) -> None:
    shown = shows(page, refers(lilan, "肾内", KIDNEY))
    expect(shown.get_by_role("link", name=re.compile("^打电话给石门镇卫生院 "))).to_have_attribute(
        "href", re.compile(r"^tel:\d+$")
    )


def test_what_others_do_is_seen_without_a_reload(page: Page, lilan: Colleague, hanxue: Colleague) -> None:
    ticket = refers(lilan, "肾内", KIDNEY)
    address = f"/api/v1/referrals/{ticket['id']}"
    shown = shows(page, ticket)
    hanxue("POST", f"{address}/open")
    expect(shown.get_by_text("韩雪 正在办这张单。您也能做，先问一句。")).to_be_visible(timeout=SOON)
    expect(button(shown, "accept")).to_be_enabled()
    lilan("POST", f"{address}/messages", {"text": "家属问几点能到"})
    expect(shown.get_by_label("事件与对话")).to_contain_text("家属问几点能到", timeout=SOON)
    hanxue("POST", f"{address}/accept")
    expect(shown.locator("[aria-current=step]")).to_contain_text("留床", timeout=SOON)
    expect(button(shown, "decline")).to_have_attribute("aria-disabled", "true")

    fresh = refers(lilan, "肾内", KIDNEY)
    expect(page.get_by_text(re.compile(r"有 \d+ 张新单子"))).to_be_visible(timeout=SOON)
    expect(row(page, fresh)).to_have_count(0)  # rows do not move under the hand
    page.keyboard.press(".")
    expect(row(page, fresh)).to_be_visible()
    lilan("POST", f"/api/v1/referrals/{fresh['id']}/cancel", {"reason": "病人不去了"})
    expect(row(page, fresh)).to_contain_text("对方申请取消，等您答复", timeout=SOON)
    hanxue("POST", f"/api/v1/referrals/{fresh['id']}/confirm-cancel")
    expect(row(page, fresh)).to_contain_text("已离开此列", timeout=SOON)
    assert page.evaluate("window.sameAsBefore") is True


def test_by_keys_alone_a_ticket_is_found_opened_accepted_given_a_bed_and_written_to(
    page: Page, lilan: Colleague
) -> None:
    first, second = refers(lilan, "老年", KIDNEY), refers(lilan, "老年", KIDNEY)
    page.goto("/referrals?department=老年")
    expect(row(page, second)).to_be_visible(timeout=20_000)
    page.keyboard.press("j")
    expect(row(page, second)).to_be_focused()
    expect(row(page, second)).to_have_attribute("aria-current", "true")
    page.keyboard.press("k")
    expect(row(page, first)).to_be_focused()
    shown = page.get_by_role("article", name=f"转诊单 {first['number']}")
    expect(shown.get_by_label("事件与对话")).not_to_contain_text("打开")
    page.keyboard.press("Enter")
    expect(shown.get_by_label("事件与对话")).to_contain_text("周敏 打开")
    page.keyboard.press("a")
    expect(shown.get_by_label("事件与对话")).to_contain_text("周敏 接收")
    page.keyboard.press("h")
    sheet = page.get_by_role("dialog")
    expect(sheet).to_contain_text(f"留床：{first['patient']['name']}")
    page.keyboard.press("Escape")
    expect(sheet).to_have_count(0)
    page.keyboard.press("m")
    page.keyboard.type("四点前到")
    page.keyboard.press("Enter")
    expect(shown.get_by_role("listitem").filter(has_text="四点前到")).to_be_visible()  # said, not only written
    assert [message["text"] for message in lilan("GET", f"/api/v1/referrals/{first['id']}/messages")["items"]] == [
        "四点前到"
    ]


def test_two_accept_at_once_and_the_slower_one_hears_whose_it_is(
    page: Page, lilan: Colleague, hanxue: Colleague
) -> None:
    ticket = refers(lilan, "肾内", KIDNEY)
    address = f"/api/v1/referrals/{ticket['id']}"
    hanxue("POST", f"{address}/open")
    shown = shows(page, ticket)
    page.route(f"**{address}", lambda route: route.abort())  # her line is slow: she does not hear of it before she acts
    hanxue("POST", f"{address}/accept")
    button(shown, "accept").click()
    page.unroute(f"**{address}")
    expect(shown.get_by_text(re.compile("韩雪 接收，现在是“已接收”"))).to_be_visible(timeout=SOON)
    events = [event["name"] for event in lilan("GET", address)["events"]]
    assert events.count("accepted") == 1


@pytest.mark.parametrize(("width", "height"), [(390, 844), (360, 740)])
def test_on_the_phone_one_decision_stands_at_the_bottom(
    browser: Browser, hub: RunningHub, lilan: Colleague, width: int, height: int
) -> None:
    ticket = refers(lilan, "肾内", KIDNEY)
    phone = signs_in(browser, hub, "zhoumin", width=width, height=height)
    phone.goto("/referrals")
    row(phone, ticket).click()
    phone.wait_for_url(f"**/referrals/{ticket['id']}*")
    decision = phone.get_by_role("button", name="接收", exact=True).last
    expect(decision).to_be_in_viewport()
    expect(phone.get_by_role("link", name=re.compile("^打电话给石门镇卫生院 "))).to_be_in_viewport()
    assert phone.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert serious(phone) == []
    decision.click()
    expect(phone.locator("[aria-current=step]")).to_contain_text("留床")
    phone.context.close()


@pytest.mark.parametrize(("width", "height"), [(1440, 900), (1366, 768), (390, 844)])
def test_the_desk_and_the_board_fit_and_axe_finds_nothing_serious(
    browser: Browser, hub: RunningHub, lilan: Colleague, width: int, height: int
) -> None:
    ticket = refers(lilan, "肾内", KIDNEY)
    page = signs_in(browser, hub, "zhoumin", width=width, height=height)
    for path in ("/referrals", "/referrals/board"):
        page.goto(path)
        expect(page.locator(f"[data-row='{ticket['id']}']")).to_be_attached(timeout=20_000)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), path
        assert page.evaluate("(m => m.scrollWidth <= m.clientWidth)(document.querySelector('main'))"), path
        assert serious(page) == [], path
    page.context.close()
