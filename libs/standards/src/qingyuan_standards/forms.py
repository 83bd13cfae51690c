"""The forms of all record sheets in every version, and the check of filled-in sheets."""

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
    texts = [file.read_text("utf-8") for file in folder.iterdir() if file.name.endswith(".json")]
    every = [Form.of(json.loads(text)) for text in texts]
    in_order = sorted(every, key=lambda form: (form.name, form.version))
    return {(form.name, form.version): form for form in in_order}


def forms(day: date) -> tuple[Form, ...]:
    """The forms for new sheets on this day, by name: the latest valid version of each."""
    latest = {form.name: form for form in _all().values() if form.holds_on(day)}
    return tuple(latest.values())


def form(name: str, version: int) -> Form:
    """A form in one version, which need not be valid any more: old sheets stay readable. Raises `UnknownForm`."""
    try:
        return _all()[name, version]
    except KeyError:
        raise UnknownForm(f"{name}.v{version}") from None
