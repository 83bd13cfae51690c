"""Looks up what a verdict on a submission needs, and has it judged by the newest catalogue."""

import asyncio
from collections.abc import Mapping
from uuid import UUID

from qingyuan_events.reports import AppliedExemption, EarlierPairs
from qingyuan_runtime.log.handling import load
from qingyuan_standards.rules import catalogue, check

from reports.domain import documents
from reports.domain.documents import Document
from reports.domain.exemptions.decider import EXEMPTION, ExemptionState
from reports.domain.judging import judge
from reports.domain.reports.commands import Judgement
from reports.domain.reports.decider import REPORT
from reports.domain.reports.state import About, ReportState
from reports.shared.repository import Knowledge

EXEMPTIONS_MOST = 200
"""As many as a document may name."""


def verdict_size(document: Document) -> int:
    """Of the verdict by the newest catalogue, in bytes; 0 for a document that is refused anyway."""
    if any(documents.mistakes(document)):
        return 0
    return len(documents.canonical(check(dict(document), catalogue()).as_json()))


async def judgement_of(knowledge: Knowledge, state: ReportState) -> Judgement:
    """On the last submission of a report."""
    assert state.submission, "only what was handed in is judged"
    assert state.handed_in
    document = state.handed_in.document
    named = {documents.instrument_of(factor) for _, _, factor in documents.factors(document)}
    return judge(
        document,
        state.submission.prints,
        catalogue(),
        exemptions=await _exemptions(knowledge, state.existing(), document),
        instruments=await knowledge.installed.instruments(named - {None}),  # type: ignore[arg-type]
        earlier=await _earlier(knowledge, state),
    )


async def _exemptions(knowledge: Knowledge, about: About, document: Document) -> tuple[AppliedExemption, ...]:
    """Those of the enterprise that may hold for this report on the day of the work, by their ids."""
    ids = sorted(await knowledge.archive.exemptions(about.enterprise_id))
    loaded = await asyncio.gather(*(load(knowledge.store, EXEMPTION, EXEMPTION.stream(one)) for one in ids))
    applied = [found.applied() for _, found in loaded if _may_hold(found, about, document)]
    return tuple(applied[:EXEMPTIONS_MOST])


def _may_hold(exemption: ExemptionState, about: About, document: Document) -> bool:
    granted, day = exemption.existing(), documents.first_day(document)
    return (
        day is not None
        and granted.first_day <= day <= exemption.last_day
        and granted.report_id in (None, about.report_id)
        and (granted.point_id is None or granted.point_id in documents.points_of(document))
    )


async def _earlier(knowledge: Knowledge, state: ReportState) -> Mapping[str, tuple[EarlierPairs, ...]]:
    """Without those that this operator has taken back, and the one that this report takes the place of."""
    assert state.submission
    about = state.existing()
    hashes = {found.sha256 for found in state.submission.prints}
    found = await knowledge.archive.earlier(REPORT.stream(about.report_id), state.submitted_as, hashes)
    reports = {place.report_id for places in found.values() for place in places} - {state.replaces}
    counted = {one for one in reports if not await _taken_back(knowledge, one, about.operator_id)}
    kept = {
        sha256: tuple(place for place in places if place.report_id in counted)
        for sha256, places in found.items()
    }
    return {sha256: places for sha256, places in kept.items() if places}


async def _taken_back(knowledge: Knowledge, report_id: UUID, operator_id: UUID) -> bool:
    _, state = await load(knowledge.store, REPORT, REPORT.stream(report_id))
    return state.status == "withdrawn" and state.existing().operator_id == operator_id
