"""Every form file holds together, is found by its day, and never changes once it is committed."""

import hashlib
import inspect
import json
from collections.abc import Iterator
from datetime import date
from importlib.resources import files
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from qingyuan_standards.checking_findings import KINDS, UNVERIFIED
from qingyuan_standards.contents import CONTENTS
from qingyuan_standards.forms import Form, UnknownForm, check, form, forms
from qingyuan_standards.formulas import FORMULAS

FOLDER = files("qingyuan_standards") / "forms"
FILES = {path.name: path.read_bytes() for path in FOLDER.iterdir() if path.name.endswith(".json")}
DOCUMENTS: list[dict[str, Any]] = [json.loads(content) for content in FILES.values()]
KEYWORDS = {
    "$schema",
    "$defs",
    "$ref",
    "title",
    "type",
    "properties",
    "required",
    "additionalProperties",
    "items",
}
KEYWORDS |= {"enum", "maxLength", "minItems", "maxItems", "pattern", "format", "unit", "confidence"}
TODAY = date(2026, 11, 24)

every_form = pytest.mark.parametrize(
    "document", DOCUMENTS, ids=lambda document: f"{document['form']}.v{document['version']}"
)


def columns(document: dict[str, Any], table: str) -> set[str]:
    return set(document["schema"]["properties"][table]["items"]["properties"])


def computed(document: dict[str, Any], rows: str | None) -> set[str]:
    return {formula["field"] for formula in document["computed"] if formula.get("rows") == rows}


def names(document: dict[str, Any], rows: str | None) -> set[str]:
    """Whatever a computation or a check may speak of: the row's own, and the sheet's around it."""
    found = set(document["schema"]["properties"]) | computed(document, None)
    return found if rows is None else found | columns(document, rows) | computed(document, rows)


def schemas(of: Any) -> Iterator[dict[str, Any]]:
    yield of
    for name in ("properties", "$defs"):
        for schema in of.get(name, {}).values():
            yield from schemas(schema)
    if "items" in of:
        yield from schemas(of["items"])


def test_a_committed_form_never_changes() -> None:
    """Change a form by writing its next version, and add that to SHA256SUMS."""
    listed = dict(reversed(line.split("  ")) for line in (FOLDER / "SHA256SUMS").read_text().splitlines())
    assert {name: hashlib.sha256(content).hexdigest() for name, content in FILES.items()} == listed


def test_a_form_is_found_by_name_and_version_and_by_the_day() -> None:
    calibration = form("calibration", 1)
    assert calibration.title == "CEMS零点/量程漂移与校准记录表"
    assert calibration in forms(date(2018, 3, 1))
    assert calibration not in forms(date(2018, 2, 28))
    with pytest.raises(UnknownForm):
        form("calibration", 99)


def versions(**changes: dict[str, Any]) -> dict[tuple[str, int], Form]:
    found = [Form.of(form("shutdown", 1).document | change) for change in changes.values()]
    return {(known_form.name, known_form.version): known_form for known_form in found}


def test_a_form_that_is_no_longer_valid_can_still_be_read(monkeypatch: pytest.MonkeyPatch) -> None:
    every = versions(old={"valid_to": "2020-12-31"})
    monkeypatch.setattr("qingyuan_standards.forms._all", lambda: every)
    assert [found_form.version for found_form in forms(date(2020, 12, 31))] == [1]
    assert forms(date(2021, 1, 1)) == ()
    assert form("shutdown", 1) is every["shutdown", 1]


def test_a_new_version_takes_over_on_its_first_day(monkeypatch: pytest.MonkeyPatch) -> None:
    every = versions(
        first={},
        second={"version": 2, "valid_from": "2027-01-01"},
        tenth={"version": 10, "valid_from": "2028-01-01"},
    )
    monkeypatch.setattr("qingyuan_standards.forms._all", lambda: every)
    days = (date(2026, 12, 31), date(2027, 1, 1), date(2028, 1, 1))
    assert [[found_form.version for found_form in forms(day)] for day in days] == [[1], [2], [10]]
    assert form("shutdown", 1).version == 1


@every_form
def test_its_name_is_that_of_its_file(document: dict[str, Any]) -> None:
    assert f"{document['form']}.v{document['version']}.json" in FILES
    assert document["confidence"] in {"OFFICIAL", *UNVERIFIED}
    assert document["source"]


@every_form
def test_its_schema_says_only_what_both_engines_reduce_alike(document: dict[str, Any]) -> None:
    Draft202012Validator.check_schema(document["schema"])
    for schema in schemas(document["schema"]):
        assert set(schema) <= KEYWORDS
        if "properties" in schema:
            assert schema["additionalProperties"] is False
            assert set(schema["required"]) <= set(schema["properties"])
            assert all("title" in field_schema for field_schema in schema["properties"].values())
        if "$ref" in schema:
            assert schema["$ref"].removeprefix("#/$defs/") in document["schema"]["$defs"]


@every_form
def test_no_number_can_be_written_as_anything_but_a_text(document: dict[str, Any]) -> None:
    assert {schema["type"] for schema in schemas(document["schema"]) if "type" in schema} <= {
        "string",
        "array",
        "object",
    }


@every_form
def test_its_layout_shows_every_field_once(document: dict[str, Any]) -> None:
    properties = document["schema"]["properties"]
    tables = {name for name, schema in properties.items() if schema.get("type") == "array"}
    groups = [name for block in document["layout"] for name in block.get("fields", [])]
    assert len(groups) == len(set(groups))
    assert set(properties) - tables <= set(groups) <= names(document, None) - tables
    assert [block["table"] for block in document["layout"] if "table" in block] == [
        name for name in properties if name in tables
    ]
    for block in document["layout"]:
        if "table" in block:
            shown = set(block["columns"])
            assert (
                columns(document, block["table"])
                <= shown
                <= columns(document, block["table"]) | computed(document, block["table"])
            )


@every_form
def test_its_computations_name_known_formulas_and_fields(document: dict[str, Any]) -> None:
    for computation in document["computed"]:
        assert set(computation.get("when", {})) <= names(document, computation.get("rows"))
        if computation["formula"] == "within":
            assert set(computation["of"]) == {"by"}
            assert computation["bands"] in document["bands"]
        else:
            formula = FORMULAS[computation["formula"]]
            assert set(computation["of"]) == set(inspect.signature(formula.function).parameters) - {"table"}
            assert not formula.table or computation["table"] in document["tables"]
        for name in computation["of"].values():
            table, _, column = name.rpartition(".")
            assert column in names(document, table or computation.get("rows"))


@every_form
def test_its_checks_name_known_kinds_and_fields_and_how_sure_they_are(document: dict[str, Any]) -> None:
    for rule in document["checks"]:
        known = names(document, rule.get("rows"))
        assert rule["kind"] in {*KINDS, "band"}
        assert rule["level"] in {"note", "warning"}
        assert {rule["field"], *rule.get("when", {})} <= known
        assert {rule[name] for name in ("used", "after") if name in rule} <= known
        if rule["kind"] == "explained":
            assert set(rule["of"]) <= known
        if rule["kind"] == "band":
            assert rule["bands"] in document["bands"]
        elif not rule["rule"].startswith("FORM-"):
            assert rule["confidence"] in {"OFFICIAL", *UNVERIFIED}
            assert rule["source"]


@every_form
def test_its_bands_say_what_they_judge_and_how_sure_they_are(document: dict[str, Any]) -> None:
    for name, bands in document.get("bands", {}).items():
        users = [rule for rule in [*document["checks"], *document["computed"]] if rule.get("bands") == name]
        assert users
        for band in bands:
            assert band["confidence"] in {"OFFICIAL", *UNVERIFIED}
            assert all(
                {band["judges"], *band["when"]}
                <= names(document, user.get("rows")) | computed(document, "pairs")
                for user in users
            )


@every_form
def test_what_it_takes_from_the_last_sheet_exists(document: dict[str, Any]) -> None:
    for default in document["defaults_from_last"]:
        for name in [default] if isinstance(default, str) else [default["field"], default["from"]]:
            table, _, column = name.rpartition(".")
            assert column in (columns(document, table) if table else document["schema"]["properties"])


def test_every_work_names_forms_there_are_and_every_form_is_named_by_its_work() -> None:
    known = {document["form"] for document in DOCUMENTS}
    assert {name for content in CONTENTS.values() for name in content.forms} == known
    for document in DOCUMENTS:
        assert document["form"] in CONTENTS[document["content"]].forms
        assert document["medium"] in {"any", *CONTENTS[document["content"]].media}


def test_an_unverified_rule_says_so_in_its_sentence() -> None:
    reading = {
        "factor": "颗粒物",
        "range": "100",
        "unit": "mg/m³",
        "zero_after_last": "0",
        "zero_before": "8.1",
    }
    found = check(form("calibration", 1), {"readings": [reading]}).findings
    assert [finding.sentence for finding in found] == [
        "颗粒物零点漂移为 8.10% F.S.，超过 ±2.0% F.S.（规则 H75-PM-ZD），应校准仪器。该要求来自第三方资料，尚未与标准原文核对，仅作提示。",
        "颗粒物零点漂移为 8.10% F.S.，超过 ±8.0% F.S.（HJ 75-2017 失控限值，规则 OOC-PM-Z）。该要求尚未与标准原文核对，仅作提示。",
    ]
