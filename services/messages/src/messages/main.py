"""The messages service: the only module that connects its parts."""

from collections.abc import Awaitable, Callable, Mapping
from typing import cast

from fastapi import FastAPI
from qingyuan_runtime.assembly.followers import ReadModel
from qingyuan_runtime.assembly.service import PlainService
from qingyuan_runtime.database import migrating
from qingyuan_runtime.database.connections import Pool, open_pool
from qingyuan_runtime.edge.http import always_ready
from qingyuan_runtime.process.clock import now
from qingyuan_runtime.process.running import serve
from qingyuan_runtime.process.supervising import run_together
from qingyuan_runtime.process.unavailable import repeat
from qingyuan_runtime.tokens.issuers import NOBODY, Signer, Trusted

from messages import notices
from messages.addresses import ServedAddresses
from messages.channels.opening import open_channels
from messages.channels.port import Channel
from messages.digesting import Digester
from messages.http import build_app
from messages.rulebook import Means
from messages.sending import Sender
from messages.settings import MessagesSettings
from messages.spreading import Spreader
from messages.streaming import Hub

PACKAGE = "messages"
PAUSE_SECONDS = 1.0
DIGEST_PAUSE_SECONDS = 30.0


def followers(settings: MessagesSettings) -> Mapping[str, ReadModel]:
    """What follows the topics of others, by name."""
    sources = {
        notices.TASKS.model: settings.tasks_database_url,
        notices.SIGNOFF.model: settings.signoff_database_url,
        notices.FILING.model: settings.filing_database_url,
        notices.REGISTRY.model: settings.source_database_url,
        notices.REPORTS.model: settings.reports_database_url,
    }
    return {
        model.model: ReadModel(model, model.own_script, settings, sources[model.model])
        for model in notices.MODELS
    }


async def api(settings: MessagesSettings) -> None:
    """Runs HTTP and the one connection that listens for all open pages."""
    assert settings.trusted_keys_dir
    pool = await open_pool(settings.database_url)
    hub = Hub(settings.streams_per_account)
    app = build_app(
        pool,
        hub,
        trusted=Trusted(settings.trusted_keys_dir),
        ready=lambda: migrating.require_head(pool, PACKAGE),
        clock=now,
    )
    await run_together(
        {
            "listening": lambda: hub.listen(settings.database_url),
            "http": lambda: serve(app, host=settings.http_host, port=settings.http_port),
        }
    )


async def sender(settings: MessagesSettings) -> None:
    """Works out whom messages reach, makes digests, and sends. Several may run at once."""
    pool = await open_pool(settings.database_url)
    async with open_channels(settings, pool) as available:
        await _send_all(settings, pool, available)


async def _send_all(settings: MessagesSettings, pool: Pool, available: Mapping[Means, Channel]) -> None:
    assert settings.signing_keys_dir
    addresses = ServedAddresses(settings.accounts_url, Signer("messages", settings.signing_keys_dir))
    spreader = Spreader(pool, addresses, frozenset(available), now)
    sending = Sender(
        pool, available, addresses, now, public_url=settings.public_url, tries_max=settings.tries_max
    )
    digester = Digester(pool, now)
    await run_together(
        {
            "spreading": lambda: repeat(lambda: until_none_is_left(spreader.spread), PAUSE_SECONDS),
            "digests": lambda: repeat(digester.digest, DIGEST_PAUSE_SECONDS),
            "sending": lambda: repeat(lambda: until_none_is_left(sending.send), PAUSE_SECONDS),
        }
    )


async def until_none_is_left(step: Callable[[], Awaitable[int]]) -> None:
    """A step does so many at once and returns how many."""
    while await step():
        pass


def build_for_documentation() -> FastAPI:
    """The routes without a database, for the OpenAPI document."""
    return build_app(cast(Pool, None), Hub(0), trusted=NOBODY, ready=always_ready, clock=now)


SERVICE = PlainService(
    package=PACKAGE,
    settings=MessagesSettings,
    serving=api,
    routes=build_for_documentation,
    followers=followers,
    works=lambda settings: {"sender": lambda: sender(settings)},
)
