"""What a sheet says it took from the register must fit the rest of the sheet, since it is signed with it.

Whether the register said so is not checked: the phone may have been offline since an earlier version of the instrument.
"""

from collections.abc import Iterator

from pydantic import JsonValue
from qingyuan_events.tasks import SheetRevisionV3, TakenFromRegister
from qingyuan_runtime.domain.decider import Problem


def taken_problems(sheet: SheetRevisionV3) -> Iterator[Problem]:
    """Each instrument is one of the sheet's and named once; each field has a text on the sheet."""
    named = []
    for number, taken in enumerate(sheet.taken or ()):
        field = f"sheet.taken.{number}"
        if taken.instrument_id not in sheet.instruments:
            yield Problem(f"{field}.instrument_id", "of-sheet", "取自登记的仪器必须是本记录单所选的仪器。")
        elif taken.instrument_id in named:
            yield Problem(f"{field}.instrument_id", "unique", "同一台仪器的登记信息只能列一次。")
        named.append(taken.instrument_id)
        yield from _field_problems(field, taken, sheet.values)


def _field_problems(field: str, taken: TakenFromRegister, values: JsonValue) -> Iterator[Problem]:
    for number, path in enumerate(taken.fields):
        if not _is_written(values, path.split(".")):
            yield Problem(
                f"{field}.fields.{number}", "value", "取自登记的栏目在本记录单上没有填写，或没有这一栏。"
            )


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
