"""An independent client (librdkafka) reads what we published: CloudEvents 1.0 headers, key and body."""

import json
from base64 import b64decode
from datetime import datetime
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from confluent_kafka import Consumer
from qingyuan_events import decode, event_id
from qingyuan_local.testing import Stack

pytestmark = pytest.mark.servers


def bootstrap(stack: Stack) -> str:
    ports = json.loads((Path(stack.folder) / "ports.json").read_text())
    return f"127.0.0.1:{ports['kafka-1']}"


def test_headers_key_and_body_are_what_the_catalogue_promises(running_stack: Stack) -> None:
    consumer = Consumer(
        {
            "bootstrap.servers": bootstrap(running_stack),
            "group.id": str(uuid4()),
            "auto.offset.reset": "earliest",
        }
    )
    folder = Path(running_stack.folder) / "secrets" / "log-keys" / "registry"
    consumer.subscribe(["qingyuan.registry"])
    seen: dict[str, int] = {}
    try:
        while len(seen) < 50:
            message = consumer.poll(30)
            assert message is not None, "nothing came"
            assert message.error() is None
            headers = {str(pair[0]): pair[1].decode() for pair in list(message.headers() or [])}  # type: ignore[union-attr]
            key, body = message.key(), message.value()
            assert key is not None
            assert body is not None
            stream, version = bytes(key).decode(), int(headers["ce_streamversion"])
            assert headers["ce_specversion"] == "1.0"
            assert headers["ce_subject"] == stream
            assert headers["ce_source"] == "/qingyuan/registry"
            assert UUID(headers["ce_id"]) == event_id(stream, version, int(headers["ce_epoch"]))
            assert datetime.fromisoformat(headers["ce_time"]).tzinfo is not None
            assert len(b64decode(headers["ce_signature"], validate=True)) == 32
            assert (folder / headers["ce_keyid"]).exists()
            assert headers["content-type"].startswith("application/json")
            fact = decode(headers["ce_type"], bytes(body))
            assert stream.endswith(
                str(getattr(fact, f"{stream.split('-')[0].replace('monitoring_', '')}_id"))
            )
            assert version == seen.get(stream, 0) + 1
            seen[stream] = version
    finally:
        consumer.close()
