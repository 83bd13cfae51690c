"""Who may read by reference: on facts as they come through real Kafka, and for every kind of account."""

import asyncio
import json
import time
from collections.abc import Iterator
from importlib.resources import files as resources
from pathlib import Path
from uuid import UUID

import pytest
from files.references import SIGNOFF, TASKS, file_refs
from qingyuan_events import CATALOG, Actor, Fact, decode
from qingyuan_local.testing import DatabaseServer, KafkaServer
from qingyuan_local.topics import make_topics
from qingyuan_runtime.bus.kafka_publisher import KafkaPublisher
from qingyuan_runtime.bus.port import Message
from qingyuan_runtime.bus.signing import Keyring
from qingyuan_runtime.database import migrating
from qingyuan_runtime.following.testing import message_of
from qingyuan_runtime.log.store_schema import create_script
from referring import Reading, completed, disputed, photo_added, recorded, supplemented
from uploading import (
    CITY,
    COLLEAGUE,
    DISTRICT,
    ENTERPRISE,
    EVERYBODY,
    OFFICE,
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
    """As the relay of the fact's own service makes it: signed."""
    sent = message_of(recorded(fact))
    keyring = Keyring(keys / fact.topic.removeprefix("qingyuan."))
    return Message(sent.key, sent.value, keyring.sign(sent.key, sent.headers, sent.value))


def hashes_in(value: object) -> set[str]:
    """Every file in the JSON of a fact, found by its looks."""
    if isinstance(value, dict):
        own = {value["sha256"]} if {"sha256", "size", "media_type"} <= set(value) else set()
        return own.union(*(hashes_in(inner) for inner in value.values()))
    return set().union(*(hashes_in(inner) for inner in value)) if isinstance(value, list) else set()


@pytest.mark.parametrize("type_", [type_ for type_ in CATALOG if CATALOG[type_].topic != "qingyuan.registry"])
def test_no_file_in_any_published_fact_is_overlooked(type_: str) -> None:
    fact = decode(type_, json.dumps(EXAMPLES[type_]))
    assert {ref.sha256 for ref in file_refs(fact)} == hashes_in(EXAMPLES[type_])


def test_the_examples_hold_files_of_every_sort() -> None:
    """Else the test above proves nothing."""
    holding = {type_ for type_, example in EXAMPLES.items() if hashes_in(example)}
    assert holding >= {
        "contract.submitted.v1",
        "visit.photo_added.v1",
        "visit.signed_out.v1",
        "confirmation.signed.v1",
        "confirmation.disputed.v1",
    }


@pytest.mark.servers
async def test_a_photo_of_a_visit_is_read_by_its_parties_their_regulators_and_the_office(
    reading: Reading,
) -> None:
    original, shown, other = [await reading.file(TECHNICIAN) for _ in range(3)]
    assert await reading.readers(original) == {TECHNICIAN, COLLEAGUE}
    await reading.apply(photo_added(original, shown))
    assert await reading.readers(original) == await reading.readers(shown) == PARTIES_SEE
    assert await reading.readers(other) == {TECHNICIAN, COLLEAGUE}


@pytest.mark.servers
async def test_what_the_enterprise_shows_in_a_dispute_is_read_by_the_operator(reading: Reading) -> None:
    evidence = await reading.file(OWNER)
    await reading.apply(disputed(evidence))
    assert await reading.readers(evidence) == PARTIES_SEE


@pytest.mark.servers
async def test_referring_to_anothers_file_opens_it_to_nobody(reading: Reading) -> None:
    """Whoever knows a hash may write it into a fact of one's own; that is no key."""
    secret = await reading.file(OTHER_OPERATOR)
    theirs = await reading.file(OTHER_ENTERPRISE)
    await reading.apply(photo_added(secret), supplemented(secret, theirs), disputed(secret, theirs))
    assert await reading.readers(secret) == {OTHER_OPERATOR}
    assert await reading.readers(theirs) == {OTHER_ENTERPRISE}


@pytest.mark.servers
async def test_the_other_sides_file_is_opened_by_naming_it_neither_in_a_contract_nor_in_a_dispute(
    reading: Reading,
) -> None:
    """The two parties of a fact speak each for its own files: a contract is laid by one side alone."""
    of_enterprise, of_operator = await reading.file(OWNER), await reading.file(TECHNICIAN)
    await reading.apply(supplemented(of_enterprise), photo_added(of_enterprise), disputed(of_operator))
    assert await reading.readers(of_enterprise) == {OWNER}
    assert await reading.readers(of_operator) == {TECHNICIAN, COLLEAGUE}


@pytest.mark.servers
async def test_a_file_of_two_uploaders_is_opened_by_each_for_its_own_facts(reading: Reading) -> None:
    both = await reading.file(TECHNICIAN)
    await reading.file(OTHER_OPERATOR, both)
    await reading.apply(photo_added(both))
    assert await reading.readers(both) == PARTIES_SEE | {OTHER_OPERATOR}


@pytest.mark.servers
async def test_another_district_or_enterprise_is_opened_by_a_reference_of_its_own(reading: Reading) -> None:
    contract = await reading.file(TECHNICIAN)
    await reading.apply(supplemented(contract))
    assert OTHER_ENTERPRISE not in await reading.readers(contract)
    assert OTHER_ENTERPRISE.organisation
    moved = {"enterprise_id": OTHER_ENTERPRISE.organisation, "district": "310113"}
    await reading.apply(supplemented(contract, **moved))
    assert await reading.readers(contract) == set(EVERYBODY) - {OTHER_OPERATOR}


@pytest.mark.servers
async def test_a_kind_of_account_that_is_not_known_reads_nothing(reading: Reading) -> None:
    seen = await reading.file(TECHNICIAN)
    await reading.apply(photo_added(seen))
    system = Actor(account=UUID(int=99), kind="system", organisation=ENTERPRISE)
    assert await reading.files.readable(seen, system) is None
    homeless = Actor(account=UUID(int=98), kind="operator")
    assert await reading.files.readable(seen, homeless) is None


@pytest.mark.servers
async def test_a_fact_told_again_changes_nothing(reading: Reading) -> None:
    seen = await reading.file(TECHNICIAN)
    fact = photo_added(seen)
    await reading.apply(fact, fact)
    await reading.apply(fact)
    assert await reading.pool.fetchval("select count(*) from references_tasks.reference") == 1


@pytest.mark.servers
async def test_two_builds_are_compared_stream_by_stream(reading: Reading) -> None:
    """The same facts in another order amount to the same; another file does not."""
    first, second = supplemented("a" * 64, "b" * 64), photo_added("c" * 64)
    streams = [recorded(first).stream, recorded(second).stream]
    await reading.apply(first, second)
    before = await reading.digests(streams)
    await reading.pool.execute("truncate references_tasks.reference")
    await reading.apply(second)
    await reading.apply(first)
    assert await reading.digests(streams) == before
    await reading.pool.execute(
        "update references_tasks.reference set sha256 = repeat('d', 64) where sha256 like 'a%'"
    )
    after = await reading.digests(streams)
    assert [after[stream] == before[stream] for stream in streams] == [False, True]
    await reading.apply(completed(second.visit_id, "e" * 64))
    assert (await reading.digests(streams))[streams[1]] != before[streams[1]]


@pytest.fixture(scope="module")
def whole_service(
    scratch: Path, postgres_server: DatabaseServer, kafka_server: KafkaServer
) -> Iterator[Service]:
    """Every role in one process, on real Kafka and beside the logs whose topics it follows."""
    dsn, bootstrap = postgres_server.fresh_now("files"), kafka_server.bootstrap
    asyncio.run(make_topics(bootstrap, replicas=1))
    logs = {name: empty_log(postgres_server, name) for name in ("tasks", "signoff")}
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
    for topic in (TASKS.topic, SIGNOFF.topic):
        publisher = await KafkaPublisher.open(bootstrap, topic)
        await publisher.publish([message(fact, keys) for fact in facts if fact.topic == topic])
        await publisher.close()


@pytest.mark.servers
async def test_through_kafka_and_through_death_a_reference_opens_the_file(
    whole_service: Service, kafka_server: KafkaServer
) -> None:
    """The service is killed while the facts are on their way: each of them counts when it is back."""
    contents = [photo(width=64, height=64) for _ in range(6)]
    technician, owner = whole_service.as_(TECHNICIAN), whole_service.as_(OWNER)
    for number, content in enumerate(contents):
        await asyncio.to_thread((technician if number < 3 else owner).upload, content)
    hashes = [sha256(content) for content in contents]
    keys = whole_service.log_keys
    await publish(kafka_server.bootstrap, keys, *(photo_added(digest) for digest in hashes[:3]))
    await asyncio.to_thread(whole_service.kill)
    await publish(kafka_server.bootstrap, keys, *(disputed(digest) for digest in hashes[3:]))
    await asyncio.to_thread(whole_service.start)
    end = time.monotonic() + 120
    readers = [owner] * 3 + [technician] * 3
    for reader, digest, content in zip(readers, hashes, contents, strict=True):
        while (answer := reader.get(f"/{digest}")).status_code == 404:
            assert time.monotonic() < end
            await asyncio.sleep(0.1)
        assert answer.content == content
    assert whole_service.as_(DISTRICT).get(f"/{hashes[0]}/shown?size=thumb").status_code == 200
    assert whole_service.as_(OTHER_ENTERPRISE).get(f"/{hashes[0]}").status_code == 404
