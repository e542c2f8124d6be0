"""The patients' register: identifying values closed, found by blind indexes; every reading of a name searchable."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from server.accounts.crypto import Cipher
from server.accounts.model import Caller
from server.db.scope import has_care_relation, visible_to
from server.db.tables import people as t
from server.patients.errors import DuplicateIdentifier
from server.patients.identifiers import IdentifierSystem, normalised_phone
from server.patients.model import Assistance, AssistanceCategory, Identifier, Patient, Sex
from server.patients.names import sound
from server.patients.resident_id import normalise

PHONE, ADDRESS, IDENTIFIER = "patients.phone", "patients.address", "patient_identifiers.value"
WHOLE, TAIL, PHONE_KIND = "identifier", "identifier-tail", "phone"


@dataclass(frozen=True, slots=True)
class Page:
    """One page of a search; `next` continues it."""

    items: Sequence[Patient]
    next: str | None


class Patients:
    """Patients with their identifiers and assistance."""

    def __init__(self, connection: AsyncConnection, cipher: Cipher) -> None:
        self._c, self._cipher = connection, cipher
        self._upsert: Any = sqlite.insert if connection.dialect.name == "sqlite" else postgresql.insert

    async def add(self, patient: Patient) -> None:
        """Store a new patient."""
        heard = sound(patient.name)
        await self._c.execute(
            t.patients.insert().values(
                id=patient.id,
                organization_id=patient.organization_id,
                record_number=patient.record_number,
                name=patient.name,
                pinyin=" ".join(heard.readings),
                initials=" ".join(heard.initials),
                sex=patient.sex,
                birth_date=patient.birth_date,
                phone=self._closed(patient.phone, PHONE),
                phone_index=self._index(normalised_phone(patient.phone), PHONE_KIND) if patient.phone else None,
                address=self._closed(patient.address, ADDRESS),
                allergies=patient.allergies,
                provisional=patient.provisional,
                created_at=patient.created_at,
                created_by=patient.created_by,
                version=patient.version,
            )
        )
        for identifier in patient.identifiers:
            await self.add_identifier(patient.id, identifier, at=patient.created_at)
        for held in patient.assistance:
            await self._c.execute(
                t.assistance.insert().values(
                    id=secrets.token_hex(12),
                    patient_id=patient.id,
                    category=held.category,
                    valid_from=held.valid_from,
                    valid_to=held.valid_to,
                )
            )

    async def add_identifier(self, patient_id: str, identifier: Identifier, *, at: datetime) -> None:
        """Store one more identifier of a patient.

        Raises
        ------
        DuplicateIdentifier
            When somebody else stored the same one at this very moment.
        """
        row = t.patient_identifiers.insert().values(
            id=secrets.token_hex(12),
            patient_id=patient_id,
            system=identifier.system,
            issuer=identifier.issuer,
            value=self._cipher.encrypt(identifier.value, column=IDENTIFIER),
            value_index=self._index(identifier.value, WHOLE),
            tail_index=self._index(identifier.value[-4:], TAIL) if len(identifier.value) > 4 else None,
            created_at=at,
        )
        try:
            await self._c.execute(row)
        except IntegrityError as error:
            raise DuplicateIdentifier("") from error  # the winner's record is not visible yet; asking again finds it

    async def touch(self, patient_id: str, *, provisional: bool | None = None) -> None:
        """Make the next version of a record; an identifier turns a provisional one into a known one."""
        values: dict[str, Any] = {"version": t.patients.c.version + 1}
        if provisional is not None:
            values["provisional"] = provisional
        await self._c.execute(t.patients.update().where(t.patients.c.id == patient_id).values(**values))

    async def get(self, patient_id: str) -> Patient | None:
        """Return one patient, whoever asks; the use case decides who may."""
        return next(iter(await self._load(t.patients.c.id == patient_id, limit=1)), None)

    async def many(self, patient_ids: Sequence[str]) -> dict[str, Patient]:
        """Return id -> patient of those that exist."""
        return {p.id: p for p in await self._load(t.patients.c.id.in_(patient_ids), limit=len(patient_ids))}

    async def by_identifier(self, system: IdentifierSystem, value: str, issuer: str = "") -> Patient | None:
        """Return the patient an exact identifier belongs to (normalised value)."""
        i = t.patient_identifiers.c
        owner = sa.select(i.patient_id).where(
            i.system == system, i.issuer == issuer, i.value_index == self._index(value, WHOLE)
        )
        return next(iter(await self._load(t.patients.c.id.in_(owner), limit=1)), None)

    async def search(self, caller: Caller, q: str, *, now: datetime, cursor: str = "", limit: int = 50) -> Page:
        """Return the patients visible to the caller that fit what was typed, the newest first.

        `q` is part of a name, its pinyin or initials, a whole identifier, the last four, or a phone number.
        """
        p = t.patients.c
        condition = visible_to(caller, t.patients, now=now)
        if q:
            condition = sa.and_(condition, self._fits(q))
        if cursor:
            position = sa.select(p.created_at).where(p.id == cursor).scalar_subquery()
            condition = sa.and_(
                condition, sa.or_(p.created_at < position, sa.and_(p.created_at == position, p.id < cursor))
            )
        found = await self._load(condition, limit=limit + 1)
        return Page(found[:limit], found[limit - 1].id if len(found) > limit else None)

    async def by_whole_number(self, q: str) -> list[Patient]:
        """Return whoever a whole identifier that is good everywhere belongs to, visible or not."""
        i = t.patient_identifiers.c
        owner = sa.select(i.patient_id).where(i.value_index == self._index(normalise(q), WHOLE), i.issuer == "")
        return await self._load(t.patients.c.id.in_(owner), limit=5)

    async def alike(self, patient: Patient) -> list[Patient]:
        """Return records that share a name, a reading or a phone number: for a person to compare."""
        p = t.patients.c
        readings = " ".join(sound(patient.name).readings)
        fits = [p.name == patient.name, p.pinyin == readings]
        if patient.phone:
            fits.append(p.phone_index == self._index(normalised_phone(patient.phone), PHONE_KIND))
        return await self._load(sa.and_(sa.or_(*fits), p.id != patient.id), limit=50)

    async def is_visible(self, caller: Caller, patient_id: str, *, now: datetime) -> bool:
        """Tell whether the caller has a care relation to the patient."""
        return await has_care_relation(self._c, caller, patient_id, now=now)

    async def categories(self) -> dict[str, AssistanceCategory]:
        """Return the county's assistance categories by code."""
        rows = await self._c.execute(sa.select(t.assistance_categories).order_by(t.assistance_categories.c.code))
        names = AssistanceCategory.__slots__
        return {row.code: AssistanceCategory(**{name: getattr(row, name) for name in names}) for row in rows}

    async def put_category(self, category: AssistanceCategory) -> None:
        """Store or replace an assistance category."""
        values = {name: getattr(category, name) for name in AssistanceCategory.__slots__}
        statement = self._upsert(t.assistance_categories).values(**values)
        await self._c.execute(statement.on_conflict_do_update(index_elements=["code"], set_=values))

    def _fits(self, q: str) -> sa.ColumnElement[bool]:
        p, i = t.patients.c, t.patient_identifiers.c
        typed = normalise(q)
        letters = "".join(c for c in q.lower() if c.isalnum())
        fits = [p.name.contains(q, autoescape=True), p.record_number == typed]
        if letters.isascii() and letters:
            for column in (p.pinyin, p.initials):
                start = column.startswith(letters, autoescape=True)
                fits += [start, column.contains(f" {letters}", autoescape=True)]
        numbers = [i.value_index == self._index(v, WHOLE) for v in dict.fromkeys((typed, q.strip()))]
        if len(typed) == 4:
            numbers.append(i.tail_index == self._index(typed, TAIL))
        fits.append(sa.exists().where(i.patient_id == p.id, sa.or_(*numbers)))
        if len(phone := normalised_phone(q)) >= 7:
            fits.append(p.phone_index == self._index(phone, PHONE_KIND))
        return sa.or_(*fits)

    async def _load(self, condition: sa.ColumnElement[bool], *, limit: int) -> list[Patient]:
        p = t.patients.c
        query = sa.select(t.patients).where(condition).order_by(p.created_at.desc(), p.id.desc()).limit(limit)
        rows = (await self._c.execute(query)).all()
        ids = [row.id for row in rows]
        identifiers = await self._children(t.patient_identifiers, ids)
        assistance = await self._children(t.assistance, ids)
        return [self._patient(row, identifiers.get(row.id, ()), assistance.get(row.id, ())) for row in rows]

    async def _children(self, table: sa.Table, ids: Sequence[str]) -> dict[str, list[Any]]:
        if not ids:
            return {}
        order = table.c.created_at if "created_at" in table.c else table.c.valid_from
        rows = await self._c.execute(sa.select(table).where(table.c.patient_id.in_(ids)).order_by(order, table.c.id))
        grouped: dict[str, list[Any]] = {}
        for row in rows:
            grouped.setdefault(row.patient_id, []).append(row)
        return grouped

    def _patient(self, row: Any, identifiers: Sequence[Any], assistance: Sequence[Any]) -> Patient:
        return Patient(
            id=row.id,
            organization_id=row.organization_id,
            name=row.name,
            sex=Sex(row.sex),
            birth_date=row.birth_date,
            created_at=row.created_at,
            created_by=row.created_by or "",
            record_number=row.record_number,
            pinyin=sound(row.name).pinyin,
            identifiers=tuple(
                Identifier(IdentifierSystem(i.system), self._cipher.decrypt(i.value, column=IDENTIFIER), i.issuer)
                for i in identifiers
            ),
            assistance=tuple(Assistance(a.category, a.valid_from, a.valid_to) for a in assistance),
            phone=self._opened(row.phone, PHONE),
            address=self._opened(row.address, ADDRESS),
            allergies=row.allergies,
            provisional=row.provisional,
            version=row.version,
        )

    def _index(self, value: str, kind: str) -> str:
        return self._cipher.blind_index(value, kind=kind)

    def _closed(self, value: str, column: str) -> str | None:
        return self._cipher.encrypt(value, column=column) if value else None

    def _opened(self, value: str | None, column: str) -> str:
        return self._cipher.decrypt(value, column=column) if value else ""
