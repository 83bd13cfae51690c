"""Checks a report: its rules one by one, and what else it shows. Pure: no clock, no files, no order of anything but the document's."""

import hashlib
from typing import Any

from qingyuan_standards.rules.case import case_of
from qingyuan_standards.rules.findings import findings_of
from qingyuan_standards.rules.judging import judge
from qingyuan_standards.rules.loading import Catalogue, canonical
from qingyuan_standards.rules.reading import read
from qingyuan_standards.rules.verdict import Verdict


def check(document: Any, catalogue: Catalogue) -> Verdict:
    """Raises `Refused` where the document has problems."""
    report = read(document)
    cases = [case_of(report, factor, catalogue) for factor in report.factors]
    verdicts = tuple(judge(case) for case in cases)
    return Verdict(
        catalogue_version=catalogue.version,
        catalogue_sha256=catalogue.sha256,
        document_sha256=hashlib.sha256(canonical(document)).hexdigest(),
        convention=report.convention,
        factors=verdicts,
        findings=findings_of(report, cases, verdicts, catalogue.bounds),
    )
