"""QIDO-RS (PS3.18 §10.6): studies, series and instances by what the index knows of them."""

import json
from typing import Any

from aiohttp import web

from dicom.json_model import element
from dicom.query import Level, Search, parse_search
from server.accounts.model import AuditEntry
from server.api.dicomweb_media import base_url, require_json
from server.api.endpoint import Call, Routes

routes = Routes("dicomweb")
_STEPS = ("studies", "series", "instances")


@routes.get("/dicom-web/studies")
async def studies(call: Call) -> web.Response:
    """Search for studies (QIDO-RS)."""
    return await _search(call, Level.STUDY)


@routes.get("/dicom-web/series")
async def series(call: Call) -> web.Response:
    """Search for series (QIDO-RS)."""
    return await _search(call, Level.SERIES)


@routes.get("/dicom-web/studies/{study}/series")
async def series_of_study(call: Call) -> web.Response:
    """Search for series of a study (QIDO-RS)."""
    return await _search(call, Level.SERIES)


@routes.get("/dicom-web/instances")
async def instances(call: Call) -> web.Response:
    """Search for instances (QIDO-RS)."""
    return await _search(call, Level.INSTANCE)


@routes.get("/dicom-web/studies/{study}/instances")
async def instances_of_study(call: Call) -> web.Response:
    """Search for instances of a study (QIDO-RS)."""
    return await _search(call, Level.INSTANCE)


@routes.get("/dicom-web/studies/{study}/series/{series}/instances")
async def instances_of_series(call: Call) -> web.Response:
    """Search for instances of a series (QIDO-RS)."""
    return await _search(call, Level.INSTANCE)


async def _search(call: Call, level: Level) -> web.Response:
    require_json(call.request)
    place = call.request.match_info
    fixed = [(name, place[key]) for name, key in _FIXED if key in place]
    asked = [(name, value) for name, value in call.request.query.items() if name != "accept"]
    search = parse_search(level, [*asked, *fixed])
    found = await call.uow.archive.search(search, call.caller, now=call.now)
    keys = ",".join(sorted(c.key.keyword for c in search.criteria))
    call.uow.audit(AuditEntry("search", "studies", place.get("study", "")[:64], basis=f"{level.value} {keys}"))
    base = base_url(call)
    page = [_with_url(base, match.uids, match.attributes) for match in found[: search.limit]]
    headers = {"Content-Type": "application/dicom+json"} | _warnings(base, search, more=len(found) > search.limit)
    return web.Response(body=json.dumps(page, ensure_ascii=False, separators=(",", ":")).encode(), headers=headers)


_FIXED = (("StudyInstanceUID", "study"), ("SeriesInstanceUID", "series"))


def _with_url(base: str, uids: tuple[str, ...], attributes: dict[str, Any]) -> dict[str, Any]:
    path = "/".join(part for pair in zip(_STEPS, uids, strict=False) for part in pair)
    attributes["00081190"] = element("UR", f"{base}/{path}")
    return attributes


def _warnings(base: str, search: Search, *, more: bool) -> dict[str, str]:
    """Return what the caller should know of the page (PS3.18 §10.6.3.1)."""
    texts = []
    if more:
        texts.append("There are additional results that can be requested")
    if search.ignored:
        texts.append(f"These attributes are not matched: {', '.join(search.ignored)}")
    return {"Warning": ", ".join(f'299 {base}: "{text}"' for text in texts)} if texts else {}
