"""The tasks service's HTTP edge: request → command → handler → 202."""

from fastapi import FastAPI
from qingyuan_runtime.edge.http import Ready, add_routes, create_app
from qingyuan_runtime.tokens.issuers import Trusts

from tasks import forms
from tasks.contracts import http as contracts
from tasks.plans import http as plans
from tasks.shared.dependencies import REPOSITORY
from tasks.shared.repository import Repository
from tasks.visits import http as visits


def build_app(repository: Repository, *, trusted: Trusts, ready: Ready) -> FastAPI:
    app = create_app("tasks", trusted=trusted, ready=ready)
    setattr(app.state, REPOSITORY, repository)
    add_routes(app, forms.router, contracts.router, plans.router, visits.router)
    return app
