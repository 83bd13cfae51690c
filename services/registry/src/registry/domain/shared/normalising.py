"""Corrects spellings that would otherwise have to be refused. A note tells the person about each correction."""

from typing import Any, TypeVar

from pydantic import BaseModel
from qingyuan_runtime.domain.decider import Problem
from qingyuan_runtime.domain.text import with_chinese_brackets

from registry.domain.shared.checks import COMPANY_FIELDS
from registry.domain.shared.codes import unit_symbol

M = TypeVar("M", bound=BaseModel)


def normalise(particulars: M) -> tuple[M, tuple[Problem, ...]]:
    """The normalised particulars, and a note for each field in which more than outer blanks was changed."""
    changed: dict[str, Any] = {}
    notes: list[Problem] = []
    for field, value in particulars:
        if isinstance(value, str):
            normalised, note = _normalised(type(particulars).__name__, field, value.strip())
            changed[field] = normalised or (None if _may_be_absent(particulars, field) else normalised)
            notes += [note] if note else []
    return particulars.model_copy(update=changed), tuple(notes)


def _normalised(noun: str, field: str, value: str) -> tuple[str, Problem | None]:
    if field in COMPANY_FIELDS or (field == "name" and noun == "EnterpriseParticulars"):
        normalised = with_chinese_brackets(value)
        if normalised != value:
            return normalised, Problem(field, "chinese-brackets", "单位名称中的括号已改为中文括号（）。")
    if field in ("uscc", "mn", "permit_number", "code") and value.upper() != value:
        return value.upper(), Problem(field, "upper-case", "字母已改为大写。")
    if field == "unit" and unit_symbol(value) != value:
        return unit_symbol(value), Problem(field, "unit-symbol", f"计量单位已统一写为 {unit_symbol(value)}。")
    return value, None


def _may_be_absent(particulars: BaseModel, field: str) -> bool:
    return not type(particulars).model_fields[field].is_required()
