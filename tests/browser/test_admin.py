"""The registrar's and the administrator's pages in a browser against a running hub."""

import itertools
import re
import secrets
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from dicom.ecg.synthesis import EcgRecipe
from server.cli.morning import Person, ecg_object
from tests.servers.hub import PASSWORD, RunningHub

ROOT = Path(__file__).parent.parent.parent
AXE = ROOT / "web/node_modules/axe-core/axe.min.js"
VIEWPORTS = ((1440, 900), (1366, 768), (390, 844), (360, 740))
AT = datetime(2026, 11, 23, 0, 16, tzinfo=UTC)
_serials = itertools.count(401)

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

    def sign_in(username: str, *, password: str = PASSWORD, width: int = 1440, height: int = 900) -> Page:
        size = {"width": width, "height": height}
        context = browser.new_context(base_url=hub.url, viewport=size, locale="zh-CN", bypass_csp=True)  # type: ignore[arg-type]
        contexts.append(context)
        page = context.new_page()
        page.goto("/login")
        page.get_by_role("textbox", name="用户名").fill(username)
        page.get_by_role("textbox", name="密码").fill(password)
        page.get_by_role("button", name="登录", exact=True).click()
        page.wait_for_url(lambda url: "/login" not in url)
        return page

    yield sign_in
    for context in contexts:
        context.close()


def register(page: Page, who: Person) -> None:
    """Register somebody at the township."""
    page.goto("/patients?new=1")
    page.get_by_role("textbox", name="身份证号").fill(who.resident_id)
    page.get_by_role("textbox", name="姓名", exact=True).fill(who.name)
    page.get_by_role("button", name="登记", exact=True).click()
    expect(page.get_by_role("heading", name="检查", exact=True)).to_be_visible()


def test_a_study_of_nobody_is_matched_field_by_field_with_a_reason(enter: Callable[..., Page]) -> None:
    serial = next(_serials)
    who = Person(f"田秀{'梅兰竹菊莲荷桃杏'[serial % 8]}", "female", "19551120", serial)
    township = enter("helin")
    register(township, who)
    mistyped = Person(who.name, "female", "19551102", serial)
    content = ecg_object(mistyped, EcgRecipe(rate_bpm=70), accession="", at=AT, seed=serial)
    session = township.request.get("/api/v1/session").json()
    answer = township.request.post(
        "/dicom-web/studies",
        headers={
            "X-CSRF-Token": session["csrf"],
            "Origin": re.sub(r"(https?://[^/]+).*", r"\1", township.url),
            "Content-Type": 'multipart/related; type="application/dicom"; boundary=b',
            "Accept": "application/dicom+json",
        },
        data=b"--b\r\nContent-Type: application/dicom\r\n\r\n" + content + b"\r\n--b--\r\n",
    )
    assert answer.ok, answer.text()
    registrar = enter("hanxue")
    registrar.goto("/quarantine")
    expect(registrar.get_by_role("row", name=re.compile(who.name)).first).to_be_visible(timeout=20_000)
    page = township
    page.goto("/quarantine")
    page.get_by_role("row", name=re.compile(who.name)).first.click(timeout=20_000)
    page.get_by_role("button", name=re.compile(f"^{who.name}")).first.click()
    expect(page.get_by_role("row", name=re.compile("出生日期.*1955-11-02.*1955-11-20.*不一致"))).to_be_visible()
    expect(page.get_by_role("row", name=re.compile("性别.*女.*女.*一致"))).to_be_visible()
    page.get_by_role("button", name=f"归到 {who.name} 名下").click()
    expect(page.get_by_text("写一句话，至少四个字")).to_be_visible()
    page.get_by_role("textbox", name="凭什么确定").fill("已电话核对，设备上生日录错")
    page.get_by_role("button", name=f"归到 {who.name} 名下").click()
    expect(page.get_by_text(f"已归到 {who.name} 名下")).to_be_visible()
    expect(page.get_by_role("row", name=re.compile("1955-11-02|" + who.name))).to_have_count(0, timeout=10_000)
    expect(registrar.get_by_role("row", name=re.compile(who.name))).to_have_count(0, timeout=10_000)


def test_a_new_place_gets_a_device_that_can_be_stopped(enter: Callable[..., Page]) -> None:
    page = enter("admin")
    page.get_by_role("button", name="加机构").click()
    place = f"T{secrets.randbelow(900) + 100}"
    page.get_by_role("textbox", name="编号").fill(place)
    page.get_by_role("textbox", name="机构", exact=True).fill("白塔乡卫生院")
    page.get_by_role("button", name="加入").click()
    tree = page.get_by_role("treegrid", name="机构")
    expect(tree.get_by_role("row", name=re.compile(f"白塔乡卫生院 {place}.*没有设备"))).to_be_visible()
    expect(tree.get_by_role("row", name=re.compile("石门镇卫生院 T01"))).to_have_attribute("aria-level", "3")
    page.get_by_role("button", name="加设备").click()
    page.get_by_role("textbox", name="AE 标题").fill(f"{place}_DR")
    page.get_by_role("textbox", name="是什么设备").fill("DR 主机")
    page.get_by_role("button", name="登记", exact=True).click()
    expect(page.get_by_text("DR 主机")).to_be_visible()
    expect(tree.get_by_role("row", name=re.compile(f"{place}.*还没有联系过"))).to_be_visible()
    page.get_by_role("button", name="停用").click()
    page.get_by_role("dialog").get_by_role("button", name="停用").click()
    expect(page.get_by_text("已停用")).to_be_visible()


def test_a_new_person_signs_in_and_is_out_at_once_when_the_account_is_closed(enter: Callable[..., Page]) -> None:
    page = enter("admin")
    page.goto("/admin/users")
    page.get_by_role("button", name="加人员").click()
    username = f"test{secrets.token_hex(3)}"
    page.get_by_role("textbox", name="用户名").fill(username)
    page.get_by_role("textbox", name="姓名", exact=True).fill("测试员")
    page.get_by_role("combobox", name="身份").click()
    page.get_by_title("技师", exact=True).click()
    page.get_by_role("combobox", name="机构").click()
    page.get_by_title("石门镇卫生院").click()
    page.get_by_role("textbox", name="初始密码").fill("shi-men-2026-long")
    page.get_by_role("button", name="开通").click()
    expect(page.get_by_role("heading", name="测试员")).to_be_visible()
    person = enter(username, password="shi-men-2026-long")
    person.wait_for_url("**/desk")
    page.get_by_role("button", name="停用账号").click()
    page.get_by_role("dialog").get_by_role("button", name="停用账号").click()
    expect(page.get_by_text("停用于")).to_be_visible()
    assert person.request.get("/api/v1/session").status == 401


@pytest.mark.parametrize(("width", "height"), VIEWPORTS)
def test_every_page_fits_and_axe_finds_nothing_serious(enter: Callable[..., Page], width: int, height: int) -> None:
    paths = {"admin": ("/admin/organizations", "/admin/organizations?at=T01", "/admin/organizations?at=new",
                       "/admin/users", "/admin/users?at=lilan", "/admin/users?at=new"),
             "hanxue": ("/quarantine",)}  # fmt: skip
    for username, shown in paths.items():
        page = enter(username, width=width, height=height)
        for path in shown:
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
