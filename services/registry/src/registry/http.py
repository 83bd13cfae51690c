"""The registry's HTTP edge: request → command → handler → 202."""

from typing import Final

from fastapi import FastAPI
from qingyuan_runtime.edge.http import Ready, add_routes, create_app
from qingyuan_runtime.tokens.issuers import Trusts

from registry import options
from registry.domain.shared.checks import KINDS_OF
from registry.enterprises import http as enterprises
from registry.enterprises import http_changes
from registry.importing import http as imports
from registry.importing.http import IMPORTS
from registry.importing.repository import ImportRepository
from registry.instruments import http as instruments
from registry.monitoring_points import http as monitoring_points
from registry.outlets import http as outlets
from registry.shared.dependencies import REPOSITORY
from registry.shared.repository import Repository

UNION_TAGS: Final = frozenset(kind for kinds in KINDS_OF.values() for kind in kinds)
ROUTERS: Final = (
    enterprises.router,
    http_changes.router,
    outlets.router,
    monitoring_points.router,
    instruments.router,
    options.router,
    imports.router,
)


def build_app(
    repository: Repository, import_repository: ImportRepository | None, *, trusted: Trusts, ready: Ready
) -> FastAPI:
    app = create_app("registry", trusted=trusted, ready=ready, union_tags=UNION_TAGS)
    setattr(app.state, REPOSITORY, repository)
    setattr(app.state, IMPORTS, import_repository)
    add_routes(app, *ROUTERS)
    return app
