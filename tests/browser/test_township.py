"""The township's pages in a browser against a running hub: sending, resuming, following, reading."""

import itertools
import json
import re
import secrets
import urllib.request
import zipfile
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Request, Route, expect, sync_playwright

from dicom.ecg.synthesis import EcgRecipe
from server.cli.morning import Person, Sample, chest_object, ecg_object, sample_objects
from tests.servers.hub import PASSWORD, RunningHub

ROOT = Path(__file__).parent.parent.parent
AXE = ROOT / "web/node_modules/axe-core/axe.min.js"
VIEWPORTS = ((1440, 900), (1366, 768), (390, 844), (360, 740))
AT = datetime(2026, 11, 23, 0, 16, tzinfo=UTC)
_serials = itertools.count(301)

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

    def sign_in(username: str, *, width: int = 1440, height: int = 900, state: object = None) -> Page:
        context = browser.new_context(
            base_url=hub.url,
            viewport={"width": width, "height": height},
            locale="zh-CN",
            bypass_csp=True,
            storage_state=state,  # type: ignore[arg-type]
        )
        contexts.append(context)
        page = context.new_page()
        page.goto("/login")
        page.get_by_role("textbox", name="用户名").fill(username)
        page.get_by_role("textbox", name="密码").fill(PASSWORD)
        page.get_by_role("button", name="登录", exact=True).click()
        page.wait_for_url(lambda url: "/login" not in url)
        return page

    yield sign_in
    for context in contexts:
        context.close()


@pytest.fixture
def someone() -> Person:
    """Return a resident nobody has met; each test has her own."""
    serial = next(_serials)
    return Person(f"马晓{'甲乙丙丁戊己庚辛壬癸子丑寅卯'[serial % 14]}", "female", "19620715", serial)


def register(page: Page, who: Person) -> None:
    """Register somebody from the residents' page; her record is open afterwards."""
    page.goto("/patients?new=1")
    page.get_by_role("textbox", name="身份证号").fill(who.resident_id)
    page.get_by_role("textbox", name="姓名", exact=True).fill(who.name)
    page.get_by_role("button", name="登记", exact=True).click()
    expect(page.get_by_role("heading", name="检查", exact=True)).to_be_visible()


def write_order(page: Page, *, question: str = "上腹痛三天，请排除胰腺炎") -> None:
    """Write what is asked."""
    page.get_by_role("textbox", name="想请中心回答的问题").fill(question)
    page.get_by_role("textbox", name="简要病史").fill("三天前起病")


def choose_files(page: Page, files: list[Path]) -> None:
    """Choose files as with the system's own dialogue."""
    page.locator("input[type=file]:not([webkitdirectory])").set_input_files(files)


def slices(who: Person, count: int) -> list[bytes]:
    """Return a CT of so many slices."""
    return sample_objects(who, Sample("CT", "上腹部平扫", count), accession="", at=AT)


def written(folder: Path, objects: list[bytes]) -> list[Path]:
    """Write objects as a disc has them; return their paths."""
    paths = [folder / f"IM{number:04d}" for number in range(len(objects))]
    for path, content in zip(paths, objects, strict=True):
        path.write_bytes(content)
    return paths


def test_the_card_is_checked_while_it_is_typed_and_nobody_is_registered_twice(
    enter: Callable[..., Page], someone: Person
) -> None:
    page = enter("lilan")
    page.goto("/patients?new=1")
    card = page.get_by_role("textbox", name="身份证号")
    card.fill(someone.resident_id[:-1] + ("1" if someone.resident_id[-1] != "1" else "2"))
    expect(page.get_by_text("身份证号有一位写错")).to_be_visible()
    card.fill(someone.resident_id)
    expect(page.get_by_text("号码正确：女，1962-07-15 出生")).to_be_visible()
    register(page, someone)
    page.goto("/patients?new=1")
    card.fill(someone.resident_id)
    page.get_by_role("textbox", name="姓名", exact=True).fill(someone.name)
    page.get_by_role("button", name="登记", exact=True).click()
    page.get_by_role("button", name="打开已有的档案").click()
    expect(page.get_by_text(someone.name).first).to_be_visible()
    page.goto("/patients?new=1")
    card.fill(someone.resident_id)
    page.get_by_role("textbox", name="姓名", exact=True).fill("别的名字")
    page.get_by_role("button", name="登记", exact=True).click()
    expect(page.get_by_role("alert")).to_contain_text("登记在另一个姓名下")


def test_another_patients_images_stay_here_and_the_button_says_why(
    enter: Callable[..., Page], someone: Person, tmp_path: Path
) -> None:
    page = enter("lilan")
    register(page, someone)
    page.get_by_role("button", name="送检查").click()
    write_order(page, question="见病历")
    expect(page.get_by_text("不要写“见病历”")).to_be_visible()
    write_order(page)
    other = Person("王五", "male", "19580321", 7)
    sent: list[str] = []
    page.on("request", lambda request: sent.append(request.url) if "/uploads" in request.url else None)
    choose_files(page, written(tmp_path, slices(other, 2)))
    expect(page.get_by_role("heading", name="病人对不上，没有发出")).to_be_visible()
    expect(page.get_by_role("row", name=re.compile("出生日期.*1958-03-21.*1962-07-15.*不一致"))).to_be_visible()
    send = page.get_by_role("button", name=re.compile("^发出"))
    expect(send).to_have_attribute("aria-disabled", "true")
    expect(send).to_have_accessible_description(re.compile("病人一致"))
    send.click(force=True)
    page.keyboard.press("Control+Enter")
    page.wait_for_timeout(300)
    assert sent == []


def test_a_zip_is_opened_here_sent_and_followed_like_a_parcel(
    enter: Callable[..., Page], someone: Person, tmp_path: Path
) -> None:
    page = enter("lilan")
    register(page, someone)
    page.get_by_role("button", name="送检查").click()
    write_order(page)
    archive = tmp_path / "disc.zip"
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as disc:
        for number, content in enumerate(slices(someone, 3)):
            disc.writestr(f"DICOM/IM{number}", content)
        disc.writestr("readme.txt", "no image")
    choose_files(page, [archive])
    expect(page.get_by_text("图像里的病人与所选病人相符")).to_be_visible()
    expect(page.get_by_text("1 个文件不发")).to_be_visible()
    expect(page.get_by_text(re.compile("送放射诊断中心，4 时内出报告"))).to_be_visible()
    page.keyboard.press("Control+Enter")
    expect(page.get_by_text("3 张都已到县里")).to_be_visible(timeout=20_000)
    page.get_by_role("button", name="追踪这份检查").click()
    steps = page.get_by_role("list", name="走到哪一步").get_by_role("listitem")
    expect(steps).to_have_count(6)
    expect(page.locator("[aria-current=step]")).to_contain_text("待领取", timeout=20_000)
    expect(page.get_by_role("link", name=re.compile("打给放射诊断中心"))).to_have_attribute("href", re.compile("^tel:"))


def cut_after_four(page: Page) -> None:
    """Let four pieces of the uploads through, then break the line."""
    passed = itertools.count(1)

    def cut(route: Route) -> None:
        if route.request.method == "PATCH" and next(passed) > 4:
            route.abort()
        else:
            route.continue_()

    page.route("**/api/v1/uploads/**", cut)


def uploads_begun(page: Page) -> list[str]:
    """Return a list that grows with every upload that the page begins anew."""
    begun: list[str] = []

    def note(request: Request) -> None:
        if request.url.endswith("/uploads") and request.method == "POST":
            begun.append(request.url)

    page.on("request", note)
    return begun


def test_closed_in_the_middle_it_goes_on_the_next_day_with_the_same_files(
    enter: Callable[..., Page], someone: Person, tmp_path: Path
) -> None:
    page = enter("lilan")
    register(page, someone)
    page.get_by_role("button", name="送检查").click()
    write_order(page)
    files = written(tmp_path, slices(someone, 10))
    cut_after_four(page)
    choose_files(page, files)
    expect(page.get_by_text("图像里的病人与所选病人相符")).to_be_visible()
    page.get_by_role("button", name=re.compile("^发出")).click()
    expect(page.get_by_text(re.compile("线路断了。前 4 张已在县里"))).to_be_visible(timeout=20_000)
    kept = page.context.storage_state()
    stored = str(page.evaluate("JSON.stringify(localStorage)"))
    assert someone.name not in stored
    assert someone.resident_id not in stored
    page.context.close()

    tomorrow = enter("lilan", state={"cookies": [], "origins": kept["origins"]})
    tomorrow.goto("/desk")
    expect(tomorrow.get_by_text("前 4 张已在县里（共 10 张），选同一批文件接着发。")).to_be_visible()
    tomorrow.get_by_role("button", name="选文件接着发").click()
    begun = uploads_begun(tomorrow)
    choose_files(tomorrow, files)
    tomorrow.get_by_role("button", name=re.compile("^发出")).click()
    expect(tomorrow.get_by_text("10 张都已到县里")).to_be_visible(timeout=20_000)
    assert len(begun) <= 6
    tomorrow.get_by_role("button", name="追踪这份检查").click()
    expect(tomorrow.get_by_text("10/10 张").first).to_be_visible(timeout=20_000)


def send_one(page: Page, who: Person, objects: list[bytes], folder: Path) -> str:
    """Send a study of somebody new; return its order's id."""
    register(page, who)
    page.get_by_role("button", name="送检查").click()
    write_order(page)
    choose_files(page, written(folder, objects))
    page.get_by_role("button", name=re.compile("^发出")).click()
    expect(page.get_by_text(re.compile("张都已到县里"))).to_be_visible(timeout=20_000)
    page.get_by_role("button", name="追踪这份检查").click()
    expect(page.locator("[aria-current=step]")).to_contain_text("待领取", timeout=20_000)
    return page.url.rsplit("/", 1)[-1]


class Colleague:
    """Somebody at the county who works through REST while the page under test looks on."""

    def __init__(self, hub: RunningHub, username: str) -> None:
        self._url = hub.url
        self._token = ""
        self._token = str(self("POST", "/api/v1/session", {"username": username, "password": PASSWORD})["token"])

    def __call__(self, method: str, path: str, body: object = None, *, version: object = None) -> dict[str, object]:
        """Call REST with a bearer token; a refusal fails the test."""
        headers = {"Content-Type": "application/json", "Idempotency-Key": secrets.token_hex(8)}
        if self._token:
            headers["Authorization"] = f"Bearer {self._token}"
        if version is not None:
            headers["If-Match"] = f'"{version}"'
        data = None if method == "GET" else json.dumps(body or {}).encode()
        request = urllib.request.Request(self._url + path, data=data, headers=headers, method=method)
        with urllib.request.urlopen(request, timeout=20) as answer:
            found: dict[str, object] = json.load(answer)
            return found


def test_a_returned_study_turns_amber_at_once_and_goes_again(
    enter: Callable[..., Page], someone: Person, tmp_path: Path, hub: RunningHub
) -> None:
    page = enter("lilan")
    order = send_one(page, someone, [chest_object(someone, accession="", at=AT)], tmp_path)
    reader = Colleague(hub, "hazhiyuan")
    reader("POST", f"/api/v1/reading-orders/{order}/claim")
    expect(page.locator("[aria-current=step]")).to_contain_text("哈志远正在看", timeout=3_000)
    reason = {"code": "side-marker", "reason": "侧别标记错误，请核对后重传"}
    reader("POST", f"/api/v1/reading-orders/{order}/return", reason)
    expect(page.locator("[aria-current=step]")).to_contain_text("已退回", timeout=3_000)
    expect(page.get_by_text("“侧别标记错误，请核对后重传”").first).to_be_visible()
    page.get_by_role("button", name="一键重做").click()
    with page.expect_response(re.compile("/resend$")) as told:
        page.get_by_role("button", name="原样再送").click()
    assert told.value.ok, told.value.text()
    expect(page.locator("[aria-current=step]")).to_contain_text("待领取", timeout=3_000)


def test_opening_a_result_is_its_receipt(
    enter: Callable[..., Page], someone: Person, tmp_path: Path, hub: RunningHub
) -> None:
    page = enter("lilan")
    objects = [ecg_object(someone, EcgRecipe(rate_bpm=74), accession="", at=AT, seed=5)]
    order = send_one(page, someone, objects, tmp_path)
    reader, reviewer = Colleague(hub, "wangke"), Colleague(hub, "chenyue")
    reader("POST", f"/api/v1/reading-orders/{order}/claim")
    path = f"/api/v1/reading-orders/{order}/report"
    draft = reader("GET", path)
    text = {"findings": "窦性心律。", "impression": "正常心电图。", "positive": False, "critical": False}
    saved = reader("PUT", path, text, version=draft["version"])
    reader("POST", f"/api/v1/reports/{saved['id']}/sign", {"password": PASSWORD})
    reviewer("POST", f"/api/v1/reports/{saved['id']}/verify", {"password": PASSWORD})
    page.goto("/results")
    page.get_by_role("link", name=re.compile(someone.name)).click()
    expect(page.get_by_text("正常心电图。")).to_be_visible()
    expect(page.get_by_text("签收")).to_be_visible()
    expect(page.get_by_role("link", name="打开 PDF")).to_have_attribute("href", f"/api/v1/reports/{saved['id']}/pdf")
    page.goto("/results")
    expect(page.get_by_role("heading", name="已签发")).to_be_visible()
    expect(page.get_by_role("link", name=re.compile(someone.name))).to_have_count(0)


def test_a_stranger_is_behind_a_lock_that_a_reason_opens(enter: Callable[..., Page], someone: Person) -> None:
    page = enter("lilan")
    register(page, someone)
    record = page.url
    stranger = enter("helin")
    stranger.goto(record)
    expect(stranger.get_by_role("alert")).to_contain_text("没有诊疗关系")
    stranger.get_by_role("button", name="紧急打开").click()
    stranger.get_by_role("textbox", name="原因").fill("昏迷送来，要看过敏史")
    stranger.get_by_role("dialog").get_by_role("button", name="紧急打开").click()
    expect(stranger.get_by_text(someone.name).first).to_be_visible()
    page.get_by_role("button", name="看全号").click()
    page.get_by_role("textbox", name="原因").fill("核对医保卡号")
    page.get_by_role("button", name="显示").click()
    expect(page.get_by_text(someone.resident_id)).to_be_visible()
    expect(page.get_by_text(someone.resident_id)).to_have_count(0, timeout=15_000)


@pytest.mark.parametrize(("width", "height"), VIEWPORTS)
def test_every_page_fits_and_axe_finds_nothing_serious(
    enter: Callable[..., Page], someone: Person, width: int, height: int
) -> None:
    page = enter("lilan", width=width, height=height)
    register(page, someone)
    patient = page.url.rsplit("/", 1)[-1]
    paths = ("/desk", "/send", f"/send?patient={patient}", "/track", "/results", "/patients", "/patients?new=1",
             f"/patients/{patient}")  # fmt: skip
    for path in paths:
        page.goto(path)
        page.locator("main").wait_for()
        page.wait_for_timeout(700)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), path
        assert page.evaluate("(m => m.scrollWidth <= m.clientWidth)(document.querySelector('main'))"), path
        assert serious(page) == [], path


def serious(page: Page) -> list[str]:
    """Return axe's serious findings on what is drawn."""
    if not AXE.is_file():
        pytest.skip("axe-core is not installed below web/node_modules")
    page.add_script_tag(path=AXE)
    found: list[dict[str, Any]] = page.evaluate("async () => (await axe.run()).violations")
    return [
        f"{v['id']}: {[node['html'] for node in v['nodes']]}" for v in found if v["impact"] in {"serious", "critical"}
    ]
