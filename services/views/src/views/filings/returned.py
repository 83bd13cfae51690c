"""Whether what a review returned has changed since. Pure.

Names of people are encrypted, so they have changed where they were typed anew.
"""

import re
from collections.abc import Collection, Mapping, Sequence
from typing import Any, Final

Row = dict[str, Any]
NUMBER: Final = re.compile("[0-9]{1,4}")
UNREADABLE: Final = frozenset({"", "name"})
"""A remark on the whole, and one on the name of a person: only the version says whether they have changed."""


def remarks_on_resource(
    remarks: Sequence[Row], returned: Row | None, now: Row, *, same_version: bool
) -> list[Row]:
    """Each remark with whether its field is as it was; a paper is named where it stands now."""
    return [_remark(remark, returned or {}, now, same_version) for remark in remarks]


def remarks_on_basics(
    remarks: Sequence[Row], returned: Row | None, now: Row | None, retyped: Collection[str]
) -> list[Row]:
    if returned is None or now is None:
        return [remark | {"unchanged": False} for remark in remarks]
    return [
        remark | {"unchanged": _same_basics(remark["field"], returned, now, retyped)} for remark in remarks
    ]


def _same_basics(field: str, returned: Row, now: Row, retyped: Collection[str]) -> bool:
    if field in ("legal_representative", "contact"):
        return field not in retyped
    if not field:
        return returned == now and not retyped
    return bool(returned.get(field) == now.get(field))


def _remark(remark: Row, returned: Row, now: Row, same_version: bool) -> Row:
    name, _, rest = remark["field"].partition(".")
    if not returned or same_version or name in UNREADABLE:
        return remark | {"unchanged": same_version}
    if name == "papers" and rest:
        return _remark_on_paper(remark, returned, now, rest)
    return remark | {"unchanged": returned.get(name) == now.get(name)}


def _remark_on_paper(remark: Row, returned: Row, now: Row, place: str) -> Row:
    """Papers are the same by their id, wherever they stand. One that is gone was on the list as a whole."""
    at, _, part = place.partition(".")
    was = _paper_at(returned, at)
    found = next(
        (
            (n, paper)
            for n, paper in enumerate(now.get("papers", ()))
            if paper["paper_id"] == was.get("paper_id")
        ),
        None,
    )
    if found is None:
        return remark | {"field": "papers", "unchanged": False}
    number, paper = found
    same = paper.get(part) == was.get(part) if part else paper == was
    return remark | {"field": f"papers.{number}{'.' if part else ''}{part}", "unchanged": same}


def _paper_at(particulars: Mapping[str, Any], at: str) -> Row:
    papers = particulars.get("papers", ())
    return papers[int(at)] if NUMBER.fullmatch(at) and int(at) < len(papers) else {}
