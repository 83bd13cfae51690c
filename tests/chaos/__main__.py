"""`make chaos`: every scenario, one after the other; a JSON line each, and a table at the end.

make chaos                          # all of them
make chaos CHAOS="poison kill"      # some
OUTAGE_SECONDS=10 make chaos        # shorter outages
"""

import asyncio
import json
import shutil
import sys
import tempfile
from collections.abc import Iterable
from itertools import groupby
from pathlib import Path

from qingyuan_local.testing import start_stack

from chaos.running import Outcome, run
from chaos.scenarios import SCENARIOS, Scenario
from chaos.system import System

COLUMNS = (
    "scenario", "acknowledged", "come_again", "no_answer", "other_answers", "recovery_s", "catch_up_s", "restarted",
    "lost", "doubled", "unpublished", "reordered", "differing", "files_lost",
)  # fmt: skip


def main(names: Iterable[str]) -> int:
    asked = set(names)
    chosen = [scenario for scenario in SCENARIOS if not asked or scenario.name in asked]
    folder = Path(tempfile.mkdtemp(prefix="qingyuan-chaos-"))
    outcomes: list[Outcome] = []
    try:
        for number, (arguments, some) in enumerate(groupby(chosen, lambda scenario: scenario.arguments)):
            outcomes += _on_one_stack(folder / str(number), arguments, list(some))
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    _table(outcomes)
    return int(any(outcome.wrong() for outcome in outcomes))


def _on_one_stack(folder: Path, arguments: tuple[str, ...], scenarios: list[Scenario]) -> list[Outcome]:
    stack = start_stack(folder, *arguments, TRACE_RATIO="0", LOG_INS_PER_MINUTE="1000")
    outcomes = []
    try:
        for scenario in scenarios:
            outcome = asyncio.run(run(System(stack), scenario))
            line = outcome.row() | {"heard": outcome.record.heard, "wrong": outcome.wrong()}
            sys.stdout.write(json.dumps(line, ensure_ascii=False) + "\n")
            sys.stdout.flush()
            outcomes.append(outcome)
    finally:
        stack.cli("down")
    return outcomes


def _table(outcomes: list[Outcome]) -> None:
    rows = [COLUMNS, *([str(outcome.row()[name]) for name in COLUMNS] for outcome in outcomes)]
    for row in rows:
        sys.stdout.write("| " + " | ".join(row) + " |\n")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
