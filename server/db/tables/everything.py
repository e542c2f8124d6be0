"""All tables at once, for migrations and tests."""

from server.db.tables import beds, imaging, ledger, people, referral
from server.db.tables.schema import metadata

__all__ = ["beds", "imaging", "ledger", "metadata", "people", "referral"]
