"""Which page the holder of a consult's link gets: four digits asked, too early, the room, or that it is over."""

import json
from functools import cache
from typing import Any

from server.api.link_frame import SHUT, Frame, Page
from server.api.site import DIST
from server.documents.patient_card import Contact, ask_page, notice_page
from server.documents.patient_room import JOIN, arranging_page, early_page, over_page, room_page
from server.workflows.patient_links import Gate, Opened
from video.consults import Consult, ConsultState
from video.service.rooms import BEFORE
from video.signaling.views import OPEN

ENTRY = "src/patient/main.ts"
MANIFEST = DIST / ".vite" / "manifest.json"
NOT_BUILT = ("界面还没有构建：请运行 make setup (the front end is not built yet: run make setup)", 503)


async def consult_page_of(frame: Frame, opened: Opened, consult: Consult, *, wrong: bool = False) -> Page:
    """Return the page of a consult's link as it stands before this browser."""
    place = await frame.uow.organizations.get(consult.from_organization_id)
    house = place.name if place else "绿通"
    contact = Contact(who=house, phone=place.phone) if place and place.phone else None
    if consult.state in BEFORE - {ConsultState.SCHEDULED} and opened.gate not in SHUT:
        return arranging_page(house, contact, nonce=frame.nonce), 200
    if consult.state not in OPEN | {ConsultState.SCHEDULED}:
        return over_page(house, contact, nonce=frame.nonce), 410
    if opened.gate is Gate.EARLY and consult.begins_at is not None:
        return early_page(house, consult.begins_at, contact, now=frame.now, nonce=frame.nonce), 200
    if opened.gate in SHUT:
        notice, status = SHUT[opened.gate]
        return notice_page(notice, house, contact, nonce=frame.nonce), status
    if opened.gate is Gate.ASK:
        left = opened.tries_left if wrong else None
        return ask_page(house, contact, nonce=frame.nonce, tries_left=left, what=JOIN), 422 if wrong else 200
    files = _built()
    if files is None:
        return NOT_BUILT
    script, styles = files
    return room_page(house, contact, consult_id=consult.id, script=script, styles=styles), 200


@cache
def _built() -> tuple[str, tuple[str, ...]] | None:
    """Return the addresses of the built page's script and styles."""
    if not MANIFEST.is_file():
        return None
    manifest: dict[str, Any] = json.loads(MANIFEST.read_text(encoding="utf-8"))
    entry = manifest.get(ENTRY)
    if entry is None:
        return None
    return f"/{entry['file']}", tuple(f"/{style}" for style in entry.get("css", ()))
