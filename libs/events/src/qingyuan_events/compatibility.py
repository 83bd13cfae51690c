"""Whether two schemas of one event type can live together: each reads what the other writes (FULL).

A small, strict checker for the schemas pydantic makes of our facts. It knows what those contain and calls
anything else a break, so a new construct is looked at by a person.
"""

from typing import Any

Json = dict[str, Any]
KNOWN = {"$ref", "type", "properties", "required", "additionalProperties", "items", "prefixItems", "anyOf", "oneOf",
         "discriminator", "enum", "const", "format", "pattern", "minimum", "maximum", "default", "title",
         "description", "$defs", "$schema", "$id", "minItems", "maxItems", "minLength", "maxLength"}  # fmt: skip
STRUCTURE = {"properties", "required", "items", "anyOf", "oneOf", "$ref", "discriminator"}
SILENT = {"title", "description", "$schema", "$id", "$defs", "default"}


def breaks(old: Json, new: Json) -> list[str]:
    """Every reason why `old` and `new` cannot both be in use; empty when they can."""
    found: list[str] = []
    _compare("", _resolved(old, old), _resolved(new, new), (old, new), found)
    return found


def _resolved(schema: Json, root: Json) -> Json:
    reference = schema.get("$ref")
    if not isinstance(reference, str):
        return schema
    target: Json = root["$defs"][reference.rsplit("/", 1)[-1]]
    return target


def _compare(path: str, old: Json, new: Json, roots: tuple[Json, Json], found: list[str]) -> None:
    if unknown := (set(old) | set(new)) - KNOWN:
        found.append(f"{path or '/'}: unknown keyword {', '.join(sorted(unknown))}")
    if "properties" in old or "properties" in new:
        _compare_objects(path, old, new, roots, found)
    _compare_alternatives(path, old, new, roots, found)
    plain = (set(old) | set(new)) - SILENT - STRUCTURE
    found += [
        f"{path or '/'}: {keyword} was {old.get(keyword)!r}, is {new.get(keyword)!r}"
        for keyword in sorted(plain)
        if old.get(keyword) != new.get(keyword)
    ]
    if "items" in old and "items" in new:
        _go_on(f"{path}[]", old["items"], new["items"], roots, found)


def _compare_objects(path: str, old: Json, new: Json, roots: tuple[Json, Json], found: list[str]) -> None:
    """Unknown fields are refused, so even an optional field cannot come or go within a version."""
    before, after = old.get("properties", {}), new.get("properties", {})
    found += [f"{path}/{name}: removed" for name in before if name not in after]
    found += [f"{path}/{name}: added" for name in after if name not in before]
    changed = set(old.get("required", [])) ^ set(new.get("required", []))
    found += [f"{path}/{name}: required changed" for name in sorted(changed)]
    for name in before:
        if name in after:
            _go_on(f"{path}/{name}", before[name], after[name], roots, found)


def _compare_alternatives(
    path: str, old: Json, new: Json, roots: tuple[Json, Json], found: list[str]
) -> None:
    for keyword in ("anyOf", "oneOf"):
        before, after = old.get(keyword, []), new.get(keyword, [])
        if len(before) != len(after):
            found.append(f"{path or '/'}: {keyword} has other alternatives")
            continue
        for number, (one, other) in enumerate(zip(before, after, strict=True)):
            _go_on(f"{path}<{number}>", one, other, roots, found)


def _go_on(path: str, old: Json, new: Json, roots: tuple[Json, Json], found: list[str]) -> None:
    _compare(path, _resolved(old, roots[0]), _resolved(new, roots[1]), roots, found)
