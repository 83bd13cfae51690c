"""The record sheets: every version that ever was, and the check of what is written on them."""

import json
from datetime import date
from functools import cache
from importlib.resources import files

from qingyuan_standards.checking import Checked, check
from qingyuan_standards.checking_findings import Finding
from qingyuan_standards.checking_schema import Problem
from qingyuan_standards.forms_definition import Form

__all__ = ["Checked", "Finding", "Form", "Problem", "UnknownForm", "check", "form", "forms"]


class UnknownForm(LookupError):
    """There is no form of this name and version."""


@cache
def _all() -> dict[tuple[str, int], Form]:
    folder = files("qingyuan_standards") / "forms"
    documents = [json.loads(one.read_text("utf-8")) for one in folder.iterdir() if one.name.endswith(".json")]
    every = [Form.of(document) for document in documents]
    return {(one.name, one.version): one for one in sorted(every, key=lambda one: (one.name, one.version))}


def forms(day: date) -> tuple[Form, ...]:
    """The forms a sheet may be begun with on this day, by name: of each the latest version that holds."""
    latest = {one.name: one for one in _all().values() if one.holds_on(day)}
    return tuple(latest.values())


def form(name: str, version: int) -> Form:
    """One form, valid today or not: what was written on it stays readable. Raises `UnknownForm`."""
    try:
        return _all()[name, version]
    except KeyError:
        raise UnknownForm(f"{name}.v{version}") from None
