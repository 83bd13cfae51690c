"""The particulars in a row, or every problem of them at once: those of their shape and those of the rules. Pure."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal, get_args, get_origin

from pydantic import TypeAdapter, ValidationError
from pydantic.fields import FieldInfo
from qingyuan_events.labels import KINDS, VALUES
from qingyuan_events.registry import NONE, InstrumentParticulars, Medium
from qingyuan_runtime.domain.decider import Problem
from qingyuan_runtime.edge.problems import sentence_of

from registry.domain.shared import checks
from registry.domain.shared.normalising import normalise
from registry.shared.particulars import SentInstrument

_PARTICULARS: Final[TypeAdapter[InstrumentParticulars]] = TypeAdapter(SentInstrument)
_A_FACTOR: Final = {"wastewater_analyser": "w01018", "flue_gas_analyser": "a21026"}
MEDIUM_OF: Final[Mapping[str, Medium]] = {
    kind: medium for medium, kinds in checks.KINDS_OF.items() for kind in kinds
}


@dataclass(frozen=True, slots=True)
class RowParticulars:
    """`particulars` only where their shape is right; `notes` say what was normalised."""

    particulars: InstrumentParticulars | None
    problems: tuple[Problem, ...]
    notes: tuple[Problem, ...] = ()


def particulars_of(kind: str, values: Mapping[str, Any], medium: Medium) -> RowParticulars:
    try:
        particulars, notes = normalise(_PARTICULARS.validate_python({"kind": kind, **values}))
    except ValidationError as error:
        shape = tuple(_of_shape(error))
        others = _rules_on_the_others(kind, values, medium, frozenset(problem.field for problem in shape))
        return RowParticulars(None, (*shape, *others))
    return RowParticulars(particulars, tuple(checks.instrument(particulars, medium)), notes)


def _of_shape(error: ValidationError) -> Iterator[Problem]:
    for detail in error.errors():
        field = str(detail["loc"][-1]) if detail["loc"] else ""
        yield Problem(field, detail["type"], f"{sentence_of(detail)}{_choices(field, detail['type'])}")


def _choices(field: str, rule: str) -> str:
    if rule != "literal_error" or field not in VALUES:
        return ""
    return f"可填“{'”“'.join(VALUES[field].values())}”。"


def _rules_on_the_others(
    kind: str, values: Mapping[str, Any], medium: Medium, wrong: frozenset[str]
) -> Iterator[Problem]:
    """What the rules say of the fields whose shape is right, with stand-ins for those in `wrong`."""
    stand_ins = {
        field: _stand_in(kind, field, info)
        for field, info in KINDS[kind].model_fields.items()
        if field in wrong and info.is_required()
    }
    rest = {field: value for field, value in values.items() if field not in wrong}
    try:
        particulars = _PARTICULARS.validate_python({"kind": kind, **rest, **stand_ins})
    except ValidationError:
        return
    depends_on_factor = {"unit"} if "factor" in wrong else set()
    for problem in checks.instrument(particulars, medium):
        if problem.field not in wrong | depends_on_factor:
            yield problem


def _stand_in(kind: str, field: str, info: FieldInfo) -> str:
    if field == "factor":
        return _A_FACTOR[kind]
    if get_origin(info.annotation) is Literal:
        return str(get_args(info.annotation)[0])
    return NONE
