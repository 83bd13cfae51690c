"""A forged completion of a visit leads to no confirmation; the real one does."""

import asyncio
import base64
import secrets
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from confirmation_samples import DAY, ENTERPRISE, NOON, OPERATOR, OUTLET, POINT, SHOWN, VISIT
from counting import make_topic
from qingyuan_events import Actor, Meta, encode, to_headers
from qingyuan_events.tasks import VisitCompleted
from qingyuan_local.testing import DatabaseServer, KafkaServer
from qingyuan_runtime.bus.kafka_publisher import KafkaPublisher
from qingyuan_runtime.bus.kafka_reader import KafkaReader
from qingyuan_runtime.bus.port import Message
from qingyuan_runtime.bus.signing import Keyring
from qingyuan_runtime.database import migrating
from qingyuan_runtime.database.connections import open_pool
from qingyuan_runtime.following.verifying import VerifiedByLog
from qingyuan_runtime.log.store_postgres import PostgresStore
from qingyuan_runtime.process.closing import opened
from qingyuan_runtime.reacting.reactions import ReactionRunner
from signoff import reactions
from signoff.domain.decider import CONFIRMATION
from signoff.reactions import confirmation_of

pytestmark = pytest.mark.servers

ONLY_FORGED, ALSO_GENUINE = UUID(int=71), VISIT
OTHER_CONTENT = "f" * 64


def keyring(folder: Path) -> Keyring:
    folder.mkdir()
    (folder / "20260101").write_text(base64.b64encode(secrets.token_bytes(32)).decode())
    return Keyring(folder)


def completed(visit: UUID, keys: Keyring | None, content: str = SHOWN) -> Message:
    fact = VisitCompleted(
        visit_id=visit,
        operator_id=OPERATOR,
        enterprise_id=ENTERPRISE,
        outlet_id=OUTLET,
        point_id=POINT,
        district="310118",
        day=DAY,
        contents=("patrol",),
        content_sha256=content,
    )
    meta = Meta(actor=Actor(account=OPERATOR, kind="operator"), command_id=uuid4(), correlation=uuid4())
    stream = f"visit-{visit}"
    headers = to_headers(
        source="tasks", stream=stream, version=1, type_=fact.type, recorded_at=NOON, meta=meta
    )
    key, value = stream.encode(), encode(fact)
    return Message(key, value, keys.sign(key, headers, value) if keys else headers)


async def test_forged_completions_become_dead_letters_and_only_the_genuine_one_leads_to_a_request(
    postgres_server: DatabaseServer, kafka_server: KafkaServer, tmp_path: Path
) -> None:
    dsn, topic = await postgres_server.fresh("signoff"), await make_topic(kafka_server.bootstrap, 1)
    await asyncio.to_thread(migrating.upgrade, "signoff", owner_url=dsn, app_url=dsn)
    owner, stranger = keyring(tmp_path / "tasks"), keyring(tmp_path / "stranger")
    async with opened(KafkaPublisher.open(kafka_server.bootstrap, topic)) as publisher:
        forged = [
            completed(ONLY_FORGED, None),
            completed(ONLY_FORGED, stranger),
            completed(ALSO_GENUINE, None, OTHER_CONTENT),
        ]
        await publisher.publish([*forged, completed(ALSO_GENUINE, owner)])
    store = PostgresStore(await open_pool(dsn, size=2))
    tables = await open_pool(dsn, size=2, session={"search_path": reactions.SCHEMA})

    async def reader() -> KafkaReader:
        return await KafkaReader.open(kafka_server.bootstrap, topic)

    react, trust = reactions.reaction(store, lambda: NOON), VerifiedByLog(owner, None)
    await ReactionRunner(topic, reactions.NAME, tables, reader, react, trust=trust).catch_up({0: 4})
    assert await store.read(CONFIRMATION.stream(confirmation_of(ONLY_FORGED))) == []
    (requested,) = await store.read(CONFIRMATION.stream(confirmation_of(ALSO_GENUINE)))
    assert requested.fact.content_sha256 == SHOWN  # type: ignore[attr-defined]
    letters = await tables.fetch("select error from dead_letter order by message_offset")
    assert len(letters) == len(forged)
    assert all(letter["error"].startswith("forged: ") for letter in letters)
