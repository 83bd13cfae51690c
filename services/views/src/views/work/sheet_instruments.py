"""Instruments that a sheet names although they do not go with it. Derived when the visit is shown, as the register stands then.

Work is evidence, so such a sheet was accepted; what the register says may also have come later. The phone offers none of them.
"""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any, Final
from uuid import UUID

from qingyuan_events.content import heads
from qingyuan_events.tasks import SheetRevisionV3
from qingyuan_runtime.database.connections import Connection
from qingyuan_standards.forms import UnknownForm, form
from qingyuan_standards.register_fields import REGISTER_FIELDS, Instrument

from views.shared.names import Names

NOT_IN_USE: Final = "INSTRUMENT-IN-USE"
OTHER_KIND: Final = "INSTRUMENT-OF-FORM"


async def in_use(connection: Connection, point_id: UUID, day: date) -> Sequence[Any]:
    """The instruments of the point on the day; one that was taken away on that day may still have been worked on."""
    return await connection.fetch(_IN_USE, point_id, day)


def findings(
    revisions: Sequence[SheetRevisionV3], names: Names, legal: date, used: Sequence[Any]
) -> Iterator[dict[str, Any]]:
    """Of the current revisions. `used`: rows of `in_use`. What the register does not know yet is not judged."""
    kinds = {row["id"]: row for row in used}
    for head in heads(revisions):
        try:
            title = form(head.form, head.form_version).title
        except UnknownForm:
            continue
        for number, instrument_id in enumerate(head.instruments):
            known = names.instrument(instrument_id, legal)
            if known and (judged := _judged(head.form, kinds, instrument_id)):
                rule, sentence = judged
                yield {
                    "sheet_id": str(head.sheet_id),
                    "title": title,
                    "field": f"instruments.{number}",
                    "rule": rule,
                    "level": "warning",
                    "sentence": f"所选仪器“{_label(known)}”{sentence}",
                }


def _judged(form_name: str, kinds: dict[UUID, Any], instrument_id: UUID) -> tuple[str, str] | None:
    row = kinds.get(instrument_id)
    if row is None:
        return NOT_IN_USE, "按登记在运维当日不在该测点使用，请核对。"
    if _fits(form_name, row) or not any(_fits(form_name, other) for other in kinds.values()):
        return None
    return OTHER_KIND, "不是本表适用的仪器，请核对是否选错仪器或表单。"


def _fits(form_name: str, row: Any) -> bool:
    return REGISTER_FIELDS.is_for(form_name, row["kind"], row["factor"])


def _label(known: dict[str, Any]) -> str:
    return Instrument(known["factor"], known["name"], known["model"], known["serial_number"]).label


_IN_USE: Final = """
    select e.id, e.kind, e.factor from register.entry e
     where e.noun = 'instrument' and e.parent_id = $1
       and exists (select from register.belief b where b.id = e.id and b.known_to is null
                      and b.valid_from <= $2 and (b.valid_to is null or b.valid_to >= $2))
     order by e.id
"""
