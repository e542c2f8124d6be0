"""All tables at once, for migrations and tests."""

from server.db.tables import beds, consults, exchange, imaging, ledger, people, referral
from server.db.tables.schema import metadata

__all__ = ["beds", "consults", "exchange", "imaging", "ledger", "metadata", "people", "referral"]
