"""Reads the pairs of a factor: reference and instrument, with their times."""

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any, Final

from qingyuan_standards.formulas import EXACT, mean
from qingyuan_standards.rules.document import Pair, Typed
from qingyuan_standards.rules.places import step_to
from qingyuan_standards.rules.reading_tests import read_typed
from qingyuan_standards.rules.units import SPACE, Unit
from qingyuan_standards.rules.walking import Json, Walker

PAIRS_MAX: Final = 200
PARALLELS_MAX: Final = 4
FIELDS: Final = ("from", "to", "reference", "parallels", "measured", "substitute", "excluded")
VALUES: Final = ("reference", "parallels", "measured")


def read_pairs(walker: Walker, owner: Json, at: str, unit: Unit, *, signed: bool) -> tuple[Pair, ...]:
    """Without empty pairs at the end."""
    rows = list(walker.rows(owner, at, "pairs", PAIRS_MAX))
    while rows and _is_empty(rows[-1][1]):
        rows.pop()
    if not rows and isinstance(owner.get("pairs"), list) and len(owner["pairs"]) <= PAIRS_MAX:
        walker.tell(f"{at}/pairs", "list.empty", "至少要有 1 行。")
    pairs = [_pair(walker, value, here, unit, signed) for here, value in rows]
    return tuple(pair for pair in pairs if pair is not None)


def _is_empty(value: Any) -> bool:
    return value is None or (isinstance(value, Mapping) and not _filled(value))


def _filled(fields: Json) -> frozenset[str]:
    """Which of the values of a pair are there."""
    return frozenset(name for name in VALUES if not _is_blank(fields.get(name)))


def _is_blank(value: Any) -> bool:
    return value is None or value == [] or (isinstance(value, str) and not value.strip(SPACE))


def _pair(walker: Walker, value: Any, at: str, unit: Unit, signed: bool) -> Pair | None:
    fields = {} if value is None else walker.members(value, at, (), FIELDS)
    filled = _filled(fields)
    if not filled:
        _tell_of_emptiness(walker, value, at)
        return None
    start, end = _times(walker, fields, at)
    measured = walker.number(fields, at, "measured", signed=signed) if "measured" in filled else None
    parallels = _parallels(walker, fields, at, signed) if "parallels" in filled else []
    parallel_mean = EXACT.multiply(mean(parallels) or Decimal(0), unit.factor) if parallels else None
    reference, typed = _reference(walker, fields, at, unit, signed, parallel_mean, filled)
    _tell_of_halves(walker, at, filled)
    excluded = walker.text(fields, at, "excluded")
    substitute = _flag(walker, fields, at, "substitute")
    if reference is None or measured is None:
        return None
    return Pair(
        at=at,
        start=start,
        end=end,
        reference=reference,
        measured=EXACT.multiply(measured, unit.factor),
        parallels=len(parallels),
        stated=typed,
        parallel_mean=parallel_mean,
        inputs=(f"{at}/reference" if "reference" in filled else f"{at}/parallels", f"{at}/measured"),
        substitute=substitute,
        excluded=not _is_blank(excluded),
    )


def _tell_of_emptiness(walker: Walker, value: Any, at: str) -> None:
    if value is None or isinstance(value, Mapping):
        walker.tell(at, "pair.empty", "是空的，后面还有数据；请删除空行或补填。")


def _reference(
    walker: Walker,
    fields: Json,
    at: str,
    unit: Unit,
    signed: bool,
    parallel_mean: Decimal | None,
    filled: frozenset[str],
) -> tuple[Decimal | None, Typed | None]:
    """The reference value; and as it was typed, where it can be compared with its parallels."""
    if "reference" not in filled:
        return parallel_mean, None
    if parallel_mean is not None:
        typed = read_typed(walker, fields, at, "reference", unit.factor, signed=signed)
        return (None if typed is None else typed.value), typed
    value = walker.number(fields, at, "reference", signed=signed)
    return (None if value is None else EXACT.multiply(value, unit.factor)), None


def _times(walker: Walker, fields: Json, at: str) -> tuple[datetime | None, datetime | None]:
    start, end = walker.moment(fields, at, "from"), walker.moment(fields, at, "to")
    if start is not None and end is not None and end < start:
        walker.tell(f"{at}/to", "time.order", "早于开始时间。")
    return start, end


def _parallels(walker: Walker, fields: Json, at: str, signed: bool) -> list[Decimal]:
    base, found = f"{at}/parallels", []
    for here, _ in walker.rows(fields, at, "parallels", PARALLELS_MAX, least=2):
        index = here.rsplit("/", 1)[1]
        found.append(walker.number({index: fields["parallels"][int(index)]}, base, index, signed=signed))
    return [value for value in found if value is not None]


def _tell_of_halves(walker: Walker, at: str, filled: frozenset[str]) -> None:
    has_reference, has_measured = filled != {"measured"}, "measured" in filled
    if has_reference != has_measured:
        missing = "measured" if has_reference else "reference"
        walker.tell(f"{at}/{missing}", "pair.half", "没有填写，一对数据须两值齐全。")


def _flag(walker: Walker, fields: Json, at: str, name: str) -> bool:
    value = fields.get(name, False)
    if not isinstance(value, bool):
        walker.tell(at + step_to(name), "field.type", "应为 true 或 false。")
        return False
    return value
