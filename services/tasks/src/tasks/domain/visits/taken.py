"""What a sheet says it took from the register must fit the rest of the sheet, since it is signed with it.

Whether the register said so is not checked: the phone may have been offline since an earlier version of the instrument.
"""

from collections.abc import Iterator, Set
from uuid import UUID

from pydantic import JsonValue
from qingyuan_events.tasks import SheetRevisionV3, TakenFromRegister
from qingyuan_runtime.domain.decider import Problem
from qingyuan_standards.register_fields import is_of_instrument


def taken_problems(sheet: SheetRevisionV3) -> Iterator[Problem]:
    """Each instrument is one of the sheet's and named once; each field is one that an instrument fills, and has a text."""
    named: set[UUID] = set()
    in_rows: set[str] = set()
    for number, taken in enumerate(sheet.taken or ()):
        field = f"sheet.taken.{number}"
        if taken.instrument_id not in sheet.instruments:
            yield Problem(f"{field}.instrument_id", "of-sheet", "取自登记的仪器必须是本记录单所选的仪器。")
        elif taken.instrument_id in named:
            yield Problem(f"{field}.instrument_id", "unique", "同一台仪器的登记信息只能列一次。")
        named.add(taken.instrument_id)
        yield from _field_problems(field, taken, sheet, in_rows)
        in_rows.update(path for path in taken.fields if "." in path)


def _field_problems(
    field: str, taken: TakenFromRegister, sheet: SheetRevisionV3, in_rows: Set[str]
) -> Iterator[Problem]:
    """`in_rows`: what other instruments gave to rows. A row is about one instrument; a field may name several."""
    for number, path in enumerate(taken.fields):
        at = f"{field}.fields.{number}"
        if not is_of_instrument(sheet.form, path):
            yield Problem(at, "of-register", "本表单的这一栏不由仪器的登记信息填写，不能作为取自登记。")
        elif not _is_written(sheet.values, path.split(".")):
            yield Problem(at, "value", "取自登记的栏目在本记录单上没有填写，或没有这一栏。")
        elif path in in_rows:
            yield Problem(at, "one-instrument", "这一行的这一栏已列为取自另一台仪器，一行只能取自一台仪器。")


def _is_written(value: JsonValue, path: list[str]) -> bool:
    """Whether a text stands at the path, where a number is the place of a row."""
    if not path:
        return isinstance(value, str) and value != ""
    name, *below = path
    match value:
        case dict():
            return name in value and _is_written(value[name], below)
        case list():
            return any(
                name == str(row) and _is_written(below_it, below) for row, below_it in enumerate(value)
            )
        case _:
            return False
