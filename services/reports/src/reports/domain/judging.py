"""What the rules make of a submission, and what is found with knowledge beyond its document. Pure."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from qingyuan_events.reports import AppliedExemption, EarlierPairs, PairsPrint, ReportFinding
from qingyuan_standards.rules import Catalogue, check
from qingyuan_standards.rules.places import place

from reports.domain import documents
from reports.domain.documents import Document
from reports.domain.places import InstrumentCopy
from reports.domain.reports.commands import Judgement


def judge(
    document: Document,
    prints: Sequence[PairsPrint],
    catalogue: Catalogue,
    *,
    exemptions: tuple[AppliedExemption, ...],
    instruments: Mapping[UUID, InstrumentCopy],
    earlier: Mapping[str, tuple[EarlierPairs, ...]],
) -> Judgement:
    """`instruments`: those of the register that the document names. `earlier`: factors of earlier reports, by the hash of their pairs."""
    verdict = check(with_exemptions(document, exemptions), catalogue).as_json()
    findings = (*_copied(prints, earlier), *_not_installed(document, instruments))
    return Judgement(
        catalogue_version=catalogue.version,
        catalogue_sha256=catalogue.sha256,
        result=verdict["result"],
        blocking=verdict["blocking"],
        verdict=verdict,
        findings=findings,
        exemptions=exemptions,
    )


def with_exemptions(document: Document, exemptions: Sequence[AppliedExemption]) -> dict[str, Any]:
    """The document as it is told to the rules."""
    if not exemptions:
        return dict(document)
    return {**document, "exemptions": [_told(exemption) for exemption in exemptions]}


def _told(exemption: AppliedExemption) -> dict[str, str]:
    told = {
        "rule": exemption.rule,
        "point": str(exemption.point_id) if exemption.point_id else None,
        "factor": exemption.factor,
        "from": exemption.first_day.isoformat(),
        "to": exemption.last_day.isoformat(),
        "reason": str(exemption.exemption_id),
    }
    return {name: value for name, value in told.items() if value is not None}


def _copied(
    prints: Sequence[PairsPrint], earlier: Mapping[str, tuple[EarlierPairs, ...]]
) -> Iterator[ReportFinding]:
    for found in prints:
        if same := earlier.get(found.sha256, ()):
            yield ReportFinding(
                code="pairs.in-earlier-report",
                severity="warning",
                at=found.at,
                earlier=same,
                sentence=f"{place(found.at)}的数据对与更早提交的报告完全相同，共 {len(same)} 处。",
            )


def _not_installed(document: Document, instruments: Mapping[UUID, InstrumentCopy]) -> Iterator[ReportFinding]:
    first_day, last_day = documents.first_day(document), documents.last_day(document)
    if first_day is None or last_day is None:
        return  # the rules have refused a document without its days
    for at, point_id, factor in documents.factors(document):
        instrument_id = documents.instrument_of(factor)
        if instrument_id is None:
            sentence = f"{place(at)}没有写明登记的仪器，未核对仪器当日是否在装。"
            yield ReportFinding(code="instrument.unnamed", severity="note", at=at, sentence=sentence)
        elif not _stood_there(instruments.get(instrument_id), point_id, first_day, last_day):
            sentence = f"{place(at)}的仪器在实施当日未登记在该测点。"
            yield ReportFinding(code="instrument.not-installed", severity="warning", at=at, sentence=sentence)


def _stood_there(instrument: InstrumentCopy | None, point_id: UUID, first: date, last: date) -> bool:
    return instrument is not None and instrument.stood_at(point_id, first, last)
