"""`python -m qingyuan_cli.openapi [--check]`: generates one OpenAPI document of all routes of the gateway.

It is composed of the services' own documents by the gateway's table of routes, so it shows only what can be reached.
"""

import json
import re
import sys
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any

import gateway
from gateway.route import Route
from gateway.routes import ROUTES

from qingyuan_cli.schemas import merged_schemas, named_by_service, reachable, without_titles
from qingyuan_cli.services import all_services

Json = dict[str, Any]
TARGET = Path(str(resources.files(gateway))) / "openapi.json"


@cache
def documents() -> dict[str, Json]:
    """The document of each service by its name. Not to be changed, since it is made once."""
    own = {name: service.documented().openapi() for name, service in all_services().items()}
    return {name: without_titles(document) for name, document in named_by_service(own).items()}


@cache
def merged() -> Json:
    """One document of all routes of the gateway. Not to be changed, since it is made once."""
    by_service = documents()
    paths: Json = {}
    for route in ROUTES:
        paths.setdefault(route.path, {})[route.method.lower()] = _operation(by_service[route.service], route)
    schemas = merged_schemas(by_service) | {"Problem": _PROBLEM}
    return {
        "openapi": "3.1.0",
        "info": {"title": "清源 Qingyuan", "version": "0.1.0", "description": _ABOUT},
        "paths": paths,
        "components": {
            "schemas": reachable(schemas, paths),
            "securitySchemes": {"session": {"type": "apiKey", "in": "cookie", "name": "__Host-qingyuan"}},
        },
    }


def _operation(document: Json, route: Route) -> Json:
    path, methods = _paths(document)[_bare(route.upstream)]
    operation: Json = dict(methods[route.method.lower()])
    if "parameters" in operation:
        operation["parameters"] = renamed(operation["parameters"], path, route.path)
    operation["security"] = [] if route.who is None else [{"session": []}]
    operation["x-who-may"] = sorted(route.who) if route.who else ["everybody"]
    operation["responses"] = refusals(operation["responses"])
    return operation


def refusals(responses: Json) -> Json:
    """The responses of an operation, with `Problem` as the default. FastAPI's own 422 is left out, since it never occurs."""
    problem = {"content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}}
    others = {status: response for status, response in responses.items() if status != "422"}
    return others | {"default": {"description": "拒绝", **problem}}


def renamed(parameters: list[Json], upstream: str, path: str) -> list[Json]:
    """The same; those of the path by the names that the gateway's path has for them, in the same order."""
    names = dict(zip(_NAME.findall(upstream), _NAME.findall(path), strict=True))
    return [
        parameter | {"name": names[parameter["name"]]} if parameter["in"] == "path" else parameter
        for parameter in parameters
    ]


def _paths(document: Json) -> dict[str, tuple[str, Json]]:
    """Paths and what they offer, by the path without the names of its parameters."""
    return {_bare(path): (path, item) for path, item in document["paths"].items()}


def _bare(path: str) -> str:
    return _NAME.sub("{}", path)


_NAME = re.compile(r"{([a-z0-9_]+)}")


_ABOUT = (
    "命令用 POST，须带 Idempotency-Key，修改须带 If-Match；回答 202 {stream, version}。"
    "查询可带 If-Version-At-Least: <stream>@<version>。拒绝一律为 application/problem+json。"
)
_PROBLEM: Json = {
    "type": "object",
    "required": ["type", "title", "status", "code"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string", "description": "中文说明"},
        "status": {"type": "integer"},
        "code": {"type": "string", "description": "稳定的机器可读代码"},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {
                    "field": {"type": "string"},
                    "rule": {"type": "string"},
                    "sentence": {"type": "string"},
                },
            },
        },
        "trace_id": {"type": "string"},
    },
}


def text() -> str:
    return json.dumps(merged(), ensure_ascii=False, indent=1, sort_keys=True) + "\n"


def main(arguments: list[str]) -> int:
    if "--check" in arguments:
        return 0 if TARGET.exists() and TARGET.read_text() == text() else 1
    TARGET.write_text(text())
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
