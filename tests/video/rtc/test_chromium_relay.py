"""Real Chromium behind a proxy: nothing but coturn is reached, over UDP or TCP, and media flow both ways through it."""

from dataclasses import asdict, replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from playwright.async_api import async_playwright

from tests.servers.processes import require_playwright
from tests.servers.turn_client import own_address, running_coturn
from tests.video.rtc.hub import Hub
from tests.video.rtc.test_chromium import CHROMIUM, FLAGS, SCRIPT, publish, seen, subscribe
from video.rtc.forward.subscriber import Limit
from video.turn import ice_servers

pytestmark = pytest.mark.browser

# Whatever connection the page makes goes through the relay or nowhere.
ONLY = """server => {
  const Plain = RTCPeerConnection;
  window.RTCPeerConnection = function () {
    return new Plain({iceServers: [server], iceTransportPolicy: 'relay'});
  };
  window.paths = async () => {
    const told = [...(await pc.getStats()).values()];
    const pair = told.find((each) => each.type === 'candidate-pair' && each.nominated && each.state === 'succeeded');
    const local = told.find((each) => each.id === pair?.localCandidateId);
    return local && [local.candidateType, local.relayProtocol];
  };
}"""


@pytest.mark.parametrize("transport", ["udp", "tcp"])
async def test_behind_a_proxy_media_go_through_the_relay(tmp_path: Path, transport: str) -> None:
    here = own_address()
    if here is None:
        pytest.skip("this machine has no address but its loopback, which a relay never reaches")
    if not CHROMIUM.exists():
        pytest.skip("Chromium is not installed")
    require_playwright()
    hub = Hub()
    hub.listener.options = replace(hub.listener.options, host=here)
    with running_coturn(tmp_path, f"relay-ip={here}", f"allowed-peer-ip={here}") as relay:
        url = f"turn:127.0.0.1:{relay.port}?transport={transport}"
        async with hub, async_playwright() as playwright:
            hub.candidates = (("udp", here, hub.candidates[0][2]),)
            running = await playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
            pages = [await running.new_page() for _ in range(2)]
            for seat, page in enumerate(pages):
                (server,) = ice_servers((url,), relay.secret, user=f"seat-{seat}", now=datetime.now(UTC))
                await page.evaluate(ONLY, asdict(server))
                await page.evaluate(SCRIPT)
            publisher = await publish(hub, pages[0])
            await subscribe(hub, publisher, pages[1], limit=Limit.LOW)
            told = await seen(pages[1], 160, 320, 640)
            assert told["state"] == "connected"
            assert [await page.evaluate("paths()") for page in pages] == [["relay", transport]] * 2
            await running.close()
