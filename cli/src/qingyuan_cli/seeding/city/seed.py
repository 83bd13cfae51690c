"""`qingyuan seed --size city`: loads the register, the filings, a year of work and its confirmations, then rebuilds the read models."""

import asyncio
import os
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import date, timedelta
from itertools import islice
from pathlib import Path
from random import Random

import asyncpg
from qingyuan_local.processes import Plan
from qingyuan_runtime.log.privacy import read_kek

from qingyuan_cli.seeding.city import names
from qingyuan_cli.seeding.city.filings import filings, operators_of, subjects
from qingyuan_cli.seeding.city.loading import load
from qingyuan_cli.seeding.city.points import points, register
from qingyuan_cli.seeding.city.year import contracts, visits
from qingyuan_cli.seeding.refusals import NotSeeded, told_in_a_sentence
from qingyuan_cli.seeding.servers import require_own_servers

Say = Callable[[str], None]
ROUNDS = 50
MODELS = (
    ("tasks", "places"),
    ("views", "register"),
    ("views", "filings"),
    ("views", "confirmations"),
    ("views", "work"),
)


def seed_city(plan: Plan, say: Say, *, enterprises: int = 3_000, rounds: int = ROUNDS) -> None:
    """Adds to the existing data. Raises `NotSeeded` if the city was loaded before, since its streams exist."""
    require_own_servers(plan.state)
    began = time.monotonic()
    try:
        asyncio.run(_load(plan, say, enterprises, rounds))
    except asyncpg.UniqueViolationError as error:
        raise NotSeeded(
            "城市数据以前已经建立过，没有重复建立（需要时：qingyuan reset 后重新启动）。"
        ) from error
    say(f"事实已写入（{time.monotonic() - began:.0f} 秒），重建读模型")
    with told_in_a_sentence():
        _rebuild(plan, say)
    say(f"城市数据已就绪（{time.monotonic() - began:.0f} 秒）")


async def _load(plan: Plan, say: Say, enterprises: int, rounds: int) -> None:
    databases = plan.databases
    first_day = date.today() - timedelta(days=7 * rounds + 7)
    all_points = list(points(enterprises))
    await load(databases.owner("registry"), register(enterprises), _progress(say, "污染源"))
    agreements = contracts(all_points, first_day, first_day + timedelta(days=7 * rounds + 13))
    await load(databases.owner("tasks"), agreements, _progress(say, "合同和计划"))
    await _load_filings(plan, say, len(all_points))
    pairs = visits(all_points, first_day, rounds, Random(20260101))  # noqa: S311 - invented data, the same each time
    while batch := list(islice(pairs, 10_000)):
        await asyncio.gather(
            load(databases.owner("tasks"), (visit for visit, _ in batch), _no_progress),
            load(databases.owner("signoff"), (confirmation for _, confirmation in batch), _no_progress),
        )
        say(f"运维和确认：至 {batch[-1][0].facts[-1][2]:%Y-%m-%d}")


async def _load_filings(plan: Plan, say: Say, points_in_all: int) -> None:
    operators = operators_of(points_in_all)
    keys, env = names.new_keys(subjects(operators)), plan.env("filing")
    kek = read_kek(Path(env["KEY_ENCRYPTION_KEY_FILE"]))
    await names.store(env["KEYS_DATABASE_URL"], kek, keys)
    of_operators = filings(operators, points_in_all, date.today(), keys)
    await load(plan.databases.owner("filing"), of_operators, _progress(say, "备案"))


def _progress(say: Say, label: str) -> Callable[[int], None]:
    return lambda done: say(f"{label}：{done} 条事实") if done % 50_000 < 2_500 else None


def _no_progress(_done: int) -> None:
    return None


def _rebuild(plan: Plan, say: Say) -> None:
    """Rebuild two models at a time. `pop` takes the last of `MODELS` first, which takes longest."""
    waiting = list(MODELS)
    running: dict[tuple[str, str], subprocess.Popen[bytes]] = {}
    while waiting or running:
        while waiting and len(running) < 2:
            model = waiting.pop()
            running[model] = _start_rebuild(plan, *model)
        for model in [key for key, process in running.items() if process.poll() is not None]:
            if running.pop(model).returncode:
                raise subprocess.CalledProcessError(1, ["rebuild", *model])
            say(f"读模型 {model[1]} 已重建")
        time.sleep(0.2)


def _start_rebuild(plan: Plan, service: str, model: str) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", service, "rebuild", model, "--accept-differences"]
    return subprocess.Popen(command, env={**os.environ, **plan.env(service)}, stdout=subprocess.DEVNULL)
