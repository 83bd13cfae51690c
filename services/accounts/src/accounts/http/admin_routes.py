"""The routes of the system administrator: organisations, and the accounts of all but administrators."""

from typing import Annotated, Literal
from uuid import UUID

import asyncpg
from fastapi import Depends, FastAPI, Query
from fastapi.responses import JSONResponse, Response
from pydantic import BaseModel, ConfigDict, Field
from qingyuan_events import Actor, ActorRole
from qingyuan_runtime.domain.text import Line, Text
from qingyuan_runtime.edge.dependencies import ActorDep, from_state
from qingyuan_runtime.edge.problems import Forbidden

from accounts.http import organisation_models
from accounts.http.organisation_routes import Label, LockBody, Name, account_row, one_time
from accounts.organisations.platform_accounts import Place, PlatformAccounts, Wanted

Platform = Annotated[PlatformAccounts, Depends(from_state("platform_accounts"))]
District = Annotated[str, Field(pattern="^[0-9]{6}$")]
PAGE = 50


class OrganisationQuery(BaseModel):
    """`after`: the last organisation of the page before."""

    model_config = ConfigDict(extra="forbid")
    text: Line | None = None
    after: UUID | None = None


class AccountQuery(BaseModel):
    """`text` is part of a name or a label; `after` the name of the last account of the page before."""

    model_config = ConfigDict(extra="forbid")
    text: Line | None = None
    kind: Literal["enterprise", "operator", "regulator", "administrator"] | None = None
    organisation: UUID | None = None
    district: District | None = None
    after: Line | None = None


class PlatformAccountBody(BaseModel):
    """An enterprise's `organisation` is its id in the register; a new operator is only named. Regulators have a `district`."""

    model_config = ConfigDict(extra="forbid")
    name: Name
    label: Label
    kind: Literal["enterprise", "operator", "regulator"]
    role: ActorRole
    signs: bool = False
    organisation: UUID | None = None
    organisation_name: Annotated[str, Text(100, least=1)] | None = None
    district: District | None = None

    def place(self) -> Place:
        return Place(
            organisation=self.organisation, organisation_name=self.organisation_name, district=self.district
        )


def add_routes(app: FastAPI) -> None:
    app.state.platform_accounts = PlatformAccounts(app.state.accounts.pool, app.state.accounts)
    _add_lists(app)
    _add_changes(app)


def _add_lists(app: FastAPI) -> None:
    @app.get(
        "/admin/organisations", response_model=organisation_models.PlatformOrganisations, tags=["平台账户"]
    )
    async def organisations(
        query: Annotated[OrganisationQuery, Query()], by: ActorDep, platform: Platform
    ) -> JSONResponse:
        """Organisations by name, with how many accounts and managers each has."""
        require_system(by)
        rows = await platform.organisations(query.text or None, query.after, PAGE + 1)
        items = [_organisation(row) for row in rows[:PAGE]]
        return JSONResponse({"items": items, "next": items[-1]["id"] if len(rows) > PAGE else None})

    @app.get("/admin/accounts", response_model=organisation_models.PlatformAccounts, tags=["平台账户"])
    async def accounts(
        query: Annotated[AccountQuery, Query()], by: ActorDep, platform: Platform
    ) -> JSONResponse:
        """Accounts by name."""
        require_system(by)
        wanted = Wanted(
            text=query.text or None,
            kind=query.kind,
            organisation=query.organisation,
            district=query.district,
            after=query.after or None,
            limit=PAGE + 1,
        )
        rows = await platform.search(wanted)
        items = [_account(row) for row in rows[:PAGE]]
        return JSONResponse({"items": items, "next": items[-1]["name"] if len(rows) > PAGE else None})


def _add_changes(app: FastAPI) -> None:
    @app.post(
        "/admin/accounts",
        status_code=201,
        response_model=organisation_models.OneTimePassword,
        tags=["平台账户"],
    )
    async def make(body: PlatformAccountBody, by: ActorDep, platform: Platform) -> JSONResponse:
        """An account for any organisation or district. Administrators are made on the command line alone.

        Of an enterprise only a manager, where it has none that may log in; with `signs` only as its first account.
        """
        require_system(by)
        account, password = await platform.make(
            by, body.name, body.label, body.kind, body.role, body.place(), signs=body.signs
        )
        return one_time(account.id, account.name, password, status=201)

    @app.put("/admin/accounts/{account_id}/lock", status_code=204, tags=["平台账户"])
    async def lock(account_id: UUID, body: LockBody, by: ActorDep, platform: Platform) -> Response:
        """Lock or unlock an account, also the last manager of an organisation; no administrator's."""
        require_system(by)
        await platform.lock(by, account_id, locked=body.locked)
        return Response(status_code=204)

    @app.post(
        "/admin/accounts/{account_id}/password",
        response_model=organisation_models.OneTimePassword,
        tags=["平台账户"],
    )
    async def reset(account_id: UUID, by: ActorDep, platform: Platform) -> JSONResponse:
        """A one-time password for an account, which ends its sessions; no administrator's."""
        require_system(by)
        name, password = await platform.reset_password(by, account_id)
        return one_time(account_id, name, password)

    @app.post(
        "/admin/accounts/{account_id}/factors/reset",
        response_model=organisation_models.OneTimePassword,
        tags=["平台账户"],
    )
    async def reset_factors(account_id: UUID, by: ActorDep, platform: Platform) -> JSONResponse:
        """The same for an account that has lost its second steps: a regulator's, or an organisation's only manager's."""
        require_system(by)
        name, password = await platform.reset_factors(by, account_id)
        return one_time(account_id, name, password)


def require_system(by: Actor) -> None:
    """Raises `Forbidden` for all but system administrators."""
    if by.kind != "administrator" or by.role != "system":
        raise Forbidden


def _organisation(row: asyncpg.Record) -> dict[str, object]:
    return {
        "id": str(row["organisation"]),
        "name": row["name"],
        "kind": row["kind"],
        "uscc": row["uscc"],
        "accounts": row["accounts"],
        "managers": row["managers"],
    }


def _account(row: asyncpg.Record) -> dict[str, object]:
    organisation = row["organisation"]
    return account_row(row) | {
        "kind": row["kind"],
        "organisation": str(organisation) if organisation else None,
        "organisation_name": row["organisation_name"],
        "district": row["district"],
    }
