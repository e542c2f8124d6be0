"""Somebody at a screen: signs in as a person does, and finds things by role and name."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from playwright.async_api import Browser, Page, ViewportSize

from tests.flows.county import County
from tests.servers.hub import PASSWORD

DESK = ViewportSize(width=1440, height=900)
PHONE = ViewportSize(width=390, height=844)


@asynccontextmanager
async def at_a_screen(
    browser: Browser, county: County, username: str, viewport: ViewportSize = DESK
) -> AsyncIterator[Page]:
    """Open a browser window of that size in which that person is signed in; errors of the page fail the test."""
    context = await browser.new_context(viewport=viewport, locale="zh-CN")
    page = await context.new_page()
    broken: list[str] = []
    page.on("pageerror", lambda error: broken.append(str(error)))
    await page.goto(f"{county.hub.url}/login")
    await page.get_by_label("用户名").fill(username)
    await page.get_by_label("密码", exact=True).fill(PASSWORD)
    await page.get_by_role("button", name="登录").click()
    await page.get_by_role("navigation", name="主导航").wait_for()
    try:
        yield page
        assert broken == [], broken
    finally:
        await context.close()


async def scrolls_sideways(page: Page) -> bool:
    """Tell whether the page is wider than its screen."""
    return bool(await page.evaluate("document.documentElement.scrollWidth > innerWidth"))
