"""Organizations with their centres, AE titles and agreements; users with their roles."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from server.accounts.crypto import Cipher
from server.accounts.errors import VersionMismatch
from server.accounts.model import Membership, Role
from server.accounts.people import Credentials, User
from server.accounts.places import AeTitle, Agreement, Centre, CentreKind, Organization, OrganizationKind
from server.db.tables import people as t

OTP_COLUMN = "users.otp_secret"


class Organizations:
    """The places of the medical community."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._c = connection

    async def get(self, organization_id: str) -> Organization | None:
        """Return one organization."""
        query = sa.select(t.organizations).where(t.organizations.c.id == organization_id)
        row = (await self._c.execute(query)).first()
        return _organization(row) if row else None

    async def all(self) -> list[Organization]:
        """Return every organization by id."""
        rows = await self._c.execute(sa.select(t.organizations).order_by(t.organizations.c.id))
        return [_organization(row) for row in rows]

    async def add(self, organization: Organization) -> None:
        """Store a new organization."""
        await self._c.execute(t.organizations.insert().values(**_organization_row(organization)))

    async def save(self, organization: Organization) -> None:
        """Store a changed organization as the next version of the one that was read.

        Raises
        ------
        VersionMismatch
            When somebody changed it meanwhile.
        """
        row = _organization_row(organization) | {"version": organization.version + 1}
        changed = await self._c.execute(
            t.organizations.update()
            .where(t.organizations.c.id == organization.id, t.organizations.c.version == organization.version)
            .values(**row)
        )
        if changed.rowcount != 1:
            current = await self.get(organization.id)
            raise VersionMismatch(current.version if current else 0)

    async def centres(self) -> list[Centre]:
        """Return every centre by id."""
        return [_centre(row) for row in await self._c.execute(sa.select(t.centres).order_by(t.centres.c.id))]

    async def centre(self, centre_id: str) -> Centre | None:
        """Return one centre."""
        row = (await self._c.execute(sa.select(t.centres).where(t.centres.c.id == centre_id))).first()
        return _centre(row) if row else None

    async def add_centre(self, centre: Centre) -> None:
        """Store a new centre."""
        await self._c.execute(
            t.centres.insert().values(
                id=centre.id,
                organization_id=centre.organization_id,
                kind=centre.kind,
                name=centre.name,
                modalities=list(centre.modalities),
                opens=centre.opens,
                closes=centre.closes,
                weekdays=list(centre.weekdays),
                emergency_round_the_clock=centre.emergency_round_the_clock,
                phone=centre.phone,
                fallback_centre_id=centre.fallback_centre_id,
                version=centre.version,
            )
        )

    async def ae_title(self, ae_title: str) -> AeTitle | None:
        """Return one application entity, a disabled one too."""
        row = (await self._c.execute(sa.select(t.ae_titles).where(t.ae_titles.c.ae_title == ae_title))).first()
        return _ae_title(row) if row else None

    async def ae_titles(self, organization_id: str | None = None) -> list[AeTitle]:
        """Return the application entities of an organization, or all."""
        query = sa.select(t.ae_titles).order_by(t.ae_titles.c.ae_title)
        if organization_id is not None:
            query = query.where(t.ae_titles.c.organization_id == organization_id)
        return [_ae_title(row) for row in await self._c.execute(query)]

    async def add_ae_title(self, entity: AeTitle) -> None:
        """Store a new application entity."""
        await self._c.execute(t.ae_titles.insert().values(**_ae_title_row(entity)))

    async def save_ae_title(self, entity: AeTitle) -> None:
        """Store a changed application entity as the next version."""
        row = _ae_title_row(entity) | {"version": entity.version + 1}
        await self._c.execute(t.ae_titles.update().where(t.ae_titles.c.ae_title == entity.ae_title).values(**row))

    async def saw_ae_title(self, ae_title: str, at: datetime) -> None:
        """Remember when an application entity last called."""
        await self._c.execute(t.ae_titles.update().where(t.ae_titles.c.ae_title == ae_title).values(last_seen_at=at))

    async def add_agreement(self, agreement: Agreement) -> None:
        """Store a new agreement."""
        await self._c.execute(
            t.agreements.insert().values(
                id=agreement.id,
                from_organization_id=agreement.from_organization_id,
                to_organization_id=agreement.to_organization_id,
                services=list(agreement.services),
                valid_from=agreement.valid_from,
                valid_to=agreement.valid_to,
                version=agreement.version,
            )
        )

    async def agreements(self, from_organization_id: str | None = None) -> list[Agreement]:
        """Return the agreements in which an organization is the inviting side, or all."""
        query = sa.select(t.agreements).order_by(t.agreements.c.id)
        if from_organization_id is not None:
            query = query.where(t.agreements.c.from_organization_id == from_organization_id)
        return [_agreement(row) for row in await self._c.execute(query)]

    async def agreement_for(self, inviting: str, invited: str, service: str, on: date) -> Agreement | None:
        """Return an agreement under which one organization may ask another for a service on a day."""
        pairs = await self.agreements(inviting)
        return next((a for a in pairs if a.to_organization_id == invited and a.covers(service, on)), None)


class Users:
    """The people who can sign in."""

    def __init__(self, connection: AsyncConnection, cipher: Cipher) -> None:
        self._c, self._cipher = connection, cipher

    async def get(self, user_id: str) -> User | None:
        """Return one user with the roles."""
        return next(iter(await self._load(t.users.c.id == user_id)), None)

    async def by_username(self, username: str) -> User | None:
        """Return a user by name, whatever the case it was typed in."""
        return next(iter(await self._load(t.users.c.username == username.lower())), None)

    async def all(self, organization_ids: Sequence[str] | None = None) -> list[User]:
        """Return every user by name, or those with a role in one of the organizations."""
        if organization_ids is None:
            return await self._load(sa.true())
        m = t.memberships.c
        return await self._load(t.users.c.id.in_(sa.select(m.user_id).where(m.organization_id.in_(organization_ids))))

    async def names(self, user_ids: Sequence[str]) -> dict[str, str]:
        """Return id -> name of the users that exist."""
        query = sa.select(t.users.c.id, t.users.c.name).where(t.users.c.id.in_(user_ids))
        return {row.id: row.name for row in await self._c.execute(query)}

    async def add(self, user: User, *, password_hash: str) -> None:
        """Store a new user with the roles."""
        await self._c.execute(
            t.users.insert().values(
                id=user.id,
                username=user.username.lower(),
                name=user.name,
                title=user.title,
                phone=user.phone,
                password_hash=password_hash,
                created_at=user.created_at,
                version=user.version,
            )
        )
        await self.set_memberships(user.id, user.memberships)

    async def set_memberships(self, user_id: str, memberships: Sequence[Membership]) -> None:
        """Replace the roles of a user."""
        await self._c.execute(t.memberships.delete().where(t.memberships.c.user_id == user_id))
        rows = [
            {"user_id": user_id, "organization_id": m.organization_id, "role": m.role, "centre_id": m.centre_id}
            for m in memberships
        ]
        if rows:
            await self._c.execute(t.memberships.insert(), rows)

    async def credentials(self, username: str) -> Credentials | None:
        """Return what a user of this name proves herself with."""
        query = sa.select(t.users).where(t.users.c.username == username.lower())
        row = (await self._c.execute(query)).first()
        if row is None:
            return None
        secret = self._cipher.decrypt(row.otp_secret, column=OTP_COLUMN) if row.otp_secret else None
        return Credentials(row.id, row.password_hash, secret, row.otp_last_step, row.disabled_at)

    async def set_password(self, user_id: str, password_hash: str) -> None:
        """Replace the password."""
        await self._change(user_id, password_hash=password_hash)

    async def set_otp(self, user_id: str, secret: str | None) -> None:
        """Enrol a second factor, or take it away."""
        closed = self._cipher.encrypt(secret, column=OTP_COLUMN) if secret else None
        await self._change(user_id, otp_secret=closed, otp_last_step=None)

    async def use_otp_step(self, user_id: str, step: int) -> bool:
        """Remember the step of an accepted code; False when it, or a later one, was used meanwhile."""
        u = t.users.c
        used = await self._c.execute(
            t.users.update()
            .where(u.id == user_id, sa.or_(u.otp_last_step.is_(None), u.otp_last_step < step))
            .values(otp_last_step=step)
        )
        return used.rowcount == 1

    async def disable(self, user_id: str, at: datetime) -> None:
        """Close an account."""
        await self._change(user_id, disabled_at=at)

    async def _change(self, user_id: str, **values: Any) -> None:
        query = t.users.update().where(t.users.c.id == user_id).values(**values, version=t.users.c.version + 1)
        await self._c.execute(query)

    async def _load(self, condition: sa.ColumnElement[bool]) -> list[User]:
        rows = (await self._c.execute(sa.select(t.users).where(condition).order_by(t.users.c.username))).all()
        m = t.memberships.c
        found = await self._c.execute(
            sa.select(t.memberships)
            .where(m.user_id.in_([row.id for row in rows]))
            .order_by(m.organization_id, m.role, m.centre_id)
        )
        roles: dict[str, list[Membership]] = {}
        for row in found:
            roles.setdefault(row.user_id, []).append(Membership(row.organization_id, Role(row.role), row.centre_id))
        return [_user(row, roles.get(row.id, [])) for row in rows]


def _user(row: Any, memberships: Sequence[Membership]) -> User:
    return User(
        id=row.id,
        username=row.username,
        name=row.name,
        title=row.title,
        created_at=row.created_at,
        memberships=tuple(memberships),
        phone=row.phone,
        disabled_at=row.disabled_at,
        has_otp=row.otp_secret is not None,
        version=row.version,
    )


def _organization(row: Any) -> Organization:
    return Organization(
        id=row.id,
        name=row.name,
        kind=OrganizationKind(row.kind),
        division=row.division,
        created_at=row.created_at,
        parent_id=row.parent_id,
        record_area=row.record_area,
        phone=row.phone,
        beds=row.beds,
        closed_at=row.closed_at,
        version=row.version,
    )


def _organization_row(o: Organization) -> dict[str, Any]:
    return {name: getattr(o, name) for name in Organization.__slots__}


def _centre(row: Any) -> Centre:
    return Centre(
        id=row.id,
        organization_id=row.organization_id,
        kind=CentreKind(row.kind),
        name=row.name,
        modalities=tuple(row.modalities),
        opens=row.opens,
        closes=row.closes,
        weekdays=tuple(row.weekdays),
        emergency_round_the_clock=row.emergency_round_the_clock,
        phone=row.phone,
        fallback_centre_id=row.fallback_centre_id,
        version=row.version,
    )


def _ae_title(row: Any) -> AeTitle:
    values = {name: getattr(row, name) for name in AeTitle.__slots__}
    return AeTitle(**values | {"addresses": tuple(row.addresses)})


def _ae_title_row(entity: AeTitle) -> dict[str, Any]:
    return {name: getattr(entity, name) for name in AeTitle.__slots__} | {"addresses": list(entity.addresses)}


def _agreement(row: Any) -> Agreement:
    values = {name: getattr(row, name) for name in Agreement.__slots__}
    return Agreement(**values | {"services": tuple(row.services)})
