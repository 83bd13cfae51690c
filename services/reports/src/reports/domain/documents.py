"""What this service reads in a report's document, which `qingyuan_standards.rules` knows as a whole.

A draft is kept as typed, with whatever mistakes it has; so nothing here relies on more than what `kept` has looked at.
"""

import hashlib
import json
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any, Final
from uuid import UUID

from qingyuan_events.reports import PairsPrint
from qingyuan_runtime.domain import text
from qingyuan_runtime.domain.bounds import WHOLE_MOST
from qingyuan_runtime.domain.decider import Problem
from qingyuan_standards.rules import number_of, problems_of

Document = Mapping[str, Any]
FIELD: Final = "document"
BYTES_MOST: Final = 200 * 1024
POINTS_MOST: Final = 20
ROWS_MOST: Final = 600
"""Of a report that is handed in: a real one has some hundred, and a check of thousands would hold up everybody else."""
PAIRS_LEAST: Final = 3
"""Fewer equal pairs are chance."""


def unfit(document: Document) -> Iterator[Problem]:
    """Why a document cannot even be kept as a draft."""
    wrong = next(_unkeepable(document, FIELD), None)
    if wrong:
        yield wrong
    elif len(canonical(document)) > BYTES_MOST:
        yield Problem(FIELD, "too-large", f"报告内容过大，最多 {BYTES_MOST // 1024} KB，请拆分为多份报告。")
    elif "exemptions" in document:
        yield Problem(f"{FIELD}.exemptions", "granted", "豁免由监管部门授予，不能写入报告。")
    else:
        yield from _points(document.get("points"))


def _unkeepable(value: Any, field: str) -> Iterator[Problem]:
    """The first text, name or number in it that cannot be stored."""
    match value:
        case str():
            yield from text.unreadable(field, value, breaks=True)
        case float():
            yield Problem(field, "text", "数字应按填写的原样以文本提交。")
        case int() if abs(value) > WHOLE_MOST:
            yield Problem(field, "text", "数字应按填写的原样以文本提交。")
        case dict():
            for name, member in value.items():
                yield from text.unreadable(field, name)
                yield from _unkeepable(member, f"{field}.{name}")
        case list():
            for number, member in enumerate(value):
                yield from _unkeepable(member, f"{field}.{number}")


def _points(points: Any) -> Iterator[Problem]:
    field = f"{FIELD}.points"
    if not isinstance(points, list) or not points:
        yield Problem(field, "required", "请至少选择一个测点。")
    elif len(points) > POINTS_MOST:
        yield Problem(field, "too-many", f"一份报告最多 {POINTS_MOST} 个测点。")
    else:
        for number, point in enumerate(points):
            if _id_of(point) is None:
                yield Problem(f"{field}.{number}.id", "point", "请从登记的测点中选择。")


def _id_of(point: Any) -> UUID | None:
    return uuid_of(point.get("id")) if isinstance(point, dict) else None


def uuid_of(raw: Any) -> UUID | None:
    """The id in its usual spelling; None for any other text or value."""
    try:
        found = UUID(raw) if isinstance(raw, str) else None
    except ValueError:
        return None
    return found if str(found) == raw else None


def points_of(document: Document) -> tuple[UUID, ...]:
    """The points of a document that is fit to be kept, each once, in its order."""
    return tuple(dict.fromkeys(UUID(point["id"]) for point in document["points"]))


def canonical(document: Document) -> bytes:
    """Sorted keys, no spaces, UTF-8: what a document's hash is taken of."""
    return json.dumps(document, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def sha256_of(document: Document) -> str:
    return hashlib.sha256(canonical(document)).hexdigest()


def first_day(document: Document) -> date | None:
    """The Shanghai day on which the work began, if it can be read."""
    return _day(document, "from")


def last_day(document: Document) -> date | None:
    return _day(document, "to")


def _day(document: Document, end: str) -> date | None:
    performed = document.get("performed")
    written = performed.get(end) if isinstance(performed, dict) else None
    try:
        return date.fromisoformat(written[:10]) if isinstance(written, str) else None
    except ValueError:
        return None


def number(document: Document) -> str:
    """报告编号 as it counts: without blanks around it and full-width characters. Empty where there is none."""
    written = document.get("number")
    return text.folded(written) if isinstance(written, str) else ""


def mistakes(document: Document) -> Iterator[Problem]:
    """Everything for which a document that is kept could not be handed in."""
    if sum(_rows_of(factor) for _, _, factor in factors(document)) > ROWS_MOST:
        sentence = f"一份报告的数据对、试验及其数据行合计最多 {ROWS_MOST} 行，请拆分为多份报告。"
        yield Problem(f"{FIELD}.points", "too-many", sentence)
        return
    for problem in problems_of(document):
        yield Problem(FIELD + problem.at.replace("/", "."), problem.code, problem.sentence)
    if not number(document):
        yield Problem(f"{FIELD}.number", "field.required", "请填写报告编号。")


def _rows_of(factor: Mapping[str, Any]) -> int:
    """Its pairs, its tests, and the rows of these."""
    pairs, tests = (rows if isinstance(rows := factor.get(name), list) else [] for name in ("pairs", "tests"))
    inside = (row for test in tests if isinstance(test, dict) for row in test.values())
    return len(pairs) + len(tests) + sum(len(rows) for rows in inside if isinstance(rows, list))


def factors(document: Document) -> Iterator[tuple[str, UUID, Mapping[str, Any]]]:
    """Pointer, point and content of each factor."""
    for number_of_point, point in enumerate(document["points"]):
        known = point.get("factors")
        for number_of_factor, factor in enumerate(known if isinstance(known, list) else ()):
            if isinstance(factor, dict):
                at = f"/points/{number_of_point}/factors/{number_of_factor}"
                yield at, UUID(point["id"]), factor


def instrument_of(factor: Mapping[str, Any]) -> UUID | None:
    """The register's id of the instrument that a factor was measured with."""
    instrument = factor.get("instrument")
    about = instrument.get("about") if isinstance(instrument, dict) else None
    return uuid_of(about.get("instrument_id")) if isinstance(about, dict) else None


def prints(document: Document) -> tuple[PairsPrint, ...]:
    """Of every factor with enough counted pairs. The document has no mistakes."""
    found = ((at, factor, _counted(factor)) for at, _, factor in factors(document))
    return tuple(
        PairsPrint(at=at, sha256=_print_of(factor, pairs))
        for at, factor, pairs in found
        if len(pairs) >= PAIRS_LEAST
    )


def _counted(factor: Mapping[str, Any]) -> list[tuple[str, ...]]:
    pairs = (pair for pair in factor.get("pairs") or () if pair.get("measured") and not pair.get("excluded"))
    return sorted(_values(pair) for pair in pairs)


def _values(pair: Mapping[str, Any]) -> tuple[str, ...]:
    reference = [pair["reference"]] if pair.get("reference") else sorted(pair.get("parallels") or ())
    return tuple(_plain(written) for written in (pair["measured"], *reference))


def _plain(written: str) -> str:
    """One text for one value: `812` and `812.0` are the same."""
    found = number_of(written)
    return format(found.value.normalize(), "f") if found else written


def _print_of(factor: Mapping[str, Any], pairs: list[tuple[str, ...]]) -> str:
    return hashlib.sha256(json.dumps([factor.get("factor"), pairs]).encode()).hexdigest()
