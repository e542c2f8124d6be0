"""The description of our REST interface, made from the declared endpoints (OpenAPI 3.1)."""

import json
import re
from collections.abc import Sequence
from typing import Any

from aiohttp import web
from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from server.api.endpoint import Call, Endpoint, Routes

routes = Routes("description")
DESCRIBED = web.AppKey("described", Sequence)

PROBLEM: dict[str, Any] = {
    "type": "object",
    "required": ["type", "title", "status", "detail", "code"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "code": {"type": "string"},
        "errors": {"type": "array", "items": {"type": "object", "additionalProperties": {"type": "string"}}},
    },
}
PAGE = """<!doctype html><html lang=zh-CN><meta charset=utf-8><meta name=viewport content="width=device-width">
<title>绿通接口</title><h1>绿通 Lütong · REST</h1><p><a href=/api/openapi.json>openapi.json</a></p>{rows}</html>"""


@routes.get("/api/openapi.json", transaction="none", public=True)
async def description(call: Call) -> web.Response:
    """Give the OpenAPI 3.1 description."""
    return web.Response(
        body=document_json(call.request.app[DESCRIBED]).encode(),
        headers={"Content-Type": "application/json; charset=utf-8"},
    )


@routes.get("/api/docs", transaction="none", public=True)
async def readable(call: Call) -> web.Response:
    """Give the description as a page that people read."""
    rows = "".join(
        f"<h2>{e.method} <code>{_escape(e.path)}</code></h2><p>{_escape(e.summary)}</p>"
        for e in _described(call.request.app[DESCRIBED])
    )
    return web.Response(text=PAGE.format(rows=rows), headers={"Content-Type": "text/html; charset=utf-8"})


def document_json(endpoints: Sequence[Endpoint]) -> str:
    """Return the description as stable JSON text."""
    return json.dumps(document(endpoints), ensure_ascii=False, indent=1, sort_keys=True) + "\n"


def document(declared: Sequence[Endpoint]) -> dict[str, Any]:
    """Return the description of every declared endpoint that is an interface."""
    endpoints = _described(declared)
    models = [(m, mode) for e in endpoints for m, mode in ((e.body, "validation"), (e.answer, "serialization")) if m]
    unique = list(dict.fromkeys(models))
    references, definitions = models_json_schema(
        unique,  # type: ignore[arg-type]  # pydantic spells the mode as a Literal
        ref_template="#/components/schemas/{model}",
    )
    paths: dict[str, dict[str, Any]] = {}
    for endpoint in endpoints:
        path = re.sub(r"\{(\w+):[^}]*\}", r"{\1}", endpoint.path)
        paths.setdefault(path, {})[endpoint.method.lower()] = _operation(endpoint, path, references)
    schemas = definitions.get("$defs", {}) | {"Problem": PROBLEM}
    return {
        "openapi": "3.1.0",
        "info": {"title": "Lütong", "version": "1", "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"}},
        "paths": paths,
        "components": {
            "schemas": schemas,
            "securitySchemes": {"bearer": {"type": "http", "scheme": "bearer"}},
        },
        "security": [{"bearer": []}],
    }


def _described(declared: Sequence[Endpoint]) -> list[Endpoint]:
    return [e for e in declared if e.tag != "site"]


def _operation(endpoint: Endpoint, path: str, references: Any) -> dict[str, Any]:
    responses: dict[str, Any] = {
        "default": {
            "description": "a refusal, with its stable code",
            "content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}},
        }
    }
    status = "201" if endpoint.creates else "200"
    if endpoint.answer is not None:
        schema = references[(endpoint.answer, "serialization")]
        responses[status] = {"description": "the answer", "content": {"application/json": {"schema": schema}}}
    else:
        responses[status] = {"description": "the answer"}
    operation: dict[str, Any] = {
        "operationId": endpoint.handler.__module__.rsplit(".", 1)[-1] + "_" + endpoint.handler.__name__,
        "summary": endpoint.summary,
        "tags": [endpoint.tag],
        "parameters": _parameters(endpoint, path),
        "responses": responses,
    }
    if endpoint.body is not None:
        schema = references[(endpoint.body, "validation")]
        operation["requestBody"] = {"required": True, "content": {"application/json": {"schema": schema}}}
    if endpoint.public:
        operation["security"] = []
    return operation


def _parameters(endpoint: Endpoint, path: str) -> list[dict[str, Any]]:
    names = re.findall(r"\{(\w+)\}", path)
    found: list[dict[str, Any]] = [
        {"name": n, "in": "path", "required": True, "schema": {"type": "string"}} for n in names
    ]
    if endpoint.creates:
        found.append({"name": "Idempotency-Key", "in": "header", "required": True, "schema": {"type": "string"}})
    if endpoint.method == "PUT":
        found.append({"name": "If-Match", "in": "header", "required": True, "schema": {"type": "string"}})
    return found + (_query(endpoint.query) if endpoint.query else [])


def _query(model: type[BaseModel]) -> list[dict[str, Any]]:
    schema = model.model_json_schema()
    return [
        {"name": name, "in": "query", "required": name in schema.get("required", []), "schema": part}
        for name, part in schema.get("properties", {}).items()
    ]


def _escape(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;")
