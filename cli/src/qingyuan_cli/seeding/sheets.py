"""Fills in a record sheet with valid, normal values: what is required, and what shows that its work was done."""

from datetime import datetime
from typing import Any

from qingyuan_standards.work_rules import WORK_RULES

Json = dict[str, Any]


def filled(form: Json, at: datetime) -> Json:
    """Values that the form accepts; `at` is a local time."""
    schema = form["schema"]
    values: Json = _object(schema, schema.get("$defs", {}), at)
    for rule in WORK_RULES.needed:
        if (rule.form, rule.content) == (form["form"], form["content"]):
            _record_work(values, rule.any_of[0], form, at)
    return values


def _record_work(values: Json, field: str, form: Json, at: datetime) -> None:
    schema = form["schema"]
    defs, (table, _, column) = schema.get("$defs", {}), field.partition(".")
    item = schema["properties"][table]["items"]
    (row, *_) = values.setdefault(table, [_object(item, defs, at)])
    row.setdefault(column, _value(item["properties"][column], defs, at))


def _object(schema: Json, defs: Json, at: datetime) -> Json:
    required = schema.get("required", ())
    return {name: _value(schema["properties"][name], defs, at) for name in required}


def _value(schema: Json, defs: Json, at: datetime) -> Any:
    if "$ref" in schema:
        schema = defs[schema["$ref"].rsplit("/", 1)[-1]] | {k: v for k, v in schema.items() if k != "$ref"}
    if "enum" in schema:
        return schema["enum"][0]
    match schema.get("type"):
        case "array":
            return [_value(schema["items"], defs, at) for _ in range(max(1, schema.get("minItems", 1)))]
        case "object":
            return _object(schema, defs, at)
        case "boolean":
            return True
        case "integer":
            return 1
        case _:
            return _text(schema, at)


def _text(schema: Json, at: datetime) -> str:
    match schema.get("format"):
        case "decimal":
            return "100"
        case "date":
            return at.date().isoformat()
        case "local-time":
            return at.strftime("%Y-%m-%dT%H:%M")
        case _:
            return "正常"
