"""Merges the schemas of several services into one document in which no two different schemas have the same name.

Schemas that several services define identically (an accepted command, a stored file) keep their plain names. All others
are prefixed with their service, such as `signoff.OpeningBody`, so that types generated from the document are the right
ones for each service.
"""

import json
import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from typing import Any

Json = dict[str, Any]
_NUMBERED = re.compile(r".*__([A-Za-z0-9]+)__[0-9]+")
"""FastAPI's names for copies of one of our types: each use of a type is validated by its own copy."""

_REFERENCE = re.compile(r'"#/components/schemas/([^"]+)"')


class Collision(Exception):
    """Two different schemas would have the same name in the merged document."""


def named_by_service(documents: Mapping[str, Json]) -> dict[str, Json]:
    """The same documents with schemas and references renamed as in the merged document."""
    plain = {name: _without_copies(document) for name, document in documents.items()}
    shared = _shared({name: schemas_of(document) for name, document in plain.items()})
    return {name: _renamed(document, name, shared) for name, document in plain.items()}


def merged_schemas(documents: Mapping[str, Json]) -> Json:
    """All schemas of the documents that `named_by_service` returns. Raises `Collision`."""
    merged: Json = {}
    for document in documents.values():
        for name, schema in schemas_of(document).items():
            if merged.setdefault(name, schema) != schema:
                raise Collision(name)
    return merged


def reachable(schemas: Json, start: Json) -> Json:
    """The schemas that `start` refers to, directly or through other schemas."""
    reached: set[str] = set()
    unvisited = _references(start)
    while unvisited:
        reached |= unvisited
        unvisited = set().union(*(_references(schemas[name]) for name in unvisited)) - reached
    return {name: schemas[name] for name in sorted(reached)}


def without_titles(part: Any) -> Any:
    """The same without the titles of schemas, which pydantic derives from the names of fields."""
    match part:
        case dict():
            return {
                name: without_titles(child)
                for name, child in part.items()
                if not (name == "title" and isinstance(child, str))
            }
        case list():
            return [without_titles(child) for child in part]
    return part


def schemas_of(document: Json) -> Json:
    schemas: Json = document.get("components", {}).get("schemas", {})
    return schemas


def _shared(by_service: Mapping[str, Json]) -> set[str]:
    """The names that at least two services have, with the same schema in all of them, including the schemas it refers to."""
    names = {name for schemas in by_service.values() for name in schemas}
    definitions = {
        name: [schemas[name] for schemas in by_service.values() if name in schemas] for name in names
    }
    identical = {
        name
        for name, defined in definitions.items()
        if len(defined) > 1 and all(schema == defined[0] for schema in defined)
    }
    while different := {name for name in identical if not _references(definitions[name][0]) <= identical}:
        identical -= different
    return identical


def _without_copies(document: Json) -> Json:
    """Replace identical copies of a type by one schema with the type's own name. Different ones are numbered again."""
    schemas = schemas_of(document)
    first = _first_alike(schemas)
    names = _plain_names(dict.fromkeys(first.values()))
    rename = {name: names[first[name]] for name in schemas}
    merged: Json = {}
    for name, schema in schemas.items():
        renamed = _refer(schema, rename.__getitem__)
        merged[rename[name]] = renamed | merged.get(
            rename[name], {}
        )  # only one of them may have a description
    return _with_schemas(_refer(document, rename.__getitem__), merged)


def _first_alike(schemas: Json) -> dict[str, str]:
    """For each schema the first identical copy of the same type; two references are equal if their targets are.

    Repeated until nothing changes, since merging two schemas may make those that refer to them identical.
    """
    first = {name: name for name in schemas}
    while True:
        seen: dict[tuple[str, str], str] = {}
        merged = {
            name: seen.setdefault((_plain(name), _comparable(_refer(schema, first.__getitem__))), name)
            for name, schema in schemas.items()
        }
        if merged == first:
            return first
        first = merged


def _plain_names(names: Iterable[str]) -> dict[str, str]:
    """The plain name for each; a second, different schema of the same type gets the suffix 2."""
    used: Counter[str] = Counter()
    plain_names = {}
    for name in names:
        plain = _plain(name)
        used[plain] += 1
        plain_names[name] = plain if used[plain] == 1 else f"{plain}{used[plain]}"
    return plain_names


def _plain(name: str) -> str:
    numbered = _NUMBERED.fullmatch(name)
    return numbered[1] if numbered else name


def _comparable(schema: Json) -> str:
    return json.dumps({key: value for key, value in schema.items() if key != "description"}, sort_keys=True)


def _renamed(document: Json, service: str, shared: set[str]) -> Json:
    def rename(name: str) -> str:
        return name if name in shared else f"{service}.{name}"

    schemas = {rename(name): _refer(schema, rename) for name, schema in schemas_of(document).items()}
    return _with_schemas(_refer(document, rename), schemas)


def _with_schemas(document: Json, schemas: Json) -> Json:
    return document | {"components": {"schemas": schemas}}


def _refer(part: Json, rename: Callable[[str], str]) -> Json:
    """The same JSON with its references renamed."""
    text = _REFERENCE.sub(lambda match: f'"#/components/schemas/{rename(match[1])}"', json.dumps(part))
    renamed: Json = json.loads(text)
    return renamed


def _references(part: Json) -> set[str]:
    return set(_REFERENCE.findall(json.dumps(part)))
