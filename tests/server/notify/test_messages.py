"""Short messages: a gateway's answers, one that is away, a demonstration's file; and no link in any log."""

import json
import stat
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from aiohttp import web
from structlog.testing import capture_logs

from server.notify.messages import FileMessages, GatewayMessages, NoMessages, messages_of
from server.settings import Settings
from tests.servers.processes import free_port

SECRET = "https://county.example/j/abcdefghijklmnopqrstuv"


class Gateway:
    """An operator's gateway that answers as it is told."""

    def __init__(self) -> None:
        self.statuses: list[int] = []
        self.taken: list[tuple[str, dict[str, str]]] = []
        self.url = ""

    async def take(self, request: web.Request) -> web.Response:
        self.taken.append((request.headers.get("Authorization", ""), await request.json()))
        return web.Response(status=self.statuses.pop(0) if self.statuses else 200)


@pytest.fixture
async def gateway() -> AsyncIterator[Gateway]:
    found, site, port = Gateway(), web.Application(), free_port()
    site.router.add_post("/send", found.take)
    runner = web.AppRunner(site)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", port).start()
    found.url = f"http://127.0.0.1:{port}/send"
    yield found
    await runner.cleanup()


async def test_a_gateway_takes_a_message_with_its_token(gateway: Gateway) -> None:
    assert await GatewayMessages(gateway.url, "secret").send("13800000187", SECRET)
    ((authorization, body),) = gateway.taken
    assert (authorization, body["to"], body["text"]) == ("Bearer secret", "13800000187", SECRET)


async def test_a_gateway_that_stumbles_is_asked_again_under_the_same_id(gateway: Gateway) -> None:
    gateway.statuses = [502]
    assert await GatewayMessages(gateway.url, "").send("13800000187", "x")
    assert len({body["id"] for _, body in gateway.taken}) == 1 < len(gateway.taken)


async def test_a_gateway_that_refuses_or_is_away_takes_nothing_and_no_log_has_the_link(gateway: Gateway) -> None:
    gateway.statuses = [500, 500]
    with capture_logs() as logs:
        assert not await GatewayMessages(gateway.url, "").send("13800000187", SECRET)
        assert not await GatewayMessages(f"http://127.0.0.1:{free_port()}/send", "").send("13800000187", SECRET)
    assert {entry["event"] for entry in logs} == {"sms.refused", "sms.failed"}
    assert "/j/" not in json.dumps(logs)
    assert "13800000187" not in json.dumps(logs)


async def test_a_demonstration_reads_its_messages_in_a_file_of_its_own(tmp_path: Path) -> None:
    file = tmp_path / "sms.jsonl"
    for text in ("一", "二"):
        assert await FileMessages(file).send("13800000187", text)
    assert [json.loads(line)["text"] for line in file.read_text(encoding="utf-8").splitlines()] == ["一", "二"]
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


async def test_without_a_gateway_nothing_is_taken_outside_a_demonstration(tmp_path: Path) -> None:
    kinds = {
        type(messages_of(Settings(data_dir=str(tmp_path), **more)))
        for more in ({}, {"demo": True}, {"sms_url": "https://sms.example/send"})
    }
    assert kinds == {NoMessages, FileMessages, GatewayMessages}
    assert not await NoMessages().send("1", "x")
