"""`python -m bench [name …]`: each benchmark prints JSON lines: what, method, n, p50/p95/p99, rate, ratio."""

import asyncio
import sys

import uvloop
from qingyuan_runtime.process.running import tune_garbage_collector

from bench import (
    append,
    board,
    filings,
    http_command,
    log_in,
    messages,
    million,
    pipeline,
    queries,
    reminders,
    report_check,
    working_day,
)
from bench.servers import Servers

ALL = {
    "append": append.run,
    "pipeline": pipeline.run,
    "queries": queries.run,
    "board": board.run,
    "filings": filings.run,
    "http": http_command.run,
    "log-in": log_in.run,
    "day": working_day.run,
    "messages": messages.run,
    "reminders": reminders.run,
    "reports": report_check.run,
    "million": million.run,
}


def main() -> None:
    tune_garbage_collector()
    wanted = sys.argv[1:] or list(ALL)
    with Servers() as servers:
        for name in wanted:
            with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
                runner.run(ALL[name](servers))


main()
