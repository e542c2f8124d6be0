"""A link that somebody without an account holds in the hand, as the hub knows it."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class PatientLink:
    """A link on paper, as the hub knows it: the digest of its token, never the token.

    Parameters
    ----------
    kind
        `card` for the patient, `outcome` for a hospital outside the network, `consult` for a seat in a call.
    ticket_id, consult_id
        Where it leads: one of the two.
    browser_digest
        Of the cookie of the browser that opened it first; None until one did.
    tries
        How often somebody failed to show who they are.
    """

    token_digest: str
    kind: str
    ticket_id: str | None
    created_at: datetime
    created_by: str
    expires_at: datetime
    revoked_at: datetime | None = None
    browser_digest: str | None = None
    tries: int = 0
    consult_id: str | None = None

    def opens(self, now: datetime) -> bool:
        """Tell whether it still leads anywhere."""
        return self.revoked_at is None and now < self.expires_at
