"""The page's check and the server's say the same, sentences included, of sheets nobody would write on purpose."""

import json
import os
import shutil
import subprocess
import sys
from dataclasses import asdict
from datetime import date
from pathlib import Path
from random import Random
from typing import Any

import pytest
from qingyuan_standards.forms import Checked, Form, check, form, forms
from qingyuan_standards.forms_definition import Json

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[3]
CORPUS = sorted((ROOT / "libs/standards/corpus").glob("*.json"))
TODAY = date(2026, 11, 24)


def asked_of_the_page(cases: list[dict[str, Any]]) -> list[dict[str, Any]]:
    question = {"forms": {form.name: form.document for form in forms(TODAY)}, "cases": cases}
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    answer = subprocess.run(
        [shutil.which("node", path=path) or "node", "src/sheets/answer.mjs"],
        cwd=ROOT / "web",
        input=json.dumps(question, ensure_ascii=False),
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert answer.returncode == 0, answer.stderr
    return list(json.loads(answer.stdout))


def plain(checked: Checked) -> dict[str, Any]:
    return dict(json.loads(json.dumps(asdict(checked))))


@pytest.mark.skipif(
    not (ROOT / "web/node_modules/vite").exists(), reason="the page's components are not installed"
)
def test_page_and_server_say_the_same_of_random_sheets() -> None:
    random = Random(int(os.environ.get("QINGYUAN_SEED", "2026")))
    every = forms(TODAY)
    cases = [{"form": form.name, "values": sheet(form, random)} for form in every for _ in range(25)]
    cases += [
        {"form": case["form"], "values": case["values"]}
        for path in CORPUS
        for case in json.loads(path.read_text("utf-8"))
    ]
    answers = asked_of_the_page(cases)
    for case, answer in zip(cases, answers, strict=True):
        here = plain(check(form(case["form"], 1), case["values"]))
        assert answer == here, f"{case['form']}: {json.dumps(case['values'], ensure_ascii=False)}"


# Sheets that are mostly readable, lie at the edges of rules, or are broken in every way JSON can be

EDGES = [
    "0",
    "-0",
    "0.5",
    "1.5",
    "2",
    "5",
    "5.0",
    "7.5",
    "9",
    "10",
    "12",
    "20",
    "57",
    "100",
    "143",
    "250",
    "300",
    "715",
]
BROKEN = [
    "",
    " ",
    "\u3000",
    "３００",
    "1e3",
    "1,5",
    "01",
    ".5",
    "1.",
    "+1",
    "1\n",
    "NaN",
    "Infinity",
    "十",
    "1.1234567",
    "1234567890",
]
DAYS = ["2026-11-24", "2026-11-17", "2026-11-25", "2026-08-26", "2028-02-29", "0001-01-01", "9999-12-31"]
BAD_DAYS = [
    "2026-02-29",
    "2026-13-01",
    "2026-00-10",
    "0000-01-01",
    "2026-1-1",
    "2026-11-24\n",
    "２０２６-11-24",
    "2026-11-24T09:00",
]
TIMES = ["00:00", "09:00", "10:30", "23:59"]
BAD_TIMES = ["24:00", "9:00", "09:60", "09:00:00", "09:00Z", ""]
ODD: list[Any] = [
    None,
    True,
    False,
    0,
    7,
    1.5,
    -0.0,
    [],
    {},
    ["1"],
    {"a": "1"},
    [[]],
    [{}],
    "甲",
    "𠮷",
    "x" * 1001,
    "{limit}",
]


def sheet(form: Form, random: Random) -> Any:
    if random.random() < 0.02:
        return random.choice(ODD)
    return _fields(
        form.document["schema"], form.document["schema"], random, care=random.choice([0.7, 0.95, 1.0])
    )


def _fields(schema: Json, owner: Json, random: Random, care: float) -> dict[str, Any]:
    filled = {
        name: _value(schema, field_schema, random, care)
        for name, field_schema in owner["properties"].items()
        if random.random() < 0.9
    }
    if random.random() > care:
        filled[
            random.choice(["surprise", "constructor", "toString", "__proto__", "0", "a.b", "a/b", "~", "栏"])
        ] = "1"
    return filled


def _value(schema: Json, field_schema: Json, random: Random, care: float) -> Any:
    if random.random() > care and random.random() < 0.3:
        return random.choice(ODD)
    if field_schema.get("type") == "array":
        most = field_schema["maxItems"]
        count = random.choice([0, 1, 2, 3, 4, 5, 9, most, most + 1])
        return [
            _fields(schema, field_schema["items"], random, care)
            if random.random() < 0.97
            else random.choice(ODD)
            for _ in range(count)
        ]
    if "enum" in field_schema:
        return random.choice(field_schema["enum"]) if random.random() < care else "别的"
    kind = field_schema["$ref"].rsplit("/", 1)[1]
    if random.random() > care:
        return random.choice(BROKEN + BAD_DAYS)
    return {"number": _number, "quantity": _number, "day": _day, "time": _time}.get(kind, _text)(random)


def _number(random: Random) -> str:
    if random.random() < 0.4:
        return random.choice(EDGES)
    digits = random.choice([1, 2, 3, 4, 9])
    places = random.choice([0, 0, 1, 2, 3, 6])
    whole = str(random.randrange(10**digits))
    part = "." + "".join(random.choice("0123456789") for _ in range(places)) if places else ""
    return random.choice(["", "", "", "-"]) + whole + part


def _day(random: Random) -> str:
    return random.choice(DAYS if random.random() < 0.95 else BAD_DAYS)


def _time(random: Random) -> str:
    return f"{_day(random)}T{random.choice(TIMES if random.random() < 0.95 else BAD_TIMES)}"


def _text(random: Random) -> str:
    return random.choice(["甲", "A-1", "", "12.5", "300", "{value}{limit}", "更换泵管", "  ", "x" * 101])
