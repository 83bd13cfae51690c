"""Which returned fields and papers are as they were, also where papers have moved."""

from typing import Any

import pytest
from views.filings.returned import remarks_on_basics, remarks_on_resource

FIRST: dict[str, Any] = {"paper_id": "1", "number": "JZ-1", "scan": "a"}
SECOND: dict[str, Any] = {"paper_id": "2", "number": "JZ-2"}
RETURNED = {"model": "GA-21", "papers": [FIRST, SECOND]}


def about(field: str) -> dict[str, Any]:
    return {"field": field, "reason": "unreadable"}


@pytest.mark.parametrize(
    ("field", "now", "place", "unchanged"),
    [
        ("model", {"model": "GA-22"}, "model", False),
        ("model", {"measures": "二氧化硫"}, "model", True),
        ("papers.1", {"papers": [SECOND]}, "papers.0", True),
        ("papers.0", {"papers": [SECOND]}, "papers", False),
        ("papers.0.scan", {"papers": [SECOND, FIRST | {"number": "JZ-9"}]}, "papers.1.scan", True),
        ("papers.0.scan", {"papers": [FIRST | {"scan": "b"}]}, "papers.0.scan", False),
        ("papers.9", {}, "papers", False),
        ("papers.x", {}, "papers", False),
        ("papers", {"papers": [FIRST]}, "papers", False),
        ("", {"model": "GA-22"}, "", False),
        ("name", {"measures": "二氧化硫"}, "name", False),
    ],
)
def test_of_a_resource(field: str, now: dict[str, Any], place: str, unchanged: bool) -> None:
    (found,) = remarks_on_resource([about(field)], RETURNED, RETURNED | now, same_version=False)
    assert (found["field"], found["unchanged"]) == (place, unchanged)


@pytest.mark.parametrize("field", ["", "name"])
@pytest.mark.parametrize("same_version", [True, False])
def test_a_name_may_have_been_typed_anew_in_another_version(field: str, same_version: bool) -> None:
    (found,) = remarks_on_resource([about(field)], RETURNED, RETURNED, same_version=same_version)
    assert found["unchanged"] == same_version


@pytest.mark.parametrize(
    ("field", "now", "retyped", "unchanged"),
    [
        ("address", {"staff": 13}, (), True),
        ("address", {"address": "别处"}, (), False),
        ("contact", {"address": "别处"}, (), True),
        ("contact", {}, ("contact",), False),
        ("", {}, (), True),
        ("", {}, ("contact",), False),
    ],
)
def test_of_the_basics(field: str, now: dict[str, Any], retyped: tuple[str, ...], unchanged: bool) -> None:
    returned = {"address": "清源路", "staff": 12}
    (found,) = remarks_on_basics([about(field)], returned, returned | now, retyped)
    assert found["unchanged"] == unchanged
