"""The board of tickets in a browser: seven columns, moved by key, by menu and by hand, never where it is not legal."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, Page, expect, sync_playwright

from tests.browser.colleagues import ROOT, Colleague, refers, signs_in
from tests.servers.hub import RunningHub

STOMACH = ("K25.900", "胃溃疡")
COLUMNS = ("新来", "等补资料", "已接收 等床", "已留床", "在途", "已到 在院", "下转 待接手")
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


class Ward:
    """Tickets of one department, brought where a test begins by those who may."""

    def __init__(self, hub: RunningHub) -> None:
        self.lilan, self.hanxue = Colleague(hub, "lilan"), Colleague(hub, "hanxue")

    def received(self, department: str = "消化") -> dict[str, Any]:
        """Return a ticket that the desk has opened."""
        ticket = refers(self.lilan, department, STOMACH, level=4)
        return self.hanxue("POST", f"/api/v1/referrals/{ticket['id']}/open")

    def accepted(self, department: str = "消化") -> dict[str, Any]:
        """Return a ticket that waits for a bed."""
        return self.hanxue("POST", f"/api/v1/referrals/{self.received(department)['id']}/accept")


@pytest.fixture(scope="module")
def ward(hub: RunningHub) -> Ward:
    """Give those who bring tickets where a test begins."""
    return Ward(hub)


def column(page: Page, name: str) -> Locator:
    """Return a column by its heading."""
    return page.get_by_role("region", name=name, exact=True)


def card(of: Page | Locator, ticket: dict[str, Any]) -> Locator:
    """Return a ticket's card."""
    return of.locator(f"[data-row='{ticket['id']}']")


def opens(page: Page, ticket: dict[str, Any], where: str) -> None:
    """Open the board and find a ticket in its column; from here on a reload would be noticed."""
    page.goto("/referrals/board")
    expect(card(column(page, where), ticket)).to_be_visible(timeout=20_000)
    page.evaluate("window.sameAsBefore = true")


def test_by_keys_a_ticket_is_lifted_carried_and_put_down_where_it_may_go(page: Page, ward: Ward) -> None:
    ticket = ward.accepted()
    opens(page, ticket, "已接收 等床")
    assert [region.get_by_role("heading").inner_text() for region in page.get_by_role("region").all()] == list(COLUMNS)
    expect(card(page, ticket).get_by_role("timer")).to_have_text(re.compile("剩"))
    card(page, ticket).focus()
    page.keyboard.press("Enter")
    expect(column(page, "已到 在院")).to_contain_text("要先到“已接收或已留床”")
    expect(column(page, "下转 待接手")).to_contain_text("要先到“已入院或已出院，待回传结局”")
    page.keyboard.press("ArrowRight")
    expect(column(page, "已留床")).to_contain_text("松手：留床")
    expect(page.get_by_role("status").filter(has_text="放下就留床")).to_have_count(1)
    page.keyboard.press("Enter")
    sheet = page.get_by_role("dialog")
    expect(sheet).to_contain_text(f"留床：{ticket['patient']['name']}")
    sheet.get_by_role("button", name="留床", exact=True).click()
    expect(card(column(page, "已留床"), ticket)).to_contain_text(re.compile(r"已留 消化-\d+"))
    page.get_by_role("button", name="撤销").click()
    expect(card(column(page, "已接收 等床"), ticket)).to_contain_text("还没有床")


def test_a_column_that_may_not_be_entered_asks_nothing_and_escape_puts_it_back(page: Page, ward: Ward) -> None:
    ticket = ward.received()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url) if request.method == "POST" else None)
    opens(page, ticket, "新来")
    asked.clear()
    card(page, ticket).focus()
    for keys in (["Enter", "ArrowRight", "ArrowRight", "ArrowRight", "Enter"], ["Enter", "ArrowRight", "Escape"]):
        for key in keys:
            page.keyboard.press(key)
        expect(page.get_by_role("dialog")).to_have_count(0)
        expect(page.get_by_text("松手：")).to_have_count(0)
    expect(card(column(page, "新来"), ticket)).to_be_focused()
    assert asked == []


def test_by_hand_a_ticket_goes_into_a_column_with_what_that_step_needs(page: Page, ward: Ward) -> None:
    ticket = ward.received()
    opens(page, ticket, "新来")
    card(page, ticket).hover()  # it stands still: a band above may have come in meanwhile
    page.mouse.down()
    end = column(page, "等补资料").bounding_box()
    assert end is not None
    page.mouse.move(end["x"] + 60, end["y"] + 200, steps=8)
    expect(column(page, "等补资料")).to_contain_text("松手：请补资料")
    page.mouse.up()
    sheet = page.get_by_role("dialog")
    sheet.get_by_role("textbox").fill("请补胃镜报告")
    sheet.get_by_role("button", name="问对方，计时暂停").click()
    expect(card(column(page, "等补资料"), ticket)).to_contain_text("请补胃镜报告")
    expect(card(page, ticket).get_by_role("timer")).to_have_text(re.compile("暂停"))


def test_the_menu_names_every_way_and_why_the_grey_ones_are_closed(page: Page, ward: Ward) -> None:
    ticket = ward.received()
    opens(page, ticket, "新来")
    slot = column(page, "新来").get_by_role("listitem").filter(has=card(page, ticket))
    slot.get_by_role("button", name=f"移动 {ticket['patient']['name']}").click()
    held = page.get_by_role("menuitem", name=re.compile("^已留床：要先到“已接收"))
    expect(held).to_have_attribute("aria-disabled", "true")
    expect(page.get_by_role("menuitem", name=re.compile("^在途：这一步不归您这边做"))).to_be_visible()
    page.get_by_role("menuitem", name="已接收 等床", exact=True).click()
    expect(card(column(page, "已接收 等床"), ticket)).to_contain_text("还没有床")


def test_what_others_do_moves_the_card_without_a_reload(page: Page, ward: Ward) -> None:
    ticket = ward.accepted("泌外")
    address = f"/api/v1/referrals/{ticket['id']}"
    opens(page, ticket, "已接收 等床")
    ward.hanxue("POST", f"{address}/hold-bed")
    expect(card(column(page, "已留床"), ticket)).to_be_visible(timeout=SOON)
    ward.lilan("POST", f"{address}/depart")
    expect(card(column(page, "在途"), ticket)).to_be_visible(timeout=SOON)
    ward.hanxue("POST", f"{address}/arrive")
    expect(card(column(page, "已到 在院"), ticket)).to_be_visible(timeout=SOON)
    fresh = refers(ward.lilan, "消化", STOMACH, level=4)
    expect(card(column(page, "新来"), fresh)).to_contain_text("还没打开", timeout=SOON)
    assert page.evaluate("window.sameAsBefore") is True


def test_a_column_is_saved_as_a_file_with_its_tickets(page: Page, ward: Ward, tmp_path: Path) -> None:
    ticket = ward.received()
    opens(page, ticket, "新来")
    with page.expect_download() as download:
        column(page, "新来").get_by_role("button", name=re.compile("新来")).click()
    download.value.save_as(tmp_path / "file.csv")
    text = (tmp_path / "file.csv").read_text(encoding="utf-8-sig")
    assert ticket["number"] in text


def test_a_click_opens_the_ticket_where_the_sender_is_one_tap_away(page: Page, ward: Ward) -> None:
    ticket = ward.received()
    opens(page, ticket, "新来")
    card(page, ticket).click()
    page.wait_for_url(f"**/referrals/{ticket['id']}")
    expect(page.get_by_role("link", name=re.compile("^打电话给石门镇卫生院 "))).to_have_attribute(
        "href", re.compile(r"^tel:\d+$")
    )
