"""Signing in and out, and who stands behind a token (decisions 15)."""

import hashlib
import secrets
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime

from server.accounts.errors import Locked, NotSignedIn, OtpRequired, WrongCredentials
from server.accounts.model import AuditEntry, Caller
from server.accounts.passwords import PasswordHasher
from server.accounts.people import SEEN_STEP, SESSION_LIFE, Credentials, Session, User
from server.accounts.second_factor import matching_step
from server.workflows.unit import OpenUnitOfWork, UnitOfWork


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A fresh session with its token, which is shown this once and kept nowhere."""

    token: str = field(repr=False)
    caller: Caller
    user: User


@dataclass(frozen=True, slots=True)
class Proof:
    """What somebody proves herself with."""

    username: str
    password: str = field(repr=False)
    otp: str | None = field(default=None, repr=False)


async def sign_in(
    open_unit: OpenUnitOfWork, passwords: PasswordHasher, proof: Proof, *, clock: Callable[[], datetime]
) -> SignedIn:
    """Check a proof and begin a session.

    The password is hashed between two short transactions, never inside one. An attempt is counted before it is
    checked, so that a thousand at once are still ten; an unknown name counts, locks and takes as long as a known one.

    Raises
    ------
    Locked, WrongCredentials, OtpRequired
    """
    credentials = await _begin(open_unit, proof.username, clock())
    fits = await passwords.check(credentials.password_hash if credentials else None, proof.password)
    if not fits or credentials is None or credentials.disabled_at is not None:
        await _record_failure(open_unit, proof.username, credentials)
        raise WrongCredentials
    try:
        step = _otp_step(credentials, proof.otp, clock())
    except OtpRequired:
        await _record_failure(open_unit, proof.username, credentials)
        raise
    async with open_unit() as uow:
        if step is not None and not await uow.users.use_otp_step(credentials.user_id, step):
            raise OtpRequired
        await uow.sessions.forget_attempts(proof.username)
        return await _begin_session(uow, credentials.user_id, clock())


async def caller_of(uow: UnitOfWork, token: str, *, now: datetime) -> Caller | None:
    """Return who stands behind a token now, None when it opens nothing (any more)."""
    session = await uow.sessions.by_token(digest_of(token))
    return await _caller(uow, session, now)


async def refreshed(uow: UnitOfWork, caller: Caller, *, now: datetime) -> Caller | None:
    """Return the caller with the roles as they stand now, None when the session has ended."""
    session = await uow.sessions.get(caller.session_id) if caller.session_id else None
    fresh = await _caller(uow, session, now)
    return replace(fresh, by_cookie=caller.by_cookie) if fresh else None


def by_cookie(caller: Caller) -> Caller:
    """Return the caller, known to have come with a cookie."""
    return replace(caller, by_cookie=True)


def is_due_to_be_seen(caller: Caller, now: datetime) -> bool:
    """Tell whether a session in use should be written down as seen again."""
    return caller.seen_at is not None and now - caller.seen_at >= SEEN_STEP


async def sign_out(uow: UnitOfWork, *, now: datetime) -> None:
    """End the caller's session."""
    if uow.caller.session_id is None:
        raise NotSignedIn
    await uow.sessions.end(uow.caller.session_id, now)
    uow.audit(AuditEntry("sign-out", "users", uow.caller.user_id))


async def confirm_password(
    open_unit: OpenUnitOfWork,
    passwords: PasswordHasher,
    caller: Caller,
    password: str,
    otp: str | None = None,
    *,
    clock: Callable[[], datetime],
) -> str:
    """Make sure that the person who signs is the one who signed in; return the method, `password` or `otp`.

    Attempts count like those of signing in: a left-open screen is no place to guess.

    Raises
    ------
    Locked, WrongCredentials, OtpRequired, NotSignedIn
    """
    async with open_unit() as uow:
        user = await uow.users.get(caller.user_id)
    if user is None:
        raise NotSignedIn
    credentials = await _begin(open_unit, user.username, clock())
    if credentials is None or not await passwords.check(credentials.password_hash, password):
        await _record_failure(open_unit, user.username, credentials)
        raise WrongCredentials
    step = _otp_step(credentials, otp, clock())
    async with open_unit() as uow:
        if step is not None and not await uow.users.use_otp_step(user.id, step):
            raise OtpRequired
        await uow.sessions.forget_attempts(user.username)
    return "password" if step is None else "otp"


def digest_of(token: str) -> str:
    """Return what is stored of a token: its SHA-256, hex. 256 random bits need no salt."""
    return hashlib.sha256(token.encode()).hexdigest()


async def _begin(open_unit: OpenUnitOfWork, username: str, now: datetime) -> Credentials | None:
    async with open_unit() as uow:
        until = await uow.sessions.begin_attempt(username, now)
        credentials = await uow.users.credentials(username) if until is None else None
    if until is not None:
        raise Locked(until.isoformat())
    return credentials


def _otp_step(credentials: Credentials, otp: str | None, now: datetime) -> int | None:
    """Return the time step of the second factor, None when the person has not enrolled one."""
    if credentials.otp_secret is None:
        return None
    step = matching_step(credentials.otp_secret, otp or "", now=now, last_step=credentials.otp_last_step)
    if step is None:
        raise OtpRequired
    return step


async def _record_failure(open_unit: OpenUnitOfWork, username: str, credentials: Credentials | None) -> None:
    who = credentials.user_id if credentials else "unknown"
    del username  # somebody may have typed the password there: it never reaches a record
    async with open_unit() as uow:
        uow.audit(AuditEntry("sign-in", "users", who, outcome="failure"))


async def _begin_session(uow: UnitOfWork, user_id: str, now: datetime) -> SignedIn:
    user = await uow.users.get(user_id)
    if user is None:
        raise WrongCredentials
    token = secrets.token_urlsafe(32)
    session = Session(
        id=secrets.token_hex(12),
        user_id=user.id,
        csrf=secrets.token_urlsafe(18),
        created_at=now,
        seen_at=now,
        expires_at=now + SESSION_LIFE,
    )
    await uow.sessions.add(session, token_digest=digest_of(token))
    uow.audit(AuditEntry("sign-in", "users", user.id))
    return SignedIn(token, _as_caller(user, session), user)


async def _caller(uow: UnitOfWork, session: Session | None, now: datetime) -> Caller | None:
    if session is None or not session.is_live(now):
        return None
    user = await uow.users.get(session.user_id)
    if user is None or user.disabled_at is not None:
        return None
    return _as_caller(user, session)


def _as_caller(user: User, session: Session) -> Caller:
    return Caller(
        user_id=user.id,
        name=user.name,
        title=user.title,
        memberships=user.memberships,
        session_id=session.id,
        csrf=session.csrf,
        expires_at=session.expires_at,
        seen_at=session.seen_at,
    )
