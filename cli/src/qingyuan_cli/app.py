"""`qingyuan`: the whole system from one command line. Thin: it asks the parts that know."""

import asyncio
import json
import os
import shlex
import shutil
import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Annotated
from urllib.parse import urlsplit

import typer
from qingyuan_local import setup
from qingyuan_local.children import DISK_FULL, NeverReady
from qingyuan_local.databases import Databases
from qingyuan_local.kafka import BadJar, NoJava, NotFetched
from qingyuan_local.postgres import Postgres, binary
from qingyuan_local.processes import Plan
from qingyuan_local.state import AlreadyUp, PortTaken, State, read_running, supervisor_of
from qingyuan_runtime.topology import FOLLOWERS, WITH_DATABASE, WITH_LOG
from rich.console import Console

from qingyuan_cli.keys import ACTIONS, OWNERS, act
from qingyuan_cli.seeding.town import ACCOUNTS, ENTERPRISES, OPERATORS
from qingyuan_cli.status import show_status

if TYPE_CHECKING:
    from qingyuan_local.supervisor import Supervisor

app = typer.Typer(
    help="清源：在一台机器上运行和照看整套系统。",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
console = Console(highlight=False)


def say(line: str) -> None:
    console.print(f"[dim]{time.strftime('%H:%M:%S')}[/dim] {line}")


def fail(sentence: str) -> typer.Exit:
    console.print(f"[red]✗[/red] {sentence}", soft_wrap=True)
    return typer.Exit(1)


def state() -> State:
    return State.open(setup.state_folder())


def plan_of(found: State) -> Plan:
    """The plan of a system that runs: where its servers are follows from the remembered ports."""
    url = os.environ.get("DATABASE_URL") or Postgres(found.folder / "postgres", found.port("postgres")).url()
    brokers = [
        f"127.0.0.1:{found.port(name)}" for name in ("kafka-1", "kafka-2", "kafka-3") if name in found.ports
    ]
    bootstrap = os.environ.get("KAFKA_BOOTSTRAP") or ",".join(brokers)
    return Plan(found, Databases(url, found), bootstrap, split=False, extra={})


@app.command()
def up(
    brokers: Annotated[
        int | None, typer.Option(help="Kafka 节点数：1 或 3；默认沿用已有数据的节点数")
    ] = None,
    split: Annotated[bool, typer.Option(help="每个角色单独一个进程")] = False,
    detach: Annotated[bool, typer.Option(help="在后台运行")] = False,
    demo: Annotated[bool, typer.Option(help="第一次启动时建立演示数据")] = True,
) -> None:
    """启动整套系统并保持运行，Ctrl-C 结束。例：qingyuan up --brokers 3"""
    found = state()
    if brokers not in (None, 1, 3):
        raise fail("--brokers 只能是 1 或 3。")
    if supervisor_of(found.folder):
        raise fail(f"系统已在运行：http://127.0.0.1:{found.port('gateway')}/ （qingyuan down 可停止）")
    if detach:
        _detach()
        return
    from qingyuan_local.supervisor import Supervisor, Wanted

    wanted = Wanted(
        brokers, split, os.environ.get("DATABASE_URL"), os.environ.get("KAFKA_BOOTSTRAP"), _passed_on()
    )
    began = time.monotonic()

    async def when_ready(plan: Plan) -> None:
        if demo and not found.seeded:
            await asyncio.to_thread(_sow, found, plan)
        _greet(found, plan, time.monotonic() - began)

    try:
        asyncio.run(_until_signal(Supervisor(found, wanted, say), when_ready))
    except (AlreadyUp, PortTaken, NeverReady, NoJava, NotFetched, BadJar, OSError) as error:
        raise fail(_sentence(error)) from error
    except subprocess.CalledProcessError as error:
        raise fail(f"建立演示数据失败：{' '.join(error.cmd[1:6])}") from error


async def _until_signal(supervisor: "Supervisor", when_ready: object) -> None:
    loop = asyncio.get_running_loop()
    task = asyncio.ensure_future(supervisor.run(when_ready))  # type: ignore[arg-type]
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        loop.add_signal_handler(number, lambda: task.cancelling() or task.cancel())  # once: stopping goes on
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
        "SESSIONS_MOST",
    ]
    return {name: os.environ[name] for name in names if name in os.environ}


def _detach() -> None:
    """Start ourselves without --detach and wait until it says it is ready."""
    log = setup.state_folder() / "log" / "up.log"
    log.parent.mkdir(parents=True, exist_ok=True)
    arguments = [one for one in sys.argv[1:] if one != "--detach"]
    with log.open("wb") as out:
        process = subprocess.Popen(
            [sys.executable, "-m", "qingyuan_cli", *arguments],
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=out,
            start_new_session=True,
        )
    while b"demo-admin" not in log.read_bytes() and process.poll() is None:
        time.sleep(0.2)
    sys.stdout.write(log.read_text())
    if process.poll() is not None:
        raise typer.Exit(1)


def _sow(found: State, plan: Plan) -> None:
    from qingyuan_cli.seeding.seed import seed as sow
    from qingyuan_cli.seeding.seed import user_adder

    say("建立演示数据")
    add_users = user_adder({**os.environ, **plan.env("accounts")}, found.demo_password)
    sow(plan.url("gateway"), add_users, found.demo_password, say)
    (found.folder / "seeded").touch()


def _greet(found: State, plan: Plan, seconds: float) -> None:
    console.print(
        f"\n[bold green]清源已就绪[/bold green]（{seconds:.0f} 秒）  [bold]{plan.url('gateway')}/[/bold]\n"
    )
    people = [(one["account"], one["particulars"]["name"]) for one in ENTERPRISES]
    people += [(name, label) for name, label, *_ in (*OPERATORS, *ACCOUNTS)]
    for name, label in people:
        console.print(f"  {name:18} {label}")
    console.print(f"\n  演示账户的密码都是 [bold]{found.demo_password}[/bold]（只在这台机器上有效）\n")


def _sentence(error: Exception) -> str:
    """Whoever met it, a full disk is said in the same words."""
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
        raise typer.Exit(1)
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
) -> None:
    """建立演示数据；重复运行不会重复建立。例：qingyuan seed --size city"""
    found = state()
    if read_running(found.folder) is None:
        raise fail("系统没有在运行，请先 qingyuan up。")
    if size not in ("town", "city"):
        raise fail("--size 只能是 town 或 city。")
    if size == "town":
        _sow(found, plan_of(found))
        return
    from qingyuan_cli.seeding.city.seed import seed_city

    seed_city(plan_of(found), say, enterprises=enterprises, rounds=rounds)


def _service_command(service: str, *arguments: str, as_owner: bool = False) -> typer.Exit:
    plan = plan_of(state())
    env = {**os.environ, **(plan.migration(service) if as_owner else plan.env(service))}
    done = subprocess.run([sys.executable, "-m", service, *arguments], env=env, check=False)
    return typer.Exit(done.returncode)


def _service_of(model: str) -> str:
    if model not in FOLLOWERS:
        raise fail(f"没有 {model}；可选：{'、'.join(FOLLOWERS)}。")
    return FOLLOWERS[model]


def _each_log(command: str, *, as_owner: bool = False) -> typer.Exit:
    """Ask every service that has a log; the first that fails speaks for all."""
    codes = [_service_command(one, command, as_owner=as_owner).exit_code for one in WITH_LOG]
    return typer.Exit(max(codes))


@app.command()
def rebuild(
    model: Annotated[
        str,
        typer.Argument(help="、".join(FOLLOWERS)),
    ] = "register",
    accept_differences: Annotated[bool, typer.Option(help="与现有读模型不同也切换")] = False,
) -> None:
    """按事件库重建读模型（比对后切换）或补齐反应和定时。例：qingyuan rebuild register"""
    extra = ["--accept-differences"] if accept_differences else []
    raise _service_command(_service_of(model), "rebuild", model, *extra)


@app.command("dead-letters")
def dead_letters(
    action: Annotated[str, typer.Argument(help="list、show、retry 或 release")] = "list",
    stream: Annotated[str, typer.Argument(help="流，例如 instrument-…")] = "",
    model: Annotated[str, typer.Option(help="谁搁置的，例如 register、work、reaction")] = "register",
) -> None:
    """查看和处理被搁置的流。例：qingyuan dead-letters retry visit-… --model work"""
    asked = ["dead-letters", model, action, *([stream] if stream else [])]
    raise _service_command(_service_of(model), *asked)


@app.command()
def audit() -> None:
    """独立核对全部主题：每条消息须与事件库一致，每个流的版本须连续。例：qingyuan audit"""
    raise _each_log("audit")


@app.command()
def keys(
    action: Annotated[str, typer.Argument(help="list、rotate 或 retire")] = "list",
    owner: Annotated[str, typer.Argument(help="谁的密钥；不写则全部：" + "、".join(OWNERS))] = "",
    at_once: Annotated[bool, typer.Option(help="停用时不等旧密钥签过的内容过期")] = False,
) -> None:
    """列出、更换和停用签名密钥，见 docs/operations/keys.md。例：qingyuan keys rotate gateway"""
    if action not in ACTIONS or (owner and owner not in OWNERS):
        raise fail(f"用法：keys {'|'.join(ACTIONS)} [{'|'.join(OWNERS)}]")
    for signer in [owner] if owner else OWNERS:
        console.print(act(state(), action, signer, at_once=at_once), soft_wrap=True)


@app.command()
def restored(
    service: Annotated[str, typer.Argument(help="、".join(WITH_LOG) + "；不写则全部")] = "",
) -> None:
    """数据库备份恢复之后运行一次，见 docs/operations/restore.md。例：qingyuan restored tasks"""
    from qingyuan_runtime.epochs import followed

    if service and service not in WITH_LOG:
        raise fail(f"没有 {service}；可选：{'、'.join(WITH_LOG)}。")
    plan = plan_of(state())
    asyncio.run(plan.databases.make())  # a dump carries no rights on databases
    for log in [service] if service else WITH_LOG:
        known = asyncio.run(
            followed([plan.databases.app(other) for other in WITH_DATABASE], f"qingyuan.{log}")
        )
        if code := _service_command(log, "restored", str(known), as_owner=True).exit_code:
            raise typer.Exit(code)
    migrated = [(one, plan.migration(one)) for one in WITH_DATABASE]
    done = subprocess.run(
        [sys.executable, "-m", "qingyuan_local.migrations"],
        input=json.dumps(migrated),
        text=True,
        check=False,
    )
    raise typer.Exit(done.returncode)


@app.command("database-env")
def database_env() -> None:
    """打印连接本地数据库所需的环境变量。例：eval "$(qingyuan database-env)" """
    found = urlsplit(plan_of(state()).databases.admin_url)
    programs = Path(binary("psql")).parent
    values = {
        "PGHOST": found.hostname,
        "PGPORT": found.port,
        "PGUSER": found.username,
        "PGPASSWORD": found.password,
    }
    for name, value in values.items():
        typer.echo(f"export {name}={shlex.quote(str(value))}")
    typer.echo(f'export PATH={shlex.quote(str(programs))}:"$PATH"')


@app.command(context_settings={"allow_extra_args": True, "ignore_unknown_options": True})
def user(context: typer.Context) -> None:
    """管理账户，密码从标准输入读取。例：qingyuan user add zhang --label 张三 --kind administrator"""
    raise _service_command("accounts", "user", *context.args)


@app.command(hidden=True)
def paths() -> None:
    """测试用：状态目录、地址和演示密码。"""
    found = state()
    address = f"http://127.0.0.1:{found.port('gateway')}"
    typer.echo(json.dumps({"state": str(found.folder), "url": address, "password": found.demo_password}))


def main() -> None:
    app()
