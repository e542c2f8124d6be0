"""Alembic revisions and how they are run."""
