"""The code lists from which the forms offer choices."""

from fastapi import APIRouter
from fastapi.responses import JSONResponse
from qingyuan_standards.districts import DISTRICTS
from qingyuan_standards.factors import FACTORS, SOURCE, searched_names

from registry.domain.shared.suggestions import CONSTRUCTION, METHODS, ORIGIN, OUTLET_KINDS
from registry.response_models import Options
from registry.shared.dependencies import ActorDep
from registry.shared.policy import POLICY

router = APIRouter(tags=["登记 · 选项"])


@router.get("/options", response_model=Options)
async def options(actor: ActorDep) -> JSONResponse:
    """Factors by medium with name and unit, districts, and the values of closed and open choices."""
    POLICY.require("read-options", actor)
    return JSONResponse(
        {
            "factors": {"wastewater": _factors("w"), "flue_gas": _factors("a")},
            "factor_source": SOURCE,
            "districts": [{"code": code, "name": name} for code, (name, _, _) in DISTRICTS.items()],
            "construction": _choices(CONSTRUCTION),
            "origin": _choices(ORIGIN),
            "methods": METHODS,
            "outlet_kinds": OUTLET_KINDS,
            "datums": ["WGS-84", "CGCS2000", "GCJ-02", "BD-09"],
        },
        headers={"Cache-Control": "private, max-age=3600"},
    )


def _factors(letter: str) -> list[dict[str, str]]:
    """`searched`: everything under which a page finds the factor, in lower case."""
    return [
        {"code": code, "name": name, "unit": unit, "searched": searched_names(code).lower()}
        for code, (name, unit) in FACTORS.items()
        if code.startswith(letter)
    ]


def _choices(labels: dict[str, str]) -> list[dict[str, str]]:
    return [{"code": code, "name": name} for code, name in labels.items()]
