"""Use cases of the server, and what crosses the domains as handled events."""
