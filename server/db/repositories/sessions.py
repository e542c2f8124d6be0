"""Sign-ins: sessions by the digest of their token, attempts by name, and broken glasses."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection

from server.accounts.crypto import Cipher
from server.accounts.people import ATTEMPTS, LOCK, Grant, Session
from server.db.tables import people as t

FORGET = timedelta(days=1)  # attempts under a name are forgotten after a day without one


class Sessions:
    """Sessions, and the count of failed attempts under a name, known or not."""

    def __init__(self, connection: AsyncConnection, cipher: Cipher) -> None:
        self._c, self._cipher = connection, cipher
        self._upsert: Any = sqlite.insert if connection.dialect.name == "sqlite" else postgresql.insert

    async def add(self, session: Session, *, token_digest: str) -> None:
        """Store a new session."""
        row = {name: getattr(session, name) for name in Session.__slots__}
        await self._c.execute(t.sessions.insert().values(**row, token_digest=token_digest))

    async def by_token(self, token_digest: str) -> Session | None:
        """Return the session of a token, ended or not."""
        return await self._one(t.sessions.c.token_digest == token_digest)

    async def get(self, session_id: str) -> Session | None:
        """Return one session."""
        return await self._one(t.sessions.c.id == session_id)

    async def seen(self, session_id: str, at: datetime) -> None:
        """Remember that a session was used."""
        await self._c.execute(
            t.sessions.update()
            .where(t.sessions.c.id == session_id, t.sessions.c.ended_at.is_(None), t.sessions.c.seen_at < at)
            .values(seen_at=at)
        )

    async def end(self, session_id: str, at: datetime) -> None:
        """End one session."""
        await self._end(t.sessions.c.id == session_id, at)

    async def end_all(self, user_id: str, at: datetime) -> None:
        """End every session of a user."""
        await self._end(t.sessions.c.user_id == user_id, at)

    async def begin_attempt(self, username: str, at: datetime) -> datetime | None:
        """Count an attempt to sign in before its password is checked; return until when the name is locked.

        Counting first means that a thousand attempts at once are still ten; the right password forgets them.
        """
        a = t.sign_in_attempts.c
        stale = sa.or_(a.last_at < at - FORGET, a.locked_until <= at)
        await self._c.execute(t.sign_in_attempts.delete().where(stale))
        key = self._cipher.blind_index(username.lower(), kind="sign-in")
        counted = self._upsert(t.sign_in_attempts).values(name_index=key, count=1, last_at=at)
        counted = counted.on_conflict_do_update(
            index_elements=["name_index"], set_={"count": a["count"] + 1, "last_at": at}
        ).returning(a["count"], a.locked_until)
        row = (await self._c.execute(counted)).one()
        if row.locked_until is None and row[0] >= ATTEMPTS:
            lock = t.sign_in_attempts.update().where(a.name_index == key).values(locked_until=at + LOCK)
            await self._c.execute(lock)
        until: datetime | None = row.locked_until
        return until

    async def forget_attempts(self, username: str) -> None:
        """Forget the attempts under a name: its owner is in."""
        key = self._cipher.blind_index(username.lower(), kind="sign-in")
        await self._c.execute(t.sign_in_attempts.delete().where(t.sign_in_attempts.c.name_index == key))

    async def _one(self, condition: sa.ColumnElement[bool]) -> Session | None:
        row = (await self._c.execute(sa.select(t.sessions).where(condition))).first()
        return Session(**{name: getattr(row, name) for name in Session.__slots__}) if row else None

    async def _end(self, condition: sa.ColumnElement[bool], at: datetime) -> None:
        query = t.sessions.update().where(condition, t.sessions.c.ended_at.is_(None)).values(ended_at=at)
        await self._c.execute(query)


class Grants:
    """Broken glasses."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._c = connection

    async def add(self, grant: Grant) -> None:
        """Store a new grant."""
        row = {name: getattr(grant, name) for name in Grant.__slots__}
        await self._c.execute(t.access_grants.insert().values(**row))

    async def live(self, user_id: str, patient_id: str, *, now: datetime) -> Grant | None:
        """Return the grant that lets a user see a patient now."""
        g = t.access_grants.c
        found = await self._load(sa.and_(g.user_id == user_id, g.patient_id == patient_id, g.expires_at > now))
        return found[-1] if found else None

    async def of_patient(self, patient_id: str) -> Sequence[Grant]:
        """Return every grant about a patient, oldest first."""
        return await self._load(t.access_grants.c.patient_id == patient_id)

    async def _load(self, condition: sa.ColumnElement[bool]) -> list[Grant]:
        rows = await self._c.execute(
            sa.select(t.access_grants).where(condition).order_by(t.access_grants.c.granted_at, t.access_grants.c.id)
        )
        return [Grant(**{name: getattr(row, name) for name in Grant.__slots__}) for row in rows]
