"""Rooms of consults: one row each, and what was written in them."""

import base64
import secrets
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection

from server.accounts.crypto import Cipher
from server.db.dataclass_json import from_json, to_json
from server.db.tables.consults import (
    consult_messages,
    consult_notes,
    consult_quality,
    consult_recordings,
    consult_rooms,
)
from video.signaling.journal import Happening, Note
from video.signaling.seats import Message, Recorded, Room

KEY_BYTES = 32
KEY = "consult_recordings.key"


class Rooms:
    """Rooms with their seats, and messages."""

    def __init__(self, connection: AsyncConnection, cipher: Cipher) -> None:
        self._c, self._cipher = connection, cipher
        self._upsert: Any = sqlite.insert if connection.dialect.name == "sqlite" else postgresql.insert

    async def get(self, consult_id: str) -> Room:
        """Return a consult's room; an empty one where nobody has been."""
        query = sa.select(consult_rooms.c.body).where(consult_rooms.c.consult_id == consult_id)
        body = await self._c.scalar(query)
        return Room(consult_id) if body is None else from_json(Room, body)

    async def put(self, room: Room, now: datetime) -> None:
        """Store a room; whoever does it holds its consult's lock."""
        values = {"version": room.version, "updated_at": now, "seated": bool(room.seats), "body": to_json(room)}
        statement = self._upsert(consult_rooms).values(consult_id=room.consult_id, **values)
        await self._c.execute(statement.on_conflict_do_update(index_elements=["consult_id"], set_=values))

    async def write(self, message: Message) -> tuple[Message, bool]:
        """Store a message; return it, or the one that has its writer's key already, and whether it is new."""
        c = consult_messages.c
        row = {name: getattr(message, name) for name in Message.__slots__}
        statement = self._upsert(consult_messages).values(**row)
        fresh = await self._c.execute(statement.on_conflict_do_nothing(index_elements=["consult_id", "person", "key"]))
        if fresh.rowcount == 1:
            return message, True
        same = (c.consult_id == message.consult_id, c.person == message.person, c.key == message.key)
        return _message((await self._c.execute(sa.select(consult_messages).where(*same))).one()), False

    async def messages(self, consult_id: str) -> list[Message]:
        """Return what was written, oldest first."""
        c = consult_messages.c
        query = sa.select(consult_messages).where(c.consult_id == consult_id).order_by(c.at, c.id)
        return [_message(row) for row in await self._c.execute(query)]

    async def note(self, notes: Sequence[Note]) -> None:
        """Write down what happened in a room, in this order."""
        for each in notes:  # one by one: their numbers are their order
            row = {name: getattr(each, name) for name in Note.__slots__}
            await self._c.execute(consult_notes.insert().values(**row | {"what": each.what.value}))

    async def notes(self, consult_id: str) -> list[Note]:
        """Return what happened in a room, in its order."""
        n = consult_notes.c
        query = sa.select(consult_notes).where(n.consult_id == consult_id).order_by(n.seq)
        return [_note(row) for row in await self._c.execute(query)]

    async def begin_recording(self, recorded: Recorded) -> None:
        """Store that a recording has begun, with a fresh key that only the hub reads."""
        row = {name: getattr(recorded, name) for name in Recorded.__slots__}
        key = base64.b64encode(secrets.token_bytes(KEY_BYTES)).decode()
        row |= {"consented": list(recorded.consented), "key": self._cipher.encrypt(key, column=KEY)}
        await self._c.execute(consult_recordings.insert().values(**row))

    async def end_recording(self, consult_id: str, at: datetime, why: str) -> None:
        """Store that the recording that runs has ended."""
        r = consult_recordings
        running = r.update().where(r.c.consult_id == consult_id, r.c.ended_at.is_(None))
        await self._c.execute(running.values(ended_at=at, ended_why=why))

    async def destroy_recording(self, recording_id: str, at: datetime) -> None:
        """Destroy a recording's key: nobody plays it any more."""
        r = consult_recordings
        await self._c.execute(r.update().where(r.c.id == recording_id).values(key="", destroyed_at=at))

    async def recordings(self, consult_id: str) -> list[Recorded]:
        """Return what was recorded of a consult, oldest first; what is destroyed too."""
        r = consult_recordings
        query = sa.select(r).where(r.c.consult_id == consult_id).order_by(r.c.started_at, r.c.id)
        return [_recorded(row) for row in await self._c.execute(query)]

    async def key_of(self, recording_id: str) -> str:
        """Return a recording's key in base64, "" once it is destroyed."""
        r = consult_recordings
        key = await self._c.scalar(sa.select(r.c.key).where(r.c.id == recording_id))
        return self._cipher.decrypt(key, column=KEY) if key else ""

    async def sample(self, consult_id: str, person: str, at: datetime, quality: Mapping[str, Any]) -> None:
        """Keep how somebody's line did at an instant."""
        row = {"consult_id": consult_id, "person": person, "at": at, "body": dict(quality)}
        await self._c.execute(self._upsert(consult_quality).values(**row).on_conflict_do_nothing())

    async def quality(self, consult_id: str) -> list[tuple[str, datetime, dict[str, Any]]]:
        """Return how everybody's line did: person, instant, numbers; oldest first."""
        q = consult_quality.c
        query = sa.select(q.person, q.at, q.body).where(q.consult_id == consult_id).order_by(q.at, q.person)
        return [(person, at, body) for person, at, body in await self._c.execute(query)]

    async def open_ids(self) -> list[str]:
        """Return the consults in whose rooms somebody has a seat."""
        query = sa.select(consult_rooms.c.consult_id).where(consult_rooms.c.seated)
        return list(await self._c.scalars(query))


def _recorded(row: Any) -> Recorded:
    known = {name: getattr(row, name) for name in Recorded.__slots__}
    return Recorded(**known | {"consented": tuple(row.consented)})


def _message(row: Any) -> Message:
    return Message(**{name: getattr(row, name) for name in Message.__slots__})


def _note(row: Any) -> Note:
    known = {name: getattr(row, name) for name in Note.__slots__}
    return Note(**known | {"what": Happening(row.what)})
