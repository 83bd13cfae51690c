"""The routes of an organisation's manager: the accounts of the own organisation and its invitations, and nobody else's."""

from typing import Annotated
from uuid import UUID

import asyncpg
from fastapi import Depends, FastAPI, Request
from fastapi.responses import JSONResponse, Response
from pydantic import BaseModel, ConfigDict
from qingyuan_events import ActorRole
from qingyuan_runtime.domain.text import Text
from qingyuan_runtime.edge.dependencies import ActorDep, from_state
from qingyuan_runtime.edge.problems import problem

from accounts.http import organisation_models, response_models
from accounts.http.parts import From, NewPassword, shown
from accounts.organisations.invitations import Invitations, NewOwn, TooManyCodes
from accounts.organisations.organisation_accounts import OrganisationAccounts, Rights

Managers = Annotated[OrganisationAccounts, Depends(from_state("organisation_accounts"))]
Invited = Annotated[Invitations, Depends(from_state("invitations"))]
Name = Annotated[str, Text(100, least=1, code=True)]
Label = Annotated[str, Text(60, least=1)]
InvitationCode = Annotated[str, Text(40, least=1, code=True)]


class LabelBody(BaseModel):
    model_config = ConfigDict(extra="forbid")
    label: Label


class RoleBody(BaseModel):
    """`signs` is for accounts of an enterprise; a signatory signs anyway."""

    model_config = ConfigDict(extra="forbid")
    role: ActorRole
    signs: bool = False


class PersonBody(BaseModel):
    """A person of the operator's filing, by the id that filing gave; null: none."""

    model_config = ConfigDict(extra="forbid")
    person: UUID | None


class LockBody(BaseModel):
    model_config = ConfigDict(extra="forbid")
    locked: bool


class InvitationBody(BaseModel):
    model_config = ConfigDict(extra="forbid")
    label: Label
    role: ActorRole
    signs: bool = False
    person: UUID | None = None

    def rights(self) -> Rights:
        return Rights(self.role, self.signs, self.person)


class AccountBody(InvitationBody):
    name: Name


class HandoverBody(BaseModel):
    """`role`: what the own account becomes; null: it is locked."""

    model_config = ConfigDict(extra="forbid")
    to: UUID
    role: ActorRole | None


class CodeBody(BaseModel):
    model_config = ConfigDict(extra="forbid")
    code: InvitationCode


class AcceptanceBody(CodeBody):
    account: Name
    password: NewPassword


def add_routes(app: FastAPI) -> None:
    app.state.organisation_accounts = OrganisationAccounts(app.state.accounts.pool, app.state.accounts)
    app.state.invitations = Invitations(
        app.state.accounts.pool, app.state.accounts, app.state.organisation_accounts
    )
    app.add_exception_handler(TooManyCodes, _too_many)
    _add_accounts(app)
    _add_changes(app)
    _add_invitations(app)
    _add_acceptance(app)


def _add_accounts(app: FastAPI) -> None:
    @app.get(
        "/organisation/accounts", response_model=organisation_models.OrganisationAccounts, tags=["本单位账户"]
    )
    async def all_of_own(by: ActorDep, managers: Managers) -> JSONResponse:
        """All accounts of the own organisation, locked ones last."""
        return JSONResponse({"items": [account_row(row) for row in await managers.all(by)]})

    @app.post(
        "/organisation/accounts",
        status_code=201,
        response_model=organisation_models.OneTimePassword,
        tags=["本单位账户"],
    )
    async def make(body: AccountBody, by: ActorDep, managers: Managers) -> JSONResponse:
        """A new account. Its one-time password is in this answer and nowhere else, and has to be changed at the first log-in."""
        account, password = await managers.make(by, body.name, body.label, body.rights())
        return one_time(account.id, account.name, password, status=201)

    @app.post(
        "/organisation/accounts/{account_id}/password",
        response_model=organisation_models.OneTimePassword,
        tags=["本单位账户"],
    )
    async def reset(account_id: UUID, by: ActorDep, managers: Managers) -> JSONResponse:
        """A one-time password for another's account; all its sessions end."""
        name, password = await managers.reset_password(by, account_id)
        return one_time(account_id, name, password)

    @app.post(
        "/organisation/accounts/{account_id}/factors/reset",
        response_model=organisation_models.OneTimePassword,
        tags=["本单位账户"],
    )
    async def reset_factors(account_id: UUID, by: ActorDep, managers: Managers) -> JSONResponse:
        """A one-time password for another's account that has lost its second steps: they go, and all its sessions end."""
        name, password = await managers.reset_password(by, account_id, factors_too=True)
        return one_time(account_id, name, password)

    @app.post("/organisation/handover", status_code=204, tags=["本单位账户"])
    async def hand_over(body: HandoverBody, by: ActorDep, managers: Managers) -> Response:
        """Make another account of the organisation its manager, and stop being one."""
        await managers.hand_over(by, body.to, body.role)
        return Response(status_code=204)


def _add_changes(app: FastAPI) -> None:
    @app.put("/organisation/accounts/{account_id}/label", status_code=204, tags=["本单位账户"])
    async def rename(account_id: UUID, body: LabelBody, by: ActorDep, managers: Managers) -> Response:
        await managers.rename(by, account_id, body.label)
        return Response(status_code=204)

    @app.put("/organisation/accounts/{account_id}/role", status_code=204, tags=["本单位账户"])
    async def set_role(account_id: UUID, body: RoleBody, by: ActorDep, managers: Managers) -> Response:
        """Of another's account: nobody changes the own role."""
        await managers.set_rights(by, account_id, body.role, signs=body.signs)
        return Response(status_code=204)

    @app.put("/organisation/accounts/{account_id}/person", status_code=204, tags=["本单位账户"])
    async def set_person(account_id: UUID, body: PersonBody, by: ActorDep, managers: Managers) -> Response:
        """The filed person whom an operator's account belongs to."""
        await managers.set_person(by, account_id, body.person)
        return Response(status_code=204)

    @app.put("/organisation/accounts/{account_id}/lock", status_code=204, tags=["本单位账户"])
    async def lock(account_id: UUID, body: LockBody, by: ActorDep, managers: Managers) -> Response:
        """Lock another's account, which ends its sessions, or unlock it."""
        await managers.lock(by, account_id, locked=body.locked)
        return Response(status_code=204)

    @app.delete("/organisation/accounts/{account_id}/sessions", status_code=204, tags=["本单位账户"])
    async def end_sessions(account_id: UUID, by: ActorDep, managers: Managers) -> Response:
        await managers.end_sessions(by, account_id)
        return Response(status_code=204)


def _add_invitations(app: FastAPI) -> None:
    @app.get("/organisation/invitations", response_model=organisation_models.Invitations, tags=["本单位账户"])
    async def invitations(by: ActorDep, invited: Invited) -> JSONResponse:
        """The invitations that are still good. Their codes are not known any more."""
        return JSONResponse({"items": [_invitation(row) for row in await invited.of(by)]})

    @app.post(
        "/organisation/invitations",
        status_code=201,
        response_model=organisation_models.NewInvitation,
        tags=["本单位账户"],
    )
    async def invite(body: InvitationBody, by: ActorDep, invited: Invited) -> JSONResponse:
        """An invitation for one account. Its code is in this answer and nowhere else."""
        made = await invited.make(by, body.label, body.rights())
        content = {"id": str(made.id), "code": made.code, "expires_at": made.expires_at.isoformat()}
        return JSONResponse(content, 201)

    @app.delete("/organisation/invitations/{invitation_id}", status_code=204, tags=["本单位账户"])
    async def withdraw(invitation_id: UUID, by: ActorDep, invited: Invited) -> Response:
        await invited.withdraw(by, invitation_id)
        return Response(status_code=204)


def _add_acceptance(app: FastAPI) -> None:
    @app.post("/invitations/check", response_model=organisation_models.InvitedTo, tags=["账户"])
    async def check(body: CodeBody, _by: ActorDep, invited: Invited, origin: From) -> JSONResponse:
        """What a code is for. In a body, since addresses are written to logs."""
        row = await invited.found(body.code, origin)
        return JSONResponse(
            {
                "organisation_name": row["organisation_name"],
                "label": row["label"],
                "kind": row["kind"],
                "role": row["role"],
                "signs": row["signs"],
                "expires_at": row["expires"].isoformat(),
            }
        )

    @app.post("/invitations/acceptance", response_model=response_models.Session, tags=["账户"])
    async def accept(body: AcceptanceBody, _by: ActorDep, invited: Invited, origin: From) -> JSONResponse:
        """Make the account of an invitation and open its session. `token` is for the gateway only."""
        session = await invited.accept(body.code, NewOwn(body.account, body.password), origin)
        return JSONResponse(shown(session, app.state.idle_minutes) | {"token": session.token})


def account_row(row: asyncpg.Record) -> dict[str, object]:
    return {
        "id": str(row["account_id"]),
        "name": row["name"],
        "label": row["label"],
        "role": row["role"],
        "signs": row["signs"],
        "disabled": row["disabled"],
        "must_change": row["must_change"],
        "last_log_in": row["last_log_in"].isoformat() if row["last_log_in"] else None,
        "person": str(row["person"]) if row["person"] else None,
    }


def one_time(account: UUID, name: str, password: str, *, status: int = 200) -> JSONResponse:
    return JSONResponse({"id": str(account), "name": name, "password": password}, status)


def _invitation(row: asyncpg.Record) -> dict[str, object]:
    return {
        "id": str(row["invitation_id"]),
        "label": row["label"],
        "role": row["role"],
        "signs": row["signs"],
        "person": str(row["person"]) if row["person"] else None,
        "made_by": row["made_by_label"],
        "expires_at": row["expires"].isoformat(),
    }


async def _too_many(_request: Request, _error: Exception) -> JSONResponse:
    title = "来自此网络的错误邀请码过多，请 15 分钟后再试。"
    return problem(429, "invitation.too-often", title, headers={"Retry-After": "900"})
