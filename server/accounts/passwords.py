"""Passwords: Argon2id on threads, behind one bridge that lets only a few run at a time."""

import asyncio
import secrets
from base64 import b64encode
from enum import Enum

from argon2 import PasswordHasher as Argon2
from argon2.exceptions import InvalidHashError, VerificationError, VerifyMismatchError

AT_ONCE = 2  # hashes in flight: each takes a core and its memory, and a flood of sign-ins must not starve the rest


class Profile(Enum):
    """Time cost, memory in KiB, lanes. `STANDARD` exceeds OWASP's minimum; `CHEAP` is for tests only."""

    STANDARD = (2, 47104, 1)
    CHEAP = (1, 64, 1)


class PasswordHasher:
    """Hashes and checks passwords off the event loop.

    An unknown user costs what a wrong password costs: `check(None, …)` works on a hash that nothing opens.
    """

    def __init__(self, profile: Profile = Profile.STANDARD) -> None:
        time_cost, memory_cost, lanes = profile.value
        self._argon2 = Argon2(time_cost=time_cost, memory_cost=memory_cost, parallelism=lanes)
        salt, tag = (b64encode(secrets.token_bytes(n)).rstrip(b"=").decode() for n in (16, 32))
        self._nobody = f"$argon2id$v=19$m={memory_cost},t={time_cost},p={lanes}${salt}${tag}"
        self._few = asyncio.Semaphore(AT_ONCE)

    async def hash(self, password: str) -> str:
        """Return the encoded hash to store."""
        async with self._few:
            return await asyncio.to_thread(self._argon2.hash, password)

    async def check(self, stored: str | None, password: str) -> bool:
        """Tell whether the password opens the stored hash; always False, and as slow, for None."""
        async with self._few:
            fits = await asyncio.to_thread(self._verify, stored or self._nobody, password)
        return fits and stored is not None

    def _verify(self, stored: str, password: str) -> bool:
        try:
            return self._argon2.verify(stored, password)
        except (VerifyMismatchError, VerificationError, InvalidHashError):
            return False


MINIMUM_LENGTH = 10
FORBIDDEN = frozenset({"lutong-demo", "1234567890", "password123", "qwertyuiop", "0123456789"})


def is_acceptable(password: str, username: str) -> bool:
    """Tell whether a password may be set: long enough, not notorious, without the user's name (NIST SP 800-63B)."""
    lowered = password.lower()
    return (
        len(password) >= MINIMUM_LENGTH
        and lowered not in FORBIDDEN
        and len(set(password)) >= 4
        and username.lower() not in lowered
    )
