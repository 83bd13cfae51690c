"""Brokers that authenticate their clients: a real broker enforces the rights derived from the list of topics."""

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest
from confluent_kafka.admin import (
    AclBinding,
    AclOperation,
    AclPermissionType,
    AdminClient,
    NewTopic,
    ResourcePatternType,
    ResourceType,
    ScramCredentialInfo,
    ScramMechanism,
    UserScramCredentialUpsertion,
)
from qingyuan_events import TOPICS
from qingyuan_local import kafka, setup
from qingyuan_local.acls import Acl, acls
from qingyuan_local.children import free_port
from qingyuan_runtime.bus.kafka_publisher import KafkaPublisher
from qingyuan_runtime.bus.kafka_reader import KafkaReader
from qingyuan_runtime.bus.port import PublishFailed, Unreachable
from qingyuan_runtime.process.bus_address import BusAddress
from qingyuan_runtime.process.closing import opened
from qingyuan_runtime.process.settings import Settings
from sample_messages import message

TOPIC = "qingyuan.registry"
PASSWORD = "correct-horse-battery"
_PLAIN = "org.apache.kafka.common.security.plain.PlainLoginModule"
_SCRAM = "org.apache.kafka.common.security.scram.ScramLoginModule"


def test_only_the_relay_of_its_owner_writes_to_a_topic_and_whoever_follows_it_reads() -> None:
    for topic in TOPICS:
        allowed = [acl for acl in acls() if acl.topic == topic.name]
        assert {acl.user for acl in allowed if acl.operation == "Write"} == {topic.owner}
        readers = {role.partition(" ")[0] for role in topic.consumers}
        assert {acl.user for acl in allowed if acl.operation == "Read"} == readers
    assert not [
        acl for acl in acls() if acl.operation == "Write" and acl.user in ("views", "files", "gateway")
    ]


def test_half_of_an_identity_is_refused(tmp_path: Path) -> None:
    secret = tmp_path / "password"
    secret.write_text(PASSWORD + "\n")
    for wrong in (
        Settings(kafka_security_protocol="SASL_SSL"),
        Settings(kafka_security_protocol="SASL_SSL", kafka_username="views"),
        Settings(kafka_username="views", kafka_password_file=secret),
    ):
        with pytest.raises(ValueError, match="KAFKA_"):
            _ = wrong.bus
    whole = Settings(kafka_security_protocol="SASL_SSL", kafka_username="views", kafka_password_file=secret)
    assert whole.bus.options["sasl_plain_password"] == PASSWORD
    assert whole.bus.options["sasl_mechanism"] == "SCRAM-SHA-512"
    assert whole.bus.options["ssl_context"].check_hostname
    assert Settings().bus.options == {"security_protocol": "PLAINTEXT"}


@pytest.fixture(scope="module")
def authenticating_broker(scratch: Path) -> Iterator[str]:
    """A broker that permits only what is listed. Its administrator's password is in its configuration."""
    jars = setup.jars_folder()
    kafka.fetch_jars(jars)
    node = kafka.Node(1, free_port(), free_port())
    listener = "listener.name.sasl_plaintext"
    more = {
        "listeners": f"SASL_PLAINTEXT://127.0.0.1:{node.port},CONTROLLER://127.0.0.1:{node.controller_port}",
        "advertised.listeners": f"SASL_PLAINTEXT://127.0.0.1:{node.port}",
        "listener.security.protocol.map": "SASL_PLAINTEXT:SASL_PLAINTEXT,CONTROLLER:PLAINTEXT",
        "inter.broker.listener.name": "SASL_PLAINTEXT",
        "sasl.mechanism.inter.broker.protocol": "PLAIN",
        "sasl.enabled.mechanisms": "PLAIN,SCRAM-SHA-512",
        f"{listener}.plain.sasl.jaas.config": f'{_PLAIN} required username="admin" password="{PASSWORD}" user_admin="{PASSWORD}";',
        f"{listener}.scram-sha-512.sasl.jaas.config": f"{_SCRAM} required;",
        "authorizer.class.name": "org.apache.kafka.metadata.authorizer.StandardAuthorizer",
        "super.users": "User:admin;User:ANONYMOUS",
    }
    broker = kafka.Broker(scratch / "asking-kafka", jars, node, [node], more)
    broker.start()
    introduce(broker.bootstrap)
    yield broker.bootstrap
    broker.stop()


def introduce(bootstrap: str) -> None:
    """What an administrator does once: create the topic, a user for each service, and the users' rights."""
    admin = AdminClient(
        {
            "bootstrap.servers": bootstrap,
            "security.protocol": "sasl_plaintext",
            "sasl.mechanism": "PLAIN",
            "sasl.username": "admin",
            "sasl.password": PASSWORD,
        }
    )
    info = ScramCredentialInfo(ScramMechanism.SCRAM_SHA_512, 4096)
    users = sorted({acl.user for acl in acls()})
    made = [UserScramCredentialUpsertion(user, info, PASSWORD.encode()) for user in users]
    requests = [
        admin.create_topics([NewTopic(TOPIC, 1, 1)]),
        admin.alter_user_scram_credentials(made),
        admin.create_acls([_binding(acl) for acl in acls()]),
    ]
    for future in (future for futures in requests for future in futures.values()):
        future.result(30)


def _binding(acl: Acl) -> AclBinding:
    operation = getattr(AclOperation, acl.operation.upper())
    return AclBinding(
        ResourceType.TOPIC,
        acl.topic,
        ResourcePatternType.LITERAL,
        f"User:{acl.user}",
        "*",
        operation,
        AclPermissionType.ALLOW,
    )


def bus(bootstrap: str, folder: Path, user: str, password: str = PASSWORD) -> BusAddress:
    secret = folder / user
    secret.write_text(password)
    return Settings(
        kafka_bootstrap=bootstrap,
        kafka_security_protocol="SASL_PLAINTEXT",
        kafka_username=user,
        kafka_password_file=secret,
    ).bus


@pytest.mark.servers
async def test_a_follower_reads_and_cannot_write_and_a_stranger_does_not_get_in(
    authenticating_broker: str, tmp_path: Path
) -> None:
    async with opened(KafkaPublisher.open(bus(authenticating_broker, tmp_path, "registry"), TOPIC)) as relay:
        await relay.publish([message()])
    for user in ("views", "tasks"):
        async with opened(KafkaReader.open(bus(authenticating_broker, tmp_path, user), TOPIC)) as reader:
            await reader.assign({0: 0})
            (found,) = (await reader.poll(timeout_ms=20_000, max_records=10))[0]
            assert found.key == b"outlet-0"
        with pytest.raises(PublishFailed):
            async with (
                asyncio.timeout(30),
                opened(KafkaPublisher.open(bus(authenticating_broker, tmp_path, user), TOPIC)) as forger,
            ):
                await forger.publish([message(version=2)])
    for stranger in (
        BusAddress.of(authenticating_broker),
        bus(authenticating_broker, tmp_path, "views", "guessed"),
    ):
        with pytest.raises(Unreachable):
            async with asyncio.timeout(60):
                await KafkaReader.open(stranger, TOPIC)
    async with opened(KafkaReader.open(bus(authenticating_broker, tmp_path, "registry"), TOPIC)) as reader:
        assert await reader.ends() == {0: 1}
