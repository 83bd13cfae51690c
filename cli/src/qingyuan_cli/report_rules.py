"""`python -m qingyuan_cli.report_rules [--check]`: gives the pages the rules for reports, with the tables that reading and judging need.

What a person reads only in the sources (vectors, statuses) stays there.
"""

import json
import sys
from dataclasses import asdict
from typing import Any, Final

from qingyuan_local.setup import checkout
from qingyuan_standards.factors import FACTORS
from qingyuan_standards.rules import (
    Catalogue,
    Rule,
    catalogue,
    document,
    places,
    quantities,
    reading,
    reading_pairs,
    reading_tests,
    saying,
    units,
)

Json = dict[str, Any]
TARGET: Final = checkout() / "web" / "src" / "checking" / "data.json"
OF_SOURCES: Final = ("vectors", "status")


def data() -> Json:
    return {
        "catalogue": _catalogue(catalogue()),
        "factors": FACTORS,
        "units": {
            "families": units.FAMILIES,
            "aliases": units.ALIASES,
            "also": {factor: sorted(families) for factor, families in units.ALSO.items()},
            "gases": units.GASES,
        },
        "places": {"counted": places.COUNTED, "named": places.NAMED},
        "tests": {
            kind: asdict(spec) | {"signed": sorted(spec.signed)} for kind, spec in reading_tests.SPECS.items()
        },
        "quantities": {name: asdict(quantity) for name, quantity in quantities.QUANTITIES.items()},
        "reading": _reading(),
        "saying": {
            "says": saying.SAYS,
            "limits": saying.LIMITS,
            "unverified": saying.UNVERIFIED,
            "why_not": saying.WHY_NOT,
        },
    }


def _catalogue(rules: Catalogue) -> Json:
    return {
        "version": rules.version,
        "sha256": rules.sha256,
        "rules": [_rule(rule) for rule in rules.rules],
        "missing": [
            {
                "standard": missing.standard,
                "factors": sorted(missing.factors),
                "doc_types": sorted(missing.doc_types),
                "what": missing.what,
            }
            for missing in rules.missing
        ],
        "bounds": {
            "copied_pairs": rules.bounds.copied_pairs,
            "magnitude": str(rules.bounds.magnitude),
            "implausible_percent": str(rules.bounds.implausible_percent),
            "implausible_pairs": rules.bounds.implausible_pairs,
        },
        "t95": rules.t95,
        "molar_masses": {factor: str(mass) for factor, mass in rules.molar_masses.items()},
    }


def _rule(rule: Rule) -> Json:
    record = {name: value for name, value in rule.record.items() if name not in OF_SOURCES}
    of_file = {
        "standard": rule.standard,
        "edition": rule.edition,
        "valid_from": rule.valid_from.isoformat(),
    }
    return record | of_file


def _reading() -> Json:
    return {
        "doc_types": document.DOC_TYPES,
        "bases": document.BASES,
        "conventions": document.CONVENTIONS,
        "reported": reading.REPORTED,
        "plain": sorted(reading.PLAIN),
        "can_be_negative": sorted(reading.CAN_BE_NEGATIVE),
        "points_max": reading.POINTS_MAX,
        "factors_max": reading.FACTORS_MAX,
        "tests_max": reading.TESTS_MAX,
        "exemptions_max": reading.EXEMPTIONS_MAX,
        "reason_max": reading.REASON_MAX,
        "pairs_max": reading_pairs.PAIRS_MAX,
        "parallels_max": reading_pairs.PARALLELS_MAX,
        "rows_max": reading_tests.ROWS_MAX,
    }


def text() -> str:
    return json.dumps(data(), ensure_ascii=False, indent=1) + "\n"


def main(arguments: list[str]) -> int:
    if "--check" in arguments:
        return 0 if TARGET.exists() and TARGET.read_text("utf-8") == text() else 1
    TARGET.write_text(text(), "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
