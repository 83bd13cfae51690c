"""The catalogue: what loads, what does not, and that a committed version never changes."""

import copy
import hashlib
import json
from collections.abc import Callable
from datetime import date
from math import atan, cos, pi, sin, sqrt
from pathlib import Path
from typing import Any

import pytest
from qingyuan_standards.rules import (
    BadCatalogue,
    Difference,
    UnknownCatalogue,
    catalogue,
    catalogue_in,
    check,
    differences,
    versions,
)
from qingyuan_standards.rules.command import run
from qingyuan_standards.rules.saying import WHY_NOT
from qingyuan_standards.rules.vectors import document_of

FOLDER = Path(__file__).parents[1] / "src/qingyuan_standards/rules"
NEWEST = FOLDER / versions()[-1]
Change = Callable[[dict[str, Any]], None]


@pytest.mark.parametrize("version", versions())
def test_a_committed_catalogue_never_changes(version: str) -> None:
    """Change a rule by writing the next version of the catalogue, with its own SHA256SUMS."""
    listed = dict(
        reversed(line.split("  ")) for line in (FOLDER / version / "SHA256SUMS").read_text().splitlines()
    )
    files = {path.name: path.read_bytes() for path in (FOLDER / version).glob("*.json")}
    assert {name: hashlib.sha256(content).hexdigest() for name, content in files.items()} == listed


def test_the_newest_catalogue_is_the_default_and_an_unknown_one_is_told() -> None:
    assert catalogue() == catalogue(versions()[-1])
    with pytest.raises(UnknownCatalogue):
        catalogue("1999.1")


def test_a_packaged_catalogue_and_the_same_folder_have_one_hash() -> None:
    assert catalogue_in(NEWEST).sha256 == catalogue().sha256


def test_every_basis_has_rules_or_says_what_is_missing() -> None:
    known = catalogue()
    for basis in ("HJ 75-2017", "HJ 355-2019", "HJ 1286-2023", "环办执法〔2019〕64号"):
        assert any(missing.standard == basis for missing in known.missing)
    assert not any("环办执法〔2019〕64号" in rule.basis for rule in known.rules)


def test_which_types_of_report_have_rules_is_as_the_contract_says() -> None:
    h75, h355, h1286 = "HJ 75-2017", "HJ 355-2019", "HJ 1286-2023"
    found: dict[str, set[str]] = {}
    for rule in catalogue().rules:
        for doc_type in rule.doc_types:
            found.setdefault(doc_type, set()).update(rule.basis)
    assert found == {
        "commissioning": {h75},
        "acceptance": {h75, h1286},
        "verification": {h75, h1286},
        "supervisory_comparison": {h75, h355},
        "sample_comparison": {h355},
        "trueness_check": {h1286},
        "flow_comparison": {h355},
        "quality_control": {h75, h355, h1286},
    }


def test_no_rule_is_called_official_while_no_text_was_read() -> None:
    assert {rule.confidence for rule in catalogue().rules} == {"2SRC", "SEEN", "RECALL"}


def test_rules_hold_from_the_day_of_their_standard() -> None:
    known = catalogue()
    assert known.rules_for("HJ 355-2019", "sample_comparison", "w01018", date(2020, 3, 23)) == ()
    assert known.rules_for("HJ 355-2019", "sample_comparison", "w01018", date(2020, 3, 24))


def copied(tmp_path: Path, change: Change, name: str = "hj355-2019.json") -> Path:
    for path in NEWEST.glob("*.json"):
        (tmp_path / path.name).write_bytes(path.read_bytes())
    document = json.loads((tmp_path / name).read_text("utf-8"))
    change(document)
    (tmp_path / name).write_text(json.dumps(document, ensure_ascii=False), "utf-8")
    return tmp_path


def of(document: dict[str, Any], rule: str) -> dict[str, Any]:
    return next(record for record in document["rules"] if record["rule"] == rule)


def set_in(name: str, /, **values: Any) -> Change:
    return lambda document: of(document, name).update(values)


def without_edges(document: dict[str, Any]) -> None:
    record = of(document, "W-T")
    record["vectors"] = [{k: v for k, v in vector.items() if k != "edge"} for vector in record["vectors"]]


def one_vector(document: dict[str, Any]) -> None:
    of(document, "W-T")["vectors"] = of(document, "W-T")["vectors"][:1]


def band(rule: str, **values: Any) -> Change:
    return lambda document: of(document, rule)["bands"][0].update(values)


def open_end(document: dict[str, Any]) -> None:
    first = of(document, "W-COD-1")["bands"][0]
    first["above"] = first.pop("from")


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (set_in("W-T", vectors=[]), "W-T: has fewer than two vectors"),
        (one_vector, "W-T: has fewer than two vectors"),
        (without_edges, "W-T: has no vector at the edge"),
        (set_in("W-T", severity="blocking"), "W-T: is RECALL and may warn, never block"),
        (set_in("W-M3", severity="blocking"), "W-M3: is SEEN and may warn, never block"),
        (set_in("W-T", confidence="SURE"), "W-T: confidence SURE"),
        (set_in("W-T", quantity="smell"), "W-T: quantity smell"),
        (set_in("W-T", comparison="about"), "W-T: comparison about"),
        (set_in("W-T", on="pond"), "W-T: on pond"),
        (set_in("W-T", prose=" "), "W-T: has no band or no prose"),
        (set_in("W-T", bands=[]), "W-T: has no band or no prose"),
        (set_in("W-T", rule="W-PH"), "W-PH: stands 2 times"),
        (band("W-COD-2", **{"from": "59"}), "W-COD-3 and W-COD-2 overlap or leave a gap"),
        (band("W-COD-2", **{"from": "61"}), "W-COD-3 and W-COD-2 overlap or leave a gap"),
        (open_end, "W-COD-2 and W-COD-1 overlap or leave a gap"),
        (band("W-T", limit="a half"), "W-T: InvalidOperation"),
        (lambda document: of(document, "W-T").pop("vectors"), "W-T: KeyError"),
    ],
)
def test_a_bad_catalogue_does_not_load(tmp_path: Path, change: Change, told: str) -> None:
    with pytest.raises(BadCatalogue) as refused:
        catalogue_in(copied(tmp_path, change))
    assert told in str(refused.value)


def report_of(pairs: list[tuple[str, str]]) -> dict[str, Any]:
    rows = [{"reference": reference, "measured": measured} for reference, measured in pairs]
    factor = {"factor": "w01018", "unit": "mg/L", "pairs": rows}
    return {
        "document": "report.v1",
        "doc_type": "sample_comparison",
        "basis": "HJ 355-2019",
        "performed": {"from": "2026-11-03T08:00", "to": "2026-11-03T18:00"},
        "points": [{"id": "1", "factors": [factor]}],
    }


def test_a_judgement_is_no_surer_than_the_rules_that_it_stands_on(tmp_path: Path) -> None:
    """With a sure n of m, the limit of 2SRC above 100 mg/L may block, and that of SEEN below it may not."""
    sure = catalogue_in(copied(tmp_path, set_in("W-M3", confidence="2SRC", severity="blocking")))
    severities = []
    for level in ("120", "80"):
        verdict = check(report_of([(level, "200")] * 3), sure)
        (group,) = (judged for judged in verdict.judged if judged.rule.id == "W-M3")
        severities.append((group.stands_on, group.result, group.severity, group.blocking))
    assert severities == [
        (("W-COD-1",), "fail", "blocking", True),
        (("W-COD-2",), "fail", "warning", False),
    ]


def test_findings_and_inputs_name_their_places() -> None:
    document = report_of([("120", "121"), ("120", "１２２"), ("120", "12500")])
    verdict = check(document, catalogue()).as_json()
    at = "/points/0/factors/0"
    assert [(found["code"], found["at"]) for found in verdict["findings"]] == [
        ("pair.no-time", at),
        ("magnitude.odd", f"{at}/pairs/2"),
        ("number.full-width", f"{at}/pairs/1/measured"),
    ]
    group, *_ = (judged for judged in verdict["rules"] if judged["rule"] == "W-M3")
    assert group["inputs"] == [
        f"{at}/pairs/{index}/{name}" for index in range(3) for name in ("reference", "measured")
    ]
    assert [judged["at"] for judged in verdict["rules"] if judged["rule"] == "W-COD-1"] == [
        f"{at}/pairs/{index}" for index in range(3)
    ]


def test_a_folder_without_constants_or_with_broken_json_is_told(tmp_path: Path) -> None:
    with pytest.raises(BadCatalogue):
        catalogue_in(tmp_path)
    (tmp_path / "constants.json").write_text("{")
    with pytest.raises(BadCatalogue):
        catalogue_in(tmp_path)


def next_edition(document: dict[str, Any]) -> None:
    of(document, "W-PH")["bands"][0]["limit"] = "0.4"
    document["rules"].remove(of(document, "W-REF"))
    document["rules"].append({**copy.deepcopy(of(document, "W-T")), "rule": "W-T-2"})


def test_what_changed_between_two_catalogues_is_listed_by_rule(tmp_path: Path) -> None:
    changed = catalogue_in(copied(tmp_path, next_edition))
    assert changed.sha256 != catalogue().sha256
    assert differences(catalogue(), changed) == (
        Difference("W-PH", "changed", ("bands",)),
        Difference("W-REF", "removed"),
        Difference("W-T-2", "added"),
    )
    assert differences(catalogue(), catalogue()) == ()


def test_a_table_that_changed_is_listed_after_the_rules(tmp_path: Path) -> None:
    def wider(constants: dict[str, Any]) -> None:
        constants["bounds"]["magnitude"]["value"] = "500"

    changed = catalogue_in(copied(tmp_path, wider, "constants.json"))
    assert differences(catalogue(), changed) == (Difference("bounds", "changed"),)


def test_a_quantity_without_a_value_says_why() -> None:
    """Of every rule that some vector leaves without one."""
    for rule in catalogue().rules:
        for vector in rule.vectors:
            for judged in check(document_of(rule, vector), catalogue()).judged:
                if judged.value is None and "缺少选择规则" not in judged.sentence:
                    assert judged.rule.quantity in WHY_NOT, judged.sentence
                    assert WHY_NOT[judged.rule.quantity] in judged.sentence


def test_marks_say_what_is_behind_a_result() -> None:
    low = report_of([("22", "23")] * 3)
    low["exemptions"] = [{"rule": "W-N", "from": "2026-11-03", "to": "2026-11-03", "reason": "x"}]
    verdict = check(low, catalogue())
    marks = {judged.rule.id: (judged.severity, judged.marks) for judged in verdict.judged}
    assert marks["W-COD-4"] == ("note", ("substitute_expected",))
    assert marks["W-N"] == ("note", ("exempted",))
    drifted = report_of([])
    drifted["basis"], drifted["doc_type"] = "HJ 75-2017", "quality_control"
    drifted["points"][0]["factors"] = [
        {
            "factor": "a01011",
            "unit": "m/s",
            "instrument": {"range": "10", "unit": "m/s"},
            "tests": [{"test": "zero_drift", "before": "0.5", "after_last": "0"}],
        }
    ]
    verdict = check(drifted, catalogue())
    marks = {judged.rule.id: (judged.result, judged.marks) for judged in verdict.judged}
    at = "/points/0/factors/0"
    read = (f"{at}/tests/0/before", f"{at}/tests/0/after_last", f"{at}/instrument/range")
    assert {judged.inputs for judged in verdict.judged} == {read}
    (test,) = verdict.as_json()["factors"][0]["tests"]
    assert test["figures"]["drift"] == {
        "value": "5",
        "shown": "5.00",
        "unit": "% F.S.",
        "formula": "F-ZD, F-SD",
    }
    assert marks == {"H75-FLOW-ZD": ("pass", ("by_alternative",)), "OOC-FLOW": ("pass", ())}


def test_the_command_lists_the_same(tmp_path: Path) -> None:
    status, told = run(["standards", "diff", versions()[-1], str(copied(tmp_path, next_edition))])
    assert status == 1
    assert "改动 W-PH：bands" in told
    assert "共 3 处不同" in told
    assert run(["standards", "diff", versions()[-1], str(NEWEST)])[0] == 0
    status, told = run(["standards", "diff", "1999.1", versions()[-1]])
    assert (status, "没有规则目录 1999.1" in told) == (2, True)
    status, told = run(["standards", "diff", str(tmp_path), str(tmp_path.parent / "nowhere")])
    assert (status, "没有规则目录 nowhere" in told) == (2, True)


def share_within(t: float, f: int) -> float:
    """Of Student's distribution, between -t and t: the closed form for whole degrees of freedom."""
    angle = atan(t / sqrt(f))
    term, total = (1.0, 1.0) if f % 2 == 0 else (cos(angle), cos(angle))
    for k in range(2 if f % 2 == 0 else 3, f - 1, 2):
        term *= cos(angle) ** 2 * ((k - 1) / k)
        total += term
    if f % 2 == 0:
        return sin(angle) * total
    return 2 / pi * (angle + (sin(angle) * total if f > 1 else 0))


def t_of(f: int, share: float = 0.95) -> float:
    low, high = 0.0, 100.0
    for _ in range(200):
        middle = (low + high) / 2
        low, high = (middle, high) if share_within(middle, f) < share else (low, middle)
    return low


def test_the_t_table_is_that_of_students_distribution() -> None:
    table = catalogue().t95
    assert {f: f"{t_of(int(f)):.3f}" for f in table} == dict(table)
    assert list(map(int, table)) == [*range(2, 16), 20, 30]
