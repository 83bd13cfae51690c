"""The reports service's HTTP edge: request → command → handler → 202."""

from fastapi import FastAPI
from qingyuan_runtime.edge.http import Ready, add_routes, create_app
from qingyuan_runtime.tokens.issuers import Trusts

from reports.exemptions import http as exemptions
from reports.reports import http as reports
from reports.shared.dependencies import REPOSITORY
from reports.shared.repository import Repository


def build_app(repository: Repository, *, trusted: Trusts, ready: Ready) -> FastAPI:
    app = create_app("reports", trusted=trusted, ready=ready)
    setattr(app.state, REPOSITORY, repository)
    add_routes(app, reports.router, exemptions.router)
    return app
