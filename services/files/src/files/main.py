"""The files service's composition root: the only place that constructs anything."""

import asyncio
import logging
from collections.abc import Mapping
from pathlib import Path
from typing import cast

from fastapi import FastAPI
from qingyuan_runtime import migrating, rebuilding
from qingyuan_runtime.clock import now
from qingyuan_runtime.database import Pool, open_pool
from qingyuan_runtime.http import Ready
from qingyuan_runtime.issuing import NOBODY, Signer, Signs, Trusted, Trusts
from qingyuan_runtime.kept import ReadModel
from qingyuan_runtime.process import Role, serve
from qingyuan_runtime.supervising import together
from qingyuan_runtime.telemetry import start_telemetry

from files import references
from files.checking.unfit import Limits
from files.desk import UploadDesk
from files.evidence import Witness
from files.http import build_app
from files.library import Library
from files.receiving import Receiving
from files.settings import FilesSettings
from files.store import FileStore
from files.tus import tus_router
from files.working import CheckWorker

PACKAGE = "files"


def roles(settings: FilesSettings) -> Mapping[str, Role]:
    """Every role of this service by the name of its process."""
    start_telemetry(PACKAGE, settings)
    logging.getLogger("tuspyserver").setLevel(
        logging.WARNING
    )  # it tells file names, and they may name people
    return {
        "api": lambda: api(settings),
        **{f"project {name}": model.follow for name, model in kept(settings).items()},
    }


async def api(settings: FilesSettings) -> None:
    """Uploads are checked where they arrive: the bytes lie in this process's folder."""
    assert settings.trusted_keys_dir
    assert settings.signing_keys_dir
    pool = await open_pool(settings.database_url)
    store = FileStore.open(settings.files_store_url)
    worker = CheckWorker(pool, store, uploads_folder(settings), limits(settings))
    app = build(
        pool,
        store,
        worker,
        settings,
        trusted=Trusted(settings.trusted_keys_dir),
        signer=Signer("files", settings.signing_keys_dir),
        ready=lambda: migrating.require_head(pool, PACKAGE),
    )
    await together(
        {
            "checks": worker.run,
            "http": lambda: serve(app, host=settings.http_host, port=settings.http_port),
        }
    )


def build(
    pool: Pool,
    store: FileStore,
    worker: CheckWorker,
    settings: FilesSettings,
    *,
    trusted: Trusts,
    signer: Signs,
    ready: Ready,
) -> FastAPI:
    """The HTTP edge on these parts; tests call it with servers of their own."""
    desk = UploadDesk(pool)
    uploads = tus_router(Receiving(uploads_folder(settings), desk), settings, worker.wake)
    witness = Witness(pool, signer, now)
    app = build_app(desk, Library(pool), store, witness, uploads, trusted=trusted, ready=ready)
    app.state.settings = settings
    return app


def uploads_folder(settings: FilesSettings) -> Path:
    assert settings.files_uploads
    settings.files_uploads.mkdir(parents=True, exist_ok=True)
    return settings.files_uploads


def limits(settings: FilesSettings) -> Limits:
    return Limits(
        pixels=settings.image_pixels_max,
        pages=settings.pdf_pages_max,
        json_bytes=settings.json_bytes_max,
        xlsx_bytes=settings.xlsx_bytes_max,
    )


def kept(settings: FilesSettings) -> Mapping[str, ReadModel]:
    """What is kept by following others' topics, by its name."""
    sources = {
        references.TASKS.model: settings.tasks_database_url,
        references.SIGNOFF.model: settings.signoff_database_url,
    }
    return {
        model.model: ReadModel(model, model.create_script(), settings, sources[model.model])
        for model in references.MODELS
    }


def migrate(settings: FilesSettings) -> None:
    migrating.upgrade(PACKAGE, owner_url=settings.migration_database_url, app_url=settings.database_url)
    migrating.let_make_schemas(settings.migration_database_url, settings.database_url)
    for model in kept(settings).values():
        asyncio.run(rebuilding.ensure_current(model.rebuild()))


def build_for_documentation() -> FastAPI:
    """The routes without any server, for the OpenAPI document."""

    async def ready() -> None:
        return None

    pool, store = cast(Pool, None), FileStore.open("memory:///")
    settings = FilesSettings(files_uploads=Path())
    worker = CheckWorker(pool, store, Path(), limits(settings))
    return build(pool, store, worker, settings, trusted=NOBODY, signer=NOBODY, ready=ready)
