"""The rule catalogue for comparison and verification reports, and the check of a report against it.

Faces and formats: docs/contracts-reports.md.
"""

from qingyuan_standards.rules.checking import check
from qingyuan_standards.rules.comparing import Difference, differences
from qingyuan_standards.rules.document import Problem, Refused
from qingyuan_standards.rules.loading import Catalogue, UnknownCatalogue, catalogue, catalogue_in, versions
from qingyuan_standards.rules.reading import problems_of
from qingyuan_standards.rules.records import BadCatalogue, Rule
from qingyuan_standards.rules.units import number_of, unit_of
from qingyuan_standards.rules.verdict import Finding, Judged, Verdict

__all__ = [
    "BadCatalogue",
    "Catalogue",
    "Difference",
    "Finding",
    "Judged",
    "Problem",
    "Refused",
    "Rule",
    "UnknownCatalogue",
    "Verdict",
    "catalogue",
    "catalogue_in",
    "check",
    "differences",
    "number_of",
    "problems_of",
    "unit_of",
    "versions",
]
