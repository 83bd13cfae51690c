"""The result of checking an import: problems, notes, counts, and what would be written. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from qingyuan_runtime.importing.findings import Finding
from qingyuan_runtime.importing.reading import Reading
from qingyuan_runtime.log.store import Write

from registry.importing.checking import Checked


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportResult:
    problems: list[Finding]
    notes: list[Finding]
    summary: dict[str, Any]
    writes: list[Write]


def import_result(reading: Reading, results: Sequence[Checked]) -> ImportResult:
    problems = [*reading.problems, *(problem for result in results for problem in result.problems)]
    notes = [*reading.notes, *(note for result in results for note in result.notes)]
    ended = _count(results, "ended")
    summary = {
        "read": len(results),
        "left_out": reading.left_out + ended,
        "changed": sum(_is_changed(result) for result in results),
        "unchanged": _count(results, "unchanged"),
        "ended": ended,
        "new": _count(results, "new"),
        "problems": len(problems),
        "notes": len(notes),
        "sheets_not_read": reading.sheets_not_read,
    }
    return ImportResult(
        problems=problems,
        notes=notes,
        summary=summary,
        writes=[result.write for result in results if result.write],
    )


def _count(results: Sequence[Checked], outcome: str) -> int:
    return sum(result.outcome == outcome for result in results)


def _is_changed(result: Checked) -> bool:
    """Whether a value of the row is registered differently from how Excel shows it."""
    return any(not note["rule"].startswith("register.") for note in result.notes)
