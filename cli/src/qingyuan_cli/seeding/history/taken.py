"""What the phone took from the register for a sheet of the history."""

from collections.abc import Iterator, Sequence
from typing import Any, Final

from qingyuan_standards.register_fields import REGISTER_FIELDS, is_of_instrument

from qingyuan_cli.seeding.history.values import Instrument

Json = dict[str, Any]
AS_REGISTERED: Final = 1
"""The version of an instrument's stream that its registration is; nothing that a sheet takes was changed since."""


def taken_of(form: str, values: Json, instruments: Sequence[Instrument]) -> list[Json]:
    """By instrument the places that the form fills from one, where its label or, in a row of its own, its factor stands."""
    given: set[str] = set()
    return [
        {"instrument_id": instrument.id, "version": AS_REGISTERED, "fields": _fields(form, values, instrument, given)}
        for instrument in instruments
    ]  # fmt: skip


def _fields(form: str, values: Json, instrument: Instrument, given: set[str]) -> list[str]:
    """`given`: the places in rows that another instrument gave, since a row is about one; these are added to it."""
    gave = [path for path, text in _texts(values) if is_of_instrument(form, path) and _gave(instrument, path, text)]  # fmt: skip
    fields = [path for path in gave if path not in given]
    given.update(path for path in fields if "." in path)
    return fields


def _gave(instrument: Instrument, path: str, text: str) -> bool:
    is_factor = path.rpartition(".")[2] == "factor" and instrument.factor in REGISTER_FIELDS.factors
    return text == instrument.label or (
        is_factor and text == REGISTER_FIELDS.factors[instrument.factor].choice
    )


def _texts(values: Json) -> Iterator[tuple[str, str]]:
    for name, value in values.items():
        if isinstance(value, str):
            yield name, value
        elif isinstance(value, list):
            for number, row in enumerate(value):
                yield from ((f"{name}.{number}.{column}", text) for column, text in row.items())
