"""The thin layer between aiohttp and our handlers: one declaration per route, one transaction per request."""

import hashlib
import json
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, nullcontext
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from aiohttp import web
from pydantic import BaseModel, ConfigDict

from server.accounts.model import SYSTEM, Caller
from server.api.problems import BadRequest
from server.bootstrap import Hub

HUB = web.AppKey("hub", Hub)
CALLER = web.RequestKey("caller", Caller)
REQUEST_ID = web.RequestKey("request_id", str)
ANSWER_COLUMN = "idempotency.body"
CSP_NONCE = web.RequestKey("csp_nonce", str)


class Body(BaseModel):
    """A request body: unknown fields are refused."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class View(BaseModel):
    """What an answer shows; every field is sent, so every field is described as required."""

    model_config = ConfigDict(frozen=True, json_schema_serialization_defaults_required=True)


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer with more than a body: status, headers, or no JSON at all."""

    body: BaseModel | None = None
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(slots=True)
class Call:
    """One request as a handler sees it; `uow` is the request's transaction.

    Parameters
    ----------
    now
        When the transaction began, and for what is locked in it when the lock was had: of two who ask for the same at
        once, whoever comes second acts after the first. By the time at which the request came in, the second's bed
        would begin before the first's had ended, and be refused as taken.
    """

    request: web.Request
    hub: Hub
    caller: Caller
    body: Any
    query: Any
    uow: Any
    now: datetime

    def path(self, name: str) -> str:
        """Return a path parameter."""
        return self.request.match_info[name]

    @property
    def if_match(self) -> int:
        """Return the version of If-Match.

        Raises
        ------
        BadRequest
            428-like `IF_MATCH_REQUIRED` (400) when it is missing, 412's twin when it is no version.
        """
        raw = self.request.headers.get("If-Match", "").strip().removeprefix("W/").strip('"')
        if not raw.isdigit():
            code, text = "IF_MATCH_REQUIRED", '请带上 If-Match: "版本号" (send If-Match with the version you saw)'
            raise BadRequest(code, text)
        return int(raw)


Handler = Callable[[Call], Awaitable[BaseModel | Answer | web.StreamResponse | None]]


@dataclass(frozen=True, slots=True)
class Endpoint:
    """One route as declared.

    Parameters
    ----------
    creates
        A POST that creates: needs an Idempotency-Key, answers 201.
    status, media
        What the description says of an answer that the handler makes itself: its status where it is neither 200 nor
        a creation's 201, its media type.
    turn
        Entered before the transaction of a writing route: where many want what one can have, it refuses who comes too
        late before she waits for a lock. It changes nothing and opens its own transactions.
    whole
        The handler awaits nothing but its transaction, which is then done in one hop on SQLite (`carry_out`).
    transaction
        `write` (default for writing methods), `read`, or `none` for handlers that own their transactions.
    public
        Answered without signing in; at most 12, each with a reason in the rights table.
    """

    method: str
    path: str
    handler: Handler
    body: type[BaseModel] | None = None
    query: type[BaseModel] | None = None
    answer: type[BaseModel] | None = None
    creates: bool = False
    status: int = 200
    media: str = "application/json"
    turn: Callable[[Call], AbstractAsyncContextManager[None]] | None = None
    whole: bool = False
    transaction: str = ""
    public: bool = False
    summary: str = ""
    tag: str = ""

    @property
    def route(self) -> str:
        """Return the row's name in the rights table: `METHOD path`."""
        return f"{self.method} {self.path}"

    @property
    def mode(self) -> str:
        """Return how the request's transaction is opened."""
        return self.transaction or ("read" if self.method == "GET" else "write")


class Routes:
    """The routes of one resource, collected by decorators."""

    def __init__(self, tag: str) -> None:
        self.tag = tag
        self.endpoints: list[Endpoint] = []

    def add(self, method: str, path: str, **options: Any) -> Callable[[Handler], Handler]:
        """Declare a route for the decorated handler; its docstring's first line is the summary."""

        def declare(handler: Handler) -> Handler:
            summary = (handler.__doc__ or "").strip().split("\n")[0]
            self.endpoints.append(Endpoint(method, path, handler, summary=summary, tag=self.tag, **options))
            return handler

        return declare

    def get(self, path: str, **options: Any) -> Callable[[Handler], Handler]:
        """Declare a GET."""
        return self.add("GET", path, **options)

    def post(self, path: str, **options: Any) -> Callable[[Handler], Handler]:
        """Declare a POST."""
        return self.add("POST", path, **options)


def aiohttp_handler(endpoint: Endpoint) -> Callable[[web.Request], Awaitable[web.StreamResponse]]:
    """Wrap a declared endpoint: parse, open the transaction, call, keep the idempotent answer, render."""

    async def handle(request: web.Request) -> web.StreamResponse:
        hub = request.app[HUB]
        caller: Caller = request.get(CALLER, SYSTEM)
        raw = await request.read() if endpoint.body is not None else b""
        body = _parse(endpoint.body, raw)
        query = endpoint.query.model_validate(dict(request.query)) if endpoint.query else None
        call = Call(request, hub, caller, body, query, None, hub.clock.now())
        if endpoint.mode == "none":
            return render(await endpoint.handler(call), endpoint)

        async def work(uow: Any) -> web.StreamResponse:
            call.uow, call.now = uow, hub.clock.now()
            key = _idempotency_key(request, endpoint)
            if key and (kept := await _kept_answer(call, key, endpoint, raw)):
                return kept
            response = render(await endpoint.handler(call), endpoint)
            if key and isinstance(response, web.Response):
                await _keep_answer(call, key, endpoint, raw, response)
            return response

        unit = hub.unit_of_work(caller, read=endpoint.mode == "read", request_id=request.get(REQUEST_ID))
        async with endpoint.turn(call) if endpoint.turn else nullcontext():
            if endpoint.whole:
                return await unit.carry_out(work)
            async with unit as uow:
                return await work(uow)

    return handle


def render(result: BaseModel | Answer | web.StreamResponse | None, endpoint: Endpoint) -> web.StreamResponse:
    """Turn a handler's result into an HTTP answer; a `version` becomes the ETag."""
    if isinstance(result, web.StreamResponse):
        return result
    answer = result if isinstance(result, Answer) else Answer(result, 201 if endpoint.creates else 200)
    if answer.body is None:
        return web.Response(status=204 if answer.status == 200 else answer.status, headers=dict(answer.headers))
    headers = {"Cache-Control": "no-store", "Content-Type": "application/json; charset=utf-8"} | dict(answer.headers)
    version = getattr(answer.body, "version", None)
    if isinstance(version, int):
        headers.setdefault("ETag", f'"{version}"')
    return web.Response(status=answer.status, body=answer.body.model_dump_json(by_alias=True).encode(), headers=headers)


def _parse(model: type[BaseModel] | None, raw: bytes) -> BaseModel | None:
    if model is None:
        return None
    try:
        document = json.loads(raw or b"{}")
    except (ValueError, RecursionError) as error:
        raise BadRequest("MALFORMED", "请求体不是 JSON (the body is not JSON)") from error
    return model.model_validate(document)


def _idempotency_key(request: web.Request, endpoint: Endpoint) -> str | None:
    key = request.headers.get("Idempotency-Key")
    if endpoint.creates and not key:
        raise BadRequest(
            "KEY_REQUIRED", "新建要带 Idempotency-Key，重试用同一个 (send an Idempotency-Key; retry with the same)"
        )
    if key and not 1 <= len(key) <= 128:
        raise BadRequest("KEY_REQUIRED", "Idempotency-Key 长 1–128")
    return key if endpoint.mode == "write" else None


async def _kept_answer(call: Call, key: str, endpoint: Endpoint, raw: bytes) -> web.Response | None:
    kept = await call.uow.ledger.answer_to(call.caller.user_id, key)
    if kept is None:
        return None
    if kept.route != _route(call, endpoint) or kept.request_digest != hashlib.sha256(raw).hexdigest():
        raise BadRequest(
            "KEY_REUSED", "这个 Idempotency-Key 用过别的请求 (the key belongs to another request)", status=422
        )
    headers = dict(kept.headers) | {"Idempotent-Replayed": "true"}
    body = call.hub.cipher.decrypt(kept.body, column=ANSWER_COLUMN)
    return web.Response(status=kept.status, headers=headers, body=body.encode())


async def _keep_answer(call: Call, key: str, endpoint: Endpoint, raw: bytes, response: web.Response) -> None:
    body = response.body if isinstance(response.body, bytes) else b""
    headers = {k: v for k, v in response.headers.items() if k in {"Content-Type", "ETag", "Location", "Cache-Control"}}
    await call.uow.ledger.keep_answer(
        user_id=call.caller.user_id,
        key=key,
        route=_route(call, endpoint),
        request_digest=hashlib.sha256(raw).hexdigest(),
        status=response.status,
        headers=headers,
        body=call.hub.cipher.encrypt(body.decode(), column=ANSWER_COLUMN),  # it may show a patient
        at=call.now,
    )


def _route(call: Call, endpoint: Endpoint) -> str:
    return f"{endpoint.method} {call.request.path}"[:160]


def all_endpoints(groups: Sequence[Routes]) -> list[Endpoint]:
    """Return every endpoint, and refuse two declarations of one route."""
    endpoints = [e for group in groups for e in group.endpoints]
    seen: set[str] = set()
    for endpoint in endpoints:
        if endpoint.route in seen:
            msg = f"declared twice: {endpoint.route}"
            raise RuntimeError(msg)
        seen.add(endpoint.route)
    return endpoints
