"""The files service: the only module that connects its parts."""

import logging
from collections.abc import Mapping
from pathlib import Path
from typing import cast

from fastapi import FastAPI
from qingyuan_runtime.assembly.followers import ReadModel
from qingyuan_runtime.assembly.service import PlainService
from qingyuan_runtime.database import migrating
from qingyuan_runtime.database.connections import Pool, open_pool
from qingyuan_runtime.edge.http import Ready, always_ready
from qingyuan_runtime.process.clock import now
from qingyuan_runtime.process.running import serve
from qingyuan_runtime.process.supervising import run_together
from qingyuan_runtime.tokens.issuers import NOBODY, Signer, Signs, Trusted, Trusts

from files import references
from files.checking.unfit import Limits
from files.evidence import EvidenceService
from files.file_repository import FileRepository
from files.http import build_app
from files.receiving import UploadStorage
from files.settings import FilesSettings
from files.store import FileStore
from files.tus import tus_router
from files.upload_repository import UploadRepository
from files.working import CheckWorker

PACKAGE = "files"


async def api(settings: FilesSettings) -> None:
    """Runs HTTP and the checks of uploads in one process, since both need the folder with the uploaded bytes."""
    # This library logs file names, which may contain names of people.
    logging.getLogger("tuspyserver").setLevel(logging.WARNING)
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
    await run_together(
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
    """The HTTP edge with these parts; tests call it with servers of their own."""
    uploads = UploadRepository(pool)
    routes = tus_router(UploadStorage(uploads_folder(settings), uploads), settings, worker.wake)
    evidence = EvidenceService(pool, signer, now)
    app = build_app(uploads, FileRepository(pool), store, evidence, routes, trusted=trusted, ready=ready)
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


def followers(settings: FilesSettings) -> Mapping[str, ReadModel]:
    """The read models of other services' topics, by name."""
    sources = {
        references.TASKS.model: settings.tasks_database_url,
        references.SIGNOFF.model: settings.signoff_database_url,
        references.FILING.model: settings.filing_database_url,
        references.REPORTS.model: settings.reports_database_url,
    }
    return {
        model.model: ReadModel(model, model.create_script(), settings, sources[model.model])
        for model in references.MODELS
    }


def build_for_documentation() -> FastAPI:
    """The routes without any server, for the OpenAPI document."""

    pool, store = cast(Pool, None), FileStore.open("memory:///")
    settings = FilesSettings(files_uploads=Path())
    worker = CheckWorker(pool, store, Path(), limits(settings))
    return build(pool, store, worker, settings, trusted=NOBODY, signer=NOBODY, ready=always_ready)


SERVICE = PlainService(
    package=PACKAGE, settings=FilesSettings, serving=api, routes=build_for_documentation, followers=followers
)
