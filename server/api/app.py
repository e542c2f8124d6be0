"""The web application: middlewares in their order, routes from the one list, start and stop."""

import asyncio
import secrets
import time
from collections.abc import AsyncIterator
from typing import cast

import structlog
from aiohttp import web
from aiohttp.typedefs import Handler
from prometheus_client import Histogram

from server.accounts import permissions
from server.accounts.errors import Forbidden, NotSignedIn
from server.accounts.model import AuditEntry, Caller
from server.api import auth
from server.api.class_pictures import PICTURES, Pictures
from server.api.consult_signal import BOARD, keep_rooms, leave_sockets
from server.api.endpoint import CALLER, CSP_NONCE, HUB, REQUEST_ID, Endpoint, aiohttp_handler
from server.api.events import FEED, Feed
from server.api.fhir_answers import in_fhir
from server.api.openapi import DESCRIBED
from server.api.problems import BadRequest, from_error, problem
from server.api.resources import endpoints
from server.api.rooms.board import Board
from server.bootstrap import Hub

log = structlog.get_logger()
ENDPOINT = "lutong_endpoint"
SECONDS = Histogram("lutong_http_seconds", "time of a request", ["route", "status"])
LONG = frozenset({"events", "signal"})  # they last as long as somebody listens
MAX_BODY = 1024 * 1024  # of JSON; streams read their own way
HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Frame-Options": "DENY",
    "Permissions-Policy": "camera=(self), microphone=(self), geolocation=()",
}
CSP = (
    "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; worker-src 'self' blob:; img-src 'self' data: blob:; "
    "style-src 'self' 'nonce-{nonce}'; style-src-attr 'unsafe-inline'; connect-src 'self'; object-src 'none'; "
    "base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)


def create_app(hub: Hub) -> web.Application:
    """Return the application around a hub."""
    app = web.Application(middlewares=[_observe, _refuse, _authenticate], client_max_size=MAX_BODY)
    app[HUB] = hub
    app[FEED] = Feed(hub)
    app[BOARD] = Board(hub)
    app[PICTURES] = Pictures(hub)
    app[DESCRIBED] = endpoints()
    for endpoint in sorted(endpoints(), key=lambda e: e.tag == "site"):  # the app's own paths catch what is left
        handler = aiohttp_handler(endpoint)
        setattr(handler, ENDPOINT, endpoint)
        app.router.add_route(endpoint.method, endpoint.path, handler)
    app.on_response_prepare.append(_secure)
    app.cleanup_ctx.extend((_follow_events, keep_rooms))
    app.on_shutdown.append(leave_sockets)
    return app


async def _follow_events(app: web.Application) -> AsyncIterator[None]:
    feed = asyncio.create_task(app[FEED].run(), name="event feed")
    yield
    feed.cancel()
    await asyncio.gather(feed, return_exceptions=True)


def _endpoint(request: web.Request) -> Endpoint | None:
    return cast("Endpoint | None", getattr(request.match_info.handler, ENDPOINT, None))


@web.middleware
async def _observe(request: web.Request, handler: Handler) -> web.StreamResponse:
    request[REQUEST_ID] = secrets.token_hex(8)
    started = time.perf_counter()
    response = await handler(request)
    endpoint = _endpoint(request)
    route = endpoint.route if endpoint else "none"
    if endpoint is None or endpoint.tag not in LONG:
        SECONDS.labels(route, str(response.status)).observe(time.perf_counter() - started)
    return response


def _refuse_odd_names(request: web.Request) -> None:
    """Refuse a path with a NUL before anybody looks it up: PostgreSQL keeps none in a text."""
    if any("\0" in value for value in request.match_info.values()):
        raise BadRequest("MALFORMED", "地址里有不能用的字符 (the address has a character that nothing is named by)")


@web.middleware
async def _refuse(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Turn refusals into problems; anything else is a fault of ours, logged once with the request's id."""
    try:
        _refuse_odd_names(request)
        return await handler(request)
    except web.HTTPException as error:
        if error.status < 400:
            raise
        code = (error.reason or "ERROR").upper().replace(" ", "_")
        return in_fhir(request, problem(error.status, code, error.reason or ""))
    except Exception as error:  # the edge: what is no refusal becomes a 500 with an id, and one log line
        answer = from_error(error)
        if answer is not None:
            return in_fhir(request, answer)
        log.exception("request.failed", request_id=request[REQUEST_ID], path=_route_of(request))
        words = f"系统出错，编号 {request[REQUEST_ID]}，已记录"
        return in_fhir(request, problem(500, "FAULT", words, request_id=request[REQUEST_ID]))


@web.middleware
async def _authenticate(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Find the caller, and refuse whoever may not enter this route at all (server/accounts/rights.csv)."""
    endpoint = _endpoint(request)
    if endpoint is None or endpoint.public:
        return await handler(request)
    caller = await auth.authenticate(request, request.app[HUB])
    if caller is None:
        raise NotSignedIn
    try:
        permissions.may_enter(caller, endpoint.route)
    except Forbidden:
        await _keep_refusal(request, endpoint, caller)
        raise
    request[CALLER] = caller
    return await handler(request)


async def _keep_refusal(request: web.Request, endpoint: Endpoint, caller: Caller) -> None:
    """Put on record that somebody gave a command which none of her roles has; a page that is not hers is no move."""
    if endpoint.method == "GET":
        return
    subject = request.match_info.get("id", endpoint.path)[:64]
    async with request.app[HUB].unit_of_work(caller, request_id=request[REQUEST_ID]) as uow:
        uow.audit(AuditEntry("enter", endpoint.tag, subject, outcome="refused", basis=endpoint.route))


def _route_of(request: web.Request) -> str:
    endpoint = _endpoint(request)
    return endpoint.route if endpoint else request.method


async def _secure(request: web.Request, response: web.StreamResponse) -> None:
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    response.headers["X-Request-Id"] = request.get(REQUEST_ID, "-")
    nonce = request.get(CSP_NONCE, "none")
    response.headers.setdefault("Content-Security-Policy", CSP.format(nonce=nonce))
    if request.secure:
        response.headers.setdefault("Strict-Transport-Security", "max-age=31536000")
    response.headers.setdefault("Cache-Control", "no-store")
