"""Real Chromium through the forwarder: simulcast in, layers out, a restart, and the same port over TCP."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Page, async_playwright

from tests.servers.processes import require_playwright
from tests.video.rtc.hub import Hub, until
from video.rtc import negotiate, sdp
from video.rtc.forward.publisher import Publisher
from video.rtc.forward.subscriber import Limit, Subscriber

pytestmark = pytest.mark.browser
CHROMIUM = Path("/usr/bin/chromium")
FLAGS = ["--no-sandbox", "--allow-loopback-in-peer-connection", "--autoplay-policy=no-user-gesture-required"]

# A drawn picture and a tone: no camera, no permission. Each function leaves what it made on `window`.
SCRIPT = """
window.publish = async () => {
  const canvas = Object.assign(document.createElement('canvas'), {width: 640, height: 480});
  const draw = canvas.getContext('2d');
  let n = 0;
  setInterval(() => {
    n += 1;
    draw.fillStyle = `hsl(${n % 360} 60% 50%)`; draw.fillRect(0, 0, 640, 480);
    for (let i = 0; i < 40; i += 1) {
      draw.fillStyle = `hsl(${i * 37 % 360} 80% 40%)`;
      draw.fillRect((i * 97 + n * 5) % 640, (i * 61 + n * 3) % 480, 40, 30);
    }
  }, 33);
  const sound = new AudioContext(), tone = sound.createOscillator(), out = sound.createMediaStreamDestination();
  tone.connect(out); tone.start();
  const stream = canvas.captureStream(30);
  const pc = window.pc = new RTCPeerConnection();
  pc.addTransceiver(out.stream.getAudioTracks()[0], {direction: 'sendonly', streams: [stream]});
  pc.addTransceiver(stream.getVideoTracks()[0], {direction: 'sendonly', streams: [stream], sendEncodings: [
    {rid: 'l', scaleResolutionDownBy: 4, maxBitrate: 120000},
    {rid: 'm', scaleResolutionDownBy: 2, maxBitrate: 350000}, {rid: 'h', maxBitrate: 1000000}]});
  await pc.setLocalDescription();
  return pc.localDescription.sdp;
};
window.restart = async () => {
  await pc.setLocalDescription(await pc.createOffer({iceRestart: true}));
  return pc.localDescription.sdp;
};
window.take = (sdp) => pc.setRemoteDescription({type: 'answer', sdp});
window.subscribe = async (sdp) => {
  const pc = window.pc = new RTCPeerConnection();
  pc.ontrack = (event) => {
    const shown = document.createElement(event.track.kind);
    shown.srcObject = new MediaStream([event.track]); shown.muted = true; shown.autoplay = true;
    document.body.append(shown); shown.play();
  };
  await pc.setRemoteDescription({type: 'offer', sdp});
  await pc.setLocalDescription();
  return pc.localDescription.sdp;
};
window.report = async () => {
  const told = {state: pc.connectionState};
  for (const each of (await pc.getStats()).values()) if (each.type === 'inbound-rtp') told[each.kind] = {...each};
  return told;
};
null;  // else the last function would be called
"""


@pytest.fixture
async def pages() -> AsyncIterator[tuple[Page, Page]]:
    """Give two pages of one Chromium, the second for a viewer."""
    if not CHROMIUM.exists():
        pytest.skip("Chromium is not installed")
    require_playwright()
    async with async_playwright() as playwright:
        running = await playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        made = [await running.new_page() for _ in range(2)]
        for page in made:
            await page.evaluate(SCRIPT)
        yield made[0], made[1]
        await running.close()


@pytest.fixture
async def hub() -> AsyncIterator[Hub]:
    async with Hub() as made:
        yield made


async def publish(hub: Hub, page: Page) -> Publisher:
    text, publisher, _ = hub.publish(await page.evaluate("publish()"))
    await page.evaluate("sdp => take(sdp)", text)
    return publisher


async def subscribe(hub: Hub, publisher: Publisher, page: Page, *, limit: Limit = Limit.ALL) -> Subscriber:
    text, offered, subscriber, transport = hub.offer(publisher)
    hub.answered(
        await page.evaluate("sdp => subscribe(sdp)", text), offered, publisher, subscriber, transport, limit=limit
    )
    return subscriber


async def seen(page: Page, *widths: int, seconds: float = 30.0) -> dict[str, Any]:
    """Wait until the page decodes pictures of one of these widths with sound; return its report."""
    told: dict[str, Any] = {}
    for _ in range(int(seconds / 0.25)):
        told = await page.evaluate("report()")
        video, audio = told.get("video", {}), told.get("audio", {})
        if video.get("frameWidth") in widths and audio.get("totalSamplesReceived", 0) > 24_000:
            return told
        await page.wait_for_timeout(250)
    raise AssertionError(f"no pictures {widths} wide: {told}")


async def test_an_observer_sees_the_low_layer_and_a_viewer_climbs(hub: Hub, pages: tuple[Page, Page]) -> None:
    sender, viewer = pages
    publisher = await publish(hub, sender)
    subscriber = await subscribe(hub, publisher, viewer, limit=Limit.LOW)
    low = await seen(viewer, 160)
    assert low["state"] == "connected"
    subscriber.restrict("1", Limit.ALL)
    better = await seen(viewer, 320, 640, seconds=60)
    assert better["video"]["framesDecoded"] > low["video"]["framesDecoded"]
    assert {"l", "m"} <= {layer.rid for layer in publisher.sources["1"].layers}


async def test_media_go_on_over_an_ice_restart(hub: Hub, pages: tuple[Page, Page]) -> None:
    sender, viewer = pages
    offer = await sender.evaluate("publish()")
    text, publisher, transport = hub.publish(offer)
    await sender.evaluate("sdp => take(sdp)", text)
    await subscribe(hub, publisher, viewer, limit=Limit.LOW)
    before = await seen(viewer, 160)
    description = sdp.parse(await sender.evaluate("restart()"))
    remote, local = description.transport, hub.local()
    assert remote.credentials is not None
    transport.ice.restart(local.credentials)
    transport.set_remote(remote.credentials, remote.fingerprint, negotiate.role_of(remote, offered_by_us=False))
    hub.listener.port.add(transport)
    await sender.evaluate("sdp => take(sdp)", negotiate.answer(description, local, session=1)[0])
    await until(lambda: [*transport.ice.ufrags] == [local.credentials.ufrag], "the new credentials to be nominated")
    await viewer.wait_for_timeout(1500)
    after = await viewer.evaluate("report()")
    assert after["video"]["framesDecoded"] > before["video"]["framesDecoded"] + 10


async def test_without_udp_media_take_the_same_port_over_tcp(hub: Hub, pages: tuple[Page, Page]) -> None:
    sender, viewer = pages
    hub.candidates = hub.candidates[1:]
    publisher = await publish(hub, sender)
    await until(lambda: publisher.is_connected, "the connection over TCP")
    await subscribe(hub, publisher, viewer, limit=Limit.LOW)
    told = await seen(viewer, 160)
    assert told["state"] == "connected"
