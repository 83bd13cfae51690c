"""Days, moments, numbers and published classes in requests: within bounds, and every wrong field is named."""

from datetime import date
from decimal import Decimal
from typing import Annotated, Any
from uuid import UUID

import pytest
from pydantic import BaseModel, TypeAdapter, ValidationError
from qingyuan_events.parts import FileRef, Location, Photo
from qingyuan_events.registry import PointParticulars
from qingyuan_runtime.domain.bounds import Day, Moment, Number, Sent, Whole
from qingyuan_runtime.domain.text import Code
from qingyuan_runtime.edge.problems import sentence_of


class Body(BaseModel):
    point: Annotated[PointParticulars, Sent(code=Code)]
    photo: Annotated[Photo, Sent()] | None = None


POINT: dict[str, Any] = {"code": "DW001", "name": "总测点", "medium": "wastewater", "factors": ["w01018"]}
FILE = {"sha256": "0" * 64, "size": 1, "media_type": "image/png"}
PHOTO = {
    "photo_id": str(UUID(int=1)),
    "of": "sign_in",
    "original": FILE,
    "taken_at": "2026-11-02T09:00:00+08:00",
}


def wrong(kind: Any, raw: object) -> list[tuple[str, str]]:
    with pytest.raises(ValidationError) as refused:
        TypeAdapter(kind).validate_python(raw)
    return [(".".join(map(str, error["loc"])), error["type"]) for error in refused.value.errors()]


@pytest.mark.parametrize(
    "raw", [0, 1.5, "0", "20261102", "2026-11-02T00:00:00", "2026-13-01", True, None, "٢٠٢٦-١١-٠٢"]
)
def test_a_day_is_written_as_one(raw: object) -> None:
    assert wrong(Day, raw)[0][1] in ("date_parsing", "date_from_datetime_parsing")


@pytest.mark.parametrize("raw", ["0001-01-01", "1899-12-31", "2200-01-01", "9999-12-31"])
def test_days_that_nobody_means_are_refused(raw: str) -> None:
    assert wrong(Day, raw) == [("", "date_out_of_range")]


def test_a_day_typed_in_full_width_is_a_day() -> None:
    assert TypeAdapter(Day).validate_python(" ２０２６－１１－０２ ") == date(2026, 11, 2)


@pytest.mark.parametrize(
    "raw", [0, "0", "2026-11-02T00:00:00", "2026-11-02", "0001-01-01T00:00:00Z", "9999-12-31T23:59:59-12:00"]
)
def test_moments_are_written_aware_and_of_our_time(raw: object) -> None:
    assert wrong(Moment, raw)[0][1] in ("datetime_parsing", "timezone_aware", "moment_out_of_range")


@pytest.mark.parametrize(
    "raw",
    ["NaN", "-Infinity", float("inf"), float("nan"), "1_000", "١", "0x1", "", "1,000", True, [], None, "."],
)
def test_what_is_no_number_is_refused(raw: object) -> None:
    assert wrong(Number, raw)[0][1] == "decimal_parsing"


@pytest.mark.parametrize("raw", ["1E+99", "9" * 30, "0." + "0" * 20 + "1", 1e30, 10**30])
def test_numbers_out_of_bounds_are_refused(raw: object) -> None:
    assert wrong(Number, raw) == [("", "number_out_of_range")]


def test_a_number_has_one_form() -> None:
    number = TypeAdapter(Number)
    assert [str(number.validate_python(raw)) for raw in ("１２．５０", 3, 0.1, "1e-5", "-0.0", "+7")] == [
        "12.50", "3", "0.1", "0.00001", "-0.0", "7"
    ]  # fmt: skip
    assert wrong(Whole, 10**30) == [("", "number_out_of_range")]


def test_a_published_part_is_handed_on_as_what_it_is() -> None:
    location = {"longitude": "121.5", "latitude": "31.25", "datum": "WGS-84"}
    body = Body.model_validate(
        {"point": {**POINT, "code": "ＤＷ００１", "name": " 总\u200b测点", "location": location}}
    )
    assert type(body.point) is PointParticulars
    assert type(body.point.location) is Location
    assert (body.point.code, body.point.name) == ("DW001", "总测点")
    assert body.point == PointParticulars(**POINT, location=Location(**location))
    assert body.point.model_fields_set == {*POINT, "location"}


def test_every_wrong_field_of_a_part_is_named() -> None:
    location = {"longitude": "200", "latitude": "1E+99", "datum": "WGS-84"}
    point = {**POINT, "name": "a\0", "factors": ["w01018", "w\x01"], "location": location, "extra": 1}
    photo = {
        **PHOTO,
        "original": {**FILE, "size": 0, "media_type": "x\n" + "y", "sha256": "Z"},
        "taken_at": 0,
    }
    assert set(wrong(Body, {"point": point, "photo": photo})) == {
        ("point.name", "control_character"),
        ("point.factors.1", "control_character"),
        ("point.location.longitude", "less_than_equal"),
        ("point.location.latitude", "less_than_equal"),
        ("point.extra", "extra_forbidden"),
        ("photo.original.size", "greater_than_equal"),
        ("photo.original.media_type", "line_break"),
        ("photo.original.sha256", "string_pattern_mismatch"),
        ("photo.taken_at", "datetime_parsing"),
    }


def test_a_file_keeps_the_name_of_its_uploader() -> None:
    body = Body.model_validate(
        {"point": POINT, "photo": {**PHOTO, "original": {**FILE, "name": "截图 9.41\u202fAM.png"}}}
    )
    assert body.photo is not None
    assert body.photo.original == FileRef(**FILE, name="截图 9.41 AM.png")


def test_the_sentence_says_how_much_is_too_much() -> None:
    with pytest.raises(ValidationError) as refused:
        TypeAdapter(Code).validate_python("x" * 201)
    assert sentence_of(refused.value.errors()[0]) == "内容过长，最多 200 个字。"
    assert Decimal("0.1") == TypeAdapter(Number).validate_python("0.1")
