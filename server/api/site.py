"""The front end's files: the app for every path that is not an interface, with its security headers."""

import secrets
from pathlib import Path

from aiohttp import web

from server.api.endpoint import CSP_NONCE, Call, Routes
from server.api.fhir_answers import in_fhir
from server.api.problems import problem
from server.settings import ROOT

routes = Routes("site")

DIST = ROOT / "web" / "dist"
INTERFACES = ("api/", "dicom-web/", "fhir/", "healthz", "readyz", "metrics")
NOT_BUILT = (
    "<!doctype html><html lang=zh-CN><meta charset=utf-8><title>绿通 Lütong</title><h1>绿通 Lütong</h1>"
    "<p>界面还没有构建：请运行 make setup。接口在 <a href=/api/docs>/api/docs</a>。</p>"
    "<p lang=en>The front end is not built yet: run make setup.</p></html>"
)


@routes.get("/", transaction="none", public=True)
async def home(call: Call) -> web.StreamResponse:
    """Give the app."""
    return _app_page(call.request)


@routes.get("/{tail:.+}", transaction="none", public=True)
async def page(call: Call) -> web.StreamResponse:
    """Give a built file, or the app for its own routes (the browser knows the rest)."""
    tail = call.path("tail")
    if tail.startswith(INTERFACES):
        return in_fhir(call.request, problem(404, "NOT_FOUND", "没有这个接口 (no such interface)"))
    file = _built_file(tail)
    if file is None:
        return _app_page(call.request)
    forever = tail.startswith("assets/")
    headers = {"Cache-Control": "public, max-age=31536000, immutable" if forever else "no-cache"}
    return web.FileResponse(file, headers=headers)


def _built_file(tail: str) -> Path | None:
    """Return a file of web/dist; names that lead elsewhere are no files of ours."""
    if "\x00" in tail or "\\" in tail:
        return None
    file = (DIST / tail).resolve()
    return file if file.is_relative_to(DIST) and file.is_file() and file.name != "index.html" else None


def _app_page(request: web.Request) -> web.Response:
    nonce = secrets.token_urlsafe(16)
    request[CSP_NONCE] = nonce
    index = DIST / "index.html"
    html = index.read_text(encoding="utf-8") if index.is_file() else NOT_BUILT
    return web.Response(
        text=html.replace("__CSP_NONCE__", nonce),
        headers={"Content-Type": "text/html; charset=utf-8", "Cache-Control": "no-store"},
    )
