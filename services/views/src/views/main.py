"""The composition root of the views service: the only module that connects its parts."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import cast

from fastapi import FastAPI
from qingyuan_runtime.assembly.followers import ReadModel
from qingyuan_runtime.assembly.service import PlainService
from qingyuan_runtime.database import migrating
from qingyuan_runtime.database.connections import Pool, open_pool
from qingyuan_runtime.edge.fair_queue import Crowded
from qingyuan_runtime.edge.http import Ready, add_routes, always_ready, create_app
from qingyuan_runtime.process.clock import now
from qingyuan_runtime.process.isolated import Unfinished
from qingyuan_runtime.process.running import serve
from qingyuan_runtime.tokens.issuers import NOBODY, Signer, Trusted, Trusts

from views.board import http as board_http
from views.board.queries import BoardQueries
from views.choices import http as choices_http
from views.choices.queries import ChoiceQueries
from views.confirmations import http as confirmations_http
from views.confirmations.queries import ConfirmationQueries
from views.exports import contracts as contract_exports
from views.exports import filings as filing_exports
from views.exports import http as exports_http
from views.filings import http as filings_http
from views.filings import http_credit
from views.filings.credit_queries import CreditQueries
from views.filings.past_queries import PastQueries
from views.filings.queries import FilingQueries
from views.models import MODELS
from views.printing import http as printing_http
from views.printing.http import Printing
from views.printing.pictures import ServedPictures
from views.printing.press import Press
from views.printing.pressing import NoFont
from views.register import http as register_http
from views.register.organisations import Organisations
from views.register.projection import MODEL as REGISTER
from views.register.queries import RegisterQueries
from views.reliance import http as reliance_http
from views.reliance.queries import RelianceQueries
from views.reports import http as reports_http
from views.reports.queries import ReportQueries
from views.settings import ViewsSettings
from views.shared import edge
from views.shared.arrivals import Arrivals
from views.shared.filed_names import FiledNames, ServedFiledNames
from views.shared.people import People, ServedPeople
from views.spare_parts import http as spare_parts_http
from views.spare_parts.queries import SparePartQueries
from views.work import http as work_http
from views.work.queries import WorkQueries

PACKAGE = "views"


def followers(settings: ViewsSettings) -> Mapping[str, ReadModel]:
    """Every read model by its name."""
    return {
        name: ReadModel(model.projection(), model.script(), settings, model.source(settings))
        for name, model in MODELS.items()
    }


async def api(settings: ViewsSettings) -> None:
    assert settings.trusted_keys_dir
    assert settings.signing_keys_dir
    pool = await open_pool(settings.database_url, size=12, session={"search_path": REGISTER})
    public = await open_pool(settings.database_url, size=1)
    signer = Signer("views", settings.signing_keys_dir)
    people = ServedPeople(settings.accounts_url, signer)
    app = build_app(
        pool,
        trusted=Trusted(settings.trusted_keys_dir),
        ready=lambda: migrating.require_head(public, PACKAGE),
        people=people,
        filed_names=ServedFiledNames(settings.filing_url, signer),
        printing=Printing(
            Press(
                settings.fonts_dir,
                settings.rare_fonts_dir,
                at_once=settings.printing_at_once,
                waiting=settings.printing_waiting_max,
            ),
            ServedPictures(settings.files_url, signer),
            people,
            settings.public_url,
        ),
    )
    await serve(app, host=settings.http_host, port=settings.http_port)


def build_app(
    pool: Pool,
    *,
    trusted: Trusts,
    ready: Ready,
    people: People,
    filed_names: FiledNames | None = None,
    printing: Printing | None = None,
    clock: Callable[[], datetime] = now,
) -> FastAPI:
    """`pool` reads all live builds; its search path names the register's."""
    app = create_app(PACKAGE, trusted=trusted, ready=ready)
    app.state.clock = clock
    app.state.arrivals = {model: Arrivals(pool, model) for model in MODELS}
    app.state.register = RegisterQueries(pool)
    app.state.organisations = Organisations(pool)
    app.state.work = WorkQueries(pool)
    app.state.confirmations = ConfirmationQueries(pool)
    app.state.board = BoardQueries(pool)
    app.state.filings = FilingQueries(pool)
    app.state.past_filings = PastQueries(pool)
    app.state.credit = CreditQueries(pool)
    app.state.reliance = RelianceQueries(pool)
    app.state.reports = ReportQueries(pool)
    app.state.spare_parts = SparePartQueries(pool)
    app.state.printing = printing
    app.state.pool = pool
    app.state.people = people
    app.state.filed_names = filed_names
    app.state.choices = ChoiceQueries(pool, people)
    app.add_exception_handler(edge.Behind, edge.behind)
    app.add_exception_handler(NoFont, printing_http.no_font)
    app.add_exception_handler(Crowded, printing_http.crowded)
    app.add_exception_handler(Unfinished, printing_http.unprintable)
    # `/visits/{visit_id}` would also match `/visits/<id>.pdf`, so the routes of printing come first.
    exports = (exports_http, contract_exports, filing_exports)
    lists = (
        register_http,
        work_http,
        confirmations_http,
        filings_http,
        http_credit,
        reliance_http,
        reports_http,
        spare_parts_http,
        board_http,
        choices_http,
    )
    modules = (printing_http, *lists, *exports)
    add_routes(app, *(module.router for module in modules))
    return app


def build_for_documentation() -> FastAPI:
    """The routes without a database, for the OpenAPI document."""

    return build_app(cast(Pool, None), trusted=NOBODY, ready=always_ready, people=cast(People, None))


SERVICE = PlainService(
    package=PACKAGE, settings=ViewsSettings, serving=api, routes=build_for_documentation, followers=followers
)
