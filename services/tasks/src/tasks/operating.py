"""`python -m tasks rebuild | dead-letters`: what is done by hand to the copy of the register."""

import json
import sys
from dataclasses import asdict, replace
from typing import Any

from qingyuan_runtime import dead_letters
from qingyuan_runtime.database import Connection, open_pool
from qingyuan_runtime.projecting import ProjectionRunner
from qingyuan_runtime.rebuilding import Differs, session_of

from tasks import main
from tasks.places.projection import MODEL
from tasks.settings import TasksSettings


def say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def _plain(found: Any) -> str:
    return json.dumps(found, ensure_ascii=False, default=str)


async def rebuild(settings: TasksSettings, *, accept_differences: bool) -> int:
    """Make the copy anew from the registry's store and swap it in; 1 when it differs and that was not accepted."""
    asked = replace(main.rebuild_of(settings), progress=lambda done, total: say(f"{done}/{total}"))
    try:
        made = await asked.run(accept_differences=accept_differences)
    except Differs as different:
        say(f"新旧登记副本不一致（{len(different.streams)} 个流，例如 {different}），未切换。")
        say("确认新结果正确后，请加 --accept-differences 重新运行。")
        return 1
    say(f"已重建并切换：{made.facts} 条事件，抽样比对 {made.compared} 个流；旧版本保留为 {made.old_schema}。")
    return 0


async def letters(settings: TasksSettings, command: str, stream: str | None) -> int:
    """list | show STREAM | retry STREAM | release STREAM, each as JSON lines; 2 for anything else."""
    pool = await open_pool(settings.database_url, size=2, session=session_of(MODEL))
    runner = main.runner_in(pool, settings)
    async with pool.acquire() as connection:
        known = await _letters(connection, runner, command, stream)
    await pool.close()
    return known


async def _letters(connection: Connection, runner: ProjectionRunner, command: str, stream: str | None) -> int:
    match command, stream:
        case "list", _:
            for parked in await dead_letters.list_parked(connection):
                say(_plain(asdict(parked)))
        case "show", str():
            for letter in await dead_letters.show(connection, stream):
                say(_plain(dict(letter)))
        case "retry", str():
            done = await dead_letters.retry(connection, stream, runner.apply_recorded, runner.trust)
            say(_plain({"applied": done}))
        case "release", str():
            say(_plain({"released": await dead_letters.release(connection, stream, runner.apply_recorded)}))
        case _:
            say("用法：dead-letters places list | show 流 | retry 流 | release 流")
            return 2
    return 0
