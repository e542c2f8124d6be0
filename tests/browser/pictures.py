"""The README's pictures: a morning is played in a fresh demo county, then each screen is taken at two widths.

`python -m tests.browser.pictures` writes web/screenshots/*.png; nothing compares pixels, people look.
"""

import json
import os
import subprocess
import sys
import urllib.request
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from server.cli.morning import MA
from server.clock import SystemClock
from tests.flows.county import SHANGHAI
from tests.servers.hub import PASSWORD, PROGRAM, RunningHub, running_hub

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "web" / "screenshots"
CHROMIUM = "/usr/bin/chromium"
SCALES = {"desk": 1, "phone": 1.5}
SIZES = {"desk": (1440, 900), "phone": (390, 844)}
OPTIONS = ("--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run")


@dataclass(frozen=True, slots=True)
class Screen:
    """One picture: whose screen, where, and what has to be seen before it is taken."""

    name: str
    user: str
    path: str
    settle: int = 2500  # milliseconds after loading: pictures sharpen, lists fill
    digits: str = ""  # typed first, where a page asks for the last four of the ID


def main() -> int:
    """Take every picture."""
    FOLDER.mkdir(exist_ok=True)
    with running_hub() as hub:
        hub.set_clock(_seconds_to_morning())
        subprocess.run(
            [PROGRAM, "simulate", "--pause", "0", *sys.argv[1:]], env=dict(hub.environment), check=True, timeout=300
        )
        screens = _screens(hub)
        with sync_playwright() as player:
            browser = player.chromium.launch(executable_path=CHROMIUM, args=OPTIONS)
            for size, (width, height) in SIZES.items():
                _take(browser, hub, screens, size, {"width": width, "height": height})
            browser.close()
    return 0


def _seconds_to_morning() -> float:
    """Return how far the hub's clock is from the next 08:20 of the county: a day looks like a day."""
    now = SystemClock().now().astimezone(SHANGHAI)
    morning = datetime.combine(now.date() + timedelta(days=1), time(8, 20), SHANGHAI)
    return (morning - now).total_seconds()


def _take(browser: Browser, hub: RunningHub, screens: Sequence[Screen], size: str, viewport: Any) -> None:
    contexts: dict[str, BrowserContext] = {}
    for screen in screens:
        if screen.user not in contexts:
            contexts[screen.user] = browser.new_context(
                viewport=viewport, locale="zh-CN", timezone_id="Asia/Shanghai", device_scale_factor=SCALES[size]
            )
            if screen.user:
                _sign_in(contexts[screen.user].new_page(), hub, screen.user)
        page = contexts[screen.user].pages[0] if contexts[screen.user].pages else contexts[screen.user].new_page()
        page.goto(hub.url + screen.path)
        page.wait_for_timeout(screen.settle)
        if screen.digits and page.get_by_role("textbox").count():
            page.get_by_role("textbox").first.fill(screen.digits)
            page.get_by_role("button").first.click()
            page.wait_for_timeout(screen.settle)
        page.screenshot(path=FOLDER / f"{screen.name}-{size}.png")
        print(f"{screen.name}-{size}.png")


def _sign_in(page: Page, hub: RunningHub, username: str) -> None:
    page.goto(f"{hub.url}/login")
    page.get_by_role("textbox", name="用户名").fill(username)
    page.get_by_role("textbox", name="密码").fill(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url(lambda url: "/login" not in url)


def _screens(hub: RunningHub) -> list[Screen]:
    heart = _find(hub, "wangke", "ecg", "ready")
    wangke = _token(hub, "wangke")
    _call(hub, "POST", f"/api/v1/reading-orders/{heart['id']}/claim", wangke)
    brain = _find(hub, "hazhiyuan", "radiology", "claimed")
    final = _find(hub, "lilan", "ecg", "final")
    return [
        Screen("login", "", "/login"),
        Screen("township", "lilan", "/desk"),
        Screen("send", "lilan", "/send"),
        Screen("track", "lilan", f"/track/{final['id']}"),
        Screen("results", "lilan", "/results"),
        Screen("patients", "lilan", "/patients"),
        Screen("patient", "lilan", f"/patients/{final['patient']['id']}"),
        Screen("worklist", "wangke", "/worklist"),
        Screen("ecg", "wangke", f"/ecg/{heart['id']}", 5000),
        Screen("reading", "hazhiyuan", f"/read/{brain['id']}", 9000),
        *_referral_screens(hub),
        Screen("quarantine", "hanxue", "/quarantine"),
        Screen("organizations", "admin", "/admin/organizations"),
        Screen("users", "admin", "/admin/users"),
    ]


def _referral_screens(hub: RunningHub) -> list[Screen]:
    """Return the screens of the referral desk, the wards, the township, the village and the patient."""
    lilan = _token(hub, "lilan")
    moving = _ticket(hub, "lilan", "box=out&state=en-route")
    waiting = _ticket(hub, "zhoumin", "state=bed-held")
    home = _ticket(hub, "lilan", "box=down&state=handed-over")
    visit = _call(hub, "GET", "/api/v1/follow-ups", _token(hub, "maxiaoyan"))["items"][0]
    link = _call(hub, "POST", f"/api/v1/referrals/{moving['id']}/card", lilan, {"kind": "card"})["url"]
    return [
        Screen("referrals", "zhoumin", f"/referrals/{moving['id']}"),
        Screen("referral-held", "zhoumin", f"/referrals/{waiting['id']}"),
        Screen("kanban", "zhoumin", "/referrals/board"),
        Screen("beds", "zhoumin", "/beds"),
        Screen("wall", "zhoumin", "/beds/wall"),
        Screen("ward", "yangfan", "/beds"),
        Screen("refer", "helin", f"/refer/new?patient={_somebody(hub, 'helin')}"),
        Screen("home", "lilan", f"/referrals/{home['id']}"),
        Screen("follow-ups", "maxiaoyan", "/follow-ups"),
        Screen("visit", "maxiaoyan", f"/follow-ups/{visit['id']}"),
        Screen("card", "", link.removeprefix(hub.url), digits=MA.resident_id[-4:]),
    ]


def _ticket(hub: RunningHub, username: str, query: str) -> dict[str, Any]:
    listed = _call(hub, "GET", f"/api/v1/referrals?{query}", _token(hub, username))
    found: dict[str, Any] = listed["items"][0]
    return found


def _somebody(hub: RunningHub, username: str) -> str:
    """Return a patient who is on no way yet."""
    return str(_call(hub, "GET", "/api/v1/patients?q=zengguiying", _token(hub, username))["items"][0]["id"])


def _find(hub: RunningHub, username: str, kind: str, state: str) -> dict[str, Any]:
    listed = _call(hub, "GET", f"/api/v1/reading-orders?state={state}&kind={kind}", _token(hub, username))
    found: dict[str, Any] = listed["items"][0]
    return found


def _token(hub: RunningHub, username: str) -> str:
    return str(_call(hub, "POST", "/api/v1/session", None, {"username": username, "password": PASSWORD})["token"])


def _call(hub: RunningHub, method: str, path: str, token: str | None, body: Any = None) -> dict[str, Any]:
    headers = {"Content-Type": "application/json", "Idempotency-Key": os.urandom(8).hex()}
    if token:
        headers["Authorization"] = f"Bearer {token}"
    data = json.dumps(body if body is not None else {}).encode() if method == "POST" else None
    request = urllib.request.Request(hub.url + path, method=method, data=data, headers=headers)
    with urllib.request.urlopen(request, timeout=30) as answer:
        content: dict[str, Any] = json.load(answer)
    return content


if __name__ == "__main__":
    sys.exit(main())
