"""`python -m tasks api | relay | project places | auditor | all | migrate | audit | restored | rebuild … | dead-letters …`"""

import asyncio
import sys

from qingyuan_runtime.health import health
from qingyuan_runtime.process import run, spare_the_collector

from tasks import main, operating
from tasks.settings import TasksSettings


def start(role: str = "all", *rest: str) -> None:
    settings = TasksSettings()
    match role, rest:
        case "migrate", ():
            main.migrate(settings)
        case "audit", ():
            sys.exit(main.log_of(settings).audit())
        case "restored", ():
            main.log_of(settings).restored()
        case "rebuild", ("places", *more):
            spare_the_collector()
            accept = "--accept-differences" in more
            sys.exit(asyncio.run(operating.rebuild(settings, accept_differences=accept)))
        case "dead-letters", ("places", *more):
            command, stream = (*more, None, None)[:2]
            sys.exit(asyncio.run(operating.letters(settings, command or "list", stream)))
        case _:
            run(main.roles(settings), chosen=" ".join((role, *rest)), beside=health(settings))


if __name__ == "__main__":
    start(*sys.argv[1:])
