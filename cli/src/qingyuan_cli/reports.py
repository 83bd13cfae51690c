"""Checks a report and compares rule catalogues: what `python -m qingyuan_standards` does without the rest of the system."""

from pathlib import Path
from typing import Annotated

import typer
from qingyuan_standards.rules.command import Outcome, checked, compared, writable

commands = typer.Typer()
standards = typer.Typer(no_args_is_help=True, help="规则目录。例：qingyuan standards diff 2026.1 2026.2")
commands.add_typer(standards, name="standards")


@commands.command()
def check(
    report: Annotated[Path, typer.Argument(help="报告文件 report.json")],
    as_json: Annotated[bool, typer.Option("--json", help="输出 JSON")] = False,
) -> None:
    """按规则目录检查一份比对或校验报告，不需要系统在运行。例：qingyuan check report.json --json"""
    raise _told(checked(report, as_json=as_json))


@standards.command("diff")
def diff(
    old: Annotated[str, typer.Argument(help="旧目录：版本或文件夹")],
    new: Annotated[str, typer.Argument(help="新目录：版本或文件夹")],
) -> None:
    """列出两个规则目录之间新增、删除和改动的规则。例：qingyuan standards diff 2026.1 2026.2"""
    raise _told(compared(old, new))


def _told(outcome: Outcome) -> typer.Exit:
    status, text = outcome
    typer.echo(writable(text), nl=False)
    return typer.Exit(status)
