"""People who work through REST while the pages of others look on, and what a page is asked besides its tests."""

import itertools
import json
import secrets
import urllib.request
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from server.cli.morning import Person
from tests.servers.hub import PASSWORD, RunningHub

ROOT = Path(__file__).parent.parent.parent
AXE = ROOT / "web/node_modules/axe-core/axe.min.js"
LETTERS = "甲乙丙丁戊己庚辛壬癸子丑寅卯"
_serials = itertools.count(301)


class Colleague:
    """Somebody who works through REST while the pages under test look on."""

    def __init__(self, hub: RunningHub, username: str) -> None:
        self._url = hub.url
        self._token = ""
        self._token = str(self("POST", "/api/v1/session", {"username": username, "password": PASSWORD})["token"])

    def __call__(self, method: str, path: str, body: object = None) -> dict[str, Any]:
        """Call REST with a bearer token; a refusal fails the test."""
        headers = {"Content-Type": "application/json", "Idempotency-Key": secrets.token_hex(8)}
        if self._token:
            headers["Authorization"] = f"Bearer {self._token}"
        data = None if method == "GET" else json.dumps(body or {}).encode()
        request = urllib.request.Request(self._url + path, data=data, headers=headers, method=method)
        with urllib.request.urlopen(request, timeout=20) as answer:
            found: dict[str, Any] = json.load(answer)
            return found


def signs_in(browser: Browser, hub: RunningHub, username: str, *, width: int = 1440, height: int = 900) -> Page:
    """Open a browser of somebody's own and sign in; its context is the caller's to close."""
    context: BrowserContext = browser.new_context(
        base_url=hub.url, viewport={"width": width, "height": height}, locale="zh-CN", bypass_csp=True
    )
    page = context.new_page()
    page.goto("/login")
    page.get_by_role("textbox", name="用户名").fill(username)
    page.get_by_role("textbox", name="密码").fill(PASSWORD)
    page.get_by_role("button", name="登录", exact=True).click()
    page.wait_for_url(lambda url: "/login" not in url)
    return page


def registers(doctor: Colleague) -> dict[str, Any]:
    """Let a township's doctor register somebody; nobody has another's name: the pages name their buttons by it."""
    serial = next(_serials)
    who = Person(f"海{LETTERS[serial // 14 % 14]}{LETTERS[serial % 14]}", "male", "19600715", serial)
    card = {"system": "resident-id", "value": who.resident_id}
    return doctor(
        "POST", "/api/v1/patients",
        {"name": who.name, "sex": who.sex, "birth_date": who.birth_date, "identifiers": [card]},
    )  # fmt: skip


def refers(doctor: Colleague, department: str, icd: tuple[str, str], *, level: int = 3) -> dict[str, Any]:
    """Let a township's doctor register somebody and refer him up; return the ticket as it was sent."""
    patient = registers(doctor)
    code, name = icd
    ticket = doctor(
        "POST", "/api/v1/referrals",
        {
            "patient_id": patient["id"], "direction": "up", "from_org": "T01", "to_org": "C01",
            "department": department, "reason_code": "critical" if level <= 2 else "beyond-capability",
            "diagnosis": {"code": code, "system": "ICD-10", "name": name}, "triage_level": level,
            "summary": "病情见附件", "needs": {"department": department},
            "consent": {"given": True, "by": patient["name"], "relation": "本人"},
        },
    )  # fmt: skip
    return doctor("POST", f"/api/v1/referrals/{ticket['id']}/send")


STILL = """() => Promise.allSettled(document.getAnimations()
    .filter((each) => each.effect.getComputedTiming().endTime !== Infinity).map((each) => each.finished))"""


def serious(page: Page) -> list[str]:
    """Return axe's serious findings on what is drawn, once it stands still: half a fade has half the contrast."""
    if not AXE.is_file():
        pytest.skip("axe-core is not installed below web/node_modules")
    page.add_script_tag(path=AXE)
    page.wait_for_timeout(100)  # what was pressed begins to move
    page.evaluate(STILL)
    found: list[dict[str, Any]] = page.evaluate("async () => (await axe.run()).violations")
    return [
        f"{v['id']}: {[node['html'] for node in v['nodes']]}" for v in found if v["impact"] in {"serious", "critical"}
    ]
