"""The people: users, their sessions, and the grants of a broken glass."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from server.accounts.model import Membership

SESSION_LIFE = timedelta(hours=12)  # decisions 15
SESSION_IDLE = timedelta(minutes=30)
SEEN_STEP = timedelta(minutes=1)  # how often a session in use is written down again
ATTEMPTS = 10
LOCK = timedelta(minutes=15)
GRANT_LIFE = timedelta(hours=4)


@dataclass(frozen=True, slots=True)
class User:
    """A person who can sign in."""

    id: str
    username: str
    name: str
    title: str
    created_at: datetime
    memberships: tuple[Membership, ...] = ()
    phone: str = ""
    disabled_at: datetime | None = None
    has_otp: bool = False
    version: int = 1


@dataclass(frozen=True, slots=True)
class Credentials:
    """What a user proves herself with."""

    user_id: str
    password_hash: str = field(repr=False)
    otp_secret: str | None = field(repr=False)
    otp_last_step: int | None
    disabled_at: datetime | None


@dataclass(frozen=True, slots=True)
class Session:
    """One sign-in; only the digest of its token is ever stored."""

    id: str
    user_id: str
    csrf: str = field(repr=False)
    created_at: datetime
    seen_at: datetime
    expires_at: datetime
    ended_at: datetime | None = None

    def is_live(self, now: datetime) -> bool:
        """Tell whether the session still holds: not ended, not older than 12 h, not idle for 30 min."""
        return self.ended_at is None and now < self.expires_at and now < self.seen_at + SESSION_IDLE


@dataclass(frozen=True, slots=True)
class Grant:
    """A broken glass: one person's emergency access to one patient, with its reason and later review."""

    id: str
    user_id: str
    organization_id: str
    patient_id: str
    reason: str = field(repr=False)
    granted_at: datetime
    expires_at: datetime
    reviewed_at: datetime | None = None
