"""The page's check of reports and the server's say the same, byte for byte, of good reports, of those at an edge, and of broken ones."""

import json
import os
import shutil
import subprocess
import sys
from collections import Counter
from pathlib import Path
from random import Random
from typing import Any

import pytest
from qingyuan_standards.rules import Refused, catalogue, check
from qingyuan_standards.rules.vectors import document_of
from random_reports import report

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[3]
SEED = int(os.environ.get("QINGYUAN_SEED", "2026"))
RANDOM_REPORTS = 600
Json = dict[str, Any]


def asked_of_the_page(documents: list[Any]) -> list[str]:
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    answer = subprocess.run(
        [shutil.which("node", path=path) or "node", "src/checking/answer.mjs"],
        cwd=ROOT / "web",
        input=json.dumps(documents),
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert answer.returncode == 0, answer.stderr
    return answer.stdout.split("\n")


def said_here(document: Any) -> str:
    try:
        said: Json = {"problems": [], "verdict": check(document, catalogue()).as_json()}
    except Refused as refused:
        problems = [{"at": p.at, "code": p.code, "sentence": p.sentence} for p in refused.problems]
        said = {"problems": problems, "verdict": None}
    text = json.dumps(said, ensure_ascii=False, separators=(",", ":"))
    return text.encode("utf-8", "backslashreplace").decode(
        "utf-8"
    )  # half a surrogate pair, as JavaScript writes it


def agree(documents: list[Any]) -> Counter[str]:
    """How many documents had each result; `refused` where there was none."""
    found: Counter[str] = Counter()
    for document, answer in zip(documents, asked_of_the_page(documents), strict=True):
        here = said_here(document)
        assert answer == here, json.dumps(document, ensure_ascii=False)
        verdict = json.loads(here)["verdict"]
        found[verdict["result"] if verdict else "refused"] += 1
    return found


needs_page = pytest.mark.skipif(
    not (ROOT / "web/node_modules/vite").exists(), reason="the page's components are not installed"
)


@needs_page
def test_page_and_server_agree_on_every_vector_of_the_catalogue() -> None:
    documents = [document_of(rule, vector) for rule in catalogue().rules for vector in rule.vectors]
    assert agree(documents)["refused"] == 0


@needs_page
def test_page_and_server_agree_on_the_corpus() -> None:
    files = sorted((ROOT / "libs/standards/corpus/reports").rglob("*.json"))
    documents = [case["document"] for path in files for case in json.loads(path.read_text("utf-8"))]
    found = agree(documents)
    assert found.total() - found["refused"] >= 60
    assert found["refused"] >= 20


@needs_page
def test_page_and_server_agree_on_random_reports() -> None:
    random = Random(SEED)
    found = agree([report(random) for _ in range(RANDOM_REPORTS)])
    assert (
        min(found[each] for each in ("pass", "fail", "review", "missing_data", "not_judged", "refused")) > 0
    )
