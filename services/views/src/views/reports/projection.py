"""The projection of reports: loads the affected ones, folds the facts in memory, saves each table in one statement.

The facts of a report are one stream and touch its rows alone, so transactions need no lock of each other.
"""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from importlib.resources import files
from typing import Any
from uuid import UUID

from qingyuan_events import Fact, Recorded
from qingyuan_events import reports as facts
from qingyuan_events.reports import ExemptionFact, ReportFact, ReportsFact
from qingyuan_runtime.database.connections import Connection

from views.reports import documents, exemption_rows, steps, verdicts
from views.reports.fold import Folded, Report, Verdict, fold
from views.reports.saving import DIGESTS, draft_row, load, report_row, save
from views.reports.steps import Row
from views.shared.row_security import OF_CLIENTS, OF_DISTRICT, OF_ENTERPRISE, OF_OPERATOR, row_security

MODEL = "reports"
_OF_THE_LAST_VERDICT = ("report_factor", "report_rule", "report_exemption")
_HANDED_IN = ("report_round", "report_verdict", *_OF_THE_LAST_VERDICT)
_PERHAPS_HANDED_IN = ("report", "report_point", "report_step")
_OWN_OR_NO_REPORT = "(report_id is null or exists (select 1 from report r where r.id = exemption.report_id))"


def create_script() -> str:
    """Of what was never handed in, nobody but its operator sees a row."""
    tables = (files("views.reports") / "table.sql").read_text()
    others = (f"(handed_in and {reader})" for reader in (OF_ENTERPRISE, OF_DISTRICT))
    exempted = (OF_ENTERPRISE, OF_DISTRICT, f"({OF_CLIENTS} and {_OWN_OR_NO_REPORT})")
    parts = (
        tables,
        row_security(_PERHAPS_HANDED_IN, OF_OPERATOR, *others),
        row_security(("report_draft",), OF_OPERATOR),
        row_security(_HANDED_IN, OF_OPERATOR, OF_ENTERPRISE, OF_DISTRICT),
        row_security(("exemption",), *exempted),
    )
    return "\n".join(parts)


@dataclass
class Changes:
    """What a batch adds beside the rows of reports. `verdicts`: the last one on the last submission, of reports whose verdict
    has changed; None where there is none yet."""

    steps: list[Row] = field(default_factory=list)
    rounds: dict[tuple[UUID, int], Row] = field(default_factory=dict)
    verdicts: list[Row] = field(default_factory=list)
    reviews: list[tuple[UUID, int, str]] = field(default_factory=list)
    last: dict[UUID, Verdict | None] = field(default_factory=dict)
    handed_in: dict[UUID, int] = field(default_factory=dict)

    def add(self, after: Folded, recorded: Recorded[Fact]) -> None:
        report, draft = after
        self.steps.append(steps.step(report, recorded))
        match recorded.fact:
            case facts.ReportSubmitted() | facts.ReportResubmitted() as fact:
                self.rounds[report.id, fact.round] = steps.round_(report, draft, fact)
                self.handed_in[report.id] = report.version
                self.last[report.id] = None
            case facts.ReportChecked() | facts.ReportReevaluated() as fact:
                self.verdicts.append(steps.verdict(report, fact))
                self.last[report.id] = fact
            case facts.ReportAccepted() | facts.ReportReturned() as fact:
                review = json.dumps(steps.review(fact), ensure_ascii=False)
                self.reviews.append((report.id, fact.round, review))


class Reports:
    """The projection that the runner calls, inside the transaction that moves the offset."""

    model = MODEL
    topic = ReportsFact.topic

    async def apply(self, connection: Connection, recorded_facts: Sequence[Recorded[Fact]]) -> None:
        await _apply_to_reports(connection, recorded_facts)
        await _apply_to_exemptions(connection, recorded_facts)

    async def digests(self, connection: Connection, streams: Sequence[str]) -> dict[str, str]:
        """A hash of each stream's rows, for comparing two builds."""
        rows = await connection.fetch(DIGESTS, list(streams))
        return {row["stream"]: row["digest"] for row in rows}


async def _apply_to_reports(connection: Connection, recorded_facts: Sequence[Recorded[Fact]]) -> None:
    own = [(found.fact.report_id, found) for found in recorded_facts if isinstance(found.fact, ReportFact)]
    reports = await load(connection, {key for key, _ in own})
    changes = Changes()
    for key, recorded in own:
        reports[key] = fold(reports.get(key), recorded)
        changes.add(reports[key], recorded)
    await save(connection, "report", [report_row(report) for report, _ in reports.values()])
    await _forget(connection, "report_point", reports)
    points = [row for report, _ in reports.values() for row in _point_rows(report)]
    await save(connection, "report_point", points)
    await save(connection, "report_draft", [draft_row(*folded) for folded in reports.values()])
    await _save_changes(connection, changes, {key: report for key, (report, _) in reports.items()})


async def _save_changes(connection: Connection, changes: Changes, reports: dict[UUID, Report]) -> None:
    await save(connection, "report_step", changes.steps)
    await connection.executemany(_HAND_IN_STEPS, list(changes.handed_in.items()))
    await save(connection, "report_round", list(changes.rounds.values()))
    await save(connection, "report_verdict", changes.verdicts)
    await connection.executemany(_REVIEW, changes.reviews)
    for table in _OF_THE_LAST_VERDICT:
        await _forget(connection, table, changes.last)
    judged = [(reports[key], fact) for key, fact in changes.last.items() if fact]
    await save(
        connection, "report_rule", [row for report, fact in judged for row in _rule_rows(report, fact)]
    )
    handed_in = await _documents(connection, [report.id for report, _ in judged])
    rows = [row for report, fact in judged for row in _factor_rows(report, fact, handed_in[report.id])]
    await save(connection, "report_factor", rows)
    told = [row for report, fact in judged for row in _exemption_rows(report, fact)]
    await save(connection, "report_exemption", told)


async def _forget(connection: Connection, table: str, reports: Iterable[UUID]) -> None:
    await connection.execute(f"delete from {table} where report_id = any($1)", list(reports))


def _point_rows(report: Report) -> list[Row]:
    owners = steps.owners(report) | {"handed_in": report.handed_in}
    return [{"report_id": report.id, "point_id": point, **owners} for point in report.points]


def _exemption_rows(report: Report, fact: Verdict) -> list[Row]:
    told = dict.fromkeys(exemption.exemption_id for exemption in fact.exemptions)
    return [{"report_id": report.id, "exemption_id": key, **steps.owners(report)} for key in told]


def _rule_rows(report: Report, fact: Verdict) -> list[Row]:
    return [
        {"report_id": report.id, "rule": rule, "outcome": outcome, **steps.owners(report)}
        for rule, outcome in sorted(verdicts.outcomes(fact))
    ]


async def _documents(connection: Connection, ids: list[UUID]) -> dict[UUID, documents.Document]:
    """What was handed in last."""
    rows = await connection.fetch(_DOCUMENTS, ids)
    return {row["report_id"]: json.loads(row["document"]) for row in rows}


def _factor_rows(report: Report, fact: Verdict, document: documents.Document) -> list[Row]:
    judged = steps.judged_factors(fact)
    return [
        {
            "report_id": report.id,
            "at": factor.at,
            **steps.owners(report),
            "point_id": factor.point_id,
            "factor": factor.code,
            "instrument_id": factor.instrument_id,
            "first_day": report.first_day,
            "judged": judged[factor.at],
        }
        for factor in documents.factors(document)
        if factor.at in judged and report.first_day
    ]


async def _apply_to_exemptions(connection: Connection, recorded_facts: Sequence[Recorded[Fact]]) -> None:
    own = [
        (found.fact.exemption_id, found) for found in recorded_facts if isinstance(found.fact, ExemptionFact)
    ]
    rows = await connection.fetch("select * from exemption where id = any($1)", list({key for key, _ in own}))
    exemptions: dict[UUID, dict[str, Any]] = {row["id"]: dict(row) for row in rows}
    for key, recorded in own:
        exemptions[key] = exemption_rows.fold(exemptions.get(key), recorded)
    await save(connection, "exemption", list(exemptions.values()))


_HAND_IN_STEPS = "update report_step set handed_in = true where report_id = $1 and version <= $2"
_REVIEW = "update report_round set review = $3 where report_id = $1 and round = $2"
_DOCUMENTS = """
    select o.report_id, o.document from report_round o join report r on r.id = o.report_id and r.round = o.round
     where r.id = any($1)
"""
