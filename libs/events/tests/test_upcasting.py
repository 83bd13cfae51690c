"""Older versions are read as the newest one, and no version is converted that means something else."""

import json
from pathlib import Path

import jsonschema
import pytest
from qingyuan_events import CATALOG, UPCASTERS, Fact, decode, decode_as_written, encode, generate, upcast
from qingyuan_events.content import VisitContent, canonical
from qingyuan_events.tasks import (
    ContractSubmittedV3,
    VisitBackfilledV2,
    VisitSheetCorrectedV3,
    VisitSheetRecordedV3,
    VisitSignedOutV2,
)

MEANS_SOMETHING_ELSE = {"contract.submitted.v1": "names points that the enterprise was never asked about"}
"""Older versions that are not converted, and why."""


def example(type_: str) -> str:
    return (generate.EXAMPLES / f"{type_}.json").read_text()


def split(type_: str) -> tuple[str, int]:
    noun, version = type_.rsplit(".v", 1)
    return noun, int(version)


def test_every_older_version_is_converted_or_listed_with_another_meaning() -> None:
    newest: dict[str, int] = {}
    for noun, version in map(split, CATALOG):
        newest[noun] = max(version, newest.get(noun, 1))
    older = {type_ for type_ in CATALOG if split(type_)[1] < newest[split(type_)[0]]}
    assert older == set(UPCASTERS) | set(MEANS_SOMETHING_ELSE)
    assert not set(UPCASTERS) & set(MEANS_SOMETHING_ELSE)


@pytest.mark.parametrize("type_", sorted(UPCASTERS))
def test_an_example_becomes_the_next_version_and_loses_nothing(type_: str) -> None:
    noun, version = split(type_)
    read = decode(type_, example(type_))
    assert split(read.type)[0] == noun
    assert split(read.type)[1] > version
    jsonschema.validate(json.loads(encode(read)), generate.schema(type(read)))
    assert type(read).model_validate_json(encode(read)) == read, "a shape that the newest class would refuse"
    written = json.loads(example(type_))
    assert written == {name: value for name, value in json.loads(encode(read)).items() if name in written}


def test_a_contract_of_version_2_replaces_none() -> None:
    read = decode("contract.submitted.v2", example("contract.submitted.v2"))
    assert isinstance(read, ContractSubmittedV3)
    assert read.replaces is None


@pytest.mark.parametrize(
    "type_",
    [f"visit.sheet_{done}.v{version}" for done in ("recorded", "corrected") for version in (1, 2, 3)],
)
def test_a_sheet_of_any_version_keeps_the_text_that_was_signed(type_: str) -> None:
    written = json.loads(example(type_))
    read = decode(type_, example(type_))
    assert isinstance(read, VisitSheetRecordedV3 | VisitSheetCorrectedV3)
    ids = {
        name: written[name] for name in ("visit_id", "operator_id", "enterprise_id", "outlet_id", "point_id")
    }
    none = dict.fromkeys(("sign_in", "sign_out", "backfill", "obstruction"))
    signed = VisitContent.model_validate(ids | none | {"cycles": (), "photos": (), "sheets": (read.sheet,)})
    assert json.loads(canonical(signed))["sheets"] == [written["sheet"]]


def test_a_back_fill_of_version_1_keeps_the_text_that_was_signed() -> None:
    written = json.loads(example("visit.backfilled.v1"))
    read = decode("visit.backfilled.v1", example("visit.backfilled.v1"))
    assert isinstance(read, VisitBackfilledV2)
    assert read.backfill.model_dump(mode="json", exclude_none=True) == written["backfill"]


def test_a_signing_out_of_version_1_keeps_the_text_that_was_signed() -> None:
    written = json.loads(example("visit.signed_out.v1"))
    read = decode("visit.signed_out.v1", example("visit.signed_out.v1"))
    assert isinstance(read, VisitSignedOutV2)
    assert read.sign_out.devices is None
    assert read.sign_out.model_dump(mode="json", exclude_none=True) == written["sign_out"]


@pytest.mark.parametrize("path", sorted(generate.EXAMPLES.glob("*.json")), ids=lambda path: path.stem)
def test_converting_twice_changes_nothing_and_the_bytes_stay_as_written(path: Path) -> None:
    read: Fact = decode(path.stem, path.read_text())
    assert upcast(read) is read
    assert json.loads(encode(decode_as_written(path.stem, path.read_text()))) == json.loads(path.read_text())
