"""People: accounts, their roles, their passwords."""

from datetime import datetime

from dicom.events import Event
from server.accounts.errors import AlreadyExists, UnknownAccount, WeakPassword
from server.accounts.model import AuditEntry
from server.accounts.passwords import is_acceptable
from server.accounts.people import User
from server.workflows.unit import UnitOfWork


async def add_user(uow: UnitOfWork, user: User, *, password_hash: str) -> User:
    """Open an account with its roles.

    Raises
    ------
    AlreadyExists
        When the name is taken.
    UnknownAccount
        When a role names an organization or a centre that is not there.
    """
    if await uow.users.by_username(user.username) is not None:
        raise AlreadyExists(user.username)
    for membership in user.memberships:
        if await uow.organizations.get(membership.organization_id) is None:
            raise UnknownAccount(membership.organization_id)
        centre = await uow.organizations.centre(membership.centre_id) if membership.centre_id else None
        if membership.centre_id and (centre is None or centre.organization_id != membership.organization_id):
            raise UnknownAccount(membership.centre_id)
    await uow.users.add(user, password_hash=password_hash)
    _tell(uow, "opened", user.id, user, standing="open")
    return user


async def disable_user(uow: UnitOfWork, user_id: str, *, now: datetime) -> User:
    """Close an account; its sessions end in the same transaction (S06).

    Raises
    ------
    UnknownAccount
    """
    user = await get_user(uow, user_id)
    if user.disabled_at is None:
        await uow.users.disable(user_id, now)
        await uow.sessions.end_all(user_id, now)
        _tell(uow, "disabled", user_id, user, standing="disabled")
    return await get_user(uow, user_id)


async def reset_password(uow: UnitOfWork, user_id: str, *, password_hash: str, now: datetime) -> User:
    """Give an account a new password; its sessions end in the same transaction.

    Raises
    ------
    UnknownAccount
    """
    user = await get_user(uow, user_id)
    await uow.users.set_password(user_id, password_hash)
    await uow.sessions.end_all(user_id, now)
    await uow.sessions.forget_attempts(user.username)
    _tell(uow, "password-reset", user_id, user, standing="disabled" if user.disabled_at else "open")
    return await get_user(uow, user_id)


async def get_user(uow: UnitOfWork, user_id: str) -> User:
    """Return an account.

    Raises
    ------
    UnknownAccount
    """
    user = await uow.users.get(user_id)
    if user is None:
        raise UnknownAccount(user_id)
    return user


def refuse_weak(password: str, username: str) -> None:
    """Refuse a password that is too easy.

    Raises
    ------
    WeakPassword
    """
    if not is_acceptable(password, username):
        raise WeakPassword


def _tell(uow: UnitOfWork, name: str, user_id: str, user: User, *, standing: str) -> None:
    uow.audit(AuditEntry(name, "users", user_id))
    audience = tuple(dict.fromkeys(m.organization_id for m in user.memberships))
    uow.publish(Event("users", name, user_id, user.version, standing, audience))
