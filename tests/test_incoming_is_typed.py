"""Every string, number, day and moment that a request can bring in is of the types that refuse what cannot be kept.

The rule: in what a route takes (body, query, path, header, form) no bare `str`, `int`, `float`, `Decimal`, `date` or
`datetime` stands outside a type of `qingyuan_runtime.domain.text` or `qingyuan_runtime.domain.bounds`, unless a pattern, a list of
choices or bounds on both sides say all that it can be.
"""

from collections.abc import Iterator
from typing import Any

import pytest
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute
from pydantic import BaseModel, TypeAdapter
from qingyuan_cli.services import all_services
from qingyuan_runtime.domain.text import CHECKED, Line


def routes_of(router: Any) -> Iterator[APIRoute]:
    for route in router.routes:
        if isinstance(route, APIRoute):
            yield route
        elif hasattr(route, "original_router"):
            yield from routes_of(route.original_router)


ROUTES = [
    (service, route)
    for service, made in all_services().items()
    for route in routes_of(made.documented())
    if route.include_in_schema
]
NAMES = [f"{service} {min(route.methods or ())} {route.path}" for service, route in ROUTES]
BOUNDED = {"int": ({"ge", "gt"}, {"le", "lt"}), "str": ({"pattern"},)}
READ_BY_THE_LIBRARY = {
    "path uuid",
    *(f"header upload-{what}" for what in ("metadata", "length", "offset", "defer-length", "concat")),
    *(f"header {what}" for what in ("content-length", "content-type", "tus-resumable")),
}
"""Of tus. What we take from them is checked in `files.tus`: `services/files/tests/test_uploads.py`."""
BARE = {"str", "int", "float", "decimal", "date", "datetime", "time", "timedelta", "bytes", "any"}


def bare(schema: Any, path: str, parts: dict[str, Any] | None = None) -> Iterator[str]:
    """The places in a core schema where anything at all may stand. `parts` are what it refers to by name."""
    parts = {} if parts is None else parts
    if isinstance(schema, list | tuple):
        for number, below in enumerate(schema):
            yield from bare(below, f"{path}.{number}", parts)
    elif isinstance(schema, dict) and schema.get("type") == "definitions":
        parts = {part["ref"]: part for part in schema["definitions"]}
        yield from bare(schema["schema"], path, parts)
    elif isinstance(schema, dict) and schema.get("type") == "definition-ref":
        yield from bare(parts.pop(schema["schema_ref"], None), path, parts)
    elif isinstance(schema, dict):
        if CHECKED.items() <= (schema.get("metadata") or {}).items():
            return
        kind = schema.get("type")
        if kind in BARE and not _is_bounded(schema):
            yield f"{path}: {kind}"
        for name, below in schema.items():
            if isinstance(below, dict | list | tuple) and name not in ("metadata", "serialization", "ref"):
                yield from bare(below, f"{path}.{name}" if name not in ("schema", "fields") else path, parts)


def _is_bounded(schema: dict[str, Any]) -> bool:
    asked = BOUNDED.get(schema["type"])
    return asked is not None and all(said & schema.keys() for said in asked)


def parameters(dependant: Dependant) -> Iterator[tuple[str, Any]]:
    for place in ("path_params", "query_params", "header_params", "cookie_params", "body_params"):
        for field in getattr(dependant, place):
            yield f"{place[:-7]} {field.alias}", field._type_adapter.core_schema
    for below in dependant.dependencies:
        yield from parameters(below)


def test_routes_are_found() -> None:
    assert len(ROUTES) > 60


@pytest.mark.parametrize(("service", "route"), ROUTES, ids=NAMES)
def test_nothing_comes_in_as_it_is(service: str, route: APIRoute) -> None:
    found = [
        place
        for name, schema in parameters(route.dependant)
        if name not in READ_BY_THE_LIBRARY
        for place in bare(schema, name)
    ]
    assert not found


class Loose(BaseModel):
    name: str
    pages: list[str]
    line: Line


def test_the_walk_finds_a_bare_string() -> None:
    found = list(bare(TypeAdapter(Loose).core_schema, "body"))
    assert [place.rpartition(": ")[2] for place in found] == ["str", "str"]
