"""SQLAlchemy and nothing else: tables, repositories, queries, the unit of work."""
