"""A report as it is checked: what was typed, read into numbers and times. Made by `reading`."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Literal

from qingyuan_standards.rules.units import Unit

Conclusion = Literal["pass", "fail", "not_judged"]

DOC_TYPES: Mapping[str, str] = {
    "commissioning": "调试检测报告",
    "acceptance": "技术验收报告",
    "verification": "校验报告",
    "supervisory_comparison": "监督性比对监测报告",
    "sample_comparison": "实际水样比对报告",
    "trueness_check": "正确度核查报告",
    "flow_comparison": "流量、液位比对报告",
    "quality_control": "校准、核查报告",
}
BASES = ("HJ 75-2017", "HJ 355-2019", "HJ 1286-2023", "环办执法〔2019〕64号")
CONVENTIONS = ("measured_minus_reference", "reference_minus_measured")


@dataclass(frozen=True, slots=True)
class Problem:
    """What keeps a document from being checked. `at` is a JSON pointer."""

    at: str
    code: str
    sentence: str


class Refused(ValueError):
    """The document has problems, so it is not checked."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        super().__init__(problems[0].sentence)
        self.problems = problems


@dataclass(frozen=True, slots=True)
class Typed:
    """A figure that the report itself states. `step`: one unit of its last typed digit."""

    at: str
    text: str
    value: Decimal
    step: Decimal


@dataclass(frozen=True, slots=True)
class Pair:
    """Values on the scale of the unit's family. `reference` is the mean of the parallels where only these were typed.

    `stated`: the reference that was typed beside its parallels.
    """

    at: str
    start: datetime | None
    end: datetime | None
    reference: Decimal
    measured: Decimal
    parallels: int
    stated: Typed | None
    parallel_mean: Decimal | None
    inputs: tuple[str, ...]
    substitute: bool
    excluded: bool


@dataclass(frozen=True, slots=True)
class Test:
    """One item of testing. `rows`: its repeats, pairs or sets."""

    at: str
    kind: str
    when: datetime | None
    unit: Unit
    numbers: Mapping[str, Decimal]
    rows: tuple[Mapping[str, Decimal], ...]
    inputs: tuple[str, ...]
    reported: Typed | None


@dataclass(frozen=True, slots=True)
class Factor:
    at: str
    point: str
    code: str
    unit: Unit
    basis: str
    convention: str
    principle: str | None
    instrument_range: Decimal | None
    instrument_unit: Unit | None
    no2: str | None
    emission_limit: Decimal | None
    pairs: tuple[Pair, ...]
    tests: tuple[Test, ...]
    reported: Mapping[str, Typed]
    concluded: Conclusion | None

    @property
    def counted(self) -> tuple[Pair, ...]:
        return tuple(pair for pair in self.pairs if not pair.excluded)


@dataclass(frozen=True, slots=True)
class Exemption:
    rule: str
    point: str | None
    factor: str | None
    first: date
    last: date


@dataclass(frozen=True, slots=True)
class Report:
    """`full_width`: the places of numbers that were typed in full-width characters, with their text."""

    doc_type: str
    basis: str
    start: datetime
    end: datetime
    convention: str
    concluded: Conclusion | None
    factors: tuple[Factor, ...]
    exemptions: tuple[Exemption, ...] = ()
    full_width: tuple[tuple[str, str], ...] = field(default=())
