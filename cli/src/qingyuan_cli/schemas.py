"""The schemas of several services in one document: two that differ never share a name.

What several services define alike (an accepted command, a stored file) keeps its plain name. All else is named after its
service, `signoff.OpeningBody`, so that the pages' generated types are those of the service that is asked.
"""

import json
import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from typing import Any

Json = dict[str, Any]
_NUMBERED = re.compile(r".*__([A-Za-z0-9]+)__[0-9]+")
"""What FastAPI calls a type of ours that it met more than once: each use is checked by a copy of its own."""

_REFERENCE = re.compile(r'"#/components/schemas/([^"]+)"')


class Collision(Exception):
    """Two different schemas would have the same name in the merged document."""


def named_by_service(documents: Mapping[str, Json]) -> dict[str, Json]:
    """The same documents; schemas and what refers to them bear the names of the merged document."""
    plain = {name: _without_copies(document) for name, document in documents.items()}
    shared = _shared({name: schemas_of(document) for name, document in plain.items()})
    return {name: _renamed(document, name, shared) for name, document in plain.items()}


def merged_schemas(documents: Mapping[str, Json]) -> Json:
    """All schemas of documents that are named by service. Raises `Collision`."""
    found: Json = {}
    for document in documents.values():
        for name, schema in schemas_of(document).items():
            if found.setdefault(name, schema) != schema:
                raise Collision(name)
    return found


def reachable(schemas: Json, start: Json) -> Json:
    """Of these schemas, those that `start` refers to, and those that they refer to."""
    reached: set[str] = set()
    ahead = _references(start)
    while ahead:
        reached |= ahead
        ahead = set().union(*(_references(schemas[name]) for name in ahead)) - reached
    return {name: schemas[name] for name in sorted(reached)}


def without_titles(part: Any) -> Any:
    """The same without the titles of schemas: pydantic makes them of the names beside which they stand."""
    match part:
        case dict():
            return {
                name: without_titles(below)
                for name, below in part.items()
                if not (name == "title" and isinstance(below, str))
            }
        case list():
            return [without_titles(below) for below in part]
    return part


def schemas_of(document: Json) -> Json:
    found: Json = document.get("components", {}).get("schemas", {})
    return found


def _shared(by_service: Mapping[str, Json]) -> set[str]:
    """Names that mean the same in every service that has them, two at least, down to all that they refer to."""
    often = Counter(name for schemas in by_service.values() for name in schemas)
    every = {name: [schemas[name] for schemas in by_service.values() if name in schemas] for name in often}
    alike = {
        name
        for name, defined in every.items()
        if len(defined) > 1 and all(schema == defined[0] for schema in defined)
    }
    while wrong := {name for name in alike if not _references(every[name][0]) <= alike}:
        alike -= wrong
    return alike


def _without_copies(document: Json) -> Json:
    """Numbered copies of one type become one, under the type's own name; those that differ are numbered anew."""
    schemas = schemas_of(document)
    first = _first_alike(schemas)
    names = _plain_names(dict.fromkeys(first.values()))
    rename = {name: names[first[name]] for name in schemas}
    kept: Json = {}
    for name, schema in schemas.items():
        told = _refer(schema, rename.__getitem__)
        kept[rename[name]] = told | kept.get(rename[name], {})  # one of them may have a description
    return _with_schemas(_refer(document, rename.__getitem__), kept)


def _first_alike(schemas: Json) -> dict[str, str]:
    """For each schema the first copy of the same type that means the same, also by what it refers to."""
    first = {name: name for name in schemas}
    while True:
        seen: dict[tuple[str, str], str] = {}
        found = {
            name: seen.setdefault((_plain(name), _meaning(_refer(schema, first.__getitem__))), name)
            for name, schema in schemas.items()
        }
        if found == first:
            return first
        first = found


def _plain_names(names: Iterable[str]) -> dict[str, str]:
    """Each by its type's own name; a second meaning of one type has a 2 behind it."""
    often: Counter[str] = Counter()
    found = {}
    for name in names:
        plain = _plain(name)
        often[plain] += 1
        found[name] = plain if often[plain] == 1 else f"{plain}{often[plain]}"
    return found


def _plain(name: str) -> str:
    numbered = _NUMBERED.fullmatch(name)
    return numbered[1] if numbered else name


def _meaning(schema: Json) -> str:
    return json.dumps({key: value for key, value in schema.items() if key != "description"}, sort_keys=True)


def _renamed(document: Json, service: str, shared: set[str]) -> Json:
    def rename(name: str) -> str:
        return name if name in shared else f"{service}.{name}"

    schemas = {rename(name): _refer(schema, rename) for name, schema in schemas_of(document).items()}
    return _with_schemas(_refer(document, rename), schemas)


def _with_schemas(document: Json, schemas: Json) -> Json:
    return document | {"components": {"schemas": schemas}}


def _refer(part: Json, rename: Callable[[str], str]) -> Json:
    """The same, and what it refers to by its new name."""
    text = _REFERENCE.sub(lambda found: f'"#/components/schemas/{rename(found[1])}"', json.dumps(part))
    made: Json = json.loads(text)
    return made


def _references(part: Json) -> set[str]:
    return set(_REFERENCE.findall(json.dumps(part)))
