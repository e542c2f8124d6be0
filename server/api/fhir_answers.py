"""How `/fhir` answers: resources and refusals as application/fhir+json, pages with their links."""

import json
from collections.abc import Sequence
from urllib.parse import urlencode

from aiohttp import web

from server.api.endpoint import Call
from server.api.problems import BadRequest
from server.fhir.answers import operation_outcome, searchset
from server.fhir.search import CURSOR, IllFormedSearch, Search, parse_search
from server.fhir.words import Resource, key_of

MEDIA = "application/fhir+json"
ROOT = "/fhir"


def resource(found: Resource) -> web.Response:
    """Return one resource with its version and time."""
    headers = {"Content-Type": f"{MEDIA}; charset=utf-8", "Cache-Control": "no-store"}
    if version := found.get("meta", {}).get("versionId"):
        headers["ETag"] = f'W/"{version}"'
    return web.Response(body=json.dumps(found, ensure_ascii=False).encode(), headers=headers)


def bundle(call: Call, kind: str, search: Search, found: Sequence[Resource]) -> web.Response:
    """Return one page of what was found; one resource more than the page says that there is a next."""
    page, base = found[: search.count], base_url(call)
    used = list(search.used)
    query = urlencode([*used, (CURSOR, key_of(page[-1]["id"]))]) if len(found) > search.count else ""
    self_url = f"{base}/{kind}" + (f"?{urlencode(used)}" if used else "")
    return resource(searchset(base, page, self_url=self_url, next_url=f"{base}/{kind}?{query}" if query else None))


def search_of(call: Call, kind: str) -> Search:
    """Return what the query asks for.

    Raises
    ------
    BadRequest
        `MALFORMED_QUERY` with the parameter's name.
    """
    strict = "handling=strict" in call.request.headers.get("Prefer", "")
    try:
        return parse_search(kind, list(call.request.query.items()), strict=strict)
    except IllFormedSearch as refusal:
        raise BadRequest("MALFORMED_QUERY", f"查询参数不对：{refusal.name} (no such parameter or value)") from refusal


def one_of(call: Call) -> Search:
    """Return the search for the one resource that the path names."""
    return Search({"_id": (key_of(call.path("id")),)}, count=1)


def base_url(call: Call) -> str:
    """Return the address of /fhir as the caller sees it."""
    origin = call.hub.settings.public_url.rstrip("/") or str(call.request.url.origin())
    return f"{origin}{ROOT}"


def in_fhir(request: web.Request, refusal: web.Response) -> web.Response:
    """Return a refusal as an OperationOutcome where FHIR was asked, as it is elsewhere."""
    if not request.path.startswith(f"{ROOT}/") or not isinstance(refusal.body, bytes):
        return refusal
    told = json.loads(refusal.body)
    outcome = operation_outcome(refusal.status, told["code"], told["detail"])
    answer = resource(outcome)
    answer.set_status(refusal.status)
    if "Retry-After" in refusal.headers:
        answer.headers["Retry-After"] = refusal.headers["Retry-After"]
    return answer
