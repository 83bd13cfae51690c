"""The queries about an operator's information for its credit evaluation over HTTP."""

import json
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Path
from fastapi.responses import JSONResponse
from qingyuan_runtime.edge.dependencies import from_state
from qingyuan_standards.days import local_day

from views.filings.credit_models import AnnualInformation, DailyInformation
from views.filings.credit_queries import Annual, CreditQueries
from views.shared.edge import ActorScope, Now, UpToDate

router = APIRouter(tags=["查询 · 信用评价信息"])
Queries = Annotated[CreditQueries, Depends(from_state("credit"))]
YearPath = Annotated[int, Path(ge=1900, le=2199)]
DOCUMENT_KINDS = ("operating_instructions", "maintenance_requirements", "management_rules")


@router.get("/filings/{operator_id}/daily", dependencies=UpToDate, response_model=DailyInformation)
async def daily(operator_id: UUID, queries: Queries, scope: ActorScope, now: Now) -> JSONResponse:
    """日常信息: the documents, and which kind is missing at which point of a contract that runs today."""
    found = await queries.daily(scope, operator_id, local_day(now))
    return JSONResponse(
        {"documents": list(map(_document, found.documents)), "points": list(map(_point, found.points))}
    )


@router.get("/filings/{operator_id}/annual/{year}", dependencies=UpToDate, response_model=AnnualInformation)
async def annual(operator_id: UUID, year: YearPath, queries: Queries, scope: ActorScope) -> JSONResponse:
    """年度信息: the training plan and what took place. Empty where nothing was filed."""
    found = await queries.annual(scope, operator_id, year)
    years = await queries.years(scope, operator_id)
    return JSONResponse(_annual(found, year) | {"years": years})


def _document(row: Any) -> dict[str, Any]:
    return {
        "id": str(row["id"]),
        **{name: row[name] for name in ("version", "kind", "title", "edition")},
        "valid_from": row["valid_from"].isoformat(),
        "filed_at": row["filed_at"].isoformat(),
        "points": [str(point) for point in row["points"]],
        "file": json.loads(row["file"]),
    }


def _point(row: Any) -> dict[str, Any]:
    return {
        "point_id": str(row["point_id"]),
        "point_name": row["point_name"] or "",
        "point_code": row["point_code"] or "",
        "enterprise_id": str(row["enterprise_id"]),
        "enterprise_name": row["enterprise_name"],
        "missing": [kind for kind in DOCUMENT_KINDS if kind not in row["kinds"]],
    }


def _annual(found: Annual, year: int) -> dict[str, Any]:
    row = found.year
    return {
        "year": year,
        "version": row["version"] if row else 0,
        "plan": json.loads(row["plan"]) if row and row["plan"] else None,
        "plan_late": bool(row and row["plan_late"]),
        "closed": bool(row and row["closed"]),
        "entries": [
            {
                "entry": json.loads(entry["entry"]),
                "late": entry["late"],
                "recorded_at": entry["recorded_at"].isoformat(),
            }
            for entry in found.entries
        ],
    }
