"""The command line `qingyuan`: starts, stops and shows the whole system. The work is done by other packages."""

import asyncio
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Collection
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from qingyuan_local import setup
from qingyuan_local.children import DISK_FULL, NeverReady
from qingyuan_local.kafka import BadJar, NoJava, NotFetched
from qingyuan_local.processes import WECHAT, Plan
from qingyuan_local.state import AlreadyUp, PortTaken, State, read_running, supervisor_of
from typer.exceptions import TyperException

from qingyuan_cli.base import app, console, fail, plan_of, say, state
from qingyuan_cli.mistakes import sentence_of
from qingyuan_cli.operations import commands
from qingyuan_cli.reports import commands as report_commands
from qingyuan_cli.seeding.demo_accounts import LABELS
from qingyuan_cli.seeding.refusals import NotSeeded
from qingyuan_cli.seeding.servers import ServersOfOthers, has_own_servers, require_own_servers
from qingyuan_cli.status import show_status
from qingyuan_cli.token.command import commands as token_commands

if TYPE_CHECKING:
    from qingyuan_local.supervisor import Supervisor

READY = "清源已就绪"


@app.command()
def up(
    brokers: Annotated[
        int | None, typer.Option(help="Kafka 节点数：1 或 3；默认沿用已有数据的节点数")
    ] = None,
    split: Annotated[bool, typer.Option(help="每个角色单独一个进程")] = False,
    detach: Annotated[bool, typer.Option(help="在后台运行")] = False,
    demo: Annotated[bool, typer.Option(help="第一次启动时建立演示数据")] = True,
    history: Annotated[bool, typer.Option(help="演示数据带八周的历史")] = True,
) -> None:
    """启动整套系统并保持运行，Ctrl-C 结束。例：qingyuan up --brokers 3"""
    system = state()
    if brokers not in (None, 1, 3):
        raise fail("--brokers 只能是 1 或 3。")
    if supervisor_of(system.folder):
        raise fail(f"系统已在运行：http://127.0.0.1:{system.port('gateway')}/ （qingyuan down 可停止）")
    if detach:
        _detach()
        return
    from qingyuan_local.supervisor import Supervisor, UpOptions

    options = UpOptions(
        brokers, split, os.environ.get("DATABASE_URL"), os.environ.get("KAFKA_BOOTSTRAP"), _passed_on()
    )
    began = time.monotonic()

    async def when_ready(plan: Plan) -> None:
        names = await asyncio.to_thread(_give_demo, system, plan, demo, history)
        _print_ready(system, plan, names, time.monotonic() - began)

    try:
        asyncio.run(_until_signal(Supervisor(system, options, say), when_ready))
    except (AlreadyUp, PortTaken, NeverReady, NoJava, NotFetched, BadJar, NotSeeded, OSError) as error:
        raise fail(_sentence(error)) from error


def _give_demo(system: State, plan: Plan, demo: bool, history: bool) -> Collection[str]:
    """Seed a new system, or add the demo accounts that an older one lacks. Returns the names of those that are there."""
    from qingyuan_cli.seeding.local import demo_accounts, seed_town

    if not has_own_servers(system):
        return ()
    if demo and not system.seeded:
        seed_town(system, plan, history)
        return tuple(LABELS)
    return demo_accounts(system, plan, add=demo)


async def _until_signal(supervisor: "Supervisor", when_ready: object) -> None:
    loop = asyncio.get_running_loop()
    task = asyncio.ensure_future(supervisor.run(when_ready))  # type: ignore[arg-type]
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        # Only once: a second signal must not interrupt the stopping.
        loop.add_signal_handler(number, lambda: task.cancelling() or task.cancel())
    try:
        await task
    except asyncio.CancelledError:
        say("已停止")


def _passed_on() -> dict[str, str]:
    names = [
        "LOG_LEVEL",
        "TRACE_RATIO",
        "OTEL_EXPORTER_OTLP_ENDPOINT",
        "OTEL_BSP_SCHEDULE_DELAY",
        "COOKIE_SECURE",
        "TRUSTED_PROXIES",
        "ALLOWED_HOSTS",
        "SESSIONS_MOST",
    ]
    return {name: os.environ[name] for name in names if name in os.environ}


def _detach() -> None:
    """Start this command without --detach in the background, and wait until it is ready."""
    log = setup.state_folder() / "log" / "up.log"
    log.parent.mkdir(parents=True, exist_ok=True)
    arguments = [argument for argument in sys.argv[1:] if argument != "--detach"]
    with log.open("wb") as out:
        process = subprocess.Popen(
            [sys.executable, "-m", "qingyuan_cli", *arguments],
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=out,
            start_new_session=True,
        )
    while READY.encode() not in log.read_bytes() and process.poll() is None:
        time.sleep(0.2)
    sys.stdout.write(log.read_text())
    if process.poll() is not None:
        raise typer.Exit(1)


def _print_ready(system: State, plan: Plan, names: Collection[str], seconds: float) -> None:
    """In one piece, since `_detach` shows what is there once it has found the first line."""
    first = f"\n[bold green]{READY}[/bold green]（{seconds:.0f} 秒）  [bold]{plan.url('gateway')}/[/bold]\n"
    wechat = f"  微信（演示）  {plan.url(WECHAT)}/\n"
    lines = _accounts(system, names) if has_own_servers(system) else [f"  {ServersOfOthers()}\n"]
    console.print("\n".join([first, wechat, *lines]))


def _accounts(system: State, names: Collection[str]) -> list[str]:
    if not names:
        return []
    password = f"\n  演示账户的密码都是 [bold]{system.demo_password}[/bold]（只在这台机器上有效）\n"
    return [*(f"  {name:18} {label}" for name, label in LABELS.items() if name in names), password]


def _sentence(error: Exception) -> str:
    """A sentence for the user, the same for a full disk in whichever program it was noticed."""
    if "No space left on device" in str(error):
        return DISK_FULL
    return f"操作系统报告错误：{error}" if isinstance(error, OSError) else str(error)


@app.command()
def down() -> None:
    """停止 qingyuan up 启动的一切。例：qingyuan down"""
    folder = setup.state_folder()
    supervisor = supervisor_of(folder)
    if supervisor is None:
        console.print("系统没有在运行。")
        return
    os.kill(supervisor, signal.SIGTERM)
    end = time.monotonic() + 60
    while supervisor_of(folder):
        if time.monotonic() > end:
            raise fail(f"60 秒内没有停止（进程 {supervisor}）；日志在 {folder / 'log'}。")
        time.sleep(0.1)
    console.print("已停止。")


@app.command()
def status(as_json: Annotated[bool, typer.Option("--json", help="输出 JSON")] = False) -> None:
    """每个进程的状态、内存、重启次数和积压。例：qingyuan status --json"""
    raise typer.Exit(show_status(console, setup.state_folder(), as_json=as_json))


@app.command()
def logs() -> None:
    """跟随全部日志。例：qingyuan logs"""
    files = sorted((setup.state_folder() / "log").glob("*.log"))
    if not files:
        raise fail("还没有日志。")
    with suppress(KeyboardInterrupt):
        subprocess.run(["tail", "-n", "20", "-F", *map(str, files)], check=False)


@app.command()
def reset(yes: Annotated[bool, typer.Option("--yes", help="不再询问")] = False) -> None:
    """停止系统并删除全部本地数据。例：qingyuan reset --yes"""
    folder = setup.state_folder()
    if not yes and not typer.confirm(f"将删除 {folder} 下的全部数据，确定吗？"):
        raise fail("已取消，没有删除任何数据。")
    down()
    for child in folder.glob("*"):
        if child.name != "lib":
            _remove(child)
    console.print("已清空。")


def _remove(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path)
    else:
        path.unlink()


@app.command()
def seed(
    size: Annotated[str, typer.Option(help="town：演示小镇；city：一座城市一年的数据")] = "town",
    enterprises: Annotated[int, typer.Option(help="城市的企业数，每家两个测点")] = 3_000,
    rounds: Annotated[int, typer.Option(help="每个测点的运维次数，每周一次")] = 50,
    history: Annotated[bool, typer.Option(help="新建的小镇带八周的历史")] = True,
) -> None:
    """建立演示数据；重复运行不会重复建立。例：qingyuan seed --size city"""
    system = state()
    if read_running(system.folder) is None:
        raise fail("系统没有在运行，请先 qingyuan up。")
    if size not in ("town", "city"):
        raise fail("--size 只能是 town 或 city。")
    try:
        require_own_servers(
            system
        )  # before `plan_of`, which fails where this folder has no database of its own
        _seed(system, size, enterprises, rounds, history)
    except (ServersOfOthers, NotSeeded) as error:
        raise fail(str(error)) from error


def _seed(system: State, size: str, enterprises: int, rounds: int, history: bool) -> None:
    if size == "city":
        from qingyuan_cli.seeding.city.seed import seed_city

        seed_city(plan_of(system), say, enterprises=enterprises, rounds=rounds)
        return
    from qingyuan_cli.seeding.local import seed_town

    seed_town(system, plan_of(system), history)


@app.command(hidden=True)
def paths() -> None:
    """测试用：状态目录、地址和演示密码。"""
    system = state()
    address = f"http://127.0.0.1:{system.port('gateway')}"
    typer.echo(json.dumps({"state": str(system.folder), "url": address, "password": system.demo_password}))


app.add_typer(commands)
app.add_typer(report_commands)
app.add_typer(token_commands)


def main() -> None:
    try:
        code = app(standalone_mode=False)
    except TyperException as mistake:
        sys.exit(_told(mistake))
    except typer.Abort:
        console.print("已取消，没有执行。")
        sys.exit(1)
    sys.exit(code if isinstance(code, int) else 0)


def _told(mistake: TyperException) -> int:
    message = mistake.format_message()
    if len(sys.argv) > 1:  # else the message is the help, which is on the screen already
        fail(f"{sentence_of(message) or message}用法见 qingyuan --help。")
    return mistake.exit_code
