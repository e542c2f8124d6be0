"""The patient's link: made by whoever sends or receives (`/api/v1/referrals/{id}/card`), opened by whoever holds it.

`/j/{token}` answers without signing in. The token is in no log (routes are logged by their pattern), in no trace and in
no referrer (`Referrer-Policy: no-referrer` stands on every answer), and in no row: both POSTs keep their transactions
to themselves, so no idempotency row remembers a path or an answer with a token in it.
"""

import secrets
from datetime import datetime
from urllib.parse import parse_qs

from aiohttp import web

from server.api.endpoint import CSP_NONCE, REQUEST_ID, Body, Call, Routes, View
from server.api.link_frame import Frame, Page
from server.api.link_pages import page_of, take_outcome
from server.api.problems import BadRequest
from server.api.referrals import REFERRALS, concerns, visible_ticket
from server.api.refusals import on_record
from server.workflows import patient_links
from server.workflows.patient_links import Gate, LinkKind

routes = Routes("links")
LINK = "/j/{token}"
COOKIE = "__Host-lutong-link"
COOKIE_LIFE = 30 * 24 * 3600  # seconds; the link itself may end earlier
FORM = "application/x-www-form-urlencoded"
FIELDS = 20


class CardBody(Body):
    """Which link."""

    kind: LinkKind = LinkKind.CARD


class LinkView(View):
    """The link, said this once: a later one of its kind ends it."""

    url: str
    expires_at: datetime


@routes.post(REFERRALS + "/{id}/card", body=CardBody, answer=LinkView, transaction="none")
async def make_link(call: Call) -> LinkView:
    """Make the patient's card, or the outcome form of a hospital outside the network; an earlier link ends."""
    async with call.hub.unit_of_work(call.caller, request_id=call.request.get(REQUEST_ID)) as call.uow:
        ticket, party = await visible_ticket(call)
        with on_record(call, "link", "referrals", ticket.id, ticket.patient_id):
            concerns(ticket, party)
        token, expires_at = await patient_links.make(
            call.uow, ticket, call.body.kind, by=call.caller.user_id, now=call.now
        )
    return LinkView(url=f"{call.hub.settings.url}/j/{token}", expires_at=expires_at)


@routes.get(LINK, public=True, media="text/html")
async def open_link(call: Call) -> web.Response:
    """Show what a patient's link leads to, after the last four of the ID were asked once."""
    opened = await patient_links.look(call.uow, call.path("token"), browser_of(call.request), now=call.now)
    return _html(await page_of(_frame(call), opened))


@routes.post(LINK, public=True, transaction="none", media="text/html")
async def answer_link(call: Call) -> web.Response:
    """Take the last four of the ID, or what a hospital outside the network writes."""
    fields = await _fields(call.request)
    browser = browser_of(call.request) or patient_links.new_browser()
    async with call.hub.unit_of_work(request_id=call.request.get(REQUEST_ID)) as call.uow:
        given = fields.get("last4", "")
        opened = await patient_links.prove(call.uow, call.path("token"), given, browser, now=call.now)
        if opened.gate is not Gate.OPEN:
            return _html(await page_of(_frame(call), opened, wrong=True))
        if opened.kind is LinkKind.OUTCOME and "on" in fields:
            return _html(await take_outcome(_frame(call), opened, fields))
    return _again(call.request, browser)


def _again(request: web.Request, browser: str) -> web.Response:
    """Send the browser, which is known from now on, to the same page; a reload then sends nothing twice."""
    response = web.Response(status=303, headers={"Location": request.path})
    lax = "Lax"  # the link is opened from a message
    response.set_cookie(COOKIE, browser, max_age=COOKIE_LIFE, path="/", secure=True, httponly=True, samesite=lax)
    return response


async def _fields(request: web.Request) -> dict[str, str]:
    """Return the fields of a posted form.

    Raises
    ------
    BadRequest
        For any other kind of body, or more fields than the pages have.
    """
    if request.content_type != FORM:
        raise BadRequest("UNSUPPORTED_MEDIA", "请用页面上的表单 (send the form of the page)", status=415)
    try:
        found = parse_qs(await request.text(), keep_blank_values=True, max_num_fields=FIELDS)
    except (ValueError, LookupError) as error:  # too many fields, not UTF-8, or a charset that nobody knows
        raise BadRequest("MALFORMED", "表单读不出来 (the form cannot be read)") from error
    return {name: values[0] for name, values in found.items()}


def browser_of(request: web.Request) -> str:
    """Return what a browser is known by to its links."""
    return request.cookies.get(COOKIE, "")[:64]


def _frame(call: Call) -> Frame:
    nonce = secrets.token_urlsafe(12)
    call.request[CSP_NONCE] = nonce
    return Frame(call.uow, call.now, nonce)


def _html(page: Page) -> web.Response:
    text, status = page
    return web.Response(text=text, status=status, content_type="text/html", headers={"Cache-Control": "no-store"})
