"""`qingyuan status`: what runs, how much it takes, and how far behind anything is."""

import json
import urllib.request
from dataclasses import dataclass
from pathlib import Path

import psutil
from qingyuan_local.state import Running, read_running
from rich.console import Console
from rich.table import Table

SHOWN = {
    "qingyuan_relay_lag_seconds": "发布延迟 {:.2f} 秒",
    "qingyuan_relay_horizon_age_seconds": "最老事务 {:.1f} 秒",
    "qingyuan_projection_lag_events": "视图积压 {:.0f} 条",
    "qingyuan_dead_letters": "搁置 {:.0f} 条",
    "qingyuan_audit_faults_total": "核对异常 {:.0f}",
}
# Every process has every metric; only the one that does the work has figures worth showing.
WORKERS = {"qingyuan_relay": "registry-relay", "qingyuan_audit": "registry-auditor"}


@dataclass(frozen=True)
class Line:
    name: str
    up: bool
    pid: int
    version: str
    memory_mb: float
    restarts: int
    figures: dict[str, float]


def show_status(console: Console, folder: Path, *, as_json: bool) -> int:
    """Print the state of every process; 0 when all are up, 1 otherwise."""
    found = read_running(folder)
    names = {one.name for one in found[1]} if found else set()
    lines = [_line(one, names) for one in found[1]] if found else []
    if as_json:
        print(json.dumps([vars(line) for line in lines], ensure_ascii=False))  # noqa: T201
    elif not lines:
        console.print("系统正在启动。" if found else "系统没有在运行。")
    else:
        console.print(_table(lines))
    return 0 if lines and all(line.up for line in lines) else 1


def _line(one: Running, names: set[str]) -> Line:
    try:
        memory = psutil.Process(one.pid).memory_info().rss / 1e6
    except psutil.NoSuchProcess:
        return Line(one.name, False, one.pid, one.version, 0, one.restarts, {})
    return Line(one.name, True, one.pid, one.version, memory, one.restarts, _figures(one, names))


def _figures(one: Running, names: set[str]) -> dict[str, float]:
    """The process's own metrics; servers that are not ours have none."""
    if one.name.startswith(("postgres", "kafka")):
        return {}
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{one.port}/metrics", timeout=3) as answer:
            text = answer.read().decode()
    except OSError:
        return {}
    found: dict[str, float] = {}
    for row in text.splitlines():
        name = row.partition("{")[0].partition(" ")[0]
        if name in SHOWN and _does(one.name, name, names):
            found[name] = found.get(name, 0) + float(row.rpartition(" ")[2])
    return found


def _does(process: str, metric: str, names: set[str]) -> bool:
    for prefix, worker in WORKERS.items():
        if metric.startswith(prefix):
            return process == (worker if worker in names else "registry")
    return True


def _table(lines: list[Line]) -> Table:
    table = Table("进程", "状态", "PID", "版本", "内存 MB", "重启", "积压", box=None, header_style="bold")
    for line in lines:
        state = "[green]运行[/green]" if line.up else "[red]停止[/red]"
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
