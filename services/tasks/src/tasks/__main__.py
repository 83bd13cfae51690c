"""`python -m tasks api | relay | project places | worker | auditor | all | migrate | audit | restored | rebuild … | dead-letters …`"""

import asyncio
import sys

from qingyuan_runtime.health import health
from qingyuan_runtime.operating import operate
from qingyuan_runtime.process import run

from tasks import main
from tasks.settings import TasksSettings


def start(role: str = "all", *rest: str) -> None:
    settings = TasksSettings()
    match role, rest:
        case "migrate", ():
            main.migrate(settings)
        case "audit", ():
            sys.exit(main.log_of(settings).audit())
        case "restored", _:
            main.log_of(settings).restored(*map(int, rest))
        case "rebuild" | "dead-letters", _:
            sys.exit(asyncio.run(operate(main.kept(settings), role, *rest)))
        case _:
            run(main.roles(settings), chosen=" ".join((role, *rest)), beside=health(settings))


if __name__ == "__main__":
    start(*sys.argv[1:])
