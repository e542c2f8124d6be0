"""Walk C in browsers: 李兰 sends on her phone, 周敏 answers the alarm, 马建国 is on the road, 杨帆 takes him in."""

import re

import pytest
from playwright.async_api import Browser, Page, expect

from tests.flows.county import MA, County
from tests.flows.referring import PLAN, REFERRALS, beds_of, commands, possible
from tests.flows.test_browser_walk import browser, signs_in  # noqa: F401 - a fixture

pytestmark = pytest.mark.browser
expect.set_options(timeout=30_000)


async def presses(page: Page, command: str) -> None:
    """Press a command; where it asks for something first, confirm its sheet."""
    await page.get_by_role("button", name=command, exact=True).first.click()
    sheet = page.get_by_role("dialog")
    if await sheet.count():
        await sheet.get_by_role("button").last.click()


async def refers_up(phone: Page) -> None:
    """Send 马建国 up the green channel from the desk: five touches."""
    await phone.goto("/desk")
    await phone.get_by_role("link", name="绿色通道").click()
    await phone.get_by_role("button", name="马建国").click()
    await phone.get_by_role("radio", name="濒危").click()
    await phone.get_by_role("radio", name="胸痛").click()
    await expect(phone.get_by_role("radio", name="云岭县人民医院 CCU")).to_be_checked()
    await phone.get_by_role("button", name="立即上转").click()
    await phone.wait_for_url(re.compile("/referrals/"))


async def test_a_patient_goes_up_the_green_channel_on_the_screens(yunling: County, browser: Browser) -> None:  # noqa: F811
    await yunling.at("08:33")
    lan = await yunling.person("lilan")
    patient = await yunling.registers(lan, MA)

    phone = await signs_in(browser, yunling.hub, "lilan")
    await phone.set_viewport_size({"width": 390, "height": 844})
    desk = await signs_in(browser, yunling.hub, "zhoumin")
    await desk.goto("/referrals")

    await refers_up(phone)
    [ticket] = (await lan.sees(f"{REFERRALS}?patient={patient}"))["items"]

    await desk.get_by_role("button", name="我来接收").click()  # it rings without a reload
    await expect(desk.get_by_role("button", name="我来接收")).to_have_count(0)
    await expect(phone.get_by_text("周敏").first).to_be_visible()

    await presses(phone, "出发")
    await expect(phone.get_by_text("在途").first).to_be_visible()
    await desk.goto(f"/referrals/{ticket['id']}")
    await presses(desk, "登记到院")
    await expect(phone.get_by_text("已到院").first).to_be_visible()

    ward = await signs_in(browser, yunling.hub, "yangfan")
    await ward.goto("/beds")
    await presses(ward, "办入院")
    await expect(ward.get_by_role("button", name=re.compile("^CCU-03 在住"))).to_be_visible()
    assert (await beds_of(await yunling.person("yangfan"), "C01", "CCU"))["CCU-03"]["state"] == "occupied"
    await expect(phone.get_by_text("已入院").first).to_be_visible()

    ning = await yunling.person("zhaoning")
    home = await commands(ning, ticket, "refer-down", {**PLAN, "send": True})
    await phone.goto(f"/referrals/{home['id']}")
    await expect(phone.get_by_text("待接手").first).to_be_visible()
    assert "take-over" in possible(await lan.sees(f"{REFERRALS}/{home['id']}"))
