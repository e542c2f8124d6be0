"""Walk B's room in real Chromiums: tried devices, let in, seen and heard, one slice for all, left and come back."""

import re
from contextlib import AsyncExitStack
from pathlib import Path

import pytest
from playwright.async_api import Page, Playwright, ViewportSize, expect

from tests.browser.calling import (
    LI,
    a_ct_is_sent,
    arranged,
    at_the_door,
    enters,
    face,
    patient_at_the_door,
    play,
    plays,
)
from tests.browser.screens import scrolls_sideways
from tests.flows.consulting import looks
from tests.flows.county import County, Json

__all__ = ["play"]  # the fixture
pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]

SMALL = ViewportSize(width=360, height=740)
WEIGHT = 20 * 1024  # bytes of the patient's page as they travel
AXE = Path(__file__).parents[2] / "web/node_modules/axe-core/axe.min.js"
SOUNDS = (
    """() => [...document.querySelectorAll('audio')].filter(audio => audio.srcObject && audio.currentTime > 0).length"""
)
# What can neither be seen nor scrolled to: strips of tools and people scroll by themselves.
CUTS = """(() => {
  const own = e => ['auto', 'scroll'].includes(getComputedStyle(e).overflowX);
  const scrolls = e => e !== null && (own(e) || scrolls(e.parentElement));
  const beside = ({ width, left, right }) => width > 0 && (left < -1 || right > innerWidth + 1);
  return [...document.querySelectorAll('button, a:not(.skip), input')]
    .filter(e => e.offsetParent !== null && !scrolls(e) && beside(e.getBoundingClientRect())).map(e => e.outerHTML);
})()"""
# A page that turns dark passes through colours that nobody reads.
AT_REST = """() => Promise.all(document.getAnimations()
  .filter(each => each.effect?.getComputedTiming().endTime !== Infinity).map(each => each.finished.catch(() => null)))
  .then(() => null)"""
SENT: dict[int, tuple[str, str]] = {}  # by the hub's port: the patient and her CT


async def consult_at(county: County, folder: Path, begins: str) -> Json:
    """Arrange a consult over the patient's CT; its lobby is open."""
    hour = int(begins[:2])
    await county.at(f"{hour - 1:02d}:00")
    if county.hub.http_port not in SENT:
        SENT[county.hub.http_port] = await a_ct_is_sent(county, folder)
    patient, study = SENT[county.hub.http_port]
    return await arranged(county, patient, begins, [study])


async def serious(page: Page) -> list[str]:
    """Return axe's serious findings on what is drawn."""
    if not AXE.exists():
        pytest.skip("axe-core is not installed below web/node_modules")
    await page.evaluate(AXE.read_text(encoding="utf-8"))
    await page.evaluate(AT_REST)
    found = await page.evaluate("async () => (await axe.run()).violations")
    return [f"{each['id']}: {each['nodes'][0]['html']}" for each in found if each["impact"] in {"serious", "critical"}]


async def hears(page: Page, voices: int) -> None:
    """Wait until so many people's voices play."""
    await page.wait_for_function(f"{SOUNDS} >= {voices}")


async def lets_in(host: Page, *names: str) -> None:
    for name in names:
        await host.get_by_role("button", name=f"请 {name} 进来").first.click()


async def test_two_meet_look_at_one_slice_and_the_consult_outlives_leaving(
    yunling: County, play: Playwright, tmp_path: Path
) -> None:
    consult = await consult_at(yunling, tmp_path, "09:00")
    async with AsyncExitStack() as stack:
        doctor = await stack.enter_async_context(at_the_door(play, yunling, "lilan", consult))
        expert = await stack.enter_async_context(at_the_door(play, yunling, "zhaoning", consult))
        assert await serious(expert) == []
        await enters(doctor)
        await expect(doctor.get_by_text("主持的专家还没到，请别走开")).to_be_visible()
        await enters(expert)
        await expect(doctor.get_by_text("赵宁 已到，马上请您进去")).to_be_visible()
        await lets_in(expert, "李兰")
        await plays(face(expert, "李兰"))
        await plays(face(doctor, "赵宁"))
        await hears(expert, 1)
        await hears(doctor, 1)

        await _look_together(expert, doctor)
        assert await serious(expert) == []

        await doctor.reload()
        await plays(face(doctor, "赵宁"))
        await expect(doctor.get_by_role("slider")).to_have_attribute("aria-valuenow", "4")
        await expect(expert.get_by_role("button", name="请 李兰 进来")).to_have_count(0)

        await doctor.get_by_role("button", name="先离开").click()
        await expect(doctor.get_by_text("会诊还没有结束，随时可以回来。")).to_be_visible()
        assert (await looks(await yunling.person("zhaoning"), consult))["state"] in {"in-call", "interrupted"}

        await expert.get_by_role("button", name="结束会诊").click()
        await expert.get_by_role("dialog").get_by_role("button", name="结束会诊").click()
        await expect(expert.get_by_role("region", name="通话结束")).to_be_visible()
        await expert.get_by_role("link").filter(has_text="去会诊单").click()
        await expect(expert.get_by_text("写意见").first).to_be_visible()


async def _look_together(expert: Page, doctor: Page) -> None:
    """The expert shows the CT to all and leafs; the doctor sees the same slice, and where he points."""
    await expert.get_by_role("button", name="给大家看").click()
    mine, hers = expert.get_by_role("slider"), doctor.get_by_role("slider")
    await mine.focus()
    await expert.keyboard.press("ArrowDown")
    await expect(hers).to_have_attribute("aria-valuenow", "2")
    for to in ("3", "4"):
        await expert.keyboard.press("ArrowDown")
        await expect(hers).to_have_attribute("aria-valuenow", to)

    await expert.get_by_role("button", name="指给大家看").click()
    box = await expert.locator(".viewer-pane").bounding_box()
    assert box is not None
    await expert.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    await expect(doctor.locator(".viewer-pointer")).to_have_text("赵宁")
    await doctor.get_by_role("button", name="我来翻").click()
    await doctor.get_by_role("slider").focus()
    await doctor.keyboard.press("ArrowUp")
    await expect(mine).to_have_attribute("aria-valuenow", "3")
    await doctor.keyboard.press("ArrowDown")
    await expect(mine).to_have_attribute("aria-valuenow", "4")


async def test_four_meet_the_patient_on_a_small_phone_and_each_is_asked_before_recording(
    yunling: County, play: Playwright, tmp_path: Path
) -> None:
    consult = await consult_at(yunling, tmp_path, "11:00")
    async with AsyncExitStack() as stack:
        patient = await stack.enter_async_context(patient_at_the_door(play, yunling, consult, SMALL))
        assert await serious(patient) == []
        await patient.get_by_role("button", name="进入", exact=True).click()
        await expect(patient.get_by_text("医生还没到，请您别走开")).to_be_visible()
        expert = await stack.enter_async_context(at_the_door(play, yunling, "zhaoning", consult))
        doctor = await stack.enter_async_context(at_the_door(play, yunling, "lilan", consult, SMALL))
        head = await stack.enter_async_context(at_the_door(play, yunling, "haiying", consult))
        for page in (expert, doctor, head):
            await enters(page)
        await expect(patient.get_by_text("医生到了，马上请您进去")).to_be_visible()
        await lets_in(expert, LI.name, "李兰", "海英")
        for name in (LI.name, "李兰", "海英"):
            await plays(face(expert, name))
        await plays(patient.locator(".large video"))
        for page in (expert, doctor, head, patient):
            await hears(page, 3)
        assert await serious(patient) == []
        assert not await scrolls_sideways(doctor)
        assert [await page.evaluate(CUTS) for page in (doctor, patient)] == [[], []]
        await _chat(expert, patient)
        await _ask_to_record(expert, [doctor, head], patient)
        await _mute_and_leave(expert, patient)


async def _chat(expert: Page, patient: Page) -> None:
    await expert.get_by_text("对话", exact=True).click()
    await expert.get_by_role("textbox", name="写给大家").fill("请把手机靠近一点")
    await expert.keyboard.press("Enter")
    await patient.get_by_role("button", name="文字 1 条新的").click()
    await expect(patient.get_by_text("请把手机靠近一点")).to_be_visible()
    await patient.get_by_role("textbox", name="写给医生").fill("好的")
    await patient.get_by_role("button", name="发送").click()
    await expect(expert.get_by_text("好的", exact=True)).to_be_visible()
    await patient.get_by_role("button", name="回到画面").click()


async def _ask_to_record(expert: Page, staff: list[Page], patient: Page) -> None:
    """Nothing is recorded before the last yes; one withdrawal stops it for all."""
    await expert.get_by_role("button", name="录制").click()
    for page in staff:
        await page.get_by_role("button", name="同意录制").click()
    await expect(expert.get_by_text("正在征求录制同意，还差 1 人")).to_be_visible()
    await patient.get_by_role("button", name="同意录制").click()
    for page in (expert, *staff, patient):
        await expect(page.get_by_text("正在录制")).to_be_visible()
    await patient.get_by_role("button", name="不要再录了").click()
    for page in (expert, *staff, patient):
        await expect(page.get_by_text("正在录制")).to_have_count(0)


async def _mute_and_leave(expert: Page, patient: Page) -> None:
    await expert.get_by_role("button", name=f"对 {LI.name} 的操作").first.click()
    await expert.get_by_role("menuitem", name="关掉话筒").click()
    await expect(patient.get_by_text("赵宁 把您的话筒关了")).to_be_visible()
    await patient.get_by_role("button", name="打开话筒").click()
    await expect(patient.get_by_text("赵宁 把您的话筒关了")).to_have_count(0)
    await patient.get_by_role("button", name="离开").click()
    await expect(patient.get_by_role("heading", name="您已离开")).to_be_visible()
    await expect(patient.get_by_role("button", name="回去")).to_be_visible()


async def test_the_patients_page_weighs_twenty_kilobytes_at_most(
    yunling: County, play: Playwright, tmp_path: Path
) -> None:
    consult = await consult_at(yunling, tmp_path, "13:00")
    async with patient_at_the_door(play, yunling, consult, SMALL) as page:
        travelled = await page.evaluate("""() => performance.getEntriesByType('resource').concat(
          performance.getEntriesByType('navigation')).filter(one => /\\/assets\\/|\\/j\\//.test(one.name))
          .map(one => [one.name.replace(/.*\\//, '').slice(0, 12), one.encodedBodySize])""")
        assert len(travelled) == 3, travelled  # the page, its script, its style
        assert sum(size for _, size in travelled) <= WEIGHT, travelled


async def test_a_camera_in_use_says_so_and_one_gets_in_without(
    yunling: County, play: Playwright, tmp_path: Path
) -> None:
    consult = await consult_at(yunling, tmp_path, "15:00")
    async with patient_at_the_door(play, yunling, consult, SMALL) as page:
        await page.add_init_script("""
          const ask = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
          navigator.mediaDevices.getUserMedia = wish => wish.video
            ? Promise.reject(new DOMException('', 'NotReadableError')) : ask(wish);""")
        await page.reload()
        await expect(page.get_by_text(re.compile("别的程序正在用"))).to_be_visible()
        await page.get_by_role("button", name="不开摄像头，先进去").click()
        await expect(page.get_by_role("heading", name="请稍等")).to_be_visible()
