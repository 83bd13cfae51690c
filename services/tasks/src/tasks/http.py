"""The tasks service's HTTP edge: request → command → handle → 202."""

from fastapi import FastAPI
from qingyuan_runtime.edge.http import Ready, create_app
from qingyuan_runtime.tokens.issuers import Trusts

from tasks import http_contracts, http_forms, http_plans, http_visits
from tasks.desk import Desk


def build_app(desk: Desk, *, trusted: Trusts, ready: Ready) -> FastAPI:
    app = create_app("tasks", trusted=trusted, ready=ready)
    app.state.desk = desk
    for module in (http_forms, http_contracts, http_plans, http_visits):
        app.include_router(module.router)
    return app
