"""The records of the catalogue: rules with their bands, and what is missing. Read from JSON, checked when they load."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any, Final

Json = Mapping[str, Any]

CONFIDENCES: Final = ("RECALL", "SEEN", "2SRC", "OFFICIAL")
"""From the least to the most. The first two may warn, never block."""
SEVERITIES: Final = ("note", "warning", "blocking")
COMPARISONS: Final = ("absolute_at_most", "at_most", "at_least", "is")
EVERY: Final = "*"


class BadCatalogue(ValueError):
    """A record breaks a rule of the catalogue, so nothing of it is loaded."""


@dataclass(frozen=True, slots=True)
class Interval:
    """None: without end."""

    low: Decimal | None
    low_within: bool
    high: Decimal | None
    high_within: bool

    def has(self, value: Decimal) -> bool:
        above = self.low is None or (value >= self.low if self.low_within else value > self.low)
        return above and (
            self.high is None or (value <= self.high if self.high_within else value < self.high)
        )

    def text(self, unit: str) -> str:
        low = "(-∞" if self.low is None else f"{'[' if self.low_within else '('}{self.low}"
        high = "∞)" if self.high is None else f"{self.high}{']' if self.high_within else ')'}"
        return f"{low}, {high} {unit}".rstrip()


@dataclass(frozen=True, slots=True)
class Band:
    """`unit`: the family of units for which it holds, or `*`."""

    unit: str
    interval: Interval
    limit: Decimal
    limit_text: str


@dataclass(frozen=True, slots=True)
class Alternative:
    """A second way to pass: |quantity| is within this limit."""

    rule: str
    quantity: str
    limit: Decimal
    confidence: str


@dataclass(frozen=True)
class Rule:
    id: str
    title: str
    standard: str
    edition: str
    clause: str
    clause_confidence: str
    source: str
    confidence: str
    valid_from: date
    valid_to: date | None
    doc_types: frozenset[str]
    basis: frozenset[str]
    medium: str
    factors: frozenset[str]
    principles: frozenset[str]
    emission_limit: Interval | None
    on: str
    quantity: str
    comparison: str
    unit: str
    digits: int
    band_by: str | None
    bands: Mapping[str, Band]
    pairs_min: Mapping[str, int]
    alternative: Alternative | None
    substitute: Interval | None
    severity: str
    prose: str
    status: Mapping[str, str]
    vectors: tuple[Json, ...]
    record: Json

    def holds_on(self, day: date) -> bool:
        return self.valid_from <= day and (self.valid_to is None or day <= self.valid_to)

    def band(self, family: str) -> Band | None:
        return self.bands.get(family) or self.bands.get(EVERY)


@dataclass(frozen=True, slots=True)
class Missing:
    standard: str
    factors: frozenset[str]
    doc_types: frozenset[str]
    what: str

    def concerns(self, basis: str, doc_type: str, factor: str) -> bool:
        return (
            self.standard == basis
            and not self.factors.isdisjoint((factor, EVERY))
            and not self.doc_types.isdisjoint((doc_type, EVERY))
        )


def rule_of(record: Json, file: Json) -> Rule:
    """Raises `BadCatalogue`."""
    try:
        return _rule(record, file)
    except (KeyError, TypeError, ValueError, InvalidOperation) as error:
        raise BadCatalogue(f"{record.get('rule')}: {type(error).__name__} {error}") from error


def _rule(record: Json, file: Json) -> Rule:
    applies, until = record["applies"], record.get("valid_to")
    bands = {band["unit"]: _band(band) for band in record["bands"]}
    return Rule(
        id=record["rule"],
        title=record["title"],
        standard=record.get("standard", file["standard"]),
        edition=record.get("edition", file["edition"]),
        clause=record["clause"],
        clause_confidence=record["clause_confidence"],
        source=record["source"],
        confidence=record["confidence"],
        valid_from=date.fromisoformat(record.get("valid_from", file["valid_from"])),
        valid_to=None if until is None else date.fromisoformat(until),
        doc_types=frozenset(applies["doc_types"]),
        basis=frozenset(applies["basis"]),
        medium=applies["medium"],
        factors=frozenset(applies["factors"]),
        principles=frozenset(applies.get("principles", ())),
        emission_limit=interval_of(applies["emission_limit"]) if "emission_limit" in applies else None,
        on=record["on"],
        quantity=record["quantity"],
        comparison=record["comparison"],
        unit=record["unit"],
        digits=record["digits"],
        band_by=record["band_by"],
        bands=bands,
        pairs_min=record.get("pairs_min", {}),
        alternative=_alternative(record.get("alternative")),
        substitute=interval_of(record["substitute"]) if "substitute" in record else None,
        severity=record["severity"],
        prose=record["prose"],
        status=record["status"],
        vectors=tuple(record["vectors"]),
        record=record,
    )


def _band(record: Json) -> Band:
    return Band(record["unit"], interval_of(record), Decimal(record["limit"]), record["limit"])


def interval_of(record: Json) -> Interval:
    """`from` and `to` are within, `above` and `below` are not."""
    low, high = record.get("from", record.get("above")), record.get("to", record.get("below"))
    return Interval(
        None if low is None else Decimal(low),
        "from" in record,
        None if high is None else Decimal(high),
        "to" in record,
    )


def _alternative(record: Json | None) -> Alternative | None:
    if record is None:
        return None
    return Alternative(record["rule"], record["quantity"], Decimal(record["limit"]), record["confidence"])


def missing_of(record: Json, standard: str) -> Missing:
    return Missing(standard, frozenset(record["factors"]), frozenset(record["doc_types"]), record["what"])
