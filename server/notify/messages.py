"""Short messages: one protocol, two adapters.

What is sent may hold a patient's link: no adapter writes it to a log. Contract of a gateway: `POST <sms_url>` with
`Authorization: Bearer <sms_token>` and `{"to", "text", "id"}`; 2xx is taken, the same `id` again is no second message.
"""

import asyncio
import json
import os
import secrets
from pathlib import Path
from typing import Protocol

import aiohttp
import structlog

from server.settings import Settings

log = structlog.get_logger()
PATIENCE = 5.0  # seconds for the gateway: somebody waits at a screen
TRIES = 2


class Messages(Protocol):
    """Sends short messages."""

    async def send(self, to: str, text: str) -> bool:
        """Send; tell whether it was taken. What was not is told to the person who waits, and never raised."""
        ...


class GatewayMessages:
    """An operator's gateway by HTTP."""

    def __init__(self, url: str, token: str) -> None:
        self._url, self._token = url, token

    async def send(self, to: str, text: str) -> bool:
        """Send; a try that failed is made once more under the same id."""
        body = {"to": to, "text": text, "id": secrets.token_hex(8)}
        headers = {"Authorization": f"Bearer {self._token}"} if self._token else {}
        for _ in range(TRIES):
            try:
                timeout = aiohttp.ClientTimeout(total=PATIENCE)
                async with (
                    aiohttp.ClientSession(timeout=timeout) as session,
                    session.post(self._url, json=body, headers=headers) as answer,
                ):
                    if answer.status < 300:
                        return True
                    log.warning("sms.refused", status=answer.status)
            except (aiohttp.ClientError, TimeoutError, OSError) as error:
                log.warning("sms.failed", reason=type(error).__name__)
        return False


class FileMessages:
    """A demonstration's phone: one JSON object a line, for its owner's eyes."""

    def __init__(self, path: Path) -> None:
        self._path = path

    async def send(self, to: str, text: str) -> bool:
        """Append."""
        line = json.dumps({"to": to, "text": text}, ensure_ascii=False) + "\n"
        await asyncio.to_thread(self._append, line)
        return True

    def _append(self, line: str) -> None:
        file = os.open(self._path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        try:
            os.write(file, line.encode())
        finally:
            os.close(file)


class NoMessages:
    """No gateway is set: nothing is taken."""

    async def send(self, to: str, text: str) -> bool:
        """Take nothing."""
        del to, text
        return False


def messages_of(settings: Settings) -> Messages:
    """Return the adapter in force."""
    if settings.sms_url:
        return GatewayMessages(settings.sms_url, settings.sms_token)
    return FileMessages(settings.data_path / "sms.jsonl") if settings.demo else NoMessages()
