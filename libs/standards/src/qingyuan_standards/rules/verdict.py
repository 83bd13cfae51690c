"""What comes of a check, and its JSON."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final, Literal

from qingyuan_standards.factors import FACTORS
from qingyuan_standards.formulas import shown
from qingyuan_standards.rules.document import Factor, Test
from qingyuan_standards.rules.quantities import QUANTITIES, Figures
from qingyuan_standards.rules.records import Rule

Result = Literal["pass", "fail", "review", "not_judged", "missing_data"]
WORST_FIRST: Final[tuple[Result, ...]] = ("fail", "review", "missing_data", "not_judged", "pass")


@dataclass(frozen=True, slots=True)
class BandUsed:
    by: str
    value: Decimal
    unit: str
    text: str


@dataclass(frozen=True, slots=True)
class Way:
    """One of two readings of the standard, and what it gives."""

    way: Literal["by_pair", "by_group"]
    within: int
    needed: int
    pairs: int
    result: Result


@dataclass(frozen=True, slots=True)
class Judged:
    """A rule applied. `value` is compared; `shown` is for reading."""

    rule: Rule
    at: str
    inputs: tuple[str, ...]
    value: Decimal | None
    shown: str | None
    unit: str
    limit: str
    band: BandUsed | None
    result: Result
    severity: str
    near_limit: bool
    marks: tuple[str, ...]
    stands_on: tuple[str, ...]
    ways: tuple[Way, ...]
    sentence: str

    @property
    def blocking(self) -> bool:
        return self.result == "fail" and self.severity == "blocking"

    @property
    def counts(self) -> bool:
        """Whether it makes part of a result: notes and what is exempted do not."""
        return self.severity != "note"

    def as_json(self) -> dict[str, Any]:
        rule, band = self.rule, self.band
        return {
            "rule": rule.id,
            "title": rule.title,
            "standard": rule.standard,
            "edition": rule.edition,
            "clause": rule.clause,
            "clause_confidence": rule.clause_confidence,
            "confidence": rule.confidence,
            "prose": rule.prose,
            "at": self.at,
            "inputs": list(self.inputs),
            "quantity": rule.quantity,
            "value": None if self.value is None else plain(self.value),
            "shown": self.shown,
            "unit": self.unit,
            "comparison": rule.comparison,
            "limit": self.limit,
            "band": None
            if band is None
            else {
                "by": band.by,
                "value": plain(band.value),
                "shown": shown(band.value, 3),
                "unit": band.unit,
                "text": band.text,
            },
            "result": self.result,
            "severity": self.severity,
            "blocking": self.blocking,
            "near_limit": self.near_limit,
            "marks": list(self.marks),
            "stands_on": list(self.stands_on),
            "alternatives": [
                {"way": w.way, "within": w.within, "needed": w.needed, "pairs": w.pairs, "result": w.result}
                for w in self.ways
            ],
            "sentence": self.sentence,
        }


@dataclass(frozen=True, slots=True)
class Finding:
    code: str
    severity: Literal["warning", "note"]
    at: str
    sentence: str
    others: tuple[str, ...] = ()
    typed: str | None = None
    computed: str | None = None

    def as_json(self) -> dict[str, Any]:
        return {
            "code": self.code,
            "severity": self.severity,
            "at": self.at,
            "others": list(self.others),
            "typed": self.typed,
            "computed": self.computed,
            "sentence": self.sentence,
        }


@dataclass(frozen=True, slots=True)
class FactorVerdict:
    """`lacking`: sentences on what no rule applied to. `known_missing`: what the catalogue says is missing."""

    factor: Factor
    figures: Figures
    tests: tuple[tuple[Test, Figures], ...]
    judged: tuple[Judged, ...]
    lacking: tuple[str, ...]
    known_missing: tuple[str, ...]

    @property
    def result(self) -> Result:
        found: list[Result] = [judged.result for judged in self.judged if judged.counts]
        return worst([*found, "not_judged"] if self.lacking or not found else found)

    @property
    def blocking(self) -> bool:
        return any(judged.blocking for judged in self.judged)

    def as_json(self) -> dict[str, Any]:
        factor = self.factor
        return {
            "at": factor.at,
            "point": factor.point,
            "factor": factor.code,
            "name": FACTORS[factor.code][0],
            "unit": factor.unit.family,
            "basis": factor.basis,
            "result": self.result,
            "blocking": self.blocking,
            "concluded": factor.concluded,
            "figures": _figures(self.figures, factor.unit.family),
            "tests": [
                {"at": test.at, "test": test.kind, "figures": _figures(figures, test.unit.family)}
                for test, figures in self.tests
            ],
            "missing": [*self.lacking, *self.known_missing],
        }


@dataclass(frozen=True, slots=True)
class Verdict:
    catalogue_version: str
    catalogue_sha256: str
    document_sha256: str
    convention: str
    factors: tuple[FactorVerdict, ...]
    findings: tuple[Finding, ...]

    @property
    def result(self) -> Result:
        return worst([factor.result for factor in self.factors])

    @property
    def blocking(self) -> bool:
        return any(factor.blocking for factor in self.factors)

    @property
    def judged(self) -> tuple[Judged, ...]:
        return tuple(judged for factor in self.factors for judged in factor.judged)

    def as_json(self) -> dict[str, Any]:
        return {
            "verdict": "v1",
            "catalogue": {"version": self.catalogue_version, "sha256": self.catalogue_sha256},
            "document_sha256": self.document_sha256,
            "result": self.result,
            "blocking": self.blocking,
            "convention": self.convention,
            "factors": [factor.as_json() for factor in self.factors],
            "rules": [judged.as_json() for judged in self.judged],
            "findings": [finding.as_json() for finding in self.findings],
            "missing": [
                {
                    "standard": each.factor.basis,
                    "factor": each.factor.code,
                    "at": each.factor.at,
                    "what": what,
                }
                for each in self.factors
                for what in (*each.lacking, *each.known_missing)
            ],
        }


def worst(results: Iterable[Result]) -> Result:
    return min(results, key=WORST_FIRST.index, default="not_judged")


def plain(value: Decimal) -> str:
    """Without exponent and without zeros at the end."""
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _figures(figures: Figures, unit: str) -> dict[str, Mapping[str, str]]:
    return {name: _figure(name, value, unit) for name, value in figures.items()}


def _figure(name: str, value: Decimal, unit: str) -> Mapping[str, str]:
    quantity = QUANTITIES[name]
    return {
        "value": plain(value),
        "shown": shown(value, quantity.digits),
        "unit": unit if quantity.unit is None else quantity.unit,
        "formula": quantity.formula,
    }
