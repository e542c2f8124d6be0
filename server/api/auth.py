"""Who is asking: a bearer token, or the session's cookie with its guard against forged requests.

The cookie is always `__Host-lutong; Secure; HttpOnly; SameSite=Strict` (design.md, contract). Browsers count
http://127.0.0.1 and http://localhost as secure, so the demo works without TLS; beyond loopback signing in by
cookie needs HTTPS, and that is meant.
"""

import hmac
from urllib.parse import urlsplit

from aiohttp import web

from server.accounts.errors import CsrfFailed
from server.accounts.model import Caller
from server.api.endpoint import Call
from server.bootstrap import Hub
from server.workflows import sessions

COOKIE = "__Host-lutong"
SAFE = frozenset({"GET", "HEAD", "OPTIONS"})


async def authenticate(request: web.Request, hub: Hub) -> Caller | None:
    """Return who is asking, None without a live session.

    A bearer token wins over a cookie. A cookie on a writing request must come with the session's CSRF token and
    from our own pages.

    Raises
    ------
    CsrfFailed
    """
    bearer = _bearer(request)
    token = bearer if bearer is not None else request.cookies.get(COOKIE)
    if not token:
        return None
    caller = await caller_of(hub, token)
    if caller is None or bearer is not None:
        return caller
    caller = sessions.by_cookie(caller)
    if request.method not in SAFE:
        refuse_forgery(request, hub, csrf=caller.csrf)
    return caller


async def caller_of(hub: Hub, token: str) -> Caller | None:
    """Return who stands behind a token, and write down once a minute that the session is in use."""
    now = hub.clock.now()
    caller = await hub.callers.ask(token)
    if caller is not None and caller.session_id and sessions.is_due_to_be_seen(caller, now):
        async with hub.unit_of_work(caller) as uow:
            await uow.sessions.seen(caller.session_id, now)
    return caller


def refuse_forgery(request: web.Request, hub: Hub, *, csrf: str) -> None:
    """Refuse a request that another site made a browser send (OWASP: token, Origin and Fetch Metadata).

    Raises
    ------
    CsrfFailed
    """
    sent = request.headers.get("X-CSRF-Token", "")
    if not hmac.compare_digest(sent.encode(), csrf.encode()) or not _is_from_our_pages(request, hub, default=False):
        raise CsrfFailed


def refuse_foreign_sign_in(request: web.Request, hub: Hub) -> None:
    """Refuse a sign-in that another site's page sends; programs send neither header (login CSRF).

    Raises
    ------
    CsrfFailed
    """
    if not _is_from_our_pages(request, hub, default=True):
        raise CsrfFailed


def is_bearer(request: web.Request) -> bool:
    """Tell whether a program shows a token by itself, which no page can make a browser do."""
    return _bearer(request) is not None


def refuse_foreign_page(request: web.Request, hub: Hub) -> None:
    """Refuse a socket that another site's page opens: its cookies come along and no token is asked (ASVS 4.4.2).

    Raises
    ------
    CsrfFailed
    """
    if not _is_from_our_pages(request, hub, default=False):
        raise CsrfFailed


def set_cookie(response: web.StreamResponse, token: str, *, max_age: int) -> None:
    """Give the browser its session."""
    response.set_cookie(COOKIE, token, max_age=max_age, path="/", secure=True, httponly=True, samesite="Strict")


def clear_cookie(response: web.StreamResponse) -> None:
    """Take the session from the browser."""
    response.set_cookie(COOKIE, "", max_age=0, path="/", secure=True, httponly=True, samesite="Strict")


async def confirm_password(call: Call, password: str, otp: str | None = None) -> str:
    """Make sure that the person who signs is the one who signed in; return the method.

    Opens transactions of its own: call it from a route declared with `transaction="none"`, before the signing.

    Raises
    ------
    Locked, WrongCredentials, OtpRequired
    """
    hub = call.hub
    return await sessions.confirm_password(
        lambda: hub.unit_of_work(call.caller), hub.passwords, call.caller, password, otp, clock=hub.clock.now
    )


def _bearer(request: web.Request) -> str | None:
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    return token.strip() if scheme.lower() == "bearer" else None


def _is_from_our_pages(request: web.Request, hub: Hub, *, default: bool) -> bool:
    """Tell whether Origin and Sec-Fetch-Site, where they are sent, name this very site; `default` without both."""
    origin, site = request.headers.get("Origin"), request.headers.get("Sec-Fetch-Site")
    if origin is not None and origin not in {_own_origin(request), _origin_of(hub.settings.url)}:
        return False
    if site is not None and site not in {"same-origin", "none"}:
        return False
    return default or origin is not None or site is not None


def _own_origin(request: web.Request) -> str:
    return f"{request.scheme}://{request.host}"


def _origin_of(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"
