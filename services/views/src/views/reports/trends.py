"""What earlier reports say of the instruments of a report: one trend for each of its factors."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from qingyuan_runtime.database.connections import Connection

from views.reports.documents import Factor
from views.shared.names import Names, Wanted, names_of
from views.shared.scope import Scope

REPORTS_MOST: Final = 60
Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Found:
    """The places of each factor's trend, oldest first, with the names for the day of the report."""

    trends: Sequence[tuple[Factor, Sequence[Any]]]
    names: Names
    day: date


async def read(connection: Connection, scope: Scope, row: Any, factors: Iterable[Factor], day: date) -> Found:
    trends = [(factor, await _places(connection, factor, day)) for factor in factors]
    wanted = Wanted()
    for factor, places in trends:
        instruments = [factor.instrument_id] if factor.instrument_id else []
        wanted.add(row, day, [factor.point_id, *instruments])
        for place in places:
            wanted.add(place, place["first_day"])
    return Found(trends, await names_of(connection, scope, wanted), day)


async def _places(connection: Connection, factor: Factor, day: date) -> list[Any]:
    """The newest ones up to the day, oldest first. Row-level security leaves an operator its own."""
    if factor.instrument_id:
        rows = await connection.fetch(_OF_INSTRUMENT, factor.instrument_id, day)
    else:
        rows = await connection.fetch(_OF_POINT, factor.point_id, factor.code, day)
    return list(reversed(rows))


def answer(found: Found) -> Row:
    return {"items": [_trend(factor, places, found) for factor, places in found.trends]}


def _trend(factor: Factor, places: Sequence[Any], found: Found) -> Row:
    judged = [json.loads(place["judged"]) for place in places]
    own = factor.instrument_id
    return {
        "at": factor.at,
        "point_id": str(factor.point_id),
        "point_name": found.names.entry(factor.point_id, found.day).get("name", ""),
        "factor": factor.code,
        "name": judged[-1]["name"] if judged else factor.code,
        "unit": factor.unit,
        "by": "instrument" if own else "point",
        "instrument": found.names.instrument(own, found.day) if own else None,
        "reports": [_place(place, said, found.names) for place, said in zip(places, judged, strict=True)],
    }


def _place(place: Any, judged: Row, names: Names) -> Row:
    operator = (place["operator_id"], place["enterprise_id"], place["first_day"])
    return {
        "id": str(place["id"]),
        "operator_id": str(place["operator_id"]),
        "operator_name": names.operators.get(operator, ""),
        **{name: place[name] for name in ("number", "doc_type", "state", "at")},
        "first_day": place["first_day"].isoformat(),
        **{
            name: judged[name]
            for name in ("unit", "basis", "result", "blocking", "concluded", "figures", "rules")
        },
    }


_PLACES: Final = f"""
    select r.id, r.operator_id, r.enterprise_id, r.number, r.doc_type, r.state, f.first_day, f.at, f.judged
      from reports.report_factor f join reports.report r on r.id = f.report_id
     where {{}} and f.first_day <= {{}} and r.state not in ('withdrawn', 'superseded')
     order by f.first_day desc, r.listed_at desc, r.id, f.at desc limit {REPORTS_MOST}
"""
_OF_INSTRUMENT: Final = _PLACES.format("f.instrument_id = $1", "$2")
_OF_POINT: Final = _PLACES.format("f.point_id = $1 and f.factor = $2", "$3")
