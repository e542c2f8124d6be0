"""The description of our REST interface, made from the declared endpoints (OpenAPI 3.1)."""

import json
import re
from collections.abc import Sequence
from typing import Any

from aiohttp import web
from pydantic import BaseModel
from pydantic.json_schema import GenerateJsonSchema, models_json_schema
from typing_extensions import override

from server.api.endpoint import Call, Endpoint, Routes

routes = Routes("description")
DESCRIBED = web.AppKey("described", Sequence)

PREFIX = "#/components/schemas/"
FIELD_ERROR: dict[str, Any] = {
    "type": "object",
    "description": "What is wrong with a field of the body; `pointer` is a JSON pointer to it.",
    "required": ["pointer", "code"],
    "properties": {"pointer": {"type": "string"}, "code": {"type": "string"}, "detail": {"type": "string"}},
}
PROBLEM: dict[str, Any] = {
    "description": "A refusal (RFC 9457) with its stable code; what else it says depends on the code.",
    "type": "object",
    "required": ["type", "title", "status", "detail", "code"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "code": {"type": "string"},
        "errors": {"type": "array", "items": {"$ref": f"{PREFIX}FieldError"}},
    },
}
PAGE = """<!doctype html><html lang=zh-CN><meta charset=utf-8><meta name=viewport content="width=device-width">
<title>绿通接口</title><h1>绿通 Lütong · REST</h1><p><a href=/api/openapi.json>openapi.json</a></p>{rows}</html>"""


class Untitled(GenerateJsonSchema):
    """Pydantic's description without a title for each field, which only repeats the field's name."""

    @override
    def field_title_should_be_set(self, schema: Any) -> bool:
        """Give no field a title."""
        del schema
        return False


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
    references, schemas = _schemas(endpoints)
    paths: dict[str, dict[str, Any]] = {}
    for endpoint in endpoints:
        path = re.sub(r"\{(\w+):[^}]*\}", r"{\1}", endpoint.path)
        paths.setdefault(path, {})[endpoint.method.lower()] = _operation(endpoint, path, references)
    return {
        "openapi": "3.1.0",
        "info": {"title": "Lütong", "version": "1", "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"}},
        "paths": paths,
        "components": {
            "schemas": schemas | {"Problem": PROBLEM, "FieldError": FIELD_ERROR},
            "securitySchemes": {"bearer": {"type": "http", "scheme": "bearer"}},
        },
        "security": [{"bearer": []}],
    }


def _described(declared: Sequence[Endpoint]) -> list[Endpoint]:
    return [e for e in declared if e.tag != "site"]


def _schemas(endpoints: Sequence[Endpoint]) -> tuple[Any, dict[str, Any]]:
    """Return references to the models of bodies and answers, and what they refer to, by name.

    Raises
    ------
    RuntimeError
        When two models bear one name: pydantic would spell out their modules, and the types of web/ with them.
    """
    models = [(m, mode) for e in endpoints for m, mode in ((e.body, "validation"), (e.answer, "serialization")) if m]
    references, definitions = models_json_schema(
        list(dict.fromkeys(models)),  # type: ignore[arg-type]  # pydantic spells the mode as a Literal
        ref_template=f"{PREFIX}{{model}}",
        schema_generator=Untitled,
    )
    schemas: dict[str, Any] = definitions.get("$defs", {})
    if twice := [name for name in schemas if "__" in name]:
        msg = f"two models bear one name, rename one of them: {', '.join(sorted(twice))}"
        raise RuntimeError(msg)
    for schema in schemas.values():
        schema.pop("title", None)
    return references, schemas


def _operation(endpoint: Endpoint, path: str, references: Any) -> dict[str, Any]:
    operation: dict[str, Any] = {
        "operationId": endpoint.handler.__module__.rsplit(".", 1)[-1] + "_" + endpoint.handler.__name__,
        "summary": endpoint.summary,
        "tags": [endpoint.tag],
        "parameters": _parameters(endpoint, path),
        "responses": _responses(endpoint, references),
    }
    if endpoint.body is not None:
        schema = references[(endpoint.body, "validation")]
        operation["requestBody"] = {"required": True, "content": {"application/json": {"schema": schema}}}
    if endpoint.public:
        operation["security"] = []
    return operation


def _responses(endpoint: Endpoint, references: Any) -> dict[str, Any]:
    answer: dict[str, Any] = {"description": "the answer"}
    if endpoint.answer is not None:
        answer["content"] = {endpoint.media: {"schema": references[(endpoint.answer, "serialization")]}}
    elif endpoint.media != "application/json":
        answer["content"] = {endpoint.media: {}}
    refusal = {"schema": {"$ref": f"{PREFIX}Problem"}}
    return {
        "201" if endpoint.creates else str(endpoint.status): answer,
        "default": {
            "description": "a refusal, with its stable code",
            "content": {"application/problem+json": refusal},
        },
    }


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
    schema = model.model_json_schema(schema_generator=Untitled)
    return [
        {"name": name, "in": "query", "required": name in schema.get("required", []), "schema": part}
        for name, part in schema.get("properties", {}).items()
    ]


def _escape(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;")
