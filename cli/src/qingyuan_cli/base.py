"""Shared by all commands of `qingyuan`: the application, its output, and the system of this checkout."""

import os
import subprocess
import sys
import time

import typer
from qingyuan_local import setup
from qingyuan_local.databases import Databases
from qingyuan_local.postgres import Postgres
from qingyuan_local.processes import Plan
from qingyuan_local.state import State
from rich.console import Console

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


def plan_of(system: State) -> Plan:
    """The plan of a running system, whose addresses follow from the stored ports."""
    url = (
        os.environ.get("DATABASE_URL") or Postgres(system.folder / "postgres", system.port("postgres")).url()
    )
    brokers = [
        f"127.0.0.1:{system.port(name)}" for name in ("kafka-1", "kafka-2", "kafka-3") if name in system.ports
    ]
    bootstrap = os.environ.get("KAFKA_BOOTSTRAP") or ",".join(brokers)
    return Plan(system, Databases(url, system), bootstrap, split=False, extra={})


def service_command(service: str, *arguments: str, as_owner: bool = False) -> typer.Exit:
    plan = plan_of(state())
    env = {**os.environ, **(plan.migration(service) if as_owner else plan.env(service))}
    result = subprocess.run([sys.executable, "-m", service, *arguments], env=env, check=False)
    return typer.Exit(result.returncode)
