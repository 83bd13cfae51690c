"""The filing service's HTTP edge: request → command → handler → 202."""

from typing import Final

from fastapi import FastAPI
from qingyuan_runtime.edge.http import Ready, add_routes, create_app
from qingyuan_runtime.tokens import actors as tokens
from qingyuan_runtime.tokens.issuers import Trusts

from filing import options
from filing.credit import http as credit
from filing.domain.resources.papers import KINDS_OF
from filing.filings import http as filings
from filing.filings import http_reviews as reviews
from filing.importing import decoding
from filing.importing import http as importing
from filing.resources import http as resources
from filing.shared.dependencies import NAMING, REPOSITORY
from filing.shared.repository import Repository

UNION_TAGS: Final = frozenset(KINDS_OF)


def build_app(repository: Repository, *, trusted: Trusts, ready: Ready) -> FastAPI:
    app = create_app("filing", trusted=trusted, ready=ready, union_tags=UNION_TAGS)
    setattr(app.state, REPOSITORY, repository)
    setattr(app.state, NAMING, tokens.Verifier(trusted, tokens.ACTING, tokens.NAMING))
    setattr(app.state, decoding.READING, decoding.queue())
    add_routes(
        app,
        filings.router,
        reviews.of_several,
        reviews.router,
        resources.router,
        importing.router,
        credit.router,
        options.router,
    )
    return app
