"""`python -m <service> rebuild | dead-letters NAME …`: what a person does by hand to anything that follows a topic."""

import json
import sys
from dataclasses import asdict
from typing import Any, Final

from qingyuan_runtime.assembly.followers import AllKept, Kept
from qingyuan_runtime.database.connections import Connection
from qingyuan_runtime.following import dead_letters
from qingyuan_runtime.following.comparing import Comparison
from qingyuan_runtime.following.projecting import ProjectionRunner
from qingyuan_runtime.following.rebuilding import AlreadyRunning, Differs, Rebuilt
from qingyuan_runtime.process.running import spare_the_collector
from qingyuan_runtime.reacting.reactions import StartsOverElsewhere

SHOWN: Final = 20
ACTIONS: Final = ("list", "show", "retry", "release")
HOW: Final = {
    "content": "版本相同而内容不同",
    "missing": "现有读模型缺少",
    "behind": "现有读模型落后",
    "set aside": "新的无法应用（已搁置）",
    "only live": "事件库中没有",
    "ahead of the log": "现有读模型超出事件库",
}


async def operate(kept: AllKept, command: str, name: str = "", *rest: str) -> int:
    """0 when done, 1 when it was not wanted as it came out, 2 when it was not understood."""
    if name not in kept:
        _say(f"用法：{command} {'|'.join(kept)} …")
        return 2
    if command == "rebuild":
        return await _rebuild(kept[name], accept_differences="--accept-differences" in rest)
    return await _letters(kept[name], *rest)


async def _rebuild(kept: Kept, *, accept_differences: bool) -> int:
    spare_the_collector()
    try:
        done = await kept.repair(
            lambda part, whole: _say(f"{part}/{whole}"), accept_differences=accept_differences
        )
    except Differs as different:
        _tell_differences(different.compared)
        _say("未切换。确认新结果正确后，请加 --accept-differences 重新运行。")
        return 1
    except (AlreadyRunning, StartsOverElsewhere):
        _say("正在由另一个进程重建，请稍后再试。")
        return 1
    _tell(done)
    return 0


def _tell(done: Rebuilt | int) -> None:
    if isinstance(done, int):
        _say(f"已按事件库补齐：{done} 条事件，此前处理过的不会重复。")
        return
    if done.compared.differs:
        _tell_differences(done.compared)
    if done.set_aside:
        _say(f"有 {done.set_aside} 个流无法应用，已搁置：dead-letters 可查看。")
    _say(f"已重建并切换：{done.facts} 条事件；{_compared(done.compared)}；旧版本保留为 {done.old_schema}。")


def _tell_differences(compared: Comparison) -> None:
    _say(f"新旧不一致：{_compared(compared)}。")
    for how, count in compared.counts.items():
        _say(f"  {HOW.get(how, how)}：{count} 个流")
    for one in compared.differences[:SHOWN]:
        _say(f"  {one.stream}（{HOW.get(one.how, one.how)}；现有版本 {one.live}，新版本 {one.built}）")


def _compared(compared: Comparison) -> str:
    return (
        f"现有 {compared.live} 个流，新建 {compared.built} 个流，"
        f"同版本逐一比对 {compared.compared} 个，期间变动 {compared.moved_on} 个"
    )


async def _letters(kept: Kept, action: str = "list", stream: str = "") -> int:
    """Answers in JSON lines."""
    if action not in ACTIONS or (action != "list" and not stream):
        _say("用法：dead-letters 名称 list | show 流 | retry 流 | release 流")
        return 2
    async with kept.opened() as place, place.pool.acquire() as connection:
        await _carry_out(connection, place.runner, action, stream)
    return 0


async def _carry_out(connection: Connection, runner: ProjectionRunner, action: str, stream: str) -> None:
    match action:
        case "list":
            for parked in await dead_letters.list_parked(connection):
                _say(asdict(parked))
        case "show":
            for letter in await dead_letters.show(connection, stream):
                _say(dict(letter))
        case "retry":
            done = await dead_letters.retry(connection, stream, runner.apply_recorded, runner.trust)
            _say({"applied": done})
        case "release":
            _say({"released": await dead_letters.release(connection, stream, runner.apply_recorded)})


def _say(what: Any) -> None:
    text = what if isinstance(what, str) else json.dumps(what, ensure_ascii=False, default=str)
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()
