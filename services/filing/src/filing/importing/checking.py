"""Every row beside what is entered: new, there already, ended, or refused, with findings at its cells. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Literal
from uuid import UUID

from qingyuan_runtime.domain.decider import Problem
from qingyuan_runtime.importing.findings import Finding, at_field
from qingyuan_runtime.importing.layout import bare_field
from qingyuan_runtime.importing.reading import Reading

from filing.importing.filed import Entered, EnteredBefore, differences, numbers
from filing.importing.layout import PAPER, WORKBOOK
from filing.importing.rows import Read

Outcome = Literal["new", "added", "there", "ended", "refused"]
TAKEN = "该证书编号已登记在另一名人员名下，请核对。"
SHOWN_LENGTH = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """`entered`: what the row repeats, or what it has added."""

    read: Read
    outcome: Outcome
    entered: Entered | None = None
    problems: tuple[Problem, ...] = ()
    notes: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True)
class Checks:
    """Checks the rows of a workbook in their order. `taken`: numbers of certificates that another resource holds.

    `letters`: sheet → field → letter of its column.
    """

    before: EnteredBefore
    taken: frozenset[str]
    letters: Mapping[str, Mapping[str, str]]
    _rows: dict[UUID, Read] = field(default_factory=dict)

    def check(self, reads: Iterable[Read]) -> list[Checked]:
        return [self._check(read) for read in reads]

    def _check(self, read: Read) -> Checked:
        if read.problems or read.row.problems:
            return Checked(
                read=read, outcome="refused", problems=_once(read, self.letters.get(read.row.sheet, {}))
            )
        assert read.particulars is not None
        found = self.before.find(read.particulars, read.name)
        if found is None:
            return self._new(read)
        if earlier := self._rows.get(found.resource_id):
            return _refused(read, _repetition(read, earlier, found))
        return _beside(read, found)

    def _new(self, read: Read) -> Checked:
        assert read.particulars is not None
        if numbers(read.particulars) & self.taken:
            return _refused(read, Problem(f"{PAPER}number", "certificate-number.taken", TAKEN))
        entered = Entered(resource_id=read.resource_id, particulars=read.particulars, name=read.name)
        self._rows[read.resource_id] = read
        self.before.add(entered)
        return Checked(read=read, outcome="new", notes=tuple(map(_draft, read.missing)))


def _beside(read: Read, found: Entered) -> Checked:
    """A row that repeats what is entered adds nothing. What this very import has added is no repetition."""
    if found.resource_id == read.resource_id:
        return Checked(read=read, outcome="added", entered=found, notes=tuple(map(_draft, read.missing)))
    if found.ended_on is not None:
        sentence = f"已于 {found.ended_on} 停用，不会重新登记；确要重新登记的，请在页面上登记。"
        return Checked(
            read=read, outcome="ended", entered=found, notes=(Problem(_key_field(read), "ended", sentence),)
        )
    if _is_of_another(read, found):
        return _refused(read, Problem(f"{PAPER}number", "certificate-number.taken", TAKEN))
    sentence = "已登记，没有重复登记。"
    if titles := differences(read, found):
        sentence += f"与登记不同的没有改：{'、'.join(titles)}；要改的请在页面上修改。"
    return Checked(
        read=read, outcome="there", entered=found, notes=(Problem(_key_field(read), "there", sentence),)
    )


def _is_of_another(read: Read, found: Entered) -> bool:
    return read.row.kind == "person" and None not in (found.name, read.name) and found.name != read.name


def _refused(read: Read, problem: Problem) -> Checked:
    return Checked(read=read, outcome="refused", problems=(problem,))


def _draft(problem: Problem) -> Problem:
    return replace(problem, rule="draft", sentence=f"先存为草稿，不能提交：{problem.sentence}")


def _key_field(read: Read) -> str:
    return {"device": "serial_number"}.get(read.row.kind, "name")


def _repetition(read: Read, earlier: Read, found: Entered) -> Problem:
    """Where the names differ, it is the number of the certificate that is wrong."""
    sheet = f"工作表“{earlier.row.sheet}”" if earlier.row.sheet != read.row.sheet else ""
    number = earlier.row.number
    if _is_of_another(read, found):
        return Problem(
            f"{PAPER}number", "certificate-number.repeated", f"证书编号与{sheet}第 {number} 行相同，请核对。"
        )
    return Problem(_key_field(read), "row.repeated", f"与{sheet}第 {number} 行是同一项，请只保留一行。")


def _once(read: Read, letters: Mapping[str, str]) -> tuple[Problem, ...]:
    """A cell that could not be read has no value, and nor has a column that is not there: both are reported already."""
    reported = {problem["field"] for problem in read.row.problems}
    return tuple(
        _with_value(read, problem)
        for problem in read.problems
        if (field_name := bare_field(problem.field)) not in reported
        and not (problem.rule == "missing" and field_name not in letters)
    )


def _with_value(read: Read, problem: Problem) -> Problem:
    """The sentence names the value that is wrong, where it does not already."""
    shown = _shown(read, problem.field)[:SHOWN_LENGTH]
    if not shown or shown in problem.sentence:
        return problem
    return replace(problem, sentence=f"“{shown}”：{problem.sentence}")


def _shown(read: Read, field_name: str) -> str:
    """What stands in the cell of a problem, in the words of the sheet."""
    column = WORKBOOK.sheet(read.row.kind).column(field_name)
    value = read.row.values.get(column.field) if column else None
    words = {stored: word for word, stored in column.words.items()} if column else {}
    values = value if isinstance(value, list) else [value or ""]
    return "、".join(str(words.get(each, each)) for each in values)


def answer(file_name: str, reading: Reading, checked: Sequence[Checked]) -> dict[str, Any]:
    """All of it, as the page shows it. `blocked`: no row may be added before the sheets themselves are put right."""
    letters = reading.column_letters
    problems = [finding for each in checked for finding in _findings(each, each.problems, letters)]
    notes = [finding for each in checked for finding in _findings(each, each.notes, letters)]
    return {
        "file_name": file_name,
        "rows": [_row(each) for each in checked],
        "problems": [
            *reading.problems,
            *(problem for result in checked for problem in result.read.row.problems),
            *problems,
        ],
        "notes": [*reading.notes, *(note for result in checked for note in result.read.row.notes), *notes],
        "blocked": bool(reading.problems),
        "left_out": reading.left_out,
        "sheets_not_read": reading.sheets_not_read,
    }


def _findings(
    checked: Checked, problems: Iterable[Problem], letters: Mapping[str, dict[str, str]]
) -> list[Finding]:
    row = checked.read.row
    layout = WORKBOOK.sheet(row.kind)
    return [
        at_field(row.sheet, layout, row.number, problem, letters.get(row.sheet, {})) for problem in problems
    ]


def _row(checked: Checked) -> dict[str, Any]:
    read, entered = checked.read, checked.entered
    papers = entered.particulars.papers if entered and checked.outcome in ("added", "there") else ()
    waiting = next((paper for paper in papers if paper.scan is None), None)
    return {
        "sheet": read.row.sheet,
        "row": read.row.number,
        "kind": read.row.kind,
        "title": _title(read),
        "outcome": checked.outcome,
        "scan": read.scan,
        "resource_id": str(entered.resource_id) if entered else None,
        "paper_id": str(waiting.paper_id) if waiting else None,
    }


def _title(read: Read) -> str:
    """By what the person who filled the sheet recognises the row."""
    names = ("name", "model", "serial_number") if read.row.kind == "device" else ("name",)
    return " ".join(str(read.row.values.get(name) or "") for name in names).strip()
