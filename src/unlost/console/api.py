"""`/api/v1/…`: a thin shell over the table of verbs, with an OpenAPI document made from the same table."""

from collections.abc import Awaitable, Callable
from functools import cache
from typing import Any

import msgspec
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

import unlost
from unlost.console import answers
from unlost.console.operator import Operator
from unlost.console.verbs import VERBS, BadRequest, Verb
from unlost.errors import NotCommitted

BODY_MAX_BYTES = 1024 * 1024


def api_routes(operator: Operator) -> list[Route]:
    """The API's part of the ASGI app. Who may call is decided before it is reached."""

    async def openapi_json(_: Request) -> Response:
        return Response(_document(), media_type="application/json")

    routes = [Route(verb.path, _endpoint(operator, verb), methods=[verb.method]) for verb in VERBS]
    return [*routes, Route("/api/v1/openapi.json", openapi_json)]


def _endpoint(operator: Operator, verb: Verb) -> Callable[[Request], Awaitable[Response]]:
    async def endpoint(request: Request) -> Response:
        try:
            asked = await _body(request, verb.asked) if verb.asked else None
            return _json(200, await verb.does(operator, request, asked))
        except BadRequest as error:
            return _json(400, answers.Refusal(str(error)))
        except NotCommitted:
            return _json(503, answers.Refusal("the journal cannot be written just now; try again"))

    return endpoint


async def _body(request: Request, shape: type[msgspec.Struct]) -> msgspec.Struct:
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > BODY_MAX_BYTES:
            raise BadRequest("the body is too large")
    try:
        return msgspec.json.decode(bytes(body) or b"{}", type=shape)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise BadRequest(str(error)) from None


def _json(status: int, value: msgspec.Struct) -> Response:
    return Response(msgspec.json.encode(value), status, media_type="application/json")


@cache
def _document() -> bytes:
    """The same for every bridge of a process."""
    return msgspec.json.encode(openapi())


def openapi() -> dict[str, Any]:
    """The OpenAPI 3.1 document of VERBS."""
    shapes: list[Any] = [verb.answer for verb in VERBS]
    shapes += [verb.asked for verb in VERBS if verb.asked]
    _, components = msgspec.json.schema_components(
        [*shapes, answers.Refusal], ref_template="#/components/schemas/{name}"
    )
    paths: dict[str, Any] = {}
    for verb in VERBS:
        paths.setdefault(verb.path, {})[verb.method.lower()] = _operation(verb, verb.path)
    return {
        "openapi": "3.1.0",
        "info": {"title": "unlost operator API", "version": unlost.__version__},
        "paths": paths,
        "components": {
            "schemas": components,
            "securitySchemes": {"password": {"type": "http", "scheme": "bearer"}},
        },
        "security": [{"password": []}],
    }


def _operation(verb: Verb, path: str) -> dict[str, Any]:
    def content(shape: type[msgspec.Struct]) -> dict[str, Any]:
        return {"application/json": {"schema": {"$ref": f"#/components/schemas/{shape.__name__}"}}}

    parameters = [{"name": name, "in": "query", "schema": {"type": "string"}} for name in verb.query]
    for name in ("id", "channel"):
        if f"{{{name}}}" in path:
            kind = "integer" if name == "id" else "string"
            parameters.append({"name": name, "in": "path", "required": True, "schema": {"type": kind}})  # type: ignore[dict-item]  # a JSON document
    operation: dict[str, Any] = {
        "summary": verb.summary,
        "parameters": parameters,
        "responses": {
            "200": {"description": "Done", "content": content(verb.answer)},
            "400": {"description": "Cannot be meant", "content": content(answers.Refusal)},
            "503": {"description": "The journal cannot be written", "content": content(answers.Refusal)},
        },
    }
    if verb.asked:
        operation["requestBody"] = {"content": content(verb.asked)}
    return operation
