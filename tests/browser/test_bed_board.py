"""The bed board in browsers against a running hub: a hold by hand and by key, a lost race, a ward's work, the wall."""

import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect, sync_playwright

from tests.browser.colleagues import ROOT, Colleague, refers, serious, signs_in
from tests.servers.hub import RunningHub

VIEWPORTS = ((1440, 900), (1366, 768), (390, 844), (360, 740))

pytestmark = pytest.mark.skipif(not (ROOT / "web/dist/index.html").is_file(), reason="web/dist is not built")


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Give a Chromium."""
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
        yield chromium
        chromium.close()


@pytest.fixture
def enter(browser: Browser, hub: RunningHub) -> Iterator[Callable[..., Page]]:
    """Return how somebody signs in; each in a browser of her own, closed afterwards."""
    contexts: list[BrowserContext] = []

    def sign_in(username: str, *, width: int = 1440, height: int = 900) -> Page:
        page = signs_in(browser, hub, username, width=width, height=height)
        contexts.append(page.context)
        return page

    yield sign_in
    for context in contexts:
        context.close()


@pytest.fixture
def waits(hub: RunningHub) -> Callable[..., dict[str, Any]]:
    """Return how a township refers somebody whom the desk accepts: who waits for a bed then."""
    doctor, desk = Colleague(hub, "lilan"), Colleague(hub, "zhoumin")

    def refer(department: str, icd: tuple[str, str], *, level: int = 3) -> dict[str, Any]:
        sent = refers(doctor, department, icd, level=level)
        if level <= 2:
            return sent
        address = f"/api/v1/referrals/{sent['id']}"
        desk("POST", f"{address}/open")
        return desk("POST", f"{address}/accept")

    return refer


HEART = ("I50.900x001", "心力衰竭")
KNEE = ("S83.200", "半月板损伤")
LUNG = ("J96.000", "急性呼吸衰竭")
BRAIN = ("I63.900", "脑梗死")
CHEST = ("S27.000", "创伤性气胸")


def board(page: Page) -> Page:
    """Open the board and wait for its beds."""
    page.goto("/beds")
    expect(page.get_by_role("button", name=re.compile("^心内-01 "))).to_be_visible(timeout=20_000)
    return page


def bed(page: Page, label: str) -> Any:
    """Return a bed by the label on its door."""
    return page.get_by_role("button", name=re.compile(f"^{label} "))


def card(page: Page, ticket: dict[str, Any]) -> Any:
    """Return the card of who waits."""
    return page.get_by_role("button", name=f"拿起{ticket['patient']['name']}，选床留给病人")


def offered(page: Page, ticket: dict[str, Any]) -> str:
    """Return the label of the bed that the rule would give now, as the card says."""
    row = page.get_by_role("listitem").filter(has=card(page, ticket))
    found = re.search(r"按规则：(\S+)", row.inner_text())
    assert found is not None
    return found.group(1)


def top_of(tile: Locator) -> float:
    """Return where a tile begins on the screen."""
    box = tile.bounding_box()
    assert box is not None
    return box["y"]


def test_a_card_dragged_onto_a_bed_holds_it_on_both_screens_and_undo_frees_it(
    enter: Callable[..., Page], waits: Callable[..., dict[str, Any]]
) -> None:
    ticket = waits("心内", HEART)
    name = ticket["patient"]["name"]
    page, other = board(enter("zhoumin")), board(enter("hanxue"))
    target = bed(page, "心内-03")
    expect(target).to_have_accessible_name(re.compile("^心内-03 空 男女均可"))
    target.scroll_into_view_if_needed()
    card(page, ticket).hover()  # it stands still: a band above the beds may have come in meanwhile
    page.mouse.down()
    end = target.bounding_box()
    assert end is not None
    page.mouse.move(end["x"] + 50, end["y"] + 40, steps=12)
    expect(target).to_contain_text("松手留床")
    page.mouse.up()
    expect(page.get_by_text(re.compile(f"心内-03 已留给 {name}，到 \\d\\d:\\d\\d"))).to_be_visible(timeout=8_000)
    expect(bed(other, "心内-03")).to_have_accessible_name(re.compile("已留 留给 Ⅲ 海"), timeout=8_000)
    page.get_by_role("button", name="撤销").click()
    expect(bed(other, "心内-03")).to_have_accessible_name(re.compile("^心内-03 空 男女均可"), timeout=8_000)


def test_by_keyboard_alone_h_lifts_arrows_choose_and_enter_holds(
    enter: Callable[..., Page], waits: Callable[..., dict[str, Any]]
) -> None:
    ticket = waits("骨科", KNEE)
    page = board(enter("zhoumin"))
    card(page, ticket).focus()
    page.keyboard.press("h")
    focused = page.locator("[data-bed]:focus")
    expect(focused).to_have_accessible_name(re.compile("^骨科-.* 空"))
    begun, top = focused.get_attribute("data-bed"), top_of(focused)
    page.keyboard.press("ArrowUp")
    assert begun is not None
    expect(focused).not_to_have_attribute("data-bed", begun)
    assert top_of(focused) < top
    page.keyboard.press("ArrowDown")
    expect(focused).to_have_accessible_name(re.compile("^骨科-"))
    assert top_of(focused) == top
    page.keyboard.press("Escape")
    expect(card(page, ticket)).to_be_focused()
    page.keyboard.press("h")
    expect(focused).to_have_attribute("data-bed", begun)
    for _step in range(8):  # to another bed of the ward that says it takes the patient, and is for everybody
        page.keyboard.press("ArrowLeft")
        if "回车留床" in (words := focused.inner_text()) and "优先" not in words:
            break
    chosen, label = focused.get_attribute("data-bed"), focused.inner_text().split()[0]
    assert chosen != begun
    page.keyboard.press("Enter")
    expect(page.get_by_text(f"{label} 已留给 {ticket['patient']['name']}")).to_be_visible(timeout=8_000)
    expect(page.locator(f"[data-bed='{chosen}']")).to_have_accessible_name(re.compile("已留 留给 Ⅲ 海"))


def test_two_desks_want_one_bed_and_the_slower_one_is_offered_the_next(
    enter: Callable[..., Page], waits: Callable[..., dict[str, Any]]
) -> None:
    first, second = waits("呼吸", LUNG), waits("呼吸", LUNG)
    page, slow = board(enter("zhoumin")), board(enter("hanxue"))
    expect(card(slow, second)).to_be_visible(timeout=8_000)
    # Her line is slow: what happens elsewhere reaches this screen only after she has acted.
    slow.route("**/api/v1/beds*", lambda route: route.abort())
    slow.route("**/api/v1/referrals/queue*", lambda route: route.abort())
    label = offered(page, first)
    card(slow, second).click()
    card(page, first).click()
    bed(page, label).click()
    expect(page.get_by_text(re.compile(f"{label} 已留给"))).to_be_visible(timeout=8_000)
    bed(slow, label).click()
    slow.get_by_role("button", name=f"仍然留给{second['patient']['name']}").click()
    expect(slow.get_by_role("dialog", name=f"{label} 刚被留走")).to_be_visible(timeout=8_000)
    slow.unroute("**/api/v1/beds*")
    other = slow.get_by_role("button", name=re.compile("^改留 呼吸-")).first
    found = re.search(r"呼吸-\d+", other.inner_text())
    assert found is not None
    assert found.group() != label
    other.click()
    name = second["patient"]["name"]
    expect(slow.get_by_text(re.compile(f"{found.group()} 已留给 {name}"))).to_be_visible(timeout=8_000)
    expect(bed(page, found.group())).to_have_accessible_name(re.compile("已留 留给 Ⅲ 海"), timeout=8_000)


def test_who_is_ahead_is_named_before_a_bed_is_held_out_of_order(
    enter: Callable[..., Page], waits: Callable[..., dict[str, Any]], hub: RunningHub
) -> None:
    ahead, behind = waits("神内", BRAIN), waits("神内", BRAIN)
    page = board(enter("zhoumin"))
    expect(card(page, behind)).to_be_visible(timeout=8_000)
    label = offered(page, ahead)
    card(page, behind).click()
    bed(page, label).click()
    dialog = page.get_by_role("dialog", name="前面还有病人")
    expect(dialog).to_contain_text(ahead["patient"]["name"])
    dialog.get_by_role("textbox").fill("随车医生在，先用近的床")
    dialog.get_by_role("button", name=f"仍然留给{behind['patient']['name']}").click()
    expect(page.get_by_text(re.compile(f"已留给 {behind['patient']['name']}"))).to_be_visible(timeout=8_000)
    events = Colleague(hub, "zhoumin")("GET", f"/api/v1/referrals/{behind['id']}")["events"]
    told = [event["data"] for event in events if event["name"] == "out-of-order"]
    assert [(data["ahead"], data["reason"]) for data in told] == [(ahead["number"], "随车医生在，先用近的床")]


def test_a_dying_patient_takes_a_held_bed_by_a_named_person_and_the_other_s_doctor_sees_it(
    enter: Callable[..., Page], waits: Callable[..., dict[str, Any]], hub: RunningHub
) -> None:
    three = waits("胸外", CHEST)
    address = f"/api/v1/referrals/{three['id']}"
    label = Colleague(hub, "zhoumin")("POST", f"{address}/hold-bed")["place"]["label"]
    page, sender = board(enter("zhoumin")), enter("lilan")
    sender.goto(f"/referrals/{three['id']}")
    expect(sender.get_by_text(f"已留 {label}").first).to_be_visible(timeout=20_000)
    sender.evaluate("window.sameAsBefore = true")

    one = waits("胸外", CHEST, level=1)
    name = one["patient"]["name"]
    band = page.get_by_role("region", name=f"{one['number']} {name} 没有空床")
    expect(band).to_contain_text(f"可收回 {label} 的留床（现留给 Ⅲ级 {three['number']}", timeout=8_000)
    expect(bed(page, label)).to_have_accessible_name(re.compile("已留 留给 Ⅲ"))  # proposed is not taken
    band.get_by_role("button", name="收回给Ⅰ级，周敏确认").click()
    expect(page.get_by_text(f"{label} 已让给 {name}，两边都已通知")).to_be_visible(timeout=8_000)
    expect(bed(page, label)).to_have_accessible_name(re.compile("已留 留给 Ⅰ 海"), timeout=8_000)
    expect(band).to_have_count(0)
    expect(card(page, three)).to_be_visible(timeout=8_000)

    talk = sender.get_by_label("事件与对话")
    expect(talk).to_contain_text("周敏 床让给了Ⅰ级病人", timeout=8_000)
    expect(sender.get_by_text("还没有床").first).to_be_visible()
    assert sender.evaluate("window.sameAsBefore") is True
    lilan = Colleague(hub, "lilan")
    assert lilan("GET", address)["waiting_since"] == three["waiting_since"], "the time waited counts"
    assert any(
        three["number"] in task["zh"] and "电话告知病人" in task["zh"]
        for task in lilan("GET", "/api/v1/tasks")["items"]
    )


def test_a_nurse_cleans_blocks_and_lets_out_by_what_the_hub_offers(enter: Callable[..., Page]) -> None:
    page = board(enter("yangfan"))
    bed(page, "心内-06").click()
    page.get_by_role("dialog").get_by_role("button", name="清洁好了").click()
    expect(bed(page, "心内-06")).to_have_accessible_name(re.compile("心内-06 (空|已留)"), timeout=8_000)
    bed(page, "五官-05").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("button", name="停用").click()
    dialog.get_by_role("textbox", name="原因").fill("床栏松动")
    dialog.get_by_role("button", name="停用").click()
    expect(bed(page, "五官-05")).to_have_accessible_name("五官-05 停用 床栏松动", timeout=8_000)
    bed(page, "中医-02").click()
    page.get_by_role("dialog").get_by_role("button", name="病人离开了").click()
    page.get_by_role("dialog").get_by_role("button", name="病人离开了").click()
    expect(bed(page, "中医-02")).to_have_accessible_name(re.compile("中医-02 待清洁"), timeout=8_000)


def test_a_hold_that_has_run_out_turns_free_without_a_reload(
    enter: Callable[..., Page], waits: Callable[..., dict[str, Any]], hub: RunningHub
) -> None:
    ticket = waits("普外", ("K80.100", "胆囊结石伴急性胆囊炎"))
    desk = Colleague(hub, "zhoumin")
    held = desk("POST", f"/api/v1/referrals/{ticket['id']}/hold-bed")
    label, end = held["place"]["label"], datetime.fromisoformat(held["place"]["expires_at"])
    page = enter("zhoumin")
    page.clock.install()
    board(page)
    expect(bed(page, label)).to_have_accessible_name(re.compile("已留"))
    # Nobody tells this screen, neither by an event nor by an answer: its clock, which the hub has set, has to.
    for path in ("**/api/v1/**", "**/healthz"):
        page.route(path, lambda route: route.abort())
    page.context.set_offline(True)
    left = (end - datetime.now(UTC)).total_seconds()
    page.clock.fast_forward(int(left * 1000) + 2_000)
    expect(bed(page, label)).to_have_accessible_name(re.compile(f"^{label} 空"), timeout=8_000)


def test_the_wall_shows_numbers_and_nobody(enter: Callable[..., Page], waits: Callable[..., dict[str, Any]]) -> None:
    ticket = waits("CCU", ("I21.100x001", "急性下壁心肌梗死"), level=1)
    page = enter("zhoumin")
    page.goto("/beds/wall")
    digits = re.search(r"\d{4}-(\d{4})", ticket["number"])
    assert digits is not None
    expect(page.get_by_role("alert")).to_contain_text("Ⅰ级", timeout=20_000)
    expect(page.get_by_role("row", name=re.compile(digits.group(1)))).to_be_visible()
    expect(page.get_by_role("button", name="声音没有开，点这里打开")).to_be_visible()
    shown = page.locator(".wall").inner_html()
    assert ticket["patient"]["name"] not in shown
    assert "心肌梗死" not in shown
    size = page.get_by_role("row", name=re.compile(digits.group(1))).evaluate("row => getComputedStyle(row).fontSize")
    assert float(size.removesuffix("px")) >= 26
    page.get_by_role("button", name="声音没有开，点这里打开").click()
    expect(page.get_by_role("button", name="声音开着")).to_be_visible()
    assert serious(page) == []


@pytest.mark.parametrize(("width", "height"), VIEWPORTS)
def test_the_board_fits_and_axe_finds_nothing_serious(enter: Callable[..., Page], width: int, height: int) -> None:
    page = board(enter("zhoumin", width=width, height=height))
    page.wait_for_timeout(700)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert page.evaluate("(m => m.scrollWidth <= m.clientWidth)(document.querySelector('main'))")
    assert serious(page) == []
    bed(page, "产科-03").click()
    expect(page.get_by_role("dialog")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert serious(page) == []
