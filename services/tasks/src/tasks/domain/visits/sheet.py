"""Checks a record sheet, and computes its figures and findings by the definition of its form."""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Final
from uuid import UUID

from pydantic import JsonValue
from qingyuan_events.tasks import Finding, SheetRevisionV3
from qingyuan_runtime.domain import text
from qingyuan_runtime.domain.decider import Problem
from qingyuan_standards.contents import CONTENTS
from qingyuan_standards.forms import Form, check
from qingyuan_standards.forms_definition import property_at
from qingyuan_standards.work_rules import findings, lacking

from tasks.domain.register import MonitoringPointCopy
from tasks.domain.visits.commands import RecordSheet
from tasks.domain.visits.state import VisitState
from tasks.domain.visits.taken import taken_problems
from tasks.domain.visits.unfit import Unfit

MAX_BYTES: Final = 65_536
NORMAL: Final = "正常"
"""The one answer that a page may give to all questions of a group with one tap."""
MAX_INTEGER: Final = 2**53 - 1
"""The largest integer that a browser represents exactly. Larger ones would have no canonical form for the hash."""


def is_correction(sheet: SheetRevisionV3, state: VisitState) -> bool:
    """Whether it supersedes a revision in a complete visit. One that arrives late and is itself superseded does not count."""
    superseded = any(sheet.revision_id in other.supersedes for other in state.revisions.values())
    return state.completed and bool(sheet.supersedes) and not superseded


def checked(command: RecordSheet, state: VisitState) -> SheetRevisionV3:
    """The sheet with its computed figures and its findings. Raises `Unfit`."""
    sheet, form = command.sheet, command.form
    if form is None:
        raise Unfit(
            "form.unknown", [Problem("sheet.form", "known", "没有这个表单或版本，请更新后重新填写。")]
        )
    _refuse_other_form(sheet, state.revisions)
    _refuse(_suitable(sheet, form, command.opening.point))
    _refuse(_lineage(sheet, state.revisions))
    _refuse(_canonical("sheet.values", sheet.values))
    _refuse(_filled_by_group(sheet, form))
    _refuse(taken_problems(sheet))
    if is_correction(sheet, state) and not (sheet.reason or "").strip():
        raise Unfit(
            "reason.required", [Problem("sheet.reason", "required", "运维完成后更正记录，请填写原因。")]
        )
    return _with_figures(sheet, form)


def _with_figures(sheet: SheetRevisionV3, form: Form) -> SheetRevisionV3:
    checked_values = check(form, sheet.values)
    _refuse(
        Problem(f"sheet.values.{wrong.field}".rstrip("."), wrong.rule, wrong.sentence)
        for wrong in checked_values.problems
    )
    _refuse_without_work(sheet, form)
    noticed = tuple(
        Finding(field=finding.field, rule=finding.rule, level=finding.level, sentence=finding.sentence)
        for finding in (*checked_values.findings, *findings(form, sheet.content, sheet.values))
    )
    return sheet.model_copy(update={"computed": dict(checked_values.computed), "findings": noticed})


def _refuse_without_work(sheet: SheetRevisionV3, form: Form) -> None:
    """A sheet on which nothing shows that its work was done would complete a cycle all the same."""
    if missing := lacking(form, sheet.content, sheet.values):
        raise Unfit(
            "sheet.empty",
            [Problem(f"sheet.values.{lack.field}", lack.rule, lack.sentence) for lack in missing],
        )


def _refuse(problems: Iterable[Problem]) -> None:
    if found := tuple(problems):
        raise Unfit("sheet.invalid", found)


def _refuse_other_form(sheet: SheetRevisionV3, known: Mapping[UUID, SheetRevisionV3]) -> None:
    """A sheet keeps its form, in whatever version: another one would undo the work that the visit was completed with."""
    forms = {revision.form for revision in known.values() if revision.sheet_id == sheet.sheet_id}
    if forms and sheet.form not in forms:
        sentence = "更正不能更换表单。如记错了表单，请另填一张记录单。"
        raise Unfit("sheet.other-form", [Problem("sheet.form", "same-form", sentence)])


def _suitable(sheet: SheetRevisionV3, form: Form, point: MonitoringPointCopy) -> Iterator[Problem]:
    """The form must be one for this work, and both must suit the point and its instruments."""
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


def _instruments(sheet: SheetRevisionV3, form: Form, point: MonitoringPointCopy) -> Iterator[Problem]:
    if form.instruments == "one" and len(sheet.instruments) != 1:
        yield Problem("sheet.instruments", "one", "请选择一台仪器。")
    if form.instruments == "none" and sheet.instruments:
        yield Problem("sheet.instruments", "none", "该表单不针对具体仪器。")
    if not {*sheet.instruments} <= {instrument.instrument_id for instrument in point.instruments}:
        yield Problem("sheet.instruments", "of-point", "所选仪器不属于该测点。")


def _filled_by_group(sheet: SheetRevisionV3, form: Form) -> Iterator[Problem]:
    """What the sheet says of itself must fit its answers, since it is signed with them."""
    for name in sheet.filled_by_group or ():
        choices = (property_at(form.document["schema"], (name,)) or {}).get("enum", ())
        if NORMAL not in choices or sheet.values.get(name) != NORMAL:
            yield Problem(
                "sheet.filled_by_group", "answer", "按组填写的项目必须是本表的选择项，且填写为“正常”。"
            )
            return


def _lineage(sheet: SheetRevisionV3, known: Mapping[UUID, SheetRevisionV3]) -> Iterator[Problem]:
    """A revision supersedes only revisions of its own sheet, and no two supersede each other in a circle."""
    related = [known[revision_id] for revision_id in sheet.supersedes if revision_id in known]
    related += [revision for revision in known.values() if sheet.revision_id in revision.supersedes]
    if any(revision.sheet_id != sheet.sheet_id for revision in related):
        yield Problem("sheet.supersedes", "same-sheet", "只能更正同一张记录单的版本。")
    if sheet.revision_id in _ancestors(sheet, known):
        yield Problem("sheet.supersedes", "circle", "记录单的版本不能互相取代。")


def _ancestors(sheet: SheetRevisionV3, known: Mapping[UUID, SheetRevisionV3]) -> set[UUID]:
    found: set[UUID] = set()
    pending = list(sheet.supersedes)
    while pending:
        revision_id = pending.pop()
        if revision_id not in found:
            found.add(revision_id)
            pending += known[revision_id].supersedes if revision_id in known else ()
    return found


def _canonical(field: str, values: JsonValue) -> Iterator[Problem]:
    """Only values that have one canonical form and can be shown: no floating-point numbers, no control characters."""
    yield from _value_problems(field, values)
    if len(json.dumps(values, ensure_ascii=False).encode(errors="replace")) > MAX_BYTES:
        yield Problem(field, "too-large", f"记录单内容过多，最多 {MAX_BYTES // 1024} KB。")


def _value_problems(field: str, value: JsonValue) -> Iterator[Problem]:
    match value:
        case dict() if wrong := _name_problems(field, value):
            yield wrong[0]
        case dict():
            for name, below in value.items():
                yield from _value_problems(f"{field}.{name}", below)
        case list():
            for number, below in enumerate(value):
                yield from _value_problems(f"{field}.{number}", below)
        case float():
            yield Problem(field, "decimal-string", "数值应以文本形式提交。")
        case str():
            yield from text.unreadable(field, value, breaks=True)
        case int() if abs(value) > MAX_INTEGER:
            yield Problem(field, "possible-range", "整数过大。")


def _name_problems(field: str, names: Iterable[str]) -> list[Problem]:
    wrong = [problem for name in names for problem in text.unreadable(field, name, breaks=True)]
    return [replace(problem, sentence=f"栏目名称：{problem.sentence}") for problem in wrong]
