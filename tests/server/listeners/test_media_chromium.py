"""Real Chromium through a media worker: restarts of ICE, people who come and go, and a recording that it plays."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web
from playwright.async_api import Page, async_playwright

from tests.server.listeners.media_house import INSIDE, House, running_worker
from tests.server.listeners.test_media_recording import KEY, record, tracks
from tests.servers.processes import free_port, require_playwright
from tests.servers.redis import RunningRedis
from tests.video.rtc.hub import until
from tests.video.rtc.test_chromium import CHROMIUM, FLAGS, SCRIPT
from video.rtc.record.reader import TrackReader

pytestmark = pytest.mark.browser
AGAIN = """
window.again = async (sdp) => {
  await pc.setRemoteDescription({type: 'offer', sdp});
  await pc.setLocalDescription();
  return pc.localDescription.sdp;
};
window.frames = async () => {
  const told = {};
  for (const each of (await pc.getStats()).values())
    if (each.type === 'inbound-rtp' && each.kind === 'video') told[each.mid] = each.framesDecoded;
  return told;
};
null;
"""


@pytest.fixture
async def pages() -> AsyncIterator[list[Page]]:
    """Give three pages of one Chromium."""
    if not CHROMIUM.exists():
        pytest.skip("Chromium is not installed")
    require_playwright()
    async with async_playwright() as playwright:
        running = await playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        made = [await running.new_page() for _ in range(3)]
        for page in made:
            await page.evaluate(SCRIPT)
            await page.evaluate(AGAIN)
        yield made
        await running.close()


async def publish(house: House, page: Page, seat: str) -> None:
    await offered(house, page, seat, await page.evaluate("publish()"))


async def offered(house: House, page: Page, seat: str, offer: str) -> None:
    sources = {"0": "microphone", "1": "camera"}
    answer = await house.ask("publish", seat=seat, connection="main", sdp=offer, sources=sources)
    await page.evaluate("sdp => take(sdp)", answer["sdp"])


class Viewer:
    """A page that answers every offer to its seat."""

    def __init__(self, house: House, page: Page, seat: str) -> None:
        self.house, self.page, self.seat = house, page, seat
        self.answered = 0
        self.mids: dict[str, str] = {}

    async def answer(self) -> None:
        """Answer the offers that came since the last call."""
        await until(lambda: len(self.house.told(self.seat, "offer")) > self.answered, "an offer")
        for offer in self.house.told(self.seat, "offer")[self.answered :]:
            how = "again" if self.answered else "subscribe"
            text = await self.page.evaluate(f"sdp => {how}(sdp)", offer["sdp"])
            await self.house.ask("answer", seat=self.seat, version=offer["version"], sdp=text)
            self.answered += 1
            self.mids = {f"{each['seat']}/{each['source']}": each["mid"] for each in offer["tracks"]}

    async def sees(self, seat: str, *, more: int = 20, seconds: float = 30.0) -> None:
        """Wait until more pictures of somebody are decoded."""
        mid = self.mids[f"{seat}/camera"]
        before = (await self.page.evaluate("frames()")).get(mid, 0)
        for _ in range(int(seconds / 0.1)):
            now = (await self.page.evaluate("frames()")).get(mid, 0)
            if now >= before + more:
                return
            before = min(before, now)  # a section that was taken for somebody else counts from nothing
            await asyncio.sleep(0.1)
        raise AssertionError(f"{self.seat} does not see {seat}")


async def test_both_ways_restart_ice_and_the_pictures_go_on(house: House, pages: list[Page]) -> None:
    await house.roster(ann=INSIDE, bob=INSIDE)
    await publish(house, pages[0], "ann")
    await house.ask("subscribe", seat="bob")
    bob = Viewer(house, pages[1], "bob")
    await bob.answer()
    await bob.sees("ann")
    await offered(house, pages[0], "ann", await pages[0].evaluate("restart()"))
    await bob.sees("ann")
    before = house.told("bob", "offer")[-1]["sdp"]
    await house.ask("restart", seat="bob")
    await bob.answer()
    after = house.told("bob", "offer")[-1]["sdp"]
    assert [line for line in before.splitlines() if "ufrag" in line] != [
        line for line in after.splitlines() if "ufrag" in line
    ]
    await bob.sees("ann")
    assert house.told("ann", "gone") == house.told("bob", "gone") == []
    assert await pages[1].evaluate("pc.connectionState") == "connected"


async def test_a_section_that_ended_shows_the_next_person_in_the_same_place(house: House, pages: list[Page]) -> None:
    await house.roster(ann=INSIDE, bob=INSIDE, cat=INSIDE)
    await publish(house, pages[0], "ann")
    await house.ask("subscribe", seat="bob")
    bob = Viewer(house, pages[1], "bob")
    await bob.answer()
    await bob.sees("ann")
    mids = bob.mids
    await house.roster(ann=None)
    await bob.answer()
    await publish(house, pages[2], "cat")
    await bob.answer()
    assert [*bob.mids.values()] == [*mids.values()]
    await bob.sees("cat")


PLAY = """
async (url) => {
  const shown = Object.assign(document.createElement('video'), {muted: true, src: url});
  document.body.append(shown);
  const event = (name) => new Promise((done, fail) => {
    shown.addEventListener(name, done, {once: true});
    shown.addEventListener('error', () => fail(new Error(shown.error.message)), {once: true});
  });
  await event('loadedmetadata');
  const told = {duration: shown.duration, width: shown.videoWidth};
  await shown.play();
  await new Promise((done) => setTimeout(done, 1500));
  told.played = shown.currentTime;
  told.shown = shown.getVideoPlaybackQuality().totalVideoFrames;
  shown.pause();
  const sought = event('seeked');
  shown.currentTime = told.duration / 2;
  await sought;
  told.sought = shown.currentTime;
  shown.playbackRate = 4;
  shown.play();
  if (!shown.ended) await event('ended');
  told.ended = shown.currentTime;
  return told;
}
"""


def serving(folder: Path) -> web.Application:
    """Return a site that gives a folder's tracks as WebM, in the ranges that a player asks for."""

    async def get(request: web.Request) -> web.StreamResponse:
        data = (folder / request.match_info["name"]).read_bytes()
        reader = TrackReader(KEY, lambda at, size: data[at : at + size], len(data))
        wanted = request.http_range
        begin, end = wanted.start or 0, min(wanted.stop or reader.size, reader.size)
        status = 206 if "Range" in request.headers else 200
        headers = {"Accept-Ranges": "bytes", "Content-Type": "video/webm", "Content-Length": str(end - begin)}
        if status == 206:
            headers["Content-Range"] = f"bytes {begin}-{end - 1}/{reader.size}"
        answer = web.StreamResponse(status=status, headers=headers)
        await answer.prepare(request)
        for piece in reader.read(begin, end):
            await answer.write(piece)
        return answer

    site = web.Application()
    site.router.add_get("/{name}", get)
    return site


async def play(page: Page, folder: Path, name: str) -> dict[str, Any]:
    runner = web.AppRunner(serving(folder))
    await runner.setup()
    port = free_port()
    await web.TCPSite(runner, "127.0.0.1", port).start()
    try:
        told: dict[str, Any] = await page.evaluate(PLAY, f"http://127.0.0.1:{port}/{name}")
        return told
    finally:
        await runner.cleanup()


async def test_what_a_killed_worker_recorded_plays_in_a_video_element(
    house: House, redis: RunningRedis, pages: list[Page]
) -> None:
    with running_worker(redis) as doomed:
        await house.place(port=doomed.port)
        await house.roster(ann=INSIDE)
        await publish(house, pages[0], "ann")
        folder = doomed.data / "recordings" / "call"
        await record(house, folder, ann="a")
        await asyncio.sleep(12.0)
        doomed.kill()
        found = tracks(folder)
        seen = await play(pages[1], folder, found["ann/camera"]["file"])
        heard = await play(pages[2], folder, found["ann/microphone"]["file"])
    for told in (seen, heard):
        assert told["duration"] > 12.0 - 5.0
        assert told["played"] > 0.5
        assert told["sought"] == pytest.approx(told["duration"] / 2, abs=0.1)
        assert told["ended"] == pytest.approx(told["duration"], abs=0.3)
    assert seen["width"] in {160, 320, 640}
    assert seen["shown"] > 10
    assert abs(found["ann/camera"]["start_ms"] - found["ann/microphone"]["start_ms"]) < 2000
