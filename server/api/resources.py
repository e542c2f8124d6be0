"""Every resource of the HTTP edge, in one list: the app, the description and the rights test read it."""

from server.api import events, health, openapi, sessions, site
from server.api.endpoint import Endpoint, Routes, all_endpoints

GROUPS: tuple[Routes, ...] = (
    health.routes,
    openapi.routes,
    events.routes,
    sessions.routes,
    site.routes,
)


def endpoints() -> list[Endpoint]:
    """Return every declared endpoint."""
    return all_endpoints(GROUPS)
