"""`python -m qingyuan_events.generate [--check]`: generates schemas, the AsyncAPI document and the event catalogue.

The schema file of a published type is only overwritten by a compatible one. A new version is a new file.
"""

import json
import sys
from pathlib import Path
from typing import Any

from qingyuan_events.catalog import FACTS
from qingyuan_events.compatibility import breaks
from qingyuan_events.envelope import Fact
from qingyuan_events.topics import TOPICS

Json = dict[str, Any]
HERE = Path(__file__).parent
SCHEMAS = HERE / "schemas"
EXAMPLES = HERE / "examples"
ASYNCAPI = HERE / "asyncapi.json"


def schema(fact: type[Fact]) -> Json:
    """JSON Schema 2020-12 of the value on Kafka."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": f"urn:qingyuan:event:{fact.type}",
        **fact.model_json_schema(mode="serialization"),
    }


def asyncapi() -> Json:
    """AsyncAPI 3 of every topic with its messages."""
    channels: Json = {}
    operations: Json = {}
    for topic in TOPICS:
        facts = [fact for fact in FACTS if fact.topic == topic.name]
        channels[topic.name] = {
            "address": topic.name,
            "description": topic.description,
            "messages": {fact.type: _message(fact) for fact in facts},
            "bindings": {"kafka": {"partitions": topic.partitions}},
            "x-owner": topic.owner,
            "x-producers": list(topic.producers),
            "x-consumers": list(topic.consumers),
            "x-retention-days": topic.retention_days,
        }
        operations[f"receive {topic.name}"] = {
            "action": "receive",
            "channel": {"$ref": f"#/channels/{topic.name}"},
        }
    info = {"title": "清源 Qingyuan events", "version": "0.1.0", "description": _ABOUT}
    return {"asyncapi": "3.0.0", "info": info, "channels": channels, "operations": operations}


_ABOUT = "CloudEvents 1.0, Kafka binding, binary mode. The key is the stream, so a stream keeps its order."

_EPOCH = {
    "type": "string",
    "pattern": "^[0-9]+$",
    "default": "1",
    "description": "A number that increases with each restore of the log, after which a version may be used again.",
}

_SIGNED = {
    "ce_keyid": {"type": "string", "description": "The id of the owner's key that signed the message."},
    "ce_signature": {"type": "string", "description": "HMAC-SHA256 over the key, the headers and the data."},
}


def _message(fact: type[Fact]) -> Json:
    return {
        "name": fact.type,
        "contentType": "application/json",
        "description": (fact.__doc__ or "").strip().partition("\n")[0],
        "headers": {
            "type": "object",
            "required": ["ce_id", "ce_source", "ce_type", "ce_subject", "ce_time", "ce_streamversion"],
            "properties": {"ce_type": {"const": fact.type}, "ce_epoch": _EPOCH} | _SIGNED,
        },
        "payload": {"$ref": f"./schemas/{fact.type}.json"},
    }


def catalogue() -> str:
    """The event catalogue as a page."""
    lines = ["# Event catalogue", "", "Made by `python -m qingyuan_events.generate`; do not edit.", ""]
    for topic in TOPICS:
        lines += [f"## {topic.name}", "", topic.description, ""]
        lines += [
            f"Owner {topic.owner}; {topic.partitions} partitions; kept {topic.retention_days} days in Kafka",
            "",
        ]
        lines += ["and for ever in the event store.", "", "| type | fields |", "|---|---|"]
        for fact in FACTS:
            if fact.topic == topic.name:
                lines.append(f"| `{fact.type}` | {', '.join(fact.model_fields)} |")
        lines.append("")
    return "\n".join(lines)


def text(document: Json) -> str:
    return json.dumps(document, ensure_ascii=False, indent=1, sort_keys=True) + "\n"


def files(docs: Path) -> dict[Path, str]:
    schemas = {SCHEMAS / f"{fact.type}.json": text(schema(fact)) for fact in FACTS}
    return schemas | {ASYNCAPI: text(asyncapi()), docs / "events.md": catalogue()}


def problems(docs: Path) -> list[str]:
    """Files that are stale, types that are incompatible or have no example."""
    messages = [
        f"stale: {path.name}"
        for path, content in files(docs).items()
        if not path.exists() or path.read_text() != content
    ]
    for fact in FACTS:
        stored = SCHEMAS / f"{fact.type}.json"
        if stored.exists():
            reasons = breaks(json.loads(stored.read_text()), schema(fact))
            messages += [f"incompatible {fact.type}: {reason}" for reason in reasons]
        if not (EXAMPLES / f"{fact.type}.json").exists():
            messages.append(f"no example: {fact.type}")
    return messages


def main(arguments: list[str], docs: Path) -> int:
    if "--check" in arguments:
        messages = problems(docs)
        sys.stderr.write("".join(f"{line}\n" for line in messages))
        return 1 if messages else 0
    incompatible = [line for line in problems(docs) if line.startswith("incompatible")]
    if incompatible:
        sys.stderr.write("\n".join(incompatible) + "\n")
        return 1
    SCHEMAS.mkdir(exist_ok=True)
    for path, content in files(docs).items():
        path.write_text(content)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:], HERE.parents[3] / "docs"))
