"""`python -m <service> rebuild | dead-letters NAME …`: commands of an operator for anything that follows a topic."""

import json
import sys
from dataclasses import asdict
from typing import Any, Final

from qingyuan_runtime.assembly.followers import Followers, FollowerSpec
from qingyuan_runtime.database.connections import Connection
from qingyuan_runtime.following import dead_letters
from qingyuan_runtime.following.comparing import Comparison
from qingyuan_runtime.following.projecting import ProjectionRunner
from qingyuan_runtime.following.rebuilding import AlreadyRunning, Differs, Rebuilt
from qingyuan_runtime.process.running import tune_garbage_collector
from qingyuan_runtime.reacting.reactions import StartsOverElsewhere

SHOWN: Final = 20
ACTIONS: Final = ("list", "show", "retry", "release")
DIFFERENCE_KINDS: Final = {
    "content": "版本相同而内容不同",
    "missing": "现有读模型缺少",
    "behind": "现有读模型落后",
    "set aside": "新的无法应用（已搁置）",
    "only live": "事件库中没有",
    "ahead of the log": "现有读模型超出事件库",
}


async def operate(followers: Followers, command: str, name: str = "", *rest: str) -> int:
    """The exit code: 0 when done, 1 when it could not be done or the builds differ, 2 for wrong arguments."""
    if name not in followers:
        _print(f"用法：{command} {'|'.join(followers)} …")
        return 2
    if command == "rebuild":
        return await _rebuild(followers[name], accept_differences="--accept-differences" in rest)
    return await _dead_letters(followers[name], *rest)


async def _rebuild(follower: FollowerSpec, *, accept_differences: bool) -> int:
    tune_garbage_collector()
    try:
        outcome = await follower.repair(
            lambda done, total: _print(f"{done}/{total}"), accept_differences=accept_differences
        )
    except Differs as different:
        _print_differences(different.compared)
        _print("未切换。确认新结果正确后，请加 --accept-differences 重新运行。")
        return 1
    except (AlreadyRunning, StartsOverElsewhere):
        _print("正在由另一个进程重建，请稍后再试。")
        return 1
    _print_outcome(outcome)
    return 0


def _print_outcome(outcome: Rebuilt | int) -> None:
    if isinstance(outcome, int):
        _print(f"已按事件库补齐：{outcome} 条事件，此前处理过的不会重复。")
        return
    if outcome.compared.differs:
        _print_differences(outcome.compared)
    if outcome.set_aside:
        _print(f"有 {outcome.set_aside} 个流无法应用，已搁置：dead-letters 可查看。")
    figures = f"{outcome.facts} 条事件；{_figures(outcome.compared)}"
    _print(f"已重建并切换：{figures}；旧版本保留为 {outcome.old_schema}。")


def _print_differences(compared: Comparison) -> None:
    _print(f"新旧不一致：{_figures(compared)}。")
    for kind, count in compared.counts.items():
        _print(f"  {DIFFERENCE_KINDS.get(kind, kind)}：{count} 个流")
    for difference in compared.differences[:SHOWN]:
        kind = DIFFERENCE_KINDS.get(difference.kind, difference.kind)
        versions = f"现有版本 {difference.live}，新版本 {difference.built}"
        _print(f"  {difference.stream}（{kind}；{versions}）")


def _figures(compared: Comparison) -> str:
    return (
        f"现有 {compared.live} 个流，新建 {compared.built} 个流，"
        f"同版本逐一比对 {compared.compared} 个，期间变动 {compared.moved_on} 个"
    )


async def _dead_letters(follower: FollowerSpec, action: str = "list", stream: str = "") -> int:
    """Prints JSON lines."""
    if action not in ACTIONS or (action != "list" and not stream):
        _print("用法：dead-letters 名称 list | show 流 | retry 流 | release 流")
        return 2
    async with follower.opened() as opened, opened.pool.acquire() as connection:
        await _carry_out(connection, opened.runner, action, stream)
    return 0


async def _carry_out(connection: Connection, runner: ProjectionRunner, action: str, stream: str) -> None:
    match action:
        case "list":
            for parked in await dead_letters.list_parked(connection):
                _print(asdict(parked))
        case "show":
            for dead_letter in await dead_letters.show(connection, stream):
                _print(dict(dead_letter))
        case "retry":
            applied = await dead_letters.retry(connection, stream, runner.apply_recorded, runner.trust)
            _print({"applied": applied})
        case "release":
            _print({"released": await dead_letters.release(connection, stream, runner.apply_recorded)})


def _print(value: Any) -> None:
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()
