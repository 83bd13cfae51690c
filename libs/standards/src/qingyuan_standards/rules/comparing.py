"""What changed between two catalogues: rule by rule, and the tables beside the rules."""

from dataclasses import dataclass
from typing import Final, Literal

from qingyuan_standards.rules.loading import Catalogue

TABLES: Final = ("bounds", "missing", "molar_masses", "t95")


@dataclass(frozen=True, slots=True)
class Difference:
    """`rule`: also the name of a table (`TABLES`). `fields`: of a changed rule, the names of what changed in its record."""

    rule: str
    kind: Literal["added", "removed", "changed"]
    fields: tuple[str, ...] = ()


def differences(old: Catalogue, new: Catalogue) -> tuple[Difference, ...]:
    """Sorted by rule, the tables last."""
    before = {rule.id: rule.record for rule in old.rules}
    after = {rule.id: rule.record for rule in new.rules}
    found = []
    for rule in sorted(before.keys() | after.keys()):
        if rule not in after or rule not in before:
            found.append(Difference(rule, "added" if rule in after else "removed"))
        elif before[rule] != after[rule]:
            names = sorted(before[rule].keys() | after[rule].keys())
            changed = tuple(name for name in names if before[rule].get(name) != after[rule].get(name))
            found.append(Difference(rule, "changed", changed))
    tables = (name for name in TABLES if getattr(old, name) != getattr(new, name))
    return (*found, *(Difference(name, "changed") for name in tables))
