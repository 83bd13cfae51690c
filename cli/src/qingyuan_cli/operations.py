"""Commands for the operator of a running system: rebuild, dead letters, audit, keys, restore, accounts."""

import asyncio
import json
import shlex
import subprocess
import sys
from pathlib import Path
from typing import Annotated
from urllib.parse import urlsplit

import typer
from qingyuan_local.postgres import binary
from qingyuan_runtime.topology import FOLLOWERS, WITH_DATABASE, WITH_LOG

from qingyuan_cli.base import console, fail, plan_of, service_command, state
from qingyuan_cli.keys import ACTIONS, OWNERS, act

commands = typer.Typer()


def _service_of(model: str) -> str:
    if model not in FOLLOWERS:
        raise fail(f"没有 {model}；可选：{'、'.join(FOLLOWERS)}。")
    return FOLLOWERS[model]


def _each_log(command: str) -> typer.Exit:
    """Run a command of every service with a log. The exit code is the greatest of theirs."""
    codes = [service_command(service, command).exit_code for service in WITH_LOG]
    return typer.Exit(max(codes))


@commands.command()
def rebuild(
    model: Annotated[
        str,
        typer.Argument(help="、".join(FOLLOWERS)),
    ] = "register",
    accept_differences: Annotated[bool, typer.Option(help="与现有读模型不同也切换")] = False,
) -> None:
    """按事件库重建读模型（比对后切换）或补齐反应和定时。例：qingyuan rebuild register"""
    extra = ["--accept-differences"] if accept_differences else []
    raise service_command(_service_of(model), "rebuild", model, *extra)


@commands.command("dead-letters")
def dead_letters(
    action: Annotated[str, typer.Argument(help="list、show、retry 或 release")] = "list",
    stream: Annotated[str, typer.Argument(help="流，例如 instrument-…")] = "",
    model: Annotated[str, typer.Option(help="谁搁置的，例如 register、work、reaction")] = "register",
) -> None:
    """查看和处理被搁置的流。例：qingyuan dead-letters retry visit-… --model work"""
    arguments = [model, action, *([stream] if stream else [])]
    raise service_command(_service_of(model), "dead-letters", *arguments)


@commands.command()
def audit() -> None:
    """独立核对全部主题：每条消息须与事件库一致，每个流的版本须连续。例：qingyuan audit"""
    raise _each_log("audit")


@commands.command()
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


@commands.command()
def restored(
    service: Annotated[str, typer.Argument(help="、".join(WITH_LOG) + "；不写则全部")] = "",
) -> None:
    """数据库备份恢复之后运行一次，见 docs/operations/restore.md。例：qingyuan restored tasks"""
    from qingyuan_runtime.publishing.epochs import followed_epoch

    if service and service not in WITH_LOG:
        raise fail(f"没有 {service}；可选：{'、'.join(WITH_LOG)}。")
    plan = plan_of(state())
    asyncio.run(plan.databases.make())  # dumps do not include rights on databases
    for log in [service] if service else WITH_LOG:
        followed = asyncio.run(
            followed_epoch([plan.databases.app(other) for other in WITH_DATABASE], f"qingyuan.{log}")
        )
        if code := service_command(log, "restored", str(followed), as_owner=True).exit_code:
            raise typer.Exit(code)
    migrations = [(name, plan.migration(name)) for name in WITH_DATABASE]
    result = subprocess.run(
        [sys.executable, "-m", "qingyuan_local.migrations"],
        input=json.dumps(migrations),
        text=True,
        check=False,
    )
    raise typer.Exit(result.returncode)


@commands.command("database-env")
def database_env() -> None:
    """打印连接本地数据库所需的环境变量。例：eval "$(qingyuan database-env)" """
    address = urlsplit(plan_of(state()).databases.admin_url)
    programs = Path(binary("psql")).parent
    values = {
        "PGHOST": address.hostname,
        "PGPORT": address.port,
        "PGUSER": address.username,
        "PGPASSWORD": address.password,
    }
    for name, value in values.items():
        typer.echo(f"export {name}={shlex.quote(str(value))}")
    typer.echo(f'export PATH={shlex.quote(str(programs))}:"$PATH"')


@commands.command(
    context_settings={"allow_extra_args": True, "ignore_unknown_options": True}, add_help_option=False
)
def user(context: typer.Context) -> None:
    """管理账户，密码从标准输入读取。例：qingyuan user add zhang --label 张三 --kind administrator"""
    if context.args in ([], ["--help"]):
        typer.echo(context.get_help())
    # Its own help does not need a running system, nor a database.
    if not context.args or "--help" in context.args:
        asked = [sys.executable, "-m", "accounts", "user", *context.args, "--help"]
        raise typer.Exit(subprocess.run(asked, check=False).returncode)
    raise service_command("accounts", "user", *context.args)
