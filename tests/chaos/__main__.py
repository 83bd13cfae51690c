"""`make chaos`: every scenario, one after the other; a JSON line each, and a table at the end.

make chaos                          # all of them
make chaos CHAOS="poison kill"      # some
OUTAGE_SECONDS=10 make chaos        # shorter outages
"""

import asyncio
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, nullcontext
from itertools import groupby
from pathlib import Path

from qingyuan_local.testing import Stack, start_stack

from chaos.running import Outcome, run
from chaos.scenarios import SCENARIOS, Scenario
from chaos.system import System

COLUMNS = (
    "scenario", "acknowledged", "come_again", "no_answer", "other_answers", "recovery_s", "catch_up_s", "restarted",
    "lost", "doubled", "unpublished", "reordered", "differing", "files_lost",
)  # fmt: skip


CLOCK = Path(__file__).parents[1] / "moved_clock"
DISK_BYTES = 1_400_000_000


def main(names: Iterable[str]) -> int:
    asked = set(names)
    chosen = [scenario for scenario in SCENARIOS if not asked or scenario.name in asked]
    if os.geteuid() != 0:
        sys.stdout.write("磁盘写满的场景需要 root 才能挂载小文件系统，已跳过。\n")
        chosen = [scenario for scenario in chosen if not scenario.small_disk]
    folder = Path(tempfile.mkdtemp(prefix="qingyuan-chaos-"))
    outcomes: list[Outcome] = []
    try:
        for number, (_, some) in enumerate(groupby(chosen, lambda scenario: scenario.stack)):
            outcomes += _on_one_stack(folder / str(number), list(some))
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    _table(outcomes)
    return int(any(outcome.wrong() for outcome in outcomes))


def _on_one_stack(folder: Path, scenarios: list[Scenario]) -> list[Outcome]:
    kind = scenarios[0]
    with _disk(folder) if kind.small_disk else nullcontext():
        return _on(_started(folder, kind), scenarios)


def _started(folder: Path, kind: Scenario) -> Stack:
    extra = {"TRACE_RATIO": "0", "SESSIONS_MOST": "1000"}
    if kind.moved_clock:
        folder.mkdir(exist_ok=True)
        (folder / "moved-clock").write_text("0")
        extra |= {"MOVED_CLOCK": str(folder / "moved-clock"), "PYTHONPATH": str(CLOCK)}
    return start_stack(folder, *kind.arguments, **extra)


@contextmanager
def _disk(folder: Path) -> Iterator[None]:
    """A file system of its own, small enough to be filled. Only root may mount one."""
    folder.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={DISK_BYTES}", "tmpfs", folder], check=True)
    try:
        yield
    finally:
        subprocess.run(["umount", "--lazy", folder], check=True)


def _on(stack: Stack, scenarios: list[Scenario]) -> list[Outcome]:
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
