"""The contact of an enterprise: a refused command leaves no key, and a contact whose erasure is in the log stays erased."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from importlib import import_module
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from fastapi import FastAPI
from qingyuan_events import Actor
from qingyuan_local.testing import DatabaseServer
from qingyuan_runtime.database.connections import Pool, open_pool
from qingyuan_runtime.log.erasures import Erasures
from qingyuan_runtime.log.handling import append, handle, write_of
from qingyuan_runtime.log.privacy import CiphertextPosition, PostgresKeys, seal
from qingyuan_runtime.log.privacy import create_script as keys_script
from qingyuan_runtime.log.store_postgres import PostgresStore
from qingyuan_runtime.log.store_schema import create_script
from registry.domain.enterprises.commands import EraseContact
from registry.domain.enterprises.decider import ENTERPRISE as ENTERPRISES
from registry.enterprises.contacts import ERASED_SUBJECTS, read_contact
from registry.shared.repository import Repository
from registry_calls import NOON, OFFICE, Person, asked_by, enterprise_with_point, plain
from samples import ENTERPRISE, SINCE, enterprise, enterprise_registered

ZHOU = {"name": "周清源", "phone": "021-5555 0101"}
WU = {"name": "吴淞", "phone": "021-5555 0202"}
STREAM = ENTERPRISES.stream(ENTERPRISE)


def correction(contact: dict[str, str], reason: str = "更新") -> dict[str, Any]:
    return plain(enterprise) | {"valid_from": str(SINCE), "reason": reason, "contact": contact}


async def test_it_is_read_erased_and_given_anew(http: httpx.AsyncClient, office: Person) -> None:
    enterprise_id, _, _ = await enterprise_with_point(office)
    path = f"/enterprises/{enterprise_id}"
    assert (await office.get(f"{path}/contact")).json() == ZHOU
    district = Person(http, Actor(account=UUID(int=2), kind="regulator", district="310113"))
    assert (await district.get(f"{path}/contact")).status_code == 404
    assert (await office.post(f"{path}/contact-erasure", {"reason": "本人要求"})).status_code == 202
    assert (await office.get(f"{path}/contact")).json() == {"erased": True}
    assert (await office.post(f"{path}/correction", correction(WU))).status_code == 202
    assert (await office.get(f"{path}/contact")).json() == WU


@pytest.mark.parametrize(("reason", "match", "status"), [("", None, 422), ("本人要求", 7, 412)])
async def test_a_refused_erasure_erases_nothing(
    office: Person, reason: str, match: int | None, status: int
) -> None:
    enterprise_id, _, _ = await enterprise_with_point(office)
    path = f"/enterprises/{enterprise_id}"
    answer = await office.post(f"{path}/contact-erasure", {"reason": reason}, match=match)
    assert answer.status_code == status
    assert (await office.get(f"{path}/contact")).json() == ZHOU


async def test_a_refused_command_makes_no_key(app: FastAPI, office: Person) -> None:
    body = plain(enterprise.model_copy(update={"uscc": "1"})) | {"valid_from": str(SINCE), "contact": ZHOU}
    assert (await office.post("/enterprises", body)).status_code == 422
    enterprise_id = await office.makes("/enterprises", plain(enterprise))
    path = f"/enterprises/{enterprise_id}/correction"
    assert (await office.post(path, correction(ZHOU, reason=""))).status_code == 422
    assert (await office.post(path, correction(ZHOU), match=7)).status_code == 412
    assert app.state.repository.keys._keys == {}


async def test_a_contact_whose_key_is_gone_without_an_erasure_is_said_to_be_lost(
    app: FastAPI, office: Person
) -> None:
    enterprise_id, _, _ = await enterprise_with_point(office)
    app.state.repository.keys._keys.clear()
    assert (await office.get(f"/enterprises/{enterprise_id}/contact")).json() == {"lost": True}
    path = f"/enterprises/{enterprise_id}/correction"
    assert (await office.post(path, correction(WU))).status_code == 202
    assert (await office.get(f"/enterprises/{enterprise_id}/contact")).json() == WU


async def test_after_a_restore_of_the_log_to_before_the_erasure_a_new_contact_can_be_given(
    app: FastAPI, office: Person
) -> None:
    enterprise_id, _, _ = await enterprise_with_point(office)
    for subject in list(app.state.repository.keys._keys):
        await app.state.repository.keys.erase(subject)
    assert (await office.get(f"/enterprises/{enterprise_id}/contact")).json() == {"erased": True}
    answer = await office.post(f"/enterprises/{enterprise_id}/correction", correction(WU))
    assert answer.status_code == 202
    assert (await office.get(f"/enterprises/{enterprise_id}/contact")).json() == WU


@dataclass(frozen=True)
class Bench:
    """One enterprise with a contact, on real databases; `erasures` is what a worker runs."""

    pool: Pool
    keys_pool: Pool
    keys: PostgresKeys
    repository: Repository
    subject: UUID

    @property
    def erasures(self) -> Erasures:
        return Erasures(self.pool, self.keys, ERASED_SUBJECTS)

    async def erase(self) -> None:
        """The process is killed after the append of the request, before anything else."""
        await handle(
            self.repository.store,
            ENTERPRISES,
            STREAM,
            EraseContact(enterprise_id=ENTERPRISE, reason="本人要求"),
            asked_by(OFFICE),
        )

    async def read(self) -> dict[str, object]:
        _, state = await self.repository.enterprise(ENTERPRISE, OFFICE)
        return await read_contact(self.repository, ENTERPRISE, state)

    async def key_rows(self) -> list[tuple[UUID, bytes]]:
        return [tuple(row) for row in await self.keys_pool.fetch("select subject, wrapped from subject_key")]

    async def restore_keys(self, rows: list[tuple[UUID, bytes]]) -> None:
        """Puts the key database back to an older dump."""
        await self.keys_pool.execute("truncate erased_subject, subject_key")
        await self.keys_pool.executemany("insert into subject_key values ($1, $2)", rows)


@pytest.fixture
async def bench(postgres_server: DatabaseServer) -> AsyncIterator[Bench]:
    pool = await open_pool(await postgres_server.fresh("contact"), size=3)
    keys_pool = await open_pool(await postgres_server.fresh("contact_keys"), size=3)
    await pool.execute(create_script())
    await pool.execute(import_module("registry.migrations.versions.0004_contact_erasures").INDEX)
    await keys_pool.execute(keys_script())
    keys = PostgresKeys(keys_pool, AESGCM.generate_key(256))
    repository = Repository(PostgresStore(pool), keys, lambda: NOON)
    subject = uuid4()
    contact = await seal(keys, subject, CiphertextPosition(STREAM, 1, "contact"), ZHOU)
    registered = enterprise_registered.model_copy(update={"contact": contact})
    await append(repository.store, [write_of(ENTERPRISES, STREAM, 0, (registered,))], asked_by(OFFICE))
    yield Bench(pool, keys_pool, keys, repository, subject)
    await pool.close()
    await keys_pool.close()


@pytest.mark.servers
async def test_a_process_killed_after_the_fact_leaves_the_erasure_to_the_next(bench: Bench) -> None:
    assert await bench.erasures.sweep() == 0
    await bench.erase()
    assert len(await bench.key_rows()) == 1
    assert await bench.read() == {"erased": True}
    assert await bench.erasures.sweep() == 1
    assert await bench.key_rows() == []
    assert await bench.erasures.sweep() == 0


@pytest.mark.servers
async def test_an_erased_contact_stays_erased_when_its_key_comes_back(bench: Bench) -> None:
    before = await bench.key_rows()
    await bench.erase()
    await bench.erasures.sweep()
    await bench.restore_keys(before)
    assert await bench.read() == {"erased": True}
    assert await bench.erasures.sweep() == 1
    assert await bench.key_rows() == []
    assert list(await bench.keys.outstanding([bench.subject])) == []
