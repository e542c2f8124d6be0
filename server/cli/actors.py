"""People of the demo county at their screens: they sign in and work through REST, as everybody does."""

import secrets
from dataclasses import dataclass
from typing import Any

import aiohttp

from server.workflows.demo import PASSWORD

Json = dict[str, Any]


class Refused(Exception):
    """The hub answered with a problem; the message shows its code."""


@dataclass(slots=True)
class Actor:
    """A person at a screen: signs in, then works through REST."""

    name: str
    http: aiohttp.ClientSession
    url: str
    token: str = ""

    async def sign_in(self, username: str) -> "Actor":
        """Sign in with the demo county's password."""
        answer = await self.call("POST", "/api/v1/session", {"username": username, "password": PASSWORD})
        self.token = answer["token"]
        return self

    async def call(self, method: str, path: str, body: Json | None = None, *, if_match: int | None = None) -> Json:
        """Call REST; a problem raises `Refused` with its code."""
        headers = {"Authorization": f"Bearer {self.token}"} if self.token else {}
        if method == "POST":
            headers["Idempotency-Key"] = secrets.token_hex(12)
        if if_match is not None:
            headers["If-Match"] = f'"{if_match}"'
        async with self.http.request(method, self.url + path, json=body, headers=headers) as answer:
            content: Json = await answer.json(content_type=None) if answer.status != 204 else {}
            if answer.status >= 400:
                raise Refused(f"{method} {path}: {answer.status} {content.get('code')} {content.get('detail')}")
            return content

    async def get(self, path: str) -> Json:
        """GET a resource."""
        return await self.call("GET", path)

    async def post(self, path: str, body: Json | None = None) -> Json:
        """POST a command."""
        return await self.call("POST", path, body or {})
