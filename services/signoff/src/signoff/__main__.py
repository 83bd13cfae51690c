"""`python -m signoff api | relay | worker | auditor | all | migrate | audit | restored | rebuild … | dead-letters …`"""

import asyncio
import sys

from qingyuan_runtime.health import health
from qingyuan_runtime.operating import operate
from qingyuan_runtime.process import run

from signoff import main
from signoff.settings import SignoffSettings


def start(role: str = "all", *rest: str) -> None:
    settings = SignoffSettings()
    match role:
        case "migrate":
            main.migrate(settings)
        case "audit":
            sys.exit(main.log_of(settings).audit())
        case "restored":
            main.log_of(settings).restored(*map(int, rest))
        case "rebuild" | "dead-letters":
            sys.exit(asyncio.run(operate(main.kept(settings), role, *rest)))
        case _:
            run(main.roles(settings), chosen=role, beside=health(settings))


if __name__ == "__main__":
    start(*sys.argv[1:])
