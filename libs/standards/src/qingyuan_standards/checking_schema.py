"""Validates values against a form's schema: every field that is refused, with a rule and a sentence.

`jsonschema` here and `@cfworker/json-schema` on the page report errors differently, so of both only the failed keyword
and its path are used. The rest is our own code, and the same as in `web/src/sheets/problems.ts`.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from qingyuan_standards.forms_definition import Form, Json, property_at

Path = tuple[str | int, ...]


@dataclass(frozen=True)
class Problem:
    """A value that is not accepted. `field` is a dotted path (`readings.0.zero_before`), empty for the whole."""

    field: str
    rule: str
    sentence: str


RULES: Mapping[str, str] = {
    "type": "type",
    "required": "required",
    "additionalProperties": "unknown",
    "enum": "choice",
    "maxLength": "too-long",
    "minItems": "too-few",
    "maxItems": "too-many",
}
"""The rule of each keyword. If several fail for a field, the first in this order is reported; formats come last."""

FORMAT_RULES: Mapping[str, str] = {"decimal": "number", "date": "date", "local-time": "time"}


def problems_of(form: Form, values: Any) -> tuple[Problem, ...]:
    """One problem for each field, sorted by field in UTF-16 order, as the page sorts."""
    problems: dict[str, tuple[int, Problem]] = {}
    for error in form.validator.iter_errors(values):
        path = tuple(error.absolute_path)
        for at, keyword in _fields_of(form, values, path, str(error.validator)):
            rank, problem = _problem(form, at, keyword)
            if problem.field not in problems or rank < problems[problem.field][0]:
                problems[problem.field] = (rank, problem)
    in_order = sorted(problems, key=lambda name: name.encode("utf-16-be", "surrogatepass"))
    return tuple(problems[name][1] for name in in_order)


def _fields_of(form: Form, values: Any, path: Path, keyword: str) -> Iterable[tuple[Path, str]]:
    """The fields to report: validators report a missing or unknown field for the object that contains it."""
    if keyword not in {"required", "additionalProperties"}:
        return [(path, keyword)]
    schema = property_at(form.document["schema"], path) or {}
    owner = values
    for step in path:
        owner = owner[step]
    if keyword == "required":
        return [((*path, name), keyword) for name in schema["required"] if name not in owner]
    return [((*path, name), keyword) for name in owner if name not in schema["properties"]]


def _problem(form: Form, path: Path, keyword: str) -> tuple[int, Problem]:
    schema = property_at(form.document["schema"], path) or {}
    rule = RULES.get(keyword) or FORMAT_RULES[schema["format"]]
    rank = list(RULES).index(keyword) if keyword in RULES else len(RULES)
    return rank, Problem(".".join(map(str, path)), rule, label_of(path, schema) + _sentence(rule, schema))


def label_of(path: Path, schema: Json) -> str:
    """How a sentence names a field: by its row and its title."""
    rows = [f"第 {step + 1} 行" for step in path if isinstance(step, int)]
    return "".join(rows) + (f"“{schema['title']}”" if "title" in schema else "" if rows else "本表")


def _sentence(rule: str, schema: Json) -> str:
    match rule:
        case "required":
            return "为必填项，不能为空。"
        case "unknown":
            return "没有这一栏，请删除。"
        case "choice":
            return f"只能从以下选项中选择：{'、'.join(schema['enum'])}。"
        case "too-long":
            return f"内容过长，最多 {schema['maxLength']} 个字。"
        case "too-few":
            return f"至少填写 {schema['minItems']} 行。"
        case "too-many":
            return f"最多填写 {schema['maxItems']} 行。"
        case "number":
            kind = "数字" if schema["pattern"].startswith("^-?") else "不小于 0 的数字"
            return f"应为{kind}，用半角书写，最多 9 位整数和 6 位小数，例如 12.5。"
        case "date":
            return "应为真实存在的日期，格式为 YYYY-MM-DD。"
        case "time":
            return "应为真实存在的时间，格式为 YYYY-MM-DDTHH:MM。"
        case _:
            return f"的格式不对，应为{TYPES[schema['type']]}。"


TYPES: Mapping[str, str] = {"string": "文字", "array": "若干行", "object": "一组填写内容"}
