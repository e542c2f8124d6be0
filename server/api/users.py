"""People: `/api/v1/users`."""

import secrets
from collections.abc import Sequence
from datetime import datetime

from pydantic import Field

from server.accounts.model import Membership, Role
from server.accounts.people import User
from server.accounts.permissions import Scope, granted_by
from server.api.endpoint import REQUEST_ID, Answer, Body, Call, Routes, View
from server.api.sessions import RoleView, role_views
from server.workflows import users
from server.workflows.unit import UnitOfWork

routes = Routes("users")
LIST = "GET /api/v1/users"


class AccountView(View):
    """An account as an administrator sees it."""

    id: str
    username: str
    name: str
    title: str
    phone: str
    roles: Sequence[RoleView]
    second_factor: bool
    disabled_at: datetime | None
    created_at: datetime
    version: int


class AccountPage(View):
    """The accounts the caller may see."""

    items: Sequence[AccountView]
    next: str | None = None


class RoleFields(Body):
    """One role in one organization, for a centre of it where that matters."""

    organization_id: str
    role: Role
    centre_id: str = ""


class NewUser(Body):
    """A new account."""

    username: str = Field(pattern=r"^[a-z][a-z0-9._-]{1,31}$")
    name: str = Field(min_length=1, max_length=60)
    title: str = Field("", max_length=20)
    phone: str = Field("", max_length=40)
    password: str = Field(min_length=1, max_length=1024, repr=False)
    roles: Sequence[RoleFields] = Field(min_length=1, max_length=20)


class NewPassword(Body):
    """A password an administrator sets."""

    password: str = Field(min_length=1, max_length=1024, repr=False)


@routes.get("/api/v1/users", answer=AccountPage)
async def listing(call: Call) -> AccountPage:
    """List accounts: all of them, or those of the caller's own organizations."""
    scopes = granted_by(call.caller, LIST)
    within = None if Scope.ANY in scopes else sorted(call.caller.organizations)
    return AccountPage(items=[await _view(call.uow, user) for user in await call.uow.users.all(within)])


@routes.post("/api/v1/users", body=NewUser, answer=AccountView, status=201, transaction="none")
async def create(call: Call) -> Answer:
    """Open an account with its roles."""
    body: NewUser = call.body
    users.refuse_weak(body.password, body.username)
    password_hash = await call.hub.passwords.hash(body.password)
    roles = tuple(Membership(r.organization_id, r.role, r.centre_id) for r in body.roles)
    fresh = User(secrets.token_hex(12), body.username, body.name, body.title, call.now, roles, body.phone)
    async with call.hub.unit_of_work(call.caller, request_id=call.request.get(REQUEST_ID)) as uow:
        return Answer(await _view(uow, await users.add_user(uow, fresh, password_hash=password_hash)), 201)


@routes.post("/api/v1/users/{id}/disable", answer=AccountView)
async def disable(call: Call) -> AccountView:
    """Close an account; whoever is signed in with it is out at once."""
    return await _view(call.uow, await users.disable_user(call.uow, call.path("id"), now=call.now))


@routes.post("/api/v1/users/{id}/reset-password", body=NewPassword, answer=AccountView, transaction="none")
async def reset_password(call: Call) -> AccountView:
    """Set a new password; the sessions of the account end."""
    password_hash = await call.hub.passwords.hash(call.body.password)
    async with call.hub.unit_of_work(call.caller, request_id=call.request.get(REQUEST_ID)) as uow:
        user = await users.get_user(uow, call.path("id"))
        users.refuse_weak(call.body.password, user.username)
        return await _view(uow, await users.reset_password(uow, user.id, password_hash=password_hash, now=call.now))


async def _view(uow: UnitOfWork, user: User) -> AccountView:
    return AccountView(
        id=user.id,
        username=user.username,
        name=user.name,
        title=user.title,
        phone=user.phone,
        roles=await role_views(uow, user.memberships),
        second_factor=user.has_otp,
        disabled_at=user.disabled_at,
        created_at=user.created_at,
        version=user.version,
    )
