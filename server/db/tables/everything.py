"""All tables at once, for migrations and tests."""

from server.db.tables import imaging, ledger, people
from server.db.tables.schema import metadata

__all__ = ["imaging", "ledger", "metadata", "people"]
