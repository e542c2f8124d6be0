"""Signing in and out: `/api/v1/session` (design.md, contract)."""

import json
from collections.abc import Sequence
from datetime import datetime

from aiohttp import web
from pydantic import Field

from dicom.model import Kind
from server.accounts.errors import NotSignedIn
from server.accounts.model import Caller, Membership, Role
from server.accounts.people import SESSION_LIFE
from server.api import auth
from server.api.endpoint import REQUEST_ID, Body, Call, Routes, View
from server.api.order_view import Ref
from server.workflows import sessions
from server.workflows.sessions import Proof
from server.workflows.unit import UnitOfWork

routes = Routes("session")


class SignInBody(Body):
    """What somebody proves herself with."""

    username: str = Field(min_length=1, max_length=64)
    password: str = Field(min_length=1, max_length=1024, repr=False)
    otp: str | None = Field(None, pattern=r"^[0-9]{6}$", repr=False)

    def to_proof(self) -> Proof:
        """Return it as the use case wants it."""
        return Proof(self.username, self.password, self.otp)


class CentreRef(View):
    """A centre by name."""

    id: str
    name: str
    kind: Kind


class RoleView(View):
    """One role in one organization."""

    role: Role
    organization: Ref
    centre: CentreRef | None


class UserView(View):
    """The person who is signed in."""

    id: str
    name: str
    username: str
    title: str
    roles: Sequence[RoleView]


class SessionView(View):
    """A session as its owner sees it; `csrf` goes into X-CSRF-Token of writing requests made with the cookie."""

    user: UserView
    expires_at: datetime
    csrf: str


class SignedInView(SessionView):
    """A fresh session: the token is shown this once."""

    token: str


@routes.post("/api/v1/session", body=SignInBody, answer=SignedInView, status=201, transaction="none", public=True)
async def sign_in(call: Call) -> web.Response:
    """Sign in: a cookie for browsers, the same token for programs."""
    hub, request_id = call.hub, call.request.get(REQUEST_ID)
    auth.refuse_foreign_sign_in(call.request, hub)
    fresh = await sessions.sign_in(
        lambda: hub.unit_of_work(request_id=request_id), hub.passwords, call.body.to_proof(), clock=hub.clock.now
    )
    async with hub.unit_of_work(fresh.caller, read=True) as uow:
        view = await _session(uow, fresh.caller)
    response = _json(view.model_dump(mode="json") | {"token": fresh.token}, status=201)
    auth.set_cookie(response, fresh.token, max_age=int(SESSION_LIFE.total_seconds()))
    return response


@routes.get("/api/v1/session", answer=SessionView)
async def show(call: Call) -> SessionView:
    """Say who is signed in, with which roles, until when."""
    return await _session(call.uow, call.caller)


@routes.add("DELETE", "/api/v1/session", status=204)
async def sign_out(call: Call) -> web.Response:
    """End the session."""
    await sessions.sign_out(call.uow, now=call.now)
    response = web.Response(status=204)
    auth.clear_cookie(response)
    return response


async def _session(uow: UnitOfWork, caller: Caller) -> SessionView:
    user = await uow.users.get(caller.user_id)
    if user is None or caller.expires_at is None:
        raise NotSignedIn
    roles = await role_views(uow, caller.memberships)
    shown = UserView(id=user.id, name=user.name, username=user.username, title=user.title, roles=roles)
    return SessionView(user=shown, expires_at=caller.expires_at, csrf=caller.csrf)


async def role_views(uow: UnitOfWork, memberships: Sequence[Membership]) -> list[RoleView]:
    """Return roles with the names of their organizations and centres."""
    names = {o.id: o.name for o in await uow.organizations.all()}
    centres = {c.id: CentreRef(id=c.id, name=c.name, kind=Kind(c.kind)) for c in await uow.organizations.centres()}
    return [
        RoleView(
            role=m.role,
            organization=Ref(id=m.organization_id, name=names.get(m.organization_id, m.organization_id)),
            centre=centres.get(m.centre_id),
        )
        for m in memberships
    ]


def _json(document: object, *, status: int) -> web.Response:
    return web.Response(
        status=status,
        body=json.dumps(document, ensure_ascii=False).encode(),
        headers={"Content-Type": "application/json; charset=utf-8", "Cache-Control": "no-store"},
    )
