"""The patient's page in a real browser: nothing beside the screen, large words and buttons, under the hub's own CSP."""

from collections.abc import AsyncIterator
from datetime import date

import pytest
from playwright.async_api import Browser, Page, Request, Route

from server.api.app import CSP
from server.documents.outcome_page import outcome_page, read_outcome
from server.documents.patient_card import Notice, ask_page, card_page, notice_page
from tests.builders.public_pages import ASKED, DESK, HOSPITAL, NONCE, patient_card
from tests.builders.referral_documents import at

pytestmark = pytest.mark.browser

TODAY = date(2026, 11, 23)
PAGES = {
    "ask": ask_page(HOSPITAL, DESK, nonce=NONCE, tries_left=2),
    "card": card_page(patient_card(), now=at(8, 36), nonce=NONCE),
    "expired": notice_page(Notice.EXPIRED, HOSPITAL, DESK, nonce=NONCE),
    "outcome": outcome_page(ASKED, today=TODAY, nonce=NONCE, read=read_outcome({}, sent_on=ASKED.sent_on, today=TODAY)),
}
BESIDE = "[...document.querySelectorAll('main *')].filter(e => e.getBoundingClientRect().right > innerWidth).length"
SMALLEST_WORDS = (
    "Math.min(...[...document.querySelectorAll('main *')].filter(e => e.textContent.trim())"
    ".map(e => parseFloat(getComputedStyle(e).fontSize)))"
)
LOWEST_BUTTON = "Math.min(...[...document.querySelectorAll('.btn,input')].map(e => e.getBoundingClientRect().height))"


@pytest.fixture
async def phone(browser: Browser) -> AsyncIterator[Page]:
    """Give a page of a small phone."""
    context = await browser.new_context(viewport={"width": 360, "height": 740})
    yield await context.new_page()
    await context.close()


async def _show(phone: Page, html: str) -> None:
    async def answer(route: Route) -> None:
        headers = {"Content-Type": "text/html; charset=utf-8", "Content-Security-Policy": CSP.format(nonce=NONCE)}
        await route.fulfill(body=html, headers=headers)

    await phone.unroute_all()
    await phone.route("**/*", answer)
    await phone.goto("http://127.0.0.1:9/j/token")


@pytest.mark.parametrize("letters", [1, 2])
@pytest.mark.parametrize("name", PAGES)
async def test_a_small_phone_shows_all_of_it_with_letters_twice_as_large_too(
    phone: Page, name: str, letters: int
) -> None:
    complaints: list[str] = []
    phone.on("console", lambda message: complaints.append(message.text))
    await _show(phone, PAGES[name].replace("html{font-size:125%", f"html{{font-size:{125 * letters}%"))
    assert await phone.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert await phone.evaluate(BESIDE) == 0
    assert await phone.evaluate(SMALLEST_WORDS) >= 20 * letters
    assert await phone.evaluate(LOWEST_BUTTON) >= 64
    assert complaints == []  # the style is let in by its nonce, and nothing is asked for that the CSP forbids


async def test_the_four_digits_are_posted_to_the_page_s_own_address(phone: Page) -> None:
    posted: list[Request] = []
    phone.on("request", lambda request: posted.append(request) if request.method == "POST" else None)
    await _show(phone, PAGES["ask"])
    await phone.get_by_label("请输入病人身份证最后 4 位").fill("0035")
    await phone.get_by_role("button", name="打开").click()
    assert [(request.url, request.post_data) for request in posted] == [("http://127.0.0.1:9/j/token", "last4=0035")]
