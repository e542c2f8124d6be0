"""The second factor: time-based one-time passwords (RFC 6238), each step good once."""

import hmac
from datetime import datetime

import pyotp

STEP = 30  # seconds
WINDOW = 1  # steps of clock drift allowed either way


def new_secret() -> str:
    """Return a fresh base32 secret."""
    return pyotp.random_base32()


def enrolment_uri(secret: str, username: str) -> str:
    """Return the `otpauth://` address that authenticator apps read from a QR code."""
    return pyotp.TOTP(secret).provisioning_uri(name=username, issuer_name="Lutong")


def matching_step(secret: str, code: str, *, now: datetime, last_step: int | None) -> int | None:
    """Return the time step the code belongs to, None when it is wrong or was used.

    Parameters
    ----------
    last_step
        The newest step accepted before; a code of that step or an older one is a replay.
    """
    totp = pyotp.TOTP(secret)
    current = int(now.timestamp()) // STEP
    for step in range(current - WINDOW, current + WINDOW + 1):
        fresh = last_step is None or step > last_step
        if fresh and hmac.compare_digest(totp.at(step * STEP).encode(), code.encode()):
            return step
    return None
