"""How people are reached: a person's own address, and the question of messages whom an audience is."""

import re
import time
from typing import Annotated, Final
from uuid import UUID

from fastapi import Depends, FastAPI, Request
from fastapi.responses import JSONResponse, Response
from pydantic import BaseModel, ConfigDict, Field, model_validator
from qingyuan_events import ActorRole
from qingyuan_runtime.domain.decider import Invalid, Problem
from qingyuan_runtime.domain.text import Text
from qingyuan_runtime.edge.dependencies import ActorDep, from_state
from qingyuan_runtime.edge.http import token_of
from qingyuan_runtime.tokens.actors import ADDRESSING, Verifier
from qingyuan_runtime.tokens.issuers import Trusts

from accounts.http import response_models
from accounts.http.parts import Hashed
from accounts.service.addresses import Addresses, Asked

AddressesDep = Annotated[Addresses, Depends(from_state("addresses"))]
EMAIL: Final = re.compile(
    r"(?=.{1,254}$)(?=[^@]{1,64}@)[A-Za-z0-9_%+-]+(\.[A-Za-z0-9_%+-]+)*"
    r"@([A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+([A-Za-z]{2,63}|xn--[A-Za-z0-9-]{1,58}[A-Za-z0-9])"
)
"""A part before the @ without two dots in a row (RFC 5321, in the signs that providers use), and the name of a host (RFC 1123)."""
MOBILE: Final = re.compile(r"1[3-9][0-9]{9}")
"""A mobile number of mainland China; other numbers are not written to."""


class AddressesBody(BaseModel):
    model_config = ConfigDict(extra="forbid")
    organisation: UUID | None = None
    roles: list[ActorRole] | None = None
    signers: bool = False
    account: UUID | None = None
    district: Annotated[str, Text(6, code=True)] | None = None

    @model_validator(mode="after")
    def _one_of_three(self) -> "AddressesBody":
        if sum(part is not None for part in (self.organisation, self.account, self.district)) != 1:
            raise ValueError("one of organisation, account and district")
        return self


class ContactBody(BaseModel):
    """Empty or null: not reached in that way."""

    model_config = ConfigDict(extra="forbid")
    email: Annotated[str, Text(200, code=True)] | None = Field(default=None)
    mobile: Annotated[str, Text(20, code=True)] | None = Field(default=None)


async def messages_asks(request: Request) -> None:
    """Raises `Untrusted` (HTTP 401) for everybody but the messages service."""
    verifier: Verifier = request.app.state.addressing
    verifier.verify(token_of(request), now=time.time())


def add_routes(app: FastAPI, trusted: Trusts) -> None:
    app.state.addressing = Verifier(trusted, ADDRESSING)

    @app.post("/addresses", include_in_schema=False, dependencies=[Depends(messages_asks)])
    async def addresses(body: AddressesBody, found: AddressesDep) -> JSONResponse:
        """For messages alone, so the gateway has no way here."""
        reached = await found.of(Asked(**body.model_dump()))
        items = [
            {
                "account": str(one.account),
                "organisation": str(one.organisation) if one.organisation else None,
                "email": one.email,
                "mobile": one.mobile,
                "openids": list(one.openids),
            }
            for one in reached
        ]
        return JSONResponse({"items": items})

    @app.get("/contact", response_model=response_models.Contact, tags=["账户"])
    async def contact(by: ActorDep, found: AddressesDep) -> JSONResponse:
        """How the account that asks is reached."""
        row = await found.own(by.account)
        return JSONResponse(
            {"email": row["email"] if row else None, "mobile": row["mobile"] if row else None}
        )

    @app.put("/contact", status_code=204, tags=["账户"])
    async def change_contact(
        body: ContactBody, by: ActorDep, found: AddressesDep, hashed: Hashed
    ) -> Response:
        """Of the own account only. Whether somebody reads there is not confirmed yet."""
        email, mobile = body.email or None, body.mobile or None
        _require(email, EMAIL, Problem("email", "email", "请输入正确的电子邮箱地址。"))
        _require(mobile, MOBILE, Problem("mobile", "mobile", "请输入 11 位手机号码。"))
        await found.change(by.account, hashed, email, mobile)
        return Response(status_code=204)


def _require(text: str | None, pattern: re.Pattern[str], otherwise: Problem) -> None:
    if text is not None and not pattern.fullmatch(text):
        raise Invalid((otherwise,))
