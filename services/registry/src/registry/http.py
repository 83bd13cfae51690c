"""The registry's HTTP edge: request → command → handle → 202."""

from fastapi import FastAPI
from qingyuan_runtime.edge.http import Ready, create_app
from qingyuan_runtime.tokens.issuers import Trusts

from registry import http_changes, http_enterprises, http_instruments, http_options, http_outlets
from registry.desk import Desk
from registry.domain.checks import KINDS_OF
from registry.importing import http as http_imports
from registry.importing.desk import ImportDesk

UNION_TAGS = frozenset(kind for kinds in KINDS_OF.values() for kind in kinds)


def build_app(desk: Desk, imports: ImportDesk | None, *, trusted: Trusts, ready: Ready) -> FastAPI:
    app = create_app("registry", trusted=trusted, ready=ready, union_tags=UNION_TAGS)
    app.state.desk = desk
    app.state.imports = imports
    for module in (
        http_enterprises,
        http_changes,
        http_outlets,
        http_instruments,
        http_options,
        http_imports,
    ):
        app.include_router(module.router)
    return app
