"""`python -m views rebuild | dead-letters`: what an operator of the system does by hand."""

import json
import sys
from dataclasses import asdict, replace

from qingyuan_runtime import dead_letters
from qingyuan_runtime.database import open_pool
from qingyuan_runtime.rebuilding import Differs, session_of

from views import main
from views.settings import ViewsSettings


def say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


async def rebuild(settings: ViewsSettings, model: str, *, accept_differences: bool) -> int:
    """Make a model anew and swap it in; 1 when it differs from the live one and that was not accepted."""
    asked = replace(main.rebuild_of(settings, model), progress=lambda done, total: say(f"{done}/{total}"))
    try:
        made = await asked.run(accept_differences=accept_differences)
    except Differs as different:
        say(f"新旧读模型不一致（{len(different.streams)} 个流，例如 {different}），未切换。")
        say("确认新结果正确后，请加 --accept-differences 重新运行。")
        return 1
    say(f"已重建并切换：{made.facts} 条事件，抽样比对 {made.compared} 个流；旧版本保留为 {made.old_schema}。")
    return 0


async def letters(settings: ViewsSettings, model: str, command: str, stream: str | None) -> int:
    """list | show STREAM | retry STREAM | release STREAM, each as JSON lines."""
    pool = await open_pool(settings.database_url, size=2, session=session_of(model))
    runner = main.runner_in(pool, settings, model)
    async with pool.acquire() as connection:
        match command, stream:
            case "list", _:
                for parked in await dead_letters.list_parked(connection):
                    say(json.dumps(asdict(parked), ensure_ascii=False, default=str))
            case "show", str():
                for letter in await dead_letters.show(connection, stream):
                    say(json.dumps(dict(letter), ensure_ascii=False, default=str))
            case "retry", str():
                done = await dead_letters.retry(connection, stream, runner.apply_recorded, runner.trust)
                say(json.dumps({"applied": done}))
            case "release", str():
                done = await dead_letters.release(connection, stream, runner.apply_recorded)
                say(json.dumps({"released": done}))
            case _:
                say("用法：dead-letters 读模型 list | show 流 | retry 流 | release 流")
                return 2
    await pool.close()
    return 0
