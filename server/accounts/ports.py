"""What the use cases of accounts ask of the store: places, people, sign-ins, broken glasses."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from server.accounts.model import Membership, Task
from server.accounts.people import Credentials, Grant, Session, User
from server.accounts.places import AeTitle, Agreement, Centre, Organization


class Organizations(Protocol):
    """Organizations with their centres, AE titles and agreements."""

    async def get(self, organization_id: str) -> Organization | None:
        """Return one organization."""
        ...

    async def all(self) -> list[Organization]:
        """Return every organization by id."""
        ...

    async def add(self, organization: Organization) -> None:
        """Store a new organization."""
        ...

    async def save(self, organization: Organization) -> None:
        """Store a changed organization, or refuse when somebody changed it meanwhile."""
        ...

    async def centres(self) -> list[Centre]:
        """Return every centre."""
        ...

    async def centre(self, centre_id: str) -> Centre | None:
        """Return one centre."""
        ...

    async def add_centre(self, centre: Centre) -> None:
        """Store a new centre."""
        ...

    async def ae_title(self, ae_title: str) -> AeTitle | None:
        """Return one application entity, a disabled one too."""
        ...

    async def ae_titles(self, organization_id: str | None = None) -> list[AeTitle]:
        """Return the application entities of an organization, or all."""
        ...

    async def add_ae_title(self, entity: AeTitle) -> None:
        """Store a new application entity."""
        ...

    async def save_ae_title(self, entity: AeTitle) -> None:
        """Store a changed application entity."""
        ...

    async def add_agreement(self, agreement: Agreement) -> None:
        """Store a new agreement."""
        ...

    async def agreements(self, from_organization_id: str | None = None) -> list[Agreement]:
        """Return agreements."""
        ...


class Users(Protocol):
    """The people who can sign in."""

    async def get(self, user_id: str) -> User | None:
        """Return one user with the roles."""
        ...

    async def by_username(self, username: str) -> User | None:
        """Return a user by name."""
        ...

    async def all(self, organization_ids: Sequence[str] | None = None) -> list[User]:
        """Return every user, or those with a role in one of the organizations."""
        ...

    async def add(self, user: User, *, password_hash: str) -> None:
        """Store a new user."""
        ...

    async def set_memberships(self, user_id: str, memberships: Sequence[Membership]) -> None:
        """Replace the roles of a user."""
        ...

    async def credentials(self, username: str) -> Credentials | None:
        """Return what a user of this name proves herself with."""
        ...

    async def set_password(self, user_id: str, password_hash: str) -> None:
        """Replace the password."""
        ...

    async def use_otp_step(self, user_id: str, step: int) -> bool:
        """Remember the step of an accepted code; False when it was used meanwhile."""
        ...

    async def disable(self, user_id: str, at: datetime) -> None:
        """Close an account."""
        ...


class Sessions(Protocol):
    """Sessions, and counted attempts under a name."""

    async def add(self, session: Session, *, token_digest: str) -> None:
        """Store a new session."""
        ...

    async def by_token(self, token_digest: str) -> Session | None:
        """Return the session of a token, ended or not."""
        ...

    async def get(self, session_id: str) -> Session | None:
        """Return one session."""
        ...

    async def seen(self, session_id: str, at: datetime) -> None:
        """Remember that a session was used."""
        ...

    async def end(self, session_id: str, at: datetime) -> None:
        """End one session."""
        ...

    async def end_all(self, user_id: str, at: datetime) -> None:
        """End every session of a user."""
        ...

    async def begin_attempt(self, username: str, at: datetime) -> datetime | None:
        """Count an attempt; return until when the name is locked, None when it may go on."""
        ...

    async def forget_attempts(self, username: str) -> None:
        """Forget the attempts under a name."""
        ...


class Grants(Protocol):
    """Broken glasses."""

    async def add(self, grant: Grant) -> None:
        """Store a new grant."""
        ...

    async def live(self, user_id: str, patient_id: str, *, now: datetime) -> Grant | None:
        """Return the grant that lets a user see a patient now."""
        ...


class Worklist(Protocol):
    """Open items of work for people."""

    async def open_task(self, task: Task, *, dedupe_key: str) -> None:
        """Give a person an item of work; the same key opens it once."""
        ...

    async def open_tasks(self, *, organization_ids: Sequence[str], roles: Sequence[str]) -> list[Task]:
        """Return the open items of somebody with these roles."""
        ...

    async def next_serial(self, series: str) -> int:
        """Return the next number of a series."""
        ...
