"""Checks whether two schemas of one event type are fully compatible: each reads what the other writes (FULL).

A small, strict checker for the schemas that pydantic generates from our facts. It reports every keyword it does not know
as incompatible, so that a developer looks at it.
"""

from typing import Any

Json = dict[str, Any]
KNOWN = {"$ref", "type", "properties", "required", "additionalProperties", "items", "prefixItems", "anyOf", "oneOf",
         "discriminator", "enum", "const", "format", "pattern", "minimum", "maximum", "default", "title",
         "description", "$defs", "$schema", "$id", "minItems", "maxItems", "minLength", "maxLength"}  # fmt: skip
STRUCTURE = {"properties", "required", "items", "anyOf", "oneOf", "$ref", "discriminator"}
IGNORED = {"title", "description", "$schema", "$id", "$defs", "default"}


def breaks(old: Json, new: Json) -> list[str]:
    """Every reason why `old` and `new` cannot both be in use; empty when they can."""
    reasons: list[str] = []
    _compare("", _resolved(old, old), _resolved(new, new), (old, new), reasons)
    return reasons


def _resolved(schema: Json, root: Json) -> Json:
    reference = schema.get("$ref")
    if not isinstance(reference, str):
        return schema
    target: Json = root["$defs"][reference.rsplit("/", 1)[-1]]
    return target


def _compare(path: str, old: Json, new: Json, roots: tuple[Json, Json], reasons: list[str]) -> None:
    if unknown := (set(old) | set(new)) - KNOWN:
        reasons.append(f"{path or '/'}: unknown keyword {', '.join(sorted(unknown))}")
    if "properties" in old or "properties" in new:
        _compare_objects(path, old, new, roots, reasons)
    _compare_alternatives(path, old, new, roots, reasons)
    plain = (set(old) | set(new)) - IGNORED - STRUCTURE
    reasons += [
        f"{path or '/'}: {keyword} was {old.get(keyword)!r}, is {new.get(keyword)!r}"
        for keyword in sorted(plain)
        if old.get(keyword) != new.get(keyword)
    ]
    if "items" in old and "items" in new:
        _compare_resolved(f"{path}[]", old["items"], new["items"], roots, reasons)


def _compare_objects(path: str, old: Json, new: Json, roots: tuple[Json, Json], reasons: list[str]) -> None:
    """Readers refuse unknown fields, so not even an optional field can be added or removed within a version."""
    before, after = old.get("properties", {}), new.get("properties", {})
    reasons += [f"{path}/{name}: removed" for name in before if name not in after]
    reasons += [f"{path}/{name}: added" for name in after if name not in before]
    changed = set(old.get("required", [])) ^ set(new.get("required", []))
    reasons += [f"{path}/{name}: required changed" for name in sorted(changed)]
    for name in before:
        if name in after:
            _compare_resolved(f"{path}/{name}", before[name], after[name], roots, reasons)


def _compare_alternatives(
    path: str, old: Json, new: Json, roots: tuple[Json, Json], reasons: list[str]
) -> None:
    for keyword in ("anyOf", "oneOf"):
        before, after = old.get(keyword, []), new.get(keyword, [])
        if len(before) != len(after):
            reasons.append(f"{path or '/'}: {keyword} has other alternatives")
            continue
        for number, (old_alternative, new_alternative) in enumerate(zip(before, after, strict=True)):
            _compare_resolved(f"{path}<{number}>", old_alternative, new_alternative, roots, reasons)


def _compare_resolved(path: str, old: Json, new: Json, roots: tuple[Json, Json], reasons: list[str]) -> None:
    _compare(path, _resolved(old, roots[0]), _resolved(new, roots[1]), roots, reasons)
