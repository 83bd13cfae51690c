"""The code lists behind the choices of this service's forms."""

from fastapi import APIRouter
from fastapi.responses import JSONResponse
from qingyuan_standards.dated import setting
from qingyuan_standards.provinces import PROVINCES

from filing.response_models import FilingOptions
from filing.shared.dependencies import ActorDep, RepositoryDep
from filing.shared.policy import POLICY

router = APIRouter(tags=["备案"])


@router.get("/options", response_model=FilingOptions)
async def read_options(repository: RepositoryDep, actor: ActorDep) -> JSONResponse:
    POLICY.require("read-options", actor)
    today = repository.today()
    reasons = setting("filing_return_reasons", today).value
    text = repository.undertaking()
    term = setting("filing_change_months", today)
    return JSONResponse(
        {
            "provinces": [{"code": code, "name": name} for code, name in PROVINCES.items()],
            "return_reasons": [{"code": reason["code"], "name": reason["text"]} for reason in reasons],
            "undertaking": {"version": text.version, "text": text.text, "sha256": text.sha256},
            "change_months": int(term.value),
            "change_source": term.source,
        }
    )
