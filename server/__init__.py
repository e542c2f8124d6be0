"""Everything with input and output: HTTP, SQL, Redis, Celery, accounts, audit, patients."""
