"""`qingyuan status`: the running processes, their memory use, and delays and backlogs."""

import json
from dataclasses import dataclass
from pathlib import Path

import psutil
from qingyuan_local.state import Running, read_running
from qingyuan_runtime.edge.fetching import NoResponse, fetch
from qingyuan_runtime.topology import NAMES, entry_of
from rich.console import Console
from rich.markup import escape
from rich.table import Table

SHOWN = {
    "qingyuan_relay_lag_seconds": "发布延迟 {:.2f} 秒",
    "qingyuan_relay_horizon_age_seconds": "最老事务 {:.1f} 秒",
    "qingyuan_projection_lag_events": "视图积压 {:.0f} 条",
    "qingyuan_dead_letters": "搁置 {:.0f} 条",
    "qingyuan_follower_parked": "停放 {:.0f} 个",
    "qingyuan_audit_faults_total": "核对异常 {:.0f}",
}
ROLE_OF_METRICS = {"qingyuan_relay": "relay", "qingyuan_audit": "auditor"}
"""The role that sets the metrics with a prefix. All processes export them; they are shown for those with the role only."""
DEGRADED = "degraded: "


@dataclass(frozen=True)
class Line:
    name: str
    up: bool
    pid: int
    version: str
    memory_mb: float
    restarts: int
    figures: dict[str, float]
    troubles: list[str]


def show_status(console: Console, folder: Path, *, as_json: bool) -> int:
    """Print the state of every process; 0 when all are up, 1 otherwise."""
    running = read_running(folder)
    names = {process.name for process in running[1]} if running else set()
    lines = [_line(process, names) for process in running[1]] if running else []
    if as_json:
        print(json.dumps([vars(line) for line in lines], ensure_ascii=False))  # noqa: T201
    elif not lines:
        console.print("系统正在启动。" if running else "系统没有在运行。")
    else:
        console.print(_table(lines))
        for line in lines:
            for trouble in line.troubles:
                console.print(f"[yellow]{line.name} 降级[/yellow]：{escape(trouble)}", soft_wrap=True)
    return 0 if lines and all(line.up for line in lines) else 1


def _line(process: Running, names: set[str]) -> Line:
    try:
        memory = psutil.Process(process.pid).memory_info().rss / 1e6
    except psutil.NoSuchProcess:
        return Line(process.name, False, process.pid, process.version, 0, process.restarts, {}, [])
    if process.name.startswith(("postgres", "kafka")):
        return Line(process.name, True, process.pid, process.version, memory, process.restarts, {}, [])
    figures = figures_of(process.name, _response(process, "/metrics"), names)
    troubles = troubles_of(_response(process, "/readyz"))
    return Line(process.name, True, process.pid, process.version, memory, process.restarts, figures, troubles)


def _response(process: Running, path: str) -> str:
    """The process's response; empty metrics, or a degraded state, if it does not respond."""
    try:
        return fetch(f"http://127.0.0.1:{process.port}{path}", seconds=5).content.decode()
    except NoResponse as error:
        return "" if path == "/metrics" else f"{DEGRADED}/readyz: {error}"


def troubles_of(ready: str) -> list[str]:
    """The degraded roles, each with its reason and since when."""
    if ready.startswith(DEGRADED):
        return ready.removeprefix(DEGRADED).split("; ")
    return [] if ready == "ok" else [ready]


def figures_of(process: str, text: str, names: set[str]) -> dict[str, float]:
    """The metrics of one process that are shown, added up over their labels."""
    figures: dict[str, float] = {}
    for row in text.splitlines():
        name = row.partition("{")[0].partition(" ")[0]
        if name in SHOWN and _has_role_of(process, name, names):
            figures[name] = figures.get(name, 0) + float(row.rpartition(" ")[2])
    return figures


def _has_role_of(process: str, metric: str, names: set[str]) -> bool:
    """Whether the process has the metric's role: as its only role, or with all other roles of its service."""
    for prefix, role in ROLE_OF_METRICS.items():
        if metric.startswith(prefix):
            return process.endswith(f"-{role}") or (
                process in NAMES and role in entry_of(process).processes and f"{process}-{role}" not in names
            )
    return True


def _table(lines: list[Line]) -> Table:
    table = Table("进程", "状态", "PID", "版本", "内存 MB", "重启", box=None, header_style="bold")
    table.add_column("积压", overflow="fold")
    for line in lines:
        state = "[yellow]降级[/yellow]" if line.troubles else "[green]运行[/green]"
        state = state if line.up else "[red]停止[/red]"
        figures = "  ".join(SHOWN[name].format(value) for name, value in line.figures.items())
        table.add_row(
            line.name,
            state,
            str(line.pid),
            line.version,
            f"{line.memory_mb:.0f}",
            str(line.restarts),
            figures,
        )
    return table
