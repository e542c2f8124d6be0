"""The township's referrals in a browser: up in at most six touches, without a line too, taken over by name, visited."""

import re
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Browser, Locator, Page, Route, ViewportSize, expect

from server.cli.morning import PEOPLE
from tests.browser.screens import DESK, PHONE, at_a_screen
from tests.flows.county import MA, County, Json, Person, as_registration
from tests.flows.referring import INFARCT, PLAN, REFERRALS, commands, sends

SMALLEST = ViewportSize(width=360, height=740)
AXE = Path(__file__).parent.parent.parent / "web/node_modules/axe-core/axe.min.js"
MOST_TOUCHES = 6
SU, TIAN = PEOPLE[4], PEOPLE[5]
DRAFTING = re.compile(r"/api/v1/referrals$")


class Thumb:
    """A thumb that counts its touches."""

    def __init__(self) -> None:
        self.touches = 0

    async def touches_on(self, what: Locator) -> None:
        """Touch once."""
        self.touches += 1
        await what.click()


class LostAnswer:
    """A line that breaks once more: what arrives first is done by the hub, and the page never hears of it."""

    def __init__(self) -> None:
        self.keys: list[str] = []
        self.answers: list[str] = []

    async def __call__(self, route: Route) -> None:
        self.keys.append(route.request.headers["idempotency-key"])
        answer = await route.fetch()
        self.answers.append((await answer.json())["id"])
        await (route.abort() if len(self.keys) == 1 else route.fulfill(response=answer))


async def known(county: County, who: Json) -> str:
    """Return a resident's id; she is registered once, however many tests are about her."""
    lilan = await county.person("lilan")
    answer = await lilan.asks("POST", "/api/v1/patients", who)
    if answer.status == 201:
        return str(answer.body["id"])
    found = await lilan.sees(f"/api/v1/patients?q={who['identifiers'][0]['value']}")
    return str(found["items"][0]["id"])


async def tickets_of(person: Person, patient: str) -> list[Json]:
    """Return the tickets of a patient, drafts too."""
    return list((await person.sees(f"/api/v1/referrals?patient={patient}"))["items"])


async def comes_home(county: County, patient: str) -> Json:
    """Let a patient go up, lie in, and be handed over with a plan; return the way home."""
    lilan, ning, min_, fan = [await county.person(name) for name in ("lilan", "zhaoning", "zhoumin", "yangfan")]
    up = await sends(lilan, patient, 2, "心内", diagnosis=INFARCT, summary="胸痛")
    for person, name in ((min_, "acknowledge"), (lilan, "depart"), (min_, "arrive")):
        up = await commands(person, up, name)
    up = await commands(fan, up, "admit")
    home = await commands(ning, up, "refer-down", PLAN)
    return await commands(ning, home, "send")


async def serious(page: Page) -> list[str]:
    """Return axe's serious findings on what is drawn."""
    if not AXE.is_file():
        pytest.skip("axe-core is not installed below web/node_modules")
    await page.evaluate(AXE.read_text(encoding="utf-8"))
    found: list[dict[str, Any]] = await page.evaluate("async () => (await axe.run()).violations")
    return [
        f"{v['id']}: {[node['html'] for node in v['nodes']]}" for v in found if v["impact"] in {"serious", "critical"}
    ]


@pytest.mark.parametrize("viewport", [PHONE, SMALLEST], ids=["390", "360"])
async def test_from_the_desk_to_sent_is_at_most_six_touches(
    yunling: County, browser: Browser, viewport: ViewportSize
) -> None:
    who = MA if viewport is PHONE else as_registration(SU)
    patient = await known(yunling, who)
    thumb = Thumb()
    async with at_a_screen(browser, yunling, "lilan", viewport) as page:
        await page.goto(f"{yunling.hub.url}/desk")
        await thumb.touches_on(page.get_by_role("link", name="绿色通道"))
        await thumb.touches_on(page.get_by_role("button", name=who["name"]))
        await thumb.touches_on(page.get_by_role("radio", name="濒危"))
        await thumb.touches_on(page.get_by_role("radio", name="胸痛"))
        await expect(page.get_by_role("radio", name="云岭县人民医院 CCU")).to_be_checked()
        await expect(page.get_by_role("link", name="先打县急诊")).to_have_attribute("href", re.compile("^tel:"))
        await thumb.touches_on(page.get_by_role("button", name="立即上转"))
        await page.wait_for_url(re.compile("/referrals/"))
    assert thumb.touches <= MOST_TOUCHES
    [ticket] = await tickets_of(await yunling.person("lilan"), patient)
    assert ticket["state"] in {"bed-held", "accepted"}, "level Ⅰ is accepted by the system"
    assert ticket["place"] is not None, "and has a place"
    assert (ticket["triage_level"], ticket["pathway"], ticket["department"]) == (1, "chest-pain", "CCU")


async def test_a_double_click_makes_one_ticket_and_a_second_one_is_tracked(yunling: County, browser: Browser) -> None:
    patient = await known(yunling, as_registration(TIAN))
    async with at_a_screen(browser, yunling, "lilan", DESK) as page:
        await page.goto(f"{yunling.hub.url}/refer/new?patient={patient}&green=1")
        await page.get_by_role("radio", name="危重").click()
        await page.get_by_role("radio", name="卒中").click()
        await expect(page.get_by_role("radio", name="云岭县人民医院")).to_be_checked()
        await page.get_by_role("button", name="立即上转").dblclick()
        await page.wait_for_url(re.compile("/referrals/"))
        [ticket] = await tickets_of(await yunling.person("lilan"), patient)

        await page.goto(f"{yunling.hub.url}/refer/new?patient={patient}")
        await page.get_by_role("link", name="追踪这张单").click()
        await page.wait_for_url(re.compile(f"/referrals/{ticket['id']}$"))

        await page.goto(f"{yunling.hub.url}/desk")
        row = page.locator(f"[data-row='{ticket['id']}']")
        await expect(row.get_by_role("link", name=re.compile("^打 "))).to_have_attribute("href", re.compile("^tel:"))
        await row.get_by_role("button", name="补资料").click()
        await page.get_by_role("textbox", name="收缩压").fill("80")
        await page.get_by_role("textbox", name="舒张压").fill("140")
        await expect(page.get_by_text("血压高低写反了")).to_be_visible()
        await page.get_by_role("textbox", name="收缩压").fill("186")
        await page.get_by_role("button", name="存好，对方马上看到").click()
        await expect(page.get_by_text("已补上，对方马上看到")).to_be_visible()
    seen = await (await yunling.person("zhoumin")).sees(f"/api/v1/referrals/{ticket['id']}")
    assert seen["package"]["vitals"]["systolic"] == 186


async def refers_up_alone(page: Page) -> None:
    """Choose the pathway and send, when nobody can be asked for a bed any more."""
    await page.get_by_role("radio", name="胸痛").click()
    await expect(page.get_by_text("问不到空床")).to_be_visible()
    await expect(page.get_by_role("radio", name="云岭县人民医院 CCU")).to_be_checked()
    await page.get_by_role("button", name="立即上转").click()
    await expect(page.get_by_text("单子已写好，存在这一页，线路恢复后自动发出")).to_be_visible()
    await expect(page.get_by_role("link", name="先打县急诊")).to_have_attribute("href", re.compile("^tel:"))


async def test_refer_up_without_a_line_is_kept_and_said_and_arrives_once(yunling: County, browser: Browser) -> None:
    lilan = await yunling.person("lilan")
    patient = await known(yunling, as_registration(PEOPLE[6]))
    tickets = f"{REFERRALS}?patient={patient}"
    async with at_a_screen(browser, yunling, "lilan", PHONE) as page:
        await page.clock.install()
        await page.goto(f"{yunling.hub.url}/refer/new?patient={patient}&green=1")
        await page.get_by_role("radio", name="濒危").click()
        await expect(page.get_by_role("link", name="先打县急诊")).to_be_visible()

        await page.context.set_offline(True)
        await refers_up_alone(page)
        await page.clock.fast_forward(61_000)
        await expect(page.get_by_text("没发出去的有 1 项，会按先后自动发出")).to_be_visible()
        assert (await lilan.sees(tickets))["items"] == []

        line = LostAnswer()
        await page.route(DRAFTING, line)
        await page.context.set_offline(False)
        await page.wait_for_url(re.compile(r"/referrals/\w+$"))
        await expect(page.get_by_text("县网断了")).to_have_count(0)

    [ticket] = (await lilan.sees(tickets))["items"]
    assert len(line.keys) == 2, "the answer was lost, and it was asked again"
    assert len({*line.keys}) == 1
    assert line.answers == [ticket["id"]] * 2, "the hub gave the answer again, and no second ticket"
    assert (ticket["triage_level"], ticket["department"], ticket["place"] is not None) == (1, "CCU", True)
    assert ticket["created_at"] < ticket["recorded_at"], "when it was written, and when it came"
    events = (await lilan.sees(f"{REFERRALS}/{ticket['id']}"))["events"]
    assert [event["name"] for event in events].count("sent") == 1


async def test_what_the_guide_keeps_at_home_goes_on_with_a_reason(yunling: County, browser: Browser) -> None:
    patient = await known(yunling, as_registration(PEOPLE[3]))
    async with at_a_screen(browser, yunling, "lilan", DESK) as page:
        await page.goto(f"{yunling.hub.url}/refer/new?patient={patient}")
        await expect(page.get_by_role("button", name="上转", exact=True)).to_have_attribute("aria-disabled", "true")
        await page.get_by_role("radio", name="非急症").click()
        await page.get_by_role("textbox", name="诊断或病情").fill("急性上呼吸道感染")
        await page.get_by_role("textbox", name="ICD-10").fill("J06.9")
        await page.get_by_role("combobox", name="科室").fill("呼吸")
        await expect(page.get_by_text("按分级诊疗指南，当地可以诊治")).to_be_visible()
        await page.get_by_role("combobox", name="转诊原因").click()
        await page.get_by_title("超出本院诊治能力").click()
        await page.get_by_role("textbox", name="病情小结").fill("发热咳嗽三天，气促")
        await page.get_by_role("checkbox", name="病人或家属已同意转诊").check()
        await page.get_by_role("textbox", name="谁同意的").fill("本人")
        send = page.get_by_role("button", name="上转", exact=True)
        await expect(send).to_have_accessible_description(re.compile("写一句要转的原因"))
        await page.get_by_role("textbox", name="确实要转的原因").fill("三天用药无效，出现气促")
        await send.click()
        await page.wait_for_url(re.compile("/referrals/"))
    [ticket] = await tickets_of(await yunling.person("lilan"), patient)
    assert (ticket["state"], ticket["unscheduled_reason"]) == ("sent", "三天用药无效，出现气促")


async def test_a_patient_is_taken_over_by_name_and_visited_at_home(yunling: County, browser: Browser) -> None:
    patient = await known(yunling, as_registration(PEOPLE[2]))
    home = await comes_home(yunling, patient)
    async with at_a_screen(browser, yunling, "lilan", PHONE) as page:
        await page.goto(f"{yunling.hub.url}/down")
        await page.locator(f"[data-row='{home['id']}'] a").click()
        take_over = page.get_by_role("button", name="接手", exact=True)
        await expect(take_over).to_have_accessible_description(re.compile("没核对"))
        await page.get_by_role("group", name=re.compile("替格瑞洛")).get_by_role("radio", name="没有").click()
        await page.get_by_role("button", name="都有").click()
        await expect(take_over).to_have_accessible_description(re.compile("缺 替格瑞洛"))
        await page.get_by_role("group", name=re.compile("替格瑞洛")).get_by_role("radio", name="县里配送").click()
        await page.get_by_label("谁来随访").click()
        await page.get_by_title("石门村卫生室").click()
        await take_over.click()
        await expect(page.get_by_text("已接手。首次随访做完")).to_be_visible()
    seen = await (await yunling.person("lilan")).sees(f"/api/v1/referrals/{home['id']}")
    assert seen["state"] == "taken-over"
    await is_visited(yunling, browser, patient)


async def is_visited(county: County, browser: Browser, patient: str) -> None:
    """Let the village's doctor visit: refused upside down, urgent at 186/112, then the next day is named."""
    ma = await county.person("maxiaoyan")
    due = (await ma.sees(f"/api/v1/follow-ups?patient={patient}"))["items"]
    visit = next(item for item in due if item["kind"] == "visit")
    async with at_a_screen(browser, county, "maxiaoyan", PHONE) as page:
        await page.goto(f"{county.hub.url}/follow-ups")
        await page.locator(f"[data-row='{visit['id']}'] a").click()
        high, low = page.get_by_role("textbox", name="高压"), page.get_by_role("textbox", name="低压")
        await high.fill("80")
        await low.fill("140")
        await expect(page.get_by_text("高低写反了").first).to_be_visible()
        await high.fill("179")
        await low.fill("109")
        await expect(page.get_by_role("alert")).to_have_count(0)
        await high.fill("186")
        await low.fill("112")
        await expect(page.get_by_role("alert")).to_contain_text("血压很高，要马上上转")
        await expect(page.get_by_role("link", name="打给石门镇卫生院")).to_have_attribute("href", re.compile("^tel:"))
        await page.get_by_role("radio", name="有时忘").click()
        await page.get_by_role("button", name="存好，下一个").click()
        await expect(page.get_by_text(re.compile(r"下一次 \d{4}-\d\d-\d\d 前"))).to_be_visible()
        await page.get_by_role("button", name="打开上转单，发出").click()
        await page.wait_for_url(re.compile("/referrals/"))
    done = await ma.sees(f"/api/v1/follow-ups/{visit['id']}")
    assert (done["state"], done["assessment"]["urgent"]) == ("done", True)


@pytest.mark.parametrize("viewport", [DESK, ViewportSize(width=1366, height=768), PHONE, SMALLEST], ids=str)
async def test_the_township_s_pages_fit_and_axe_finds_nothing_serious(
    yunling: County, browser: Browser, viewport: ViewportSize
) -> None:
    patient = await known(yunling, MA)
    paths = ["/desk", "/refer/new", f"/refer/new?patient={patient}&green=1", "/down", "/follow-ups"]
    async with at_a_screen(browser, yunling, "lilan", viewport) as page:
        for path in paths:
            await page.goto(yunling.hub.url + path)
            await page.locator("main").wait_for()
            await page.wait_for_timeout(700)
            assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth"), path
            assert await page.evaluate("(m => m.scrollWidth <= m.clientWidth)(document.querySelector('main'))"), path
            assert await serious(page) == [], path
