"""Who may read a file to which facts refer, for every kind of account; at the end with real Kafka."""

import asyncio
import json
import time
from collections.abc import Iterator
from importlib.resources import files as resources
from pathlib import Path
from uuid import UUID

import pytest
from files.references import MODELS, TASKS, file_refs
from qingyuan_events import CATALOG, Actor, Fact, decode
from qingyuan_local.testing import DatabaseServer, KafkaServer
from qingyuan_local.topics import make_topics
from qingyuan_runtime.bus.kafka_publisher import KafkaPublisher
from qingyuan_runtime.bus.port import Message
from qingyuan_runtime.bus.signing import Keyring
from qingyuan_runtime.database import migrating
from qingyuan_runtime.following.testing import message_of
from qingyuan_runtime.log.store_schema import create_script
from referring import Reading, completed, disputed, photo_added, recorded, resource_added, supplemented
from uploading import (
    CITY,
    COLLEAGUE,
    DISTRICT,
    ENTERPRISE,
    EVERYBODY,
    OFFICE,
    OTHER_DISTRICT,
    OTHER_ENTERPRISE,
    OTHER_OPERATOR,
    OWNER,
    TECHNICIAN,
    Service,
    new_folder,
    photo,
    sha256,
)  # fmt: skip

EXAMPLES = {
    path.name.removesuffix(".json"): json.loads(path.read_text())
    for path in (resources("qingyuan_events") / "examples").iterdir()
    if path.name.endswith(".json")
}
PARTIES_SEE = {TECHNICIAN, COLLEAGUE, OWNER, DISTRICT, CITY, OFFICE}


def message(fact: Fact, keys: Path) -> Message:
    """The signed message, as the relay of the fact's own service publishes it."""
    sent = message_of(recorded(fact))
    keyring = Keyring(keys / fact.topic.removeprefix("qingyuan."))
    return Message(sent.key, sent.value, keyring.sign(sent.key, sent.headers, sent.value))


def hashes_in(value: object) -> set[str]:
    """The hash of every file in the JSON of a fact. A file is recognised by the names of its fields."""
    if isinstance(value, dict):
        own = {value["sha256"]} if {"sha256", "size", "media_type"} <= set(value) else set()
        return own.union(*(hashes_in(inner) for inner in value.values()))
    return set().union(*(hashes_in(inner) for inner in value)) if isinstance(value, list) else set()


@pytest.mark.parametrize("type_", [type_ for type_ in CATALOG if CATALOG[type_].topic != "qingyuan.registry"])
def test_every_file_in_every_published_fact_is_found(type_: str) -> None:
    fact = decode(type_, json.dumps(EXAMPLES[type_]))
    assert {ref.sha256 for ref in file_refs(fact)} == hashes_in(EXAMPLES[type_])


def test_the_examples_contain_files() -> None:
    """Otherwise the test above could not fail."""
    holding = {type_ for type_, example in EXAMPLES.items() if hashes_in(example)}
    assert holding >= {
        "contract.submitted.v1",
        "visit.photo_added.v1",
        "visit.signed_out.v1",
        "confirmation.signed.v1",
        "confirmation.disputed.v1",
        "filing.basics_changed.v1",
        "resource.added.v1",
        "resource.corrected.v1",
        "resource.paper_renewed.v1",
    }


@pytest.mark.servers
async def test_a_photo_of_a_visit_is_readable_by_its_parties_their_regulators_and_administrators(
    reading: Reading,
) -> None:
    original, shown, other = [await reading.file(TECHNICIAN) for _ in range(3)]
    assert await reading.readers(original) == {TECHNICIAN, COLLEAGUE}
    await reading.apply(photo_added(original, shown))
    assert await reading.readers(original) == await reading.readers(shown) == PARTIES_SEE
    assert await reading.readers(other) == {TECHNICIAN, COLLEAGUE}


@pytest.mark.servers
async def test_a_photo_of_a_dispute_is_readable_by_the_operator(reading: Reading) -> None:
    evidence = await reading.file(OWNER)
    await reading.apply(disputed(evidence))
    assert await reading.readers(evidence) == PARTIES_SEE


@pytest.mark.servers
async def test_a_reference_to_a_strangers_file_lets_nobody_read_it(reading: Reading) -> None:
    """Anybody who knows a hash can write it into a fact of their own."""
    secret = await reading.file(OTHER_OPERATOR)
    theirs = await reading.file(OTHER_ENTERPRISE)
    await reading.apply(photo_added(secret), supplemented(secret, theirs), disputed(secret, theirs))
    assert await reading.readers(secret) == {OTHER_OPERATOR}
    assert await reading.readers(theirs) == {OTHER_ENTERPRISE}


@pytest.mark.servers
async def test_a_reference_to_the_other_partys_file_lets_nobody_read_it(
    reading: Reading,
) -> None:
    """Each party can only share files that it uploaded. A contract, for example, is submitted by the operator alone."""
    of_enterprise, of_operator = await reading.file(OWNER), await reading.file(TECHNICIAN)
    await reading.apply(supplemented(of_enterprise), photo_added(of_enterprise), disputed(of_operator))
    assert await reading.readers(of_enterprise) == {OWNER}
    assert await reading.readers(of_operator) == {TECHNICIAN, COLLEAGUE}


@pytest.mark.servers
async def test_a_reference_by_one_of_two_uploaders_lets_its_parties_read_the_file(reading: Reading) -> None:
    both = await reading.file(TECHNICIAN)
    await reading.file(OTHER_OPERATOR, both)
    await reading.apply(photo_added(both))
    assert await reading.readers(both) == PARTIES_SEE | {OTHER_OPERATOR}


@pytest.mark.servers
async def test_another_enterprise_and_district_may_read_only_after_a_reference_of_their_own(
    reading: Reading,
) -> None:
    contract = await reading.file(TECHNICIAN)
    await reading.apply(supplemented(contract))
    assert OTHER_ENTERPRISE not in await reading.readers(contract)
    assert OTHER_ENTERPRISE.organisation
    moved = {"enterprise_id": OTHER_ENTERPRISE.organisation, "district": "310113"}
    await reading.apply(supplemented(contract, **moved))
    assert await reading.readers(contract) == set(EVERYBODY) - {OTHER_OPERATOR}


@pytest.mark.servers
async def test_the_system_and_an_operator_without_an_organisation_read_nothing(reading: Reading) -> None:
    seen = await reading.file(TECHNICIAN)
    await reading.apply(photo_added(seen))
    system = Actor(account=UUID(int=99), kind="system", organisation=ENTERPRISE)
    assert await reading.files.readable(seen, system) is None
    without_organisation = Actor(account=UUID(int=98), kind="operator")
    assert await reading.files.readable(seen, without_organisation) is None


@pytest.mark.servers
async def test_applying_a_fact_again_changes_nothing(reading: Reading) -> None:
    seen = await reading.file(TECHNICIAN)
    fact = photo_added(seen)
    await reading.apply(fact, fact)
    await reading.apply(fact)
    assert await reading.pool.fetchval("select count(*) from references_tasks.reference") == 1


@pytest.mark.servers
async def test_the_digest_of_a_stream_depends_on_its_rows_but_not_on_their_order(reading: Reading) -> None:
    first, second = supplemented("a" * 64, "b" * 64), photo_added("c" * 64)
    streams = [recorded(first).stream, recorded(second).stream]
    await reading.apply(first, second)
    before = await reading.digests(TASKS, streams)
    await reading.pool.execute("truncate references_tasks.reference")
    await reading.apply(second)
    await reading.apply(first)
    assert await reading.digests(TASKS, streams) == before
    await reading.pool.execute(
        "update references_tasks.reference set sha256 = repeat('d', 64) where sha256 like 'a%'"
    )
    after = await reading.digests(TASKS, streams)
    assert [after[stream] == before[stream] for stream in streams] == [False, True]
    await reading.apply(completed(second.visit_id, "e" * 64))
    assert (await reading.digests(TASKS, streams))[streams[1]] != before[streams[1]]


@pytest.fixture(scope="module")
def whole_service(
    scratch: Path, postgres_server: DatabaseServer, kafka_server: KafkaServer
) -> Iterator[Service]:
    """Every role in one process, with real Kafka and the (empty) logs whose topics it follows."""
    dsn, bootstrap = postgres_server.fresh_now("files"), kafka_server.bootstrap
    asyncio.run(make_topics(bootstrap, replicas=1))
    logs = {name: empty_log(postgres_server, name) for name in ("tasks", "signoff", "filing")}
    urls = {f"{name.upper()}_DATABASE_URL": url for name, url in logs.items()}
    service = Service(new_folder(scratch), dsn, role="all", KAFKA_BOOTSTRAP=bootstrap, **urls)
    service.start()
    yield service
    service.kill()


def empty_log(server: DatabaseServer, service: str) -> str:
    url = server.fresh_now(service)
    migrating.run_once(url, create_script())
    return url


async def publish(bootstrap: str, keys: Path, *facts: Fact) -> None:
    for model in MODELS:
        publisher = await KafkaPublisher.open(bootstrap, model.topic)
        await publisher.publish([message(fact, keys) for fact in facts if fact.topic == model.topic])
        await publisher.close()


@pytest.mark.servers
async def test_references_published_while_the_service_is_killed_count_after_its_restart(
    whole_service: Service, kafka_server: KafkaServer
) -> None:
    """Half of the facts are published before the service is killed, the other half while it is down."""
    contents = [photo(width=64, height=64) for _ in range(8)]
    technician, owner = whole_service.as_(TECHNICIAN), whole_service.as_(OWNER)
    for number, content in enumerate(contents):
        await asyncio.to_thread((owner if number in (3, 4, 5) else technician).upload, content)
    hashes = [sha256(content) for content in contents]
    keys = whole_service.log_keys
    before = (*(photo_added(digest) for digest in hashes[:3]), resource_added(hashes[6]))
    await publish(kafka_server.bootstrap, keys, *before)
    await asyncio.to_thread(whole_service.kill)
    after = (*(disputed(digest) for digest in hashes[3:6]), resource_added(hashes[7]))
    await publish(kafka_server.bootstrap, keys, *after)
    await asyncio.to_thread(whole_service.start)
    end = time.monotonic() + 120
    readers = [owner] * 3 + [technician] * 3 + [whole_service.as_(OTHER_DISTRICT)] * 2
    for reader, digest, content in zip(readers, hashes, contents, strict=True):
        while (answer := reader.get(f"/{digest}")).status_code == 404:
            assert time.monotonic() < end
            await asyncio.sleep(0.1)
        assert answer.content == content
    assert whole_service.as_(DISTRICT).get(f"/{hashes[0]}/shown?size=thumb").status_code == 200
    assert whole_service.as_(OTHER_ENTERPRISE).get(f"/{hashes[0]}").status_code == 404
    for stranger in (OWNER, OTHER_OPERATOR):
        assert whole_service.as_(stranger).get(f"/{hashes[6]}").status_code == 404
