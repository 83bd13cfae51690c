"""What must hold for a record sheet, and what the server makes of it: figures and findings by the form's definition."""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Final
from uuid import UUID

from pydantic import JsonValue
from qingyuan_events.tasks import Finding, SheetRevision
from qingyuan_runtime.domain import text
from qingyuan_runtime.domain.decider import Invalid, Problem
from qingyuan_standards.contents import CONTENTS
from qingyuan_standards.forms import Form, check

from tasks.domain.register import MonitoringPointCopy
from tasks.domain.visits.commands import RecordSheet
from tasks.domain.visits.state import VisitState

BYTES_MAX: Final = 65_536
INTEGER_MAX: Final = 2**53 - 1
"""Beyond this a browser cannot tell two integers apart, and the canonical form would not be canonical."""


class Unfit(Invalid):
    """A sheet that cannot be accepted, under a code of its own; every wrong field is named (HTTP 422)."""

    def __init__(self, code: str, problems: Iterable[Problem]) -> None:
        super().__init__(problems)
        self.code = code


def is_correction(sheet: SheetRevision, state: VisitState) -> bool:
    """Whether it takes the point of something in a complete visit. A late one that was overtaken does not."""
    overtaken = any(sheet.revision_id in other.supersedes for other in state.revisions.values())
    return state.completed and bool(sheet.supersedes) and not overtaken


def checked(command: RecordSheet, state: VisitState) -> SheetRevision:
    """The sheet with what was computed and found. Raises `Unfit`."""
    sheet, form = command.sheet, command.form
    if form is None:
        raise Unfit(
            "form.unknown", [Problem("sheet.form", "known", "没有这个表单或版本，请更新后重新填写。")]
        )
    _refuse(_fit(sheet, form, command.opening.point))
    _refuse(_lineage(sheet, state.revisions))
    _refuse(_plain("sheet.values", sheet.values))
    if is_correction(sheet, state) and not (sheet.reason or "").strip():
        raise Unfit(
            "reason.required", [Problem("sheet.reason", "required", "运维完成后更正记录，请填写原因。")]
        )
    return _with_figures(sheet, form)


def _with_figures(sheet: SheetRevision, form: Form) -> SheetRevision:
    found = check(form, sheet.values)
    _refuse(
        Problem(f"sheet.values.{one.field}".rstrip("."), one.rule, one.sentence) for one in found.problems
    )
    findings = tuple(
        Finding(field=one.field, rule=one.rule, level=one.level, sentence=one.sentence)
        for one in found.findings
    )
    return sheet.model_copy(update={"computed": dict(found.computed), "findings": findings})


def _refuse(problems: Iterable[Problem]) -> None:
    if found := tuple(problems):
        raise Unfit("sheet.invalid", found)


def _fit(sheet: SheetRevision, form: Form, point: MonitoringPointCopy) -> Iterator[Problem]:
    """The form serves the work, and both suit the point and its instruments."""
    content = CONTENTS.get(sheet.content)
    if content is None:
        yield Problem("sheet.content", "choice", "运维内容不在标准目录之内。")
    elif form.name not in content.forms:
        yield Problem("sheet.content", "form", f"《{form.title}》不能用来记录{content.name}。")
    elif point.medium not in content.media:
        yield Problem("sheet.content", "medium", f"该类测点没有{content.name}这项工作。")
    if form.medium not in ("any", point.medium):
        yield Problem("sheet.form", "medium", f"《{form.title}》不适用于该类测点。")
    yield from _instruments(sheet, form, point)


def _instruments(sheet: SheetRevision, form: Form, point: MonitoringPointCopy) -> Iterator[Problem]:
    if form.instruments == "one" and len(sheet.instruments) != 1:
        yield Problem("sheet.instruments", "one", "请选择一台仪器。")
    if form.instruments == "none" and sheet.instruments:
        yield Problem("sheet.instruments", "none", "该表单不针对具体仪器。")
    if not {*sheet.instruments} <= {one.instrument_id for one in point.instruments}:
        yield Problem("sheet.instruments", "of-point", "所选仪器不属于该测点。")


def _lineage(sheet: SheetRevision, known: Mapping[UUID, SheetRevision]) -> Iterator[Problem]:
    """Revisions replace revisions of their own sheet, and never each other in a circle."""
    kin = [known[one] for one in sheet.supersedes if one in known]
    kin += [one for one in known.values() if sheet.revision_id in one.supersedes]
    if any(one.sheet_id != sheet.sheet_id for one in kin):
        yield Problem("sheet.supersedes", "same-sheet", "只能更正同一张记录表的版本。")
    if sheet.revision_id in _elders(sheet, known):
        yield Problem("sheet.supersedes", "circle", "记录表的版本不能互相取代。")


def _elders(sheet: SheetRevision, known: Mapping[UUID, SheetRevision]) -> set[UUID]:
    found: set[UUID] = set()
    ahead = list(sheet.supersedes)
    while ahead:
        one = ahead.pop()
        if one not in found:
            found.add(one)
            ahead += known[one].supersedes if one in known else ()
    return found


def _plain(field: str, values: JsonValue) -> Iterator[Problem]:
    """Only what has one canonical form and can be shown: no floating numbers, no control characters."""
    yield from _of_value(field, values)
    if len(json.dumps(values, ensure_ascii=False).encode(errors="replace")) > BYTES_MAX:
        yield Problem(field, "too-large", f"记录表内容过多，最多 {BYTES_MAX // 1024} KB。")


def _of_value(field: str, value: JsonValue) -> Iterator[Problem]:
    match value:
        case dict() if wrong := _of_names(field, value):
            yield wrong[0]
        case dict():
            for name, below in value.items():
                yield from _of_value(f"{field}.{name}", below)
        case list():
            for number, below in enumerate(value):
                yield from _of_value(f"{field}.{number}", below)
        case float():
            yield Problem(field, "decimal-string", "数值应以文本形式提交。")
        case str():
            yield from text.unreadable(field, value, breaks=True)
        case int() if abs(value) > INTEGER_MAX:
            yield Problem(field, "possible-range", "整数过大。")


def _of_names(field: str, names: Iterable[str]) -> list[Problem]:
    wrong = [problem for name in names for problem in text.unreadable(field, name, breaks=True)]
    return [replace(problem, sentence=f"栏目名称：{problem.sentence}") for problem in wrong]
