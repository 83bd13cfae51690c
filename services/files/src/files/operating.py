"""`python -m files rebuild | dead-letters`: what an operator of the system does by hand."""

import json
import sys
from dataclasses import asdict, replace
from typing import Any

from qingyuan_runtime import dead_letters
from qingyuan_runtime.database import open_pool
from qingyuan_runtime.projecting import ProjectionRunner
from qingyuan_runtime.rebuilding import Differs, session_of

from files import main, references
from files.settings import FilesSettings

MODELS = {model.model: model for model in references.MODELS}


def say(line: object) -> None:
    text = line if isinstance(line, str) else json.dumps(line, ensure_ascii=False, default=str)
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


async def rebuild(settings: FilesSettings, model: str = "", *options: str) -> int:
    """Make a model anew and swap it in; 1 when it differs from the live one and that was not accepted."""
    if model not in MODELS:
        say(f"用法：rebuild {' | '.join(MODELS)} [--accept-differences]")
        return 2
    asked = replace(
        main.rebuild_of(MODELS[model], settings), progress=lambda done, total: say(f"{done}/{total}")
    )
    try:
        made = await asked.run(accept_differences="--accept-differences" in options)
    except Differs as different:
        say(f"新旧读模型不一致（{len(different.streams)} 个流，例如 {different}），未切换。")
        say("确认新结果正确后，请加 --accept-differences 重新运行。")
        return 1
    say(f"已重建并切换：{made.facts} 条事件，抽样比对 {made.compared} 个流；旧版本保留为 {made.old_schema}。")
    return 0


async def letters(
    settings: FilesSettings, model: str = "", command: str = "list", stream: str | None = None
) -> int:
    """<model> list | show STREAM | retry STREAM | release STREAM, each as JSON lines."""
    if model not in MODELS:
        say(f"用法：dead-letters {' | '.join(MODELS)} list | show 流 | retry 流 | release 流")
        return 2
    pool = await open_pool(settings.database_url, size=2, session=session_of(model))
    runner = main.runner_in(pool, MODELS[model], settings)
    async with pool.acquire() as connection:
        for line in await _handled(connection, runner, command, stream):
            say(line)
    await pool.close()
    return 0


async def _handled(connection: Any, runner: ProjectionRunner, command: str, stream: str | None) -> list[Any]:
    match command, stream:
        case "list", _:
            return [asdict(parked) for parked in await dead_letters.list_parked(connection)]
        case "show", str():
            return [dict(letter) for letter in await dead_letters.show(connection, stream)]
        case "retry", str():
            done = await dead_letters.retry(connection, stream, runner.apply_recorded, runner.trust)
            return [{"applied": done}]
        case "release", str():
            return [{"released": await dead_letters.release(connection, stream, runner.apply_recorded)}]
        case _:
            return ["用法：dead-letters 读模型 list | show 流 | retry 流 | release 流"]
