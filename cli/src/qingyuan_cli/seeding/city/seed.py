"""`qingyuan seed --size city`: the register, a year of work and its confirmations, then the read models made anew."""

import asyncio
import os
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import date, timedelta
from itertools import islice
from random import Random

from qingyuan_local.processes import Plan

from qingyuan_cli.seeding.city.loading import load
from qingyuan_cli.seeding.city.places import places, register
from qingyuan_cli.seeding.city.year import contracts, visits

Say = Callable[[str], None]
ROUNDS = 50
MODELS = (("tasks", "places"), ("views", "register"), ("views", "confirmations"), ("views", "work"))


def seed_city(plan: Plan, say: Say, *, enterprises: int = 3_000, rounds: int = ROUNDS) -> None:
    """Beside whatever is there already. Refused where the city is there: its streams are."""
    began = time.monotonic()
    asyncio.run(_load(plan, say, enterprises, rounds))
    say(f"事实已写入（{time.monotonic() - began:.0f} 秒），重建读模型")
    _rebuild(plan, say)
    say(f"城市数据已就绪（{time.monotonic() - began:.0f} 秒）")


async def _load(plan: Plan, say: Say, enterprises: int, rounds: int) -> None:
    databases = plan.databases
    first_day = date.today() - timedelta(days=7 * rounds + 7)
    every = list(places(enterprises))
    await load(databases.owner("registry"), register(enterprises), _told(say, "污染源"))
    papers = contracts(every, first_day, first_day + timedelta(days=7 * rounds + 13))
    await load(databases.owner("tasks"), papers, _told(say, "合同和计划"))
    pairs = visits(every, first_day, rounds, Random(20260101))  # noqa: S311 - an invented year, the same each time
    while batch := list(islice(pairs, 10_000)):
        await asyncio.gather(
            load(databases.owner("tasks"), (one for one, _ in batch), _silent),
            load(databases.owner("signoff"), (one for _, one in batch), _silent),
        )
        say(f"运维和确认：至 {batch[-1][0].facts[-1][2]:%Y-%m-%d}")


def _told(say: Say, what: str) -> Callable[[int], None]:
    return lambda done: say(f"{what}：{done} 条事实") if done % 50_000 < 2_500 else None


def _silent(_done: int) -> None:
    return None


def _rebuild(plan: Plan, say: Say) -> None:
    """Two at a time: a machine has at least two cores. The one that takes longest begins first."""
    waiting = list(MODELS)
    running: dict[tuple[str, str], subprocess.Popen[bytes]] = {}
    while waiting or running:
        while waiting and len(running) < 2:
            one = waiting.pop()
            running[one] = _started(plan, *one)
        for one in [key for key, process in running.items() if process.poll() is not None]:
            if running.pop(one).returncode:
                raise subprocess.CalledProcessError(1, ["rebuild", *one])
            say(f"读模型 {one[1]} 已重建")
        time.sleep(0.2)


def _started(plan: Plan, service: str, model: str) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", service, "rebuild", model, "--accept-differences"]
    return subprocess.Popen(command, env={**os.environ, **plan.env(service)}, stdout=subprocess.DEVNULL)
