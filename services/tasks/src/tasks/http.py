"""The tasks service's HTTP edge: request → command → handle → 202."""

from fastapi import FastAPI
from joserfc.jwk import OctKey
from qingyuan_runtime.http import Ready, create_app

from tasks import http_contracts, http_forms, http_plans, http_visits
from tasks.desk import Desk


def build_app(desk: Desk, *, actor_key: OctKey, ready: Ready) -> FastAPI:
    app = create_app("tasks", actor_key=actor_key, ready=ready)
    app.state.desk = desk
    for module in (http_forms, http_contracts, http_plans, http_visits):
        app.include_router(module.router)
    return app
