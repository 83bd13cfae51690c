"""Reads catalogues: all files of a version, checked and hashed as a whole."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Any, Final

from qingyuan_standards.rules.checking_records import require_sound
from qingyuan_standards.rules.records import BadCatalogue, Json, Missing, Rule, missing_of, rule_of

CONSTANTS: Final = "constants.json"


class UnknownCatalogue(LookupError):
    """There is no catalogue of this version."""


@dataclass(frozen=True)
class Bounds:
    """Our own bounds, from which findings follow and nothing is refused."""

    copied_pairs: int
    magnitude: Decimal
    implausible_percent: Decimal
    implausible_pairs: int


@dataclass(frozen=True)
class Catalogue:
    version: str
    sha256: str
    rules: tuple[Rule, ...]
    missing: tuple[Missing, ...]
    bounds: Bounds
    t95: Mapping[str, str]
    molar_masses: Mapping[str, Decimal]
    _found: dict[tuple[str, str, str], tuple[Rule, ...]] = field(
        default_factory=dict, repr=False, compare=False, hash=False
    )

    def rules_for(self, basis: str, doc_type: str, factor: str, day: date) -> tuple[Rule, ...]:
        """Those that hold on the day, in the order of the catalogue."""
        key = (basis, doc_type, factor)
        if key not in self._found:  # without the day, of which there are too many to be kept
            self._found[key] = tuple(
                rule
                for rule in self.rules
                if basis in rule.basis and doc_type in rule.doc_types and factor in rule.factors
            )
        return tuple(rule for rule in self._found[key] if rule.holds_on(day))


def canonical(value: Any) -> bytes:
    """One text for one value, whatever the order and spaces of its file."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode(
        "utf-8", "surrogatepass"
    )


@cache
def catalogue(version: str | None = None) -> Catalogue:
    """The catalogue in a version, or in the newest. Raises `UnknownCatalogue`."""
    wanted = version or versions()[-1]
    if wanted not in versions():
        raise UnknownCatalogue(wanted)
    return catalogue_in(_packaged() / wanted)


@cache
def versions() -> tuple[str, ...]:
    """The versions in this package, oldest first."""
    names = [folder.name for folder in _packaged().iterdir() if folder.joinpath(CONSTANTS).is_file()]
    return tuple(sorted(names, key=lambda name: tuple(int(part) for part in name.split("."))))


def _packaged() -> Traversable:
    return files("qingyuan_standards") / "rules"


def catalogue_in(folder: Traversable) -> Catalogue:
    """The catalogue whose files lie in a folder. Raises `BadCatalogue`, or `OSError` where it cannot be read."""
    documents = {file.name: _parsed(file) for file in folder.iterdir() if file.name.endswith(".json")}
    if CONSTANTS not in documents:
        raise BadCatalogue(f"{folder.name}: no {CONSTANTS}")
    standards = [documents[name] for name in sorted(documents) if name != CONSTANTS]
    rules = tuple(rule_of(record, file) for file in standards for record in file["rules"])
    require_sound(rules)
    missing = tuple(missing_of(record, file["standard"]) for file in standards for record in file["missing"])
    return _catalogue(documents[CONSTANTS], rules, missing, hashlib.sha256(canonical(documents)).hexdigest())


def _parsed(file: Traversable) -> Json:
    try:
        parsed = json.loads(file.read_text("utf-8"))
    except ValueError as error:
        raise BadCatalogue(f"{file.name}: {error}") from error
    if not isinstance(parsed, dict):
        raise BadCatalogue(f"{file.name}: is no object")
    return parsed


def _catalogue(constants: Json, rules: Iterable[Rule], missing: Iterable[Missing], sha256: str) -> Catalogue:
    own = constants["bounds"]
    return Catalogue(
        constants["version"],
        sha256,
        tuple(rules),
        tuple(missing),
        Bounds(
            int(own["copied_pairs"]["value"]),
            Decimal(own["magnitude"]["value"]),
            Decimal(own["implausible_percent"]["value"]),
            int(own["implausible_pairs"]["value"]),
        ),
        constants["t95"]["values"],
        {factor: Decimal(mass) for factor, mass in constants["molar_masses"]["values"].items()},
    )
