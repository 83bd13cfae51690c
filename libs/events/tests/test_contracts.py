"""The published contracts: fresh, compatible, each with an example; the wheel works alone."""

import copy
import json
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any, get_args

import jsonschema
import pytest
from pydantic import BaseModel
from qingyuan_events import CATALOG, TOPICS, Fact, UnknownType, decode, decode_as_written, encode, generate
from qingyuan_events.compatibility import breaks
from qingyuan_local.setup import checkout

EXAMPLES = sorted(generate.EXAMPLES.glob("*.json"))
TYPES = sorted(CATALOG)


def test_generated_files_are_fresh_and_compatible() -> None:
    assert generate.problems(checkout() / "docs") == []


def test_every_type_has_an_example_and_every_example_a_type() -> None:
    assert [path.stem for path in EXAMPLES] == TYPES


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_an_example_decodes_fits_its_schema_and_comes_back_the_same(path: Path) -> None:
    example = json.loads(path.read_text())
    fact = decode_as_written(path.stem, json.dumps(example))
    assert json.loads(encode(fact)) == example
    jsonschema.validate(example, generate.schema(type(fact)))


def test_every_topic_of_a_type_is_listed_with_its_owner() -> None:
    listed = {topic.name for topic in TOPICS}
    assert {fact.topic for fact in CATALOG.values()} == listed
    assert all(topic.owner and topic.producers and topic.consumers for topic in TOPICS)


def test_an_unknown_type_is_said_so() -> None:
    with pytest.raises(UnknownType):
        decode("instrument.exploded.v1", b"{}")


def test_the_version_stands_in_the_type() -> None:
    """And in the name of its class from the second version on, which stands beside the first."""
    for type_, fact in CATALOG.items():
        noun, version = type_.rsplit(".v", 1)
        assert fact.__name__.endswith(f"V{version}") == (version != "1")
        assert version == "1" or f"{noun}.v{int(version) - 1}" in CATALOG


def change(schema: dict[str, Any], what: str) -> dict[str, Any]:
    other = copy.deepcopy(schema)
    match what:
        case "remove a field":
            del other["properties"]["reason"]
        case "add a field":
            other["properties"]["colour"] = {"type": "string"}
        case "require a field":
            other["required"] = [name for name in other["required"] if name != "reason"]
        case "change a type":
            other["properties"]["reason"] = {"type": "integer"}
        case "change it deep inside":
            other["$defs"]["Sampler"]["properties"]["model"] = {"type": "integer"}
        case "add an unknown keyword":
            other["properties"]["reason"]["propertyNames"] = {}
    return other


@pytest.mark.parametrize(
    "what",
    [
        "remove a field",
        "add a field",
        "require a field",
        "change a type",
        "change it deep inside",
        "add an unknown keyword",
    ],
)
def test_the_checker_finds_a_break(what: str) -> None:
    schema = generate.schema(CATALOG["instrument.corrected.v1"])
    assert breaks(schema, schema) == []
    assert breaks(schema, change(schema, what)) != []


def test_words_may_change() -> None:
    schema = generate.schema(CATALOG["instrument.corrected.v1"])
    other = copy.deepcopy(schema)
    other["description"] = "said better"
    assert breaks(schema, other) == []


def test_the_wheel_alone_decodes_an_example(tmp_path: Path) -> None:
    """Built, unpacked into an empty place, and run with pydantic as the only package of others."""
    uv = checkout() / ".tools" / "bin" / "uv"
    build = [str(uv), "build", "-q", "--offline", "--no-build-isolation", "--wheel", "-o", str(tmp_path)]
    subprocess.run([*build, str(checkout() / "libs" / "events")], check=True)
    (wheel,) = tmp_path.glob("*.whl")
    zipfile.ZipFile(wheel).extractall(tmp_path / "alone")
    script = """
import json, sys
from pathlib import Path
import qingyuan_events as q
here = Path(q.__file__).parent
assert str(here).startswith(sys.argv[1]), here
for path in sorted((here / "examples").glob("*.json")):
    q.decode(path.stem, path.read_text())
foreign = {name.partition(".")[0] for name in sys.modules} & {"qingyuan_runtime", "fastapi", "asyncpg", "aiokafka"}
assert not foreign, foreign
print(len(list((here / "examples").glob("*.json"))))
"""
    environment = {"PYTHONPATH": str(tmp_path / "alone")}
    done = subprocess.run(
        [sys.executable, "-c", script, str(tmp_path / "alone")],
        env=environment, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert int(done.stdout) == len(TYPES)


def test_a_published_fact_cannot_be_changed_in_place() -> None:
    fact: Fact = decode("outlet.closed.v1", (generate.EXAMPLES / "outlet.closed.v1.json").read_text())
    with pytest.raises(ValueError, match="frozen"):
        fact.reason = "another"  # type: ignore[attr-defined]


def test_what_may_be_absent_need_not_be_written() -> None:
    """Facts are stored without their absent values, so a field that may be None has None as its default."""
    demanded = [
        f"{part.__name__}.{name}"
        for part in parts_of(*CATALOG.values())
        for name, field in part.model_fields.items()
        if field.is_required() and type(None) in get_args(field.annotation)
    ]
    assert demanded == []


def parts_of(*classes: type[BaseModel]) -> Iterator[type[BaseModel]]:
    """These classes and all classes of values in them, each once."""
    waiting, met = list(classes), set(classes)
    while waiting:
        part = waiting.pop()
        yield part
        found = {inner for field in part.model_fields.values() for inner in models_in(field.annotation)} - met
        met |= found
        waiting += found


def models_in(annotation: Any) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for inner in get_args(annotation):
        yield from models_in(inner)
