"""Every resource of the HTTP edge, in one list: the app, the description and the rights test read it."""

from server.api import (
    audit,
    beds,
    dicomweb_objects,
    dicomweb_pixels,
    dicomweb_search,
    dicomweb_store,
    events,
    fhir,
    follow_ups,
    health,
    hospital_systems,
    matching,
    openapi,
    organizations,
    overview,
    patients,
    reading_orders,
    referral_commands,
    referrals,
    report_files,
    reports,
    sessions,
    set_aside,
    site,
    studies,
    tasks,
    uploads,
    users,
)
from server.api.endpoint import Endpoint, Routes, all_endpoints

GROUPS: tuple[Routes, ...] = (
    health.routes,
    openapi.routes,
    events.routes,
    sessions.routes,
    organizations.routes,
    users.routes,
    patients.routes,
    tasks.routes,
    audit.routes,
    reading_orders.routes,
    reports.routes,
    report_files.routes,
    matching.routes,
    overview.routes,
    referrals.routes,
    referral_commands.routes,
    beds.routes,
    follow_ups.routes,
    uploads.routes,
    studies.routes,
    set_aside.routes,
    dicomweb_store.routes,
    dicomweb_search.routes,
    dicomweb_objects.routes,
    dicomweb_pixels.routes,
    hospital_systems.routes,
    fhir.routes,
    site.routes,
)


def endpoints() -> list[Endpoint]:
    """Return every declared endpoint."""
    return all_endpoints(GROUPS)
